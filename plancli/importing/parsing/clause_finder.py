"""Find the clauses of a paragraph: in brackets, after a label, or on their own line.

A text in traditional characters is searched as if simplified; offsets are the same in both.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.plan import agency_lists, clause, clause_labels
from plancli.plan.clause import ParsedClause
from plancli.plan.clause_parser import MIN_NAME_SHARE
from plancli.plan.model import LeadReason
from plancli.text.normalize import simplify_script

OPENING_BRACKETS = frozenset(agency_lists.BRACKETS)
CLOSING_BRACKETS = frozenset(agency_lists.BRACKETS.values())
SENTENCE_ENDS = frozenset("。；;！？!?.")
TRAILING_CHARS = frozenset(" \u3000。；;，,、.")
SPACE_CHARS = frozenset(" \u3000\t\v")
SENTENCE_END = re.compile("[。；;！？!?.][ \u3000\t\v]*+")
CLAUSE_HINT = re.compile(
    "负责|落实|配合|参与|参加|单位|部门|分工|各|公司|集团|中心|实施|推进"
    "|[厅局委办部署院会行社联关站司府处室所队校馆台组团协头镇乡市县区]|同[上前]"
)
# The clause is the one of another task: （同上）, （责任单位同第1项）.  Whose it is was not read.
SAME_CLAUSE = re.compile(
    "(?:(?:责任|牵头|配合|负责)?(?:单位|部门|分工)(?:分工)?[:：]?[均都]?)?同(?:上|前|第.{1,8}[项条款点]|上[一述][条项款]?.{0,4}|前[一述][条项款]?.{0,4})"
)
SURE_CLAUSE = re.compile(
    "牵头|会同|职责|分工负责|(?:责任|负责|主办|承办|主责)(?:单位|部门)|配合(?:单位|部门)"
)
AGENCY_LABEL = f"{clause_labels.JOINED_LABEL}|{clause_labels.DIVISION_LABEL}"
COLON_LABEL = re.compile(f"(?:{AGENCY_LABEL})[ \u3000]*[:：]")
UNIT_LABEL = re.compile(f"(?:{clause_labels.LABEL_WITH_UNIT})[ \u3000]*[:：]")
MAX_PLAIN_NAME = 16  # characters of a name, after a label, that does not end like an agency's
BRACKETED_LABEL = f"[【〔\\[［〖﹝](?:{AGENCY_LABEL})[】〕\\]］〗﹞]"
TEXT_LABEL = re.compile(f"(?:{AGENCY_LABEL})[ \u3000]*[:：]|{BRACKETED_LABEL}(?=.)")
LINE_LABEL = re.compile(
    f"(?:{AGENCY_LABEL})[ \u3000]*[:：]"
    f"|{BRACKETED_LABEL}"
    f"|(?:{clause_labels.LABEL_WITH_UNIT}|{clause_labels.DIVISION_LABEL})[ \u3000]+(?=\\S)"
)
DEADLINE_OR_PERSON = re.compile(
    f"(?!联系(?:人|方式|电话)|.{{0,4}}安排)(?:{clause_labels.DEADLINE_LABEL}|{clause_labels.PERSON_LABEL})[ \u3000]*[:：]"
    "|(?:(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期)"
    "|(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)(?:自治区|[省市县区州旗])?领导|责任人)[ \u3000]+(?=\\S)"
)
# Words with which a bracket explains the word before it.
VERB_AT_END = re.compile("(?:牵头|负责|落实|配合|参与)$")
EXPLANATION = re.compile(
    "以下[简统]?称|下称|[简又合统]称|即|不?包?含|包括|其中包|主要(?:包括|是|有)|例?如|详见|见|附|原(?!则)|现为|限|除(?!.{1,40}外[，,])|特指|指(?![导挥定])|暂定"
)
PLAIN_VERB = re.compile("牵头|负责|责任|配合|参与|落实|实施|会同|分工|单位|部门|[:：]")
GENERIC_NAME = re.compile(
    "政府|企业|高校|学校|社会|机构|医院|公司|协会|商会|单位|部门|院校|银行|社区|村|组织|集团|中心|园区|行业|社团|办公室|专班"
)
GENERIC_END = re.compile(f"(?:{GENERIC_NAME.pattern}|地区|[市县区])$")
# 7个牵头单位
COUNTED = re.compile(
    f"[\\d一二三四五六七八九十两](?:个|家)[^，,。；;、]{{0,8}}{GENERIC_END.pattern}"
)
ENDS_LIKE_NAME = re.compile("(?:联盟|协会|中心|公司|集团|[局厅办院校馆站所社会])$")


# A title with its clause, before a sentence: 强化科技创新（县科技局牵头）锚定 …
TITLE = re.compile("[^，,。；;：:、（(\n\v]{2,40}")
GENERAL_AGENT = re.compile("各|有关|相关|所有|其他")


class ClauseMatch(NamedTuple):
    """A clause in a text: its offsets with and without brackets, and the parsed clause."""

    start: int
    end: int
    text_start: int  # without brackets
    text_end: int
    parsed: ParsedClause | None  # None if it is a clause that cannot be parsed
    error: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it is only a list of names, without a label or a verb."""
        notes = self.parsed.notes if self.parsed else ()
        return any(note.rule == "bare-list" for note in notes)


