"""What the name of an agency says: whose it is, its level and its functions.

合肥市人力资源和社会保障局 is region 合肥市, level 市, functions {人力资源社会保障}; 市人社局 is level 市
and the same functions.  The ending (局, 厅, 委, 办) says nothing but that it is an agency; a company, a
hospital or an office below an agency has an ending of another kind.
"""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from plancli.registry import agency_words as words
from plancli.registry.agency_functions import load_functions, split_functions
from plancli.text.normalize import normalize_key

NO_FUNCTIONS: frozenset[str] = frozenset()


class AgencyName(NamedTuple):
    """The parts of an agency's name, each '' or empty if the name does not say it."""

    region: str  # as written: 浙江省, 上海市松江区, 安徽; of a zone in short: 合肥经开区
    level: str  # 国家 省 市 县 区 州 盟 旗 镇 乡 街道 自治区 园区 兵团
    organ: str  # 政府 党委 人大 政协, unless the functions say it
    functions: frozenset[str]  # of the table; none if it does not explain the whole name
    core: str  # the name without region, level and organ
    ending: str  # its kind: 机关 政府 党委 人大 政协 泛指 领导小组 分局 公司 …

    @property
    def identity(self) -> str:
        """The same for the spellings of one agency, given the same owner and level."""
        what = "+".join(sorted(self.functions)) or self.core
        if self.functions and self.ending == words.CENTER and words.DEVELOPMENT in self.core:
            what += words.DEVELOPMENT  # 旅游发展中心 is not 旅游服务中心
        return f"{self.organ}:{what}:{self.ending}"


class _Body(NamedTuple):
    """The name without region and level."""

    organ: str
    functions: frozenset[str]
    core: str
    ending: str


def parse_agency_name(name: str, region_words: Container[str] = ()) -> AgencyName:
    """Return the parts of *name*; *region_words* are names of regions without their level (安徽)."""
    text = normalize_key(name)
    if words.COLLECTIVE_NAME.match(text):
        return AgencyName(
            "", "", "", NO_FUNCTIONS, words.COLLECTIVE_GOVERNMENT.sub("", text), words.COLLECTIVE
        )
    plain, bracket = words.split_bracket(words.move_region_to_front(text))
    if plain.endswith(words.BRANCH_BUREAUS) and (branch := words.BRANCH.match(plain)):
        plain = _move_region(plain, branch, region_words)
    for region, level, organ, rest in _iter_splits(plain, region_words):
        if body := _explain(rest, organ, is_after_region=bool(region or level)):
            break
    else:
        region, level, rest = _split_region(plain, region_words)
        body = _describe(rest)
    if level == words.ZONE_LEVEL and body.core in words.ZONE_COMMITTEES and not body.functions:
        body = _Body(words.GOVERNMENT, NO_FUNCTIONS, "", words.GOVERNMENT)
    if body.functions == words.CENTRAL_BANK and (region or level not in ("", words.COUNTRY)):
        body = body._replace(ending=words.BRANCH_ENDING)  # 黄冈人行
    if bracket:
        body = _add_bracket(body, bracket)
    if not region and not level and _is_national(plain, body):
        level = words.COUNTRY
    return AgencyName(region, level, *body)


def _move_region(text: str, branch: "re.Match[str]", region_words: Container[str]) -> str:
    """Return 肥西县生态环境分局 for 合肥市生态环境局肥西县分局."""
    agency, region = branch.groups()
    if region not in region_words and not (
        len(region) > 2 and region.endswith(words.REGION_ENDINGS)
    ):
        return text
    parent = parse_agency_name(agency if agency.endswith("局") else agency + "局", region_words)
    return f"{region}{parent.core.removesuffix('局')}分局" if parent.functions else text


