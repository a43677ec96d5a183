"""Every question that docs/fields.md names, asked; and the values of every field."""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts.pages import TOP, fill_workbook, run_command

# The shipped plan has neither deadlines nor tasks with several clauses.
OF_ANOTHER_PLAN = (
    "plancli task 5 --plan dated.yaml",
    "plancli agency 县住房城乡建设局 --plan dated.yaml",
)
ARTICLE = """青石县{year}年政府工作要点

1.建设茶产业园{stage}。（县农业农村局牵头，县水利局配合）
2.改造老旧小区8个。（县住房城乡建设局牵头）
"""
FILLED = [["序号", "进展情况", "完成状态", "完成时限", "存在问题", "联系人"],
          ["41", "安徽段已开工", "推进中", "2022年9月底", "跨省协调尚未完成", "张三"]]  # fmt: skip


def stage(folder: Path) -> None:
    """Put into *folder* the plans, sheets and progress that the questions are about."""
    for year, part in ((2024, "一期"), (2025, "二期")):
        (folder / f"{year}.txt").write_text(ARTICLE.format(year=year, stage=part), "utf-8")
        assert run_command(f"plancli import {year}.txt -o {year}.yaml")[0] == 0
    right = (folder / "2025.yaml").read_text("utf-8")
    (folder / "wrong.yaml").write_text(right.replace("小区8个", "小区9个"), "utf-8")
    dated = shlex.quote(str(TOP / "docs/example/yunxi-2024.txt"))
    assert run_command(f"plancli import {dated} -o dated.yaml")[0] == 0
    assert run_command("plancli pack sheets")[0] == 0
    fill_workbook(folder / "sheets" / "省能源局.xlsx", FILLED)
    assert run_command("plancli collect sheets -o progress.yaml")[0] == 0


def asked(command: str) -> list[dict[str, Any]]:
    """Return the rows that *command* gives as JSON."""
    run_command(f"{command} -f json > answer.json")
    with open("answer.json", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)
    return rows


def spoken(value: Any) -> str:
    """Return the type of *value* in words."""
    if isinstance(value, list):
        return "list of text"
    if isinstance(value, bool):
        return "yes or no"
    return "number" if isinstance(value, int | float) else "text"


def values(answers: Iterable[list[dict[str, Any]]]) -> dict[tuple[str, str], set[str]]:
    """Return, for each field and type, how its values are written."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in (row for rows in answers for row in rows):
        for field, value in row.items():
            if value is not None:
                said = "；".join(value) if isinstance(value, list) else str(value)
                found[field, spoken(value)].add(said.lower() if isinstance(value, bool) else said)
    return found
