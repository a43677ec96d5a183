"""Bars on paper: a row each, what leads dark, what takes part light."""

from plancli.output.charts.canvas import DARK, GREY, LINE, Said, Sheet, room
from plancli.results.charts import Bars

ROW = LINE * 1.3
LONGEST = 4.2  # inches
SHADES = (DARK, "#a9c1d9")


def drawn(picture: Bars, said: Said) -> Sheet:
    """Return every group below its name."""
    groups = {name: rows for name, rows in picture.groups.items() if rows}
    label = max(room(row[0] for row in rows) for rows in groups.values()) + 0.15
    high = sum(ROW * (len(rows) + 2) for rows in groups.values())
    sheet = Sheet(label + LONGEST + 1, high, said)
    y = 0.0
    for name, rows in groups.items():
        sheet.text(0, y + ROW / 2, name, weight="bold")
        y += ROW
        most = max(sum(counts) for _name, counts in rows)
        for called, counts in rows:
            _bar(sheet, called, counts, LONGEST / most, label, y)
            y += ROW
        sheet.line((label, label), (y - ROW * len(rows), y))
        y += ROW
    return sheet


def _bar(
    sheet: Sheet, called: str, counts: tuple[int, ...], scale: float, label: float, y: float
) -> None:
    sheet.text(label - 0.1, y + ROW / 2, called, ha="right")
    x = label
    for count, shade in zip(counts, SHADES, strict=False):
        sheet.box(x, y + ROW * 0.14, count * scale, ROW * 0.72, facecolor=shade, edgecolor="none")
        x += count * scale
    numbers = " + ".join(map(str, counts)) if len(counts) > 1 else str(counts[0])
    sheet.text(x + 0.08, y + ROW / 2, numbers, color=GREY)
