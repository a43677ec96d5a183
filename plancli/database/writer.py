"""Write plans to SQLite; slow work happens here or in ``rows``, once, at build time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

from sqlite_utils import Database

from plancli.database.rows import PlanRows, RowTuple, TaskBatch
from plancli.plan import scope
from plancli.plan.model import Plan
from plancli.query import summaries
from plancli.registry import hierarchy, lookup_keys
from plancli.registry.model import Agency, Region, Registry

SCHEMA_FILE = Path(__file__).parent / "schema.sql"
MAX_PENDING_ROWS = 20_000  # rows buffered per table before all buffers are written
INSERT_BATCH_SIZE = 1000  # rows per statement, at most; SQLite allows fewer in wide tables
# A dozen rows per task: inspecting each value, as sqlite-utils does, costs more than SQLite.
LARGE_TABLES = ("duty", "mention", "number")
FTS_HASH_SIZE = 32 << 20  # bytes of the full-text index that are collected before they are written
TABLE_COLUMNS = {
    "plan": "id key title year jurisdiction_id publisher published published_as note preamble",
    "source_file": "plan_id yaml",
    "list": "id plan_id no title text note",
    "detail": "list_id kind name value unit",
    "section": "id list_id no title text",
    "task": "id section_id no text clause full_text deadline open_ended",
    "agency": "id name display_name kind official home_region_id",
    "duty": "task_id role agency_id ord open_ended",
    "possible_member": "agency_id collective_id",
    "region": "id name type source note x y",
    "region_ancestor": "ancestor_id descendant_id path",
    "mention": "task_id region_id field word mention_kind ord",
    "number": "task_id ord text value unit kind context",
    "lookup_key": "kind key key_type target",
}


def write_plans(db: Database, plans: Iterable[PlanRows], known: Registry) -> None:
    """Write the rows of *plans*, one after the other, into the empty *db*.

    Errors: BadPlan where two plans contradict each other about an agency or a region.
    """
    db.executescript(SCHEMA_FILE.read_text("utf-8"))
    db.execute("INSERT INTO task_fts(task_fts, rank) VALUES ('hashsize', ?)", [FTS_HASH_SIZE])
    with db.atomic():
        with _drop_indexes(db):
            writer = _DatabaseWriter(db, known)
            for rows in plans:
                writer.write_plan(rows)
            writer.write_shared_tables(known)
            summaries.store_task_regions(db.conn)
        summaries.store_summaries(db.conn)


@contextmanager
def _drop_indexes(db: Database) -> Iterator[None]:
    """Drop indexes while rows are inserted: building them once at the end is much cheaper.

    The index of region ancestors stays, because it is used to find the regions of tasks.
    """
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND sql <> '' AND tbl_name <> 'region_ancestor'"
    ).fetchall()
    for name, _sql in indexes:
        db.execute(f"DROP INDEX {name}")
    yield
    for _name, sql in indexes:
        db.execute(sql)


class _DatabaseWriter:
    """Assigns ids to rows and writes them in bulk."""

    def __init__(self, db: Database, known: Registry) -> None:
        self._db = db
        self._entities = EntityIds(known)
        self._pending_rows: dict[str, list[RowTuple]] = {table: [] for table in TABLE_COLUMNS}
        self._pending_bigrams: list[tuple[int, str]] = []
        # Number of rows written so far.
        self._plan_count = self._list_count = self._section_count = self._task_count = 0

    def write_plan(self, rows: PlanRows) -> None:
        """Write one plan; it gets the next ids."""
        agency_ids = self._entities.add_plan(rows.plan, rows.collective_members)
        self._plan_count += 1
        self._add_plan_row(rows.plan)
        self._add_rows("source_file", [(self._plan_count, rows.yaml)])
        lists, sections = self._list_count + 1, self._section_count + 1
        self._add_rows(
            "list", ((lists + n, self._plan_count, *row) for n, row in enumerate(rows.lists))
        )
        self._add_rows("detail", ((lists + n, *row) for n, *row in rows.details))
        self._add_rows(
            "section",
            ((sections + n, lists + list_, *row) for n, (list_, *row) in enumerate(rows.sections)),
        )
        self._list_count += len(rows.lists)
        self._section_count += len(rows.sections)
        first = self._task_count + 1
        for batch in rows.batches:
            self._add_batch(batch, first, sections, agency_ids)

    def _add_plan_row(self, plan: Plan) -> None:
        region_id = self._entities.region_ids[plan.jurisdiction]
        source = plan.source
        published = source.publisher, source.date, source.title, source.note
        head = self._plan_count, plan.id, plan.title, plan.year, region_id
        self._add_rows("plan", [(*head, *published, "\n".join(plan.preamble))])

    def _add_batch(
        self, batch: TaskBatch, first: int, sections: int, agency_ids: Mapping[str, int]
    ) -> None:
        """Write a batch of a plan whose first task and section have the ids *first* and *sections*."""
        regions = self._entities.region_ids
        tasks = enumerate(batch.tasks, self._task_count + 1)
        self._add_rows("task", ((n, sections + section, *row) for n, (section, *row) in tasks))
        self._add_rows(
            "duty",
            ((first + n, role, agency_ids[name], *row) for n, role, name, *row in batch.duties),
        )
        self._add_rows(
            "mention", ((first + n, regions[name], *row) for n, name, *row in batch.mentions)
        )
        self._add_rows("number", ((first + n, *row) for n, *row in batch.numbers))
        self._pending_bigrams += enumerate(batch.bigrams, self._task_count + 1)
        self._task_count += len(batch.tasks)

    def _add_rows(self, table: str, rows: Iterable[RowTuple]) -> None:
        self._pending_rows[table] += rows
        if len(self._pending_rows[table]) >= MAX_PENDING_ROWS:
            self._write_pending()

    def _write_pending(self) -> None:
        for table, rows in self._pending_rows.items():
            self._insert_rows(table, rows)
            rows.clear()
        self._db.conn.executemany(
            "INSERT INTO task_fts(rowid, text) VALUES (?, ?)", self._pending_bigrams
        )
        self._pending_bigrams.clear()

    def _insert_rows(self, table: str, rows: Iterable[RowTuple]) -> None:
        columns = TABLE_COLUMNS[table].split()
        if table in LARGE_TABLES:
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            self._db.conn.executemany(sql, rows)
        else:
            self._db.table(table).insert_all(chain([columns], rows), batch_size=INSERT_BATCH_SIZE)

    def write_shared_tables(self, known: Registry) -> None:
        """Write what all plans share: agencies, regions, and the names that people may type."""
        self._write_pending()
        self._add_regions(replace(known, regions=tuple(self._entities.regions.values())))
        self._add_agencies()
        section_rows = self._db.execute(
            "SELECT section.id, list.id, list.no, list.title, section.no, section.title"
            " FROM list LEFT JOIN section ON section.list_id = list.id ORDER BY list.id, section.id"
        )
        for _list, rows in groupby(section_rows, key=lambda row: row[1]):
            self._add_lookup_keys("section", lookup_keys.iter_section_keys(rows))
        self._write_pending()

    def _add_regions(self, known: Registry) -> None:
        ids = self._entities.region_ids
        self._add_rows(
            "region",
            (
                (ids[each.name], each.name, str(each.type), each.source, each.note)
                + (each.tile or (None, None))
                for each in known.regions
            ),
        )
        self._add_rows(
            "region_ancestor",
            (
                (ids[whole], ids[part], " → ".join(path))
                for part, wholes in hierarchy.find_ancestor_paths(known).items()
                for whole, path in wholes.items()
            ),
        )
        self._add_lookup_keys("region", lookup_keys.iter_region_keys(known))

    def _add_agencies(self) -> None:
        agencies, ids = self._entities.agencies, self._entities.agency_ids
        region_ids, display_names = self._entities.region_ids, self._entities.build_display_names()
        for identity, each in agencies.items():
            columns = display_names[identity], str(each.kind), each.official
            self._add_rows(
                "agency", [(ids[identity], each.name, *columns, region_ids.get(identity[1]))]
            )
        self._add_rows("possible_member", self._entities.possible_members)
        full_names = {name: _get_full_name(each) for name, each in self._entities.regions.items()}
        named = (
            (display_names[identity], each, full_names.get(identity[1], ""))
            for identity, each in agencies.items()
        )
        self._add_lookup_keys("agency", lookup_keys.iter_agency_keys(named))

    def _add_lookup_keys(self, kind: str, rows: Iterable[lookup_keys.LookupKey]) -> None:
        self._add_rows("lookup_key", ((kind, *key) for key in dict.fromkeys(rows)))


def _get_full_name(region: Region) -> str:
    """Return a region's name with its level, as names of its agencies begin: 安徽省."""
    names = (region.name, *region.aliases)
    return next((name for name in names if name.endswith(lookup_keys.REGION_LEVELS)), region.name)


