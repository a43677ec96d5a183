"""Define the queries of the site; people open each by its title."""

from typing import NamedTuple

from plancli.query import Filter, by_possible_member
from plancli.query.sql import GRADE_EVIDENCE, REGION_PATH


class CannedQuery(NamedTuple):
    """A query of the site; *asks* names its parameter, if it has one."""

    name: str
    title: str
    description: str
    sql: str
    asks: str = ""


PARAMETER_LABELS = {"agency": "单位", "region": "地区", "section": "部分", "word": "关键词"}
PARAMETER_EXAMPLES = {
    "agency": "全称、简称、原名、拼音均可，也可只写其中几个字",
    "region": "名称或拼音",
    "section": "编号（如 2.3、二（三））或标题",
    "word": "原文中连续的文字",
}

ALL_TASKS_SQL = """
SELECT {fields},
       task.clause AS "责任分工（原文）"
  FROM task_row AS task
 ORDER BY task.id
"""
AGENCY_SQL = """
SELECT {role} AS 责任, {fields}
  FROM task_row AS task
  JOIN duty ON duty.task_id = task.id
   AND duty.agency_id = (SELECT id FROM agency WHERE display_name = agency_named(:agency))
 ORDER BY duty.role, task.id
"""
POSSIBLE_SQL = """
SELECT (SELECT group_concat(name, '、') FROM
         (SELECT DISTINCT collective.name FROM duty
            JOIN agency AS collective ON collective.id = duty.agency_id
            JOIN possible_member ON collective_id = collective.id
           WHERE task_id = task.id AND possible_member.agency_id =
                 (SELECT id FROM agency WHERE display_name = agency_named(:agency))
           ORDER BY ord)) AS 统称, {fields}
  FROM task_row AS task
 WHERE {maybe}
 ORDER BY task.id
"""
REGION_SQL = """
SELECT {grade} AS 列入理由,
       {ways} AS 原词与路径, {fields}
  FROM task_row AS task
  JOIN task_region ON task_region.task_id = task.id
   AND task_region.region_id = (SELECT id FROM region WHERE name = region_named(:region))
 ORDER BY task.id
"""
SECTION_SQL = """
SELECT {fields}
  FROM task_row AS task
 WHERE 'section:' || task.section_id IN (SELECT value FROM json_each(sections_named(:section)))
    OR 'list:' || task.list_id IN (SELECT value FROM json_each(sections_named(:section)))
 ORDER BY task.id
"""
KEYWORD_SQL = """
SELECT {fields}
  FROM task_row AS task
 WHERE task.id IN (SELECT rowid FROM task_fts WHERE task_fts MATCH coalesce(phrase(:word), '""'))
 ORDER BY task.id
"""
NO_LEAD_SQL = """
SELECT {fields}
  FROM task_row AS task
 WHERE task.id NOT IN (SELECT task_id FROM duty WHERE role = 'lead')
 ORDER BY task.id
"""
SEVERAL_LEADS_SQL = """
SELECT {fields}
  FROM task_row AS task
 WHERE task.id IN
       (SELECT task_id FROM duty WHERE role = 'lead' GROUP BY task_id HAVING count(*) > 1)
 ORDER BY task.id
"""
TARGETS_SQL = """
SELECT number.text AS 数值, number.context AS 目标原文, {fields}
  FROM task_row AS task
  JOIN number ON number.task_id = task.id
 WHERE number.kind = 'target'
 ORDER BY task.id, number.ord
"""
WORKLOAD_SQL = """
SELECT agency AS 单位, kind AS 类别, count(DISTINCT task_id) AS 任务数,
       sum(role = 'lead') AS 牵头, sum(role = 'participate') AS "参与、负责"
  FROM duty_row
 GROUP BY agency_id
 ORDER BY 4 DESC, 5 DESC, agency_id
"""
CANNED_QUERIES = (
    CannedQuery(
        "all_tasks",
        "全部任务",
        "每项任务由谁牵头、谁参与、涉及哪些地区，依计划顺序。",
        ALL_TASKS_SQL,
    ),
    CannedQuery(
        "tasks_of_body", "某单位的任务", "点名该单位的任务，牵头的在前。", AGENCY_SQL, asks="agency"
    ),
    CannedQuery(
        "may_include_body",
        "统称可能包括某单位",
        "没有点名该单位，但原文的统称（如“有关市人民政府”）可能包括它的任务。",
        POSSIBLE_SQL,
        asks="agency",
    ),
    CannedQuery(
        "tasks_about_place",
        "某地区的任务",
        "提到该地区或其所辖地方的任务，并列出原词，以及从原词到该地区的路径。",
        REGION_SQL,
        asks="region",
    ),
    CannedQuery(
        "tasks_below_heading", "某部分的任务", "某一标题下的任务。", SECTION_SQL, asks="section"
    ),
    CannedQuery(
        "tasks_with_word",
        "关键词",
        "正文含有该文字的任务，须与原文连续一致；不分繁简、全角半角和大小写。",
        KEYWORD_SQL,
        asks="word",
    ),
    CannedQuery(
        "tasks_without_lead", "没有牵头单位的任务", "由各单位按职责分工负责的任务。", NO_LEAD_SQL
    ),
    CannedQuery(
        "tasks_led_by_several",
        "多个单位牵头的任务",
        "有两个以上单位牵头的任务。",
        SEVERAL_LEADS_SQL,
    ),
    CannedQuery("targets", "量化目标", "计划提出要达到的数量，及其原文。", TARGETS_SQL),
    CannedQuery("workload", "单位工作量", "每个单位和统称的任务数，牵头多的在前。", WORKLOAD_SQL),
)

