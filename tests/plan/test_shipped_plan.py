"""The shipped plan is what was published, and means what its clauses say.

Held here against facts counted by hand from the published text, not by plancli.
"""

import json

import jsonschema
import pytest
import yaml

from plancli import checks
from plancli.plan import clause, json_schema
from plancli.plan import io as plan_io
from plancli.plan.model import iter_tasks
from plancli.registry.model import AgencyFile, AgencyKind, RegionFile
from plancli.results.roles import Role
from plancli.system import files
from plancli.yamlfile import decoder

FILES = {"plan": "plan2022"}
NO_LEAD = {"8", "22", "23", "48", "59"}
LEAD_ONLY = set("19 20 28 33 39 40 41 42 49 50 51 53 56 57 58 60 61 66 67 68".split())
OPEN_ENDED = set(
    "4 5 6 7 10 14 15 16 17 21 23 24 25 27 29 30 31 32 35 36 37 43 44 45 47 52 54 55 59 62 65"
    " 70".split()
)


def test_no_rule_finds_anything(known):
    found = checks.check_plans(
        known, [(files.DEFAULT_PLAN, files.read_plan_file(files.DEFAULT_PLAN))]
    )
    assert found.rows == ()


def test_the_tasks_are_numbered_as_printed(plan):
    assert [entry.task.no for entry in iter_tasks(plan)] == [str(n) for n in range(1, 72)]
    headings = [(each.no, len(each.tasks), len(each.sections)) for each in plan.lists]
    assert headings == [("一", 10, 0), ("二", 0, 9), ("三", 0, 0)]
    ends = [section.tasks[-1].no for section in plan.lists[1].sections]
    assert ends == ["16", "21", "25", "33", "42", "46", "56", "63", "71"]


def test_every_word_stands_in_the_published_text(plan):
    published = (files.DATA_DIR / plan.source.file).read_text("utf-8")
    lines = published.splitlines()
    for entry in iter_tasks(plan):
        assert f"{entry.task.no}、{entry.task.text}({entry.task.clause})" in lines
    assert lines[0] == plan.title
    assert tuple(lines[1:3]) == plan.preamble


def test_roles_are_those_counted_by_hand(plan):
    tasks = [entry.task for entry in iter_tasks(plan)]
    assert {task.no for task in tasks if not task.get_agency_names(Role.LEAD)} == NO_LEAD
    assert {task.no for task in tasks if not task.get_agency_names(Role.PARTICIPATE)} == LEAD_ONLY
    assert {task.no for task in tasks if task.is_open_ended} == OPEN_ENDED
    ends = {task.no for task in tasks if "等按职责分工负责" in task.clause}
    assert ends == OPEN_ENDED


@pytest.mark.parametrize(("phrase", "task"), [("有关市人民政府", "14"), ("相关市人民政府", "47")])
def test_phrases_stay_as_printed(plan, phrase, task):
    where = {
        e.task.no for e in iter_tasks(plan) if phrase in e.task.get_agency_names(Role.PARTICIPATE)
    }
    assert task in where
    assert where == {e.task.no for e in iter_tasks(plan) if phrase in e.task.clause}


def test_the_third_list_has_its_fields_and_figures(plan):
    third = plan.lists[2]
    assert len(third.fields) == 8
    assert [(each.value, each.unit) for each in third.figures] == [
        (163, "个"),
        (12079.2, "亿元"),
        (1701.2, "亿元"),
    ]
    assert third.note


def test_clauses_survive_reading_and_writing(plan, known):
    names = [region.name for region in known.regions]
    for entry in iter_tasks(plan):
        assert clause.parse_duties(entry.task.clause, names) == entry.task.duties
        assert (
            clause.parse_duties(clause.format_clause(entry.task.duties), names) == entry.task.duties
        )


