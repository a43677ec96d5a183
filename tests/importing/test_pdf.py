"""A PDF is read as it is printed: by baselines, columns and the borders of cells."""

import io
import re
import shutil
import subprocess

import docx
import pytest
from docx.oxml.ns import qn

from plancli import importing
from plancli.importing.parsing.paragraphs import build_paragraphs
from plancli.importing.readers import page, page_numbers, pdf
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role

canvas = pytest.importorskip("reportlab.pdfgen.canvas")

SOFFICE = shutil.which("soffice")
SIZE = 16
FONT = "STSong-Light"
TITLE = "清河县2025年重点工作任务分解方案"


@pytest.fixture(scope="module")
def read():
    known = registry_io.load_default_registry()
    return lambda data, name="plan.pdf": importing.import_document(data, name, known)


class Paper:
    """Pages on which lines, tables and marks are drawn; places are in points from the top left."""

    def __init__(self):
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.out = io.BytesIO()
        self.canvas = canvas.Canvas(self.out, pagesize=(595, 842), invariant=1)

    def write(self, x, y, text, size=SIZE, turn=0, rise=0):
        """Write *text*; ``{…}`` in it is written in two thirds of the size, raised by *rise*."""
        self.canvas.saveState()
        self.canvas.translate(x, 842 - y)
        self.canvas.rotate(turn)
        at = 0
        for piece in re.split(r"(\{.*?\})", text):
            small = piece.startswith("{")
            own = size * 2 / 3 if small else size
            words = piece.strip("{}")
            self.canvas.setFont(FONT, own)
            self.canvas.drawString(at, rise if small else 0, words)
            at += self.canvas.stringWidth(words, FONT, own)
        self.canvas.restoreState()

    def write_lines(self, lines, x=72, y=100, size=SIZE, leading=28):
        for n, line in enumerate(lines):
            indent = len(line) - len(line.lstrip("　"))
            self.write(x + indent * size, y + n * leading, line.strip("　"), size)

    def draw_table(self, y, rows, widths, height=40, x=60, size=12):
        """Draw rows of cells: text; None, covered from above; "<", covered from the left."""
        lefts = [x]
        for width in widths:
            lefts.append(lefts[-1] + width)

        def get(row, column):
            return rows[row][column] if row < len(rows) else ""

        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                left, top = lefts[column], 842 - y - row * height
                right = lefts[column + 1]
                if text is not None:
                    self.canvas.line(left, top, right, top)
                if text != "<":
                    self.canvas.line(left, top, left, top - height)
                for n, line in enumerate((text or "").split("\n")):
                    if text not in (None, "<"):
                        self.write(left + 5, y + row * height + 14 + 14 * n, line, size)
        bottom = 842 - y - len(rows) * height
        self.canvas.line(lefts[0], bottom, lefts[-1], bottom)
        self.canvas.line(lefts[-1], 842 - y, lefts[-1], bottom)

    def turn_page(self):
        self.canvas.showPage()

    def save(self):
        self.canvas.save()
        return self.out.getvalue()


def describe(draft):
    """Return the number, text, leads and participants of each task."""
    found = []
    for entry in iter_tasks(draft.plan):
        duties = entry.task.duties
        names = [
            [name for each in duties if each.role is role for name in each.names]
            for role in (Role.LEAD, Role.PARTICIPATE)
        ]
        found.append((entry.task.no, entry.task.text, *names))
    return found


def draw(lines, **options):
    paper = Paper()
    paper.write_lines(lines, **options)
    return paper.save()


PROSE = [
    f"　　　{TITLE}",
    "　　1.新建村级卫生室25个，配齐医生和设备，服务半径不超",
    "过3公里。（县卫生健康局牵头，县财政局配合）",
    "　　2.改造河堤7.5公里，整治水库。（县水利局负责）",
]
ANSWERS = [
    (
        "1",
        "新建村级卫生室25个，配齐医生和设备，服务半径不超过3公里。",
        ["县卫生健康局"],
        ["县财政局"],
    ),
    ("2", "改造河堤7.5公里，整治水库。", [], ["县水利局"]),
]


@pytest.mark.parametrize("rise", [0, -3, 4], ids=["same baseline", "lowered", "raised"])
def test_small_digits_stay_where_they_are_printed(read, rise):
    paper = Paper()
    for n, line in enumerate(PROSE):
        indent = len(line) - len(line.lstrip("　"))
        small = re.sub(r"[\d.]+", r"{\g<0>}", line.lstrip("　"))
        paper.write(72 + indent * SIZE, 100 + 28 * n, small, rise=rise)
    draft = read(paper.save())
    assert describe(draft) == ANSWERS
    assert draft.plan.title == TITLE
    assert summary.select_doubtful(draft) == []


