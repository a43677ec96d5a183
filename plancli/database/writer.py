"""Write plans to SQLite; slow work happens here or in ``rows``, once, at build time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

from sqlite_utils import Database

from plancli.database.entities import AgencyIds, RegionIds
from plancli.database.rows import PlanRows, RowTuple, TaskBatch
from plancli.plan.model import Plan
from plancli.plan.scope import RegistryScope
from plancli.query import summaries
from plancli.registry import lookup_keys
from plancli.registry.model import Registry

SCHEMA_FILE = Path(__file__).parent / "schema.sql"
MAX_PENDING_ROWS = 20_000  # rows buffered per table before all buffers are written
INSERT_BATCH_SIZE = 1000  # rows per statement, at most; SQLite allows fewer in wide tables
# Many rows: inspecting each value, as sqlite-utils does, costs more than SQLite.
LARGE_TABLES = ("duty", "mention", "number", "region", "region_ancestor", "lookup_key")
FTS_HASH_SIZE = 32 << 20  # bytes of the full-text index that are collected before they are written
TABLE_COLUMNS = {
    "plan": "id key title year jurisdiction_id publisher published published_as note preamble",
    "source_file": "plan_id yaml",
    "list": "id plan_id no title text note",
    "detail": "list_id kind name value unit",
    "section": "id list_id no title text",
    "task": "id section_id no text clause deadline open_ended",
    "passage": "task_id ord text clause",
    "passage_duty": "task_id ord role agency_id",
    "agency": "id name display_name kind official home_region_id",
    "duty": "task_id role agency_id name ord open_ended",
    "possible_member": "agency_id collective_id",
    "region": "id name type source note x y",
    "region_ancestor": "ancestor_id descendant_id path since until",
    "mention": "task_id region_id field word mention_kind ord",
    "number": "task_id ord text value unit kind context",
    "lookup_key": "kind key key_type target",
}


def write_plans(db: Database, plans: Iterable[PlanRows], known: RegistryScope) -> None:
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
            writer.write_shared_tables(known.registry)
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

    def __init__(self, db: Database, known: RegistryScope) -> None:
        self._db = db
        self._regions = RegionIds(known)
        self._agencies = AgencyIds(known, self._regions)
        self._pending_rows: dict[str, list[RowTuple]] = {table: [] for table in TABLE_COLUMNS}
        self._pending_bigrams: list[tuple[int, str]] = []
        # Number of rows written so far.
        self._plan_count = self._list_count = self._section_count = self._task_count = 0

    def write_plan(self, rows: PlanRows) -> None:
        """Write one plan; it gets the next ids."""
        self._regions.add_plan(rows.plan)
        agencies = self._agencies.add_plan(rows)
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
            self._add_batch(batch, first, sections, agencies)

    def _add_plan_row(self, plan: Plan) -> None:
        region_id = self._regions.ids[plan.jurisdiction]
        source = plan.source
        published = source.publisher, source.date, source.title, source.note
        head = self._plan_count, plan.id, plan.title, plan.year, region_id
        self._add_rows("plan", [(*head, *published, "\n".join(plan.preamble))])

    def _add_batch(
        self,
        batch: TaskBatch,
        first: int,
        sections: int,
        agencies: Mapping[str, tuple[int, str]],
    ) -> None:
        """Write a batch of a plan whose first task and section have the ids *first* and *sections*."""
        regions = self._regions.ids
        self._regions.use(name for _task, name, *_rest in batch.mentions)
        tasks = enumerate(batch.tasks, self._task_count + 1)
        self._add_rows("task", ((n, sections + section, *row) for n, (section, *row) in tasks))
        self._add_rows("passage", ((first + n, *row) for n, *row in batch.passages))
        self._add_rows(
            "passage_duty",
            {
                (first + n, order, role, agencies[name][0])
                for n, order, role, name in batch.passage_duties
            },
        )
        self._add_rows(
            "duty",
            ((first + n, role, *agencies[name], *row) for n, role, name, *row in batch.duties),
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
        self._add_agencies()
        self._add_regions(known)
        section_rows = self._db.execute(
            "SELECT section.id, list.id, list.no, list.title, section.no, section.title"
            " FROM list LEFT JOIN section ON section.list_id = list.id ORDER BY list.id, section.id"
        )
        for _list, rows in groupby(section_rows, key=lambda row: row[1]):
            self._add_lookup_keys("section", lookup_keys.iter_section_keys(rows))
        self._write_pending()

    def _add_regions(self, known: Registry) -> None:
        ids = self._regions.ids
        regions, ancestors = self._regions.find_used_regions()
        self._add_rows(
            "region",
            (
                (ids[each.name], each.name, str(each.type), each.source, each.note)
                + (each.tile or (None, None))
                for each in regions
            ),
        )
        self._add_rows(
            "region_ancestor",
            (
                (ids[whole], ids[part], " → ".join(path.regions), path.since, path.until)
                for part, paths in ancestors.items()
                for whole, path in paths.items()
            ),
        )
        used = replace(known, regions=tuple(regions))
        self._add_lookup_keys("region", lookup_keys.iter_region_keys(used))

    def _add_agencies(self) -> None:
        region_ids, display_names = self._regions.ids, self._agencies.build_display_names()
        for identity, each in self._agencies.agencies.items():
            columns = display_names[identity], str(each.kind), each.official
            home = region_ids.get(identity.home_region)
            self._add_rows("agency", [(self._agencies.ids[identity], each.name, *columns, home)])
        self._add_rows("possible_member", self._agencies.possible_members)
        keys = lookup_keys.iter_agency_keys(self._agencies.iter_lookup_agencies())
        self._add_lookup_keys("agency", keys)

    def _add_lookup_keys(self, kind: str, rows: Iterable[lookup_keys.LookupKey]) -> None:
        self._add_rows("lookup_key", sorted((kind, *key) for key in set(rows)))
