"""Define charts as data, independent of the terminal, spreadsheet, page or plotter.

Names and headings come from the plan; counts are numbers of tasks.
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
    """Number of tasks that an agency leads, takes part in, or may be included in."""

    lead: int = 0
    participate: int = 0
    possible: int = 0

    @property
    def label(self) -> str:
        """The counts with their symbols; zeros are left out: ●2○1."""
        signs = zip(ROLE_SYMBOLS.values(), self, strict=True)
        return "".join(f"{sign}{count}" for sign, count in signs if count)


class ColumnHeader(NamedTuple):
    """Header of a column: number (may be empty), name, and number of tasks."""

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
    """Agencies by sections, regions or other agencies; ``cells``: (row, column) -> counts.

    A column is a set of tasks, a cell the agency's roles in them. ``totals`` count the agencies'
    roles in all tasks; the cells add up to them where each task is in one column.
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
        """The column headings and the rows as people read them, with totals at the ends."""
        above = (AGENCY_LABEL, *(head.full_label for head in self.headers), TOTAL_LABEL)
        many = range(len(self.headers))
        rows: list[ResultRow] = [
            (
                agency,
                *(self.cells.get((n, m), RoleCounts()).label for m in many),
                self.totals[n].label,
            )
            for n, agency in enumerate(self.agencies)
        ]
        return above, (
            *rows,
            (TASKS_LABEL, *(str(head.tasks) for head in self.headers), str(self.tasks)),
        )


class NetworkAgency(NamedTuple):
    """An agency of a network: its kind, and how many tasks it leads and takes part in."""

    name: str
    kind: str
    lead: int
    participate: int


class NetworkEdge(NamedTuple):
    """An edge from a lead agency to a participant: the numbers of their common tasks."""

    leader: str
    participant: str
    numbers: tuple[str, ...]


class Network(NamedTuple):
    """Which agencies take part under the lead of which."""

    title: str
    agencies: tuple[NetworkAgency, ...]
    edges: tuple[NetworkEdge, ...]

    def __bool__(self) -> bool:
        return bool(self.edges)


class Tile(NamedTuple):
    """A region as a square of the map: its column from the west, its row from the north."""

    name: str
    x: int
    y: int
    tasks: int


class MapArea(NamedTuple):
    """An area, or a city without a tile: its tasks, and the tiles that lie completely in it."""

    name: str
    tasks: int
    members: frozenset[str]


class TileMap(NamedTuple):
    """A tile map, one square per region; it shows no borders."""

    title: str
    tiles: tuple[Tile, ...]
    areas: tuple[MapArea, ...]

    def __bool__(self) -> bool:
        return any(each.tasks for each in self.tiles) or any(each.tasks for each in self.areas)

    @property
    def overlapping_regions(self) -> tuple[str, ...]:
        """The regions that share a tile with another."""
        squares = [(each.x, each.y) for each in self.tiles]
        return tuple(each.name for each in self.tiles if squares.count((each.x, each.y)) > 1)


class BarChart(NamedTuple):
    """Bars in groups; each row a name and its counts by role, or its one count."""

    title: str
    groups: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]

    def __bool__(self) -> bool:
        return any(self.groups.values())


Chart = Matrix | Network | TileMap | BarChart
