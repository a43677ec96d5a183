"""Regions that an unknown name may be meant for: its right path, its sound, its look."""

from collections.abc import Iterable, Iterator
from itertools import islice, product

from plancli.registry import pinyin
from plancli.registry.region_index import RegionNameIndex
from plancli.registry.region_paths import iter_steps
from plancli.text.normalize import normalize_key

MAX_SUGGESTIONS = 5
# Characters that are taken for each other, besides those of one sound.
LOOK_ALIKES = (
    "亳毫 颍颖 泾径 歙翕 黟黔 枞纵 涡锅 濉睢 埇涌 砀荡 溧漂 沭沐 邳丕 盱吁 眙贻 鄞勤 衢瞿 缙晋 鸠鸣 潜替 谯樵 "
    "暨既 嵊乘 邗邢 郯剡 莒营 郓晖 鄄甄 茌荏 蠡蟊 涿琢 蔚尉 隰湿 芮苪 洺铭 珲浑 讷纳 崃莱 郫郸 邡防 綦基 "
    "阆朗 犍健 筠均 荥荣 宕岩 岷珉 鄯善 耆者 酃灵 耒来 郴彬 溆叙 澧豐 攸收 蕲靳 秭姊 猇虎 浠希 渑绳 郏陕"
).split()


def iter_suggestions(index: RegionNameIndex, typed: str) -> Iterator[str]:
    """Yield paths or names of regions like the unknown name *typed*, the likeliest first."""
    key = normalize_key(typed)
    if len(key) < 2 or key.isascii():
        return iter(())
    found = _correct_path(index, key)
    if not found:
        found = [name for sound in _spell_variants(key) for name in index.spellings.get_full(sound)]
        found += [name for form in _swap_look_alikes(key) for name in index.get_exact(form)]
        found = [each for each in found if 2 * len(set(key) & set(each)) >= len(key)]  # 五省, 武胜
        found = found or _find_one_off(index, key)
        found.sort(key=lambda name: (-len(set(key) & set(name)), not key.startswith(name)))
    return islice(dict.fromkeys(found), MAX_SUGGESTIONS)


def _correct_path(index: RegionNameIndex, key: str) -> list[str]:
    """Return the right paths to the last region of a wrong one, those in its province first."""
    for _upper, lower, regions in iter_steps(index, key):
        names = index.get_exact(lower) or [name for name, _until in index.get_former(lower)]
        names = [each for each in names if index.regions[each].parents]
        if paths := [_format_path(index, each) for each in _sort_near(index, names, regions)]:
            return paths
        if paths := _correct_path(index, lower):
            return paths
    return []


def _sort_near(index: RegionNameIndex, names: list[str], regions: Iterable[str]) -> list[str]:
    provinces = {province for each in regions for province in index.get_provinces(each)}
    return sorted(names, key=lambda name: provinces.isdisjoint(index.get_provinces(name)))


def _format_path(index: RegionNameIndex, name: str) -> str:
    """Return the full names of the region and of the one that it is in: 合肥市包河区."""
    region = index.regions[name]
    upper = index.regions.get(region.parents[0])
    if upper is None:
        return name
    above = _get_full_name(upper.name, upper.aliases)
    full = _get_full_name(name, region.aliases)
    return name if name.startswith(above) else above + full


def _get_full_name(name: str, aliases: tuple[str, ...]) -> str:
    return next((each for each in aliases if each.startswith(name)), name)


def _find_one_off(index: RegionNameIndex, key: str) -> list[str]:
    """Return the regions of three characters or more that differ from *key* in one."""
    if len(key) < 3:
        return []
    return [
        name
        for form in (*index.names, *index.aliases)
        if len(form) == len(key) and sum(a != b for a, b in zip(form, key, strict=True)) == 1
        for name in index.get_exact(form)
    ]


def _spell_variants(key: str) -> Iterator[str]:
    """Yield the pinyin of *key* in every reading that its characters have in known names."""
    readings = pinyin.load_character_readings()
    choices = (sorted(readings.get(char, ())) for char in key)
    for syllables in product(*choices):
        yield "".join(syllables)


def _swap_look_alikes(key: str) -> Iterator[str]:
    """Yield *key* with one character replaced by one that looks like it."""
    for at, char in enumerate(key):
        for group in LOOK_ALIKES:
            if char in group:
                for other in group.replace(char, ""):
                    yield key[:at] + other + key[at + 1 :]
