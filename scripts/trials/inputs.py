"""What the fuzzer begins with: seeds, words of each format, and changes inside packed files."""

import io
import random
import shutil
import zipfile
from pathlib import Path

TESTS = Path(__file__).parents[2] / "tests"
DOCUMENTS, HOSTILE = TESTS / "documents", TESTS / "hostile"
PACKED = frozenset({"xlsx", "docx", "returned"})
LAW = (
    "一、|（一）|(二)|1.|2、|3．|（1）|①|第一条|一是|二是|1.1|任务一：|牵头单位：|责任单位: |完成时限：|分管领导："
    "|省科技厅|省财政厅、教育厅|甲市、乙市人民政府|各市、县（市、区）人民政府|有关部门|等|牵头|按职责分工负责"
    "|配合|会同|负责|（|）|〔|〕|【|】|。|；|，|、|:|\n|\r\n|\t|\f|\v|\x00|\u200b|\u3000|— 3 —|\u202e"
    "|排在第一位的为牵头部门|下同|6月底前完成|及|和|以及|2022年|工作要点|附件|目录|=1+1|具体由|不再|上述"
)
XML = (
    '<w:p>|</w:p>|<w:tbl>|<w:tr>|<w:tc>|<w:sdt><w:sdtContent>|<w:vMerge/>|<w:gridSpan w:val="9999999"/>'
    '|w:val="-1"|w:val="x"|w:val=""|<w:numPr>|<w:ilvl w:val="99"/>|<w:numId w:val="1"/>|<c r="XFD1048576"/>'
    '|t="s"|t="n"|t="d"|t="e"|t="b"|t="inlineStr"|<v>1e999</v>|<v>-1</v>|<v>99999999999</v>|<f>1</f>|<mergeCell ref="A1:XFD1048576"/>'
    '|r="A0"|r="1"|s="999"|count="-1"|&#0;|&#x1F;|&amp;|_x0000_|_xD800_|<!DOCTYPE a>|<![CDATA[|]]>|<!--|xml:space="preserve"'
)
WORDS = {
    "source": "id: |title: |year: |lists:\n- |tasks:\n- |sections:\n- |'no': |text: |clause: |duties:\n- lead: [|participate: |open_end: "
    "|regions:\n- |agencies:\n- |name: |type: |source:\n  |date: |reports:\n- |strays: |now: |when: |&a |*a|!!str |? |: |---\n|...\n"
    "|[|]|{|}|\"|'|| |>-|\\x00|\\ud800|\\u2028|~|null|\u202e|\ufeff",
    "html": "<p>|</p>|<table>|<tr>|<td>|<td rowspan=1000 colspan=1000>|</table>|<div>|<h1>|<br>|<li>|<span hidden>|<script>|</script>|<!--|-->"
    "|&nbsp;|&#0;|&#xD800;|&#x202e;|<svg>|<template>|<title>|<head>|<body>|<?xml encoding='utf-16'?>|<!DOCTYPE html>|<meta charset=gbk>",
    "md": "| a | b |\n|---|---|\n|# |**|__|`|- |> |<br>|\\||\\*|```\n|1. ",
    "csv": ',|"|""|;|\t|\r\n|\x00|序号,工作任务,责任单位\n',
    "json": '[|]|{|}|"|:|,|null|true|1e999|-1|NaN|Infinity|\\ud800|\\u0000|{"data": [',
    "xlsx": XML,
    "docx": XML,
    "returned": XML,
    "pdf": "1 0 obj\n|endobj\n|stream\n|endstream|<< /Type /Page /Parent 1 0 R|/Kids [1 0 R]|/Count 999999999|/Length -1|xref\n|trailer\n"
    "|startxref\n|BT|ET|Tj|TJ|Tf|Td|cm|re|f|q|Q|Do|/Filter /FlateDecode|/MediaBox [0 0 1e9 1e9]|/Encrypt|%%EOF",
}


def longest(target: str) -> int:
    """Return the bytes of the longest input, where it is not the usual."""
    return {"xlsx": 80_000, "docx": 80_000, "returned": 80_000, "clause": 4_500}.get(target, 0)


def write(target: str, folder: Path) -> None:
    """Fill *folder* with seeds for *target* and the words of its format."""
    words = f"{LAW}|{WORDS.get(target, '')}".split("|")
    lines = (quoted(word.encode("utf-8", "surrogatepass")) for word in words if word)
    (folder / "words.dict").write_text("".join(lines), "ascii")
    seeds = folder / "seeds"
    for file in seeds_of(target):
        shutil.copy(file, seeds)
    for name, data in made(target).items():
        (seeds / name).write_bytes(data)


def quoted(word: bytes) -> str:
    return '"' + "".join(f"\\x{byte:02X}" for byte in word) + '"\n'