def iter_clauses(
    text: str, region_names: Collection[str], reading: LeadReason | None = None
) -> Iterator[ClauseMatch]:
    """Yield the clauses in *text*, a paragraph, from left to right."""
    matches = list(_find_bracketed(text, region_names, reading))
    last = max((each.end for each in matches), default=0)
    for labelled in _iter_labelled(text, region_names, reading):
        if last > labelled.start:
            break
        matches.append(labelled)
    yield from matches


def match_clause_line(
    text: str, region_names: Collection[str], reading: LeadReason | None = None
) -> ClauseMatch | None:
    """Return the clause that makes up the line *text*, or None if it is not a clause."""
    first = next((n for n, char in enumerate(text) if char not in SPACE_CHARS), len(text))
    last = len(text.rstrip(" \u3000\t\v。；;，,."))
    if first >= last:
        return None
    plain = simplify_script(text)
    if text[first] in OPENING_BRACKETS and not LINE_LABEL.match(plain, first):
        pairs = [pair for pair in _find_brackets(text) if pair[0] == first]
        if pairs and pairs[0][1] == last - 1:
            match = _validate(text, (first, last), (first + 1, last - 1), region_names, reading)
            return match and _take_odd_brackets(match, text)._replace(end=len(text))
        if not pairs and text[last - 1] not in CLOSING_BRACKETS and SURE_CLAUSE.search(plain):
            match = _validate(text, (first, len(text)), (first + 1, last), region_names, reading)
            return match and match._replace(error="open-bracket")
        return None
    if LINE_LABEL.match(plain, first) or DEADLINE_OR_PERSON.match(plain, first):
        return _validate(text, (first, len(text)), (first, last), region_names, reading)
    has_verb = VERB_AT_END.search(plain, max(first, last - 4), last)
    is_labelled = clause_labels.NEXT_NAME.match(plain[first:last])  # 牵头单位市教育局
    if (has_verb or is_labelled) and not _has_sentences(plain[:last]):
        match = _validate(text, (first, len(text)), (first, last), region_names, reading)
        groups = match.parsed.duties if match and match.parsed else ()
        names = [simplify_script(name) for group in groups for name in group.names]
        sure = sum(map(_is_sure_agency, names))
        is_list = all(map(agency_lists.is_likely_agency, names)) and sure * 2 >= len(names)
        return match if names and is_list else None
    return None


def _has_sentences(text: str) -> bool:
    return not set("。！？!?：:").isdisjoint(text)