def test_white_areas_behind_lines_are_no_table(read):
    lines = [
        "云溪县2027年重点工作任务分工",
        "1.疏浚河道，改善水质。",
        "（县水利局牵头）",
        "2.修缮校舍。（县教育局负责）",
    ]
    papers = Paper(), Paper()
    for n, _line in enumerate(lines * 3):
        papers[0].canvas.setFillColorRGB(1, 1, 1)
        papers[0].canvas.rect(70, 842 - 106 - n * 16, 300 - n % 3 * 40, 16, stroke=0, fill=1)
    for paper in papers:
        paper.canvas.setFillColorRGB(0, 0, 0)
        paper.write_lines(lines, leading=16)
    drafts = [read(paper.save()) for paper in papers]
    assert describe(drafts[0]) == describe(drafts[1])
    assert len(describe(drafts[0])) == 2


def test_a_number_on_a_line_of_its_own_belongs_to_the_next(read):
    lines = [
        "云溪县2027年重点工作任务分工",
        "一、",
        "重点任务",
        "1．",
        "疏浚河道。（县水利局牵头）",
    ]
    draft = read(draw(lines))
    assert [each.title for each in draft.plan.lists] == ["重点任务"]
    assert describe(draft) == [("1", "疏浚河道。", ["县水利局"], [])]


@pytest.mark.parametrize(("x", "y"), [(0, 0), (0.5, 0), (1.5, 1.5)])
def test_a_glyph_drawn_twice_is_one(read, x, y):
    paper = Paper()
    paper.write_lines(PROSE)
    paper.write_lines(PROSE, x=72 + x, y=100 + y)
    assert describe(read(paper.save())) == ANSWERS


@pytest.mark.parametrize(("turn", "size"), [(45, 60), (-30, 24), (0, 120)])
def test_a_watermark_is_no_text(read, turn, size):
    paper = Paper()
    paper.write(100, 190, "内部资料", size, turn)
    paper.write_lines(PROSE)
    draft = read(paper.save())
    assert describe(draft) == ANSWERS
    assert "内部资料" in draft.source_text.text  # and it is accounted for
    assert draft.coverage.count_characters()["page-number"] == 4


def test_a_page_that_lies_on_its_side_is_read(read):
    paper = Paper()
    for n, line in enumerate(PROSE):
        paper.write(100 + 28 * n, 780, line, turn=90)
    assert describe(read(paper.save())) == ANSWERS


LEFT = [
    "一、发展农业",
    "1.建设水稻良种基地，推广新机具，",
    "培训农技人员。（县农业农村局牵",
    "头）",
    "2.修复山塘水渠，完善灌溉设施，增",
    "强抗旱能力。（县水利局负责）",
]
RIGHT = [
    "二、改善民生",
    "3.办好老年食堂，发放就餐补贴，方",
    "便独居老人。（县民政局牵头）",
    "4.开通城乡公交，更新车辆，票价优",
    "惠。（县交通运输局负责）",
]


@pytest.mark.parametrize("shift", [0, 5])
def test_columns_are_read_one_after_another(read, shift):
    paper = Paper()
    paper.write(150, 60, TITLE)
    paper.write_lines(LEFT, x=60, size=12, leading=20)
    paper.write_lines(RIGHT, x=320, y=100 + shift, size=12, leading=20)
    paper.write(100, 300, "以上各项任务，自本方案印发之日起由各责任单位抓紧组织实施到位。", 12)
    draft = read(paper.save())
    assert [(each[0], each[2] + each[3]) for each in describe(draft)] == [
        ("1", ["县农业农村局"]),
        ("2", ["县水利局"]),
        ("3", ["县民政局"]),
        ("4", ["县交通运输局"]),
    ]
    assert "more-columns" not in {each.rule for each in draft.diagnostics}


def test_columns_that_are_no_clear_columns_are_a_doubt(read):
    """A table without lines: task and agencies beside each other."""
    paper = Paper()
    paper.write(150, 60, TITLE)
    paper.write_lines(["建设水稻良种基地，推广新机具，培训农技人员"] * 5, x=40, size=12)
    paper.write_lines(["县农业农村局、县财政局"] * 5, x=420, size=12)
    draft = read(paper.save())
    assert "more-columns" in {each.rule for each in summary.select_doubtful(draft)}


def test_notes_in_the_margin_are_left_out_and_said(read):
    paper = Paper()
    paper.write_lines(list(PROSE), size=14)
    paper.write(480, 128, "张三：建议增加", 8)
    paper.write(480, 140, "县民政局配合", 8)
    draft = read(paper.save())
    assert describe(draft) == ANSWERS
    assert "margin-notes" in {each.rule for each in summary.select_doubtful(draft)}


