"""The questions on Parquet with DuckDB, on one machine; held against plancli, answer by answer.

    python benchmarks/distributed/duck.py TEXTS DATASET

DATASET is a folder that ``spark.py`` wrote, or ``plancli export -f parquet -o DATASET``.
``QUESTIONS`` is the SQL to copy.
"""

import sys
from collections import Counter
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent))

from asked import Asked, Question, Table, parsed, questions, timed

from plancli import api

# What each part of a question asks of a row.
QUESTIONS = {
    "agency": "len(list_filter(duties, lambda d: d.agency = $agency AND d.realm = $realm"
    " AND ($role = '' OR d.role = $role))) > 0",
    "region": "len(list_filter(places, lambda p: p.region = $region)) > 0",
    "word": "contains(folded, $word)",
    "jurisdiction": "jurisdiction = $jurisdiction",  # reads only these folders
    "year": "year = $year",
}
# The folders' names are read as text and number whatever they look like.
TASKS = """CREATE VIEW tasks AS SELECT * FROM read_parquet('{}/**/*.parquet',
    hive_partitioning = true, hive_types = {{jurisdiction: VARCHAR, year: INTEGER}})"""


def main(texts: Path, dataset: Path) -> int:
    table = Table(f"DuckDB {duckdb.__version__}")
    db = duckdb.connect()
    db.execute(TASKS.format(str(dataset).replace("'", "''")))
    with api.load(*parsed(texts)) as plans:
        asked = questions(plans)
    with timed() as took:
        rows = db.execute("SELECT count(*) FROM tasks").fetchone()[0]
    table.row("count", took[0], rows)
    for kind in ("body", "place", "word", "together"):
        ask(db, table, kind, [each for each in asked if each.question.kind == kind])
    return int(table.wrong > 0)


def ask(db: duckdb.DuckDBPyConnection, table: Table, kind: str, asked: list[Asked]) -> None:
    """Ask one question after the other."""
    right = rows = 0
    with timed() as took:
        for each in asked:
            sql = "SELECT plan, no, text FROM tasks WHERE " + condition(each.question)
            values = {k: v for k, v in each.question._asdict().items() if f"${k}" in sql}
            found = Counter(db.execute(sql + " ORDER BY plan, ord", values).fetchall())
            right += table.same(each, found)
            rows += found.total()
    table.row(f"{kind}: {len(asked):,} questions, one by one", took[0], rows, right, len(asked))


def condition(question: Question) -> str:
    """Return what *question* asks of a row."""
    return " AND ".join(QUESTIONS[part] for part in question.parts)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
