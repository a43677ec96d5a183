"""``Filter`` and every question: each returns a ``Result``.  The SQL stands above its function."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from plancli.model import Role
from plancli.result import Cell, Result
from plancli.text import phrase

SPLIT = "\x1f"  # between names that one SQL cell carries; no plan holds it
LISTS = frozenset({"lead", "participate", "regions", "why", "words", "through"})


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a task; combine with ``&``, ``|`` and ``~``.

    ``Filter()`` lets every task through.  ``sql`` is always written in this module; what the
    user typed travels in ``params``.
    """

    sql: str = "1"
    params: tuple[str, ...] = ()

    def __and__(self, other: "Filter") -> "Filter":
        return Filter(f"({self.sql} AND {other.sql})", self.params + other.params)

    def __or__(self, other: "Filter") -> "Filter":
        return Filter(f"({self.sql} OR {other.sql})", self.params + other.params)

    def __invert__(self) -> "Filter":
        return Filter(f"(NOT {self.sql})", self.params)


EVERY_TASK = Filter()


def by_agency(name: str, role: Role | None = None) -> Filter:
    """Tasks in which the body called exactly *name* is named (in *role*, if given)."""
    roles = [role] if role else list(Role)
    return Filter(
        "task.id IN (SELECT task_id FROM duty WHERE role IN"
        f" ({', '.join('?' * len(roles))}) AND agency_id = (SELECT id FROM agency WHERE name = ?))",
        (*roles, name),
    )


def by_role(role: Role) -> Filter:
    """Tasks in which anybody has *role*."""
    return Filter("task.id IN (SELECT task_id FROM duty WHERE role = ?)", (role,))


def by_possible(name: str) -> Filter:
    """Tasks that do not name the body, but a collective phrase that may include it."""
    phrases = Filter(
        "task.id IN (SELECT task_id FROM duty JOIN may_include ON collective_id = duty.agency_id"
        " WHERE may_include.agency_id = (SELECT id FROM agency WHERE name = ?))",
        (name,),
    )
    return phrases & ~by_agency(name)


def by_region(name: str, exact: bool = False) -> Filter:
    """Tasks that mention the region or what lies in it; if *exact*, the region by its name only."""
    if exact:
        return Filter(
            "task.id IN (SELECT task_id FROM mention WHERE place = 'text' AND way = 'name'"
            " AND region_id = (SELECT id FROM region WHERE name = ?))",
            (name,),
        )
    return Filter(
        "task.id IN (SELECT task_id FROM mention JOIN inside ON part_id = region_id"
        " WHERE whole_id = (SELECT id FROM region WHERE name = ?))",
        (name,),
    )


def by_section(target: str) -> Filter:
    """Tasks below ``list:ID`` or ``section:ID``."""
    table, _colon, number = target.partition(":")
    column = {"list": "section.list_id", "section": "task.section_id"}[table]
    return Filter(f"{column} = CAST(? AS INTEGER)", (number,))


def by_keyword(word: str) -> Filter:
    """Tasks whose text holds *word*, folded; any text holds the empty word."""
    if not word:
        return EVERY_TASK
    return Filter("task.id IN (SELECT rowid FROM pairs WHERE pairs MATCH ?)", (phrase(word),))


def by_number(no: str) -> Filter:
    """Tasks printed with the number *no*."""
    return Filter("task.no = ?", (no,))


NAMES = """(SELECT group_concat(name, char(31)) FROM
         (SELECT name FROM duty JOIN agency ON agency.id = agency_id
           WHERE task_id = task.id AND role = '{role}' ORDER BY ord))"""
REGIONS = """(SELECT group_concat(name, char(31)) FROM
         (SELECT name FROM mention JOIN region ON region.id = region_id
           WHERE task_id = task.id GROUP BY region_id ORDER BY min(ord)))"""
FIELDS = f"""plan.key AS plan, task.no, list.title AS list, section.title AS section,
       task.text, task.clause, {NAMES.format(role="lead")} AS lead,
       {NAMES.format(role="participate")} AS participate, task.open_ended, {REGIONS} AS regions"""
STANDING = """task
  JOIN section ON section.id = task.section_id
  JOIN list ON list.id = section.list_id
  JOIN plan ON plan.id = list.plan_id"""

TASKS = """
SELECT {fields}
  FROM {standing}
 WHERE {where}
 ORDER BY task.id
"""


def tasks(db: sqlite3.Connection, where: Filter = EVERY_TASK, title: str = "") -> Result:
    """Return the tasks that *where* lets through, in the plan's order."""
    return _ask(db, TASKS, where, title=title)


NAMED = """
SELECT part.role AS role, {fields}
  FROM {standing}
  JOIN duty AS part ON part.task_id = task.id
   AND part.agency_id = (SELECT id FROM agency WHERE name = ?)
 WHERE {where}
 ORDER BY part.role, task.id
"""


