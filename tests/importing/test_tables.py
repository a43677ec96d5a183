"""Tables of tasks are read whatever their headings are called, or are marked."""

import pytest

from plancli import checks, importing
from plancli.checks import source_text
from plancli.importing import batch
from plancli.importing.parsing import table_cells
from plancli.importing.parsing.coverage import UNREAD
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.results.roles import Role
from tests.importing.table_shapes import SHAPES, to_html

TITLE = "青溪县2027年重点工作任务分解表"


@pytest.fixture
def read(known):
    return lambda data, name="plan.html": importing.import_document(
        data if isinstance(data, bytes) else data.encode(), name, known
    )


def get_answers(draft):
    return [
        (
            entry.task.no,
            entry.task.text,
            "、".join(entry.task.get_agency_names(Role.LEAD)),
            "、".join(entry.task.get_agency_names(Role.PARTICIPATE)),
        )
        for entry in iter_tasks(draft.plan)
    ]


def get_doubts(draft):
    return [each.rule for each in summary.select_doubtful(draft)]


def get_sections(draft):
    return [
        entry.section.title if entry.section else entry.list.title
        for entry in iter_tasks(draft.plan)
    ]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_table_is_read_as_a_careful_reader_reads_it(read, shape):
    draft = read(to_html(shape))
    got = get_answers(draft)
    assert [(no, lead, rest) for no, _text, lead, rest in got] == [
        (no, lead, rest) for no, _text, lead, rest in shape.tasks
    ]
    for (_no, text, *_), (_number, begins, *_rest) in zip(got, shape.tasks, strict=True):
        assert text.startswith(begins)
    assert tuple(get_doubts(draft)) == shape.doubts
    if shape.sections:
        assert tuple(get_sections(draft)) == shape.sections
    if shape.deadlines:
        assert tuple(entry.task.deadline for entry in iter_tasks(draft.plan)) == shape.deadlines
    assert draft.coverage.count_characters()[UNREAD] == 0


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_table_read_without_doubt_passes_the_checks(known, tmp_path, read, shape):
    data = to_html(shape)
    (tmp_path / "plan.html").write_bytes(data)
    draft = read(data)
    plan = batch.finalize_plan(draft, data, "plan.html")
    found = checks.check_plans(known, [(tmp_path / "plan.yaml", batch.dump_plan(plan))])
    assert set(found.column("rule")) <= {"open-review"}
    assert not list(source_text.find_differences(draft.plan, data, "plan.html"))


def test_other_columns_are_cells_beside_the_task(read):
    shape = next(each for each in SHAPES if each.name == "other columns are cells")
    first = next(iter_tasks(read(to_html(shape)).plan)).task
    assert [(cell.column, cell.text) for cell in first.cells] == [
        ("进展情况", "已完成主体工程，正在进行设备安装和调试。"),
        ("牵头领导", "张三"),
        ("联系人", "李四"),
        ("备注", "县重点项目"),
    ]


PROSE = f"<h1>{TITLE}</h1><p>一、总体要求</p><p>坚持稳中求进。</p><p>二、重点工作</p><p>1.新建公园。（县住建局负责）</p>"
HEADS = "<tr><td>序号</td><td>具体工作</td><td>责任股室</td></tr>"


def test_a_table_beside_prose_is_read(read):
    table = f"<table>{HEADS}<tr><td>1</td><td>编制预算。</td><td>财务股</td></tr></table>"
    draft = read(f'<meta charset="utf-8">{PROSE}<p>三、任务分解</p>{table}')
    assert [each[0::3] for each in get_answers(draft)] == [("1", "县住建局"), ("1", "财务股")]
    assert [each.title for each in draft.plan.lists][-1] == "任务分解"


@pytest.mark.parametrize("label", ["附件1", "附表2："])
def test_the_title_of_an_annex_is_that_of_the_tasks_in_its_table(read, label):
    table = f"<table>{HEADS}<tr><td>1</td><td>编制预算。</td><td>财务股</td></tr></table>"
    names = "<p>三、附件</p><p>1.重点任务清单。</p><p>2.成果清单。</p>"
    page = f'<meta charset="utf-8">{PROSE}{names}<p>{label}</p><p>重点任务清单</p>{table}'
    entry = list(iter_tasks(read(page).plan))[-1]
    assert (entry.list.title, entry.task.text) == ("重点任务清单", "编制预算。")


