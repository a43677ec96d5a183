"""The questions whose answer is what there is, and how much.  The SQL stands above its function."""

import sqlite3
from collections.abc import Iterator

from plancli.picture import Bars
from plancli.query.asked import CITED, REASON, ask
from plancli.query.filters import EVERY_TASK, Filter
from plancli.result import Result
from plancli.role import Role
from plancli.text import fold

OTHER_PLACES = frozenset({"国家", "省级", "县级", "乡级", "区域", "地标", "境外"})  # but cities
AGENCIES = """
SELECT agency.called AS agency, agency.kind AS type, count(DISTINCT task.id) AS tasks,
       sum(role = 'lead') AS lead, sum(role = 'participate') AS participate
  FROM {standing}
  JOIN duty ON duty.task_id = task.id
  JOIN agency ON agency.id = duty.agency_id
 WHERE {where}
 GROUP BY agency.id
 ORDER BY lead DESC, participate DESC, agency.id
"""


def agencies(
    db: sqlite3.Connection, role: Role | None = None, where: Filter = EVERY_TASK
) -> Result:
    """Return the bodies that the tasks name (in *role*), with the number of tasks by role."""
    only = Filter("duty.role = ?", (role,)) if role else EVERY_TASK
    return ask(db, AGENCIES, where & only)


PLACES = f"""
WITH {REASON.format(whole="1")}
SELECT region.name AS region, region.type AS type, count(*) AS tasks,
       sum(rank = 1) AS by_name, sum(rank = 2) AS by_member,
       sum(rank = 3) AS by_compound, sum(rank = 4) AS by_clause
  FROM {{standing}}
  JOIN best ON best.task_id = task.id
  JOIN region ON region.id = best.whole_id
 WHERE {{where}}
 GROUP BY region.id
 ORDER BY region.id
"""


