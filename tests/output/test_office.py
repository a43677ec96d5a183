"""Documents: what an answer holds is what the file says when others open it, from every question."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO

import docx
import lxml.etree
import lxml.html
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from plancli.output import formats
from plancli.output.formats import xlsx
from plancli.plan.model import iter_tasks
from plancli.results import document
from plancli.results.roles import Role
from plancli.results.table import Result
from tests.conftest import HERE, SMALL

pytestmark = pytest.mark.slow

QUESTIONS = [
    ["agency"], ["agency", "合肥市"], ["agency", "省发展改革委", "--lead", "-r", "皖北"],
    ["agency", "省水利厅", "--possible"], ["region"], ["region", "皖北"], ["region", "合肥", "--exact"],
    ["section"], ["section", "2.3"], ["section", "三"], ["keyword", "科创", "金融"], ["task", "8", "41"],
    ["list"], ["list", "--region", "皖北", "--role", "participate"], ["export"], ["stats"], ["plan"],
    ["plans"], ["list", "-k", "什么也没有"], ["agency", "省能源局", "-k", "什么也没有"],
    ["region", "皖北", "-k", "什么也没有"], ["stats", "-k", "什么也没有"], ["agency", "-k", "什么也没有"],
    ["section", "-k", "什么也没有"], ["list", "--year", "1999"], ["plan", "--year", "1999"],
    ["stats", "--year", "1999"], ["list", "--plan", str(SMALL)], ["agency", "--plan", str(SMALL)],
]  # fmt: skip
DOCUMENTS = ["xlsx", "docx", "html", "stratml", "datapackage"]
XSD = lxml.etree.XMLSchema(file=str(HERE / "stratml.xsd"))
NS = {"s": "urn:ISO:std:iso:17469:tech:xsd:stratml_core"}
SOFFICE = shutil.which("soffice")
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029"),
    min_size=1,
    max_size=9,
)
HOSTILE = st.sampled_from(
    ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "<script>alert(1)</script>", "</w:t>&amp;",
     "]]>", "'", '"><img src=x>', "_x000D_", "../x", "\u202egpj", "\ufffe", "{{7*7}}", "=HYPERLINK(1)"]
)  # fmt: skip


@pytest.fixture
def saved(run, tmp_path):
    """``saved("list", format="xlsx")`` returns the file that the answer was written to."""

    def saved(*argv, format):
        file = tmp_path / f"answer.{format}"
        code, out, _err = run(*argv, "-f", format, "-o", str(file))
        assert (code, out) == (0, "")
        return file

    return saved


def rows_of(sheet):
    """Return a sheet's headings and rows as people read them."""
    lines = [
        ["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)
    ]
    top = int(re.match(r".*?(\d+):", sheet.auto_filter.ref)[1]) - 1
    rows = [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]
    return [row | {"序号": str(row["序号"])} if "序号" in row else row for row in rows]


def asked(run, *argv):
    return json.loads(run(*argv, "-f", "json")[1])


@pytest.mark.slow
@pytest.mark.parametrize("format", DOCUMENTS)
@pytest.mark.parametrize("argv", QUESTIONS, ids=" ".join)
def test_every_format_comes_from_every_question_and_opens(saved, argv, format):
    file = saved(*argv, format=format)
    if format == "xlsx":
        book = openpyxl.load_workbook(file)
        assert {"全部任务", "按单位", "按地区", "统计"} <= {*book.sheetnames}
        for sheet in book:
            assert sheet.page_setup.orientation == "landscape"
            assert int(sheet.page_setup.paperSize) == 9
            assert sheet.freeze_panes
            assert sheet.print_title_rows
            assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    elif format == "docx":
        word = docx.Document(str(file))
        assert word.tables
        assert "_GB2312" in word.element.xml
        assert word.sections[0].page_width > word.sections[0].page_height
    elif format == "html":
        page = lxml.html.fromstring(file.read_bytes().decode())
        assert page.xpath("//table")
        assert not page.xpath("//@src | //@href | //script | //link")
        assert "url(" not in file.read_text("utf-8")
    elif format == "stratml":
        XSD.assertValid(lxml.etree.parse(str(file)))
    else:
        report = unpacked(file).validate()
        assert report.valid, report.flatten()


def unpacked(file):
    folder = file.parent / "package"
    with zipfile.ZipFile(file) as package:
        package.extractall(folder)
    return pytest.importorskip("frictionless").Package(str(folder / "datapackage.json"))


def test_a_workbook_says_what_the_plan_says(saved, plan):
    book = openpyxl.load_workbook(saved("list", format="xlsx"))
    every = rows_of(book["全部任务"])
    for row, entry in zip(every, iter_tasks(plan), strict=True):
        task = entry.task
        listed = {role: "、".join(task.get_agency_names(role)) for role in Role}
        assert [row[each] for each in ("序号", "工作任务", "责任分工（原文）")] == [
            task.no,
            task.text,
            task.clause,
        ]
        for role, heading in ((Role.LEAD, "牵头单位"), (Role.PARTICIPATE, "参与、负责单位")):
            assert row[heading].removesuffix("等") == listed[role]
        assert (
            row["牵头单位"].endswith("等") + row["参与、负责单位"].endswith("等")
            == task.is_open_ended
        )
        assert row["地区"] == "、".join(mention.name for mention in task.regions)
        assert entry.list.title in row["部分"]
        assert (entry.section.title if entry.section else "") in row["部分"]
    duties = Counter((row["单位"], row["序号"], row["责任"]) for row in rows_of(book["按单位"]))
    assert duties == Counter(
        (
            name,
            task.no,
            "牵头" if role is Role.LEAD else "参与" if task.get_agency_names(Role.LEAD) else "负责",
        )
        for _list, _section, task in iter_tasks(plan)
        for role in Role
        for name in task.get_agency_names(role)
    )
    counts = {row["指标"]: row["数量"] for row in rows_of(book["统计"])}
    assert counts["任务"] == len(every)
    numbers = [cell.value for cell in book["全部任务"]["A"]][-71:]
    assert numbers == list(range(1, 72))  # as numbers, so that they sort


def test_by_place_says_what_region_says(saved, run):
    book = openpyxl.load_workbook(saved("list", format="xlsx"))
    found = {}
    for row in rows_of(book["按地区"]):
        reason, *why = row["列入理由"].split("\n")
        found.setdefault(row["地区"], []).append((row["序号"], reason, why))
    grades = {"name": "点名", "member": "所辖", "compound": "合称或地标", "clause": "责任单位"}
    for place in asked(run, "region"):
        wanted = [
            (row["no"], grades[row["grade"]], row["why"])
            for row in asked(run, "region", place["region"])
        ]
        assert found.pop(place["region"]) == wanted
    assert not found


@pytest.mark.parametrize("argv", [["list"], ["agency", "合肥市"], ["region", "皖北"]], ids=" ".join)
def test_word_and_web_say_what_the_answer_says(saved, run, argv):
    wanted = [
        (row["no"], row["text"], "、".join(row["lead"]), "、".join(row["participate"]))
        for row in asked(run, *argv)
    ]
    word = docx.Document(str(saved(*argv, format="docx")))
    lines = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    page = lxml.html.fromstring(saved(*argv, format="html").read_bytes().decode())
    rows = page.xpath("(//table)[1]//tr")
    web = [[cell.text_content() for cell in row] for row in rows if len(row) > 1]
    for table in (lines, web):
        places = [
            table[0].index(each) for each in ("序号", "工作任务", "牵头单位", "参与、负责单位")
        ]
        found = [tuple(line[at].removesuffix("等") for at in places) for line in table[1:]]
        tasks = [row for row in found if len({*row}) > 1]  # headings stand across all columns
        assert tasks == [tuple(cell.removesuffix("等") for cell in row) for row in wanted]


def test_headings_stand_between_tasks_once(saved, plan):
    word = docx.Document(str(saved("list", format="docx")))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    headings = [row[0] for row in rows if len({*row}) == 1]
    wanted = []
    for list_ in plan.lists:
        wanted += [f"{list_.no}、{list_.title}"] if list_.tasks or list_.sections else []
        wanted += [f"（{section.no}）{section.title}" for section in list_.sections]
    assert headings == wanted


def test_the_same_headings_in_another_plan_begin_anew(saved, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.read_text("utf-8").replace("id: small", "id: other"), "utf-8")
    word = docx.Document(str(saved("list", "-p", str(SMALL), "-p", str(other), format="docx")))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert [row[0] for row in rows if len({*row}) == 1] == ["一、重点任务", "（一）演练"] * 2


def test_stratml_holds_every_task_and_every_duty(saved, plan):
    tree = lxml.etree.parse(str(saved("export", format="stratml")))
    found = tree.findall(".//s:Objective", NS)
    for objective, (_list, _section, task) in zip(found, iter_tasks(plan), strict=True):
        assert objective.findtext("s:SequenceIndicator", None, NS) == task.no
        assert objective.findtext("s:Description", None, NS) == task.text
        assert f"（{task.clause}）" in objective.findtext("s:OtherInformation", None, NS)
        names = [
            each.findtext("s:Name", None, NS) for each in objective.findall("s:Stakeholder", NS)
        ]
        assert names == [name for role in Role for name in task.get_agency_names(role)]
    goals = [goal.findtext("s:Name", None, NS) for goal in tree.findall(".//s:Goal", NS)]
    assert len(goals) == 11  # the sections, and the lists that have none
    assert "163个项目" in tree.findall(".//s:Goal", NS)[-1].findtext("s:Description", None, NS)


def test_several_plans_are_one_valid_stratml(saved):
    from plancli.system import files

    file = saved("list", "-p", str(files.DEFAULT_PLAN), "-p", str(SMALL), format="stratml")
    tree = lxml.etree.parse(str(file))
    XSD.assertValid(tree)
    assert len(tree.findall(".//s:Objective", NS)) == 74


def test_a_data_package_is_read_back_equal(saved, run):
    package = unpacked(saved("agency", "合肥市", format="datapackage"))
    assert [each.name for each in package.resources] == ["tasks", "possible", "plans"]
    wanted = asked(run, "agency", "合肥市")
    empty = {key: [] for key, value in wanted[0].items() if isinstance(value, list)}
    for row, record in zip(package.get_resource("tasks").read_rows(), wanted, strict=True):
        said = {key: value for key, value in row.to_dict().items() if value is not None}
        assert {**empty, "section": "", **said} == {"section": "", **record}


@pytest.mark.parametrize(
    ("argv", "package", "said"),
    [(["list", "-o", "{}/x.xlsx"], "xlsxwriter", "xlsxwriter"), (["pack", "{}/out"], "xlsxwriter", "xlsxwriter"),
     (["pack", "{}/out"], "pathvalidate", "pathvalidate"), (["list", "-o", "{}/x.docx"], "docx", "python-docx"),
     (["collect", "{}", "-o", "{}/p.yaml"], "openpyxl", "openpyxl")],
)  # fmt: skip
def test_a_package_that_is_missing_is_told_with_what_installs_it(
    run, monkeypatch, tmp_path, argv, package, said
):
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, package, None)
    code, out, err = run(*(each.format(tmp_path) for each in argv))
    assert (code, out) == (5, "")
    assert said in err
    assert "pip install 'plancli[office]'" in err
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


