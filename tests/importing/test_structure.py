"""What surrounds and divides the tasks: heads, annexes, closing paragraphs, tasks without numbers."""

import pytest

from plancli import importing
from plancli.errors import NotFound
from plancli.importing.parsing import numbering
from plancli.importing.parsing.coverage import UNREAD
from plancli.importing.parsing.jurisdiction import UNKNOWN_JURISDICTION
from plancli.importing.reporting import summary
from plancli.plan.model import iter_tasks
from plancli.registry import io as registry_io
from plancli.results.roles import Role
from plancli.text import numerals

TASKS = "\n一、主要任务\n1.疏浚河道。（责任单位：县水利局）\n2.修缮校舍。（责任单位：县教育局）\n"


@pytest.fixture(scope="module")
def read():
    known = registry_io.load_default_registry()
    return lambda text, jurisdiction="", name="plan.txt": importing.import_document(
        text.encode(), name, known, jurisdiction
    )


def said(draft):
    """Return list, section, number, text, lead and participants of each task."""
    return [
        (
            entry.list.title,
            entry.section.title if entry.section else "",
            entry.task.no,
            entry.task.text,
            entry.task.get_agency_names(Role.LEAD),
            entry.task.get_agency_names(Role.PARTICIPATE),
        )
        for entry in iter_tasks(draft.plan)
    ]


def rules(draft):
    return [each.rule for each in summary.select_doubtful(draft)]


@pytest.mark.parametrize(
    ("head", "title", "year", "jurisdiction", "date"),
    [
        pytest.param(
            "白鹭市商务局关于印发《夜间消费提升方案》的通知\n各区县商务局：\n现将《夜间消费提升方案》印发给你们。\n"
            "白鹭市商务局\n2027 年 3 月 9 日\n夜间消费提升方案\n为提升夜间消费，制定本方案。",
            *("夜间消费提升方案", 2027, "白鹭市", "2027-03-09"),
            id="spaced-date",
        ),
        pytest.param(
            "白鹭市人民政府办公室\n关于印发白鹭市养老服务行动计划的通知\n各区人民政府：\n请认真贯彻执行。\n"
            "二〇二七年十一月二十日\n白鹭市养老服务\n行动计划",
            *("白鹭市养老服务行动计划", 2027, "白鹭市", "2027-11-20"),
            id="date-in-characters",
        ),
        pytest.param(
            "首 页 要闻 服务 政策\n首页 > 公开 > 详情\n松岭县2027年工作要点\n发布日期：2027-02-03",
            *("松岭县2027年工作要点", 2027, "松岭县", "2027-02-03"),
            id="navigation",
        ),
        pytest.param(
            "松岭县教育局等4部门关于印发《松岭县护学行动计划》的通知发布时间：2027-05-06各乡镇："
            "现将《松岭县护学行动计划》印发给你们。松岭县教育局2027年5月4日松岭县护学行动计划为守护学生，制定本计划。",
            *("松岭县护学行动计划", 2027, "松岭县", "2027-05-06"),
            id="one-line",
        ),
        pytest.param(
            "归档时间：2030-01-01\n关于促进民营经济的若干措施\n皖政办〔2027〕8号\n各市人民政府：",
            *("关于促进民营经济的若干措施", 2027, "安徽", ""),
            id="document-number",
        ),
        pytest.param(
            "现将《松岭县安全生产方案》印发给你们，并提出要求：\n一、加强领导。各单位要高度重视。\n"
            "二、按月报送。每月底报送进展。\n松岭县人民政府\n2027年6月7日\n松岭县安全生产方案",
            *("松岭县安全生产方案", 2027, "松岭县", "2027-06-07"),
            id="numbered-letter",
        ),
        pytest.param(
            "教育部等五部门关于印发《校园阅读行动方案》的通知\n各省教育厅：\n2027年4月1日\n校园阅读行动方案",
            *("校园阅读行动方案", 2027, "全国", "2027-04-01"),
            id="ministry",
        ),
        pytest.param(
            "白鹭市政务公开2027年工作要点",
            *("白鹭市政务公开2027年工作要点", 2027, "白鹭市", ""),
            id="word-of-sites",
        ),
    ],
)
def test_the_head_is_read_wherever_it_stands(read, head, title, year, jurisdiction, date):
    draft = read(head + TASKS)
    plan = draft.plan
    assert (plan.title, plan.year, plan.jurisdiction) == (title, year, jurisdiction)
    assert plan.source.date == date
    assert [no for _list, _section, no, *_rest in said(draft)] == ["1", "2"]
    assert rules(draft) == []
    assert draft.coverage.count_characters()[UNREAD] == 0


