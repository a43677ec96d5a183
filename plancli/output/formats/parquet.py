"""Write Parquet: a file of an answer, or a folder of tasks by jurisdiction and year."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from plancli import __version__
from plancli.plan.flat_rows import FLAT_FIELDS, PARTITION_FIELDS, FlatField, FlatRow
from plancli.results.document import Document, FlatRowLoader
from plancli.results.table import Result, ResultCell, to_int

if TYPE_CHECKING:
    import pyarrow

    from plancli.system.atomic import AtomicDirectory

ROWS_PER_BATCH = 2000  # rows loaded at once
ROWS_PER_GROUP = 20_000  # rows per row group
VERSION_KEY = "plancli.version"  # metadata key for the version that wrote the file
PART_FILE = "part-0.parquet"
# Characters that Hive writes as %XX in folder names, and those that Windows forbids.
HIVE_ESCAPES = re.compile(r"""[\x00-\x1f\x7f"#%'*/:=?\\{}\[\]^<>|]|[. ]$""")


def build_schema(parted: bool = False) -> "pyarrow.Schema":
    """Return the schema of a task's row; in a folder, without the columns in its path."""
    return _make_schema(
        _to_arrow_field(each)
        for each in FLAT_FIELDS
        if not parted or each.name not in PARTITION_FIELDS
    )


def write_parquet(document: Document, out: BinaryIO) -> None:
    """Write the answer's rows; those of tasks with all fields of the flat schema."""
    answer = _get_answer(document).drop_private_columns()
    if not has_tasks(document):
        fields = [_detect_field(name, answer) for name in answer.columns]
        _write_rows(out, _make_schema(fields), map(_convert_record, answer.records()))
    else:
        known = {each.name: each for each in FLAT_FIELDS}
        more = [_detect_field(name, answer) for name in answer.columns if name not in known]
        _write_rows(
            out,
            _make_schema([*map(_to_arrow_field, FLAT_FIELDS), *more]),
            _iter_task_rows(document),
        )


def write_folder(document: Document, to: "AtomicDirectory") -> None:
    """Write each task of the answer once, in files like ``jurisdiction=安徽/year=2022/part-0``."""
    assert document.flat_rows is not None
    form, flat = build_schema(parted=True), document.flat_rows()
    for (jurisdiction, year), ids in _group_tasks(document).items():
        below = f"jurisdiction={escape_folder_name(str(jurisdiction))}/year={year}"
        with to.add_file(f"{below}/{PART_FILE}").open("wb") as out:
            _write_rows(out, form, _iter_flat_rows(flat, ids))


def has_tasks(document: Document) -> bool:
    """Whether the answer's rows are tasks, for which flat rows exist."""
    return document.flat_rows is not None and "_task" in _get_answer(document).columns


def escape_folder_name(name: str) -> str:
    """Escape *name* for a folder name as Hive does."""
    return HIVE_ESCAPES.sub(lambda found: f"%{ord(found[0]):02X}", name)


def _get_answer(document: Document) -> Result:
    """Return the first table with field names, in its form for programs."""
    first = next((each for each in document.tables if not each.headers), document.tables[0])
    return first.data or first.result


def _iter_task_rows(document: Document) -> Iterator[FlatRow]:
    """Yield the answer's rows, each with the flat fields of its task added."""
    assert document.flat_rows is not None
    answer, flat = _get_answer(document), document.flat_rows()
    at = answer.columns.index("_task")
    public = [n for n, name in enumerate(answer.columns) if not name.startswith("_")]
    for rows in _iter_batches(answer.rows, ROWS_PER_BATCH):
        tasks = iter(flat([to_int(row[at]) for row in rows if row[at] is not None]))
        for row in rows:
            # None: the total of a list without tasks
            task = next(tasks) if row[at] is not None else {}
            yield {**{answer.columns[n]: row[n] for n in public}, **task}


def _group_tasks(document: Document) -> dict[tuple[ResultCell, ResultCell], Sequence[int]]:
    """Return (jurisdiction, year) -> the ids of its tasks, in the answer's order."""
    assert document.plans is not None
    of = {row["plan"]: (row["jurisdiction"], row["year"]) for row in document.plans.records()}
    answer = _get_answer(document)
    plan, task = answer.columns.index("plan"), answer.columns.index("_task")
    found: dict[tuple[ResultCell, ResultCell], Any] = defaultdict(lambda: array("q"))
    for row in answer.rows:
        if row[task] is not None:
            found[of[row[plan]]].append(to_int(row[task]))
    return {part: array("q", dict.fromkeys(found[part])) for part in sorted(found, key=str)}


def _iter_flat_rows(flat: FlatRowLoader, ids: Sequence[int]) -> Iterator[FlatRow]:
    for some in _iter_batches(ids, ROWS_PER_BATCH):
        yield from flat(some)


def _iter_batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    each = iter(rows)
    while batch := list(islice(each, size)):
        yield batch


def _write_rows(out: BinaryIO, form: "pyarrow.Schema", rows: Iterable[FlatRow]) -> None:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(out, form, compression="zstd") as writer:
        batches: list[Any] = []
        for batch in _iter_batches(rows, ROWS_PER_BATCH):
            batches.append(pyarrow.RecordBatch.from_pylist(batch, schema=form))
            if sum(each.num_rows for each in batches) >= ROWS_PER_GROUP:
                writer.write_table(pyarrow.Table.from_batches(batches))
                batches = []
        writer.write_table(pyarrow.Table.from_batches(batches, schema=form))


def _make_schema(fields: Iterable["pyarrow.Field"]) -> "pyarrow.Schema":
    import pyarrow

    return pyarrow.schema(list(fields), metadata={VERSION_KEY: __version__})


def _to_arrow_field(field: FlatField) -> "pyarrow.Field":
    import pyarrow

    plain = {
        "string": pyarrow.string(),
        "int32": pyarrow.int32(),
        "bool": pyarrow.bool_(),
        "strings": pyarrow.list_(pyarrow.string()),
    }
    kind = (
        plain[field.type]
        if isinstance(field.type, str)
        else pyarrow.list_(pyarrow.struct([_to_arrow_field(each) for each in field.type]))
    )
    return pyarrow.field(field.name, kind, metadata={"description": field.description})


def _detect_field(name: str, result: Result) -> "pyarrow.Field":
    """Return the type of the column *name*; all its cells are inspected."""
    import pyarrow

    at = result.columns.index(name)
    kinds: set[type] = {type(row[at]) for row in result.rows} - {type(None)}
    if kinds == {tuple}:
        return pyarrow.field(name, pyarrow.list_(pyarrow.string()))
    if kinds == {bool}:
        return pyarrow.field(name, pyarrow.bool_())
    if kinds and kinds <= {int, float}:
        return pyarrow.field(name, pyarrow.int64() if kinds == {int} else pyarrow.float64())
    return pyarrow.field(name, pyarrow.string())


def _convert_record(record: FlatRow) -> FlatRow:
    return {name: _convert_cell(cell) for name, cell in record.items()}


def _convert_cell(cell: ResultCell) -> Any:
    return list(cell) if isinstance(cell, tuple) else cell
