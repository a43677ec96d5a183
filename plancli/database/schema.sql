-- The database of one or more plans.  Built by plancli from the YAML files, never modified, and
-- rebuilt when they change.  Rows are in the plan's order: ids increase as the plan is read.

CREATE TABLE plan (  -- an official plan
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,  -- its short name in answers: anhui-yrd-2022
  title TEXT NOT NULL,
  year INTEGER NOT NULL,
  jurisdiction_id INTEGER NOT NULL REFERENCES region(id),  -- the region it applies to
  publisher TEXT NOT NULL,
  published TEXT NOT NULL,  -- date, YYYY-MM-DD
  published_as TEXT NOT NULL,  -- the title it was published under, or ''
  note TEXT NOT NULL,  -- what the published text omits, or ''
  preamble TEXT NOT NULL  -- one paragraph per line
);

CREATE TABLE source_file (  -- the file that a plan was read from
  plan_id INTEGER PRIMARY KEY REFERENCES plan(id),
  yaml BLOB NOT NULL  -- its content, compressed with zlib
);

CREATE TABLE list (  -- 一、… of a plan
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan(id),
  no TEXT NOT NULL,  -- as printed: 一
  title TEXT NOT NULL,
  text TEXT NOT NULL,  -- paragraphs below the title that are not tasks, one per line, or ''
  note TEXT NOT NULL
);
CREATE INDEX list_plan ON list(plan_id);

CREATE TABLE detail (  -- an item in the paragraphs of a list: a field, a total or an annex
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES list(id),
  kind TEXT NOT NULL,  -- field, figure or annex
  name TEXT NOT NULL,
  value NUMERIC,  -- of a figure
  unit TEXT  -- of a figure: 亿元
);

CREATE TABLE section (  -- （一）… of a list; a list without sections has one with no = ''
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES list(id),
  no TEXT NOT NULL,  -- as printed, without brackets: 三
  title TEXT NOT NULL,
  text TEXT NOT NULL  -- paragraphs below the title that are not tasks, one per line, or ''
);
CREATE INDEX section_list ON section(list_id);

CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  section_id INTEGER NOT NULL REFERENCES section(id),
  no TEXT NOT NULL,  -- as printed
  text TEXT NOT NULL,  -- verbatim
  clause TEXT NOT NULL,  -- verbatim, without its brackets; several are joined by ；
  deadline TEXT NOT NULL,  -- verbatim, or ''
  open_ended INTEGER NOT NULL  -- 1 if a list of agencies ends in 等
);
CREATE INDEX task_section ON task(section_id);
CREATE INDEX task_no ON task(no);

CREATE TABLE passage (  -- sentences of a task that has several clauses, with their own clause
  task_id INTEGER NOT NULL REFERENCES task(id),
  ord INTEGER NOT NULL,  -- order in the task, from 1
  text TEXT NOT NULL,  -- verbatim
  clause TEXT NOT NULL,  -- verbatim, without its brackets, or ''
  PRIMARY KEY (task_id, ord)
) WITHOUT ROWID;

CREATE TABLE passage_duty (  -- the role of an agency in a passage
  task_id INTEGER NOT NULL REFERENCES task(id),
  ord INTEGER NOT NULL,  -- of the passage
  role TEXT NOT NULL,  -- lead or participate
  agency_id INTEGER NOT NULL REFERENCES agency(id),
  PRIMARY KEY (task_id, ord, role, agency_id)
) WITHOUT ROWID;

CREATE TABLE agency (  -- an agency, or a collective agency (泛指)
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,  -- as the first plan prints it, or as in the registry
  display_name TEXT NOT NULL UNIQUE,  -- the same; 省科技厅（浙江） if agencies of two regions share it
  kind TEXT NOT NULL,  -- 省直部门 党委机构 市级政府 泛指 …
  official TEXT NOT NULL,  -- the full official name, or ''
  home_region_id INTEGER REFERENCES region(id)  -- the region it governs or belongs to
);