def test_every_word_of_a_region_stands_where_it_says(plan):
    for entry in iter_tasks(plan):
        for mention in entry.task.regions:
            assert all(word in entry.task.text for word in mention.text)
            assert all(word in entry.task.clause for word in mention.clause)


@pytest.mark.parametrize("name", ["plan2022", "agencies", "regions"])
def test_files_are_written_as_plancli_writes_them(known, name):
    raw = files.read_plan_file(files.DATA_DIR / f"{name}.yaml")
    value = {
        "plan2022": lambda: plan_io.parse_plan(raw, name, known),
        "agencies": lambda: AgencyFile(agencies=known.agencies, jurisdiction=known.home_region),
        "regions": lambda: decoder.YamlDecoder(name).decode(RegionFile, raw),
    }[name]()
    assert plan_io.encode_file(value, plan_io.read_header(raw)) == raw


def test_the_schemas_of_the_files_are_those_that_are_written(tmp_path):
    json_schema.write_schemas(tmp_path)
    shipped = {file.name: file.read_bytes() for file in (files.DATA_DIR / "schema").iterdir()}
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == shipped


@pytest.mark.parametrize("name", ["plan", "agencies", "regions"])
def test_editors_find_a_schema_that_the_files_obey(name):
    schema = json.loads((files.DATA_DIR / "schema" / f"{name}.schema.json").read_text("utf-8"))
    assert schema == json_schema.build_file_schema(name), (
        "python -m plancli.plan.json_schema data/schema writes the schemas"
    )
    jsonschema.Draft7Validator.check_schema(schema)
    plain = yaml.load(
        files.read_plan_file(files.DATA_DIR / f"{FILES.get(name, name)}.yaml"),
        Loader=yaml.BaseLoader,
    )
    text_only = json.loads(
        json.dumps(schema).replace('"integer"', '"string"').replace('"number"', '"string"')
    )
    jsonschema.Draft7Validator(text_only).validate(plain)


def test_areas_name_the_document_that_defines_them(known):
    assert all(region.source for region in known.regions if region.members)
    north = next(region for region in known.regions if region.name == "皖北")
    assert set(north.members) == {"淮北", "亳州", "宿州", "蚌埠", "阜阳", "淮南"}


def test_collective_phrases_say_whom_they_may_mean(known):
    collectives = [each for each in known.agencies if each.kind is AgencyKind.COLLECTIVE]
    assert all(each.may_include for each in collectives)
    assert all(not each.may_include for each in known.agencies if each not in collectives)


def test_five_tasks_as_a_reader_reads_them(plan):
    """Written down from the published text by hand: who leads, who else, which places."""
    tasks = {entry.task.no: entry.task for entry in iter_tasks(plan)}
    read = {
        "11": (
            "省发展改革委 合肥市人民政府 淮南市人民政府 六安市人民政府 阜阳市人民政府",
            "合肥都市圈建设领导小组成员单位",
            "合六经济走廊 合肥 六安 合淮产业走廊 淮南 合肥都市圈 阜阳城市圈 阜阳",
        ),
        "28": ("合肥市人民政府 省地方金融监管局", "", "合肥 沪苏浙 上海 江苏 浙江"),
        "31": (
            "省公安厅",
            "安徽出入境边防检查总站 省发展改革委 省商务厅 省文化和旅游厅 合肥海关"
            " 合肥市人民政府 黄山市人民政府",
            "合肥 黄山",
        ),
        "39": ("省交通运输厅", "", "黄山 千岛湖 杭州 宁国市 安吉县 新汴河 宿州"),
        "48": ("", "省发展改革委 省卫生健康委", "沪苏浙 上海 江苏 浙江"),
    }
    for no, (lead, participate, regions) in read.items():
        task = tasks[no]
        assert task.get_agency_names(Role.LEAD) == tuple(lead.split())
        assert task.get_agency_names(Role.PARTICIPATE) == tuple(participate.split())
        assert {mention.name for mention in task.regions} == set(regions.split())
