"""How a typed name means an agency that a plan names."""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from plancli.registry import agency_words
from plancli.registry.agency_functions import (
    JOINTS,
    SuccessionStep,
    find_succession,
    load_functions,
)
from plancli.registry.agency_names import AgencyName
from plancli.registry.agency_words import CENTER, COORDINATION, OFFICE, OFFICE_WORDS

BOTH_OFFICES = re.compile("(.*?)(?:党政)?两办(?:公室|公厅)?$")
BOTH_ORGANS = re.compile(
    "(.*?)([省市县区州盟旗]|自治区党)委(?:和)?\\2?(?:人民)?政府(办公室|办公厅|办)?$"
)
OFFICE_ENDING = re.compile("(?:领导小组|联席会议|指挥部)?办(?:公室)?$")
# What a name may also mean, by its ending: 发改 the agency, 县环保局 and 人民银行 its branch.
LOOSE_ENDINGS = {
    "": (agency_words.AGENCY, agency_words.BRANCH_ENDING),
    agency_words.AGENCY: ("分局", agency_words.BRANCH_ENDING),
}
# Functions whose agencies became centres, or centres agencies, in many places: 林业局, 大数据中心.
FUNCTIONS_OF_CENTERS = frozenset(
    "公路 林业 粮食 储备 畜牧 渔业 农机 园林 市政 环卫 房产管理 大数据 数据资源 机关事务 港航 港口 移民 地震 招商 投资促进 档案 地方志 旅游 供销社 公共资源交易 住房公积金 重点项目".split()
)
RAILWAY_COMPANY = re.compile("中国铁路(.+)局集团(?:有限|有限责任)?(?:公司)?$")
OWN_NAMES = ("学校", "银行")  # kinds of ending: with what is left out, it is another
MIN_ABBREVIATION = 3
ADMINISTRATIONS = ("管理局", "管委会", "管理委员会")
GOVERNED = (
    agency_words.GOVERNMENT,
    agency_words.PARTY,
    agency_words.CONGRESS,
    agency_words.CONSULTATION,
)


class AgencyMatch(IntEnum):
    """How a typed name means an agency, the surest first."""

    SAME = 1  # spellings of one agency
    SUCCESSION = 2  # 环保局 became 生态环境局
    DISTANT_SUCCESSION = 3  # 扶贫办 became 乡村振兴局, and that a part of 农业农村局
    FUNCTIONS = 4  # 教育局, of 教育体育局
    CENTER = 5  # 林业局, now 林业发展中心
    SUBSEQUENCE = 6  # 双碳领导小组, of 碳达峰碳中和工作领导小组
    OFFICE = 7  # 皖北办, of 加快皖北地区发展领导小组; 省人大, of 省人大常委会办公厅
    PART = 8  # begins or ends the name


def rank_agency_match(typed: AgencyName, candidate: AgencyName) -> AgencyMatch | None:
    """Return how *typed* means *candidate*, whatever their regions and levels; None if it does not."""
    if typed.identity == candidate.identity:
        return AgencyMatch.SAME
    if agency_words.COLLECTIVE in (typed.ending, candidate.ending):
        return None
    if typed.functions and candidate.functions:
        return _rank_functions(typed, candidate)
    if _is_subsequence(typed, candidate) or _is_zone_committee(typed, candidate):
        return AgencyMatch.SUBSEQUENCE
    if _is_office(typed, candidate):
        return AgencyMatch.OFFICE
    return AgencyMatch.PART if _is_part(typed, candidate) else None


def find_agency_succession(typed: AgencyName, candidate: AgencyName) -> tuple[SuccessionStep, ...]:
    """Return the steps between functions of the two names, with their years, in order of time."""
    steps: dict[SuccessionStep, None] = {}
    for former in sorted(typed.functions - candidate.functions):
        for later in sorted(candidate.functions):
            path = find_succession(former, later) or find_succession(later, former)
            steps.update(dict.fromkeys(path))
    return tuple(steps)