TASK_FIELDS_SQL = """task.no AS 序号,
       iif(task.list_no > '', task.list_no || '、', '') || task.list || iif(task.section > '', char(10)
         || iif(task.section_no > '', '（' || task.section_no || '）', '') || task.section, '') AS 部分,
       iif(task.full_text > '', task.full_text, task.text) AS 工作任务,
       task.lead AS 牵头单位, task.participate AS "参与、负责单位", task.regions AS 地区"""
ROLE_SQL = """CASE WHEN duty.role = 'lead' THEN '牵头'
            WHEN EXISTS (SELECT 1 FROM duty WHERE task_id = task.id AND role = 'lead') THEN '参与'
            ELSE '负责' END"""
GRADE_SQL = """CASE task_region.rank WHEN 1 THEN '点名' WHEN 2 THEN '所辖'
            WHEN 3 THEN '合称或地标' ELSE '责任单位' END"""
PLAN_FIELD_SQL = "task.plan_title AS 计划, "
DEADLINE_FIELD_SQL = ",\n       task.deadline AS 完成时限"
NAME_CALLS = {name: f"{name}_named(:{name})" for name in ("agency", "region")}


def render_sql(question: CannedQuery, *, several: bool, dated: bool) -> str:
    """Return the SQL; with *several* plans it shows the plan, with *dated* tasks the deadline."""
    fields = (
        (PLAN_FIELD_SQL if several else "")
        + TASK_FIELDS_SQL
        + (DEADLINE_FIELD_SQL if dated else "")
    )
    return question.sql.strip().format(
        fields=fields,
        role=ROLE_SQL,
        grade=GRADE_SQL,
        ways=GRADE_EVIDENCE.format(cell=REGION_PATH, asked="= task_region.region_id").replace(
            "char(31)", "char(10)"
        ),
        maybe=_bind_parameters(by_possible_member(NAME_CALLS["agency"])),
    )


def _bind_parameters(where: Filter) -> str:
    """Return the condition about the agency asked for, with its parameters inserted."""
    call = NAME_CALLS["agency"]
    calls = {call: call, f'["{call}"]': f"json_array({call})"}
    first, *rest = where.sql.split("?")
    values = (calls.get(each, f"'{each}'") for each in where.params)
    return first + "".join(value + sql for value, sql in zip(values, rest, strict=True))