@pytest.mark.parametrize(
    "title",
    [
        "推动区域品牌建设2027年工作要点",
        "推进县域商业2027年工作要点",
        "关于加快城市微更新2027年工作要点",
        "促进市场繁荣2027年行动方案",
        "落实乡村振兴2027年任务清单",
        "深化镇村一体2027年工作方案",
    ],
)
def test_no_jurisdiction_is_made_of_a_title_that_names_none(read, title):
    draft = read(title + TASKS)
    assert draft.plan.jurisdiction == UNKNOWN_JURISDICTION
    assert "no-jurisdiction" in rules(draft)


@pytest.mark.parametrize(
    ("title", "jurisdiction"),
    [
        ("白鹭市市场监管局2027年工作要点", "白鹭市"),
        ("松岭县县域商业2027年工作要点", "松岭县"),
        ("东篱镇2027年工作要点", "东篱镇"),
        ("山东镇2027年工作要点", "山东镇"),
        ("河北街道2027年工作要点", "河北街道"),
        ("云南乡村建设2027年工作要点", "云南"),
        ("合肥市肥西县东篱镇2027年工作要点", "东篱镇"),
        ("合肥市蜀山区2027年工作要点", "蜀山区"),
        ("中共松岭县委2027年工作要点", "松岭县"),
    ],
)
def test_a_division_named_as_divisions_are_is_the_jurisdiction(read, title, jurisdiction):
    assert read(title + TASKS).plan.jurisdiction == jurisdiction


def test_a_given_jurisdiction_exists_or_is_named_as_one(read):
    text = "工作要点" + TASKS
    given = {
        "安徽省": "安徽",
        "合肥市蜀山区": "蜀山区",
        "安徽省白鹭市": "白鹭市",
        "东篱镇": "东篱镇",
        "皖北": "皖北",
    }
    assert {each: read(text, each).plan.jurisdiction for each in given} == given
    for wrong in ("火星", "2027", "推进县", "白鹭市", " "):
        with pytest.raises(NotFound) as error:
            read(text, wrong)
        assert "--year" in error.value.hint
    with pytest.raises(NotFound, match="肥溪") as error:
        read(text, "肥溪")
    assert "肥西县" in error.value.hint


def test_words_behind_the_last_clause_close_the_plan(read):
    draft = read(
        "松岭县2027年重点工作方案\n（一）兴修水利。（县水利局负责）（二）兑现奖补。（县财政局负责）"
        "各乡镇、各部门要认真贯彻落实本方案，重大事项及时报告。\n"
    )
    assert [(no, text) for _list, _section, no, text, *_rest in said(draft)] == [
        ("一", "兴修水利。"),
        ("二", "兑现奖补。"),
    ]
    assert draft.plan.lists[-1].paragraphs == (
        "各乡镇、各部门要认真贯彻落实本方案，重大事项及时报告。",
    )
    draft = read(
        "松岭县2027年工作要点\n1.兴修水利。（县水利局负责）\n2.兑现奖补。\n"
        "本要点自印发之日起施行。\n松岭县人民政府办公室\n2027年3月1日\n附件：1.项目表\n2.名册\n抄送：县委办。\n"
    )
    assert said(draft)[1][3] == "兑现奖补。"
    assert draft.plan.lists[-1].paragraphs == ("本要点自印发之日起施行。",)
    assert draft.plan.lists[-1].annex == ("附件：1.项目表", "2.名册")
    assert draft.plan.source.date == "2027-03-01"


