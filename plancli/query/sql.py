"""SQL that several queries share."""

OPEN_END_SUFFIX = " || iif(etc, '等', '')"  # as the clause has it
DUTY_NAMES = """(SELECT group_concat(name, char(31)) FROM
         (SELECT name{etc} AS name FROM duty JOIN agency ON agency.id = agency_id
           WHERE task_id = task.id AND role = '{role}' ORDER BY ord))"""
TASK_REGION_NAMES = """(SELECT group_concat(name, char(31)) FROM
         (SELECT name FROM mention JOIN region ON region.id = region_id
           WHERE task_id = task.id GROUP BY region_id ORDER BY min(ord)))"""
TASK_FIELDS = f"""plan.key AS plan, task.no, list.title AS list, section.title AS section,
       task.text, task.clause, {DUTY_NAMES.format(role="lead", etc="")} AS lead,
       {DUTY_NAMES.format(role="participate", etc="")} AS participate, task.open_ended,
       {TASK_REGION_NAMES} AS regions, {DUTY_NAMES.format(role="lead", etc=OPEN_END_SUFFIX)} AS _lead,
       {DUTY_NAMES.format(role="participate", etc=OPEN_END_SUFFIX)} AS _participate, task.printed AS _printed,
       list.no AS _list_no, section.no AS _section_no, task.deadline AS _deadline,
       task.id AS _task"""
TASK_JOIN = """task
  JOIN section ON section.id = task.section_id
  JOIN list ON list.id = section.list_id
  JOIN plan ON plan.id = list.plan_id"""
# A task as it is cited: its number, behind its plan where several are open.
TASK_CITATION = "iif((SELECT count(*) FROM plan) > 1, plan.key || ' ', '') || task.no"
# Why a mention makes a task be about a region that the place lies in, the strongest first.
MENTION_RANK = """CASE WHEN place = 'clause' THEN 4 WHEN way <> 'name' THEN 3
              WHEN part_id = whole_id THEN 1 ELSE 2 END"""
GRADE_NAME = """CASE about.rank WHEN 1 THEN 'name' WHEN 2 THEN 'member'
            WHEN 3 THEN 'compound' ELSE 'clause' END"""
REGION_PATH = """CASE way WHEN 'name' THEN word || substr(path, length(region.name) + 1)
              ELSE word || ' → ' || path END"""
# The words of the strongest reason, or their ways up to the region.
GRADE_EVIDENCE = f"""(SELECT group_concat(said, char(31)) FROM
         (SELECT {{cell}} AS said FROM mention
            JOIN inside ON part_id = region_id AND whole_id = about.region_id
            JOIN region ON region.id = part_id
           WHERE mention.task_id = about.task_id AND {MENTION_RANK} = about.rank
           GROUP BY said ORDER BY min(ord)))"""
# Who has a part in a task, those a collective phrase may include among them: they are possible
# where the task does not name them and they are of the plan's jurisdiction.
DUTIES_WITH_POSSIBLE = """part(task_id, agency_id, role) AS (
  SELECT task_id, agency_id, role FROM duty
   UNION ALL
  SELECT DISTINCT duty.task_id, may.agency_id, 'possible'
    FROM duty
    JOIN may_include AS may ON may.collective_id = duty.agency_id
    JOIN agency ON agency.id = may.agency_id
    JOIN task ON task.id = duty.task_id
    JOIN section ON section.id = task.section_id
    JOIN list ON list.id = section.list_id
    JOIN plan ON plan.id = list.plan_id
   WHERE NOT EXISTS (SELECT 1 FROM duty AS own
           WHERE own.task_id = duty.task_id AND own.role IN ('lead', 'participate')
             AND own.agency_id = may.agency_id)
     AND (realm_id IS NULL OR EXISTS (SELECT 1 FROM inside
           WHERE part_id = realm_id AND whole_id = plan.jurisdiction_id)))"""
