"""Official texts -> Parquet -> answers, on a Spark cluster; held against plancli, answer by answer.

    python benchmarks/distributed/spark.py TEXTS OUT [MASTER]

The workers read the texts and make the rows, each for itself (``plancli.api``); no database is
made.  ``QUESTIONS`` is the SQL to copy.
"""

import os
import pickle
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyspark
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

sys.path.insert(0, str(Path(__file__).parent))

from asked import Asked, Question, Table, Task, parsed, questions, read, timed

from plancli import api

MASTER = "local-cluster[2,1,1024]"  # two workers, a core and 1024 MB each: processes of their own
HELD = 500  # rows of a batch
PARSED = pa.schema([("plan", pa.binary()), ("places", pa.binary()), ("error", pa.string())])

# What each part of a question asks of a row; {…} stands for a parameter (:agency) or a column.
QUESTIONS = {
    "agency": "exists(duties, d -> d.agency = {agency} AND d.realm = {realm}"
    " AND ({role} = '' OR d.role = {role}))",
    "region": "exists(places, p -> p.region = {region})",
    "word": "contains(folded, {word})",
    "jurisdiction": "jurisdiction = {jurisdiction}",  # reads only these folders
    "year": "year = {year}",
}


def main(texts: Path, out: Path, master: str) -> int:
    spark = session(master)
    table = Table(f"Spark {pyspark.__version__}, {master}")
    shutil.rmtree(out, ignore_errors=True)
    files = len(list(texts.iterdir()))
    with timed() as took:
        plans = read_texts(spark, texts).persist(StorageLevel.DISK_ONLY)
        failed = plans.where("error > ''").count()
    table.row(f"{files:,} texts read, {failed} in vain", took[0], plans.count())
    with timed() as took:
        write(plans, out)
    data = spark.read.parquet(str(out))
    data.createOrReplaceTempView("tasks")
    table.row("rows made, written as Parquet", took[0], data.count())
    with timed() as took:
        held = api.load(*parsed(texts))
    table.row("(plancli alone: read, built in memory)", took[0], files)
    with held:
        every = api.ask(held)
        wanted = [*every.records()]
        same = contract(data, wanted)
        table.row("every row, every field of the contract", 0, len(wanted), same, len(wanted))
        with timed() as took:
            asked = questions(held)
        table.row("(plancli: all the questions)", took[0], sum(e.tasks.total() for e in asked))
    for kind in ("body", "place", "word", "together"):
        some = [each for each in asked if each.question.kind == kind]
        one_by_one(spark, table, kind, some)
        together(spark, table, kind, some)
    spark.stop()
    return int(table.wrong > 0)


def session(master: str) -> SparkSession:
    """Return a session; in local-cluster mode, workers are started from pyspark's own folder."""
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    here = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    return (
        SparkSession.builder.master(master)
        .appName("plancli")
        .config("spark.executorEnv.PYTHONPATH", here)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 64)  # texts are large
        .config("spark.sql.parquet.compression.codec", "zstd")
        .config("spark.sql.shuffle.partitions", 8)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


def read_texts(spark: SparkSession, folder: Path) -> DataFrame:
    """Return every text's plan, pickled, and the places that it brings."""
    texts = spark.read.format("binaryFile").load(str(folder)).select("path", "content")
    return texts.mapInArrow(_parse, from_arrow_schema(PARSED))


