"""The verbs of clauses: what the names before a verb do.

    verb = {manner} role {role | manner | rest}     牵头 | 按职责分工负责 | 结合实际抓好落实 | 配合做好工作

The words are listed, their compositions are not.  Only 牵头 leads, unless the verb is to help
somebody lead (协助牵头).
"""

import re
from typing import NamedTuple

from plancli.plan.agency_lists import (
    COLLECTIVE_START,
    MAX_NAME_LENGTH,
    OFFICE_NAME,
    is_likely_agency,
)

BY_SHARE = (
    "(?:按照?|根据|依照?|依据|结合)?各?自?的?(?:工作)?(?:职责|职能|责任|权限)(?:和?分工|任务)?(?:范围)?内?"
    "|(?:按照?|根据|依照?)(?:各自)?(?:任务|工作)?分工"
)
BY_PRACTICE = "结合(?:各自|工作|本?地区?|当地|自身|地方|本?单位|区域|发展){0,2}(?:实际|职责|职能|情况)|因地制宜"
ORGANIZE = (
    "(?<!社会)组织(?=实施|推进|推动|落实|开展|协调|完成|办理|抓|配合|参与)"  # not 社会组织参与
)
MANNERS = (
    f"{BY_SHARE}|{BY_PRACTICE}|{ORGANIZE}|各负其责|各司其职|分工|共同|分别|分头|分级|分类|具体|联合|协同|统筹|协调"
    "|主要|(?<![省市县区州])总|主(?=牵头)|第一(?=牵头)|全面|切实|认真|积极|密切|主动|全力|合力|扎实|抓紧|加快|依法|同步|直接"
    "|持续|深入|各自|一体|跟踪|统一|压茬|集中|归口|抓好|做好|均(?:需要?|须|应当?|要)?|都(?:需要?|要)|负责"
)
ROLES = (
    "牵头|配合|参与|参加|协助|协同|协办|协作|协管|指导|督导|督办|督促|监督|负责|抓?落实|实施|推进|推动|办理|抓总"
    "|承办|主办|主管|主责|主抓|统筹|协调|执行|承担|跟进|开展|责任(?=单位|部门|主体)"
)
REST = "好|到位|落地|见效|相关|有关|各项|日常|[此本该]项|工作|任务|事宜|事项|完成"
UNIT = "单位|部门|主体"
ROLE_VERB = re.compile(
    f"(?P<being>作?为|是)?(?P<run>(?:(?:{MANNERS})(?:{MANNERS}|{REST}){{0,7}})?(?:{ROLES})(?:[并、和]?(?:{ROLES}|{MANNERS}|{REST})){{0,8}})"
    f"(?P<unit>{UNIT})?$"
)
MAX_VERB_LENGTH = 40  # characters
HELP = re.compile("配合|参与|参加|协助|协同|协办|协作|协管|指导|督导|督办|督促|监督")
HELP_TO_LEAD = re.compile("(?:协助|配合).{0,2}牵头")
# 省推进组工作专班牵头单位: whoever leads a body of several is one of them, not the body.
BODY_OF_SEVERAL = re.compile("(?:专班|推进组|工作组|小组|指挥部|联席会议)$")
# A verb with an object of its own words, after a name: 县财政局负责资金保障.
OBJECT_VERB = re.compile(
    "(?P<run>牵头负责|牵头|统筹负责|负责|配合|协助|参与|承担|指导|督导)(?!人|同志|单位|部门|科室|处室|领导)(?=..)"
)
NEXT_AGENT = re.compile(
    "(?:牵头|负责)(?:负责|抓总|落实|实施|推进|组织实施)?(?!单位|部门|办公室|会同|[领工小处科人同并])(?=..)"
)


class RoleVerb(NamedTuple):
    """A verb at the end of a segment, and whether its names lead, or only help."""

    start: int
    leads: bool
    helps: bool  # 配合, 参与: not responsible themselves, whatever their label says


def find_verb(words: str) -> RoleVerb | None:
    """Return the verb with which *words* end.

    各责任单位 and 市级牵头单位 are names; in 甲局牵头单位 and 甲局为牵头单位 there is a verb.
    """
    offset = max(0, len(words) - MAX_VERB_LENGTH)
    verb = longest = ROLE_VERB.search(words, offset)
    while verb and not is_likely_agency(words[: verb.start()]):  # 财经办负责 is not 经办
        verb = ROLE_VERB.search(words, verb.start() + 1)
    verb = verb or longest
    if not verb:
        return None
    head = words[: verb.start()]
    is_name = (
        not is_likely_agency(head)
        or COLLECTIVE_START.match(head)
        or "等" in head
        or BODY_OF_SEVERAL.search(head)
    )
    if verb["unit"] and not verb["being"] and is_name:
        return None
    return RoleVerb(verb.start(), _leads(verb["run"]), bool(HELP.search(verb["run"])))


def find_verb_with_object(words: str) -> RoleVerb | None:
    """Return the verb that follows a name and has an object: 县财政局负责资金保障."""
    for verb in OBJECT_VERB.finditer(words, 0, 2 * MAX_NAME_LENGTH):
        if is_likely_agency(words[: verb.start()]):
            return RoleVerb(verb.start(), _leads(verb["run"]), bool(HELP.search(verb["run"])))
    return None


def split_after_lead(words: str) -> list[str]:
    """Split 甲局牵头县乙局配合, which lacks its comma, into two."""
    for verb in NEXT_AGENT.finditer(words, 0, 2 * MAX_NAME_LENGTH):
        rest = words[verb.end() :]
        if not is_likely_agency(words[: verb.start()]):
            continue
        following = find_verb(rest)
        name = rest[: following.start] if following else rest
        if len(name) <= MAX_NAME_LENGTH and OFFICE_NAME.fullmatch(name):
            return [words[: verb.end()], rest]
    return [words]


def _leads(run: str) -> bool:
    return "牵头" in run and not HELP_TO_LEAD.search(run)
