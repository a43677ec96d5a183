"""Draw bar charts: one row per name, led tasks dark, others light."""

from plancli.output.charts.canvas import (
    DARK,
    GREY,
    LINE_HEIGHT,
    ChartCanvas,
    ChartCaption,
    measure_text,
)
from plancli.results.charts import BarChart

ROW_HEIGHT = LINE_HEIGHT * 1.3
MAX_BAR_LENGTH = 4.2  # inches
ROLE_COLOURS = (DARK, "#a9c1d9")


def draw_bars(picture: BarChart, caption: ChartCaption) -> ChartCanvas:
    """Draw every group below its name."""
    groups = {name: rows for name, rows in picture.groups.items() if rows}
    label = max(measure_text(row[0] for row in rows) for rows in groups.values()) + 0.15
    high = sum(ROW_HEIGHT * (len(rows) + 2) for rows in groups.values())
    sheet = ChartCanvas(label + MAX_BAR_LENGTH + 1, high, caption)
    y = 0.0
    for name, rows in groups.items():
        sheet.draw_text(0, y + ROW_HEIGHT / 2, name, weight="bold")
        y += ROW_HEIGHT
        most = max(sum(counts) for _name, counts in rows)
        for called, counts in rows:
            _draw_bar(sheet, called, counts, MAX_BAR_LENGTH / most, label, y)
            y += ROW_HEIGHT
        sheet.draw_line((label, label), (y - ROW_HEIGHT * len(rows), y))
        y += ROW_HEIGHT
    return sheet


def _draw_bar(
    sheet: ChartCanvas, called: str, counts: tuple[int, ...], scale: float, label: float, y: float
) -> None:
    sheet.draw_text(label - 0.1, y + ROW_HEIGHT / 2, called, ha="right")
    x = label
    for count, shade in zip(counts, ROLE_COLOURS, strict=False):
        sheet.draw_box(
            x,
            y + ROW_HEIGHT * 0.14,
            count * scale,
            ROW_HEIGHT * 0.72,
            facecolor=shade,
            edgecolor="none",
        )
        x += count * scale
    numbers = " + ".join(map(str, counts)) if len(counts) > 1 else str(counts[0])
    sheet.draw_text(x + 0.08, y + ROW_HEIGHT / 2, numbers, color=GREY)