def test_a_table_with_agencies_that_is_no_table_of_tasks_is_marked(read):
    table = "<table><tr><td>牵头单位</td><td>电话</td></tr><tr><td>县住建局</td><td>1234567</td></tr></table>"
    draft = read(f'<meta charset="utf-8">{PROSE}{table}')
    assert "table-as-text" in get_doubts(draft)


DUTIES = [
    ("县水利局", "整治中小河流，加固病险水库，建设节水灌溉设施，推行河长巡查制度。"),
    ("县交通运输局", "修建农村公路，改造危桥，开通城乡公交，完善客货邮融合站点。"),
    ("县林业局", "开展国土绿化，防治松材线虫，管护古树名木，完善森林防火通道。"),
]


@pytest.mark.parametrize(
    ("heads", "is_read"),
    [(("科室", "应承担的工作"), True), (("单位", "水安全"), True), (("成员", "说明"), False)],
)
def test_a_column_of_agencies_is_read_or_marked_without_a_word_of_duty(read, heads, is_read):
    rows = "".join(f"<tr><td>{one}</td><td>{other}</td><td>河湖</td></tr>" for one, other in DUTIES)
    table = f"<table><tr><td>{heads[0]}</td><td>{heads[1]}</td><td>相关领域</td></tr>{rows}</table>"
    draft = read(f'<meta charset="utf-8">{PROSE}<p>三、部门分工</p>{table}')
    got = [(text, rest) for _no, text, _lead, rest in get_answers(draft)[1:]]
    assert got == ([(text, name) for name, text in DUTIES] if is_read else [])
    assert get_doubts(draft) == (["unknown-column"] if is_read else ["table-as-text"])


def test_a_table_without_headings_is_read_by_its_content_and_marked(read):
    rows = "".join(
        f"<tr><td>{n}</td><td>{text}</td><td>{name}</td></tr>"
        for n, (name, text) in enumerate(DUTIES, 1)
    )
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{rows}</table>')
    assert get_answers(draft) == [
        (str(n), text, "", name) for n, (name, text) in enumerate(DUTIES, 1)
    ]
    assert get_doubts(draft) == ["unknown-column"]


def test_tasks_keep_their_order_where_headings_come_and_go(read):
    rows = ["<tr><td>1</td><td>甲事</td><td>县教育局</td></tr>",
            "<tr><td colspan=3>一、强化保障</td></tr>",
            "<tr><td>2</td><td>乙事</td><td>县财政局</td></tr>"]  # fmt: skip
    tables = (
        f"<table>{HEADS}{rows[1]}{rows[2]}</table><p>说明如下。</p><table>{HEADS}{rows[0]}</table>"
    )
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1>{tables}')
    assert [text for _no, text, *_ in get_answers(draft)] == ["乙事", "甲事"]


@pytest.mark.parametrize("heads", ["", HEADS])
def test_a_table_goes_on_in_the_next(read, heads):
    first = f"<table>{HEADS}<tr><td colspan=3>一、道路</td></tr><tr><td>1</td><td>修建村道。</td><td>工程股</td></tr></table>"
    then = f"<table>{heads}<tr><td>2</td><td>修建桥梁。</td><td>工程股</td></tr><tr><td>3</td><td>修建涵洞。</td><td>工程股</td></tr></table>"
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1>{first}{then}')
    assert [each[0] for each in get_answers(draft)] == ["1", "2", "3"]
    assert get_sections(draft) == ["一、道路"] * 3
    assert get_doubts(draft) == []


COPIED = "序号 工作任务 责任单位 配合单位 完成时限".split()