CREATE TABLE duty (  -- the role of an agency in a task
  task_id INTEGER NOT NULL REFERENCES task(id),
  role TEXT NOT NULL,  -- lead or participate
  agency_id INTEGER NOT NULL REFERENCES agency(id),
  name TEXT NOT NULL,  -- as printed, if it is not the agency's name, or ''
  ord INTEGER NOT NULL,  -- order in the clause, from 1
  open_ended INTEGER NOT NULL,  -- 1 if 等 follows the name in the clause: its list is open-ended
  PRIMARY KEY (task_id, role, agency_id)
) WITHOUT ROWID;
CREATE INDEX duty_agency ON duty(agency_id, role);

CREATE TABLE possible_member (  -- an agency that a collective agency may include
  agency_id INTEGER NOT NULL REFERENCES agency(id),
  collective_id INTEGER NOT NULL REFERENCES agency(id),
  PRIMARY KEY (agency_id, collective_id)
) WITHOUT ROWID;

CREATE TABLE region (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,  -- 国家 省级 地级 县级 乡级 区域 地标 境外
  source TEXT NOT NULL,  -- the document that defines an area's members, or ''
  note TEXT NOT NULL,
  x INTEGER, y INTEGER  -- its tile on a map: column from the west, row from the north; or NULL
);

CREATE TABLE region_ancestor (  -- every region with the regions in it, including itself
  ancestor_id INTEGER NOT NULL REFERENCES region(id),
  descendant_id INTEGER NOT NULL REFERENCES region(id),
  path TEXT NOT NULL,  -- from descendant to ancestor: 泗县 → 宿州 → 皖北
  since INTEGER NOT NULL,  -- the first year in which it holds, or 0
  until INTEGER NOT NULL,  -- the first year in which it no longer holds, or 9999
  PRIMARY KEY (ancestor_id, descendant_id)
) WITHOUT ROWID;
CREATE INDEX region_ancestor_descendant ON region_ancestor(descendant_id);

CREATE TABLE mention (  -- a word of a task that mentions a region
  task_id INTEGER NOT NULL REFERENCES task(id),
  region_id INTEGER NOT NULL REFERENCES region(id),
  field TEXT NOT NULL,  -- text or clause
  word TEXT NOT NULL,
  mention_kind TEXT NOT NULL,  -- name, compound or landmark
  ord INTEGER NOT NULL,  -- order in the task, from 1
  PRIMARY KEY (task_id, region_id, field, word)
) WITHOUT ROWID;

CREATE TABLE task_region (  -- a region that a task mentions, or an ancestor of one
  task_id INTEGER NOT NULL REFERENCES task(id),
  region_id INTEGER NOT NULL REFERENCES region(id),
  rank INTEGER NOT NULL,  -- the strongest reason: 1 its own name in the text, 2 the name of a
    -- region in it, 3 a compound or a landmark, 4 an agency in the clause
  PRIMARY KEY (task_id, region_id)
) WITHOUT ROWID;
CREATE INDEX task_region_region ON task_region(region_id, task_id, rank);

CREATE TABLE number (  -- a number in a task's text
  task_id INTEGER NOT NULL REFERENCES task(id),
  ord INTEGER NOT NULL,  -- order in the task, from 1
  text TEXT NOT NULL,  -- as printed: 1.5万家
  value NUMERIC NOT NULL,  -- 1.5; of a range, the lower bound
  unit TEXT NOT NULL,  -- 万家
  kind TEXT NOT NULL,  -- target, year, ordinal, named or present
  context TEXT NOT NULL,  -- the text around it, between punctuation marks
  PRIMARY KEY (task_id, ord)
) WITHOUT ROWID;

