"""Plans -> SQLite through sqlite-utils; everything slow happens here or in ``rows``, once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

from sqlite_utils import Database

from plancli.database.rows import Batch, Row, Rows
from plancli.plan import scope
from plancli.plan.model import Plan
from plancli.query import summaries
from plancli.registry import hierarchy, lookup_keys
from plancli.registry.model import Agency, Region, Registry

SCHEMA = Path(__file__).parent / "schema.sql"
ROWS = 20_000  # of a table, that wait before all are written
AT_ONCE = 1000  # rows of a statement, at the most; SQLite allows fewer of many columns
MOST = ("duty", "mention", "number")  # a dozen a task; to look at each value costs more than SQLite
WORDS = 32 << 20  # bytes of the index of words that are gathered before they are written
COLUMNS = {
    "plan": "id key title year jurisdiction_id publisher published published_as note preamble",
    "origin": "plan_id yaml",
    "list": "id plan_id no title text note",
    "detail": "list_id kind name value unit",
    "section": "id list_id no title text",
    "task": "id section_id no text clause printed deadline open_ended",
    "agency": "id name called kind official realm_id",
    "duty": "task_id role agency_id ord etc",
    "may_include": "agency_id collective_id",
    "region": "id name type source note x y",
    "inside": "whole_id part_id path",
    "mention": "task_id region_id place word way ord",
    "number": "task_id ord words value unit kind piece",
    "name": "kind key how target",
}


def load(db: Database, plans: Iterable[Rows], known: Registry) -> None:
    """Write *plans*, which are rows already, into the empty *db*, one after the other.

    Errors: BadPlan where two plans say different things of one body or place.
    """
    db.executescript(SCHEMA.read_text("utf-8"))
    db.execute("INSERT INTO pairs(pairs, rank) VALUES ('hashsize', ?)", [WORDS])
    with db.atomic():
        with _indexes_last(db):
            writer = _Writer(db, known)
            for rows in plans:
                writer.plan(rows)
            writer.whole(known)
            summaries.about(db.conn)
        summaries.keep(db.conn)


@contextmanager
def _indexes_last(db: Database) -> Iterator[None]:
    """Have no index while rows come in: made once of all rows, it costs a fraction.

    But for that of ``inside``, by which it is found what tasks are about.
    """
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND sql <> '' AND tbl_name <> 'inside'"
    ).fetchall()
    for name, _sql in indexes:
        db.execute(f"DROP INDEX {name}")
    yield
    for _name, sql in indexes:
        db.execute(sql)


class _Writer:
    """Gives ids to rows, and writes many at a time."""

    def __init__(self, db: Database, known: Registry) -> None:
        self._db = db
        self._gathered = Gathered(known)
        self._waiting: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        self._pairs: list[tuple[int, str]] = []
        self._plans = self._lists = self._sections = self._tasks = 0  # written so far

    def plan(self, rows: Rows) -> None:
        """Write one plan; it gets the next ids."""
        bodies = self._gathered.add(rows.plan, rows.possible)
        self._plans += 1
        self._head(rows.plan)
        self._add("origin", [(self._plans, rows.yaml)])
        lists, sections = self._lists + 1, self._sections + 1
        self._add("list", ((lists + n, self._plans, *row) for n, row in enumerate(rows.lists)))
        self._add("detail", ((lists + n, *row) for n, *row in rows.details))
        self._add(
            "section",
            ((sections + n, lists + list_, *row) for n, (list_, *row) in enumerate(rows.sections)),
        )
        self._lists += len(rows.lists)
        self._sections += len(rows.sections)
        first = self._tasks + 1
        for batch in rows.batches:
            self._batch(batch, first, sections, bodies)

    def _head(self, plan: Plan) -> None:
        place = self._gathered.region_ids[plan.jurisdiction]
        source = plan.source
        published = source.publisher, source.date, source.title, source.note
        head = self._plans, plan.id, plan.title, plan.year, place
        self._add("plan", [(*head, *published, "\n".join(plan.preamble))])

    def _batch(self, batch: Batch, first: int, sections: int, bodies: Mapping[str, int]) -> None:
        """Write some tasks of a plan whose *first* task and *sections* have these ids."""
        regions = self._gathered.region_ids
        tasks = enumerate(batch.tasks, self._tasks + 1)
        self._add("task", ((n, sections + section, *row) for n, (section, *row) in tasks))
        self._add(
            "duty",
            ((first + n, role, bodies[name], *row) for n, role, name, *row in batch.duties),
        )
        self._add("mention", ((first + n, regions[name], *row) for n, name, *row in batch.mentions))
        self._add("number", ((first + n, *row) for n, *row in batch.numbers))
        self._pairs += enumerate(batch.pairs, self._tasks + 1)
        self._tasks += len(batch.tasks)

    def _add(self, table: str, rows: Iterable[Row]) -> None:
        self._waiting[table] += rows
        if len(self._waiting[table]) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._waiting.items():
            self._insert(table, rows)
            rows.clear()
        self._db.conn.executemany("INSERT INTO pairs(rowid, text) VALUES (?, ?)", self._pairs)
        self._pairs.clear()

    def _insert(self, table: str, rows: Iterable[Row]) -> None:
        columns = COLUMNS[table].split()
        if table in MOST:
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            self._db.conn.executemany(sql, rows)
        else:
            self._db.table(table).insert_all(chain([columns], rows), batch_size=AT_ONCE)

    def whole(self, known: Registry) -> None:
        """Write what all plans together tell: bodies, places, and what people type for them."""
        self._flush()
        self._regions(replace(known, regions=tuple(self._gathered.regions.values())))
        self._agencies()
        headings = self._db.execute(
            "SELECT section.id, list.id, list.no, list.title, section.no, section.title"
            " FROM list LEFT JOIN section ON section.list_id = list.id ORDER BY list.id, section.id"
        )
        for _list, rows in groupby(headings, key=lambda row: row[1]):
            self._names("section", lookup_keys.sections(rows))
        self._flush()

    def _regions(self, known: Registry) -> None:
        ids = self._gathered.region_ids
        self._add(
            "region",
            (
                (ids[each.name], each.name, str(each.type), each.source, each.note)
                + (each.tile or (None, None))
                for each in known.regions
            ),
        )
        self._add(
            "inside",
            (
                (ids[whole], ids[part], " → ".join(path))
                for part, wholes in hierarchy.ways_up(known).items()
                for whole, path in wholes.items()
            ),
        )
        self._names("region", lookup_keys.regions(known))

    def _agencies(self) -> None:
        bodies, ids = self._gathered.bodies, self._gathered.body_ids
        places, called = self._gathered.region_ids, self._gathered.called()
        for body, each in bodies.items():
            said = called[body], str(each.kind), each.official
            self._add("agency", [(ids[body], each.name, *said, places.get(body[1]))])
        self._add("may_include", self._gathered.possible)
        wholes = {name: _whole(each) for name, each in self._gathered.regions.items()}
        named = ((called[body], each, wholes.get(body[1], "")) for body, each in bodies.items())
        self._names("agency", lookup_keys.agencies(named))

    def _names(self, kind: str, rows: Iterable[lookup_keys.Key]) -> None:
        self._add("name", ((kind, *key) for key in dict.fromkeys(rows)))


def _whole(region: Region) -> str:
    """Return a region's name with its level, as names of bodies begin with it: 安徽省."""
    names = (region.name, *region.aliases)
    return next((name for name in names if name.endswith(lookup_keys.LEVELS)), region.name)


