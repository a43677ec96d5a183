"""Who has how many tasks in which sections, about which places, beside which bodies."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from plancli.plan.role import Role
from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import ask
from plancli.query.sql import PARTS
from plancli.results.charts import Head, Matrix, Part
from plancli.results.table import Cell, Result, number

NAMELESS = "（无标题）"  # a list without number and heading


class Axis(NamedTuple):
    """What the columns are: each a set of tasks, known by ``key``, called by ``names``.

    ``fields`` gives the names, ``join`` the tasks, ``apart`` leaves a body out of its own.
    """

    title: str
    key: str
    names: tuple[str, ...]
    fields: str
    join: str = ""
    apart: str = "1"


def _places(title: str, type: str = "") -> Axis:
    only = f" AND region.type = '{type}'" if type else ""
    join = f"""JOIN about ON about.task_id = task.id
          JOIN region ON region.id = about.region_id{only}"""
    return Axis(title, "region.id", ("region",), "region.name AS region", join)


AXES = {
    "section": Axis(
        "单位与部分",
        "section.id",
        ("number", "list", "section"),
        "list.no || iif(section.no > '', '(' || section.no || ')', '') AS number,"
        " list.title AS list, section.title AS section",
    ),
    "region": _places("单位与地区"),
    "city": _places("单位与市", "地级"),
    "area": _places("单位与区域", "区域"),
    "agency": Axis(
        "单位与单位",
        "other.id",
        ("partner",),
        "other.called AS partner",
        """JOIN (SELECT DISTINCT task_id, agency_id FROM duty) AS named ON named.task_id = task.id
          JOIN agency AS other ON other.id = named.agency_id""",
        "other.id <> agency.id",
    ),
}
WITH = f"""
WITH {PARTS},
     role(task_id, agency_id, lead, participate, possible) AS (
  SELECT task_id, agency_id, max(role = 'lead'), max(role = 'participate'), max(role = 'possible')
    FROM part WHERE {{roles}} GROUP BY task_id, agency_id)"""
COUNTED = "sum(lead) AS lead, sum(participate) AS participate, sum(possible) AS possible"
CELLS = f"""{WITH}
SELECT plan, agency, type, {{names}}, {COUNTED}, group_concat(no, char(31)) AS numbers,
       _agency, _column
  FROM (SELECT plan.key AS plan, plan.id AS _plan, agency.called AS agency,
               agency.kind AS type, {{own}}, lead, participate, possible, task.no AS no,
               agency.id AS _agency, {{key}} AS _column
          FROM {{standing}}
          JOIN role ON role.task_id = task.id
          JOIN agency ON agency.id = role.agency_id
          {{join}}
         WHERE {{where}} AND {{apart}}
         ORDER BY task.id)
 GROUP BY _plan, _agency, _column
 ORDER BY _plan, _agency, _column
"""
TOTALS = f"""{WITH}
SELECT agency.called AS agency, {COUNTED}, agency.id AS _agency
  FROM {{standing}}
  JOIN role ON role.task_id = task.id
  JOIN agency ON agency.id = role.agency_id
 WHERE {{where}}
 GROUP BY agency.id
 ORDER BY lead DESC, participate DESC, possible DESC, agency.id
"""
HEADS = """
SELECT plan.key AS plan, {own}, count(DISTINCT task.id) AS tasks, {key} AS _column
  FROM {standing}
  {join}
 WHERE {where}
 GROUP BY _column
 ORDER BY _column
"""


def cells(
    db: sqlite3.Connection, by: str, roles: Sequence[Role] = (), where: Filter = EVERY_TASK
) -> Result:
    """Return, for each body and column that share tasks, in how many it has which part.

    *by*: section, region, city, area or agency; *roles*: only these, else all, ``possible``, where
    only a collective phrase may include the body, among them; ``numbers``: the tasks, as printed.
    """
    return ask(db, _filled(CELLS, AXES[by], roles), where)


def matrix(
    db: sqlite3.Connection,
    by: str,
    counted: Result,
    roles: Sequence[Role] = (),
    where: Filter = EVERY_TASK,
) -> Matrix:
    """Return what ``cells`` *counted* as a table of bodies and columns, who leads most above."""
    axis = AXES[by]
    found = ask(db, _filled(HEADS, axis, roles), where)
    totals = ask(db, _filled(TOTALS, axis, roles), where)
    column = {key: n for n, key in enumerate(found.column("_column"))}
    body = {key: n for n, key in enumerate(totals.column("_agency"))}
    parts: dict[tuple[int, int], Part] = {}
    at = [counted.columns.index(name) for name in ("_agency", "_column", *Part._fields)]
    for row in counted.rows:
        agency, key, *counts = (row[n] for n in at)
        place = body[agency], column[key]
        before = parts.get(place, Part())  # the same place in several plans
        parts[place] = Part(*(a + number(b) for a, b in zip(before, counts, strict=True)))
    return Matrix(
        axis.title,
        tuple(map(str, totals.column("agency"))),
        tuple(_heads(found, by)),
        parts,
        tuple(Part(*row[1:4]) for row in totals.rows),  # type: ignore[arg-type]
        len(ask(db, "SELECT task.id FROM {standing} WHERE {where}", where).rows),
    )


def _filled(sql: str, axis: Axis, roles: Sequence[Role]) -> str:
    values = {
        "names": ", ".join(axis.names),
        "own": axis.fields,
        "key": axis.key,
        "join": axis.join,
        "apart": axis.apart,
        "roles": " OR ".join(f"role = '{each}'" for each in roles) or "1",
    }
    for name, value in values.items():  # what is left is for ``ask``
        sql = sql.replace(f"{{{name}}}", value)
    return sql


def _heads(found: Result, by: str) -> list[Head]:
    rows = list(found.records())
    if by != "section":
        return [Head("", str(row[AXES[by].names[0]]), number(row["tasks"])) for row in rows]
    plans = [str(row["plan"]) if found.several else "" for row in rows]
    numbers = [_joined(plan, row["number"]) for plan, row in zip(plans, rows, strict=True)]
    heads = []
    for plan, no, row in zip(plans, numbers, rows, strict=True):
        name = str(row["section"] or row["list"] or NAMELESS)
        if not row["number"] or numbers.count(no) > 1:  # it does not tell which
            no, list_ = "", str(row["list"])
            name = _joined(plan, list_, row["number"], "" if name == list_ else name)
        heads.append(Head(no, name, number(row["tasks"])))
    return heads


def _joined(*words: Cell) -> str:
    return " ".join(str(word) for word in words if word)