def test_a_folder_that_is_not_there_is_said(run, tmp_path):
    code, _out, err = run("list", "-o", str(tmp_path / "none" / "x.xlsx"))
    assert (code, "there is no folder" in err) == (1, True)


def test_what_no_format_can_hold_is_said(run, tmp_path):
    code, _out, err = run("check", "-f", "stratml", "-o", str(tmp_path / "x"))
    assert (code, "hint:" in err) == (2, True)
    long = document.make_document(Result("", ("a",), (("字" * 40_000,),)), "长")
    with pytest.raises(Exception, match="32767"):
        formats.write_document(long, "xlsx", BytesIO())


def test_what_one_sheet_has_no_room_for_stands_in_the_next(saved, monkeypatch):
    whole = rows_of(openpyxl.load_workbook(saved("list", format="xlsx"))["全部任务"])
    monkeypatch.setattr(xlsx, "MAX_ROWS", 30)
    book = openpyxl.load_workbook(saved("list", format="xlsx"))
    sheets = [sheet for sheet in book if sheet.title.startswith("全部任务")]
    assert [sheet.title for sheet in sheets] == ["全部任务", "全部任务（2）", "全部任务（3）"]
    assert [row for sheet in sheets for row in rows_of(sheet)] == whole


@pytest.mark.parametrize(
    ("argv", "said"),
    [(["list"], ""), (["agency", "合肥市", "--lead"], "单位：合肥市人民政府（牵头）"), (["region", "皖北", "--exact"], "地区：皖北（点名）"),
     (["section", "2.3", "-k", "数字"], "部分：二(三)加强产业链供应链协同；关键词：数字"), (["task", "8", "41"], "序号：8、41"),
     (["list", "-r", "皖北", "-r", "合肥", "--role", "participate", "--year", "2021-2022"], "年度：2021—2022；责任：参与；地区：皖北；地区：合肥")],
)  # fmt: skip
@pytest.mark.parametrize("format", ["html", "docx", "xlsx", "stratml", "datapackage"])
def test_a_document_says_what_was_asked_and_where_its_words_are_from(saved, argv, said, format):
    file = saved(*argv, format=format)
    whole = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
    parts = [whole.read(name) for name in whole.namelist()] if whole else [file.read_bytes()]
    text = b"".join(parts).decode(errors="ignore")
    assert "来源：世界轨道交通资讯网" in text
    assert ("范围：" in text) == bool(said)
    assert said in text