def regions(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the places that the tasks are about, with the number of tasks by grade."""
    return ask(db, PLACES, where)


HEADINGS = """
WITH chosen AS (SELECT task.* FROM {standing} WHERE {where}),
     ends AS (SELECT section_id, min(id) AS first, max(id) AS last FROM chosen GROUP BY section_id)
SELECT plan.key AS plan, list.no || iif(section.no > '', '(' || section.no || ')', '') AS number,
       list.title AS list, coalesce(section.title, '') AS section,
       count(DISTINCT chosen.id) AS tasks,
       (SELECT no FROM task WHERE id = ends.first) AS first,
       (SELECT no FROM task WHERE id = ends.last) AS last,
       count(DISTINCT iif(role = 'lead', agency_id, NULL)) AS leads,
       count(DISTINCT iif(role = 'participate', agency_id, NULL)) AS participants,
       list.no AS _list_no, section.no AS _section_no,
       iif(section.text > '', section.text, iif(section.title > '', '', list.text)) AS _text
  FROM plan
  JOIN list ON list.plan_id = plan.id
  LEFT JOIN section ON section.list_id = list.id
  LEFT JOIN chosen ON chosen.section_id = section.id
  LEFT JOIN duty ON duty.task_id = chosen.id
  LEFT JOIN ends ON ends.section_id = section.id
 GROUP BY list.id, section.id
 ORDER BY list.id, section.id
"""


def sections(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return every list and section, with how many tasks and bodies *where* leaves in it."""
    return ask(db, HEADINGS, where)


DETAILS = """
SELECT plan.key AS plan, list.title AS list, 'text' AS kind, list.text AS name,
       NULL AS value, NULL AS unit
  FROM list JOIN plan ON plan.id = plan_id WHERE list.id = ? AND list.text > ''
 UNION ALL
SELECT plan.key, list.title, detail.kind, detail.name, detail.value, detail.unit
  FROM detail JOIN list ON list.id = list_id JOIN plan ON plan.id = plan_id WHERE list.id = ?
 UNION ALL
SELECT plan.key, list.title, 'note', list.note, NULL, NULL
  FROM list JOIN plan ON plan.id = plan_id WHERE list.id = ? AND list.note > ''
"""
BELOW = """
SELECT plan.key AS plan, list.title AS list, 'text' AS kind, section.text AS name,
       NULL AS value, NULL AS unit
  FROM section JOIN list ON list.id = list_id JOIN plan ON plan.id = plan_id
 WHERE section.id = ? AND section.text > ''
"""


def details(db: sqlite3.Connection, *targets: str) -> Result:
    """Return what lists say beside or instead of tasks: paragraph, fields, totals, annex, note."""
    rows, titles = [], []
    for table, _colon, number in (target.partition(":") for target in targets):
        if table == "list":
            rows += db.execute(DETAILS, (number,) * 3).fetchall()
            titles += db.execute("SELECT title FROM list WHERE id = ?", (number,)).fetchone()
        else:
            rows += db.execute(BELOW, (number,)).fetchall()
            titles += db.execute("SELECT title FROM section WHERE id = ?", (number,)).fetchone()
    columns = ("plan", "list", "kind", "name", "value", "unit")
    return Result("、".join(titles), columns, tuple(rows))


PLANS = """
SELECT key AS plan, title, year, region.name AS jurisdiction, publisher, published,
       published_as, plan.note, preamble,
       (SELECT count(*) FROM task JOIN section ON section.id = section_id
          JOIN list ON list.id = list_id WHERE plan_id = plan.id) AS tasks
  FROM plan JOIN region ON region.id = jurisdiction_id ORDER BY plan.id
"""


def plans(db: sqlite3.Connection) -> Result:
    """Return the plans that are open."""
    return ask(db, PLANS, EVERY_TASK)


LOADED = """
WITH chosen AS (SELECT task.*, plan.id AS plan_id FROM {standing} WHERE {where})
SELECT key AS plan, title, year, region.name AS jurisdiction, count(DISTINCT chosen.id) AS tasks,
       count(DISTINCT iif(role = 'lead', chosen.id, NULL)) AS led,
       count(DISTINCT agency_id) AS bodies
  FROM plan
  JOIN region ON region.id = jurisdiction_id
  LEFT JOIN chosen ON chosen.plan_id = plan.id
  LEFT JOIN duty ON duty.task_id = chosen.id
 GROUP BY plan.id
 ORDER BY plan.id
"""


def loaded(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the open plans, each with the tasks that *where* leaves, and who they name."""
    return ask(db, LOADED, where)


TALLIES = {  # measure -> the tasks it counts; it tells which they are, if they are few of many
    "led": "id IN (SELECT task_id FROM led)",
    "unled": "id NOT IN (SELECT task_id FROM led)",
    "led_by_several": "id IN (SELECT task_id FROM led WHERE leads > 1)",
    "led_only": "id IN (SELECT task_id FROM led WHERE task_id NOT IN"
    " (SELECT task_id FROM part WHERE role = 'participate'))",
    "open_ended": "open_ended",
}
TOLD = frozenset({"unled", "led_by_several", "led_only", "open_ended"})
COUNTED = {  # measure -> what it counts of the duties
    "bodies": "count(DISTINCT agency_id) FROM part JOIN agency ON agency.id = agency_id"
    " WHERE kind <> '泛指'",
    "collectives": "count(DISTINCT agency_id) FROM part JOIN agency ON agency.id = agency_id"
    " WHERE kind = '泛指'",
    "leads": "count(*) FROM part WHERE role = 'lead'",
    "participations": "count(*) FROM part WHERE role = 'participate'",
    "placed": "count(DISTINCT task_id) FROM mention WHERE task_id IN (SELECT id FROM chosen)",
}
COUNTS = f"""
WITH chosen AS (SELECT task.*, {CITED} AS cited FROM {{standing}} WHERE {{where}}
                 ORDER BY task.id),
     part AS (SELECT duty.* FROM duty JOIN chosen ON chosen.id = task_id),
     led AS (SELECT task_id, count(*) AS leads FROM part WHERE role = 'lead' GROUP BY task_id)
SELECT 'tasks' AS measure, count(*) AS count, NULL AS numbers FROM chosen UNION ALL
""" + " UNION ALL\n".join(
    [
        f"SELECT '{name}', count(*), {'group_concat(cited, char(31))' if name in TOLD else 'NULL'}"
        f" FROM chosen WHERE {holds}"
        for name, holds in TALLIES.items()
    ]
    + [f"SELECT '{name}', {counted}".replace(" FROM", ", NULL FROM", 1)
       for name, counted in COUNTED.items()]
)  # fmt: skip


def stats(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return how many tasks, bodies and duties *where* leaves; ``numbers``: which tasks."""
    return ask(db, COUNTS, where)


def bars(bodies: Result, heads: Result, places: Result) -> Bars:
    """Return ``agencies``, ``sections`` and the cities of ``regions`` as bars."""
    groups = {
        "单位（牵头、参与的任务数）": (bodies, ("agency",), ("lead", "participate")),
        "部分（任务数）": (heads, ("number", "section", "list"), ("tasks",)),
        "市（任务数）": (places, ("region",), ("tasks",)),
    }
    drawn = {name: tuple(_bars(*group)) for name, group in groups.items()}
    return Bars("任务统计", drawn)


def _bars(
    result: Result, called: tuple[str, ...], counted: tuple[str, ...]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for row in (dict(zip(result.columns, row, strict=True)) for row in result.rows):
        counts = tuple(int(str(row[name])) for name in counted)
        if any(counts) and row.get("type") not in OTHER_PLACES:
            yield " ".join([str(row[name]) for name in called if row[name]][:2]), counts


FRAME = """
SELECT preamble FROM plan UNION ALL SELECT title FROM list UNION ALL SELECT text FROM list
 UNION ALL SELECT title FROM section UNION ALL SELECT text FROM section
 UNION ALL SELECT name FROM detail
"""


def in_frame(db: sqlite3.Connection, word: str) -> bool:
    """Return whether *word* stands around the tasks: preamble, headings, lists without tasks."""
    return any(fold(word) in fold(text) for (text,) in db.execute(FRAME))


def in_clauses(db: sqlite3.Connection, word: str) -> int:
    """Return how many tasks hold *word* in their clause."""
    clauses = db.execute("SELECT clause FROM task")
    return sum(fold(word) in fold(clause) for (clause,) in clauses)