def test_an_annex_with_clauses_is_a_list_under_its_own_title(read):
    draft = read(
        "松岭县2027年水利工作方案\n一、重点任务\n（一）兴修水利。（县水利局负责）\n附件：1.任务清单\n2.联系名册\n"
        "附件1\n任务清单\n1.疏浚东河。（责任单位：县水利局）\n2.加固西堤。（责任单位：县应急局）\n"
        "附件2\n联系名册\n1.张某\n2.李某\n"
    )
    assert [(list_, no) for list_, _section, no, *_rest in said(draft)] == [
        ("重点任务", "一"),
        ("任务清单", "1"),
        ("任务清单", "2"),
    ]
    assert [each.annex for each in draft.plan.lists] == [
        ("附件：1.任务清单", "2.联系名册"),
        ("附件2", "联系名册", "1.张某", "2.李某"),
    ]
    assert rules(draft) == []


@pytest.mark.parametrize(
    "label", ["附件1：任务清单", "附件一 任务清单", "附表\n任务清单", "附件2\n任务清单"]
)
def test_the_label_of_an_annex_is_none_of_its_title(read, label):
    draft = read(f"松岭县2027年要点方案{TASKS}{label}\n1.疏浚东河。（责任单位：县水利局）\n")
    assert [each[0] for each in said(draft)] == ["主要任务", "主要任务", "任务清单"]
    assert draft.coverage.count_characters()[UNREAD] == 0


def test_a_table_in_an_annex_is_under_the_annex_s_own_title(read):
    rows = "<tr><td>序号</td><td>具体任务</td><td>牵头单位</td></tr>" + "".join(
        f"<tr><td>{no}</td><td>{text}</td><td>{name}</td></tr>"
        for no, text, name in ((1, "疏浚东河。", "县水利局"), (2, "加固西堤。", "县应急局"))
    )
    lines = (
        *("松岭县2027年水利工作方案", "一、总体要求", "坚持预防为主。", "二、附件"),
        *("1.任务分解表。", "2.联系名册。", "附件1", "任务分解表"),
    )
    page = "".join(f"<p>{line}</p>" for line in lines)
    draft = read(f"<html><body>{page}<table>{rows}</table></body></html>", name="plan.html")
    assert [(list_, no) for list_, _section, no, *_rest in said(draft)] == [
        ("任务分解表", "1"),
        ("任务分解表", "2"),
    ]


def test_tasks_without_numbers_have_their_labels_on_the_lines_behind_them(read):
    draft = read(
        "松岭县2027年政府工作报告任务分工方案\n为抓好落实，制定本方案。\n植树造林3万亩\n部门分工：县林业局牵头，各乡镇配合。\n"
        "新建公厕20座。\n牵头单位：县住建局\n责任单位：县财政局、县城管局\n"
        "扩大就业 工作措施：举办招聘会。 部门分工：县人社局牵头，县工商联配合。\n"
    )
    assert [each[2:] for each in said(draft)] == [
        ("1", "植树造林3万亩", ("县林业局",), ("各乡镇",)),
        ("2", "新建公厕20座。", ("县住建局",), ("县财政局", "县城管局")),
        ("3", "扩大就业 工作措施：举办招聘会。", ("县人社局",), ("县工商联",)),
    ]
    assert draft.plan.preamble == ("为抓好落实，制定本方案。",)
    numbered = [each.no for each in draft.diagnostics if each.rule == "no-number"]
    assert numbered == ["1", "2", "3"]


def test_a_task_without_a_title_above_it_is_not_before_the_article(read):
    draft = read(
        "植树造林3万亩\n部门分工:县林业局牵头,各乡镇配合。\n新建公厕。\n责任单位：县住建局\n"
    )
    assert [each[3] for each in said(draft)] == ["植树造林3万亩", "新建公厕。"]


def test_a_heading_with_a_comma_is_parted_from_the_task_on_its_line(read):
    draft = read(
        "松岭县2027年工作方案\n为抓好落实，制定本方案。一、强化服务供给，提升群众体验（一）简化流程，压缩时限。（县数据局、县司法局负责）"
        "（二）推行帮办。（县民政局负责）二、优化环境（三）清理收费。（县财政局负责）\n"
    )
    assert [each[:4] for each in said(draft)] == [
        ("强化服务供给，提升群众体验", "", "一", "简化流程，压缩时限。"),
        ("强化服务供给，提升群众体验", "", "二", "推行帮办。"),
        ("优化环境", "", "三", "清理收费。"),
    ]
    assert rules(draft) == []
    draft = read("松岭县2027年工作方案\n一、落实条例，执行第二条（一）项规定。（县司法局负责）\n")
    assert [each[2] for each in said(draft)] == ["一"]


