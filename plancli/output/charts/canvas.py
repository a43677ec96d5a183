"""Provide a canvas measured in inches from its upper left corner, with Chinese fonts."""

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from plancli.errors import PlanError
from plancli.i18n import _
from plancli.text.escapes import escape_unprintable
from plancli.text.layout import find_line_breaks

# Fonts with Chinese characters on common systems: free ones, Windows, macOS; serif last.
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback", "Arial Unicode MS",
    "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC",
)  # fmt: skip
SVG_DOCTYPE = re.compile(rb"<!DOCTYPE svg [^>]*>\s*")  # names a URL that a viewer might fetch
LAST_RESORT_FONT = "Last Resort"  # a macOS font that has a placeholder for every character
SAMPLE_CHARS = "省市牵头参与责任单位●○△"  # characters that a usable font must have
INK, GREY, PALE, DARK = "#1b1f24", "#6a737d", "#e4e8ee", "#1f4e79"
FONT_SIZE = 9  # points
BOLD_FACTOR = 1.04  # width of bold letters relative to plain ones
LINE_HEIGHT = FONT_SIZE / 72 * 1.35  # inches per line
MARGIN = 0.3  # inches, on every side
MIN_WIDTH = 5.0  # inches; room for the title
TITLE_SCALE = 1.5  # size of the title relative to the text
DOTS_PER_INCH = 150  # of a png
# Dots of a side, and of the image: 400 MB while it is drawn.
MAX_SIDE_DOTS, MAX_DOTS = 65_000, 100_000_000
PLAIN_CHARS = frozenset({"\n", "\u3000", *SAMPLE_CHARS})
SPACE_PATTERN = re.compile("([\n\u3000])")
MISSING_GLYPH = "〓"  # replaces a character that no installed font has


class ChartCaption(NamedTuple):
    """Title and notes above a chart."""

    title: str = ""
    notes: tuple[str, ...] = ()