def _rank_functions(typed: AgencyName, candidate: AgencyName) -> AgencyMatch | None:
    """Compare two names that the table of functions explains."""
    if {typed.ending, candidate.ending} == {agency_words.AGENCY, CENTER}:
        is_known = typed.functions <= candidate.functions & FUNCTIONS_OF_CENTERS
        return AgencyMatch.CENTER if is_known else None
    if typed.ending != candidate.ending and candidate.ending not in LOOSE_ENDINGS.get(
        typed.ending, ()
    ):
        return None
    if OFFICE in typed.functions | candidate.functions:
        is_general = typed.functions == candidate.functions and not typed.organ
        return AgencyMatch.FUNCTIONS if is_general else None
    if typed.functions <= candidate.functions:
        return AgencyMatch.FUNCTIONS
    found, is_distant = set(), False
    for each in typed.functions:
        related = dict(_iter_related(each, candidate.functions))
        if not related:
            return AgencyMatch.PART if _has_most_functions(typed, candidate) else None
        found |= set(related)
        is_distant |= min(related.values()) > 1
    if (
        found != candidate.functions
        or typed.organ != candidate.organ
        or typed.ending != candidate.ending
    ):
        return AgencyMatch.FUNCTIONS
    return AgencyMatch.DISTANT_SUCCESSION if is_distant else AgencyMatch.SUCCESSION


def _has_most_functions(typed: AgencyName, candidate: AgencyName) -> bool:
    """Whether *candidate* has no other functions, and most of them: 文旅局 of 文化广电和旅游局."""
    shared = typed.functions & candidate.functions
    return shared == candidate.functions and len(shared) * 2 > len(typed.functions)