def test_paragraphs_of_one_heading_are_parts_of_one_task_in_order(read):
    draft = read(
        "松岭县2027年工作方案\n一、重点任务\n（一）盘活资源\n开放场馆。（责任单位：县文旅局）\n名单另行公布。\n"
        "共享设备。（责任单位：县科技局）\n（二）补齐短板\n修缮校舍。（责任单位：县教育局）\n"
    )
    first = next(iter_tasks(draft.plan)).task
    assert [(part.text, part.clause) for part in first.parts] == [
        ("盘活资源 开放场馆。", "责任单位：县文旅局"),
        ("名单另行公布。共享设备。", "责任单位：县科技局"),
    ]


@pytest.mark.parametrize("torn", ["，健全机制。", "的整治力度。", "、乡镇的衔接。", "以及村道。"])
def test_a_text_that_begins_within_a_sentence_is_marked(read, torn):
    draft = read(
        f"松岭县2027年工作要点\n1.{torn}（责任单位：县水利局）\n2.修路。（责任单位：县交通局）\n"
    )
    brackets = ["unbalanced-brackets"] * torn.startswith("）")
    assert rules(draft) == ["begins-within-sentence", *brackets]


@pytest.mark.parametrize("whole", ["及时兑现奖补。", "等级公路建设。", "的士管理。", "以工代赈。"])
def test_a_word_that_only_looks_torn_is_not_marked(read, whole):
    draft = read(f"松岭县2027年工作要点\n1.{whole}（责任单位：县水利局）\n")
    assert rules(draft) == []


def test_a_second_document_in_a_file_is_marked(read):
    others = "\n一、医疗\n1.新建医院。（责任单位：县卫生健康局）\n二、养老\n1.新建食堂。（责任单位：县民政局）\n"
    draft = read("松岭县2027年工作要点" + TASKS + "松岭县2027年民生实事方案" + others)
    assert "second-document" in rules(draft)
    assert any(line.startswith("second-document") for line in draft.plan.review)


@pytest.mark.parametrize("number", [7, 10, 19, 20, 99, 101, 110, 999, 1000, 1020, 1203, 9999])
def test_numbers_to_9999_are_read_as_typed(number):
    typed = numbering.format_chinese_number(number)
    assert numbering.parse_number(typed) == number
    assert numerals.parse_heading_number(f"{typed}、") == str(number)
    assert numerals.parse_heading_number(str(number)) == str(number)


@pytest.mark.parametrize(
    ("head", "title", "year"),
    [
        ("【重点任务】松岭县人民政府关于2027年水利工作任务分工的通知", "松岭县人民政府关于2027年水利工作任务分工的通知", 2027),
        ("松岭县水利发展三年行动计划\n（2027—2029年）", "松岭县水利发展三年行动计划（2027—2029年）", 2027),
        ("松岭县河湖治理方案（2027-2035）", "松岭县河湖治理方案（2027-2035）", 2027),
        ("关于印发《松岭县水利局2027年工作要点》的通知", "松岭县水利局2027年工作要点", 2027),
        ("松岭县水利方案\n发布日期：2027-03-01 字号：【\n各乡镇：\n请抓好落实。", "松岭县水利方案", 2027),
    ],
)  # fmt: skip
def test_brackets_of_a_site_are_no_title_and_those_of_a_title_are(read, head, title, year):
    draft = read(head + TASKS)
    assert (draft.plan.title, draft.plan.year, rules(draft)) == (title, year, [])
    assert [row[2] for row in said(draft)] == ["1", "2"]


@pytest.mark.parametrize(
    ("preamble", "year"),
    [
        (
            "到2035年建成水网，根据《松岭县规划（2021-2030）》（松政发〔2028〕3号），制定本方案。",
            2028,
        ),
        ("为做好2027年水利工作，到2030年见效，制定本方案。", 2027),
    ],
)
def test_a_year_from_a_sentence_is_no_target_and_a_doubt(read, preamble, year):
    draft = read(f"松岭县水利方案\n{preamble}{TASKS}")
    assert (draft.plan.year, rules(draft)) == (year, ["guessed-year"])


