"""A clause of a heading, wherever it stands: no task below is lost, and each knows who acts, or is marked."""

from itertools import product

import pytest

from plancli import importing
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io

KNOWN = registry_io.load_default_registry()
HEADS = {
    "一、": ("一、教育提升", "二、民生改善"),
    "（一）": ("一、总体任务\n（一）教育提升", "（二）民生改善"),
    "none": ("教育提升", "民生改善"),
    "第一部分": ("第一部分 教育提升", "第二部分 民生改善"),
}
CLAUSES = {  # behind the heading, {} is the agency
    "none": "",
    "bracket": "（{}牵头）",
    "label in a bracket": "（责任单位：{}）",
    "line": "\n责任单位：{}",
    "bracket on a line": "\n（{}负责）",
    "two lines": "\n牵头单位：{}\n配合单位：市审计局",
}
NUMBERS = (("1.", "2.", "3."), ("1、", "2、", "3、"), ("（1）", "（2）", "（3）"), ("①", "②", "③"))
WITH_CLAUSE = {"all": (0, 1, 2), "none": (), "last": (2,), "first": (0,)}  # tasks with their own
PARTS = (
    (("新建学校6所。", "市住建局"), ("改造校舍12栋。", "市城管局"), ("培训教师百名。", "市人社局")),
    (
        ("修建道路三条。", "市交通局"),
        ("改造老旧小区。", "市财政局"),
        ("新增床位千张。", "市民政局"),
    ),
)
ACTING = ("市教育局", "市卫生健康委")


def build_document(head, place, numbers, own):
    """Return the text, and the agencies that each task must have."""
    text, wanted = "云溪市2026年工作要点\n\n", {}
    for n, (tasks, agency) in enumerate(zip(PARTS, ACTING, strict=True)):
        text += HEADS[head][n] + CLAUSES[place].format(agency) + "\n"
        above = {agency} if CLAUSES[place] else set()
        for m, (words, name) in enumerate(tasks):
            has_own = m in WITH_CLAUSE[own]
            text += numbers[m] + words + f"（{name}负责）" * has_own + "\n"
            wanted[words] = {name} if has_own else above
    return text, wanted


@pytest.mark.slow
@pytest.mark.parametrize("place", CLAUSES)
@pytest.mark.parametrize("head", HEADS)
def test_no_task_below_a_heading_is_lost_in_silence(head, place):
    for numbers, own in product(NUMBERS, WITH_CLAUSE):
        if place == own == "none":
            continue
        check(*build_document(head, place, numbers, own))


@pytest.mark.parametrize("own", WITH_CLAUSE)
def test_a_clause_on_a_line_below_a_heading_holds_for_the_tasks(own):
    for numbers in (NUMBERS[0], NUMBERS[2]):
        check(*build_document("一、", "line", numbers, own))


def check(text, wanted):
    draft = importing.import_document(text.encode(), "要点.txt", KNOWN)
    if summary.select_doubtful(draft):
        return
    read = [
        (entry.task.text, {name for group in entry.task.duties for name in group.names})
        for entry in iter_tasks(draft.plan)
    ]
    assert all(words != "—" for words, _names in read), text
    for words, names in wanted.items():
        assert any(words in task and names <= named for task, named in read), (words, text)
