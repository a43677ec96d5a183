"""``Picture`` -> svg or png, by matplotlib; the only user of it."""

from typing import BinaryIO

from plancli.output.charts.canvas import Said, Sheet
from plancli.results.charts import Bars, Map, Matrix, Network, Picture

__all__ = ["Said", "png", "svg"]
NOTHING = Said()


def svg(picture: Picture, out: BinaryIO, said: Said = NOTHING) -> None:
    """Write *picture* as SVG, whose words stay words, below what is *said* of it."""
    _drawn(picture, said).write(out, "svg")


def png(picture: Picture, out: BinaryIO, said: Said = NOTHING) -> None:
    """Write *picture* as PNG, below what is *said* of it.

    Errors: PlanError where it would be larger than pictures may be.
    """
    _drawn(picture, said).write(out, "png")


def _drawn(picture: Picture, said: Said) -> Sheet:
    from plancli.output.charts import bars, matrix, network, tile_map

    match picture:
        case Matrix():
            return matrix.drawn(picture, said)
        case Network():
            return network.drawn(picture, said)
        case Map():
            return tile_map.drawn(picture, said)
        case Bars():
            return bars.drawn(picture, said)