@pytest.mark.parametrize(
    ("heads", "rows", "answers"),
    [
        (
            COPIED[:3],
            ["1 修建村道。 县交通运输局", "2 疏浚河道。 县水利局、县财政局"],
            [("1", "", "县交通运输局"), ("2", "", "县水利局、县财政局")],
        ),
        (
            COPIED[:3] + COPIED[4:],
            ["1 整治街巷。 县城管局 县公安局 12月底前", "2 改造 老旧小区。 县住建局 9月底前"],
            [("1", "", "县城管局、县公安局"), ("2", "", "县住建局")],
        ),
        (COPIED[:4], ["1 整治街巷。 县城管局 县公安局 各镇"], None),
        (COPIED, ["1 整治街巷。 县城管局", "2 植树。 县林业局"], None),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_table_copied_cell_by_cell_is_read_or_marked(read, gap, heads, rows, answers):
    lines = [TITLE, *heads, *(cell for row in rows for cell in row.split())]
    draft = read(gap.join(lines), "plan.txt")
    if answers is None:
        assert "table-as-text" in get_doubts(draft) or "no-tasks" in get_doubts(draft)
        return
    assert [(no, lead, rest) for no, _text, lead, rest in get_answers(draft)] == answers
    assert get_doubts(draft) == []


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("县教育局|县财政局", "县教育局、县财政局"),
        ("县发展和改|革局", "县发展和改革局"),
        ("县委|组织部", "县委组织部"),
        ("县政府|办公室|县司法局", "县政府办公室、县司法局"),
        ("各县（市、|区）政府", "各县（市、区）政府"),
        ("县教育局、|县财政局", "县教育局、县财政局"),
        ("县教育局、县财|政局", "县教育局、县财政局"),
        ("县教育局牵头|县财政局配合", "县教育局牵头，县财政局配合"),
        ("牵头单位：县教育局|配合单位：县财政局", "牵头单位：县教育局；配合单位：县财政局"),
        ("科创园|各街道|县投资公司", "科创园、各街道、县投资公司"),
        ("县教育局|等", "县教育局等"),
    ],
)
def test_lines_of_a_cell_are_several_names_unless_one_is_unfinished(lines, names):
    assert table_cells.join_names(lines.split("|")) == names


def test_the_person_beside_an_agency_is_a_cell(read):
    shape = next(each for each in SHAPES if each.name.startswith("persons in brackets"))
    tasks = [entry.task for entry in iter_tasks(read(to_html(shape)).plan)]
    assert tasks[0].cells[0].text == "县交通局（张三）"
    assert not tasks[3].cells


def test_a_column_of_several_roles_beside_that_of_those_leading_does_not_lead(read):
    row = "<tr><td>1</td><td>治河</td><td>县水利局</td><td>县财政局、县审计局</td></tr>"
    head = "<tr><td>序号</td><td>工作任务</td><td>牵头单位</td><td>责任主体与协同单位</td></tr>"
    draft = read(f"<h1>{TITLE}</h1><table>{head}{row}</table>")
    assert get_answers(draft) == [("1", "治河", "县水利局", "县财政局、县审计局")]
    assert get_doubts(draft) == ["mixed-label"]


def test_a_row_that_a_table_has_twice_is_marked(read):
    rows = "".join(f"<tr><td>{n}</td><td>修路。</td><td>工程股</td></tr>" for n in (1, 2))
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{HEADS}{rows}</table>')
    assert get_doubts(draft) == ["duplicate-task"]


def test_the_clause_of_a_merged_cell_has_the_printed_headings(read):
    heads = "<tr><td>任务</td><td>牵头科室</td><td>协办科室</td></tr>"
    rows = [
        f"<tr><td>{text}</td><td colspan=2>{words}</td></tr>"
        for text, words in [("编制预算", "财务科、人事科"), ("修订制度", "法规科牵头，办公室配合")]
    ]
    single = "<tr><td>组织培训</td><td>人事科</td><td>办公室</td></tr>"
    draft = read(
        f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{heads}{"".join(rows)}{single}</table>'
    )
    clauses = [entry.task.clause for entry in iter_tasks(draft.plan)]
    assert clauses[:2] == ["牵头科室/协办科室：财务科、人事科", "法规科牵头，办公室配合"]
    assert get_doubts(draft) == ["mixed-label"]


def test_forms_below_each_other_are_tasks_of_one_list(read):
    forms = "".join(
        f"<table><tr><td>任务名称</td><td colspan=3>{name}</td></tr>"
        f"<tr><td>牵头单位</td><td>{lead}</td><td>配合单位</td><td>县财政局</td></tr></table>"
        for name, lead in [("修建公园", "县住建局"), ("改造学校", "县教育局")]
    )
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1>{forms}')
    assert get_answers(draft) == [
        ("1", "修建公园", "县住建局", "县财政局"),
        ("2", "改造学校", "县教育局", "县财政局"),
    ]
    assert get_doubts(draft) == []


@pytest.mark.parametrize("words", ["城管中队", "林场"])
def test_a_table_with_a_heading_of_agencies_is_never_silent(read, words):
    table = (
        f"<table><tr><td>编码</td><td>责任单位</td></tr><tr><td>3</td><td>{words}</td></tr></table>"
    )
    draft = read(f'<meta charset="utf-8">{PROSE}{table}')
    assert get_doubts(draft) == ["table-as-text"]


