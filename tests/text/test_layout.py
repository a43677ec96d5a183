"""Where lines of Chinese may break."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plancli.output.terminal.console import wrap_text as fold_lines
from plancli.plan.model import iter_tasks
from plancli.text.layout import CLOSING_MARKS, OPENING_MARKS, find_line_breaks, measure_width

WORDS = st.text(st.sampled_from("长三角皖北省厅12.5%a，。、“”（）—·\n"), max_size=60)


def lines(text, cells, **how):
    ends = [0, *find_line_breaks(text, cells, **how), len(text)]
    return [text[a:b] for a, b in pairwise(ends)]


@given(text=st.text(st.sampled_from("长三角a 。 "), max_size=60), cells=st.integers(2, 30))
def test_no_line_behind_a_break_begins_with_a_space(text, cells):
    drawn = [line.plain for line in fold_lines(text, cells)]
    assert not any(line.startswith(" ") for line in drawn[1:])
    assert "".join(drawn).replace(" ", "") == text.replace(" ", "")


@given(text=WORDS, cells=st.integers(2, 30), names=st.booleans())
def test_lines_fit_and_lose_nothing(text, cells, names):
    folded = lines(text, cells, names=names)
    assert "".join(folded) == text
    assert all(measure_width(line.split("\n")[0]) <= cells for line in folded)


@pytest.mark.parametrize("cells", [20, 30, 36, 44, 60])
def test_marks_and_numbers_of_the_plan_stay_together(plan, cells):
    for entry in iter_tasks(plan):
        folded = lines(entry.task.text, cells)
        assert not any(line[0] in CLOSING_MARKS for line in folded), entry.task.no
        assert not any(line[-1] in OPENING_MARKS for line in folded), entry.task.no
        assert not any(
            one[-1].isdigit() and other[0].isdigit() for one, other in pairwise(folded)
        ), entry.task.no


def test_names_stay_whole_where_they_fit():
    said = "省人力资源社会保障厅、省科技厅、省财政厅"
    assert lines(said, 24, names=True) == ["省人力资源社会保障厅、", "省科技厅、省财政厅"]


def test_what_is_wider_than_a_line_is_cut():
    assert lines("1234567890", 4) == ["1234", "5678", "90"]


@pytest.mark.parametrize("cells", range(14, 40))
def test_options_stay_whole(cells):
    said = "写多个的：-a、-r、-s、-k 须全部满足，--year、--jurisdiction 满足一个（--by 市）即可"
    assert not any(line.endswith("-") for line in lines(said, cells))
