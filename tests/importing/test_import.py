"""Nothing of a source is lost or guessed: the seed, its mutations, formats, and any text at all."""

import csv
import io
import json
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plancli import checks, importing
from plancli.errors import BadPlan
from plancli.importing import batch, readers
from plancli.importing.parsing import numbering
from plancli.importing.parsing.coverage import BLANK_CHARS, UNREAD
from plancli.importing.reporting import summary
from plancli.plan import io as plan_io
from plancli.plan.model import LeadReason, iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role
from plancli.system import files

ARTICLE = (files.DATA_DIR / "sources" / "anhui-yrd-2022.txt").read_text("utf-8")
FURNITURE = "中文 English\n世界轨道交通资讯网\n2022-04-29 来源:铁路建设规划\n"
PAGE = f"{FURNITURE}{ARTICLE}\n相关文章\n市场周刊\n封面人物\n铁路建设规划\n{ARTICLE}"
LINES = ARTICLE.splitlines()
TASKS = [n for n, line in enumerate(LINES) if line.split("、")[0].isdigit()]


@pytest.fixture(scope="module")
def read():
    known = registry_io.load_default_registry()
    return lambda text, name="plan.txt": importing.import_document(
        text if isinstance(text, bytes) else text.encode(), name, known
    )


def tasks(draft):
    return [entry.task for entry in iter_tasks(draft.plan)]


def test_the_seed_is_read_as_it_was_encoded_by_hand(read, plan):
    for text in (ARTICLE, PAGE):
        draft = read(text)
        by_hand = [entry.task for entry in iter_tasks(plan)]
        assert [(t.no, t.text, t.clause, t.duties, t.regions) for t in tasks(draft)] == [
            (t.no, t.text, t.clause, t.duties, t.regions) for t in by_hand
        ]
        assert draft.plan.title == plan.title
        assert draft.plan.preamble == plan.preamble
        headings = [(each.no, each.title, each.paragraphs, each.annex) for each in plan.lists]
        assert [(e.no, e.title, e.paragraphs, e.annex) for e in draft.plan.lists] == headings
        assert summary.select_doubtful(draft) == []
        assert draft.coverage.count_characters()[UNREAD] == 0


@pytest.mark.slow
@pytest.mark.parametrize("text", ["article", "page"])
@pytest.mark.parametrize("change", ["drop", "swap", "double"])
def test_every_change_of_a_task_line_is_reported(read, text, change):
    for n, (at, following) in enumerate(zip(TASKS, [*TASKS[1:], TASKS[0]], strict=True)):
        lines = list(LINES)
        if change == "drop":
            if text == "article" and n == len(TASKS) - 1:
                continue  # the last line of one copy alone: nothing in the text tells of it
            del lines[at]
        elif change == "swap":
            lines[at], lines[following] = lines[following], lines[at]
        else:
            lines.insert(at, lines[at])
        changed = "\n".join(lines)
        draft = read(changed if text == "article" else PAGE.replace(ARTICLE, changed + "\n", 1))
        assert summary.select_doubtful(draft), (change, LINES[at])
        assert draft.plan.review


MARKS = (
    "一、 （一） (二) 1. 2、 3． （1） ① 第一条 一是 二是 １． 1.1 任务一："
    " 牵头单位： 责任单位: 完成时限： 分管领导：".split()
)
WORDS = (
    "推进建设 省科技厅 省财政厅、教育厅 甲市、乙市人民政府 各市、县（市、区）人民政府"
    " 有关部门 等 牵头 按职责分工负责 配合 会同 负责 （ ） ( ) 〔 〕 【 】 [ ] 。 ； ， 、 :"
    " \n \r\n \t \f \v \x00 \ud800 \u200b \u3000 — 3 — 排在第一位的为牵头部门 下同"
    " 6月底前完成 及 和 2022年 工作要点 附件 目录 =1+1 <b> | --- |"
).split(" ")
PIECES = st.lists(st.sampled_from([*MARKS, *WORDS, "\n", "\n"]) | st.text(max_size=4), max_size=60)


