"""What a reader of the file sees is what is read: Word, HTML, Excel, Markdown and plain text."""

import io
import re
import shutil
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from plancli import importing
from plancli.importing import readers
from plancli.importing.readers import number_formats, number_styles, workbook
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.results.roles import Role
from plancli.text.normalize import fold, restore_ideographs

HEAD = "青石县2027年工作要点"
W, M = nsdecls("w"), nsdecls("m")


def lines_of(data, name):
    data = data.encode() if isinstance(data, str) else data
    read = readers.read_source_text(data, name)
    return [line for line in read.text.split("\n") if line.strip()]


def noted(data, name):
    data = data.encode() if isinstance(data, str) else data
    read = readers.read_source_text(data, name)
    assert all(read.text[each.position :].startswith(each.words) or each.rule in
               ("hidden-words", "hidden-sheet", "footnote") for each in read.notes)  # fmt: skip
    return [(each.rule, each.words) for each in read.notes]


def numbers_of(data, name, known):
    draft = importing.import_document(data.encode() if isinstance(data, str) else data, name, known)
    return [entry.task.no for entry in iter_tasks(draft.plan)]


# Characters


def test_radicals_are_the_characters_that_they_look_like(known):
    text = f"{HEAD}\n⼀、重点任务\n1.培育⼈⼯智能产业。（责任单位：县发展改⾰委、县⽔利局、⻓丰镇⼈⺠政府）\n"
    plain = f"{HEAD}\n一、重点任务\n1.培育人工智能产业。（责任单位：县发展改革委、县水利局、长丰镇人民政府）\n"
    old, new = (importing.import_document(each.encode(), "a.txt", known) for each in (text, plain))
    assert old.plan == new.plan
    assert old.source_text.text == new.source_text.text
    assert old.source_text.replaced_count == 8
    assert ("radicals", "8") in [(each.rule, each.words) for each in old.diagnostics]
    assert summary.select_doubtful(old) == summary.select_doubtful(new)


def test_every_radical_becomes_one_character_and_folds_as_it():
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFADA)):
        char = chr(code)
        plain = restore_ideographs(char)
        assert len(plain) == 1
        assert fold(char) in (fold(plain), plain)
    assert restore_ideographs("⺠⻓⻆⻋⻝⻰⻥⼾⾰⽂金") == "民长角车食龙鱼户革文金"
    assert fold("⼈⺠⽂⻓") == "人民文长"


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u200d", "\ufe0f"])
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv"])
def test_what_cannot_be_seen_is_not_read(mark, name):
    text = f"修{mark}建村道（{mark}县交{mark}通局牵头）{mark}"
    assert lines_of(text, name) == ["修建村道（县交通局牵头）"]


def test_a_space_that_does_not_break_is_a_space():
    assert lines_of("合肥市\xa0人民政府\u202f等", "a.txt") == ["合肥市 人民政府 等"]
    assert lines_of("<p>合肥市&nbsp;人民政府</p>", "a.html") == ["合肥市 人民政府"]


# Word


