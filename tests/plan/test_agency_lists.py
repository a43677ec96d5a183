"""Where one name ends and the next begins, and what neighbours share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli.plan import agency_lists

TEXTS = st.text(st.sampled_from("甲乙局市、，；（）()各县、"), max_size=20)


@given(TEXTS)
def test_pieces_are_the_whole_text_each_at_its_place(text):
    found = list(agency_lists.split_names(text))
    assert "".join(piece.separator + piece.text for piece in found) == text
    assert found[0].separator == ""
    for piece in found:
        assert text[piece.start : piece.start + len(piece.text)] == piece.text
        assert piece is found[0] or text[piece.start - 1] == piece.separator


@pytest.mark.parametrize(
    "names",
    [
        ["甲局（乙处、丙处）", "丁局"],
        ["甲局(乙处（一、二）、丙处)", "丁局", "戊局"],
        ["各市、县（市、区）人民政府", "甲局"],
        ["甲）局", "乙局"],
    ],
)
@pytest.mark.parametrize("mark", "、，；")
def test_marks_within_brackets_and_phrases_part_nothing(names, mark):
    found = list(agency_lists.split_names(mark.join(names)))
    assert [piece.text for piece in found] == names
    assert [piece.separator for piece in found] == ["", *[mark] * (len(names) - 1)]


@pytest.mark.parametrize(
    ("names", "full"),
    [
        ("鄂州 黄石市人民政府", "鄂州市人民政府 黄石市人民政府"),
        ("延边州 吉林市人民政府", "延边州人民政府 吉林市人民政府"),
        ("芜湖 合肥 蚌埠市政府", "芜湖市政府 合肥市政府 蚌埠市政府"),
        ("甲局 合肥市 肥西县人民政府", "甲局 合肥市人民政府 肥西县人民政府"),
        ("合肥市科技局 财政局", "合肥市科技局 合肥市财政局"),
        ("省委宣传部 组织部 网信办", "省委宣传部 省委组织部 省委网信办"),
        ("团省委 妇联", "团省委 省妇联"),
        ("省科技厅 合肥市财政局", "省科技厅 合肥市财政局"),
        ("国家税务总局 财政厅", "国家税务总局 财政厅"),
        ("区司法局 公安徐汇分局 枫林街道办", "区司法局 公安徐汇分局 枫林街道办"),
    ],
)
def test_what_neighbours_share_is_restored(names, full):
    assert agency_lists.expand_ellipses(names.split()) == full.split()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("文化和旅游厅", "文化和旅游厅"),
        ("省财政厅和省教育厅", "省财政厅 省教育厅"),
        ("省财政厅及各市、省教育厅", "省财政厅 各市、省教育厅"),
        ("甲局（乙和丙处）", "甲局（乙和丙处）"),
        ("省科技厅和省财政厅及省教育厅", "省科技厅 省财政厅 省教育厅"),
        ("", ""),
    ],
)
def test_a_word_between_two_names_joins_them(name, parts):
    assert agency_lists.split_conjunction(name) == (parts.split() or [""])