def _find_bracketed(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> Iterator[ClauseMatch]:
    matches: list[ClauseMatch] = []
    plain = simplify_script(text)
    is_followed = False  # by a clause with a label or a verb
    ends_at = len(text)  # start of the clause after this one, or of the end of the text
    for start, end in reversed(_find_brackets(text)):
        after = end + 1
        while after < len(text) and text[after] in SPACE_CHARS:
            after += 1
        before = start - 1
        while before >= 0 and text[before] in SPACE_CHARS:
            before -= 1
        ends = after >= len(text) or text[after] in SENTENCE_ENDS or after == ends_at
        begins = before < 0 or text[before] in SENTENCE_ENDS
        is_of_title = bool(
            TITLE.fullmatch(plain, 0, start)
            and VERB_AT_END.search(plain, start, end)
            and not _has_sentences(plain[start:end])
            and plain[after : after + 1] != "的"  # 会商制度（由县科技局牵头）的成果
        )
        if ends or begins or is_of_title or COLON_LABEL.match(plain, start + 1):
            inner = (start + 1, end)
            if _find_brackets(text[slice(*inner)])[:1] == [(0, end - start - 2)]:  # （（甲局））
                inner = (start + 2, end - 1)
            match = _validate(text, (start, end + 1), inner, region_names, reading)
            if (
                match
                and (match.parsed is None or match.parsed.duties)
                and (
                    begins
                    or is_of_title
                    or not _is_explanation(match, plain, is_followed, ends and after != ends_at)
                )
            ):
                ends_at = start
                if is_followed and match.is_bare and not begins:
                    match = match._replace(error="verbless")
                is_followed = is_followed or not match.is_bare
                matches.append(_take_odd_brackets(match, text))
    if not matches:
        left_open = _find_unclosed(text, region_names, reading)
        if left_open := left_open or _find_unopened(text, region_names, reading):
            matches.append(left_open)
    yield from reversed(matches)


def _is_explanation(match: ClauseMatch, plain: str, is_followed: bool, ends_sentence: bool) -> bool:
    """Return whether a bracket within a sentence only explains the word before it.

    Such is a name after the like of a name, 联盟（协会）, a list without an office, and a list without
    a verb if a clause that has one follows in the paragraph *plain*; not so a list of sure
    agencies at the end of a sentence.
    """
    if match.parsed is None:
        return False
    names = [name for group in match.parsed.duties for name in group.names]
    names = list(map(simplify_script, names))
    has_office = any(map(agency_lists.OFFICE_NAME.fullmatch, names))
    if COLON_LABEL.match(plain, match.text_start):
        return False
    before = plain[max(0, match.start - 16) : match.start].rstrip()
    if match.is_bare and COUNTED.search(before):
        return True
    if not match.is_bare:
        words = plain[match.text_start : match.text_end]
        has_agency = has_office or any(map(_is_sure_agency, names))
        return is_followed and not (has_agency and PLAIN_VERB.search(words))
    if is_followed and ends_sentence and len(names) > 1 and all(map(_is_sure_agency, names)):
        return bool(GENERIC_END.search(before))
    is_apposition = len(names) == 1 and ENDS_LIKE_NAME.search(before)
    return bool(not has_office or is_followed or is_apposition)


def _take_odd_brackets(match: ClauseMatch, text: str) -> ClauseMatch:
    """Return *match* with a bracket that is doubled, or of another form than its counterpart."""
    start, end = match.start, match.end
    if start and text[start - 1] in OPENING_BRACKETS:
        start -= 1
    if text[end : end + 1] in tuple(CLOSING_BRACKETS):
        end += 1
    is_mixed = (text[match.start] in "（(") != (text[match.end - 1] in "）)")
    if (end - match.end == match.start - start and not is_mixed) or not match.parsed:
        return match
    return match._replace(start=start, end=end, error="open-bracket")


def _find_unclosed(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause at the end of *text* that lacks its closing bracket."""
    last = text.rstrip("".join(TRAILING_CHARS | SPACE_CHARS | SENTENCE_ENDS))
    opened = max(last.rfind("（"), last.rfind("("))
    inside = any(start <= opened <= end for start, end in _find_brackets(text))
    if opened < 0 or inside or len(last) - opened > clause.MAX_CLAUSE_LENGTH:
        return None
    match = _validate(text, (opened, len(text)), (opened + 1, len(last)), region_names, reading)
    is_sure = SURE_CLAUSE.search(simplify_script(text), opened) or (
        text[:opened].rstrip()[-1:] in tuple(SENTENCE_ENDS) and _has_sure_names(match)
    )
    return match._replace(error="open-bracket") if is_sure and match and match.parsed else None


def _find_unopened(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause at the end of *text* that lacks its opening bracket."""
    closing = len(text.rstrip("".join(SPACE_CHARS | SENTENCE_ENDS))) - 1
    if closing < 0 or text[closing] not in CLOSING_BRACKETS:
        return None
    start = max(text.rfind(end, 0, closing) for end in SENTENCE_ENDS - {"；", ";"}) + 1
    if not start or any(pair[1] == closing for pair in _find_brackets(text)):
        return None
    match = _validate(text, (start, len(text)), (start, closing), region_names, reading)
    return match._replace(error="open-bracket") if match and _has_sure_names(match) else None


def _has_sure_names(match: ClauseMatch | None) -> bool:
    groups = match.parsed.duties if match and match.parsed else ()
    names = [simplify_script(name) for group in groups for name in group.names]
    return bool(names) and all(map(_is_sure_agency, names))


def _iter_labelled(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> Iterator[ClauseMatch]:
    """Yield the clauses without brackets that begin with a label after a sentence.

    There are several if other sentences are between them: 责任单位：县水利局。修渠。责任单位：县交通局.
    """
    plain = simplify_script(text)
    starts = [0, *(each.end() for each in SENTENCE_END.finditer(plain))]
    is_label = [n > 0 and bool(TEXT_LABEL.match(plain, at)) for n, at in enumerate(starts)]
    n = 0
    while n < len(starts):
        if not is_label[n]:
            n += 1
            continue
        start = starts[n]
        n = _find_clause_end(plain, starts, is_label, n)
        end = starts[n] if n < len(starts) else len(text)
        last = len(text[:end].rstrip("".join(TRAILING_CHARS)))
        if match := _validate(text, (start, end), (start, last), region_names, reading):
            yield match


def _find_clause_end(
    plain: str, starts: Sequence[int], is_label: Sequence[bool], first: int
) -> int:
    """Return the index of the sentence behind the clause that begins with the sentence *first*.

    It ends before a whole sentence without a label and agencies, if another label is behind that.
    """
    last_label = max(n for n, found in enumerate(is_label) if found)
    for n in range(first + 1, last_label):
        sentence = plain[starts[n] : starts[n + 1]]
        if (
            plain[: starts[n]].rstrip().endswith("。")
            and sentence.rstrip().endswith("。")
            and not is_label[n]
            and not DEADLINE_OR_PERSON.match(sentence)
            and not agency_lists.find_likely_names(sentence.strip(" \u3000。"))
        ):
            return n
    return len(starts)


def _validate(
    text: str,
    outer: tuple[int, int],
    inner: tuple[int, int],
    region_names: Collection[str],
    reading: LeadReason | None,
) -> ClauseMatch | None:
    """Return the clause in the span *inner*, or None if it only looks like one."""
    words = text[slice(*inner)]
    plain = simplify_script(words)
    if len(words) > clause.MAX_CLAUSE_LENGTH or not (
        CLAUSE_HINT.search(plain) or DEADLINE_OR_PERSON.match(plain)
    ):
        return None
    if SAME_CLAUSE.fullmatch(plain.strip()):
        return ClauseMatch(*outer, *inner, None, words)
    if clause_labels.classify_label(plain) and not GENERAL_AGENT.match(plain):  # 【责任单位】
        return None
    label = COLON_LABEL.match(plain)
    if EXPLANATION.match(plain) and not any(plain[:size] in region_names for size in (2, 3)):
        return None
    is_certain = bool(SURE_CLAUSE.search(plain) or label)
    try:
        parsed = clause.parse_clause(words.replace("\v", "\n"), region_names, reading)
    except BadPlan as error:
        if is_certain and agency_lists.find_likely_names(plain):
            return ClauseMatch(*outer, *inner, None, error.hint)
        return None
    names = [simplify_script(name) for group in parsed.duties for name in group.names]
    if any(set("。！？!?") & set(name) for name in names):
        return None
    if not label and names and all(map(GENERIC_NAME.fullmatch, names)):
        return None
    has_unit = UNIT_LABEL.match(plain) and len(max(names, key=len, default="")) <= MAX_PLAIN_NAME
    if not has_unit and not _has_enough_agencies(parsed, names, plain, is_certain):
        return None
    if names or DEADLINE_OR_PERSON.match(plain) or is_certain:
        return ClauseMatch(*outer, *inner, parsed)
    return None


def _has_enough_agencies(
    parsed: ParsedClause, names: Sequence[str], plain: str, is_certain: bool
) -> bool:
    """Return whether enough of *names* look like agencies; a certain clause needs one."""
    if agency_lists.FIELD_LIST.search(plain) and all(
        agency_lists.is_likely_agency(name) or agency_lists.is_field_name(name) for name in names
    ):
        return True
    likely = sum(map(agency_lists.is_likely_agency, names))
    if is_certain:
        return bool(likely) or not names
    if any(note.rule == "bare-list" for note in parsed.notes):
        sure = sum(map(_is_sure_agency, names))
        return bool(names) and sure * 2 >= len(names) and likely >= len(names) * MIN_NAME_SHARE
    return likely == len(names)


def _is_sure_agency(name: str) -> bool:
    """Return whether *name* is an agency even without a verb after it."""
    own = agency_lists.OWN_PREFIX.match(name) and agency_lists.is_likely_agency(name)
    return bool(
        own or agency_lists.SURE_NAME.fullmatch(name) or agency_lists.COLLECTIVE_START.match(name)
    )


def _find_brackets(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the outermost pairs of brackets in *text*."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in OPENING_BRACKETS:
            opened.append(at)
        elif char in CLOSING_BRACKETS and opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, at))
    return pairs