CREATE TABLE lookup_key (  -- what a person may type for an agency, a region or a section
  kind TEXT NOT NULL,  -- agency, region or section
  key TEXT NOT NULL,  -- folded, without spaces
  key_type TEXT NOT NULL,  -- name, alias, former, later, compound, pinyin, function
  target TEXT NOT NULL,  -- the name; of a section, list:ID or section:ID
  PRIMARY KEY (kind, key, key_type, target)
) WITHOUT ROWID;

CREATE TABLE summary (  -- answers about all tasks, precomputed if there are many
  question TEXT NOT NULL,  -- agencies, regions, sections, loaded or stats
  ord INTEGER NOT NULL,  -- 0: the column names; from 1: the rows
  cells TEXT NOT NULL,  -- a JSON array
  PRIMARY KEY (question, ord)
) WITHOUT ROWID;

-- Views that join these tables for queries.

CREATE VIEW task_row AS  -- a task with its plan, list, section, agencies and regions
SELECT task.id, list.plan_id, plan.key AS plan, plan.title AS plan_title, plan.year, plan.jurisdiction_id,
       (SELECT name FROM region WHERE id = plan.jurisdiction_id) AS jurisdiction,
       section.list_id, list.no AS list_no, list.title AS list,
       task.section_id, section.no AS section_no, section.title AS section,
       task.no, task.text, task.clause, task.deadline, task.open_ended,
       (SELECT coalesce(group_concat(printed, ''), '') FROM
         (SELECT printed FROM passage_row WHERE task_id = task.id ORDER BY ord)) AS full_text,
       (SELECT coalesce(group_concat(printed_name, '、'), '') FROM
         (SELECT printed_name FROM duty_row WHERE task_id = task.id AND role = 'lead'
           ORDER BY ord)) AS lead,
       (SELECT coalesce(group_concat(printed_name, '、'), '') FROM
         (SELECT printed_name FROM duty_row WHERE task_id = task.id AND role = 'participate'
           ORDER BY ord)) AS participate,
       (SELECT coalesce(group_concat(region, '、'), '') FROM
         (SELECT region FROM mention_row WHERE task_id = task.id
           GROUP BY region_id ORDER BY min(ord))) AS regions
  FROM task
  JOIN section ON section.id = task.section_id
  JOIN list ON list.id = section.list_id
  JOIN plan ON plan.id = list.plan_id;

CREATE VIEW duty_row AS  -- a duty with the agency's names
SELECT duty.task_id, duty.role, duty.ord, duty.open_ended, duty.agency_id,
       agency.display_name AS agency, iif(duty.name > '', duty.name, agency.name) AS name,
       agency.kind, agency.home_region_id,
       iif(duty.name > '', duty.name, agency.name) || iif(duty.open_ended, '等', '') AS printed_name
  FROM duty
  JOIN agency ON agency.id = duty.agency_id;

CREATE VIEW passage_row AS  -- a passage as printed
SELECT passage.task_id, passage.ord,
       passage.text || iif(passage.clause > '', '（' || passage.clause || '）', '') AS printed
  FROM passage;

CREATE VIEW clause_duty AS  -- the duties of each clause: of a passage, or of a task with one clause
SELECT task_id, ord, role, agency_id
  FROM passage_duty
 UNION ALL
SELECT task_id, 0, role, agency_id
  FROM duty
 WHERE NOT EXISTS (SELECT 1 FROM passage_duty WHERE passage_duty.task_id = duty.task_id);

CREATE VIEW mention_row AS  -- a mention with the region's name
SELECT mention.task_id, mention.ord, mention.field, mention.word, mention.mention_kind,
       mention.region_id, region.name AS region, region.type
  FROM mention
  JOIN region ON region.id = mention.region_id;

-- Full-text index for exact matches of any length: overlapping pairs of folded characters, queried
-- as a phrase (a single character as a prefix, which has its own index).  rowid is the task's id.
-- columnsize stays on: without it, programs cannot count or copy the rows.
CREATE VIRTUAL TABLE task_fts USING fts5(
  text, content='', prefix=1,
  tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