def _iter_related(function: str, others: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield those of *others* that are, became or were *function*, and in how many steps."""
    for other in others:
        path = find_succession(function, other) or _find_ended(other, function)
        if path or function == other:
            yield other, len(path)


def _find_ended(former: str, later: str) -> tuple[SuccessionStep, ...]:
    """Return the steps from *former* to *later* if no agency has the former names any more."""
    path = find_succession(former, later)
    return path if all(step.year for step in path) else ()


def _is_subsequence(typed: AgencyName, candidate: AgencyName) -> bool:
    """Whether the characters of the typed core stand in the candidate's, in order."""
    if (
        not typed.core
        or typed.ending != candidate.ending
        or typed.organ not in ("", candidate.organ)
    ):
        return False
    if not typed.ending and len(typed.core) < 3:
        return False
    if typed.functions and (
        candidate.core.startswith(typed.core) or candidate.core.endswith(typed.core)
    ):
        return False  # 公安局, of 公安局公安交管局; 林业局, of 六盘山林业局
    is_agency = typed.ending == agency_words.AGENCY
    if is_agency and typed.core.endswith(OFFICE_WORDS) != candidate.core.endswith(OFFICE_WORDS):
        return False  # 教育局, of 教育局办公室
    if typed.ending in OWN_NAMES and _is_cut(typed.core, candidate.core):
        return False  # 南京大学 is not 南京理工大学
    return is_subsequence(typed.core, candidate.core)


def _is_zone_committee(typed: AgencyName, candidate: AgencyName) -> bool:
    """Whether *typed* is short for the committee of a zone: 漕河泾管委会."""
    zone = typed.core
    for word in agency_words.ZONE_COMMITTEES:
        zone = zone.removesuffix(word)
    is_zone = candidate.level == agency_words.ZONE_LEVEL and candidate.organ == GOVERNED[0]
    if not is_zone or typed.ending != agency_words.ZONE_COMMITTEES[0] or len(zone) < 2:
        return False
    return candidate.region.startswith(zone[0]) and is_subsequence(zone, candidate.region)


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of *short*, apart from 和 and the like, stand in *long*, in order."""
    rest = iter(long)
    return all(char in rest for char in short if char not in JOINTS)


def is_abbreviation(typed: str, name: str) -> bool:
    """Whether *typed* is made of characters of *name*: 综保区管委会 of 综合保税区管委会.

    A name from whose middle words were left out may be another one's: 江苏大学 is not 江苏科技大学.
    """
    is_university = typed.endswith("大") and name.endswith("大学")  # 哈工大
    if is_university:
        typed += "学"
    if not MIN_ABBREVIATION <= len(typed) < len(name) or not is_subsequence(typed, name):
        return False
    if typed[0] != name[0] or typed[-1] != name[-1]:
        return False
    if agency_words.find_ending(typed)[1] != agency_words.find_ending(name)[1]:
        return False  # 中国银行 is not 中国建设银行江苏省分行
    return is_university or not _is_cut(typed, name) or typed.endswith(ADMINISTRATIONS)


def _is_cut(short: str, long: str) -> bool:
    """Whether *short* is the beginning and the end of *long*."""
    return any(
        long.startswith(short[:at]) and long.endswith(short[at:]) for at in range(1, len(short))
    )


def is_railway_bureau(typed: str, name: str) -> bool:
    """Whether *typed* is the former name of a railway company: 南宁铁路局."""
    match = RAILWAY_COMPANY.match(name)
    return match is not None and typed == f"{match[1]}铁路局"


def _is_office(typed: AgencyName, candidate: AgencyName) -> bool:
    """Whether *typed* is the office of the coordinating agency, or of the organ, *candidate*."""
    if typed.ending in GOVERNED:
        return typed.organ == candidate.organ and candidate.functions == {OFFICE}
    if candidate.ending != COORDINATION or not (ending := OFFICE_ENDING.search(typed.core)):
        return False
    subject = typed.core[: ending.start()]
    return len(subject) > 1 and subject in candidate.core


def _is_part(typed: AgencyName, candidate: AgencyName) -> bool:
    """Whether *typed* begins or ends the candidate's name."""
    if candidate.ending in GOVERNED:
        return bool(typed.core) and not typed.ending and candidate.region.startswith(typed.core)
    if len(typed.core) < 2 or typed.functions or candidate.ending in GOVERNED:
        return False
    is_named = typed.region or typed.level
    if (
        is_named
        and typed.ending in OWN_NAMES
        and typed.core == agency_words.find_ending(typed.core)[0]
    ):
        return False  # 江苏大学 is not 江苏科技大学
    return candidate.core.startswith(typed.core) or candidate.core.endswith(typed.core)


def expand_typed_name(typed: str) -> tuple[str, ...]:
    """Return the names that *typed* stands for: both offices for 两办 and 省两办."""
    if match := BOTH_OFFICES.match(typed):
        head = match[1]
        party = "委" if head and head[-1] in "省市县区州盟旗" else "党委"
        return f"{head}{party}办公室", f"{head}政府办公室"
    if match := BOTH_ORGANS.match(typed):
        head, office = match[1] + match[2], match[3] or ""
        return f"{head}委{office}", f"{head.removesuffix('党')}政府{office}"
    return (typed,)


def list_search_keys(typed: AgencyName) -> tuple[str, ...]:
    """Return the functions that an agency must have one of, for *typed* to mean it; none: any."""
    functions = load_functions().functions
    found = set(typed.functions)
    for name in functions:
        if any(
            find_succession(name, each) or find_succession(each, name) for each in typed.functions
        ):
            found.add(name)
    return tuple(sorted(found))


def list_short_names(name: AgencyName) -> tuple[str, ...]:
    """Return the short names of the agency *name* by its functions: 卫健委, 卫委."""
    table = load_functions()
    if not name.functions or name.ending != agency_words.AGENCY:
        return ()
    return tuple(
        word + name.core[-1]
        for words in table.words.values()
        for word, functions in words
        if functions == name.functions
    )


def build_core_pattern(typed: AgencyName) -> str:
    """Return the LIKE pattern of the cores that *typed* may be a subsequence or the office of."""
    subject = OFFICE_ENDING.sub("", typed.core) or typed.core
    return f"%{'%'.join(_iter_plain(subject))}%"


def _iter_plain(subject: str) -> Iterable[str]:
    return (char for char in subject if char not in "%_" and char not in JOINTS)
