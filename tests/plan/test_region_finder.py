"""Which places a sentence names: the longest word wins, and names of other things hide theirs."""

import pytest

from plancli.plan import region_finder
from plancli.plan.model import iter_tasks


def found(known, text):
    return {
        mention.name: set(mention.text) for mention in region_finder.find_mentions(text, (), known)
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("会同江苏、浙江有关方面", "江苏 浙江"),
        ("建立皖江城市联席会议机制", "皖江城市带 皖江"),
        ("浙南山区", "浙南"),
        ("围绕扬长补短开展合作", ""),
        ("推进滁宁、宁马城际建设", "滁州 南京 马鞍山"),
        ("合肥海关", ""),
        ("复旦儿科医院安徽医院", ""),
        ("编制合肥都市圈规划", "合肥都市圈 合肥"),
        ("在皖南等地区谋划", "皖南"),
        ("在皖转化", "安徽"),
        ("新汴河航道", "新汴河 宿州"),
        ("皖江", "皖江"),
        ("沪、苏、浙", ""),  # a single character is no place outside a listed compound
        ("", ""),
    ],
)
def test_names_in_a_sentence(known, text, names):
    assert set(found(known, text)) == set(names.split())


def test_words_are_the_plans_own(known, plan):
    for entry in iter_tasks(plan):
        for name, words in found(known, entry.task.text).items():
            assert all(word in entry.task.text for word in words), (entry.task.no, name)


def test_only_the_word_that_wins_is_given(known):
    assert found(known, "合新高铁泗县至宿迁段") == {
        "合肥": {"合新"},
        "新沂市": {"合新"},
        "泗县": {"泗县"},
        "宿迁": {"宿迁"},
    }


def test_a_landmark_s_name_carries_what_it_lies_in_and_names_nothing_else(known):
    assert found(known, "芜湖港") == {"芜湖港": {"芜湖港"}, "芜湖": {"芜湖港"}}


def test_only_an_area_s_name_names_the_places_in_it(known):
    assert set(found(known, "上海市白茅岭农场")) == {"上海市白茅岭农场"}
    assert set(found(known, "合肥都市圈")) == {"合肥都市圈", "合肥"}


def test_each_word_carries_only_known_places(known):
    names = {region.name for region in known.regions}
    assert {c.region for carried in known.build_region_words().values() for c in carried} <= names


def test_names_of_other_things_hold_a_place(known):
    """Else they have no business in the list."""
    bare = type(known)(known.agencies, known.regions, known.compounds, ())
    assert all(found(bare, name) for name in known.not_places)