def test_a_number_glued_to_digits_continues_the_numbers(read):
    tasks = "".join(f"{n}.办第{n}件。（责任单位：县水利局）\n" for n in range(1, 11))
    draft = read(f"松岭县2027年方案\n{tasks}11.365天值守。（责任单位：县应急局）\n")
    assert (said(draft)[-1][2:4], rules(draft)) == (("11", "365天值守。"), [])


def test_many_breaks_of_the_numbers_are_one_doubt(read):
    tasks = "".join(f"{n}.办第{n}件。（责任单位：县水利局）\n" for n in (3, 7, 12, 20))
    draft = read(f"松岭县2027年方案\n{tasks}")
    assert rules(draft) == ["number-gap"]
    assert draft.plan.review == ("number-gap: — → 3；3 → 7；7 → 12；12 → 20",)


def test_a_page_on_one_line_is_parted_at_its_title_and_labelled_clauses(read):
    draft = read(
        "关于支持渔业的五条意见。为支持渔业，提出以下意见。1.建设渔港。责任单位：县水利局。"
        "2.补贴渔船，每艘2.5万元。责任单位：县财政局、县水利局。"
    )
    assert draft.plan.title == "关于支持渔业的五条意见"
    assert [row[2:] for row in said(draft)] == [
        ("1", "建设渔港。", (), ("县水利局",)),
        ("2", "补贴渔船，每艘2.5万元。", (), ("县财政局", "县水利局")),
    ]


def test_parts_on_one_line_below_a_title_are_one_task(read):
    draft = read(
        "松岭县2027年方案\n一、任务\n（一）治理河道\n一是清淤。二是绿化。（责任单位：县水利局）\n"
        "（二）修缮校舍。（责任单位：县教育局）\n"
    )
    assert [row[2] for row in said(draft)] == ["一", "二"]
    assert "一是清淤。二是绿化。" in said(draft)[0][3]


@pytest.mark.parametrize("name", ["县水利局", "县水利局、县财政局"])
def test_a_clause_in_a_heading_holds_for_tasks_without_one(read, name):
    draft = read(
        f"松岭县2027年任务清单\n一、{name}牵头的任务（2项）\n1.治河。\n2.修渠。（责任单位：县交通局）\n"
    )
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    assert [each.shared_clause for each in tasks] == [f"{name}牵头", ""]
    assert tasks[0].get_agency_names(Role.LEAD) == tuple(name.split("、"))
    assert rules(draft) == []


def test_a_heading_that_is_only_an_agency_is_a_doubt(read):
    draft = read("松岭县2027年任务清单\n一、县水利局（2项）\n1.治河。\n2.修渠。\n")
    assert rules(draft) == ["unread-duty"]


def test_the_plan_may_be_the_annex_of_a_letter_with_numbers(read):
    draft = read(
        "各乡镇人民政府：\n现将任务清单印发给你们，请认真贯彻落实。\n一、明确责任。\n二、加强督查。\n"
        "松岭县人民政府\n2027年3月1日\n附件\n松岭县重点任务清单\n一、县水利局牵头任务\n1.治河。\n2.修渠。\n"
    )
    assert draft.plan.title == "松岭县重点任务清单"
    assert [row[3:5] for row in said(draft)] == [
        ("治河。", ("县水利局",)),
        ("修渠。", ("县水利局",)),
    ]


def test_bullets_below_a_bullet_are_its_task(read):
    draft = read(
        "# 松岭县2027年方案\n\n- **水利**\n  - 治理河道\n    - 清理淤泥\n    - 县水利局牵头，县财政局等按职责分工负责\n"
        "  - 修缮水渠\n    - 县水利局负责\n",
        name="plan.md",
    )
    assert [row[:2] + row[3:] for row in said(draft)] == [
        ("水利", "", "治理河道清理淤泥", ("县水利局",), ("县财政局",)),
        ("水利", "", "修缮水渠", (), ("县水利局",)),
    ]


