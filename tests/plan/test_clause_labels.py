"""What a label says follows from its verbs and its unit, in any composition."""

from itertools import product

import pytest

from plancli.plan import clause_labels

VERBS = {
    "lead": ["牵头"],
    "own": "主责 主要责任 第一责任 责任 负责 主办 承办 主管 落实 实施".split(),
    "join": "协办 配合 协同 协助 参与 参加 指导 督导".split(),
}
UNITS = ["", *"单位 部门 科室 股室 处室 主体 地区".split()]
PREFIXES = ["", "总", "共同", "市级", "县级", "区直"]


@pytest.mark.parametrize("kind", VERBS)
def test_every_composition_of_a_label_is_of_the_kind_of_its_verb(kind):
    for prefix, verb, unit, more in product(PREFIXES, VERBS[kind], UNITS, ("", "责任", "落实")):
        label = prefix + verb + more * (more not in verb) + unit
        assert clause_labels.classify_label(label) == kind, label


def test_labels_of_persons_are_not_of_agencies():
    for verb, person in product(
        ["责任", "牵头", "主管", "分管", "督办", "配合"], ["领导", "人", "负责人", "负责同志"]
    ):
        assert clause_labels.classify_label(verb + person) == "person"


@pytest.mark.parametrize(
    ("kind", "labels"),
    {
        "lead": "牵头（责任）单位 牽頭單位 牵头科室（单位） 牵头单位（责任人） 牵头协调单位",
        "own": "责任单位（列第一位的为牵头单位） 责任单位及责任人 责任部门（单位） 責任單位 主体责任",
        "join": "协助牵头单位 协同配合单位 技术指导单位 监督单位 参与单位",
        "split": "部门分工 责任分工 责任单位及分工 牵头及配合单位 主办（协办）单位 责任（配合）单位",
        "deadline": "完成时限 时间节点 办结时限 完成时间 计划完成时间 推进时限 截止时间",
        "person": "联系人 联系方式 负责人 牵头市领导 分管省领导 责任单位负责人",
        "": "适用范围 序号 工作任务 实施内容 责任清单 建设单位 组织领导 单位 县教育局 进度 人",
    }.items(),
)
def test_other_labels(kind, labels):
    for label in labels.split():
        assert clause_labels.classify_label(label) == kind, label


@pytest.mark.parametrize(
    ("labels", "leading"),
    [
        ("责任单位", ""),
        ("责任单位 配合单位", "责任单位"),
        ("牵头单位 责任单位 配合单位", "牵头单位"),
        ("主要责任单位 责任单位", "主要责任单位"),
        ("第一责任单位 责任单位 协同单位", "第一责任单位"),
        ("主办单位 协办单位", "主办单位"),
        ("承办 协办", "承办"),
        ("主责单位", ""),
    ],
)
def test_who_leads_where_labels_stand_beside_each_other(labels, leading):
    words = labels.split()
    found = clause_labels.find_leading_labels(words)
    assert [words[n] for n in sorted(found)] == leading.split()