def test_the_lines_of_a_browser_are_no_notes_in_the_margin(read):
    paper = Paper()
    for first, n in ((0, 1), (2, 2)):
        paper.write(24, 22, "3/9/27, 2:03 PM", 8)
        paper.write(250, 22, TITLE, 8)
        paper.write_lines([*([f"　　　{TITLE}"] if n == 1 else []), *PROSE[1:][first : first + 2]])
        paper.write(24, 820, "ﬁle:///D:/plan.html", 8)
        paper.write(575, 820, f"{n}/2", 8)
        paper.turn_page()
    draft = read(paper.save())
    assert describe(draft) == ANSWERS
    assert not list(summary.select_doubtful(draft))


def test_struck_words_are_a_doubt(read):
    paper = Paper()
    paper.write_lines(PROSE)
    y = 842 - (100 + 3 * 28) + 0.35 * SIZE
    paper.canvas.line(72 + 7 * SIZE, y, 72 + 11 * SIZE, y)
    draft = read(paper.save())
    assert [each.words for each in summary.select_doubtful(draft) if each.rule == "struck-out"]


NUMBERS = [
    "— {n} —",
    "-{n}-",
    "· {n} ·",
    "{n}",
    "第 {n} 页 共 2 页",
    "第{n}页",
    "{n}/2",
    "－{n}－",
    "— { } —",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("header", ["", "清河县人民政府办公室"])
def test_page_numbers_and_headers_are_no_text(read, number, header):
    """Also where the page ends within the name of an agency."""
    paper = Paper()
    for n in (1, 2):
        paper.write_lines(
            [PROSE[0], PROSE[1], "过3公里。（县卫生健", "　"]
            if n == 1
            else ["康局牵头，县财政局配合）", PROSE[3]]
        )
        paper.write(72, 50, header, 10)
        text = number.replace("{n}", str(n)) if "{n}" in number else f"— {{{n}}} —"
        paper.write(280, 800, text, 12, rise=-2)
        paper.turn_page()
    draft = read(paper.save())
    assert describe(draft) == ANSWERS
    assert draft.plan.title == TITLE
    assert summary.select_doubtful(draft) == []


HEAD = ["序号", "领域", "工作任务", "牵头单位", "配合单位"]
WIDTHS = [40, 70, 200, 80, 90]


def draw_table_on_pages(*pages):
    paper = Paper()
    paper.write(150, 60, TITLE)
    for n, rows in enumerate(pages, 1):
        paper.draw_table(80 if n == 1 else 50, rows, WIDTHS)
        paper.write(280, 800, f"— {n} —", 12)
        paper.turn_page()
    return paper.save()


def test_a_covered_cell_belongs_to_the_cell_that_covers_it(read):
    rows = [
        HEAD,
        ["1", "交通", "修建乡道。", "县交通运输局", "县财政局"],
        ["2", None, "改造渡口。", None, None],
        ["3", "教育", "建设学校。", "县教育局", "<"],
        ["4", "民政", "建设食堂。", "县民政局", ""],
    ]
    draft = read(draw_table_on_pages(rows))
    assert [(no, lead, join) for no, _text, lead, join in describe(draft)][:2] == [
        ("1", ["县交通运输局"], ["县财政局"]),
        ("2", ["县交通运输局"], ["县财政局"]),
    ]
    assert describe(draft)[3] == ("4", "建设食堂。", ["县民政局"], [])
    assert [entry.section.title for entry in iter_tasks(draft.plan)] == [
        "交通",
        "交通",
        "教育",
        "民政",
    ]


@pytest.mark.parametrize("head", [HEAD, None], ids=["headings repeated", "headings once"])
def test_a_table_goes_on_on_the_next_page(read, head):
    """With a band, a merged group, and a row that the page cuts."""
    first = [
        HEAD,
        ["一、强化基础设施", "<", "<", "<", "<"],
        ["1", "交通", "修建乡道。", "县交通运输局", ""],
        ["2", None, "改造渡口，更换老旧", "县水利局", "县发展和改革"],
    ]
    second = [
        *([head] if head else []),
        ["", "", "船只。", "", "委员会"],
        ["3", None, "疏浚河道。", "县水利局", ""],
        ["二、改善民生", "<", "<", "<", "<"],
        ["4", "养老", "建设食堂。", "县民政局", "县财政局\n县商务局"],
    ]
    draft = read(draw_table_on_pages(first, second))
    assert describe(draft) == [
        ("1", "修建乡道。", ["县交通运输局"], []),
        ("2", "改造渡口，更换老旧船只。", ["县水利局"], ["县发展和改革委员会"]),
        ("3", "疏浚河道。", ["县水利局"], []),
        ("4", "建设食堂。", ["县民政局"], ["县财政局", "县商务局"]),
    ]
    sections = [entry.section.title for entry in iter_tasks(draft.plan)]
    assert sections == ["一、强化基础设施／交通"] * 3 + ["二、改善民生／养老"]
    assert summary.select_doubtful(draft) == []


@pytest.mark.parametrize("rest", ["（二期）", "船只。"])
def test_a_row_without_agencies_at_the_top_of_a_page_goes_on(read, rest):
    first = [
        ["", *HEAD[1:]],
        ["", "交通", "修建乡道", "县交通运输局", ""],
        ["", None, "改造渡口，更换老旧", "县水利局", ""],
    ]
    second = [["", "", rest, "", ""], ["", None, "疏浚河道", "县水利局", ""]]
    draft = read(draw_table_on_pages(first, second))
    assert [each[1:3] for each in describe(draft)] == [
        ("修建乡道", ["县交通运输局"]),
        (f"改造渡口，更换老旧{rest}", ["县水利局"]),
        ("疏浚河道", ["县水利局"]),
    ]


def test_tasks_on_two_pages_stay_two(read):
    first = [HEAD, ["1", "交通", "修建乡道。", "县交通运输局", ""]]
    second = [
        ["2", "水利", "疏浚河道。", "县水利局", ""],
        ["3", "教育", "建设学校。", "县教育局", ""],
    ]
    assert [each[0] for each in describe(read(draw_table_on_pages(first, second)))] == [
        "1",
        "2",
        "3",
    ]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("县发展和改革\n委员会、县民\n政局", ["县发展和改革委员会", "县民政局"]),
        ("县财政局\n县司法局", ["县财政局", "县司法局"]),
        ("市政府\n办公室", ["市政府", "办公室"]),
    ],
)
def test_lines_of_a_cell_are_joined_only_where_they_are_full(cell, names):
    """A line with room for the next word ends there; a full one goes on."""
    paper = Paper()
    rows = [["序号", "工作任务", "责任单位"], ["1", "修建乡道。", cell], ["2", "改造渡口。", ""]]
    paper.draw_table(80, rows, [40, 200, 84], height=60)
    source = pdf.read_pdf(paper.save())
    table = next(each for each in source.blocks if isinstance(each, page.SourceTable))
    text = next(
        source.text[each.start : each.end]
        for each in table.cells
        if (each.row, each.column) == (1, 2)
    )
    assert [part for line in text.split("\v") for part in line.split("、")] == names