def test_each_annex_of_a_letter_with_a_title_keeps_its_own(read):
    draft = read(
        "松岭县人民政府关于印发2027年两项工作的通知\n各乡镇：\n现印发给你们，请认真落实。\n附件：1.水利任务清单\n"
        "2.教育任务清单\n2027年2月3日\n附件1\n水利任务清单\n1.治河。（责任单位：县水利局）\n"
        "附件2\n教育任务清单\n1.建校。（责任单位：县教育局）\n"
    )
    assert draft.plan.title == "松岭县人民政府关于印发2027年两项工作的通知"
    assert [row[0] for row in said(draft)] == ["水利任务清单", "教育任务清单"]


@pytest.mark.parametrize(
    "heading",
    [
        "修渠行动\n责任单位：县水利局、县财政局",
        "修渠行动\n（责任单位：县水利局、县财政局）",
        "修渠行动（责任单位：县水利局、县财政局）",
    ],
)
def test_a_clause_behind_a_heading_holds_for_numbered_tasks_below(read, heading):
    draft = read(
        f"松岭县2027年工作方案\n一、{heading}\n1.疏浚支渠8条。\n2.衬砌干渠。（县交通局）\n"
        "二、护学行动（县教育局牵头）\n3.设岗20处。\n"
    )
    clause = "责任单位：县水利局、县财政局"
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    assert [(each.no, each.shared_clause) for each in tasks] == [
        ("1", clause),
        ("2", ""),
        ("3", "县教育局牵头"),
    ]
    assert [row[4:] for row in said(draft)][::2] == [
        ((), ("县水利局", "县财政局")),
        (("县教育局",), ()),
    ]
    assert [each.title for each in draft.plan.lists] == ["修渠行动", "护学行动"]
    assert rules(draft) == []


def test_parts_below_a_task_are_none_of_their_own(read):
    draft = read(
        "松岭县2027年工作方案\n一、任务\n1.修渠行动（县水利局牵头）\n（1）疏浚支渠。\n（2）衬砌干渠。\n"
        "2.设岗。（县教育局）\n"
    )
    assert [row[2] for row in said(draft)] == ["1", "2"]


@pytest.mark.parametrize(
    "contact",
    [
        "联系人：李敏（县水利局），电话：0559-7654321",
        "监督电话：0559-12345（县纪委监委）",
        "填报人：李敏（县水利局）",
        "业务咨询电话：0559-12345（县政务服务局、县水利局）",
    ],
)
def test_a_contact_has_no_duty(read, contact):
    draft = read("松岭县2027年工作要点" + TASKS + contact + "\n")
    assert [(row[2], row[3], row[5]) for row in said(draft)] == [
        ("1", "疏浚河道。", ("县水利局",)),
        ("2", "修缮校舍。", ("县教育局",)),
    ]
    assert rules(draft) == []


def test_duties_below_a_contact_are_reported(read):
    draft = read("松岭县2027年工作要点" + TASKS + "联系人：李敏\n责任单位：县农业农村局\n")
    assert "unread-duty" in rules(draft)
    assert [row[5] for row in said(draft)] == [("县水利局",), ("县教育局",)]


def test_a_given_jurisdiction_that_the_title_contradicts_is_a_doubt(read):
    for title in ("合肥市2027年工作要点", "安徽省合肥市2027年工作要点"):
        assert rules(read(title + TASKS, "浙江省")) == ["jurisdiction-differs"]
        assert rules(read(title + TASKS, "合肥市")) == []
    assert rules(read("2027年工作要点" + TASKS, "浙江省")) == []


@pytest.mark.parametrize("end", ["》\n的通知", "》的\n通知"])
def test_a_notice_on_several_lines_names_its_plan(read, end):
    draft = read(
        f"中共松岭县委 松岭县人民政府\n关于印发《松岭县治水三年行动方案{end}\n（2027年3月1日）\n"
        + TASKS
    )
    assert draft.plan.title == "松岭县治水三年行动方案"
    assert (draft.plan.jurisdiction, draft.plan.year) == ("松岭县", 2027)
    assert rules(draft) == []


ROWS = "附件：任务分工表\n序号{0}事项{0}责任单位\n1{0}疏浚支渠{0}县水利局、县财政局\n2{0}设置护学岗{0}县公安局\n"