def _parse(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows: list[dict[str, Any]] = []
        for text in batch.to_pylist():
            name = PurePosixPath(text["path"]).name
            try:
                plan = read(name, text["content"])
                places = pickle.dumps(plan.regions) if plan.regions else None
                rows.append({"plan": pickle.dumps(plan), "places": places})
            except api.PlanError as error:
                rows.append({"error": f"{name}: {error}"})
        yield pa.RecordBatch.from_pylist(rows, schema=PARSED)


def write(plans: DataFrame, out: Path) -> None:
    """Write the rows of *plans*, a folder for each jurisdiction and year.

    What lies in what is said by all plans together: their places are few, and go to every worker.
    """
    brought = plans.where("places IS NOT NULL").select("places").distinct().collect()
    places = sorted(
        {each for row in brought for each in pickle.loads(row.places)}, key=lambda each: each.name
    )

    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        form = api.schema()
        for batch in batches:
            held = [pickle.loads(plan) for plan in batch.column("plan").to_pylist()]
            made = list(api.rows(held, places))
            yield pa.RecordBatch.from_pylist(made, schema=form)

    (
        plans.where("plan IS NOT NULL")
        .mapInArrow(rows, from_arrow_schema(api.schema()))
        .repartition("jurisdiction", "year")  # a file for each folder
        .sortWithinPartitions("jurisdiction", "year", "plan", "ord")
        .write.partitionBy("jurisdiction", "year")
        .parquet(str(out))
    )


def condition(question: Question, said: str = ":{}") -> str:
    """Return what *question* asks of a row; *said* is how its values are written."""
    values = {name: said.format(name) for name in Question._fields}
    return " AND ".join(QUESTIONS[part].format(**values) for part in question.parts)


def one_by_one(spark: SparkSession, table: Table, kind: str, asked: list[Asked]) -> None:
    """Ask some questions as a person would, one after the other."""
    some = asked[:: max(1, len(asked) // 20)][:20]
    right = rows = 0
    with timed() as took:
        for each in some:
            question = each.question
            sql = f"SELECT plan, no, text FROM tasks WHERE {condition(question)} ORDER BY plan, ord"
            args = {k: v for k, v in question._asdict().items() if f":{k}" in sql}
            found = Counter(map(tuple, spark.sql(sql, args=args).collect()))
            right += table.same(each, found)
            rows += found.total()
    table.row(f"{kind}: {len(some)} questions, one by one", took[0], rows, right, len(some))


def together(spark: SparkSession, table: Table, kind: str, asked: list[Asked]) -> None:
    """Ask all the questions at once: each is a row, joined to the tasks that it lets through."""
    groups: dict[str, list[tuple[int, Asked]]] = defaultdict(list)
    for n, each in enumerate(asked):
        groups[condition(each.question, "q.{}")].append((n, each))
    found: dict[int, Counter[Task]] = defaultdict(Counter)
    with timed() as took:
        for where, group in groups.items():
            rows = [(n, *each.question) for n, each in group]
            spark.createDataFrame(rows, ["n", *Question._fields]).createOrReplaceTempView("q")
            sql = f"SELECT q.n, plan, no, text FROM tasks JOIN q ON {qualified(where)}"
            for n, *task in spark.sql(sql).collect():
                found[n][tuple(task)] += 1  # type: ignore[index]
    right = sum(table.same(each, found[n]) for n, each in enumerate(asked))
    rows_ = sum(each.total() for each in found.values())
    table.row(f"{kind}: {len(asked):,} questions at once", took[0], rows_, right, len(asked))


def qualified(where: str) -> str:
    """Return *where* with the columns that questions have, too, said to be the tasks'."""
    return where.replace("jurisdiction =", "tasks.jurisdiction =").replace("year =", "tasks.year =")


def contract(data: DataFrame, wanted: list[dict[str, Any]]) -> int:
    """Return how many rows of the machine contract are the same."""
    fields = list(wanted[0])
    rows = data.select("ord", *fields).toArrow().to_pylist()
    rows.sort(key=lambda row: (row["plan"], row.pop("ord")))
    wanted = sorted(wanted, key=lambda row: row["plan"])  # stable: in the plan's order
    return sum(a == b for a, b in zip(rows, wanted, strict=True))


if __name__ == "__main__":
    argv = [*sys.argv[1:], MASTER]
    sys.exit(main(Path(argv[0]).resolve(), Path(argv[1]).resolve(), argv[2]))
