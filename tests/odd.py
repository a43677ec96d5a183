"""Office files as odd programs write them, or with all broken that holds none of their words."""

import re
import zipfile
from io import BytesIO

Parts = dict[str, bytes]
USUAL = re.compile(rb"http://schemas\.openxmlformats\.org/(\w+)/2006/([\w/]+)")
NEEDED = re.compile(
    r"\[content_types\]|\.rels$|workbook\.xml|sheet\d|sharedstrings|document\.xml|styles|numbering",
    re.IGNORECASE,
)
BROKEN = b"<broken"
BAD_STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<fonts><font>'
    b'<sz val="x"/></font></fonts><fills><fill/></fills><borders><border diagonalUp="?"/></borders>'
    b'<cellStyleXfs><xf fontId="99"/></cellStyleXfs><cellXfs>%s</cellXfs><cellStyles><cellStyle/>'
    b'</cellStyles><dxfs count="x"><dxf><fill/></dxf></dxfs></styleSheet>'
)
# What stands beside the cells of a sheet, or the sheets of a workbook, and means nothing for them.
BESIDE_CELLS = (
    b'<sheetProtection algorithmName="?" spinCount="x"/><autoFilter ref="?"/>'
    b'<conditionalFormatting sqref="?"><cfRule type="?" priority="x"/></conditionalFormatting>'
    b'<dataValidations count="x"><dataValidation type="?" sqref="?"/></dataValidations>'
    b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="a"/></hyperlinks>'
    b'<pageSetup orientation="?" paperSize="x"/><legacyDrawing r:id="rId99" %s/>'
    b'<tableParts count="x"/>'
)
BESIDE_SHEETS = (
    b'<externalReferences><externalReference r:id="rId98" %s/></externalReferences><definedNames>'
    b'<definedName name="_xlnm.Print_Area" localSheetId="77">#REF!</definedName><definedName/>'
    b'</definedNames><calcPr calcMode="?"/><pivotCaches><pivotCache cacheId="?" r:id="rId99" %s/>'
    b"</pivotCaches>"
)
LINKS = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: Parts) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def _strict(match: re.Match[bytes]) -> bytes:
    if match[1] == b"package":
        return match[0]
    return b"http://purl.oclc.org/ooxml/%s/%s" % match.groups()


def strict(parts: Parts) -> Parts:
    return {
        name: data if name == "[Content_Types].xml" else USUAL.sub(_strict, data)
        for name, data in parts.items()
    }


def without(name: str) -> object:
    return lambda parts: {each: data for each, data in parts.items() if each != name}


def with_backslashes(parts: Parts) -> Parts:
    return {
        name.replace("/", "\\"): re.sub(
            rb'(Target="[^"]*")', lambda found: found[1].replace(b"/", b"\\"), data
        )
        if name.endswith(".rels") and b"External" not in data
        else data
        for name, data in parts.items()
    }


def with_broken_metadata(parts: Parts) -> Parts:
    more = ("docProps/core.xml", "docProps/custom.xml", "docProps/app.xml")
    kept = {name: data if NEEDED.search(name) else BROKEN for name, data in parts.items()}
    return kept | dict.fromkeys(more, BROKEN)


def with_odd_dates(parts: Parts) -> Parts:
    core = parts["docProps/core.xml"]
    return {**parts, "docProps/core.xml": re.sub(rb">[\d-]+T[\d:]+Z<", b">2022-06-30 25:61<", core)}


def with_bad_styles(parts: Parts) -> Parts:
    """All but the forms of numbers is bad; Word has none."""
    name = next(each for each in parts if each.endswith("styles.xml"))
    kept = [
        b"".join(re.findall(pattern, parts[name], re.DOTALL))
        for pattern in (rb"<numFmts.*</numFmts>", rb"<cellXfs[^>]*>(.*?)</cellXfs>")
    ]
    return {**parts, name: BAD_STYLES % tuple(kept) if kept[1] else BROKEN}


def with_shared_texts(parts: Parts) -> Parts:
    """Let the cells share their texts, as most programs do."""
    shared: list[bytes] = []

    def share(found: re.Match[bytes]) -> bytes:
        shared.append(found[2])
        return b'%s t="s"><v>%d</v></c>' % (found[1], len(shared) - 1)

    cell = re.compile(rb'(<c\b[^>]*?) t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    changed = {name: cell.sub(share, data) for name, data in parts.items()}
    texts = b"".join(b"<si>%s</si>" % each for each in shared)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return {**changed, "xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (main, texts)}


def with_bad_neighbours(parts: Parts) -> Parts:
    changed = dict(parts)
    for name, data in parts.items():
        if "worksheets/sheet" in name and name.endswith(".xml"):
            changed[name] = data.replace(b"</sheetData>", b"</sheetData>" + BESIDE_CELLS % LINKS)
    book = parts["xl/workbook.xml"]
    more = BESIDE_SHEETS % (LINKS, LINKS)
    changed["xl/workbook.xml"] = book.replace(b"</sheets>", b"</sheets>" + more)
    return changed


def in_utf_16(parts: Parts) -> Parts:
    return {
        name: re.sub("^<\\?xml.*?\\?>", "", data.decode("utf-8")).encode("utf-16")
        if name.endswith("sheet1.xml")
        else data
        for name, data in parts.items()
    }


ANY = {
    "Strict Open XML": strict,
    "names in capitals": lambda parts: {name.upper(): data for name, data in parts.items()},
    "names with backslashes": with_backslashes,
    "names from the root": lambda parts: {f"/{name}": data for name, data in parts.items()},
    "no list of types": without("[Content_Types].xml"),
    "no links of the file": without("_rels/.rels"),
    "broken metadata": with_broken_metadata,
    "odd dates": with_odd_dates,
}
SHEETS = ANY | {
    "no links of the workbook": without("xl/_rels/workbook.xml.rels"),
    "bad styles": with_bad_styles,
    "bad neighbours of the cells": with_bad_neighbours,
    "a sheet in UTF-16": in_utf_16,
}