@pytest.mark.parametrize("gap", [" ", "\u3000", "     "])
def test_a_table_with_blanks_between_its_columns_is_read(read, gap):
    draft = read("松岭县2027年工作要点" + TASKS + ROWS.format(gap))
    assert [(row[0], row[2], row[3], row[5]) for row in said(draft)][2:] == [
        ("任务分工表", "1", "疏浚支渠", ("县水利局", "县财政局")),
        ("任务分工表", "2", "设置护学岗", ("县公安局",)),
    ]
    assert rules(draft) == []


@pytest.mark.parametrize(
    "rows",
    [
        "序号 事项 责任单位\n1 疏浚 支渠 县水利局\n2 设置护学岗 县公安局\n",
        "1 疏浚支渠 县水利局、县财政局\n2 设置护学岗 县公安局\n",
    ],
)
def test_rows_with_unsure_columns_stay_text_and_are_a_doubt(read, rows):
    draft = read("松岭县2027年工作要点" + TASKS + "附件：任务分工表\n" + rows)
    assert rules(draft) == ["table-as-text"]
    assert draft.plan.lists[0].annex == ("附件：任务分工表", *rows.splitlines())


def test_two_clauses_with_labels_in_one_line_are_each_of_their_sentence(read):
    draft = read(
        "松岭县2027年工作要点\n一、任务\n1.治河。责任单位：县水利局。完成时限：6月。修渠。责任单位：县交通局\n"
        "2.护学。责任单位：县教育局；3.修缮校舍。责任单位：县财政局\n"
    )
    tasks = [entry.task for entry in iter_tasks(draft.plan)]
    assert [each.no for each in tasks] == ["1", "2", "3"]
    assert [(part.text, part.clause) for part in tasks[0].parts] == [
        ("治河。", "责任单位：县水利局。完成时限：6月"),
        ("修渠。", "责任单位：县交通局"),
    ]
    assert [row[5] for row in said(draft)] == [
        ("县水利局", "县交通局"),
        ("县教育局",),
        ("县财政局",),
    ]


WRAPPED = """云溪县2027年重点工作任务分工

    1.深入实施河湖长制，完善部门联动、信息共享的
工作机制，全年整治河道26条，新建生态护岸18公里，
确保水质稳定达标，群众满意度达到95%以上。
    牵头单位：县水利局（县河长办）；责任单位：
县林业局、县财政局。
    2.持续推进城市更新和老旧小区改造，完善配套设
施，提升服务水平，全年改造小区33个，惠及居民2万
户，同步补齐养老托育、充电停车等短板【部门分工：县
住房城乡建设局牵头，县民政局、县财政局等单位配合】。

云溪县人民政府办公室
2027年3月12日
"""


def test_a_line_that_ends_with_a_label_goes_on(read):
    found = said(read(WRAPPED))[0]
    assert found[4:] == (("县水利局（县河长办）",), ("县林业局", "县财政局"))


def test_a_signature_behind_a_blank_line_is_no_task(read):
    assert said(read(WRAPPED))[1][3].endswith("充电停车等短板。")


def test_a_line_of_a_site_continues_no_clause(read):
    clause = "责任领导：张某某；责任部门：县水利局、县财政局、县林业"
    text = (
        WRAPPED.split("    2.")[0]
        + f"    2.修渠。\n    {clause}\n局、县教育局，各乡镇；完成时限：2027年6月底\n责任编辑：李某\n"
    )
    assert said(read(text))[1][5] == ("县水利局", "县财政局", "县林业局", "县教育局", "各乡镇")


def test_the_second_copy_of_an_article_ends_with_its_last_line(read):
    article = (
        "云溪县2027年重点工作任务分工\n为做好各项工作，制定本方案，请抓好落实。\n"
        "1.疏浚河道，修复两岸生态，改善水质。\n（县水利局牵头）\n"
        "2.修缮校舍，增加学位，配齐设备。\n（县教育局牵头）\n县政府办公室\n3月2日\n"
    )
    once, twice = said(read(article)), said(read(article * 2 + "责任编辑：李某\n"))
    assert twice == once
    assert len(once) == 2


def test_the_number_of_agencies_in_a_preamble_is_no_clause(read):
    text = "今年共有3个牵头单位（县水利局、县教育局、县民政局）。具体任务如下："
    assert len(said(read(f"云溪县2027年重点工作任务分工\n{text}{TASKS}"))) == 2
