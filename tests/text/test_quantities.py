"""Numbers of a plan's words, against what another reader marked by hand; and any text at all."""

from collections import Counter
from functools import cache

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plancli.plan.model import iter_tasks
from plancli.text.quantities import SENTENCE_MARKS, NumberKind, find_numbers
from tests.conftest import HERE

MARKED = ["plan", "seen", "unseen"]
PIECES = st.sampled_from(
    ["1", "12", "1,200", "3.5", "2022", "０", "９", "一", "二", "十", "百", "万", "亿", "元", "年", "家", "个", "%", "％",
     "百分之", "至", "—", "~", "第", "“", "”", "《", "》", "，", "。", "\n", "：", ":", "+", "×", "G", "MW", "/", "-", ".", ",",
     "由", "提高到", "不低于", "对", "的", "企业", "余", "首批", "现有", "给予", "〔", "〕", "突破", "٣", "²", "\U0001d7cf", "\ud800"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join))


@cache
def read(name):
    return yaml.safe_load((HERE / "numbers" / f"{name}.yaml").read_text("utf-8"))


@pytest.fixture
def marked(request, plan):
    """Return (text, what is marked in it), of the plan or a file."""
    if request.param != "plan":
        return [(each["text"], each["numbers"]) for each in read(request.param)]
    return [(e.task.text, read("plan").get(e.task.no, [])) for e in iter_tasks(plan)]


def told(each):
    kind = "named" if each["kind"] == "name" else each["kind"]
    return each["value"], each["unit"], kind


def found(text):
    return [(each.value, each.unit, str(each.kind)) for each in find_numbers(text)]


@pytest.mark.parametrize("marked", MARKED, indirect=True)
def test_targets_are_found_and_nothing_else(marked):
    both = wanted = given = 0
    for text, marks in marked:
        by_hand = Counter(told(each)[:2] for each in marks if told(each)[2] == "target")
        by_rule = Counter((value, unit) for value, unit, kind in found(text) if kind == "target")
        both += (by_hand & by_rule).total()
        wanted, given = wanted + by_hand.total(), given + by_rule.total()
    assert wanted >= 5
    assert both >= 0.95 * wanted
    assert both >= 0.95 * given
    if len(marked) == 71:
        assert both == wanted == given == 5


@pytest.mark.parametrize("marked", MARKED, indirect=True)
def test_arabic_numbers_are_what_the_reader_says(marked):
    same = every = 0
    for text, marks in marked:
        arabic = Counter(told(each) for each in marks if any(c.isdigit() for c in each["words"]))
        same += (arabic & Counter(found(text))).total()
        every += arabic.total()
    assert same >= 0.95 * every


@pytest.mark.parametrize("marked", MARKED, indirect=True)
def test_words_are_those_that_the_reader_marked(marked):
    """Of the targets: the number with its unit, as printed."""
    for text, marks in marked:
        by_hand = {told(each)[:2]: each["words"] for each in marks if told(each)[2] == "target"}
        for each in find_numbers(text):
            words = by_hand.get((each.value, each.unit))
            if each.kind is NumberKind.TARGET and words and words in text:
                assert set(words) & set(each.text)
                assert each.text in words or words in each.text


def assert_sound(text):
    before = 0
    for each in find_numbers(text):
        assert before <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
        assert each.text in each.context
        assert each.context in text
        assert 0 <= each.value < float("inf")
        assert isinstance(each.value, int | float)
        assert not isinstance(each.value, int) or each.value < 2**63
        assert not set(SENTENCE_MARKS) & set(each.context)
        assert not set("余多") & set(each.unit)
        before = each.end


@settings(max_examples=400)
@given(text=TEXTS)
@example("12345678901234567890家")
@example("9" * 400)
@example("１,２００家")
@example("1:18，1：18")
def test_any_text_gives_numbers_that_stand_in_it(text):
    assert_sound(text)


@settings(max_examples=200)
@given(before=TEXTS, after=TEXTS)
def test_a_sentence_for_itself_is_read_for_itself(before, after):
    """What stands before or behind a sentence changes nothing in it, unless quotes hold all."""
    text = f"{before}。新增企业12家。{after}"
    start = len(before) + 1
    inside = [each[:4] for each in find_numbers(text) if start <= each.start < start + 7]
    is_quoted = any(c in before for c in "“「『《") and any(c in after for c in "”」』》")
    assert inside == [("12家", 12, "家", NumberKind.TARGET)] or is_quoted


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("1.5万家", 1.5, "万家"), ("1,200项", 1200, "项"), ("３５００亿元", 3500, "亿元"), ("百分之二十", 20, "%"),
        ("300余家", 300, "家"), ("两三百家", 200, "家"), ("二十三家", 23, "家"), ("三百家", 300, "家"),
        ("6.5%—7%", 6.5, "%"), ("10至20家", 10, "家"), ("300万元至1000万元", 300, "万元"), ("12家", 12, "家"),
        ("2.0%", 2, "%"), ("123456789012345家", 123456789012345, "家"),
    ],
)  # fmt: skip
def test_a_number_is_worth_what_it_says(words, value, unit):
    (each,) = find_numbers(f"新增{words}。")
    assert (each.text, each.value, each.unit, each.kind) == (words, value, unit, NumberKind.TARGET)
    assert isinstance(each.value, type(value))
    assert each.context == f"新增{words}"


def test_a_period_is_worth_what_it_is_called():
    assert [each.value for each in find_numbers("“十四五”规划、“十三五”时期")] == [14, 13]


def test_a_long_text_is_sound():
    for piece in ("1", "一", "“", "1、", "新增1家"):
        assert_sound(piece * 3000)
