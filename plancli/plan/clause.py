"""The responsibility clause <-> duties: one grammar, both directions.

    clause  = stretch { label stretch }     label = 牵头单位： | 责任单位： | 分管领导： …
    stretch = { group mark } [ names ]      group = names ["等" [kind]] verb | names 会同 names verb
    names   = name { mark name }            verb  = 牵头 | 按职责分工负责 | 配合 | 负责 …
    mark    = "、" | "，" | "," | "；" | ";"   kind = 部门 | 有关单位 …

Names without a verb have their label's role; without a label, all take part.  Only 牵头, 会同 (for
those before it) and a ``Reading`` make anybody lead.  A name inside a 、-run may leave out what its
neighbours say (``bodies.full``); a comma ends such a run.  Deadlines, persons and declarations
stand among the names and are none.
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
from plancli.plan.model import OPEN_END, Group, Reading
from plancli.plan.role import Role
from plancli.text.layout import caret

VERBS = (
    "牵头 牵头负责 按职责分工负责 分工负责 负责 落实 配合 参与".split()
)  # the plainest; see VERB
SPOKEN = {Role.LEAD: "牵头", Role.PARTICIPATE: "按职责分工负责"}
SHARES = (
    "(?:(?:按照?|根据|依照?)?各?自?的?(?:工作)?(?:职责|职能|责任|权限)(?:和?分工|任务)?)?"
    "(?:分工|共同|分别|具体|联合|统筹|主要|总)?"
)
DOES = (
    "(?:组织|推进|推动|统筹|分别|分工|抓好)?(?:负责(?:落实|实施)?|抓?落实|实施|推进|办理|抓总|督办)"
)
VERB = re.compile(
    f"(?:作?为|是)?(?:(?P<lead>{SHARES}牵头[并、]?(?:{DOES})?)"
    f"|{SHARES}(?:(?:负责|积极|密切)?(?:配合|参与|参加|协助|协同|协办)(?:{DOES})?|{DOES}|责任))"
    "(?:单位|部门)?$"
)
KIND = (
    "(?:(?:多|几|若干|\\d+)个)?(?:(?:国务院|中央|国家|[省市县区]直?|[部省市]属)?(?:各|有关|相关|其他|职能|责任|主管|业务|行业)*"
    "(?:部门|单位|部委|机构|机关|企业|地区|方面|委办局|院校|高校|团体|组织)(?:[和及、与](?:有关|相关)?(?:部门|单位|地区|企业|机构))?"
    "|[^、，,；;]{0,30}成员单位)?"
)
OPEN = re.compile(
    f"(?<![高平优同上中下初均相])等(?:{KIND}|(?P<ruled>[市县区州]?(?:人民)?政府))(?=$|及|和|以及|与)"
)
ALSO = re.compile("以及|[及和与]")
BY = re.compile("(?:(?:具体|主要|统一|分别)?由|请|其中)(?=..)")
LABEL = re.compile(
    "(?:^|(?<=[，,；;。、\\s（(]))(?:"
    "(?P<lead>总?牵头(?:责任|负责)?(?:单位|部门|处室|科室|地区|(?=[:：])))"
    "|(?P<part>(?:主要|主体|第一|直接|共同)?(?:责任|落实|实施|配合|协同|协办|协作|参与|参加)(?:单位|部门|主体|地区|处室|科室|(?=[:：]))"
    "|(?:部门|责任|任务|职责)分工|职责单位)"
    "|(?P<when>(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期)|时间(?:要求|节点|安排)|进度(?:要求|安排))"
    "|(?P<who>(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|联系|主管|督办)?(?:(?:自治区|[省市县区州旗])?领导|负责人|人)(?:同志)?|联系方式)"
    ")(?:[ \u3000]*(?:[:：]|为)|[ \u3000]+)"
)
DECLARES = re.compile(
    "(?:第一|首|最前)[^，,；;。]{0,10}牵头|牵头[^，,；;。]{0,6}(?:排|列)[^，,；;。]{0,4}(?:第一|首|最前)"
)
BRACKETED = re.compile("[（(〔[【]([^（）()〔〕[\\]【】]*+)[）)〕\\]】]")
NAMED_FIRST = re.compile("第一|首|最前")
ON = re.compile("下同|以下[均各同]")
TIME = re.compile(
    "[于在到至]?(?:(?P<sure>20\\d\\d年|\\d{1,2}月|年[内底末初中]|[今明本当]年)|第?[一二三四1-4]季度|[上下]半年|全年"
    "|长期|持续|常年|按(?:时间|序时|计划))[^、]{0,18}"
)
ASIDE = re.compile("(?:以[上下]|具体|上述|其[他余]).{0,12}(?:[均都皆]|同).*|不再.{0,8}|[均都]需.*")
MOST = 2 / 3  # of names without a verb that must end as names of bodies do
LONGEST = 4000  # characters; no clause is longer
WHITE = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)))
)
BLANK = f"{WHITE}\u2028\u2029\u202f\u205f\u3000.。—/－\\"  # all that Python takes for space


class Note(NamedTuple):
    """What the grammar did that a reader might want to know: a rule, and the words."""

    rule: str  # ellipsis, bare-list, verbless, named-twice, unlike-a-body, first-named-leads
    words: str


class Clause(NamedTuple):
    """A clause, read."""

    duties: tuple[Group, ...]
    notes: tuple[Note, ...] = ()
    deadline: str = ""
    declares: str = ""  # "once", or "on" where it says 下同: the first named leads


def parse(
    clause: str, places: Collection[str] = (), reading: Reading | None = None
) -> tuple[Group, ...]:
    """Return the duties that *clause*, printed without its brackets, gives.

    A body whose name begins with one of *places* (安徽证监局) stands by itself: it borrows no
    省 from its neighbour.  With *reading*, somebody leads though the clause does not say 牵头.
    Errors: BadPlan where names have no verb and are unlike bodies, or a name is empty; the place
    is underlined.
    """
    return read(clause, places, reading).duties


def read(clause: str, places: Collection[str] = (), reading: Reading | None = None) -> Clause:
    """Return the duties that *clause* gives, as ``parse`` does, and what was done to read it."""
    if len(clause) > LONGEST:
        raise _unread(clause[:LONGEST], 0, LONGEST, _("it is too long"))
    reader = _Reader(clause, tuple(places))
    clause = BRACKETED.sub(reader.declaration, clause)
    for role, words, start, text in _stretches(clause):
        if role == "when":
            reader.deadline = " ".join(text.strip(BLANK + "，,；;").splitlines())
        elif role != "who":
            leads = role == "lead" or (reading is Reading.COLUMNS and words.startswith("责任"))
            reader.stretch(text, start, Role.LEAD if leads else Role.PARTICIPATE, bool(words))
    duties = reader.duties()
    if (reading is Reading.FIRST or reader.declares) and not any(each.lead for each in duties):
        duties = tuple(_first_leads(duties))
        reader.note("first-named-leads", duties[0].names[0] if duties else "")
    return Clause(duties, tuple(reader.notes), reader.deadline, reader.declares)


def write(duties: Iterable[Group]) -> str:
    """Return the plain clause that says *duties*: every name in full, 、 between them."""
    return "，".join(
        "、".join(group.names) + OPEN_END * group.open_ended + SPOKEN[group.role]
        for group in duties
    )


class _Name(NamedTuple):
    text: str
    runs_on: bool  # in one 、-run with the name before it
    group: int  # whose part it is, counted from 0


class _Reader:
    """Reads a clause from left to right: names, gathered into groups that a verb closes."""

    def __init__(self, clause: str, places: tuple[str, ...]) -> None:
        self.clause, self.places = clause, places
        self.names: list[_Name] = []
        self.groups: list[tuple[Role, bool]] = []  # closed: its role, whether it ends in 等
        self.notes: list[Note] = []
        self.deadline = self.declares = ""
        self._open = self._joint = False
        self._since = 0  # where the names without a verb begin

    def note(self, rule: str, words: str) -> None:
        self.notes.append(Note(rule, words))

    def declaration(self, said: "re.Match[str]") -> str:
        """Note a declaration in brackets, and return as many blanks; other words as they are."""
        first = NAMED_FIRST.search(said[1])
        if not first or "牵头" not in said[1][first.end() :]:
            return said[0]
        self.declares = "on" if ON.search(self.clause) else "once"
        return " " * len(said[0])

    def stretch(self, text: str, start: int, role: Role, labelled: bool) -> None:
        """Read what stands behind one label, or behind none."""
        self._since = start
        for piece in agency_lists.pieces(text):
            at = start + piece.start
            words = piece.text.strip(BLANK)
            if not words and piece.before == "、":
                raise _unread(self.clause, at - 1, at + 1, _("a name is empty"))
            if words and not self._aside(words):
                self._piece(words, piece.before == "、", at + len(piece.text))
        left = [name.text for name in self.names if name.group == len(self.groups)]
        if left and not labelled:
            likely = sum(map(agency_lists.looks_like, agency_lists.full(left, self.places)))
            if likely < len(left) * MOST:
                message = _("no verb: expected one of")
                raise _unread(self.clause, self._since, start + len(text), message, *VERBS)
            self.note("verbless" if self.groups else "bare-list", "、".join(left))
        if left:
            self._close(role, start + len(text))

    def _aside(self, words: str) -> bool:
        """Whether *words* are a deadline or a declaration, which are kept apart."""
        words = "".join(words.split())
        if DECLARES.search(words):
            self.declares = "on" if ON.search(self.clause) else "once"
            return True
        time = TIME.fullmatch(normalize("NFKC", words))
        if time and (time["sure"] or not agency_lists.looks_like(words)):
            self.deadline = words
            return True
        return bool(ON.fullmatch(words) or ASIDE.fullmatch(words))

    def _piece(self, words: str, runs_on: bool, end: int) -> None:
        """Read what stands between two marks: a name, a name and its verb, A会同B …"""
        words = BY.sub("", words, count=1) if BY.match(words) else words
        spaced = words.split()
        if len(spaced) > 1:
            if all(VERB.search(each) or agency_lists.looks_like(each) for each in spaced):
                for each in spaced:
                    self._piece(each, False, end)
                return
            words = "".join(spaced)
        before, joint, after = words.partition("会同")
        if joint and (before or self._pending()):
            self._names(before, runs_on)
            if self._pending():
                self._close(Role.LEAD, end)
            self._joint, words, runs_on = True, after, True
        verb = VERB.search(words)
        self._names(words[: verb.start()] if verb else words, runs_on)
        if verb and self._pending():
            leads = verb["lead"] and not self._joint
            self._close(Role.LEAD if leads else Role.PARTICIPATE, end)

    def _names(self, words: str, runs_on: bool) -> None:
        verb = VERB.search(words)  # A牵头 of A牵头会同B
        words = words[: verb.start()] if verb else words
        if open_end := OPEN.search(words):
            self._open = True
            also = ALSO.sub("", words[open_end.end() :], count=1)
            ruled = open_end["ruled"] or ""
            head = words[: open_end.start()]
            tail = ruled[1:] if ruled and head.endswith(ruled[0]) else ruled
            named = [*agency_lists.joined(head + tail), *agency_lists.joined(also)]
        else:
            named = agency_lists.joined(words)
        for n, name in enumerate(named):
            if name.strip(BLANK + OPEN_END):  # 等等 is no name
                on = bool(self.names) and (n > 0 or runs_on)
                self.names.append(_Name(name.strip(BLANK), on, len(self.groups)))

    def _pending(self) -> bool:
        return bool(self.names) and self.names[-1].group == len(self.groups)

    def _close(self, role: Role, end: int) -> None:
        self.groups.append((role, self._open))
        self._open = self._joint = False
        self._since = end + 1

    def duties(self) -> tuple[Group, ...]:
        """Return the groups, every name in full and once."""
        runs: list[list[_Name]] = []
        for each in self.names:
            if each.runs_on and runs:
                runs[-1].append(each)
            else:
                runs.append([each])
        whole: list[tuple[int, str]] = []
        for run in runs:
            names = agency_lists.full([name.text for name in run], self.places)
            for printed, name in zip(run, names, strict=True):
                if printed.text != name:
                    self.note("ellipsis", f"{printed.text} → {name}")
                if not agency_lists.looks_like(name):
                    self.note("unlike-a-body", name)
                whole.append((printed.group, name))
        groups = []
        for number, members in groupby(whole, key=lambda each: each[0]):
            listed = [name for _group, name in members]
            role, open_ended = self.groups[number]
            for twice in sorted(name for name, count in Counter(listed).items() if count > 1):
                self.note("named-twice", twice)
            groups.append(Group.of(role, tuple(dict.fromkeys(listed)), open_ended))
        return tuple(groups)


def _stretches(clause: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield (kind of label, its words, where the text begins, the text) of each stretch."""
    labels = list(LABEL.finditer(clause))
    head = clause[: labels[0].start()] if labels else clause
    if head.strip(BLANK + "，,；;"):
        yield "", "", 0, head
    ends = [*(label.start() for label in labels[1:]), len(clause)]
    for label, end in zip(labels, ends, strict=False):
        yield label.lastgroup or "", label[0], label.end(), clause[label.end() : end]


def _first_leads(duties: Iterable[Group]) -> Iterator[Group]:
    """Yield the groups with the very first name leading: the document says that it does."""
    for n, group in enumerate(duties):
        if n:
            yield group
            continue
        first, *others = group.names
        yield Group.of(Role.LEAD, (first,), group.open_ended and not others)
        if others:
            yield Group.of(Role.PARTICIPATE, tuple(others), group.open_ended)


def _unread(clause: str, start: int, end: int, why: str, *among: str) -> BadPlan:
    message = _("cannot read a clause: {why}").format(why=" ".join((why, *among)))
    return BadPlan(message, hint=caret(clause, start, end))