def test_a_table_with_lines_only_between_its_rows_is_a_table(read):
    paper = Paper()
    paper.write(150, 60, TITLE)
    rows = [HEAD] + [[str(n), "交通", "修建乡道。", "县水利局", "县财政局"] for n in range(1, 6)]
    for n, cells in enumerate(rows):
        for x, text in zip((60, 100, 170, 370, 460), cells, strict=True):
            paper.write(x, 100 + 30 * n, text, 12)
        paper.canvas.line(55, 842 - 110 - 30 * n, 540, 842 - 110 - 30 * n)
    expected = [(str(n), "修建乡道。", ["县水利局"], ["县财政局"]) for n in range(1, 6)]
    assert describe(read(paper.save())) == expected


def test_a_frame_around_the_page_is_no_table(read):
    paper = Paper()
    edges = [(40, 40), (40, 80), (140, 80), (560, 80), (560, 40)]
    for (x, y), (right, bottom) in zip(edges, edges[1:] + edges[:1], strict=True):
        paper.canvas.line(x, 842 - y, right, 842 - bottom)
    for line in ((40, 80, 40, 500), (140, 80, 140, 500), (560, 80, 560, 500), (40, 500, 560, 500)):
        paper.canvas.line(line[0], 842 - line[1], line[2], 842 - line[3])
    paper.write(50, 65, "首页　政务公开　互动交流", 12)
    paper.write_lines(["机构职能", "政策文件"], x=50, size=12)
    paper.write_lines([line.replace("，服务半径不超", "") for line in PROSE[:2]], x=150, size=12)
    paper.write_lines(
        ["（县财政局牵头）", "　　2.改造河堤。（县水利局负责）"], x=150, y=156, size=12
    )
    assert [each[0] for each in describe(read(paper.save()))] == ["1", "2"]