AgencyIdentity = tuple[str, str]  # name and home region


class EntityIds:
    """Assigns ids to the agencies and regions of the registry and of the plans so far."""

    def __init__(self, known: Registry) -> None:
        self._scope = scope.RegistryScope(known)
        self.regions: dict[str, Region] = {each.name: each for each in known.regions}
        self.region_ids = {name: n for n, name in enumerate(self.regions, 1)}
        self.agencies: dict[AgencyIdentity, Agency] = {}
        self.agency_ids: dict[AgencyIdentity, int] = {}
        # (possible member, collective agency)
        self.possible_members: set[tuple[int, int]] = set()
        self._shared_ids: dict[str, Mapping[str, int]] = {}

    def add_plan(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> Mapping[str, int]:
        """Add the agencies and regions of *plan*; return its agency names -> ids.

        *possible*: (collective agency, possible member) of a plan with own agencies or regions.
        Errors: BadPlan where two plans contradict each other about an agency or a region.
        """
        if scope.has_own_entries(plan):
            scope.merge_entries(self.regions, plan.regions, plan)
            for each in plan.regions:
                self.region_ids.setdefault(each.name, len(self.region_ids) + 1)
            return self._add_agencies(plan, possible)
        if plan.jurisdiction not in self._shared_ids:
            members = hierarchy.iter_collective_members(self._scope.get_registry(plan))
            self._shared_ids[plan.jurisdiction] = self._add_agencies(plan, members)
        return self._shared_ids[plan.jurisdiction]

    def _add_agencies(self, plan: Plan, possible: Iterable[tuple[str, str]]) -> dict[str, int]:
        own = {each.name for each in plan.agencies}
        ids = {}
        for each in self._scope.get_registry(plan).agencies:
            identity = (
                each.name,
                self._scope.find_home_region(each, plan if each.name in own else None),
            )
            known = self.agencies.get(identity)
            self.agencies[identity] = scope.merge_entry(known, each, plan) if known else each
            ids[each.name] = self.agency_ids.setdefault(identity, len(self.agency_ids) + 1)
        self.possible_members.update((ids[agency], ids[name]) for name, agency in possible)
        return ids

    def build_display_names(self) -> dict[AgencyIdentity, str]:
        """Return a unique name of each agency: its own, with the region where several share it."""
        same = Counter(name for name, _realm in self.agencies)
        called = {each: each[0] for each in self.agencies if same[each[0]] == 1 or not each[1]}
        taken = set(called.values())
        for name, realm in self.agencies:
            if (name, realm) not in called:
                one = f"{name}（{realm}）"
                while one in taken:  # another agency's own name
                    one += f"（{realm}）"
                called[name, realm] = one
                taken.add(one)
        return called
