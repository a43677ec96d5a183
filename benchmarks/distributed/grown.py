"""A data set many times over, asked by DuckDB and by Spark: what a question costs as rows grow.

    python benchmarks/distributed/grown.py TEXTS DATASET OUT COPIES [MASTER]

OUT is DATASET with every plan COPIES times (p, p~1, p~2 …), the folders as they were.  An answer is
right if it is plancli's answer on TEXTS so many times.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyspark
from pyarrow import parquet

sys.path.insert(0, str(Path(__file__).parent))

import duck
import spark
from asked import Asked, Table, parsed, questions, timed

from plancli import api

KINDS = ("body", "place", "word", "together")
EACH = 10  # questions of a kind
MOST = 60  # tasks of an answer: what is measured is the search, not the fetching


def main(texts: Path, dataset: Path, out: Path, copies: int, master: str) -> int:
    with api.load(*parsed(texts)) as plans:
        asked = [each for each in questions(plans) if 0 < each.tasks.total() <= MOST]
    with timed() as took:
        rows = grow(dataset, out, copies)
    size = sum(file.stat().st_size for file in out.rglob("*.parquet"))
    said = f"{rows:,} rows, {size >> 20:,} MB, {len(list(out.rglob('*.parquet')))} files"
    print(f"{said}, grown in {took[0]:.0f} s\n")
    wrong = ask_duck(out, asked, copies) + ask_spark(out, asked, copies, master)
    return int(wrong > 0)


def grow(dataset: Path, out: Path, copies: int) -> int:
    """Write *dataset* many times over to *out*; return how many rows it has then."""
    shutil.rmtree(out, ignore_errors=True)
    rows = 0
    for file in sorted(dataset.rglob("*.parquet")):
        table = parquet.ParquetFile(file).read()
        to = out / file.parent.relative_to(dataset)
        to.mkdir(parents=True, exist_ok=True)
        with parquet.ParquetWriter(to / file.name, table.schema, compression="zstd") as writer:
            for n in range(copies):
                writer.write_table(_renamed(table, n), row_group_size=len(table))
                rows += len(table)
    return rows


def _renamed(table: pa.Table, n: int) -> pa.Table:
    at = table.schema.get_field_index("plan")
    names = pc.binary_join_element_wise(table.column(at), f"~{n}", "") if n else table.column(at)
    return table.set_column(at, table.schema.field(at), names)


def chosen(asked: list[Asked], copies: int) -> Iterator[tuple[str, list[Asked]]]:
    """Yield some questions of each kind, with the answers that so many copies give."""
    for kind in KINDS:
        some = [each for each in asked if each.question.kind == kind]
        some = some[:: max(1, len(some) // EACH)][:EACH]
        yield (
            kind,
            [
                Asked(each.question, Counter({task: n * copies for task, n in each.tasks.items()}))
                for each in some
            ],
        )


def ask_duck(out: Path, asked: list[Asked], copies: int) -> int:
    table = Table(f"DuckDB {duckdb.__version__}")
    db = duckdb.connect()
    db.execute(duck.TASKS.format(out).replace("VIEW tasks", "VIEW grown"))
    db.execute(
        "CREATE VIEW tasks AS SELECT * REPLACE (split_part(plan, '~', 1) AS plan) FROM grown"
    )
    for kind, some in chosen(asked, copies):
        duck.ask(db, table, kind, some)
    return table.wrong


def ask_spark(out: Path, asked: list[Asked], copies: int, master: str) -> int:
    session = spark.session(master)
    table = Table(f"\nSpark {pyspark.__version__}, {master}")
    data = session.read.parquet(str(out))
    data.withColumn("plan", pyspark.sql.functions.split("plan", "~")[0]).createOrReplaceTempView(
        "tasks"
    )
    for kind, some in chosen(asked, copies):
        spark.one_by_one(session, table, kind, some)
    session.stop()
    return table.wrong


if __name__ == "__main__":
    argv = [*sys.argv[1:], spark.MASTER]
    sys.exit(main(*map(Path, argv[:2]), Path(argv[2]).resolve(), int(argv[3]), argv[4]))
