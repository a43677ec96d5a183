"""A sheet of paper measured in inches from its upper left corner, and the fonts on it."""

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.text.escapes import printable
from plancli.text.layout import breaks

# The fonts for Chinese that systems have: free ones, Windows', macOS's; serif ones last.
FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback", "Arial Unicode MS",
    "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC",
)  # fmt: skip
DOCTYPE = re.compile(rb"<!DOCTYPE svg [^>]*>\s*")  # names an address that a reader might ask
BOXES = "Last Resort"  # a font that has a box for every character
SAMPLE = "省市牵头参与责任单位●○△"  # what a font for Chinese must have
INK, GREY, PALE, DARK = "#1b1f24", "#6a737d", "#e4e8ee", "#1f4e79"
POINTS = 9  # of letters
SLACK = 1.04  # bold letters are a little wider
LINE = POINTS / 72 * 1.35  # inches from line to line
MARGIN = 0.3  # inches, on every side
LEAST = 5.0  # inches, so that there is room for the title
TITLE = 1.5  # of the title's letters, beside the others
DOTS = 150  # per inch of a png
MOST, IN_ALL = 65_000, 100_000_000  # dots, of a side and of the whole: 400 MB while it is drawn
KEPT = frozenset({"\n", "\u3000", *SAMPLE})
SPACES = re.compile("([\n\u3000])")
MISSING = "〓"  # stands for a character that no font here has


class Said(NamedTuple):
    """What stands above a picture."""

    title: str = ""
    notes: tuple[str, ...] = ()


class Sheet:
    """A sheet *wide* and *high* inches; words are the plan's, never read as formulas."""

    def __init__(self, wide: float, high: float, said: Said, *notes: str) -> None:
        wide = max(wide, LEAST)
        title = folded(said.title, wide, size=POINTS * TITLE) if said.title else []
        below = [line for note in (*said.notes, *notes) for line in folded(note, wide)]
        top = len(title) * LINE * TITLE * 1.1 + len(below) * LINE * 1.15 + 0.3
        self.wide, self.high = wide + 2 * MARGIN, high + top + 2 * MARGIN
        with _settings():
            from matplotlib.figure import Figure

            self.figure = Figure(figsize=(self.wide, self.high), facecolor="white")
            self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(-MARGIN, wide + MARGIN)
        self.axes.set_ylim(high + MARGIN, -top - MARGIN)
        self.axes.set_axis_off()
        y = -top
        for line in title:
            self.text(0, y, line, size=POINTS * TITLE, weight="bold", va="top")
            y += LINE * TITLE * 1.1
        for line in below:
            self.text(0, y + 0.05, line, color=GREY, va="top")
            y += LINE * 1.15

    def text(self, x: float, y: float, said: str, **style: Any) -> None:
        """Write *said* at *x*, *y*; by itself at its left, in the middle of its height."""
        size = style.pop("size", POINTS)
        style = {"ha": "left", "va": "center", "color": INK, **style}
        with _settings():
            self.axes.text(x, y, shown(said), fontsize=size, parse_math=False, **style)

    def line(self, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
        """Draw a line."""
        self.axes.plot(xs, ys, **{"color": GREY, "linewidth": 0.6, **style})

    def box(self, x: float, y: float, wide: float, high: float, **style: Any) -> None:
        """Draw a box from its upper left corner."""
        from matplotlib.patches import Rectangle

        plain = {"facecolor": "none", "edgecolor": GREY, "linewidth": 0.6}
        self.axes.add_patch(Rectangle((x, y), wide, high, **{**plain, **style}))

    def write(self, out: BinaryIO, format: str) -> None:
        """Write the sheet; the same one gives the same bytes."""
        sides = self.wide * DOTS, self.high * DOTS
        if format == "png" and (max(sides) > MOST or sides[0] * sides[1] > IN_ALL):
            raise PlanError(
                _("the picture would be {wide} x {high} inches").format(
                    wide=round(self.wide), high=round(self.high)
                ),
                hint=_("narrow it with the filters, or write svg"),
            )
        tells = ("Creator", "Date", "Format", "Type") if format == "svg" else ("Software",)
        drawn = BytesIO()
        with _settings():
            self.figure.savefig(drawn, format=format, dpi=DOTS, metadata=dict.fromkeys(tells))
        out.write(DOCTYPE.sub(b"", drawn.getvalue(), count=1))


def shown(said: str) -> str:
    """Return *said* with what steers text written out, and what no font has as 〓."""
    return "".join(
        char if char in KEPT or _has(char) else MISSING
        for part in SPACES.split(said)
        for char in (part if part in KEPT else printable(part))
    )


def room(said: Iterable[str], size: float = POINTS) -> float:
    """Return the inches that the widest of *said* takes in letters of *size* points."""
    wide = (sum(map(_wide, shown(each))) for each in said)
    return max(wide, default=0) * size / 72 * SLACK


def folded(said: str, inches: float, *, size: float = POINTS, names: bool = False) -> list[str]:
    """Return *said* as lines no wider than *inches*; if *names*, a list broken between names."""
    said = shown(said)
    cells = max(2, int(inches / (size / 72 / 2)))
    while True:
        cuts = [0, *breaks(said, cells, names=names), len(said)]
        lines = [said[start:end] for start, end in pairwise(cuts)]
        if cells == 2 or room(lines, size) <= inches:
            return lines
        cells = max(2, int(cells * 0.95))


def _settings() -> AbstractContextManager[None]:
    import matplotlib

    return matplotlib.rc_context(
        {
            "font.family": list(fonts()),
            "svg.fonttype": "none",
            "svg.hashsalt": "plancli",
        }
    )


@cache
def fonts() -> tuple[str, ...]:
    """Return the fonts for Chinese that this system has, the best first, one for the rest last."""
    from matplotlib import font_manager

    known = font_manager.fontManager.ttflist
    names = {font.name for font in known if not font.name.startswith(BOXES)}
    found = [name for name in FONTS if name in names and _holds(name, SAMPLE)]
    found = found or [name for name in sorted(names) if _holds(name, SAMPLE)][:1]
    if not found:
        raise PlanError(
            _("no font for Chinese was found on this system"),
            hint=_("install one, such as Noto Sans CJK SC (Debian: fonts-noto-cjk)"),
        )
    return (*found, "DejaVu Sans")


@cache
def _wide(char: str) -> float:
    """Return how wide *char* is in the first font that has it, in heights of a letter."""
    from matplotlib.ft2font import LoadFlags

    font = _opened(next((name for name in fonts() if _holds(name, char)), fonts()[0]))
    return float(font.load_char(ord(char), LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM)


@cache
def _has(char: str) -> bool:
    return any(_holds(name, char) for name in fonts())


def _holds(name: str, chars: str) -> bool:
    font = _opened(name)
    return all(font.get_char_index(ord(char)) for char in chars)


@cache
def _opened(name: str) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    found = findfont(FontProperties(family=[name]), fallback_to_default=False)
    return get_font(found)