@pytest.mark.parametrize(
    ("argv", "title"),
    [(["list"], "任务分解表"), (["agency"], "责任单位一览表"), (["region", "合肥"], "任务分解表"), (["stats"], "统计表"),
     (["plan"], "任务分解表"), (["matrix"], "任务分工矩阵"), (["map", "安徽"], "任务分布图"), (["targets"], "量化目标")],
)  # fmt: skip
@pytest.mark.parametrize("format", DOCUMENTS)
def test_a_document_of_no_plan_says_what_was_asked_and_names_no_plan(saved, argv, title, format):
    file = saved(*argv, "--year", "1999", format=format)
    whole = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
    parts = [whole.read(name) for name in whole.namelist()] if whole else [file.read_bytes()]
    text = b"".join(parts).decode(errors="ignore")
    assert re.search(f'[">]{title}["<（]', text)
    assert "年度：1999" in text
    assert "来源：" not in text
    if format == "stratml":
        XSD.assertValid(lxml.etree.parse(str(file)))
        assert "Date>" not in text


def test_a_number_is_a_number_only_where_nothing_is_lost(saved, tmp_path):
    plan = tmp_path / "numbers.yaml"
    numbers = ["007", "12345678901234567890", "9" * 5000]
    words = SMALL.read_text("utf-8").replace("演练工作要点", "plancli:rows演练工作要点")
    for before, after in zip(("'1.1'", "'1.2'", "'1.3'"), numbers, strict=True):
        words = words.replace(before, f"'{after}'")
    plan.write_text(words, "utf-8")
    book = openpyxl.load_workbook(saved("list", "-p", str(plan), format="xlsx"))
    assert [row["序号"] for row in rows_of(book["全部任务"])] == numbers
    word = docx.Document(str(saved("list", "-p", str(plan), format="docx")))
    assert [row.cells[0].text for row in word.tables[0].rows][-3:] == numbers
    assert "plancli:rows" in word.paragraphs[0].text


