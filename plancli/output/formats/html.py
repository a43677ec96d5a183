"""Write one self-contained page for browsers, mail and printing."""

from collections.abc import Iterator
from typing import BinaryIO

from plancli.output.formats.columns import (
    NARROW_COLUMN,
    OPTIONAL_COLUMNS,
    iter_with_headings,
    select_columns,
)
from plancli.output.formats.markup import escape_xml
from plancli.results.charts import Network, TileMap
from plancli.results.document import AnswerTable, Document

PAGE_STYLE = """
:root{color-scheme:light dark;--line:#8886;--head:#8882}
body{font:16px/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;
 max-width:80rem;margin:1.5rem auto;padding:0 1rem}
h1{font:600 1.5rem/1.4 "方正小标宋简体","Noto Serif CJK SC","Source Han Serif SC","Songti SC","SimSun",serif;
 text-align:center;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.2rem 0;opacity:.8}
div{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin-top:.8rem}
td,th{border:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top;white-space:pre-line}
thead th{background:var(--head);text-align:center;white-space:nowrap}
tbody th{background:var(--head)}
td:not(.short){min-width:8em}
.short{text-align:center;white-space:pre}
.matrix table{width:auto}.matrix thead th:not(:first-child){writing-mode:vertical-lr;text-align:left;padding:.5rem .2rem}
.matrix td{min-width:0;white-space:nowrap}.matrix td:first-child{white-space:normal;min-width:9em;max-width:14em;position:sticky;left:0;background:Canvas}
.matrix .short{text-align:left}figure{margin:1rem 0;text-align:center}
svg{max-width:100%;height:auto;background:#fff}
@media print{@page{size:A4 landscape;margin:15mm}body{font-size:10.5pt;margin:0;max-width:none}
 thead{display:table-header-group}tr{break-inside:avoid}div{overflow:visible}}
"""


def write_html(document: Document, out: BinaryIO) -> None:
    """Write the answer's tables, with the lists and sections of tasks between their rows."""
    title = document.title or document.tables[0].name
    out.write(
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape_xml(title)}</title><style>{PAGE_STYLE}</style></head>\n"
        f"<body><h1>{escape_xml(title)}</h1>\n".encode()
    )
    for note in document.notes:
        out.write(f"<p>{escape_xml(note)}</p>\n".encode())
    if isinstance(document.chart, TileMap | Network) and document.chart:
        from plancli.output.formats import images  # needed for charts only

        out.write(f"<figure>{images.render_inline_svg(document.chart)}</figure>\n".encode())
    for table in document.tables:
        if len(document.tables) > 1:
            out.write(f"<h2>{escape_xml(table.name)}</h2>\n".encode())
        for line in _render_table(document, table):
            out.write(line.encode())
    out.write(b"</body></html>\n")


def _render_table(document: Document, table: AnswerTable) -> Iterator[str]:
    shown = select_columns(table, document.empty_columns | OPTIONAL_COLUMNS - {"clause"})
    heads = "".join(f'<th scope="col">{escape_xml(each.heading)}</th>' for each in shown)
    kind = ' class="matrix"' if table.headers else ""
    yield f"<div{kind}><table><thead><tr>{heads}</tr></thead><tbody>\n"
    for starting, row in iter_with_headings(table.result):
        for heading in starting:
            text = escape_xml(heading)
            yield f'<tr><th scope="rowgroup" colspan="{len(shown)}">{text}</th></tr>\n'
        cells = (
            _render_cell(str(each.get_value(row)), each.width <= NARROW_COLUMN) for each in shown
        )
        yield f"<tr>{''.join(cells)}</tr>\n"
    yield "</tbody></table></div>\n"


def _render_cell(text: str, short: bool) -> str:
    kind = ' class="short"' if short else ""
    return f"<td{kind}>{escape_xml(text)}</td>"