def seeds_of(target: str) -> list[Path]:
    kept = [each for each in (HOSTILE / target).glob("*") if each.is_file()]
    if target == "source":
        return [*kept, TESTS / "small.yaml", TESTS / "numbers" / "plan.yaml"]
    return [*kept, *DOCUMENTS.glob(f"*.{target}")]


def made(target: str) -> dict[str, bytes]:
    """Return seeds that no document gives: small, whole, of each kind."""
    if target == "clause":
        from tests.papers import clauses

        said = Path(clauses.__file__).read_text("utf-8").split('"')
        return {f"c{n}": each.encode() for n, each in enumerate(said) if "、" in each}
    if target == "source":
        kept = b"reports:\n- id: a\n  plan: p\n  'no': '1'\n  body: b\n  role: lead\n  task: t\n  now:\n    state: s\n    when: 2022-06-30T17:00:00+08:00\n"
        bodies = "agencies:\n- name: 省科技厅\n  type: 省级\n".encode()
        places = "regions:\n- name: 合肥\n  level: 市\n".encode()
        return {"progress": kept, "agencies": bodies, "regions": places}
    if target == "pdf":
        return {"plain.pdf": pdf()}
    if target == "returned":
        return {"sheet.xlsx": sheet()}
    if target == "xlsx":
        return {each.name: light(each.read_bytes()) for each in seeds_of(target)}
    return {}


def light(data: bytes) -> bytes:
    """Return a workbook without what no reader of ours looks at, nor openpyxl misses."""
    passed = ("theme", "docProps/thumbnail", "webSettings", "fontTable", "stylesWithEffects")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for each in old.namelist():
            if not any(part in each for part in passed):
                new.writestr(each, old.read(each))
    return out.getvalue()


def pdf() -> bytes:
    """Return a small PDF file whose streams are not packed."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, pageCompression=0, invariant=True)
    for n in range(4):
        page.drawString(72, 700 - 20 * n, f"{n + 1}. build (A lead, B)")
    page.grid([72, 150, 300], [400, 420, 440, 460])
    page.drawString(80, 425, "1")
    page.drawString(160, 425, "text")
    page.save()
    return out.getvalue()


def sheet() -> bytes:
    """Return a work sheet as it comes back."""
    from openpyxl import Workbook

    from plancli.tracking import sheet_columns as ours
    from tests.hostile import given

    duty = given()[0]
    book = Workbook()
    listed = book.active
    listed.append([f"单位：{duty.agency}（牵头 1 项，参与、负责 0 项）"])
    listed.append([*ours.HEADINGS.values(), ours.ID_HEADING])
    cells = ours.build_cells(duty)
    listed.append([*(cells.get(name, "进展") for name in ours.HEADINGS), duty.id])
    listed.merge_cells("A3:B3")
    meta = book.create_sheet(ours.META_SHEET)
    meta.append([duty.plan, "v", duty.agency])
    out = io.BytesIO()
    book.save(out)
    return light(out.getvalue())


def repacked(data: bytes, most: int, seed: int) -> bytes:
    """Return a packed file with one of its parts changed; now and then, its bytes."""
    import atheris

    chance = random.Random(seed)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = {each: packed.read(each) for each in packed.namelist()[:60]}
    except Exception:
        parts = {}
    if not parts or chance.random() < 0.05:
        return bytes(atheris.Mutate(data, most))
    for _turn in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(likely(list(parts)))
        parts[name] = changed(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue() if len(out.getvalue()) <= most else data


def likely(names: list[str]) -> list[str]:
    """Return *names*, those that matter most several times."""
    telling = ("document.xml", "sheet1.xml", "numbering.xml", "sharedStrings", "styles.xml")
    return names + [each for each in names if each.endswith(telling)] * 6


def changed(part: bytes, chance: random.Random) -> bytes:
    """Return *part* with bytes changed, or an element doubled, dropped, moved or put within."""
    import atheris

    if chance.random() < 0.4:
        return bytes(atheris.Mutate(part, len(part) + 200))
    pieces = part.split(b"<")
    if len(pieces) < 4:
        return part
    at, other = sorted(chance.randrange(1, len(pieces)) for _ in range(2))
    other = min(other, at + 40)
    some = pieces[at : other + 1]
    kind = chance.randrange(5)
    if kind == 0:
        pieces[at:at] = some * chance.choice((1, 2, 50))
    elif kind == 1:
        del pieces[at : other + 1]
    elif kind == 2:
        there = chance.randrange(1, len(pieces))
        pieces[there:there] = some
    elif kind == 3:
        words = XML.split("|")
        pieces.insert(at, chance.choice(words).lstrip("<").encode())
    else:
        piece = pieces[at]
        first = piece.find(b'"')
        last = piece.find(b'"', first + 1)
        if first >= 0 < last:
            value = chance.choice(
                (b"", b"-1", b"0", b"99999999", b"x", b"1.5", b"A1:XFD1048576", b"9" * 5000)
            )
            pieces[at] = piece[: first + 1] + value + piece[last:]
    return b"<".join(pieces)
