-- The database of one or more plans.  Made by plancli from the YAML files and never changed;
-- made anew when they change.  Rows keep the plan's own order: ids count up as the plan is read.

CREATE TABLE plan (  -- an official plan
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,  -- its short name in answers: anhui-yrd-2022
  title TEXT NOT NULL,
  year INTEGER NOT NULL,
  jurisdiction_id INTEGER NOT NULL REFERENCES region(id),  -- the region whose plan it is
  publisher TEXT NOT NULL,
  published TEXT NOT NULL,  -- the day, YYYY-MM-DD
  published_as TEXT NOT NULL,  -- the title it was published under, or ''
  note TEXT NOT NULL,  -- what the published text lacks, or ''
  preamble TEXT NOT NULL  -- paragraphs, a line each
);

CREATE TABLE source_file (  -- the file that a plan was read from
  plan_id INTEGER PRIMARY KEY REFERENCES plan(id),
  yaml BLOB NOT NULL  -- its bytes, compressed by zlib
);

CREATE TABLE list (  -- 一、… of a plan
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan(id),
  no TEXT NOT NULL,  -- as printed: 一
  title TEXT NOT NULL,
  text TEXT NOT NULL,  -- paragraphs below the heading that are no tasks, a line each, or ''
  note TEXT NOT NULL
);
CREATE INDEX list_plan ON list(plan_id);

CREATE TABLE detail (  -- what a paragraph counts up: its fields, totals and annex
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES list(id),
  kind TEXT NOT NULL,  -- field, figure or annex
  name TEXT NOT NULL,
  value NUMERIC,  -- of a figure
  unit TEXT  -- of a figure: 亿元
);

CREATE TABLE section (  -- （一）… of a list; a list without headings has one with no = ''
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES list(id),
  no TEXT NOT NULL,  -- as printed, without brackets: 三
  title TEXT NOT NULL,
  text TEXT NOT NULL  -- paragraphs below the heading that are no tasks, a line each, or ''
);
CREATE INDEX section_list ON section(list_id);

CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  section_id INTEGER NOT NULL REFERENCES section(id),
  no TEXT NOT NULL,  -- as printed
  text TEXT NOT NULL,  -- word for word
  clause TEXT NOT NULL,  -- word for word, without its brackets; several are joined by ；
  full_text TEXT NOT NULL,  -- text and clauses as printed, where there are several; else ''
  deadline TEXT NOT NULL,  -- by when, word for word, or ''
  open_ended INTEGER NOT NULL  -- 1 where a list of bodies ends in 等
);
CREATE INDEX task_section ON task(section_id);
CREATE INDEX task_no ON task(no);

CREATE TABLE agency (  -- a body, or a collective phrase for several (泛指)
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,  -- as plans print it
  display_name TEXT NOT NULL UNIQUE,  -- the same; 省科技厅（浙江） where bodies of two regions share it
  kind TEXT NOT NULL,  -- 省直部门 党委机构 市级政府 泛指 …
  official TEXT NOT NULL,  -- the full official name, or ''
  home_region_id INTEGER REFERENCES region(id)  -- the region it governs, or whose body it is
);

CREATE TABLE duty (  -- who has what part in which task
  task_id INTEGER NOT NULL REFERENCES task(id),
  role TEXT NOT NULL,  -- lead or participate
  agency_id INTEGER NOT NULL REFERENCES agency(id),
  ord INTEGER NOT NULL,  -- counts from 1 through the whole clause
  open_ended INTEGER NOT NULL,  -- 1 where the clause has 等 behind the name: its group is left open
  PRIMARY KEY (task_id, role, agency_id)
) WITHOUT ROWID;
CREATE INDEX duty_agency ON duty(agency_id, role);

CREATE TABLE possible_member (  -- which bodies a collective phrase may mean
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
  x INTEGER, y INTEGER  -- its square on a map: column from the west, row from the north; or NULL
);

CREATE TABLE region_ancestor (  -- every region and all that lies in it, itself included
  ancestor_id INTEGER NOT NULL REFERENCES region(id),
  descendant_id INTEGER NOT NULL REFERENCES region(id),
  path TEXT NOT NULL,  -- the way up: 泗县 → 宿州 → 皖北
  PRIMARY KEY (ancestor_id, descendant_id)
) WITHOUT ROWID;
CREATE INDEX region_ancestor_descendant ON region_ancestor(descendant_id);