def _iter_splits(text: str, region_words: Container[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield region, level, organ and rest for each way to read the beginning of *text*."""
    yield "", "", "", text
    for prefix, organ in words.NATIONAL_PREFIXES.items():
        if text.startswith(prefix):
            yield "", words.COUNTRY, organ, text[len(prefix) :]
    for level in words.LEVEL.finditer(text):
        region = text[: level.end()] if level.start() else ""
        if not (len(region) == 2 and level[0] == "州"):
            yield region, words.name_level(level[0], region), "", text[level.end() :]
    for size in range(2, min(6, len(text)) + 1):
        region, rest = text[:size], text[size:]
        if region in words.PROVINCES or region in region_words:
            yield region, words.PROVINCES.get(region, ""), "", rest
    for size in range(2, min(5, len(text) - 1)):
        rest = text[size:]
        if _is_vertical(rest):
            yield text[:size], "", "", rest


def _is_vertical(rest: str) -> bool:
    body = _explain_agency(rest, "")
    functions = load_functions().functions
    return (
        body is not None
        and bool(body.ending)
        and any(functions[each].kind == "垂直" for each in body.functions)
    )


def _explain(rest: str, organ: str, *, is_after_region: bool) -> _Body | None:
    """Return the parts of *rest* if it is explained completely, else None."""
    if not rest:
        organ = organ or (words.GOVERNMENT if is_after_region else "")
        return _Body(organ, NO_FUNCTIONS, "", organ) if organ else None
    if not organ and rest[0] in words.ORGAN_CHARS:
        for word, each in words.ORGANS:
            if rest.startswith(word) and (word[0] != "委" or is_after_region):
                after = rest[len(word) :]
                if not after and word != "府":
                    return _Body(each, NO_FUNCTIONS, "", each)
                if after and (body := _explain_agency(after, each)):
                    return body
    return _explain_agency(rest, organ)


def _explain_agency(rest: str, organ: str) -> _Body | None:
    """Return the parts of *rest* if the table has words for all of it, else None."""
    names = load_functions().names
    functions = names.get(organ + rest) or names.get(rest)
    if functions:
        return _Body(_drop_organ(organ, functions), functions, rest, words.AGENCY)
    if rest[0] == "驻" and (abroad := words.ABROAD.match(rest)):
        city = words.CITY_ABBREVIATIONS.get(abroad[1], abroad[1])
        return _Body("", NO_FUNCTIONS, f"驻{city}办", words.OFFICE_ABROAD)
    word, ending = words.find_ending(rest)
    if not word and (functions := split_functions(rest)):
        return _Body(_drop_organ(organ, functions), functions, rest, "")
    if word in words.ZONE_COMMITTEES:
        word, ending = word.removeprefix("管理"), words.AGENCY  # 国有资产监督管理|委员会
    if ending not in words.WITH_FUNCTIONS:
        return None
    stem = rest.removesuffix(word)
    functions = names.get(stem) if ending == words.BRANCH_ENDING else split_functions(stem)
    if (
        not functions
        and word in words.OFFICE_WORDS
        and _is_coordination(names.get(stem, NO_FUNCTIONS))
    ):
        functions = names[stem]  # 安委会|办公室
    if not functions:
        return None
    return _Body(_drop_organ(organ, functions), functions, rest, ending)


def _is_coordination(functions: frozenset[str]) -> bool:
    table = load_functions().functions
    return any(table[each].kind == "议事" for each in functions)


def _drop_organ(organ: str, functions: frozenset[str]) -> str:
    """Return *organ* unless the functions say it: 省政府外办 is 省外办."""
    if functions <= words.KEEPS_ORGAN:
        return organ
    table = load_functions().functions
    is_said = organ == words.GOVERNMENT or (
        organ == words.PARTY and any(table[each].kind for each in functions)
    )
    return "" if is_said else organ


def _split_region(text: str, region_words: Container[str]) -> tuple[str, str, str]:
    """Return region, level and rest of a name that no function explains."""
    for prefix in ("国家", "国务院", "全国"):
        if text.startswith(prefix) and len(text) > len(prefix) + 1:
            return "", words.COUNTRY, text[len(prefix) :]
    for end in range(min(len(text) - 2, words.MAX_REGION), 2, -1):
        if text[end - 1] in words.LEVEL_CHARACTERS and text[:end] in region_words:
            return text[:end], words.name_level(text[end - 1], text[:end]), text[end:]
    match = words.REGION_BEFORE.match(text)
    if not match:
        return "", "", text
    levels = words.LEVEL.findall(match[0])
    region = match[0] if match[0] != levels[-1] else ""
    return region, words.name_level(levels[-1], region), text[match.end() :]


def _describe(rest: str) -> _Body:
    """Return organ, core and kind of ending of a name that no function explains."""
    organ = ""
    for word, each in words.ORGANS:
        if len(word) > 1 and word != "委员会" and rest.startswith(word) and len(rest) > len(word):
            organ, rest = each if each != words.GOVERNMENT else "", rest[len(word) :]
            break
    if rest.startswith("委") and len(rest) > 2 and not rest.startswith("委员"):
        organ, rest = words.PARTY, rest[1:]  # 市委讲师团
    core = words.normalize_core(rest)
    return _Body(organ, NO_FUNCTIONS, core, words.classify_ending(core))


def _add_bracket(body: _Body, bracket: str) -> _Body:
    """Return *body* with the functions of the name in brackets."""
    if body.functions and (others := parse_agency_name(bracket).functions):
        return body._replace(functions=body.functions | others)
    return body._replace(core=f"{body.core}({bracket})")


def _is_national(text: str, body: _Body) -> bool:
    """Return whether a name without region and level is that of a ministry."""
    if not body.functions or body.ending != words.AGENCY:
        return False
    if text.startswith(words.NATIONAL_NAMES) or text.endswith(words.NATIONAL_COMMISSIONS):
        return True
    table = load_functions().functions
    kinds = {table[each].kind for each in body.functions}
    return text.endswith(words.NATIONAL_ENDINGS) and not kinds & words.NOT_MINISTRIES
