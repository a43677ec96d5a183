"""Count tasks by agency and by section, region or other agency."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.query.sql import DUTIES_WITH_POSSIBLE
from plancli.results.charts import ColumnHeader, Matrix, RoleCounts
from plancli.results.roles import AssignmentRole, Role
from plancli.results.table import Result, ResultCell, to_int

UNTITLED_LIST = "（无标题）"  # a list without number and title


class MatrixAxis(NamedTuple):
    """The columns of a matrix: each is a set of tasks, identified by ``key``.

    ``names``: the columns of the answer that name it, selected by ``fields``; ``join`` adds the
    tasks; ``exclusion`` leaves out an agency's own column.
    """

    title: str
    key: str
    names: tuple[str, ...]
    fields: str
    join: str = ""
    exclusion: str = "1"


def _make_region_axis(title: str, type: str = "") -> MatrixAxis:
    of_type = f" AND region.type = '{type}'" if type else ""
    join = f"""JOIN task_region ON task_region.task_id = task.id
          JOIN region ON region.id = task_region.region_id{of_type}"""
    return MatrixAxis(title, "region.id", ("region",), "region.name AS region", join)


AXES = {
    "section": MatrixAxis(
        "单位与部分",
        "task.section_id",
        ("number", "list", "section"),
        "task.list_no || iif(task.section_no > '', '(' || task.section_no || ')', '') AS number,"
        " task.list, task.section",
    ),
    "region": _make_region_axis("单位与地区"),
    "city": _make_region_axis("单位与市", "地级"),
    "area": _make_region_axis("单位与区域", "区域"),
    "agency": MatrixAxis(
        "单位与单位",
        "other.id",
        ("partner",),
        "other.display_name AS partner",
        """JOIN (SELECT DISTINCT task_id, agency_id FROM duty) AS partner_duty
            ON partner_duty.task_id = task.id
          JOIN agency AS other ON other.id = partner_duty.agency_id""",
        "other.id <> agency.id",
    ),
}
ROLES_CTE = f"""
WITH {DUTIES_WITH_POSSIBLE},
     role(task_id, agency_id, {", ".join(AssignmentRole)}) AS (
  SELECT task_id, agency_id, {", ".join(f"max(role = '{role}')" for role in AssignmentRole)}
    FROM any_duty WHERE {{roles}} GROUP BY task_id, agency_id)"""
ROLE_SUMS = ", ".join(f"sum({role}) AS {role}" for role in AssignmentRole)
MATRIX_CELLS = f"""{ROLES_CTE}
SELECT plan, agency, type, {{names}}, {ROLE_SUMS}, group_concat(no, char(31)) AS numbers,
       _agency, _column
  FROM (SELECT task.plan, task.plan_id AS _plan, agency.display_name AS agency,
               agency.kind AS type, {{fields}}, {", ".join(f"role.{role}" for role in AssignmentRole)}, task.no,
               agency.id AS _agency, {{key}} AS _column
          FROM task_row AS task
          JOIN role ON role.task_id = task.id
          JOIN agency ON agency.id = role.agency_id
          {{join}}
         WHERE {{where}} AND {{exclusion}}
         ORDER BY task.id)
 GROUP BY _plan, _agency, _column
 ORDER BY _plan, _agency, _column
"""
AGENCY_TOTALS = f"""{ROLES_CTE}
SELECT agency.display_name AS agency, {ROLE_SUMS}, agency.id AS _agency
  FROM task
  JOIN role ON role.task_id = task.id
  JOIN agency ON agency.id = role.agency_id
 WHERE {{where}}
 GROUP BY agency.id
 ORDER BY lead DESC, participate DESC, possible DESC, agency.id
"""
COLUMN_TOTALS = """
SELECT task.plan, {fields}, count(DISTINCT task.id) AS tasks, {key} AS _column
  FROM task_row AS task
  {join}
 WHERE {where}
 GROUP BY _column
 ORDER BY _column
"""


def select_matrix_cells(
    db: sqlite3.Connection, by: str, roles: Sequence[Role] = (), where: Filter = EVERY_TASK
) -> Result:
    """Return, for each agency and column with common tasks, the number of tasks by role.

    *by*: section, region, city, area or agency; *roles*: only these; default: all, including
    ``possible`` (only a collective agency may include the agency); ``numbers``: the tasks, as
    printed.
    """
    return select(db, _format_axis_sql(MATRIX_CELLS, AXES[by], roles), where)


def build_matrix(
    db: sqlite3.Connection,
    by: str,
    cells: Result,
    roles: Sequence[Role] = (),
    where: Filter = EVERY_TASK,
) -> Matrix:
    """Return *cells* as a matrix of agencies and columns; agencies that lead most come first."""
    axis = AXES[by]
    columns = select(db, _format_axis_sql(COLUMN_TOTALS, axis, roles), where)
    totals = select(db, _format_axis_sql(AGENCY_TOTALS, axis, roles), where)
    column_index = {key: n for n, key in enumerate(columns.column("_column"))}
    agency_index = {key: n for n, key in enumerate(totals.column("_agency"))}
    role_counts: dict[tuple[int, int], RoleCounts] = {}
    indexes = [cells.columns.index(name) for name in ("_agency", "_column", *RoleCounts._fields)]
    for row in cells.rows:
        agency, key, *counts = (row[n] for n in indexes)
        position = agency_index[agency], column_index[key]
        previous = role_counts.get(position, RoleCounts())  # the same cell of another plan
        role_counts[position] = RoleCounts(
            *(a + to_int(b) for a, b in zip(previous, counts, strict=True))
        )
    return Matrix(
        axis.title,
        tuple(map(str, totals.column("agency"))),
        tuple(_build_column_headers(columns, by)),
        role_counts,
        tuple(RoleCounts(*row[1:4]) for row in totals.rows),  # type: ignore[arg-type]
        len(select(db, "SELECT task.id FROM task WHERE {where}", where).rows),
    )


def _format_axis_sql(sql: str, axis: MatrixAxis, roles: Sequence[Role]) -> str:
    values = {
        "names": ", ".join(axis.names),
        "fields": axis.fields,
        "key": axis.key,
        "join": axis.join,
        "exclusion": axis.exclusion,
        "roles": " OR ".join(f"role = '{each}'" for each in roles) or "1",
    }
    for name, value in values.items():  # ``select`` fills in the rest
        sql = sql.replace(f"{{{name}}}", value)
    return sql


def _build_column_headers(columns: Result, by: str) -> list[ColumnHeader]:
    rows = list(columns.records())
    if by != "section":
        return [ColumnHeader("", str(row[AXES[by].names[0]]), to_int(row["tasks"])) for row in rows]
    plans = [str(row["plan"]) if columns.several else "" for row in rows]
    numbers = [_join_words(plan, row["number"]) for plan, row in zip(plans, rows, strict=True)]
    headers = []
    for plan, no, row in zip(plans, numbers, rows, strict=True):
        name = str(row["section"] or row["list"] or UNTITLED_LIST)
        if not row["number"] or numbers.count(no) > 1:  # no number, or not unique
            no, list_ = "", str(row["list"])
            name = _join_words(plan, list_, row["number"], "" if name == list_ else name)
        headers.append(ColumnHeader(no, name, to_int(row["tasks"])))
    return headers


def _join_words(*words: ResultCell) -> str:
    return " ".join(str(word) for word in words if word)