def agency(
    db: sqlite3.Connection, name: str, role: Role | None = None, where: Filter = EVERY_TASK
) -> Result:
    """Return the tasks that name the body, with its ``role``: what it leads stands first."""
    only = Filter("part.role = ?", (role,)) if role else EVERY_TASK
    return _ask(db, NAMED, where & only, (name,), title=name)


POSSIBLE = """
SELECT (SELECT group_concat(name, char(31)) FROM
         (SELECT DISTINCT phrase.name FROM duty JOIN agency AS phrase ON phrase.id = duty.agency_id
            JOIN may_include ON collective_id = phrase.id
           WHERE task_id = task.id
             AND may_include.agency_id = (SELECT id FROM agency WHERE name = ?)
           ORDER BY ord)) AS through, {fields}
  FROM {standing}
 WHERE {where}
 ORDER BY task.id
"""


def possible(db: sqlite3.Connection, name: str, where: Filter = EVERY_TASK) -> Result:
    """Return the tasks that may mean the body, with the phrase it would be meant ``through``."""
    return _ask(db, POSSIBLE, by_possible(name) & where, (name,), title=name)


# Why a task is about a region, the strongest reason first: the region's own name, a member's,
# a compound or a landmark, a body in the clause.
REASON = """reason(task_id, whole_id, ord, word, way_up, rank) AS (
  SELECT task_id, whole_id, ord, word,
         CASE way WHEN 'name' THEN word || substr(path, length(region.name) + 1)
                  ELSE word || ' → ' || path END,
         CASE WHEN place = 'clause' THEN 4 WHEN way <> 'name' THEN 3
              WHEN part_id = whole_id THEN 1 ELSE 2 END
    FROM mention
    JOIN inside ON part_id = region_id
    JOIN region ON region.id = part_id
   WHERE {whole}),
best(task_id, whole_id, rank) AS (
  SELECT task_id, whole_id, min(rank) FROM reason GROUP BY task_id, whole_id)"""
GRADE = "CASE best.rank WHEN 1 THEN 'name' WHEN 2 THEN 'member' WHEN 3 THEN 'compound' ELSE 'clause' END"
REASONS = """(SELECT group_concat({cell}, char(31)) FROM
         (SELECT {cell} FROM reason WHERE task_id = task.id AND rank = best.rank
           GROUP BY {cell} ORDER BY min(ord)))"""
ABOUT = f"""
WITH {REASON.format(whole="whole_id = (SELECT id FROM region WHERE name = ?)")}
SELECT {GRADE} AS grade, {REASONS.format(cell="way_up")} AS why,
       {REASONS.format(cell="word")} AS words, {{fields}}
  FROM {{standing}}
  JOIN best ON best.task_id = task.id
 WHERE {{where}}
 ORDER BY task.id
"""


def region(
    db: sqlite3.Connection, name: str, exact: bool = False, where: Filter = EVERY_TASK
) -> Result:
    """Return the tasks about the region, each with its ``grade`` and ``why`` it is there.

    ``grade``: name, member, compound (or landmark), clause; ``why``: the words and their ways up.
    """
    return _ask(db, ABOUT, where & by_region(name, exact), (name,), title=name)


WORDS = """(SELECT group_concat(said, char(31)) FROM
         (SELECT region.name || '：' || group_concat(word, '、') AS said
            FROM (SELECT * FROM mention WHERE task_id = task.id ORDER BY ord) AS mention
            JOIN region ON region.id = region_id GROUP BY region_id ORDER BY min(ord)))"""
CARDS = f"""
SELECT list.no AS list_no, section.no AS section_no, {WORDS} AS words,
       (SELECT no || ' ' || text FROM task AS other
         WHERE other.id = task.id - 1 AND other.section_id = task.section_id) AS previous,
       (SELECT no || ' ' || text FROM task AS other
         WHERE other.id = task.id + 1 AND other.section_id = task.section_id) AS next,
       {{fields}}
  FROM {{standing}}
 WHERE {{where}}
 ORDER BY task.id
"""


def cards(db: sqlite3.Connection, where: Filter) -> Result:
    """Return tasks with all that stands about them: the words for each region, the neighbours."""
    return _ask(db, CARDS, where)


AGENCIES = """
SELECT agency.name AS agency, agency.kind AS type, count(DISTINCT task.id) AS tasks,
       sum(role = 'lead') AS lead, sum(role = 'participate') AS participate
  FROM {standing}
  JOIN duty ON duty.task_id = task.id
  JOIN agency ON agency.id = duty.agency_id
 WHERE {where}
 GROUP BY agency.id
 ORDER BY lead DESC, participate DESC, agency.id
"""


