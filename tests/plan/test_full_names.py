"""The names with which the governments of divisions are called."""

import pytest

from plancli.plan.governments import get_full_name
from plancli.registry.divisions import read_rows
from plancli.registry.model import RegionType


def test_every_division_is_called_by_its_full_name(known):
    regions = {region.name: region for region in known.regions}
    for code, full, _pinyin, name, *_ in read_rows():
        region = regions[name or full]
        if region.type is RegionType.COUNTY:
            assert get_full_name(region).endswith(full), code
        else:
            assert get_full_name(region) == full, code


@pytest.mark.parametrize(
    ("name", "full"),
    [("宿州", "宿州市"), ("贵州", "贵州省"), ("黄山", "黄山市"), ("延边", "延边朝鲜族自治州")],
)
def test_a_name_that_ends_like_another_level_s(known, name, full):
    (region,) = [each for each in known.regions if each.name == name]
    assert get_full_name(region) == full