@given(PIECES.map("".join))
@example("1、甲（（（（乙牵头\n2、丙）））（丁负责")
@example("（一）\n（一）\n1.\n\n①②③")
@example("一、一、\t工作要点\n1.\t建设\t甲。（乙局\t牵头）")
def test_any_text_is_accounted_for_to_the_last_character(text):
    known = registry_io.load_default_registry()
    raw = text.encode("utf-8", "surrogatepass")
    draft = importing.import_document(raw, "any.txt", known)
    stretches = list(draft.coverage.iter_spans())
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    covered = {at for each in stretches for at in range(each.start, each.end)}
    seen = {at for at, char in enumerate(draft.source_text.text) if char not in BLANK_CHARS}
    assert seen <= covered
    assert sum(draft.coverage.count_characters().values()) == len(seen)
    assert draft.coverage.count_characters()[UNREAD] == 0
    written = plan_io.encode_file(draft.plan)
    again = importing.import_document(raw, "any.txt", known)
    assert plan_io.encode_file(again.plan) == written
    assert plan_io.parse_plan(written, "any.yaml", known) == draft.plan
    assert "" not in [task.text for task in tasks(draft)]


@given(PIECES.map("".join))
def test_what_the_plan_says_is_what_the_source_says(text):
    """The characters that became text of tasks are the texts of the plan, in order."""
    known = registry_io.load_default_registry()
    draft = importing.import_document(text.encode("utf-8", "surrogatepass"), "any.txt", known)
    page = draft.source_text.text
    went = [
        page[each.start : each.end] for each in draft.coverage.iter_spans() if each.kind == "task"
    ]
    there = [task.text for task in tasks(draft) if task.text != "—"]
    assert sorted("".join("".join(went).split())) == sorted("".join("".join(there).split()))


BREAKS = ["\n", "\n\n", "\r\n", "\v", "\x85", "\u2028", "\x1c", "\f"]
SAID = (
    "序号 工作任务 责任单位 牵头单位 完成时限 备注 1 2 一 一、 （一） 1．推进 一、重点 任务 保障措施 注： 附件："
    " 某省2024年工作要点 推进建设。 省科技厅 省财政厅、教育厅 （省科技厅牵头） 完成时限：6月 底前 分管领导：张三"
    " 目录 牵头 负责 等 排在第一位的为牵头部门 ~ null - : # | <b> ** \u200b \ufeff \u202e a b"
).split(" ")
SPACES = ["", " ", "\u3000", "\xa0"]
CELLS = st.lists(st.sampled_from([*SAID, *BREAKS, *BREAKS, *SPACES]), max_size=4).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=3)
HEADINGS = st.sampled_from(
    [
        ["序号", "工作任务", "责任单位"],
        ["工作\n任务", "牵头单位", "完成时限"],
        ["任务", "分工", "备注"],
        [],
    ]
)