@pytest.mark.parametrize("format", DOCUMENTS)
def test_a_title_may_be_as_long_as_a_plan_has_it(saved, tmp_path, format):
    plan = tmp_path / "long.yaml"
    words = SMALL.read_text("utf-8").replace("演练工作要点", "演练" * 300 + "工作要点")
    plan.write_text(words, "utf-8")
    file = saved("list", "-p", str(plan), format=format)
    whole = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
    parts = [whole.read(name) for name in whole.namelist()] if whole else [file.read_bytes()]
    assert any(("演练" * 300).encode() in part for part in parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(TEXT | HOSTILE, TEXT | HOSTILE), max_size=4))
def test_no_text_is_more_than_text(rows):
    columns = ("finding", "remedy")
    said = document.make_document(Result("", columns, tuple(rows)), "检查")._replace(
        title=rows[0][0] if rows else "", notes=tuple(row[1] for row in rows)
    )
    files = {}
    for format in ("xlsx", "docx", "html"):
        files[format] = BytesIO()
        formats.write_document(said, format, files[format])
    legal = [[re.sub("[\ufffe\uffff]", "\ufffd", cell) for cell in row] for row in rows]
    sheet = openpyxl.load_workbook(files["xlsx"]).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    shown = sheet.iter_rows(len(rows) + 3, values_only=True)  # below title, notes and headings
    assert [list(map(unescape, row)) for row in shown] == legal
    table = docx.Document(files["docx"]).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == legal
    page = lxml.html.fromstring(files["html"].getvalue().decode())
    assert {element.tag for element in page.iter()} <= {
        *"html head meta title style body h1 p div table thead tbody tr th td".split()
    }
    web = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert web == legal


@pytest.mark.slow
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("format", ["xlsx", "docx"])
@pytest.mark.parametrize("argv", [["list"], ["agency", "合肥市"], ["list", "-k", "什么也没有"]])
def test_libreoffice_opens_it(saved, tmp_path, argv, format):
    file = saved(*argv, format=format)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    converted = subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file],
        capture_output=True,
        timeout=180,
        check=True,
    )
    assert (tmp_path / "answer.pdf").read_bytes().startswith(b"%PDF"), converted.stderr
