"""Draw a matrix: agencies as rows, headers upright above their columns."""

from plancli.output.charts.canvas import (
    DARK,
    GREY,
    INK,
    LINE_HEIGHT,
    PALE,
    ChartCanvas,
    ChartCaption,
    escape_glyphs,
    measure_text,
)
from plancli.results.charts import TASKS_LABEL, TOTAL_LABEL, ColumnHeader, Matrix, RoleCounts

ROW_HEIGHT = LINE_HEIGHT * 1.25
# Inches between the contents of two columns.
COLUMN_GAP = 0.16
# Characters in a line of an upright header; a longer one continues in a second line.
MAX_HEADER_CHARS = 14


def draw_matrix(picture: Matrix, caption: ChartCaption) -> ChartCanvas:
    """Draw the matrix on a canvas as large as it needs."""
    none = RoleCounts()
    heads = (*picture.headers, ColumnHeader("", TOTAL_LABEL, picture.tasks))
    rows = [
        [*(picture.cells.get((n, m), none) for m in range(len(picture.headers))), total]
        for n, total in enumerate(picture.totals)
    ]
    names = [(head.number.split(), split_upright(head.name)) for head in heads]
    name = measure_text((*picture.agencies, TASKS_LABEL)) + COLUMN_GAP
    widths = [
        max(measure_text([*(row[m].label for row in rows), str(head.tasks), *names[m][0]]),
            LINE_HEIGHT * len(names[m][1])) + COLUMN_GAP
        for m, head in enumerate(heads)
    ]  # fmt: skip
    top = max(len(above) + len(name[0]) for above, name in names) * LINE_HEIGHT + 0.1
    high = top + ROW_HEIGHT * (len(rows) + 1)
    sheet = ChartCanvas(name + sum(widths), high, caption)
    x = name
    for m, head in enumerate(heads):
        _draw_header(sheet, x + widths[m] / 2, top - 0.1, *names[m])
        for n, row in enumerate(rows):
            y = top + ROW_HEIGHT * n
            if not any(row[m]):
                continue
            if row[m].lead:
                sheet.draw_box(x, y, widths[m], ROW_HEIGHT, facecolor=PALE, edgecolor="none")
            colour = DARK if row[m].lead else INK
            sheet.draw_text(x + COLUMN_GAP / 2, y + ROW_HEIGHT / 2, row[m].label, color=colour)
        sheet.draw_text(x + COLUMN_GAP / 2, high - ROW_HEIGHT / 2, str(head.tasks), color=GREY)
        x += widths[m]
        sheet.draw_line((x, x), (top, high), color=PALE)
    for n, agency in enumerate((*picture.agencies, TASKS_LABEL)):
        y = top + ROW_HEIGHT * n
        sheet.draw_line((0, x), (y, y), color=GREY if n in (0, len(rows)) else PALE)
        sheet.draw_text(0, y + ROW_HEIGHT / 2, agency, color=GREY if agency is TASKS_LABEL else INK)
    return sheet


def _draw_header(
    sheet: ChartCanvas, middle: float, bottom: float, above: list[str], columns: list[str]
) -> None:
    """Draw a header above its column: its number across, its name downwards."""
    y = bottom - LINE_HEIGHT * (len(above) + len(columns[0]) - 0.5)
    for line in above:
        sheet.draw_text(middle, y, line, ha="center", weight="bold")
        y += LINE_HEIGHT
    for m, column in enumerate(columns):  # from right to left
        x = middle + LINE_HEIGHT * ((len(columns) - 1) / 2 - m)
        for n, char in enumerate(column):
            sheet.draw_text(x, y + LINE_HEIGHT * n, char, ha="center", weight="bold")


def split_upright(name: str) -> list[str]:
    """Split a name into upright lines of similar length, the first the longest.

    Each is read downwards, and the next one is on its left.
    """
    name = escape_glyphs(name)
    deep = -(-len(name) // -(-len(name) // MAX_HEADER_CHARS))
    return [name[n : n + deep] for n in range(0, len(name), deep)]
