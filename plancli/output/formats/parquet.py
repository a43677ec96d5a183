"""Parquet: a file of an answer, or a folder of tasks parted by jurisdiction and year."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from plancli import __version__
from plancli.plan.flat_rows import FIELDS, PARTED, Field, Row
from plancli.results.document import Document, Flat
from plancli.results.table import Cell, Result, number

if TYPE_CHECKING:
    import pyarrow

    from plancli.system.atomic import AtomicDirectory

HELD = 2000  # rows that are asked for at once
GROUP = 20_000  # rows of a row group
VERSION = "plancli.version"  # the key under which a file tells what wrote it
PART = "part-0.parquet"
# What Hive writes as %XX in a folder's name; also what Windows does not take.
ESCAPED = re.compile(r"""[\x00-\x1f\x7f"#%'*/:=?\\{}\[\]^<>|]|[. ]$""")


def schema(parted: bool = False) -> "pyarrow.Schema":
    """Return the form of a task's row; of a file in a folder, without what the folder says."""
    return _schema(_arrow(each) for each in FIELDS if not parted or each.name not in PARTED)


def parquet(document: Document, out: BinaryIO) -> None:
    """The answer's rows; of tasks, with all the fields that engines ask by."""
    told = _answer(document).told()
    if not has_tasks(document):
        fields = [_seen(name, told) for name in told.columns]
        _write(out, _schema(fields), map(_listed, told.records()))
    else:
        known = {each.name: each for each in FIELDS}
        more = [_seen(name, told) for name in told.columns if name not in known]
        _write(out, _schema([*map(_arrow, FIELDS), *more]), _whole(document))


def folder(document: Document, to: "AtomicDirectory") -> None:
    """The tasks that the answer is about, each once, as ``jurisdiction=安徽/year=2022/part-0``."""
    assert document.flat is not None
    form, flat = schema(parted=True), document.flat()
    for (jurisdiction, year), ids in _parts(document).items():
        below = f"jurisdiction={escaped(str(jurisdiction))}/year={year}"
        with to.file(f"{below}/{PART}").open("wb") as out:
            _write(out, form, _asked(flat, ids))


def has_tasks(document: Document) -> bool:
    """Whether the answer's rows are tasks, of which there is more to tell."""
    return document.flat is not None and "_task" in _answer(document).columns


def escaped(name: str) -> str:
    """Return *name* as Hive writes it into a folder's name."""
    return ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", name)


def _answer(document: Document) -> Result:
    """Return the first table that is made of fields, as programs read it."""
    first = next((each for each in document.tables if not each.above), document.tables[0])
    return first.data or first.result


def _whole(document: Document) -> Iterator[Row]:
    """Yield the answer's rows, each with the fields of its task beside its own."""
    assert document.flat is not None
    answer, flat = _answer(document), document.flat()
    at = answer.columns.index("_task")
    kept = [n for n, name in enumerate(answer.columns) if not name.startswith("_")]
    for rows in _batches(answer.rows, HELD):
        tasks = iter(flat([number(row[at]) for row in rows if row[at] is not None]))
        for row in rows:
            task = next(tasks) if row[at] is not None else {}  # the total of a list without tasks
            yield {**{answer.columns[n]: row[n] for n in kept}, **task}


def _parts(document: Document) -> dict[tuple[Cell, Cell], Sequence[int]]:
    """Return (jurisdiction, year) -> the ids of its tasks, in the answer's order."""
    assert document.plans is not None
    of = {row["plan"]: (row["jurisdiction"], row["year"]) for row in document.plans.records()}
    answer = _answer(document)
    plan, task = answer.columns.index("plan"), answer.columns.index("_task")
    found: dict[tuple[Cell, Cell], Any] = defaultdict(lambda: array("q"))
    for row in answer.rows:
        if row[task] is not None:
            found[of[row[plan]]].append(number(row[task]))
    return {part: array("q", dict.fromkeys(found[part])) for part in sorted(found, key=str)}


def _asked(flat: Flat, ids: Sequence[int]) -> Iterator[Row]:
    for some in _batches(ids, HELD):
        yield from flat(some)


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    each = iter(rows)
    while batch := list(islice(each, size)):
        yield batch


def _write(out: BinaryIO, form: "pyarrow.Schema", rows: Iterable[Row]) -> None:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(out, form, compression="zstd") as writer:
        held: list[Any] = []
        for batch in _batches(rows, HELD):
            held.append(pyarrow.RecordBatch.from_pylist(batch, schema=form))
            if sum(each.num_rows for each in held) >= GROUP:
                writer.write_table(pyarrow.Table.from_batches(held))
                held = []
        writer.write_table(pyarrow.Table.from_batches(held, schema=form))


def _schema(fields: Iterable["pyarrow.Field"]) -> "pyarrow.Schema":
    import pyarrow

    return pyarrow.schema(list(fields), metadata={VERSION: __version__})


def _arrow(field: Field) -> "pyarrow.Field":
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
        else pyarrow.list_(pyarrow.struct([_arrow(each) for each in field.type]))
    )
    return pyarrow.field(field.name, kind, metadata={"description": field.said})


def _seen(name: str, result: Result) -> "pyarrow.Field":
    """Return the column *name* as its cells need it: all are looked at."""
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


def _listed(record: Row) -> Row:
    return {name: _cell(cell) for name, cell in record.items()}


def _cell(cell: Cell) -> Any:
    return list(cell) if isinstance(cell, tuple) else cell