def test_the_last_lines_in_the_frame_of_a_web_page_are_lines(read):
    paper = Paper()
    paper.write_lines(PROSE[:2])
    paper.turn_page()
    for x in (40, 50, 545, 555):
        paper.canvas.line(x, 842 - 40, x, 842 - 400)
    for y in (40, 300, 400):
        paper.canvas.line(40, 842 - y, 555, 842 - y)
    paper.write_lines(
        [
            "过3公里，改善条件。（县住房城乡建设",
            "局牵头，县财政局配合）",
            "各镇要抓好落实。",
            "此件公开发布",
        ],
        x=60,
    )
    paper.write(60, 350, "网站地图　联系我们")
    assert [each[2:] for each in describe(read(paper.save()))] == [
        (["县住房城乡建设局"], ["县财政局"])
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["—", "3", "—"],
        ["— 3", "—"],
        ["4"],
        ["第 5 页 共 9 页"],
        ["·6·"],
        ["－７－"],
        ["第三页"],
        ["—", "１２", "—"],
    ],
)
@pytest.mark.parametrize(
    "broken",
    [
        ("（责任单位：县教育局、县财", "政局、县公安局）"),
        ("，推进城乡公", "交一体化。（县交通运输局负责）"),
    ],
)
def test_page_numbers_in_plain_text_interrupt_nothing(read, lines, broken):
    body = "1.修建县道，改造危桥，完善沿线安全设施，改善农村群众出行条件"
    full = "2.建设学校，扩大学位，改善办学条件，引进优秀教师，提高教育教学质量"
    text = "\n".join([TITLE, full, body + broken[0], *lines, broken[1]])
    found = describe(read(text.encode(), "plan.txt"))
    whole = describe(read("\n".join([TITLE, full, body + "".join(broken)]).encode(), "plan.txt"))
    assert found == whole


def test_digits_between_cells_on_lines_of_their_own_are_no_page_numbers():
    text = "序号\n任务\n责任单位\n1\n修建村道\n县交通局\n2\n改造危桥\n县水利局\n"
    assert build_paragraphs(page.from_text(text)).ignored == ()


@pytest.mark.parametrize(
    "line", ["3.建设学校", "2025年", "（3）", "一、", "12345", "3个", "——", "", "1.2"]
)
def test_what_is_no_page_number(line):
    assert page_numbers.classify_line(line) in ("", "dashes")


def make_docx(is_table):
    """Return a Word file of 60 tasks with a header and page numbers, as prose or as a table."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "清河县人民政府办公室"
    footer = document.sections[0].footer.paragraphs[0]
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = footer.add_run()._r.makeelement(qn("w:instrText" if text else "w:fldChar"))
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        footer.add_run("— " if kind == "begin" else "")._r.append(element)
    footer.add_run(" —")
    document.add_paragraph(TITLE).alignment = 1
    texts = [
        f"改造{n}处灌溉渠道和泵站，完善田间道路，配备管护人员" + "，检查水闸" * (n % 9) + "。"
        for n in range(1, 61)
    ]
    if not is_table:
        for n, text in enumerate(texts, 1):
            document.add_paragraph(f"　　{n}.{text}（县水利局牵头，县发展改革委、县财政局配合）")
        return document
    table = document.add_table(rows=1, cols=5, style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = heading
    table.rows[0]._tr.get_or_add_trPr().append(table._tbl.makeelement(qn("w:tblHeader")))
    for n, text in enumerate(texts, 1):
        if n % 20 == 1:
            cells = table.add_row().cells
            cells[0].merge(cells[4]).text = ("一、农业", "二、林业", "三、水利")[n // 20]
        cells = table.add_row().cells
        cells[0].text, cells[2].text = str(n), text
        cells[3].text, cells[4].text = "县水利局", "县发展改革委\n县财政局"
        if n % 5 == 1:
            top = cells[1]
            top.text = f"第{n // 5 + 1}组"
        else:
            top.merge(cells[1])
    return document


@pytest.mark.slow
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("is_table", [False, True], ids=["prose", "table"])
def test_a_word_file_printed_as_pdf_gives_the_same_tasks(read, tmp_path, is_table):
    file = tmp_path / "plan.docx"
    make_docx(is_table).save(str(file))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [SOFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    word, printed = read(file.read_bytes(), "plan.docx"), read((tmp_path / "plan.pdf").read_bytes())
    assert len(describe(word)) == 60
    assert describe(printed) == describe(word)
    assert [entry.section for entry in iter_tasks(printed.plan)] == [
        entry.section for entry in iter_tasks(word.plan)
    ]
    assert printed.plan.title == word.plan.title == TITLE
    assert summary.select_doubtful(printed) == []