def agencies(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return the bodies that the tasks name, with the number of tasks by role."""
    return _ask(db, AGENCIES, where)


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
    return _ask(db, PLACES, where)


HEADINGS = """
WITH chosen AS (SELECT task.* FROM {standing} WHERE {where})
SELECT plan.key AS plan, list.no || iif(section.no > '', '(' || section.no || ')', '') AS number,
       list.title AS list, coalesce(section.title, '') AS section,
       count(DISTINCT chosen.id) AS tasks,
       (SELECT no FROM chosen WHERE section_id = section.id ORDER BY id LIMIT 1) AS first,
       (SELECT no FROM chosen WHERE section_id = section.id ORDER BY id DESC LIMIT 1) AS last,
       count(DISTINCT iif(role = 'lead', agency_id, NULL)) AS leads,
       count(DISTINCT iif(role = 'participate', agency_id, NULL)) AS participants
  FROM plan
  JOIN list ON list.plan_id = plan.id
  LEFT JOIN section ON section.list_id = list.id
  LEFT JOIN chosen ON chosen.section_id = section.id
  LEFT JOIN duty ON duty.task_id = chosen.id
 GROUP BY list.id, section.id
 ORDER BY list.id, section.id
"""


def sections(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return every list and section, with how many tasks and bodies *where* leaves in it."""
    return _ask(db, HEADINGS, where)


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


def details(db: sqlite3.Connection, list_id: str) -> Result:
    """Return what a list says instead of numbered tasks: its paragraph, fields, totals, annex."""
    rows = db.execute(DETAILS, (list_id,) * 3).fetchall()
    (title,) = db.execute("SELECT title FROM list WHERE id = ?", (list_id,)).fetchone()
    return Result(title, ("plan", "list", "kind", "name", "value", "unit"), tuple(rows))


PLANS = """
SELECT key AS plan, title, year, jurisdiction, publisher, published, published_as, note, preamble,
       (SELECT count(*) FROM task JOIN section ON section.id = section_id
          JOIN list ON list.id = list_id WHERE plan_id = plan.id) AS tasks
  FROM plan ORDER BY id
"""


def plans(db: sqlite3.Connection) -> Result:
    """Return the plans that are open."""
    return _ask(db, PLANS, EVERY_TASK)


COUNTS = """
WITH chosen AS (SELECT task.* FROM {standing} WHERE {where}),
     part AS (SELECT duty.* FROM duty JOIN chosen ON chosen.id = task_id),
     led AS (SELECT task_id, count(*) AS leads FROM part WHERE role = 'lead' GROUP BY task_id)
SELECT '任务' AS measure, count(*) AS count FROM chosen UNION ALL
SELECT '有牵头单位的任务', count(*) FROM led UNION ALL
SELECT '没有牵头单位的任务', count(*) FROM chosen WHERE id NOT IN (SELECT task_id FROM led) UNION ALL
SELECT '两个以上单位牵头的任务', count(*) FROM led WHERE leads > 1 UNION ALL
SELECT '只有牵头、没有参与单位的任务', count(*) FROM led WHERE task_id NOT IN
       (SELECT task_id FROM part WHERE role = 'participate') UNION ALL
SELECT '单位未列全（等）的任务', coalesce(sum(open_ended), 0) FROM chosen UNION ALL
SELECT '写明的单位', count(DISTINCT agency_id) FROM part JOIN agency ON agency.id = agency_id
 WHERE kind <> '泛指' UNION ALL
SELECT '泛指的单位', count(DISTINCT agency_id) FROM part JOIN agency ON agency.id = agency_id
 WHERE kind = '泛指' UNION ALL
SELECT '牵头（单位·任务）', count(*) FROM part WHERE role = 'lead' UNION ALL
SELECT '参与（单位·任务）', count(*) FROM part WHERE role = 'participate' UNION ALL
SELECT '提到地区的任务', count(DISTINCT task_id) FROM mention WHERE task_id IN (SELECT id FROM chosen)
"""


def stats(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return how many tasks, bodies and duties *where* leaves."""
    return _ask(db, COUNTS, where)


def _ask(
    db: sqlite3.Connection,
    sql: str,
    where: Filter,
    before: tuple[str, ...] = (),
    title: str = "",
) -> Result:
    """Run *sql*, whose marks before its ``where`` take *before*; split cells of several names."""
    filled = sql.format(fields=FIELDS, standing=STANDING, where=where.sql)
    cursor = db.execute(filled, before + where.params)
    columns = tuple(column[0] for column in cursor.description)
    split = {n for n, column in enumerate(columns) if column in LISTS} if "text" in columns else ()
    return Result(title, columns, tuple(_cells(row, columns, split) for row in cursor))


def _cells(row: tuple[Cell, ...], columns: tuple[str, ...], split: Iterable[int]) -> tuple[Cell, ...]:
    cells = list(row)
    for n in split:
        cells[n] = tuple(str(cells[n]).split(SPLIT)) if cells[n] else ()
    if "open_ended" in columns:
        at = columns.index("open_ended")
        cells[at] = bool(cells[at])
    return tuple(cells)