DRAWN = """┌──┬────────┬──────┐
│序号│工作任务        │责任单位    │
├──┼────────┼──────┤
│1   │修建农村公路三十│县交通局、县│
│    │公里            │财政局      │
│    ├────────┤            │
│    │改造桥梁        │            │
├──┼────────┼──────┤
│2   │改造学校        │县教育局    │
└──┴────────┴──────┘
"""


def test_a_table_drawn_with_characters_is_read(read):
    draft = read(f"{TITLE}\n\n{DRAWN}", "plan.txt")
    assert get_answers(draft) == [
        ("1(1)", "修建农村公路三十公里", "", "县交通局、县财政局"),
        ("1(2)", "改造桥梁", "", "县交通局、县财政局"),
        ("2", "改造学校", "", "县教育局"),
    ]
    assert get_doubts(draft) == []


def test_a_drawn_table_with_torn_columns_is_marked(read):
    torn = DRAWN.replace("农村公路", "农村│公路")
    draft = read(f"{TITLE}\n\n{torn}\n一、其他\n1.开展植树。（县林业局负责）\n", "plan.txt")
    assert get_doubts(draft).count("table-as-text") == 1


@pytest.mark.parametrize("mark", ["合计", "合　计：3项"])
def test_the_rows_below_a_table_are_no_tasks(read, mark):
    rows = [
        "<tr><td>1</td><td>编制预算。</td><td>县财政局</td></tr>",
        f"<tr><td>2</td><td>{mark}</td><td></td></tr>",
        "<tr><td colspan=3>注：各项由县委督查室牵头督办。</td></tr>",
    ]
    form = "<p>填表人：李四（县审计局）</p>"
    draft = read(
        f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{HEADS}{"".join(rows)}</table>{form}'
    )
    assert [each[1::2] for each in get_answers(draft)] == [("编制预算。", "县财政局")]
    assert get_doubts(draft) == ["unread-duty"]


@pytest.mark.parametrize(("first", "is_gap"), [(2, False), (3, True)])
def test_a_table_may_go_on_with_the_numbers_of_the_prose(read, first, is_gap):
    table = f"<table>{HEADS}<tr><td>{first}</td><td>编制预算。</td><td>财务股</td></tr></table>"
    doubts = get_doubts(read(f'<meta charset="utf-8">{PROSE}{table}'))
    assert ("number-gap" in doubts) is is_gap


def test_agencies_in_brackets_beside_a_column_of_agencies_are_not_lost(read):
    text = "（1）建设救助站（县民政局）；（2）开展义诊（县卫生健康局）"
    table = f"<table>{HEADS}<tr><td>1</td><td>{text}</td><td>县民政局</td></tr></table>"
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1>{table}')
    found = [each.words for each in summary.select_doubtful(draft)]
    assert found == ["（县卫生健康局）"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["国家税务总局", "青溪县税务局"], "国家税务总局青溪县税务局"),
        (["中国人民银行", "青溪县支行", "县财政局"], "中国人民银行青溪县支行、县财政局"),
        (["国家统计局", "县审计局"], "国家统计局、县审计局"),
    ],
)
def test_a_central_body_goes_on_with_the_place_of_its_branch(lines, names):
    assert table_cells.join_names(lines) == names


def test_struck_words_do_not_join_two_names(read):
    cells = "<td>1</td><td>编制预算。</td><td><s>县审计局</s>县财政局</td>"
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{HEADS}<tr>{cells}</tr></table>')
    assert get_answers(draft)[0][3] == "县审计局、县财政局"
    assert get_doubts(draft) == ["struck-out"]


@pytest.mark.parametrize("heading", ["牵头验收单位", "牵头落实部门"])
def test_a_heading_that_begins_with_lead_is_that_of_who_leads(read, heading):
    heads = f"<tr><td>序号</td><td>任务</td><td>{heading}</td></tr>"
    row = "<tr><td>1</td><td>编制预算。</td><td>县财政局</td></tr>"
    draft = read(f'<meta charset="utf-8"><h1>{TITLE}</h1><table>{heads}{row}</table>')
    assert get_answers(draft) == [("1", "编制预算。", "县财政局", "")]
    assert get_doubts(draft) == []