def as_csv(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def as_html(rows):
    lines = ("".join(f"<td>{'<br>'.join(cell.splitlines())}" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}' for line in lines)}</table>".encode("utf-8", "replace")


def as_markdown(rows):
    cells = [["<br>".join(cell.split("\n")).replace("|", "") for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([*lines[:1], "|---|---|---|", *lines[1:]]).encode("utf-8", "replace")


def as_json(rows):
    return json.dumps(rows).encode()


def in_xml(cell):
    return "".join(char for char in cell if char in "\n\x85" or char.isprintable())


def as_excel(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(map(in_xml, row)))
    if rows and len(rows[0]) == 1:
        book.active.merge_cells("A1:C1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_word(rows):
    document = docx.Document()
    table = document.add_table(len(rows), max(map(len, rows), default=1))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, said in zip(row.cells, map(in_xml, words), strict=False):
            cell.text = said
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


WRITERS = {
    "csv": as_csv, "html": as_html, "md": as_markdown, "json": as_json, "xlsx": as_excel, "docx": as_word,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("suffix", WRITERS)
def test_what_import_takes_of_a_table_plancli_opens(suffix, known):
    """Breaks within cells, rows of nothing, notes around a table: none gives a plan that is none."""

    @settings(deadline=None, max_examples=25 if suffix in ("xlsx", "docx") else 80)
    @given(before=ROWS, head=HEADINGS, tasks=ROWS, behind=ROWS)
    @example(
        [["一、重点\n任务"]], ["序号", "工作任务", "责任单位"], [["1", "推进", "省科技厅"]], []
    )
    @example(
        [["\n"], ["一、重点\n任务"]], ["任务", "分工", ""], [["推进", "省科技厅", ""]], [["\n"]]
    )
    @example([], ["任务", "分工", "备注"], [["推进", "省科技厅", ""]], [["\n保障措施", "", ""]])
    def holds(before, head, tasks, behind):
        rows = [*before, *([head] if head else []), *tasks, *behind]
        name = f"a.{suffix}"
        try:
            data = WRITERS[suffix](rows)
            draft = importing.import_document(data, name, known)
        except BadPlan:
            return  # it says what is wrong
        plan = batch.finalize_plan(draft, data, name)
        raw = batch.dump_plan(plan)
        batch.check_plan_file(raw, plan, Path(name), known)
        rules = checks.check_plans(known, [(Path("a.yaml"), raw)]).column("rule")
        assert checks.UNREADABLE_RULE not in rules
        assert draft.coverage.count_characters()[UNREAD] == 0

    holds()


@given(st.lists(CELLS, max_size=6).map("".join))
@example("工作要点 1．推进安[局按职责分工负责关市）' 4、加强28项。（省部门a-） 1．推进建")
@example("某省2024年工作要点 一、重点任务 1．推进。（省科技厅牵头）")
def test_what_import_takes_of_a_line_plancli_opens(known, text):
    data = text.encode("utf-8", "replace")
    plan = batch.finalize_plan(importing.import_document(data, "a.txt", known), data, "a.txt")
    batch.check_plan_file(batch.dump_plan(plan), plan, Path("a.txt"), known)


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "html", "csv"])
def test_lines_of_a_heading_are_one_heading(suffix, read):
    rows = [
        ["一、重点\n任务"],
        ["序号", "工作任务", "责任单位"],
        ["1", "推进\n建设", "省科技厅\n省财政厅"],
    ]
    draft = read(WRITERS[suffix](rows), f"a.{suffix}")
    assert [each.title for each in draft.plan.lists] == ["重点任务"]
    assert [(t.text, t.clause) for t in tasks(draft)] == [
        ("推进建设", "责任单位：省科技厅、省财政厅")
    ]


@pytest.mark.parametrize(
    "wrong", [{"title": "重点\v任务"}, {"preamble": ("",)}, {"year": 10**20}, {"title": "\u2028"}]
)
def test_a_plan_that_could_not_be_opened_is_not_written(plan, known, wrong):
    unlike = replace(plan, **wrong)
    with pytest.raises(BadPlan, match=r"in\.txt: nothing was written.*could not open") as told:
        batch.check_plan_file(batch.dump_plan(unlike), unlike, Path("in.txt"), known)
    assert told.value.hint
    batch.check_plan_file(batch.dump_plan(plan), plan, Path("in.txt"), known)


@pytest.mark.parametrize("year", ["-5", "0", "22", "1948", "2101", "99999999999999999999"])
def test_a_year_is_one_that_a_plan_may_be_for(run, tmp_path, year):
    (tmp_path / "in.txt").write_text(SMALL, "utf-8")
    target = tmp_path / "out.yaml"
    code, _out, err = run("import", str(tmp_path / "in.txt"), f"--year={year}", "-o", str(target))
    assert (code, "from 1949 to 2100" in err, "hint:" in err) == (2, True, True)
    assert not target.exists()
    assert run("import", str(tmp_path / "in.txt"), "--year", "1949", "-o", str(target))[0] == 0
    assert run("list", "--plan", str(target))[0] == 0


def test_what_is_no_plan_gives_none_and_says_so(run, tmp_path):
    for name, text in (
        ("news.txt", "我市召开会议\n省科技厅牵头的工作受到好评。\n1、做饭。\n2、洗碗。\n"),
        ("poem.txt", "床前明月光\n疑是地上霜\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        code, out, err = run("import", str(tmp_path / name))
        assert (code, "no task was found" in err) == (0, True)
        assert "lists: []" in out
        assert run("import", str(tmp_path / name), "--strict")[0] == 4


SMALL = """某县2030年工作要点
一、重点任务
1、推进甲事。（县发展改革委牵头，县财政局、教育局等按职责分工负责）
2、推进乙事，共3个（试行）。
"""


def test_an_id_that_is_none_is_told(run, tmp_path):
    (tmp_path / "in.txt").write_text("一、总体要求\n", "utf-8")
    code, out, err = run("import", str(tmp_path / "in.txt"), "--id", "浙江省")
    assert (code, out) == (2, "")
    assert "hint: for example: --id" in err


def test_importing_twice_gives_the_same_bytes_and_a_plan_that_answers(run, tmp_path):
    (tmp_path / "in.txt").write_text(SMALL, "utf-8")
    target = tmp_path / "plan.yaml"
    argv = ["import", str(tmp_path / "in.txt"), "-o", str(target)]
    assert run(*argv)[0] == 0
    first = target.read_bytes()
    assert run(*argv)[0] == 0
    assert target.read_bytes() == first
    out = run("export", "-f", "json", "--plan", str(target))[1]
    rows = json.loads(out)
    assert [row["lead"] for row in rows] == [["县发展改革委"], []]
    assert rows[0]["participate"] == ["县财政局", "县教育局"]
    assert rows[0]["open_ended"] is True
    assert rows[1]["text"] == "推进乙事，共3个（试行）。"
    assert run("verify", str(target))[0] == 0


def test_a_plan_that_people_have_edited_is_not_written_over(run, tmp_path):
    (tmp_path / "in.txt").write_text(SMALL, "utf-8")
    target = tmp_path / "plan.yaml"
    argv = ["import", str(tmp_path / "in.txt"), "-o", str(target)]
    run(*argv)
    target.write_text(target.read_text("utf-8").replace("甲事", "丙事"), "utf-8")
    code, _out, err = run(*argv)
    assert (code, "already exists and differs" in err) == (1, True)
    assert "丙事" in target.read_text("utf-8")
    assert run(*argv, "--force")[0] == 0
    assert "甲事" in target.read_text("utf-8")


def test_one_changed_character_names_the_task(run, tmp_path):
    source_file = tmp_path / "in.txt"
    source_file.write_text(SMALL, "utf-8")
    target = tmp_path / "plan.yaml"
    run("import", str(source_file), "-o", str(target))
    for old, new, where in (("乙事", "己事", "2"), ("财政局、", "财務局、", "1")):
        source_file.write_text(SMALL.replace(old, new), "utf-8")
        code, out, _err = run("verify", str(target), "-f", "json")
        found = [(row["rule"], row["where"]) for row in json.loads(out)]
        assert code == 4
        assert found == [("source-changed", ""), ("not-in-source", where)]


def test_a_report_is_the_whole_account(run, tmp_path):
    (tmp_path / "in.txt").write_text(SMALL.replace("2、", "3、"), "utf-8")
    for name in ("report.json", "report.html"):
        argv = ["import", str(tmp_path / "in.txt"), "--dry-run", "--report", str(tmp_path / name)]
        code, out, _err = run(*argv)
        assert (code, out) == (0, "")
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert told["characters"]["coverage"] == 1
    assert [(each["rule"], each["line"], each["no"]) for each in told["findings"]] == [
        ("number-gap", 4, "3")
    ]
    assert told["ellipses"] == [{"printed": "教育局", "whole": "县教育局", "no": "1"}]
    assert told["without_clause"] == ["3"]
    assert "县发展改革委" in told["unknown_bodies"]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "http" not in page
    assert "推进甲事。" in page


def test_markup_in_a_source_stays_text(run, tmp_path):
    (tmp_path / "in.txt").write_text(SMALL.replace("甲事", "<script>&\"'</pre>"), "utf-8")
    run("import", str(tmp_path / "in.txt"), "--dry-run", "--report", str(tmp_path / "r.html"))
    assert '<script>&"' not in (tmp_path / "r.html").read_text("utf-8")


def test_a_missing_package_says_how_to_get_it(run, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "plancli.importing.readers.html", raising=False)
    monkeypatch.delattr(readers, "html", raising=False)
    monkeypatch.setitem(sys.modules, "lxml", None)
    monkeypatch.setitem(sys.modules, "lxml.html", None)
    (tmp_path / "in.html").write_text("<p>1、甲。（乙局负责）</p>", "utf-8")
    code, _out, err = run("import", str(tmp_path / "in.html"))
    assert code == 5
    assert "pip install 'plancli[import]'" in err


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", "this old format cannot be read"),
        ("a.txt", b"SQLite format 3\0", "this is a database"),
        ("a.yaml", b"id: a\nlists: []\n", "this is a plan file"),
        ("a.docx", b"PK\x03\x04", "cannot be read as"),
        ("a.pdf", b"%PDF-1.4 nothing", "cannot be read as pdf"),
        ("a.json", b"[{", "cannot be read as json"),
        ("a.json", b"[" * 100_000, "a.json"),
        ("a.html", b"<div>" * 9000 + "1、甲。（县教育局负责）".encode(), "nested too deeply"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(run, tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    code, out, err = run("import", str(tmp_path / name))
    assert (code, out) == (4, "")
    assert says in err
    assert run("import", str(tmp_path / "nowhere.txt"))[0] == 1


def test_a_declaration_counts_from_there_on_or_for_its_clause_alone(read):
    def leads(declaration):
        text = (
            f"某县2030年分工方案\n1、甲。（县甲局、县乙局负责）\n2、乙。（县甲局、县乙局负责，{declaration}）\n"
            "3、丙。（县丙局、县丁局负责）\n4、丁。（县丙局牵头，县丁局配合）\n"
        )
        made = tasks(read(text))
        assert made[3].reading is None
        return [task.get_agency_names(Role.LEAD) for task in made], [task.reading for task in made]

    once, on = ("县甲局",), LeadReason.FIRST
    assert leads("排在第一位的为牵头部门")[0] == [(), once, (), ("县丙局",)]
    got, readings = leads("列第一位的为牵头单位，下同")
    assert got == [(), once, ("县丙局",), ("县丙局",)]
    assert readings[2] is on


PARTS = """某县2030年要点
{head}优化环境
1.推进甲事。（县甲局牵头）
2.持续优化环境：
（1）推进乙事。（县乙局牵头）
（2）推进丙事。（县丙局牵头，县甲局配合）
3.推进丁事。（县丁局牵头）
"""


HEADS = (
    "一、",
    "一、提升能级\n（一）",
    "一、提升能级\n（一）建设\n1.推进戊事。（县戊局牵头）\n（二）",
)


@pytest.mark.parametrize("head", HEADS)
def test_parts_of_a_task_that_have_clauses_are_numbered_below_it(run, tmp_path, head):
    (tmp_path / "in.txt").write_text(PARTS.format(head=head), "utf-8")
    plan = str(tmp_path / "plan.yaml")
    assert run("import", str(tmp_path / "in.txt"), "-o", plan, "--strict")[0] == 0
    rows = json.loads(run("export", "-f", "json", "-p", plan)[1])
    assert [row["no"] for row in rows][-4:] == ["1", "2(1)", "2(2)", "3"]
    assert rows[-2]["section"].endswith("持续优化环境")
    assert (rows[-2]["lead"], rows[-2]["participate"]) == (["县丙局"], ["县甲局"])
    assert run("check", plan) == (0, "", "")
    for typed in ("2", "2(1),2(2)", "2（1）、2（2）", "第2项"):
        code, out, _err = run("task", typed, "-f", "json", "-p", plan)
        assert (code, [row["no"] for row in json.loads(out)]) == (0, ["2(1)", "2(2)"])


def test_below_headings_that_are_no_tasks_numbers_stay_as_printed(read):
    text = (
        "某县2030年要点\n一、推进甲事。（县甲局牵头）\n二、重点任务\n"
        "1.推进乙事。（县乙局牵头）\n2.推进丙事。（县丙局牵头）\n"
    )
    assert [task.no for task in tasks(read(text))] == ["一", "1", "2"]


def test_several_clauses_stay_with_their_sentences(read):
    text = (
        "某县2030年要点\n1、甲事。（县甲局牵头）乙事。（县乙局负责）丙事。\n"
        "2、丁事。\n3、戊事。（县丙局负责）\n"
    )
    first, second, third = tasks(read(text))
    assert [(part.text, part.clause) for part in first.parts] == [
        ("甲事。", "县甲局牵头"),
        ("乙事。", "县乙局负责"),
        ("丙事。", ""),
    ]
    assert first.text == "甲事。乙事。丙事。"
    assert (second.clause, second.duties) == ("", ())
    assert third.get_agency_names(Role.PARTICIPATE) == ("县丙局",)


@pytest.mark.parametrize("format", ["json", "csv"])
def test_what_plancli_exports_it_reads_back(run, tmp_path, plan, format):
    """The same words and duties; a file that was once exported is a plan again."""
    file = tmp_path / f"out.{format}"
    assert run("export", "-f", format, "-o", str(file))[0] == 0
    known = registry_io.load_default_registry()
    draft = importing.import_document(file.read_bytes(), file.name, known, "安徽")
    by_hand = [entry.task for entry in iter_tasks(plan)]
    assert [(t.no, t.text, t.clause, t.duties) for t in tasks(draft)] == [
        (t.no, t.text, t.clause, t.duties) for t in by_hand
    ]


def test_standard_input_is_read(run, monkeypatch):
    class Typed:
        buffer = io.BytesIO(SMALL.encode("gb18030"))

    monkeypatch.setattr(sys, "stdin", Typed())
    code, out, _err = run("import", "-")
    assert (code, "推进甲事" in out) == (0, True)


def test_a_clause_of_a_heading_or_of_a_paragraph_without_a_number_is_not_lost(read):
    text = (
        "某县2030年要点\n一、推进甲事\n责任单位：县甲局\n"
        "1、乙。（县乙局负责）\n2、丙。（县丙局负责）\n"
        "二、推进丁事。（县丁局牵头）\n（一）戊。（县戊局负责）\n（二）己。（县己局负责）\n"
    )
    named = [
        (t.no, *(name for group in t.duties for name in group.names)) for t in tasks(read(text))
    ]
    assert named == [
        ("1", "县乙局"), ("2", "县丙局"),
        ("二", "县丁局"), ("一", "县戊局"), ("二", "县己局"),
    ]  # fmt: skip
    assert read(text).plan.lists[0].paragraphs == ("责任单位：县甲局",)
    bare = (
        "某县2030年要点\n为做好工作，制定本要点。\n"
        "推进甲事。（县甲局牵头）\n推进乙事。（县乙局负责）\n"
    )
    draft = read(bare)
    assert [(t.no, t.text) for t in tasks(draft)] == [("1", "推进甲事。"), ("2", "推进乙事。")]
    assert draft.plan.preamble == ("为做好工作，制定本要点。",)


def test_a_document_in_one_line_is_parted_where_its_numbers_are(read):
    joined = read("".join(LINES[3:-2]))
    assert [(t.no, t.clause) for t in tasks(joined)] == [
        (t.no, t.clause) for t in tasks(read(ARTICLE))
    ]


TASK = "{no}推进第{n}批建设，2024年投资3000.5万元、4000万元。（省科技厅牵头）\n"


@pytest.mark.parametrize("form", ["{}．", "{}、", "{}.", "（{}）", "{}）"])
@pytest.mark.parametrize(
    ("first", "last"), [(1, 12), (990, 1012), (1890, 1912), (1998, 2030), (9990, 10012), (1, 1210)]
)
def test_a_number_of_any_length_begins_a_task(read, form, first, last):
    """Also one that could be a year, where it counts on from another."""
    lines = [TASK.format(no=form.format(n), n=n) for n in range(first, last)]
    draft = read("某省2024年工作要点\n一、重点任务\n" + "".join(lines))
    assert [task.no for task in tasks(draft)] == [str(n) for n in range(first, last)]
    assert {task.clause for task in tasks(draft)} == {"省科技厅牵头"}


@pytest.mark.parametrize("form", ["{}、", "（{}）", "第{}条 "])
@pytest.mark.parametrize("last", [12, 125, 1125])
def test_a_number_in_chinese_begins_a_task(read, form, last):
    numbers = [numbering.format_chinese_number(n) for n in range(1, last)]
    lines = [TASK.format(no=form.format(no), n=n) for n, no in enumerate(numbers, 1)]
    draft = read("某省2024年工作要点\n" + "".join(lines))
    assert [task.no for task in tasks(draft)] == numbers
    assert summary.select_doubtful(draft) == []


@pytest.mark.parametrize(
    "line",
    ["2025．全部完成。", "2024．3．1起施行。", "2024、2025年安排资金。", "（2024）是起点。", "3000.5万元、4000万元。", "2025年，全部完成。",
     "1000.5亿元。", "12345.6万元。", "200000．其他。"],
)  # fmt: skip
def test_a_year_or_a_quantity_at_the_head_of_a_line_is_no_task(read, line):
    said = "".join(TASK.format(no=f"{n}．", n=n) for n in (1, 2))
    draft = read(f"某省2024年工作要点\n一、重点任务\n{said}{line}\n{TASK.format(no='3．', n=3)}")
    assert [task.no for task in tasks(draft)] == ["1", "2", "3"]


def test_numbers_in_chinese_are_read_as_they_are_written():
    numbers = range(1, 10_000)
    assert [numbering.parse_number(numbering.format_chinese_number(n)) for n in numbers] == [
        *numbers
    ]
    assert [*map(numbering.format_chinese_number, (10, 12, 20, 101, 110, 1001, 1010, 9999))] == (
        "十 十二 二十 一百零一 一百一十 一千零一 一千零一十 九千九百九十九".split()
    )


def test_word_counts_in_chinese_beyond_ninety_nine(read):
    document = docx.Document()
    for level in document.part.numbering_part.element.iter(qn("w:lvl")):
        level.find(qn("w:numFmt")).set(qn("w:val"), "chineseCountingThousand")
        level.find(qn("w:lvlText")).set(qn("w:val"), "%1、")
    document.add_paragraph("某省2024年工作要点")
    for n in range(1, 112):
        document.add_paragraph(f"推进第{n}批建设。（省科技厅牵头）", style="List Number")
    out = io.BytesIO()
    document.save(out)
    found = [task.no for task in tasks(read(out.getvalue(), "a.docx"))]
    assert found == [numbering.format_chinese_number(n) for n in range(1, 112)]


@pytest.mark.parametrize("space", [" ", "\u3000", "  "])
@pytest.mark.parametrize("rest", ["", " 1．推进甲。（省科技厅牵头）2．推进乙。（省财政厅牵头）"])
def test_a_heading_on_the_line_of_the_title_is_none_of_it(read, space, rest):
    below = "" if rest else "\n1．推进甲。（省科技厅牵头）\n2．推进乙。（省财政厅牵头）"
    draft = read(
        f"某省2024年工作要点{space}一、重点任务{rest}{below}\n二、其他\n3．推进丙。（省科技厅牵头）\n"
    )
    assert (draft.plan.title, draft.plan.year) == ("某省2024年工作要点", 2024)
    assert [(each.no, each.title) for each in draft.plan.lists] == [
        ("一", "重点任务"),
        ("二", "其他"),
    ]
    assert [task.text for task in tasks(draft)] == ["推进甲。", "推进乙。", "推进丙。"]


def test_headings_listed_before_the_plan_are_no_copy_of_it(read):
    text = (
        "某县2030年重点工作任务分工方案\n一、加快推进甲类重点任务建设\n二、加快推进乙类重点任务建设\n"
        "一、加快推进甲类重点任务建设\n1、推进甲事，完成全部建设内容并投入使用。（县甲局负责）\n"
        "2、推进丙事，完成全部建设内容并投入使用。（县丙局负责）\n"
        "二、加快推进乙类重点任务建设\n3、推进乙事，完成全部建设内容并投入使用。（县乙局负责）\n"
    )
    assert [task.no for task in tasks(read(text))] == ["1", "2", "3"]


def test_what_stands_behind_the_clause_is_not_the_task_s(read):
    text = (
        "某县2030年要点\n一、任务\n1、推进甲事，力争完成。（县甲局负责）\n"
        "各有关单位要密切配合，抓好落实。\n2、推进乙事。（县乙局负责）\n"
    )
    draft = read(text)
    assert [task.text for task in tasks(draft)] == ["推进甲事，力争完成。", "推进乙事。"]
    assert draft.plan.lists[0].paragraphs == ("各有关单位要密切配合，抓好落实。",)


def test_a_bracket_of_sentences_is_text(read):
    said = "推进甲事（经费由县甲局负责。具体办法另行通知）。"
    first, _second = tasks(read(f"某县2030年要点\n1、{said}\n2、乙。（县乙局负责）\n"))
    assert (first.text, first.duties) == (said, ())


def test_bytes_that_are_no_text_are_told(read):
    draft = read(SMALL.encode() + b"\xff\xfe\x80")
    assert "not-text" in [each.rule for each in summary.select_doubtful(draft)]
    assert read(SMALL.encode("gb18030")).plan == read(SMALL.encode()).plan
    assert read(b"\xef\xbb\xbf" + SMALL.encode()).plan == read(SMALL.encode()).plan
    assert read(SMALL.encode("utf-16")).plan == read(SMALL.encode()).plan


TABLE = """某县2030年任务分解表

| 序号 | 工作任务 | 责任单位 | 配合单位 |
|---|---|---|---|
| 1 | 推进甲事 | 县教育局 | 县财政局、公安局 |
"""


@pytest.mark.parametrize("name", ["plan.md", "plan.txt", "-"])
def test_a_table_of_pipes_is_a_table(read, name):
    (task,) = tasks(read(TABLE, name))
    assert (task.no, task.text, task.reading) == ("1", "推进甲事", LeadReason.COLUMNS)
    assert task.get_agency_names(Role.LEAD) == ("县教育局",)
    assert task.get_agency_names(Role.PARTICIPATE) == ("县财政局", "县公安局")


HEADED = "某县2030年任务分解表\n\n| 序号 | 工作任务 | 责任单位 |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("printed", "rules"),
    [
        (["1", "2(1)", "2(2)", "3"], []),
        (["1", "2（2）", "3"], ["number-gap"]),
        ("124", ["number-gap"]),
        ("122", ["number-repeat"]),
        ("123", []),
        ("132", ["number-gap", "number-back"]),
    ],
)
def test_numbers_of_a_table_are_held_together_too(read, printed, rules):
    pairs = zip(printed, "甲乙丙丁", strict=False)
    rows = "".join(f"| {no} | 推进{what}事 | 县教育局 |\n" for no, what in pairs)
    draft = read(HEADED + rows, "plan.md")
    assert [each.rule for each in summary.select_doubtful(draft)] == rules


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("2024年3月31日", "2024-03-31"),
        ("2024年2月30日", ""),
        ("2024年13月1日", ""),
    ],
)
def test_a_date_is_one_of_the_calendar(known, said, published):
    text = (
        f"云溪县２０２４年重点工作要点\n发布单位：县政府\n{said}\n一、新建公园。（县住建局负责）\n"
    )
    read = importing.import_document(text.encode(), "plan.txt", known).plan
    assert (read.year, read.source.date) == (2024, published)
