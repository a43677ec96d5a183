"""Parse responsibility clauses into duties, and format duties as a clause.

    clause  = stretch { label stretch }     label = 牵头单位： | 责任单位： | 分管领导： …
    stretch = { group mark } [ names ]      group = names ["等" [kind]] verb | names 会同 names verb
    names   = name { mark name }            verb  = 牵头 | 按职责分工负责 | 配合 | 负责 …
    mark    = "、" | "，" | "," | "；" | ";"   kind = 部门 | 有关单位 …

Names without a verb take the role of their label; without a label, they participate.  Only 牵头,
会同 (for the names before it) and a ``LeadReason`` make an agency lead.  A name in a list separated
by 、 may be abbreviated (``agency_lists.expand_ellipses``); a comma ends such a list.  Deadlines,
persons and declarations may be among the names and are not agencies.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple
from unicodedata import normalize

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan import agency_lists
from plancli.plan.model import OPEN_END, DutyGroup, LeadReason
from plancli.results.roles import Role
from plancli.text.layout import underline

# The verbs that an error message suggests; ROLE_VERB accepts many more.
PLAIN_VERBS = "牵头 牵头负责 按职责分工负责 分工负责 负责 落实 配合 参与".split()
PLAIN_ROLE_VERBS = {Role.LEAD: "牵头", Role.PARTICIPATE: "按职责分工负责"}
SHARE_WORDS = (
    "(?:(?:按照?|根据|依照?)?各?自?的?(?:工作)?(?:职责|职能|责任|权限)(?:和?分工|任务)?)?"
    "(?:分工|共同|分别|具体|联合|统筹|主要|总)?"
)
# What an agency does, alone or after 牵头 or 配合: 督办 alone is to participate, 牵头督办 is to lead.
# A new verb for participants goes here.
ACTION_WORDS = (
    "(?:组织|推进|推动|统筹|分别|分工|抓好)?(?:负责(?:落实|实施)?|抓?落实|实施|推进|办理|抓总|督办)"
)
# 配合 and its synonyms say that another agency leads; an action may follow them.
ROLE_VERB = re.compile(
    f"(?:作?为|是)?(?:(?P<lead>{SHARE_WORDS}牵头[并、]?(?:{ACTION_WORDS})?)"
    f"|{SHARE_WORDS}(?:(?:负责|积极|密切)?(?:配合|参与|参加|协助|协同|协办)(?:{ACTION_WORDS})?|{ACTION_WORDS}|责任))"
    "(?:单位|部门)?$"
)
OPEN_END_KIND = (
    "(?:(?:多|几|若干|\\d+)个)?(?:(?:国务院|中央|国家|[省市县区]直?|[部省市]属)?(?:各|有关|相关|其他|职能|责任|主管|业务|行业)*"
    "(?:部门|单位|部委|机构|机关|企业|地区|方面|委办局|院校|高校|团体|组织)(?:[和及、与](?:有关|相关)?(?:部门|单位|地区|企业|机构))?"
    "|[^、，,；;]{0,30}成员单位)?"
)
OPEN_ENDING = re.compile(
    f"(?<![高平优同上中下初均相])等(?:{OPEN_END_KIND}|(?P<ruled>[市县区州]?(?:人民)?政府))(?=$|及|和|以及|与)"
)
CONJUNCTION = re.compile("以及|[及和与]")
AGENT_PREFIX = re.compile("(?:(?:具体|主要|统一|分别)?由|请|其中)(?=..)")
CLAUSE_LABEL = re.compile(
    "(?:^|(?<=[，,；;。、\\s（(]))(?:"
    "(?P<lead>总?牵头(?:责任|负责)?(?:单位|部门|处室|科室|地区|(?=[:：])))"
    "|(?P<part>(?:主要|主体|第一|直接|共同)?(?:责任|落实|实施|配合|协同|协办|协作|参与|参加)(?:单位|部门|主体|地区|处室|科室|(?=[:：]))"
    "|(?:部门|责任|任务|职责)分工|职责单位)"
    "|(?P<when>(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期)|时间(?:要求|节点|安排)|进度(?:要求|安排))"
    "|(?P<who>(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|联系|主管|督办)?(?:(?:自治区|[省市县区州旗])?领导|负责人|人)(?:同志)?|联系方式)"
    ")(?:[ \u3000]*(?:[:：]|为)|[ \u3000]+)"
)
LEAD_DECLARATION = re.compile(
    "(?:第一|首|最前)[^，,；;。]{0,10}牵头|牵头[^，,；;。]{0,6}(?:排|列)[^，,；;。]{0,4}(?:第一|首|最前)"
)
BRACKETED_TEXT = re.compile("[（(〔[【]([^（）()〔〕[\\]【】]*+)[）)〕\\]】]")
FIRST_NAMED = re.compile("第一|首|最前")
APPLIES_BELOW = re.compile("下同|以下[均各同]")
DEADLINE = re.compile(
    "[于在到至]?(?:(?P<sure>20\\d\\d年|\\d{1,2}月|年[内底末初中]|[今明本当]年)|第?[一二三四1-4]季度|[上下]半年|全年"
    "|长期|持续|常年|按(?:时间|序时|计划))[^、]{0,18}"
)
NON_NAME = re.compile(
    "(?:以[上下]|具体|上述|其[他余]).{0,12}(?:[均都皆]|同).*|不再.{0,8}|[均都]需.*"
)
MIN_NAME_SHARE = 2 / 3  # of the names without a verb that must end like the name of an agency
MAX_CLAUSE_LENGTH = 4000  # characters
WHITESPACE = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)))
)
# WHITESPACE and the next five are all characters for which str.isspace() is true.
BLANK_CHARS = f"{WHITESPACE}\u2028\u2029\u202f\u205f\u3000.。—/－\\"


class ClauseNote(NamedTuple):
    """A decision of the parser that a reader may want to verify: a rule and the text concerned."""

    rule: str  # ellipsis, bare-list, verbless, named-twice, unlike-a-body, first-named-leads
    words: str


class ParsedClause(NamedTuple):
    """The result of parsing a clause."""

    duties: tuple[DutyGroup, ...]
    notes: tuple[ClauseNote, ...] = ()
    deadline: str = ""
    declares: str = ""  # the first named leads: "once", or "on" if also in later clauses (下同)


def parse_duties(
    clause: str, region_words: Collection[str] = (), reading: LeadReason | None = None
) -> tuple[DutyGroup, ...]:
    """Return the duties in *clause*, given without its brackets.

    An agency whose name begins with one of *region_words* (安徽证监局) takes no 省 from the name
    before it.  *reading* gives the reason why an agency leads without 牵头 in the clause.
    Errors: BadPlan, with the position underlined, if names have no verb and do not look like
    agencies, or if a name is empty.
    """
    return parse_clause(clause, region_words, reading).duties


def parse_clause(
    clause: str, region_words: Collection[str] = (), reading: LeadReason | None = None
) -> ParsedClause:
    """Return the duties in *clause*, as ``parse_duties`` does, with notes and the deadline."""
    if len(clause) > MAX_CLAUSE_LENGTH:
        raise _make_error(clause[:MAX_CLAUSE_LENGTH], 0, MAX_CLAUSE_LENGTH, _("it is too long"))
    parser = _ClauseParser(clause, region_words)
    clause = BRACKETED_TEXT.sub(parser.parse_declaration, clause)
    for kind, label, start, text in _split_at_labels(clause):
        if kind == "when":
            parser.deadline = " ".join(text.strip(BLANK_CHARS + "，,；;").splitlines())
        elif kind != "who":
            leads = kind == "lead" or (reading is LeadReason.COLUMNS and label.startswith("责任"))
            role = Role.LEAD if leads else Role.PARTICIPATE
            parser.parse_labelled_text(text, start, role, bool(label))
    duties = parser.build_duties()
    if (reading is LeadReason.FIRST or parser.declares) and not any(each.lead for each in duties):
        duties = tuple(_make_first_lead(duties))
        parser.add_note("first-named-leads", duties[0].names[0] if duties else "")
    return ParsedClause(duties, tuple(parser.notes), parser.deadline, parser.declares)


def format_clause(duties: Iterable[DutyGroup]) -> str:
    """Return *duties* as a clause with complete names, separated by 、, and plain verbs."""
    return "，".join(
        "、".join(group.names) + OPEN_END * group.is_open_ended + PLAIN_ROLE_VERBS[group.role]
        for group in duties
    )


class _ClauseName(NamedTuple):
    text: str
    runs_on: bool  # separated from the name before it by 、
    group: int  # index of its group


class _ClauseParser:
    """Parses a clause from left to right; a verb closes the group of the names before it."""

    def __init__(self, clause: str, region_words: Collection[str]) -> None:
        self.clause, self.region_words = clause, region_words
        self.names: list[_ClauseName] = []
        self.groups: list[tuple[Role, bool]] = []  # closed groups: role, whether it ends in 等
        self.notes: list[ClauseNote] = []
        self.deadline = self.declares = ""
        self._open = self._joint = False
        self._since = 0  # offset of the first name of the open group

    def add_note(self, rule: str, words: str) -> None:
        self.notes.append(ClauseNote(rule, words))

    def parse_declaration(self, bracketed: "re.Match[str]") -> str:
        """Record a bracketed declaration and return blanks of its length; keep other brackets."""
        first = FIRST_NAMED.search(bracketed[1])
        if not first or "牵头" not in bracketed[1][first.end() :]:
            return bracketed[0]
        self.declares = "on" if APPLIES_BELOW.search(self.clause) else "once"
        return " " * len(bracketed[0])

    def parse_labelled_text(self, text: str, start: int, role: Role, labelled: bool) -> None:
        """Parse the text after a label, or the text before the first label."""
        self._since = start
        for segment in agency_lists.split_names(text):
            offset = start + segment.start
            words = segment.text.strip(BLANK_CHARS)
            if not words and segment.separator == "、":
                raise _make_error(self.clause, offset - 1, offset + 1, _("a name is empty"))
            if words and not self._handle_non_name(words):
                self._parse_segment(words, segment.separator == "、", offset + len(segment.text))
        unassigned = [name.text for name in self.names if name.group == len(self.groups)]
        if unassigned and not labelled:
            likely = sum(
                map(
                    agency_lists.is_likely_agency,
                    agency_lists.expand_ellipses(unassigned, self.region_words),
                )
            )
            if likely < len(unassigned) * MIN_NAME_SHARE:
                message = _("no verb: expected one of")
                raise _make_error(
                    self.clause, self._since, start + len(text), message, *PLAIN_VERBS
                )
            self.add_note("verbless" if self.groups else "bare-list", "、".join(unassigned))
        if unassigned:
            self._close_group(role, start + len(text))

    def _handle_non_name(self, words: str) -> bool:
        """Record a deadline or a declaration; return whether *words* are not a name."""
        words = "".join(words.split())
        if LEAD_DECLARATION.search(words):
            self.declares = "on" if APPLIES_BELOW.search(self.clause) else "once"
            return True
        time = DEADLINE.fullmatch(normalize("NFKC", words))
        if time and (time["sure"] or not agency_lists.is_likely_agency(words)):
            self.deadline = words
            return True
        return bool(APPLIES_BELOW.fullmatch(words) or NON_NAME.fullmatch(words))

    def _parse_segment(self, words: str, runs_on: bool, end: int) -> None:
        """Parse the text between two separators: a name, a name with its verb, A会同B …"""
        words = AGENT_PREFIX.sub("", words, count=1) if AGENT_PREFIX.match(words) else words
        spaced = words.split()
        if len(spaced) > 1:
            if all(
                ROLE_VERB.search(each) or agency_lists.is_likely_agency(each) for each in spaced
            ):
                for each in spaced:
                    self._parse_segment(each, False, end)
                return
            words = "".join(spaced)
        before, joint, after = words.partition("会同")
        if joint and (before or self._has_open_group()):
            self._add_names(before, runs_on)
            if self._has_open_group():
                self._close_group(Role.LEAD, end)
            self._joint, words, runs_on = True, after, True
        verb = ROLE_VERB.search(words)
        self._add_names(words[: verb.start()] if verb else words, runs_on)
        if verb and self._has_open_group():
            leads = verb["lead"] and not self._joint
            self._close_group(Role.LEAD if leads else Role.PARTICIPATE, end)

    def _add_names(self, words: str, runs_on: bool) -> None:
        verb = ROLE_VERB.search(words)  # A牵头 of A牵头会同B
        words = words[: verb.start()] if verb else words
        if open_end := OPEN_ENDING.search(words):
            self._open = True
            also = CONJUNCTION.sub("", words[open_end.end() :], count=1)
            ruled = open_end["ruled"] or ""
            head = words[: open_end.start()]
            tail = ruled[1:] if ruled and head.endswith(ruled[0]) else ruled
            named = [
                *agency_lists.split_conjunction(head + tail),
                *agency_lists.split_conjunction(also),
            ]
        else:
            named = agency_lists.split_conjunction(words)
        for n, name in enumerate(named):
            if name.strip(BLANK_CHARS + OPEN_END):  # 等等 is not a name
                on = bool(self.names) and (n > 0 or runs_on)
                self.names.append(_ClauseName(name.strip(BLANK_CHARS), on, len(self.groups)))

    def _has_open_group(self) -> bool:
        return bool(self.names) and self.names[-1].group == len(self.groups)

    def _close_group(self, role: Role, end: int) -> None:
        self.groups.append((role, self._open))
        self._open = self._joint = False
        self._since = end + 1

    def build_duties(self) -> tuple[DutyGroup, ...]:
        """Return the groups, with complete names, each name once."""
        runs: list[list[_ClauseName]] = []
        for each in self.names:
            if each.runs_on and runs:
                runs[-1].append(each)
            else:
                runs.append([each])
        complete: list[tuple[int, str]] = []
        for run in runs:
            names = agency_lists.expand_ellipses([name.text for name in run], self.region_words)
            for printed, name in zip(run, names, strict=True):
                if printed.text != name:
                    self.add_note("ellipsis", f"{printed.text} → {name}")
                if not agency_lists.is_likely_agency(name):
                    self.add_note("unlike-a-body", name)
                complete.append((printed.group, name))
        groups = []
        for number, members in groupby(complete, key=lambda each: each[0]):
            listed = [name for _group, name in members]
            role, open_ended = self.groups[number]
            for name in sorted(name for name, count in Counter(listed).items() if count > 1):
                self.add_note("named-twice", name)
            groups.append(DutyGroup.from_names(role, tuple(dict.fromkeys(listed)), open_ended))
        return tuple(groups)


def _split_at_labels(clause: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield (kind of label, the label, offset of the text, the text) for each labelled text."""
    labels = list(CLAUSE_LABEL.finditer(clause))
    head = clause[: labels[0].start()] if labels else clause
    if head.strip(BLANK_CHARS + "，,；;"):
        yield "", "", 0, head
    ends = [*(label.start() for label in labels[1:]), len(clause)]
    for label, end in zip(labels, ends, strict=False):
        yield label.lastgroup or "", label[0], label.end(), clause[label.end() : end]


def _make_first_lead(duties: Iterable[DutyGroup]) -> Iterator[DutyGroup]:
    """Yield the groups with the first name as the leading agency."""
    for n, group in enumerate(duties):
        if n:
            yield group
            continue
        first, *others = group.names
        yield DutyGroup.from_names(Role.LEAD, (first,), group.is_open_ended and not others)
        if others:
            yield DutyGroup.from_names(Role.PARTICIPATE, tuple(others), group.is_open_ended)


def _make_error(clause: str, start: int, end: int, why: str, *among: str) -> BadPlan:
    message = _("cannot read a clause: {why}").format(why=" ".join((why, *among)))
    return BadPlan(message, hint=underline(clause, start, end))