class ChartCanvas:
    """A canvas of *wide* x *high* inches; text is never interpreted as a formula."""

    def __init__(self, wide: float, high: float, caption: ChartCaption, *notes: str) -> None:
        wide = max(wide, MIN_WIDTH)
        title = (
            wrap_text(caption.title, wide, size=FONT_SIZE * TITLE_SCALE) if caption.title else []
        )
        below = [line for note in (*caption.notes, *notes) for line in wrap_text(note, wide)]
        top = len(title) * LINE_HEIGHT * TITLE_SCALE * 1.1 + len(below) * LINE_HEIGHT * 1.15 + 0.3
        self.wide, self.high = wide + 2 * MARGIN, high + top + 2 * MARGIN
        with _apply_settings():
            from matplotlib.figure import Figure

            self.figure = Figure(figsize=(self.wide, self.high), facecolor="white")
            self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(-MARGIN, wide + MARGIN)
        self.axes.set_ylim(high + MARGIN, -top - MARGIN)
        self.axes.set_axis_off()
        y = -top
        for line in title:
            self.draw_text(0, y, line, size=FONT_SIZE * TITLE_SCALE, weight="bold", va="top")
            y += LINE_HEIGHT * TITLE_SCALE * 1.1
        for line in below:
            self.draw_text(0, y + 0.05, line, color=GREY, va="top")
            y += LINE_HEIGHT * 1.15

    def draw_text(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write *text* at *x*, *y*, by default left-aligned and vertically centred."""
        size = style.pop("size", FONT_SIZE)
        style = {"ha": "left", "va": "center", "color": INK, **style}
        with _apply_settings():
            self.axes.text(x, y, escape_glyphs(text), fontsize=size, parse_math=False, **style)

    def draw_line(self, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
        """Draw a line."""
        self.axes.plot(xs, ys, **{"color": GREY, "linewidth": 0.6, **style})

    def draw_box(self, x: float, y: float, wide: float, high: float, **style: Any) -> None:
        """Draw a box from its upper left corner."""
        from matplotlib.patches import Rectangle

        plain = {"facecolor": "none", "edgecolor": GREY, "linewidth": 0.6}
        self.axes.add_patch(Rectangle((x, y), wide, high, **{**plain, **style}))

    def write_image(self, out: BinaryIO, format: str) -> None:
        """Write the image; the output is reproducible."""
        sides = self.wide * DOTS_PER_INCH, self.high * DOTS_PER_INCH
        if format == "png" and (max(sides) > MAX_SIDE_DOTS or sides[0] * sides[1] > MAX_DOTS):
            raise PlanError(
                _("the image would be {wide} x {high} inches").format(
                    wide=round(self.wide), high=round(self.high)
                ),
                hint=_("narrow it with filters, or write svg"),
            )
        fields = ("Creator", "Date", "Format", "Type") if format == "svg" else ("Software",)
        drawn = BytesIO()
        with _apply_settings():
            self.figure.savefig(
                drawn, format=format, dpi=DOTS_PER_INCH, metadata=dict.fromkeys(fields)
            )
        out.write(SVG_DOCTYPE.sub(b"", drawn.getvalue(), count=1))


def escape_glyphs(text: str) -> str:
    """Replace control characters in *text* by escapes, and characters without a glyph by 〓."""
    return "".join(
        char if char in PLAIN_CHARS or _has_glyph(char) else MISSING_GLYPH
        for part in SPACE_PATTERN.split(text)
        for char in (part if part in PLAIN_CHARS else escape_unprintable(part))
    )


def measure_text(texts: Iterable[str], size: float = FONT_SIZE) -> float:
    """Return the width in inches of the widest of *texts* in letters of *size* points."""
    wide = (sum(map(_measure_char, escape_glyphs(each))) for each in texts)
    return max(wide, default=0) * size / 72 * BOLD_FACTOR


def wrap_text(
    text: str, inches: float, *, size: float = FONT_SIZE, names: bool = False
) -> list[str]:
    """Break *text* into lines no wider than *inches*; with *names*, lists between names."""
    text = escape_glyphs(text)
    cells = max(2, int(inches / (size / 72 / 2)))
    while True:
        cuts = [0, *find_line_breaks(text, cells, names=names), len(text)]
        lines = [text[start:end] for start, end in pairwise(cuts)]
        if cells == 2 or measure_text(lines, size) <= inches:
            return lines
        cells = max(2, int(cells * 0.95))


def _apply_settings() -> AbstractContextManager[None]:
    import matplotlib

    return matplotlib.rc_context(
        {
            "font.family": list(find_fonts()),
            "svg.fonttype": "none",
            "svg.hashsalt": "plancli",
        }
    )


@cache
def find_fonts() -> tuple[str, ...]:
    """Return the installed Chinese fonts, the best first, and a fallback."""
    from matplotlib import font_manager

    known = font_manager.fontManager.ttflist
    names = {font.name for font in known if not font.name.startswith(LAST_RESORT_FONT)}
    found = [
        name for name in CHINESE_FONTS if name in names and _has_font_glyphs(name, SAMPLE_CHARS)
    ]
    found = found or [name for name in sorted(names) if _has_font_glyphs(name, SAMPLE_CHARS)][:1]
    if not found:
        raise PlanError(
            _("no Chinese font found on this system"),
            hint=_("install one, such as Noto Sans CJK SC (Debian: fonts-noto-cjk)"),
        )
    return (*found, "DejaVu Sans")


@cache
def _measure_char(char: str) -> float:
    """Return the width of *char* in the first font that has it, relative to the font size."""
    from matplotlib.ft2font import LoadFlags

    font = _open_font(
        next((name for name in find_fonts() if _has_font_glyphs(name, char)), find_fonts()[0])
    )
    return float(font.load_char(ord(char), LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM)


@cache
def _has_glyph(char: str) -> bool:
    return any(_has_font_glyphs(name, char) for name in find_fonts())


def _has_font_glyphs(name: str, chars: str) -> bool:
    font = _open_font(name)
    return all(font.get_char_index(ord(char)) for char in chars)


@cache
def _open_font(name: str) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    found = findfont(FontProperties(family=[name]), fallback_to_default=False)
    return get_font(found)