CREATE TABLE mention (  -- a word of a task that carries a region
  task_id INTEGER NOT NULL REFERENCES task(id),
  region_id INTEGER NOT NULL REFERENCES region(id),
  field TEXT NOT NULL,  -- text or clause
  word TEXT NOT NULL,
  mention_kind TEXT NOT NULL,  -- name, compound or landmark
  ord INTEGER NOT NULL,  -- counts from 1 in a task, regions in the order they are met
  PRIMARY KEY (task_id, region_id, field, word)
) WITHOUT ROWID;

CREATE TABLE task_region (  -- every region that a task is about: those it mentions, and what they lie in
  task_id INTEGER NOT NULL REFERENCES task(id),
  region_id INTEGER NOT NULL REFERENCES region(id),
  rank INTEGER NOT NULL,  -- why, the strongest reason: 1 its own name in the text, 2 that of a
    -- place in it, 3 a compound or a landmark, 4 a body in the clause
  PRIMARY KEY (task_id, region_id)
) WITHOUT ROWID;
CREATE INDEX task_region_region ON task_region(region_id, task_id, rank);

CREATE TABLE number (  -- a number in a task's words
  task_id INTEGER NOT NULL REFERENCES task(id),
  ord INTEGER NOT NULL,  -- counts from 1 in a task
  text TEXT NOT NULL,  -- as printed: 1.5万家
  value NUMERIC NOT NULL,  -- 1.5; of a range the lower end
  unit TEXT NOT NULL,  -- 万家
  kind TEXT NOT NULL,  -- target, year, ordinal, named or present
  context TEXT NOT NULL,  -- the words around it, from mark to mark
  PRIMARY KEY (task_id, ord)
) WITHOUT ROWID;

CREATE TABLE lookup_key (  -- what a person may type for an agency, a region or a section
  kind TEXT NOT NULL,  -- agency, region or section
  key TEXT NOT NULL,  -- folded, without spaces
  key_type TEXT NOT NULL,  -- name, alias, former, later, compound, pinyin
  target TEXT NOT NULL,  -- the one name; of a section, its id
  PRIMARY KEY (kind, key, key_type, target)
) WITHOUT ROWID;

CREATE TABLE summary (  -- answers about all tasks, where there are many: asked once, when this was made
  question TEXT NOT NULL,  -- agencies, regions, sections, loaded or stats
  ord INTEGER NOT NULL,  -- 0 is the columns, then a row each
  cells TEXT NOT NULL,  -- a JSON array
  PRIMARY KEY (question, ord)
) WITHOUT ROWID;

-- The same, joined, for queries and for people: what stands in several tables as one row.

CREATE VIEW task_row AS  -- a task with its plan, list and section, and everybody's names
SELECT task.id, list.plan_id, plan.key AS plan, plan.title AS plan_title, plan.year, plan.jurisdiction_id,
       (SELECT name FROM region WHERE id = plan.jurisdiction_id) AS jurisdiction,
       section.list_id, list.no AS list_no, list.title AS list,
       task.section_id, section.no AS section_no, section.title AS section,
       task.no, task.text, task.clause, task.full_text, task.deadline, task.open_ended,
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
       agency.display_name AS agency, agency.name, agency.kind, agency.home_region_id,
       agency.name || iif(duty.open_ended, '等', '') AS printed_name
  FROM duty
  JOIN agency ON agency.id = duty.agency_id;

CREATE VIEW mention_row AS  -- a mention with the region's name
SELECT mention.task_id, mention.ord, mention.field, mention.word, mention.mention_kind,
       mention.region_id, region.name AS region, region.type
  FROM mention
  JOIN region ON region.id = mention.region_id;

-- Words of the text, exact at any length: overlapping pairs of the folded characters, asked for as
-- a phrase (a single character as a prefix, which has an index of its own).  rowid is the task's id.
-- Its sizes are kept (columnsize), without which no program could count its rows or copy them.
CREATE VIRTUAL TABLE task_fts USING fts5(
  text, content='', prefix=1,
  tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
