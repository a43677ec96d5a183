"""What a picture shows, apart from how it is drawn: in a terminal, a sheet, a page or by a plotter.

Names and headings are the plan's; counts are of tasks.
"""

from collections.abc import Mapping
from typing import NamedTuple

from plancli.results.roles import ROLE_WORDS
from plancli.results.table import ResultRow

ROLE_SYMBOLS = {str(role): words.symbol for role, words in ROLE_WORDS.items()}
LEGEND = (
    "  ".join(
        f"{each.symbol} {each.agencies_label.removesuffix('单位')}" for each in ROLE_WORDS.values()
    )
    + "；数字是任务数"
)
AGENCY_LABEL, TOTAL_LABEL, TASKS_LABEL = "单位", "合计", "任务数"


class RoleCounts(NamedTuple):
    """In how many tasks a body leads, takes part, or may be meant by a collective phrase."""

    lead: int = 0
    participate: int = 0
    possible: int = 0

    @property
    def label(self) -> str:
        """The counts behind their signs, those that are none left out: ●2○1."""
        signs = zip(ROLE_SYMBOLS.values(), self, strict=True)
        return "".join(f"{sign}{count}" for sign, count in signs if count)


class ColumnHeader(NamedTuple):
    """What stands above a column: a number, where it has one, a name, how many tasks it is of."""

    number: str
    name: str
    tasks: int

    @property
    def short_label(self) -> str:
        return self.number or self.name

    @property
    def full_label(self) -> str:
        return f"{self.number} {self.name}".strip()


class Matrix(NamedTuple):
    """Bodies beside sections, places or other bodies; ``cells``: (row, column) -> part.

    A column is a set of tasks, a cell the part that the body has in them; ``totals`` are the
    bodies' parts in all tasks, which the cells add up to where each task is in one column.
    """

    title: str
    agencies: tuple[str, ...]
    headers: tuple[ColumnHeader, ...]
    cells: Mapping[tuple[int, int], RoleCounts]
    totals: tuple[RoleCounts, ...]
    tasks: int

    def __bool__(self) -> bool:
        return bool(self.cells)

    @property
    def grid(self) -> tuple[tuple[str, ...], tuple[ResultRow, ...]]:
        """What stands above the columns, and the rows, as people read them; totals at the ends."""
        above = (AGENCY_LABEL, *(head.full_label for head in self.headers), TOTAL_LABEL)
        many = range(len(self.headers))
        rows: list[ResultRow] = [
            (
                body,
                *(self.cells.get((n, m), RoleCounts()).label for m in many),
                self.totals[n].label,
            )
            for n, body in enumerate(self.agencies)
        ]
        return above, (
            *rows,
            (TASKS_LABEL, *(str(head.tasks) for head in self.headers), str(self.tasks)),
        )


class NetworkAgency(NamedTuple):
    """A body of a network: what it is, and how many tasks it leads and takes part in."""

    name: str
    kind: str
    lead: int
    participate: int


class NetworkEdge(NamedTuple):
    """From who leads to who takes part: the tasks in which they do, as printed."""

    leader: str
    participant: str
    numbers: tuple[str, ...]


class Network(NamedTuple):
    """Who takes part under whose lead."""

    title: str
    agencies: tuple[NetworkAgency, ...]
    edges: tuple[NetworkEdge, ...]

    def __bool__(self) -> bool:
        return bool(self.edges)


class Tile(NamedTuple):
    """A place as a square of the map: its column from the west, its row from the north."""

    name: str
    x: int
    y: int
    tasks: int


class MapArea(NamedTuple):
    """An area, or a city without a square: its tasks, and the squares that lie wholly in it."""

    name: str
    tasks: int
    members: frozenset[str]


class TileMap(NamedTuple):
    """A map of squares, one a place; no border is drawn on it."""

    title: str
    tiles: tuple[Tile, ...]
    areas: tuple[MapArea, ...]

    def __bool__(self) -> bool:
        return any(each.tasks for each in self.tiles) or any(each.tasks for each in self.areas)

    @property
    def overlapping_regions(self) -> tuple[str, ...]:
        """The places that lie on a square with another."""
        squares = [(each.x, each.y) for each in self.tiles]
        return tuple(each.name for each in self.tiles if squares.count((each.x, each.y)) > 1)


class BarChart(NamedTuple):
    """Bars below headings; each row a name, and its counts by role or its one count."""

    title: str
    groups: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]

    def __bool__(self) -> bool:
        return any(self.groups.values())


Chart = Matrix | Network | TileMap | BarChart
