"""Draw charts as svg or png; the only package that uses matplotlib."""

from typing import BinaryIO

from plancli.output.charts.canvas import ChartCanvas, ChartCaption
from plancli.results.charts import BarChart, Chart, Matrix, Network, TileMap

__all__ = ["ChartCaption", "write_png", "write_svg"]
NO_CAPTION = ChartCaption()


def write_svg(picture: Chart, out: BinaryIO, caption: ChartCaption = NO_CAPTION) -> None:
    """Write *picture* as SVG with its caption; text stays text."""
    _draw_chart(picture, caption).write_image(out, "svg")


def write_png(picture: Chart, out: BinaryIO, caption: ChartCaption = NO_CAPTION) -> None:
    """Write *picture* as PNG with its caption.

    Errors: PlanError where the image would be too large.
    """
    _draw_chart(picture, caption).write_image(out, "png")


def _draw_chart(picture: Chart, caption: ChartCaption) -> ChartCanvas:
    from plancli.output.charts import bars, matrix, network, tile_map

    match picture:
        case Matrix():
            return matrix.draw_matrix(picture, caption)
        case Network():
            return network.draw_network(picture, caption)
        case TileMap():
            return tile_map.draw_map(picture, caption)
        case BarChart():
            return bars.draw_bars(picture, caption)
