"""A matrix on paper: bodies below each other, what they are beside stands upright above."""

from plancli.draw.sheet import DARK, GREY, INK, LINE, PALE, Said, Sheet, room
from plancli.picture import TASKS, TOTAL, Head, Matrix, Part

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
    names = [upright(head) for head in heads]
    name = room((*picture.bodies, TASKS)) + GAP
    widths = [
        max(room([*(row[m].said for row in rows), str(head.tasks)]), room(names[m])) + GAP
        for m, head in enumerate(heads)
    ]
    top = max(map(len, names)) * LINE + 0.1
    high = top + ROW * (len(rows) + 1)
    sheet = Sheet(name + sum(widths), high, said)
    x = name
    for m, head in enumerate(heads):
        for n, line in enumerate(names[m]):
            sheet.text(x + widths[m] / 2, LINE * (n + 0.5), line, ha="center", weight="bold")
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


def upright(head: Head) -> list[str]:
    """Return a heading as lines of one character, or two beside each other: read downwards."""
    name = head.name.replace(" ", "　")
    columns = -(-len(name) // UPRIGHT)
    deep = -(-len(name) // columns)
    parts = [name[n : n + deep].ljust(deep, "　") for n in range(0, len(name), deep)]
    lines = ["".join(reversed(each)) for each in zip(*parts, strict=True)]
    return [*head.number.split(), *lines]