Body = tuple[str, str]  # its name, and the region whose body it is


class Gathered:
    """What the plans so far may mean: the registry's, and what they bring themselves."""

    def __init__(self, known: Registry) -> None:
        self._scope = scope.Scope(known)
        self.regions: dict[str, Region] = {each.name: each for each in known.regions}
        self.region_ids = {name: n for n, name in enumerate(self.regions, 1)}
        self.bodies: dict[Body, Agency] = {}
        self.body_ids: dict[Body, int] = {}
        self.possible: set[tuple[int, int]] = set()  # body, collective phrase that may mean it
        self._usual: dict[str, Mapping[str, int]] = {}

    def add(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> Mapping[str, int]:
        """Take in what *plan* may mean; return the number of each body by its name in the plan.

        *possible*: of a plan that brings bodies or places, whom its phrases may mean.
        Errors: BadPlan where two plans say different things of one body or place.
        """
        if scope.brings(plan):
            scope.add(self.regions, plan.regions, plan)
            for each in plan.regions:
                self.region_ids.setdefault(each.name, len(self.region_ids) + 1)
            return self._bodies(plan, possible)
        if plan.jurisdiction not in self._usual:
            phrases = hierarchy.possible(self._scope.of(plan))
            self._usual[plan.jurisdiction] = self._bodies(plan, phrases)
        return self._usual[plan.jurisdiction]

    def _bodies(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> dict[str, int]:
        own = {each.name for each in plan.agencies}
        ids = {}
        for each in self._scope.of(plan).agencies:
            body = each.name, self._scope.realm(each, plan if each.name in own else None)
            known = self.bodies.get(body)
            self.bodies[body] = scope.fuller(known, each, plan) if known else each
            ids[each.name] = self.body_ids.setdefault(body, len(self.body_ids) + 1)
        self.possible.update((ids[body], ids[phrase]) for phrase, body in possible)
        return ids

    def called(self) -> dict[Body, str]:
        """Return the one name of each body: its own, with the region where several share it."""
        same = Counter(name for name, _realm in self.bodies)
        called = {body: body[0] for body in self.bodies if same[body[0]] == 1 or not body[1]}
        taken = {*called.values()}
        for name, realm in self.bodies:
            if (name, realm) not in called:
                one = f"{name}（{realm}）"
                while one in taken:  # another's own name
                    one += f"（{realm}）"
                called[name, realm] = one
                taken.add(one)
        return called