def word(*paragraphs, numbering="", styles=""):
    """Return a Word file with the XML of paragraphs and tables, and of lists and styles."""
    document = docx.Document()
    body = document.element.body
    for each in paragraphs:
        if not each.startswith("<"):
            each = f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>"
        body.insert(len(body) - 1, parse_xml(f"<w:x {W} {M}>{each}</w:x>")[0])
    root = document.part.numbering_part.element
    for each in parse_xml(f"<w:x {W}>{numbering}</w:x>"):
        root.append(each)
    for each in parse_xml(f"<w:x {W}>{styles}</w:x>"):
        document.styles.element.append(each)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def run(text, look=""):
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def item(text, list_="", level=0, style="", more=""):
    """Return a paragraph of a list, or in a style."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def levels(id, *forms):
    """Return a definition with a level for each of (format, label, more XML)."""
    parts = (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{label}"/></w:lvl>'
        for n, (form, label, more) in enumerate(forms)
    )
    return f'<w:abstractNum w:abstractNumId="{id}">{"".join(parts)}</w:abstractNum>'


def list_(id, definition, starts=()):
    overrides = (
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for level, start in starts
    )
    return (
        f'<w:num w:numId="{id}"><w:abstractNumId w:val="{definition}"/>{"".join(overrides)}</w:num>'
    )


def cell(text):
    return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def control(inner):
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def test_what_wraps_words_in_word_does_not_hide_them():
    custom = '<w:customXml w:element="x">{}</w:customXml>'
    for wrap in (
        control,
        custom.format,
        '<w:ins w:id="1">{}</w:ins>'.format,
        '<w:moveTo w:id="1">{}</w:moveTo>'.format,
        '<w:smartTag w:element="x">{}</w:smartTag>'.format,
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>'.format,
    ):
        paragraph = f"<w:p>{run('修建')}{wrap(run('村道'))}{run('。')}</w:p>"
        assert lines_of(word(paragraph), "a.docx") == ["修建村道。"]
    rows = [
        f"<w:tr>{cell('序号')}{cell('工作任务')}{cell('牵头单位')}</w:tr>",
        f"<w:tr>{cell('1')}{cell('修建村道')}{control(cell('县交通局'))}</w:tr>",
        control(f"<w:tr>{cell('2')}{control(cell('改造危桥'))}{cell('县水利局')}</w:tr>"),
    ]
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"
    for each in (table, control(table), control(control(table))):
        read = readers.read_source_text(word(each), "a.docx")
        (found,) = read.blocks
        assert [read.text[c.start : c.end] for c in found.cells] == (
            "序号 工作任务 牵头单位 1 修建村道 县交通局 2 改造危桥 县水利局".split()
        )
        assert {(c.row, c.column) for c in found.cells} == {
            (row, column) for row in range(3) for column in range(3)
        }


@pytest.mark.parametrize(
    ("sheet", "attributes", "is_hidden"),
    [
        (".off, p.none { color: red; display : none; }", 'class="on off"', True),
        ("#draft{visibility:hidden}", 'id="draft"', True),
        ("span.off{display:none}", 'class="off"', True),
        ("p.off{display:none}", 'class="off"', False),
        (".off{display:none} .off{display:inline}", 'class="off"', False),
        ("@media print { .off{display:none} }", 'class="off"', False),
        ("div .off{display:none}", "", False),
        ("/* .off{display:none} */", 'class="off"', False),
        (".off{display:none}", 'class="off" style="display:inline"', False),
    ],
)
def test_what_a_style_sheet_hides_is_no_text(sheet, attributes, is_hidden):
    text = f"<style>{sheet}</style><p>由县教育局<span {attributes}>、县审计局</span>负责</p>"
    read = readers.read_source_text(text.encode(), "a.html")
    assert ("县审计局" in read.text) is not is_hidden


@pytest.mark.parametrize(("sign", "is_left_out"), [("②", True), ("[3]", True), ("2", False)])
def test_the_sign_of_a_note_within_a_clause_is_no_part_of_a_name(sign, is_left_out):
    read = readers.read_source_text(f"<p>（县民政局<sup>{sign}</sup>）</p>".encode(), "a.html")
    assert ("（县民政局）" in read.text) is is_left_out
    assert [note.words for note in read.notes] == [sign] * is_left_out


@pytest.mark.parametrize("tag", ["del", "moveFrom"])
def test_what_was_deleted_or_moved_away_is_not_read(tag):
    gone = f'<w:{tag} w:id="1">{run("移走")}</w:{tag}>'
    assert lines_of(word(f"<w:p>{run('修建')}{gone}{run('村道')}</w:p>"), "a.docx") == ["修建村道"]
    mark = f'<w:pPr><w:rPr><w:{tag} w:id="2"/></w:rPr></w:pPr>'
    joined = word(f"<w:p>{mark}{run('修建')}{gone}</w:p>", "村道", "改造危桥")
    assert lines_of(joined, "a.docx") == ["修建村道", "改造危桥"]


def test_a_list_that_restarts_in_word_restarts():
    numbering = levels(90, ("decimal", "%1.", ""), ("decimal", "（%2）", ""))
    numbering += list_(91, 90) + list_(92, 90, [(0, 1)]) + list_(93, 90, [(0, 7), (1, 3)])
    read = lines_of(
        word(
            *(item("甲", id) for id in (91, 91, 92, 92, 93, 91)),
            *(item("乙", 93, 1), item("丙", 93, 1), item("丁", 93), item("戊", 93, 1)),
            numbering=numbering,
        ),
        "a.docx",
    )
    assert read == [
        "1.甲",
        "2.甲",
        "1.甲",
        "2.甲",
        "7.甲",
        "8.甲",
        "（3）乙",
        "（4）丙",
        "9.丁",
        "（1）戊",
    ]


def test_the_number_of_a_style_is_inherited():
    def style(id, base, properties=""):
        return (
            f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{id}"/>'
            f'<w:basedOn w:val="{base}"/><w:pPr>{properties}</w:pPr></w:style>'
        )

    styles = style("A", "Normal", '<w:numPr><w:numId w:val="91"/></w:numPr>')
    styles += style("B", "A", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    styles += style("C", "B") + style("D", "A", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    styles += style("E", "Normal")  # linked by its level alone
    numbering = levels(
        90, ("chineseCounting", "%1、", ""), ("decimal", "%2.", ""),
        ("decimal", "（%3）", '<w:pStyle w:val="E"/>'),
    )  # fmt: skip
    found = word(
        *(item(name, style=name) for name in "ABCDEE"), item("F", 91, 1, "A"), item("A", style="A"),
        numbering=numbering + list_(91, 90), styles=styles,
    )  # fmt: skip
    assert lines_of(found, "a.docx") == [
        "一、A", "1.B", "2.C", "D", "（1）E", "（2）E", "3.F", "二、A",
    ]  # fmt: skip


def test_the_numbers_of_word_are_printed_in_every_style():
    printed = {
        "chineseCounting": "九 十 十一 二十 一百 一百零一 一百一十 一千零一",
        "ideographDigital": "九 一〇 一一 二〇 一〇〇 一〇一 一一〇 一〇〇一",
        "chineseLegalSimplified": "玖 壹拾 壹拾壹 贰拾 壹佰 壹佰零壹 壹佰壹拾 壹仟零壹",
        "upperRoman": "IX X XI XX C CI CX MI",
        "lowerLetter": "i j k t vvvv wwww fffff 1001",
        "decimalEnclosedCircle": "⑨ ⑩ ⑪ ⑳ 100 101 110 1001",
        "ideographTraditional": "壬 癸 11 20 100 101 110 1001",
        "decimalZero": "09 10 11 20 100 101 110 1001",
        "decimalFullWidth": "９ １０ １１ ２０ １００ １０１ １１０ １００１",
        "bullet": "       ",
    }
    for style, numbers in printed.items():
        counted = (9, 10, 11, 20, 100, 101, 110, 1001)
        assert [number_styles.format_number(n, style) for n in counted] == numbers.split(" ")


def test_a_legal_label_is_in_digits_and_a_bare_number_is_one():
    numbering = levels(
        90, ("chineseCounting", "第%1条", ""), ("decimal", "%1.%2", "<w:isLgl/>"),
        ("decimal", "%3", ""),
    )  # fmt: skip
    found = word(
        *(item("甲", 91), item("乙", 91, 1), item("丙", 91, 2)), numbering=numbering + list_(91, 90)
    )
    assert lines_of(found, "a.docx") == ["第一条甲", "1.1乙", "1.丙"]


def test_a_number_does_not_run_into_the_digits_of_the_text(known):
    numbering = levels(90, ("decimal", "%1.", "")).replace("nothing", "tab") + list_(91, 90)
    found = word(
        HEAD, item("3月底前修建村道。（县交通局牵头）", 91), item("2个月内改造。（县水利局牵头）", 91),
        numbering=numbering,
    )  # fmt: skip
    assert numbers_of(found, "a.docx", known) == ["1", "2"]


def test_hidden_words_are_left_out_and_struck_out_ones_are_a_doubt(known):
    style = (
        '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
        '<w:style w:type="character" w:styleId="Deeper"><w:name w:val="Deeper"/>'
        '<w:basedOn w:val="Secret"/></w:style>'
    )
    for look in ("<w:vanish/>", '<w:rStyle w:val="Secret"/>', '<w:rStyle w:val="Deeper"/>'):
        found = word(
            HEAD,
            f"<w:p>{run('1.修建村道')}{run('（内部：', look)}{run('三千万）', look)}"
            f"{run('3条。（县交通局牵头）')}</w:p>",
            styles=style,
        )
        assert lines_of(found, "a.docx")[1] == "1.修建村道3条。（县交通局牵头）"
        assert noted(found, "a.docx") == [("hidden-words", "（内部：三千万）")]
        draft = importing.import_document(found, "a.docx", known)
        assert not summary.select_doubtful(draft)
    off = '<w:vanish w:val="0"/>'
    shown = word(f"<w:p>{run('修建', off)}</w:p>")
    assert lines_of(shown, "a.docx") == ["修建"]
    for look in ("<w:strike/>", "<w:dstrike/>"):
        found = word(
            HEAD,
            "1.修建村道。（县交通局牵头）",
            f"<w:p>{run('2.改造危桥。（县水利局牵头）', look)}</w:p>",
        )
        assert noted(found, "a.docx") == [("struck-out", "2.改造危桥。（县水利局牵头）")]
        draft = importing.import_document(found, "a.docx", known)
        assert [each.rule for each in summary.select_doubtful(draft)] == ["struck-out"]
        assert draft.plan.review == ("struck-out: 2.改造危桥。（县水利局牵头）",)


def test_what_a_line_of_word_holds_beside_words():
    fraction = (
        "<m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f>"
    )
    squared = (
        "<m:sSup><m:e><m:r><m:t>km</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    )
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>cha</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>茶</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    for inner, text in {
        f"{run('建成')}<m:oMath><m:r><m:t>120</m:t></m:r></m:oMath>{run('公里')}": "建成120公里",
        f"{run('完成')}<m:oMath>{fraction}</m:oMath>": "完成3/4",
        f"{run('造林8')}<m:oMath>{squared}</m:oMath>": "造林8km²",
        f"{run('建设')}{ruby}{run('园')}": "建设茶园",
        f"{run('建设')}<w:r><w:br w:type='page'/></w:r>{run('茶园')}": "建设茶园",
        f"{run('建设')}<w:r><w:br w:type='column'/><w:lastRenderedPageBreak/></w:r>{run('茶园')}": "建设茶园",
        f"{run('建设')}<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>{run('二期')}": "建设-二期",
        f"{run('建设')}<w:r><w:footnoteReference w:id='2'/></w:r>{run('茶园')}": "建设茶园",
        f"{run('建设')}<w:r><w:sym w:font='宋体' w:char='2605'/></w:r>{run('茶园')}": "建设★茶园",
    }.items():
        assert lines_of(word(f"<w:p>{inner}</w:p>"), "a.docx") == [text]
    parted = (
        f"<w:p>{run('一、建设茶园。')}<w:r><w:br w:type='page'/></w:r>{run('二、改造茶厂。')}</w:p>"
    )
    assert lines_of(word(parted), "a.docx") == ["一、建设茶园。", "二、改造茶厂。"]


def test_a_text_box_is_read_once_and_does_not_break_its_sentence():
    box = "<w:txbxContent><w:p><w:r><w:t>附注</w:t></w:r></w:p></w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    paragraph = f"<w:p>{run('建设')}<w:r>{both}</w:r>{run('茶园')}</w:p>"
    assert lines_of(word(paragraph), "a.docx") == ["建设茶园", "附注"]


def test_a_table_around_the_article_is_no_table(known):
    article = "".join(
        f"<w:p>{run(line)}</w:p>"
        for line in (
            HEAD,
            "一、重点任务",
            "1.修建村道。（县交通局牵头）",
            "2.改造危桥。（县水利局牵头）",
        )
    )
    table = (
        f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell('栏目')}{cell('首页')}</w:tr>"
        f"<w:tr>{cell('')}<w:tc>{article}</w:tc></w:tr></w:tbl>"
    )
    assert numbers_of(word(table), "a.docx", known) == ["1", "2"]


def test_a_footnote_is_no_part_of_its_sentence_and_a_doubt(known):
    paragraph = f"<w:p>{run('1.建设')}<w:r><w:footnoteReference w:id='2'/></w:r>{run('茶园。（县农业农村局牵头）')}</w:p>"
    notes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{run("指生态茶园。")}</w:p></w:footnote></w:footnotes>'

    def change(name, content):
        if name == "word/_rels/document.xml.rels":
            link = (
                b'<Relationship Id="f" Type="x/footnotes" Target="footnotes.xml"/></Relationships>'
            )
            content = content.replace(b"</Relationships>", link)
        return name, content

    out = io.BytesIO(changed(word(HEAD, paragraph), change))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("word/footnotes.xml", notes)
    assert lines_of(out.getvalue(), "a.docx")[1] == "1.建设茶园。（县农业农村局牵头）"
    assert noted(out.getvalue(), "a.docx") == [("footnote", "指生态茶园。")]
    draft = importing.import_document(out.getvalue(), "a.docx", known)
    assert [each.rule for each in summary.select_doubtful(draft)] == ["footnote"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libre_office_prints_the_same_numbers(tmp_path):
    forms = [
        ("chineseCounting", "%1、", ""),
        ("chineseCountingThousand", "（%2）", ""),
        ("decimal", "%3.", ""),
        ("decimalEnclosedCircleChinese", "%3.%4", ""),
    ]
    numbering = levels(90, *forms) + list_(91, 90) + list_(92, 90, [(0, 98)])
    order = [0, 1, 1, 2, 3, 3, 2, 0, 1, 2, 3, 0, 0, 1, 2]
    paragraphs = [item(f"t{n}", 91 if n < 11 else 92, level) for n, level in enumerate(order)]
    file = tmp_path / "a.docx"
    file.write_bytes(word(*paragraphs, numbering=numbering))
    command = ["soffice", "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    printed = (tmp_path / "a.txt").read_text("utf-8-sig").splitlines()
    assert ["".join(line.split()) for line in lines_of(file.read_bytes(), "a.docx")] == [
        "".join(line.split()) for line in printed if line.strip()
    ]


# HTML


def test_the_numbers_of_an_html_list_are_read(known):
    for attributes, numbers in {
        "": "1. 2. 3.",
        "start=4": "4. 5. 6.",
        "reversed": "3. 2. 1.",
        "reversed start=9": "9. 8. 7.",
        'style="list-style-type: cjk-ideographic"': "一、 二、 三、",
        'style="list-style:none"': "甲 甲 甲",
    }.items():
        items = "<li><p>甲</p></li><li>甲<li><span>甲</span>"
        read = lines_of(f"<ol {attributes}>{items}</ol>", "a.html")
        assert read == [each.replace("甲", "") + "甲" for each in numbers.split()]
    assert lines_of("<ol><li>甲<li value=7>乙<li>丙</ol>", "a.html") == ["1.甲", "7.乙", "8.丙"]
    nested = "<ol><li>甲<ul><li>无</ul><ol><li>乙<li>丙</ol><li>丁</ol>"
    assert lines_of(nested, "a.html") == ["1.甲", "无", "（1）乙", "（2）丙", "2.丁"]
    page = (
        f"<h1>{HEAD}</h1><h2>一、农业</h2><ol><li>修建村道。（县交通局牵头）<li>改造危桥。（县水利局牵头）</ol>"
        "<h2>二、教育</h2><ol start=3><li>建设学校。（县教育局牵头）</ol>"
    )
    assert numbers_of(page, "a.html", known) == ["1", "2", "3"]


def test_a_list_of_links_or_with_numbers_in_its_text_gets_none():
    assert lines_of("<ol><li><a>首页</a> &gt;<li><a>公开</a></ol>", "a.html") == ["首页 >", "公开"]
    assert lines_of("<ol><li>1.甲<li>2.乙</ol>", "a.html") == ["1.甲", "2.乙"]


def test_a_layout_table_is_read_as_lines_and_a_data_table_as_a_table(known):
    article = f"<p>{HEAD}</p><p>一、重点任务</p><p>1.修建村道。（县交通局牵头）</p><p>2.改造危桥。（县水利局牵头）</p>"
    frame = (
        "<table><tr><td>首页<td>公开</tr><tr><td>栏目<td>{}</tr><tr><td>地图<td>版权</tr></table>"
    )
    assert numbers_of(frame.format(article), "a.html", known) == ["1", "2"]
    assert numbers_of(frame.format(article.replace("</p>", "<br>")), "a.html", known) == ["1", "2"]
    words = "".join(f"<p>第{n}项：修建村道，改造危桥，疏浚河道。</p>" for n in range(9))
    data = f"<table><tr><th>工作任务<th>责任单位</tr><tr><td>{words}<td>县交通局</tr></table>"
    (table,) = readers.read_source_text(data.encode(), "a.html").blocks
    assert len(table.cells) == 4


def test_what_a_browser_shows_is_read():
    for inner, text in {
        "建<ruby>设<rp>(</rp><rt>shè</rt></ruby>": "建设",
        "建设<span style='visibility: hidden'>乱码</span>": "建设",
        "建设<span style='font-size:0px'>乱码</span>": "建设",
        "县教育\n      局": "县教育局",
        "Rural\n  roads": "Rural roads",
        "<math><mfrac><mn>3</mn><mn>4</mn></mfrac></math>": "3/4",
    }.items():
        assert lines_of(f"<p>{inner}</p>", "a.html") == [text]
    assert lines_of("<pre>一、甲\n二、乙</pre>", "a.html") == ["一、甲", "二、乙"]
    assert lines_of("<p style='white-space: pre-wrap'>一、甲\n二、乙</p>", "a.html") == [
        "一、甲", "二、乙",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tag", ["s", "del", "strike", "span style='text-decoration: line-through'"]
)
def test_struck_out_html_is_a_doubt(tag):
    end = tag.partition(" ")[0]
    page = f"<p>前</p><p>修建村道<{tag}>和危桥</{end}>。</p>"
    assert noted(page, "a.html") == [("struck-out", "和危桥")]
    table = f"<table><tr><td>1<td><{tag}>甲</{end}>乙</tr><tr><td>2<td>丙</tr></table>"
    assert noted(table, "a.html") == [("struck-out", "甲")]


# Excel


def excel(rows, edit=None, **parts):
    """Return a workbook; *edit* changes it, *parts* are (part, old, new) to change in its files."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data, change):
    """Return the zip file *data* with the parts that *change* gives of (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return out.getvalue()


ROWS = [
    ["序号", "工作任务", "责任单位", "完成时限"],
    [1, "修建村道", "县交通局", None],
    [2, "改造危桥", "县水利局", None],
]


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (1.1, "0.00", "1.10"),
        (6, '0"月"', "6月"),
        (6, '"第"0"季度"', "第6季度"),
        (0.256, "0%", "26%"),
        (0.2565, "0.0%", "25.7%"),
        (1234567.8, "#,##0.0", "1,234,567.8"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"无"', "无"),
        (7, "000", "007"),
        (12, '[DBNum1]General"项"', "十二项"),
        (15000, '[>=10000]0,"千";0', "15千"),
        (88, "[$￥-804]#,##0.00", "￥88.00"),
        (2.5, "General", "2.5"),
        (1 / 3, "General", "0.3333333333"),
        (34012319900101, "0", "34012319900101"),
    ],
)
def test_a_number_is_read_as_excel_shows_it(value, format, shown):
    def edit(book):
        book.active["D2"] = value
        book.active["D2"].number_format = format

    assert shown in lines_of(excel(ROWS, edit), "a.xlsx")


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ('yyyy"年"m"月"', "2027年6月"),
        ('[$-804]yyyy"年"m"月"d"日";@', "2027年6月3日"),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二七年六月三日"),
        ('m"月"d"日"', "6月3日"),
        ("yyyy/m/d", "2027/6/3"),
        ("yyyy\\-mm\\-dd", "2027-06-03"),
        ("mmm-yy", "2027年6月"),
        ("aaaa", "星期四"),
        ("mm-dd-yy", "2027/6/3"),  # format 14, which Excel shows as the system does
    ],
)
def test_a_date_is_read_as_excel_shows_it(format, shown):
    import datetime

    def edit(book):
        book.active["D2"] = datetime.date(2027, 6, 3)
        book.active["D2"].number_format = format

    assert shown in lines_of(excel(ROWS, edit), "a.xlsx")


def test_a_chinese_built_in_format_is_a_date():
    def edit(book):
        book.active["D2"] = 46541
        book.active["D2"].number_format = "0.0000"

    def change(name, content):
        if name == "xl/styles.xml":
            content = re.sub(rb'numFmtId="16\d"(?! formatCode)', b'numFmtId="57"', content)
        return name, content

    assert "2027年6月" in lines_of(changed(excel(ROWS, edit), change), "a.xlsx")


def test_a_time_is_shown_by_its_format():
    import datetime

    moment = datetime.datetime(2027, 6, 3, 14, 5, 9)
    for format, shown in {
        "yyyy/m/d h:mm": "2027/6/3 14:05",
        "h:mm AM/PM": "2:05 PM",
        '上午/下午h"时"mm"分"': "下午2时05分",
        "mm:ss": "05:09",
    }.items():
        assert number_formats.format_value(moment, format) == shown
    assert number_formats.format_value(datetime.timedelta(hours=30), "[h]:mm") == "30:00"


def test_hidden_sheets_are_left_out_and_hidden_rows_and_columns_are_a_doubt(known):
    def edit(book):
        for state in ("hidden", "veryHidden"):
            sheet = book.create_sheet(f"旧稿{state}")
            sheet.append(["旧任务"])
            sheet.sheet_state = state
        book.active.row_dimensions[2].hidden = True
        book.active.row_dimensions[3].hidden = True

    data = excel([[HEAD], *ROWS], lambda book: (edit(book), None))
    assert "旧任务" not in lines_of(data, "a.xlsx")
    assert sorted(noted(data, "a.xlsx")) == [
        ("hidden-row", "序号"), ("hidden-sheet", "旧稿hidden"), ("hidden-sheet", "旧稿veryHidden"),
    ]  # fmt: skip
    draft = importing.import_document(data, "a.xlsx", known)
    assert [each.rule for each in summary.select_doubtful(draft)] == ["hidden-row"]

    def hide_column(book):
        book.active.column_dimensions["C"].hidden = True

    assert noted(excel(ROWS, hide_column), "a.xlsx") == [("hidden-column", "责任单位")]


def test_struck_out_cells_are_a_doubt():
    def edit(book):
        book.active["B2"].font = Font(strike=True)
        book.active["B3"] = CellRichText("改造", TextBlock(InlineFont(strike=True), "危桥"), "。")

    assert noted(excel(ROWS, edit), "a.xlsx") == [
        ("struck-out", "修建村道"),
        ("struck-out", "危桥"),
    ]
    plain = workbook.read_workbook(excel(ROWS, edit)).sheets[0].cells[2, 2]
    assert plain.text == "修建村道"


@pytest.mark.parametrize("name", ["a.csv", "a.html", "a.xlsx"])
def test_a_carriage_return_of_excel_ends_a_line(name, known):
    cell = "县交通局_x000D_\n县水利局"
    if name == "a.xlsx":
        data = changed(
            excel([*ROWS[:1], [1, "修建村道", "县交通局@县水利局", None]]),
            lambda part, content: (part, content.replace(b"@", b"_x000D_\n")),
        )
    elif name == "a.csv":
        data = f'工作任务,责任单位\n修建村道,"{cell}"\n'
    else:
        data = f"<table><tr><td>工作任务<td>责任单位</tr><tr><td>修建村道<td>{cell}</tr></table>"
    draft = importing.import_document(data.encode() if isinstance(data, str) else data, name, known)
    (task,) = (entry.task for entry in iter_tasks(draft.plan))
    assert task.get_agency_names(Role.PARTICIPATE) == ("县交通局", "县水利局")


def test_a_workbook_with_names_in_any_case_is_read():
    names = {
        "xl/sharedStrings.xml": "xl/SharedStrings.xml",
        "xl/worksheets/sheet1.xml": "xl\\worksheets\\Sheet1.xml",
    }
    odd = changed(excel(ROWS), lambda name, content: (names.get(name, name), content))
    assert lines_of(odd, "a.xlsx") == lines_of(excel(ROWS), "a.xlsx")


# Plain text and Markdown


def test_a_table_of_tabs_in_a_text_is_a_table(known):
    rows = '序号\t工作任务\t责任单位\n一、农业\t\t\n1\t种植油茶\t县农业农村局\n二、交通\n2\t"修建\n村道"\t县交通局\n'
    for text in (rows, f"{HEAD}\n现将任务印发。\n\n{rows}\n\n附则\n"):
        for data in (text.encode(), text.encode("utf-16"), text.replace("\n", "\r\n").encode()):
            draft = importing.import_document(data, "a.txt", known)
            assert [(e.task.no, e.task.text, e.task.get_agency_names(Role.PARTICIPATE)) for e in iter_tasks(draft.plan)] == [
                ("1", "种植油茶", ("县农业农村局",)), ("2", "修建村道", ("县交通局",)),
            ]  # fmt: skip


def test_a_tab_behind_a_number_makes_no_table(known):
    text = f"{HEAD}\n1.\t修建村道。（县交通局牵头）\n2.\t改造危桥。（县水利局牵头）\n"
    read = readers.read_source_text(text.encode(), "a.txt")
    assert len(read.blocks) == 3
    assert numbers_of(text, "a.txt", known) == ["1", "2"]


@pytest.mark.parametrize("space", ["", "\u3000", "  ", "\u3000\u3000"])
def test_marks_of_markdown_in_a_text_are_marks(space, known):
    text = (
        f"# {HEAD}\n\n{space}**一、重点任务**\n\n{space}**（一）修建村道**\n\n修建村道。（责任单位：县交通局）\n\n"
        f"{space}- **（二）改造危桥**\n\n改造危桥。（责任单位：县水利局）\n"
    )
    as_text, as_markdown = (
        importing.import_document(text.encode(), f"a.{x}", known) for x in ("txt", "md")
    )
    assert as_text.plan == as_markdown.plan
    assert as_text.plan.title == HEAD
    assert [entry.task.no for entry in iter_tasks(as_text.plan)] == ["一", "二"]


@pytest.mark.parametrize("line", ["- 2 -", "a * b * c", "3 # 4", "**", "#1泊位", "—— 2 ——"])
def test_a_text_without_marks_stays_as_it_is(line):
    assert lines_of(f"修建村道\n{line}\n改造危桥", "a.txt") == ["修建村道", line, "改造危桥"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("2. 修渠。（*责任单位*：县水利局）", "2. 修渠。（责任单位：县水利局）"),
        ("2. ***修渠***。（**责任单位**：县水利局）", "2. 修渠。（责任单位：县水利局）"),
        ("\u200b**2. 修渠。**", "2. 修渠。"),
        ("2. 规格为 5 * 6 米", "2. 规格为 5 * 6 米"),
    ],
)
def test_marks_within_a_line_are_not_shown(line, shown):
    assert (
        readers.read_source_text(f"\u2060# 工作方案\n{line}\n".encode(), "a.txt").text.splitlines()[
            1
        ]
        == shown
    )


def test_the_numbers_of_a_markdown_list_are_those_that_are_shown():
    text = "1. 甲\n1. 乙\n   1. 丙\n   1. 丁\n1. 戊\n\n# 二\n\n4. 己\n4. 庚\n\n2024. 年\n"
    assert lines_of(text, "a.md")[:8] == [
        "1. 甲", "2. 乙", "   1. 丙", "   2. 丁", "3. 戊", "二", "4. 己", "5. 庚",
    ]  # fmt: skip
    assert lines_of("1. 甲\n\n说明\n\n2. 乙\n", "a.md") == ["1. 甲", "说明", "2. 乙"]
