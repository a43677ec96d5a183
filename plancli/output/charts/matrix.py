"""A matrix on paper: bodies below each other, what they are beside stands upright above."""

from plancli.output.charts.canvas import DARK, GREY, INK, LINE, PALE, Said, Sheet, room, shown
from plancli.results.charts import TASKS, TOTAL, Head, Matrix, Part

ROW = LINE * 1.25
GAP = 0.16  # inches, between what stands in two columns
UPRIGHT = 14  # characters of a heading; a longer one goes on in a second column of characters


def drawn(picture: Matrix, said: Said) -> Sheet:
    """Return the matrix on a sheet as large as it needs."""
    none = Part()
    heads = (*picture.heads, Head("", TOTAL, picture.tasks))
    rows = [
        [*(picture.cells.get((n, m), none) for m in range(len(picture.heads))), total]
        for n, total in enumerate(picture.totals)
    ]
    names = [(head.number.split(), upright(head.name)) for head in heads]
    name = room((*picture.bodies, TASKS)) + GAP
    widths = [
        max(room([*(row[m].said for row in rows), str(head.tasks), *names[m][0]]),
            LINE * len(names[m][1])) + GAP
        for m, head in enumerate(heads)
    ]  # fmt: skip
    top = max(len(above) + len(name[0]) for above, name in names) * LINE + 0.1
    high = top + ROW * (len(rows) + 1)
    sheet = Sheet(name + sum(widths), high, said)
    x = name
    for m, head in enumerate(heads):
        _head(sheet, x + widths[m] / 2, top - 0.1, *names[m])
        for n, row in enumerate(rows):
            y = top + ROW * n
            if not any(row[m]):
                continue
            if row[m].lead:
                sheet.box(x, y, widths[m], ROW, facecolor=PALE, edgecolor="none")
            colour = DARK if row[m].lead else INK
            sheet.text(x + GAP / 2, y + ROW / 2, row[m].said, color=colour)
        sheet.text(x + GAP / 2, high - ROW / 2, str(head.tasks), color=GREY)
        x += widths[m]
        sheet.line((x, x), (top, high), color=PALE)
    for n, body in enumerate((*picture.bodies, TASKS)):
        y = top + ROW * n
        sheet.line((0, x), (y, y), color=GREY if n in (0, len(rows)) else PALE)
        sheet.text(0, y + ROW / 2, body, color=GREY if body is TASKS else INK)
    return sheet


def _head(sheet: Sheet, middle: float, bottom: float, above: list[str], columns: list[str]) -> None:
    """Write a heading that ends above its column: its number across, its name downwards."""
    y = bottom - LINE * (len(above) + len(columns[0]) - 0.5)
    for line in above:
        sheet.text(middle, y, line, ha="center", weight="bold")
        y += LINE
    for m, column in enumerate(columns):  # from the right to the left
        x = middle + LINE * ((len(columns) - 1) / 2 - m)
        for n, char in enumerate(column):
            sheet.text(x, y + LINE * n, char, ha="center", weight="bold")


def upright(name: str) -> list[str]:
    """Return a name as columns of characters, about as long as each other; the first the longest.

    Each is read downwards, the next one stands at its left.
    """
    name = shown(name)
    deep = -(-len(name) // -(-len(name) // UPRIGHT))
    return [name[n : n + deep] for n in range(0, len(name), deep)]
