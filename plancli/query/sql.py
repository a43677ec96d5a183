"""SQL that several queries share."""

from plancli.results.roles import Role

ROLES = ", ".join(f"'{role}'" for role in Role)  # for IN (...)
# The names of a task's agencies and regions, separated by character 31, where ``select`` splits.
DUTY_NAMES = """(SELECT group_concat({name}, char(31)) FROM
         (SELECT {name} FROM duty_row AS named
           WHERE task_id = task.id AND role = '{role}' AND {which} ORDER BY ord))"""
PASSAGES = """(SELECT group_concat(printed, char(31)) FROM
         (SELECT printed FROM passage_row WHERE task_id = task.id ORDER BY ord))"""
TASK_REGION_NAMES = """(SELECT group_concat(region, char(31)) FROM
         (SELECT region FROM mention_row WHERE task_id = task.id
           GROUP BY region_id ORDER BY min(ord)))"""


def _select_names(prefix: str, name: str, which: str = "1") -> str:
    """Return a column of names for each role, of the duties *which*."""
    names = {role: DUTY_NAMES.format(role=role, name=name, which=which) for role in Role}
    columns = (f"{words} AS {prefix}{role}" for role, words in names.items())
    return ",\n       ".join(columns)


def build_task_fields(printed: str = "task.full_text", which: str = "1") -> str:
    """Return the columns of a task in every answer; select from ``task_row AS task``.

    *printed*: the text of a task with several clauses, or '' for the others.  *which*: the duties
    shown beside it.
    """
    return f"""task.plan, task.no, task.list, task.section, task.text, task.clause,
       {_select_names("", "name")}, task.open_ended,
       {TASK_REGION_NAMES} AS regions, {PASSAGES} AS parts,
       {_select_names("_", "printed_name", which)},
       {printed} AS _printed, task.list_no AS _list_no, task.section_no AS _section_no,
       task.deadline AS _deadline, task.id AS _task"""


def build_agency_task_fields(condition: str) -> str:
    """Return the columns of a task, and ``own_parts``, for agencies with *condition* on agency_id.

    Of a task with several clauses, only the passages whose clause names an agency are shown, with
    their duties and those that hold for the whole task.
    """
    named = f"(SELECT ord FROM passage_duty WHERE task_id = task.id AND agency_id {condition})"
    own = f"""SELECT printed FROM passage_row WHERE task_id = task.id AND ord IN {named}
         ORDER BY ord"""
    shown = f"""SELECT CASE WHEN ord IN {named} THEN printed
           WHEN ord = 1 OR ord - 1 IN {named} THEN '……' ELSE '' END AS printed
         FROM passage_row WHERE task_id = task.id ORDER BY ord"""
    printed = f"""iif(EXISTS {named},
         (SELECT group_concat(printed, '') FROM ({shown})), task.full_text)"""
    which = f"""(NOT EXISTS {named} OR coalesce((SELECT max(ord IN {named}) FROM passage_duty
             WHERE task_id = task.id AND role = named.role AND agency_id = named.agency_id), 1))"""
    return f"""{build_task_fields(printed, which)},
       (SELECT group_concat(printed, char(31)) FROM ({own})) AS own_parts"""


TASK_FIELDS = build_task_fields()
# Citation of a task: its number, after its plan's key if several plans are open.
TASK_CITATION = "iif((SELECT count(*) FROM plan) > 1, task.plan || ' ', '') || task.no"
# Rank of a mention as a reason why a task is about a region; 1 is the strongest.
MENTION_RANK = """CASE WHEN field = 'clause' THEN 4 WHEN mention_kind <> 'name' THEN 3
              WHEN descendant_id = ancestor_id THEN 1 ELSE 2 END"""
GRADE_NAME = """CASE task_region.rank WHEN 1 THEN 'name' WHEN 2 THEN 'member'
            WHEN 3 THEN 'compound' ELSE 'clause' END"""
REGION_PATH = """CASE mention_kind WHEN 'name' THEN word || substr(path, length(region.name) + 1)
              ELSE word || ' → ' || path END"""
# The year in which areas have the members that a task's plan means; of a plan without a year, today.
PLAN_YEAR = "iif(task.year > 0, task.year, 9998)"  # memberships without an end have until 9999
# The words of the strongest reason, or their paths up to the region; ``asked``: IN or = its ids.
GRADE_EVIDENCE = f"""(SELECT group_concat(label, char(31)) FROM
         (SELECT {{cell}} AS label FROM mention
            JOIN region_ancestor ON descendant_id = region_id AND ancestor_id {{asked}}
             AND {PLAN_YEAR} BETWEEN since AND until - 1
            JOIN region ON region.id = descendant_id
           WHERE mention.task_id = task_region.task_id AND {MENTION_RANK} = task_region.rank
           GROUP BY label ORDER BY min(ord)))"""
# Agencies with a role in a task.  A member of a collective agency is possible if the task does not
# name it and it belongs to the plan's jurisdiction.
DUTIES_WITH_POSSIBLE = f"""any_duty(task_id, agency_id, role) AS (
  SELECT task_id, agency_id, role FROM duty
   UNION ALL
  SELECT DISTINCT duty.task_id, possible_member.agency_id, 'possible'
    FROM duty
    JOIN possible_member ON possible_member.collective_id = duty.agency_id
    JOIN agency ON agency.id = possible_member.agency_id
    JOIN task_row AS task ON task.id = duty.task_id
   WHERE NOT EXISTS (SELECT 1 FROM duty AS named_duty
           WHERE named_duty.task_id = duty.task_id AND named_duty.role IN ({ROLES})
             AND named_duty.agency_id = possible_member.agency_id)
     AND (home_region_id IS NULL OR EXISTS (SELECT 1 FROM region_ancestor
           WHERE descendant_id = home_region_id AND ancestor_id = task.jurisdiction_id)))"""
