"""Pairs of lead agencies and participants."""

import sqlite3

from plancli.query.counts import select_agencies
from plancli.query.filters import EVERY_TASK, Filter
from plancli.query.select import select
from plancli.results.charts import Network, NetworkAgency, NetworkEdge
from plancli.results.table import Result, to_int, to_names

EDGES = """
SELECT plan, leader, participant, count(*) AS tasks, group_concat(no, char(31)) AS numbers
  FROM (SELECT task.plan, task.plan_id AS _plan, lead.agency AS leader,
               other.agency AS participant, lead.agency_id AS _leader,
               other.agency_id AS _participant, task.no
          FROM task_row AS task
          JOIN duty_row AS lead ON lead.task_id = task.id AND lead.role = 'lead'
          JOIN duty_row AS other ON other.task_id = task.id AND other.role = 'participate'
         WHERE {where} AND lead.agency_id <> other.agency_id
         ORDER BY task.id)
 GROUP BY _plan, _leader, _participant
 ORDER BY _plan, _leader, _participant
"""


def select_edges(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Result:
    """Return every pair of ``leader`` and ``participant`` with its common tasks."""
    return select(db, EDGES, where)


def build_network(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> Network:
    """Return every agency that the tasks name, and the edges between them.

    Agencies are grouped by kind, in the registry's order.
    """
    agencies = sorted(
        select_agencies(db, where=where).records(), key=lambda row: to_int(row["_agency"])
    )
    kinds = list(dict.fromkeys(row["type"] for row in agencies))
    agencies.sort(key=lambda row: kinds.index(row["type"]))
    edges: dict[tuple[str, str], tuple[str, ...]] = {}
    for plan, leader, participant, _tasks, numbers in (found := select_edges(db, where)).rows:
        task_numbers = tuple(f"{plan} {no}" if found.several else no for no in to_names(numbers))
        pair = str(leader), str(participant)
        edges[pair] = edges.get(pair, ()) + task_numbers
    return Network(
        "牵头与参与",
        tuple(
            NetworkAgency(
                str(each["agency"]),
                str(each["type"]),
                *map(to_int, (each["lead"], each["participate"])),
            )
            for each in agencies
        ),
        tuple(NetworkEdge(*pair, numbers) for pair, numbers in edges.items()),
    )


TASKS_WITHOUT_EDGES = """
SELECT task.no FROM task WHERE {where} AND NOT EXISTS (
  SELECT 1 FROM duty AS one JOIN duty AS other ON other.task_id = one.task_id
   WHERE one.task_id = task.id AND one.role = 'lead' AND other.role = 'participate'
     AND one.agency_id <> other.agency_id)
"""


def count_tasks_without_edges(db: sqlite3.Connection, where: Filter = EVERY_TASK) -> int:
    """Return the number of tasks without an edge: no lead agency, or no participants."""
    return len(select(db, TASKS_WITHOUT_EDGES, where).rows)
