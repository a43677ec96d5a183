"""The parser of responsibility clauses: it reads a clause from left to right (see ``clause``)."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple
from unicodedata import normalize

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan import agency_lists, clause_labels
from plancli.plan.clause_labels import LabelledText
from plancli.plan.clause_verbs import (
    RoleVerb,
    find_verb,
    find_verb_with_object,
    split_after_lead,
)
from plancli.plan.model import OPEN_END, DutyGroup
from plancli.plan.open_ends import split_open_end
from plancli.results.roles import Role
from plancli.text.layout import underline
from plancli.text.normalize import simplify_script

# The verbs that an error message suggests; clause_verbs has many more.
PLAIN_VERBS = "牵头 牵头负责 按职责分工负责 分工负责 负责 落实 配合 参与".split()
AGENT_PREFIX = re.compile(
    "(?:(?:具体|主要|统一|分别)?由|请|其中|[0-9]{1,2}[.．)）](?![0-9])|[①-⑳])(?=..)"
)
LEAD_DECLARATION = re.compile(
    "(?:第一|首|最前)[^，,；;。]{0,10}牵头|牵头[^，,；;。]{0,6}(?:排|列)[^，,；;。]{0,4}(?:第一|首|最前)"
)
# A mark of a note after a name: 市林业局①, 市林业局[1].  Before a name it is a number of the list.
NOTE_MARK = re.compile(
    "(?<=[\u4e00-\u9fff）)])(?:[¹²³⁰⁴-⁹]{1,3}"
    "|(?:[①-⑳]|[\\[［〔【（(](?:注|附注)?[0-9０-９①-⑳]{1,2}[\\]］〕】）)])"
    "(?=[ \u3000]*(?:[、，,；;。）)]|$|牵头|负责|配合|参与|按|等|会同|共同|分工|落实)))"
)
STARS = "★☆▲△●◆※*＊"
STAR_DECLARATION = re.compile(f"[{STARS}][^，,；;。]{{0,8}}牵头|牵头[^，,；;。]{{0,10}}[{STARS}]")
BRACKETED_TEXT = re.compile(
    f"[{agency_lists.OPENING}]([^{agency_lists.OPENING}{agency_lists.CLOSING}]*+)[{agency_lists.CLOSING}]"
)
FIRST_NAMED = re.compile("第一|首|最前")
APPLIES_BELOW = re.compile("下同|以下[均各同]")
SHARED_WORK = "(?:工作|任务|事项|措施|内容|政策|条款){1,3}"
SAME_ROLE = (
    f"[均都皆](?:需要?|须|要|应)?[为是]?(?:(?:以下|下列)[^，,；;。]{{0,4}}{SHARED_WORK}的?)?"
    "(?:责任|主体|参与|配合|实施|落实|相关)?(?:单位|部门)?"
)
# 以下各项工作均需各县（市、区）政府推进，不再单独列出
SHARED_STATEMENT = re.compile(
    "(?:(?<=[，,；;。])|^)(?:(?P<names>[^，,；;。]{1,60})[，,；;、]?\\s*(?:以下|下文|后续|下面)?(?:各项|均|都|且)?"
    "(?:不再|不)(?:单独|逐[一项条]|一一|另行|重复|分别|专门|再)?(?:单?列出?|列明|列入|列举|罗列|注明|标注|标明|赘述|说明|体现|重复)"
    "|(?P<all>(?:以下|下列|下述|后续)[^，,；;。]{0,16}(?:均|都|皆|全部|一律)[^，,；;。]{1,50})"
    f"|(?P<same>[^，,；;。]{{1,60}}{SAME_ROLE})[，,]\\s*(?:以下(?:各项|任务|工作)?[均都皆各]?同|下同))"
)
SHARED_UNIT = "(?:责任|配合|参与|落实|实施|牵头)?(?:单位|部门)"
SHARED_WORDS = f"(?:(?:各|所有|全部|上述)?[项条]?(?:重点|具体|主要)?{SHARED_WORK}的?(?:{SHARED_UNIT})?|各[项条]|{SHARED_UNIT})"
SHARED_NEED = "(?:均|都|皆|全部|一律)?(?:还|也)?(?:需要?|须|由|应由?|要|涉及|包括|含|请|为|有)?"
SHARED_PREFIX = re.compile(
    f"^(?:(?:以下|下列|下述|后续|下文)(?:{SHARED_WORDS})?{SHARED_NEED}"
    f"|(?:{SHARED_WORDS})?{SHARED_NEED}(?=[各有相省市县区州镇乡全所]))"
)
SHARED_SUFFIX = re.compile(f"{SAME_ROLE}$")
LEAD_MARK, JOIN_MARK = "\ue000", "\ue001"  # for a bracket that gives the name before it a role
MARKED_PIECE = re.compile(f"[^{LEAD_MARK}{JOIN_MARK}]+[{LEAD_MARK}{JOIN_MARK}]*")
LEADING_WORDS = re.compile("牵头|会同")  # the text after a label says itself who leads
INTRODUCTIONS = frozenset("下同 其中 分工 具体分工 具体为 分别为 如下".split())
VERB_WITHIN = re.compile(
    "牵头(?!单位|部门|人|领导|处|办)|负责(?!人|同志|单位|部门)|配合(?!单位|部门)|(?<=.)会同"
)
PINYIN = re.compile("[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü][a-z]*")
JOINT_PREFIX = re.compile("会同(?=..)|联合(?=(?:[省市县区州盟旗镇乡]|各|有关|相关).)")
CONJUNCTION_START = re.compile(  # not 和县, 和平区
    "^(?:以及|[及与]|和(?!县(?:人民)?政府|平[区县镇]|田|[静硕政顺]县|龙市|林格尔|布克赛尔))(?=..)"
)
SPACED_GOVERNMENT = re.compile(
    "(?<=[省市县区州盟旗镇乡）)])\\s+(?=(?:人民)?政府|管委会|管理委员会|行政公署)"
)
# What an agency named before does: 甲局牵头，负责统筹协调.
WHAT_IS_DONE = re.compile("(?:负责|做好|抓好|加强|推动|推进|开展|落实|提供|完成|配合|协助|确保)..")
DEADLINE = re.compile(
    "[于在到至]?(?:(?P<sure>20\\d\\d年|\\d{1,2}月|年[内底末初中]|[今明本当]年)|第?[一二三四1-4]季度|[上下]半年|全年"
    "|长期|持续|常年|按(?:时间|序时|计划))[^、]{0,18}"
)
# 除市教育局外，各成员单位均需落实: who is excepted has no duty.
EXCEPTION = re.compile("除.{1,40}(?:之外|以外|外)")
NON_NAME = re.compile(
    "暂?无|(?:以[上下]|具体|上述|其[他余]).{0,12}(?:[均都皆]|同).*|不再.{0,8}|[均都]需.*"
)
OTHERS = re.compile("(?:有关|相关|其他)?(?:部门|单位|机构|企业|地区)")
MAX_ODD_WORDS = 12  # characters quoted of a list that ends with a separator
MIN_NAME_SHARE = 2 / 3  # of the names without a verb that must end like the name of an agency
WHITESPACE = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)))
)
# WHITESPACE and the next five are all characters for which str.isspace() is true.
BLANK_CHARS = f"{WHITESPACE}\u2028\u2029\u202f\u205f\u3000.。—/－\\"
# What may be around a name, and is no part of it.
MARKS = STARS + LEAD_MARK + JOIN_MARK + BLANK_CHARS + "、，,；;。"


class ClauseNote(NamedTuple):
    """A decision of the parser that a reader may want to verify: a rule and the text concerned."""

    rule: str  # ellipsis, bare-list, first-named-leads, main-label-leads, or of DOUBTFUL_NOTES
    words: str


class _ClauseName(NamedTuple):
    text: str
    runs_on: bool  # separated from the name before it by 、
    group: int  # index of its group
    role: Role | None  # if a bracket or a star gives it a role of its own


class ClauseParser:
    """Parses a clause from left to right; a verb closes the group of the names before it."""

    def __init__(self, clause: str, region_words: Collection[str]) -> None:
        self.clause, self.region_words = clause, region_words
        self.names: list[_ClauseName] = []
        self.groups: list[tuple[Role, bool]] = []  # closed groups: role, whether it ends in 等
        self.notes: list[ClauseNote] = []
        self.deadline = self.declares = self.shared = ""
        self._shared_names = ("", 0)  # the names in ``shared``, and their offset
        self._open = self._joint = self._label_leads = False
        self._names_fields = bool(agency_lists.FIELD_LIST.search(simplify_script(clause)))
        self._since = 0  # offset of the first name of the open group

    def add_note(self, rule: str, words: str) -> None:
        self.notes.append(ClauseNote(rule, words))

    def parse_brackets(self, clause: str) -> str:
        """Return *clause* with what its brackets say of roles applied, and of the same length."""
        return BRACKETED_TEXT.sub(
            self._parse_bracket, NOTE_MARK.sub(lambda mark: " " * len(mark[0]), clause)
        )

    def _parse_bracket(self, bracketed: "re.Match[str]") -> str:
        """Return what stands for a bracket, in its length: a declaration, a role, or itself."""
        words, size = bracketed[1].strip(), len(bracketed[0])
        if PINYIN.fullmatch(words):  # as web pages have it: 東山經(jīng)開區(qū)
            return " " * size
        first = FIRST_NAMED.search(words)
        if first and "牵头" in words[first.end() :]:
            self._set_declaration()
            return " " * size
        if STAR_DECLARATION.search(words):
            return " " * size
        at = bracketed.start()
        before = bracketed.string[max(0, at - clause_labels.MAX_LABEL_LENGTH) : at].rstrip()
        is_after_name = bool(before) and before[-1] not in agency_lists.SEPARATORS
        head, colon, content = words.partition("：")
        head = head if colon else re.split("[，,；;]", words)[0]
        kind = clause_labels.classify_label(head)
        if not kind and not colon and (verb := find_verb(head)) and verb.start == 0:
            kind = "lead" if verb.leads else "join"
        if kind and not colon and bracketed[0][0] in "【〔[［〖﹝":  # 【责任单位】甲局、乙局
            return f" {bracketed[1]}："
        label = re.split("[、，,；;。\\s]", before)[-1]
        if not is_after_name or clause_labels.classify_label(label):  # 牵头（责任）单位：
            return bracketed[0]
        if colon and kind in ("person", "deadline"):
            self.deadline = content if kind == "deadline" else self.deadline
            return " " * size
        if colon:
            if agency_lists.find_likely_names(content):
                self.add_note("unknown-label", bracketed[0])
            return " " * size
        if kind in ("lead", "own", "join"):
            leads = kind == "lead" or clause_labels.is_main_label(head)
            return (LEAD_MARK if leads else JOIN_MARK) * size
        is_alias = head.startswith(("以下简称", "下称", "简称", "以下称", "下同"))
        return " " * size if is_alias else bracketed[0]

    def take_shared_statement(self, clause: str) -> str:
        """Return *clause* without the words that name participants of the tasks below, too."""
        statement = find_shared_names(clause)
        if not statement:
            return clause
        start, end, self._shared_names = statement
        self.shared = self.clause[start:end]
        before, after = clause[:start], clause[end:]
        if after[:1] in agency_lists.CLOSING_MARKS:  # （含开发区，以下均需各区落实，不再列出）
            before = before.rstrip(BLANK_CHARS + "，,；;")
            if before[-1:] in agency_lists.OPENING_MARKS:
                before, after = before[:-1], " " + after[1:]
        return before + " " * (len(clause) - len(before) - len(after)) + after

    def parse_shared_names(self) -> None:
        words, start = self._shared_names
        first = len(self.names)
        if words:
            self._parse_names(words, start, Role.PARTICIPATE, "join")
        named = {agency_lists.NOTE_AT_END.sub("", name.text) for name in self.names[:first]}
        repeated = [name for name in self.names[first:] if name.text in named]
        self.names[first:] = [name for name in self.names[first:] if name not in repeated]

    def parse_stretch(self, stretch: LabelledText, role: Role) -> None:
        """Parse the text after a label, or the text before the first label."""
        kind, label, start, text = stretch
        if kind == "deadline":
            self.deadline = " ".join(text.strip(BLANK_CHARS + "，,；;").splitlines())
        elif kind == "unknown" and label in INTRODUCTIONS:
            self._parse_names(text, start, role, "")
        elif kind == "unknown":
            self._parse_unknown(stretch)
        elif kind not in ("person", "plain"):
            self._parse_names(text, start, role, kind)
            if kind == "split" and "分工" not in label and self._ends_without_verb:
                self.add_note("mixed-label", f"{label}：{text}")

    def _parse_unknown(self, stretch: LabelledText) -> None:
        """Parse the text after an unknown label; if the label is an agency, the text is its task."""
        is_agency = agency_lists.SURE_NAME.fullmatch(stretch.label) and not re.search(
            "(?:单位|部门|办法|机构)$", stretch.label
        )
        if is_agency:
            self._add_names(stretch.label, False)
            verb = find_verb(stretch.text.strip(BLANK_CHARS + "，,；;"))
            leads = bool(verb and verb.leads)
            self._close_group(Role.LEAD if leads else Role.PARTICIPATE, stretch.start)
        if is_agency or agency_lists.find_likely_names(stretch.text):
            self.add_note("unknown-label", f"{stretch.label}：{stretch.text}".strip())

    def _parse_names(self, text: str, start: int, role: Role, kind: str) -> None:
        self._since = start
        self._label_leads = role is Role.LEAD and not LEADING_WORDS.search(text)
        first = len(self.names)
        for segment in agency_lists.split_names(text):
            offset = start + segment.start
            words = segment.text.strip(BLANK_CHARS)
            if not words and segment.separator == "、":
                if segment.start + len(segment.text) < len(text):
                    raise make_error(self.clause, offset - 1, offset + 1, _("a name is empty"))
                self.add_note("odd-name", text[-MAX_ODD_WORDS:].strip())  # 甲局、
            if words and not self._handle_non_name(words):
                self._parse_segment(words, segment.separator == "、", offset + len(segment.text))
        unassigned = [name.text for name in self.names if name.group == len(self.groups)]
        self._ends_without_verb = bool(unassigned)
        has_roles = self._joint or any(each.role for each in self.names[first:])
        if unassigned and not kind and not has_roles:
            likely = sum(
                agency_lists.is_likely_agency(name) or agency_lists.is_field_name(name)
                for name in agency_lists.expand_ellipses(unassigned, self.region_words)
            )
            if likely < len(unassigned) * MIN_NAME_SHARE:
                message = _("no verb: expected one of")
                raise make_error(self.clause, self._since, start + len(text), message, *PLAIN_VERBS)
            self.add_note("verbless" if self.groups else "bare-list", "、".join(unassigned))
            if not any(map(agency_lists.OFFICE_NAME.fullmatch, unassigned)):
                self.add_note("unofficial-list", "、".join(unassigned))
        if unassigned:
            self._close_group(Role.PARTICIPATE if self._joint else role, start + len(text))

    def _set_declaration(self) -> None:
        below = APPLIES_BELOW.search(simplify_script(self.clause))
        self.declares = "on" if below else "once"

    def _handle_non_name(self, words: str) -> bool:
        """Record a deadline or a declaration; return whether *words* are not a name."""
        words = "".join(words.split())
        if EXCEPTION.fullmatch(words):
            self.add_note("exception", words)
            return True
        if LEAD_DECLARATION.search(words):
            self._set_declaration()
            return True
        if STAR_DECLARATION.search(words) and not agency_lists.is_likely_agency(words):
            return True
        time = DEADLINE.fullmatch(normalize("NFKC", words))
        if time and (time["sure"] or not agency_lists.is_likely_agency(words)):
            self.deadline = words
            return True
        if APPLIES_BELOW.fullmatch(words) or NON_NAME.fullmatch(words):
            if APPLIES_BELOW.match(words) and not LEAD_DECLARATION.search(
                simplify_script(self.clause)
            ):
                self.add_note("applies-below", words)
            return True
        return bool(
            WHAT_IS_DONE.match(words) and self.groups and not agency_lists.is_likely_agency(words)
        )

    def _parse_segment(self, words: str, runs_on: bool, end: int) -> None:
        """Parse the text between two separators: a name, a name with its verb, A会同B …"""
        words = SPACED_GOVERNMENT.sub("", words)
        joint = JOINT_PREFIX.match(words)
        if joint and self.names and not runs_on:  # 甲局牵头，会同乙局; not 会同县政府 or 联合县局
            self._joint, words = True, words[joint.end() :]
        words = AGENT_PREFIX.sub("", words, count=1)
        spaced = words.split()
        if len(spaced) > 1:
            if all(find_verb(each) or agency_lists.is_likely_agency(each) for each in spaced):
                for each in spaced:
                    self._parse_segment(each, False, end)
                return
            words = "".join(spaced)
        for n, each in enumerate(split_after_lead(words)):
            self._parse_agents(each, runs_on and not n, end)

    def _parse_agents(self, words: str, runs_on: bool, end: int) -> None:
        before, joint, after = words.partition("会同")
        if joint and (before or (self._has_open_group() and not runs_on)):
            self._add_names(before, runs_on)
            if self._has_open_group():
                self._close_group(Role.LEAD, end)
            self._joint, words, runs_on = True, after, True
        verb = find_verb(words)
        if not verb and not agency_lists.is_likely_agency(words):
            verb = find_verb_with_object(words)
        self._add_names(words[: verb.start] if verb else words, runs_on)
        if verb and self._has_open_group():
            leads = self._is_leading(verb) and not self._joint
            group = [name for name in self.names if name.group == len(self.groups)]
            # A、B，C牵头: only C may be meant.  A，B牵头 and A，B市、C市牵头 are lists of several kinds.
            ends_alone = len(group) > 2 and group[1].runs_on and not group[-1].runs_on
            if leads and verb.leads and ends_alone:
                self.add_note("comma-leads", "、".join(name.text for name in group))
            self._close_group(Role.LEAD if leads else Role.PARTICIPATE, end)

    def _is_leading(self, verb: RoleVerb) -> bool:
        """Whether the names before *verb* lead, by it or, if it says nothing else, by their label."""
        return verb.leads or (self._label_leads and not verb.helps)

    def _add_names(self, words: str, runs_on: bool) -> None:
        verb = find_verb(words)  # A牵头 of A牵头会同B
        words = words[: verb.start] if verb else words
        level = ""
        if ending := split_open_end(words):
            self._open, named, level = True, list(ending.names), ending.level
            if ending.unknown:
                self.add_note("odd-open-end", ending.unknown)
        else:
            named = [
                name
                for piece in MARKED_PIECE.findall(words)
                for name in agency_lists.split_conjunction(CONJUNCTION_START.sub("", piece))
            ]
        first = len(self.names)
        for n, name in enumerate(named):
            if name.strip(MARKS + OPEN_END):  # 等等 and ** are not names
                if self._open and runs_on and not n and OTHERS.fullmatch(name):
                    continue  # 等有关部门、单位
                on = bool(self.names) and (n > 0 or runs_on)
                self.names.append(self._make_name(name.strip(BLANK_CHARS), on))
            elif set(name) & set(STARS):  # a star that belongs to no name
                self._note_star(name)
        if level:  # 合肥、芜湖等市
            self._add_level(level, first)

    def _make_name(self, words: str, runs_on: bool) -> _ClauseName:
        """Return the name in *words*, with the role that a bracket or a star gives it."""
        name = words.strip(MARKS)
        role = None
        if LEAD_MARK in words:
            role = Role.LEAD
        elif JOIN_MARK in words:
            role = Role.PARTICIPATE
        elif name != words and set(words) & set(STARS):
            role = Role.LEAD
            self._note_star(words)
        return _ClauseName(name, runs_on, len(self.groups), role)

    def _note_star(self, words: str) -> None:
        if not STAR_DECLARATION.search(simplify_script(self.clause)):
            self.add_note("star-leads", words)

    def _add_level(self, level: str, before: int) -> None:
        """Add 市 to the regions without a level in the list that ends at the name *before*."""
        at = before
        while (
            at and self.names[at].runs_on and agency_lists.is_bare_region(self.names[at - 1].text)
        ):
            at -= 1
            self.names[at] = self.names[at]._replace(text=self.names[at].text + level)

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
        complete: list[tuple[int, Role, str]] = []
        for run in map(self._share_committees, runs):
            names = agency_lists.expand_ellipses([name.text for name in run], self.region_words)
            for printed, name in zip(run, names, strict=True):
                if printed.text != name:
                    self.add_note("ellipsis", f"{printed.text} → {name}")
                    if agency_lists.is_likely_of_level(printed.text):
                        self.add_note("maybe-abbreviated", f"{printed.text} → {name}")
                role = printed.role or self.groups[printed.group][0]
                checked = self._check_name(name)
                if checked.strip(OPEN_END):
                    complete.append((printed.group, role, checked))
        groups = []
        last_of_group = {group: n for n, (group, _role, _name) in enumerate(complete)}
        counted = 0
        for (number, role), members in groupby(complete, key=lambda each: each[:2]):
            listed = [name for _group, _role, name in members]
            counted += len(listed)
            open_ended = self.groups[number][1] and last_of_group[number] == counted - 1
            for name in sorted(name for name, count in Counter(listed).items() if count > 1):
                self.add_note("named-twice", name)
            groups.append(DutyGroup.from_names(role, tuple(dict.fromkeys(listed)), open_ended))
        return tuple(groups)

    def _share_committees(self, run: Sequence[_ClauseName]) -> list[_ClauseName]:
        """Return *run* with 党委 and 政府 for each of its regions before 乙县党委、政府."""
        shared = []
        for index, text in agency_lists.share_committees([name.text for name in run]):
            printed = run[index]
            if text.startswith(printed.text) and text != printed.text:
                self.add_note("ellipsis", f"{printed.text} → {text}")
            shared.append(printed._replace(text=text))
        return shared

    def _check_name(self, name: str) -> str:
        """Return *name* without a colon or a bracket out of pair; note what is odd."""
        plain = (name.partition("：")[0] or name.replace("：", "")).strip(MARKS)
        if not agency_lists.has_closed_brackets(plain):
            plain = plain.strip(agency_lists.BRACKET_MARKS + MARKS)
        is_odd = VERB_WITHIN.search(name) or clause_labels.LABEL_IN_NAME.match(name)
        if plain != name or is_odd or not agency_lists.has_closed_brackets(plain):
            self.add_note("odd-name", name)
        elif self._names_fields and agency_lists.is_field_name(name):
            if not any(note.rule == "field-names" for note in self.notes):
                self.add_note("field-names", name)
        elif not agency_lists.is_likely_agency(name):
            self.add_note("unlike-a-body", name)
        return plain


def find_shared_names(clause: str) -> tuple[int, int, tuple[str, int]] | None:
    """Return where the words that hold for the tasks below are, their names and where these are."""
    for found in SHARED_STATEMENT.finditer(clause):
        first, last = agency_lists.find_balanced_part(found[0])
        words = (found["names"] or found["all"] or found["same"])[first:last]
        if LEAD_DECLARATION.search(words):
            continue
        names = SHARED_PREFIX.sub("", words, count=1)
        start = found.start() + first + len(words) - len(names)
        names = SHARED_SUFFIX.sub("", names)
        verb = find_verb(names)
        if agency_lists.find_likely_names(names[: verb.start] if verb else names):
            return found.start() + first, found.start() + last, (names, start)
    return None


def make_error(clause: str, start: int, end: int, why: str, *among: str) -> BadPlan:
    message = _("cannot read a clause: {why}").format(why=" ".join((why, *among)))
    return BadPlan(message, hint=underline(clause, start, end))
