"""Find the clauses of a paragraph: in brackets, after a label, or on their own line."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.plan import agency_lists, clause
from plancli.plan.clause import ParsedClause
from plancli.plan.model import LeadReason

OPENING_BRACKETS = frozenset(agency_lists.BRACKETS)
CLOSING_BRACKETS = frozenset(agency_lists.BRACKETS.values())
SENTENCE_ENDS = frozenset("。；;！？!?.")
TRAILING_CHARS = frozenset(" \u3000。；;，,、.")
SPACE_CHARS = frozenset(" \u3000\t\v")
CLAUSE_HINT = re.compile(
    "负责|落实|配合|参与|参加|单位|部门|分工|各|公司|集团|中心|实施|推进"
    "|[厅局委办部署院会行社联关站司府处室所队校馆台组团协头镇乡市县区]"
)
SURE_CLAUSE = re.compile("牵头|会同|职责|分工负责|责任单位|责任部门|配合单位")
LABEL_WORDS = (
    "(?:总?牵头|(?:主要|主体|第一|直接|共同)?责任|配合|协同|协办|参与|参加|落实|实施)(?:责任)?(?:单位|部门|主体|科室)"
    "|(?:部门|责任|任务|职责)分工"
)
COLON_LABEL = re.compile(f"(?:{LABEL_WORDS})[ \u3000]*[:：]")
LINE_LABEL = re.compile(f"(?:{LABEL_WORDS})(?:[ \u3000]*[:：]|[ \u3000]+(?=\\S))")
DEADLINE_OR_PERSON = re.compile(
    "(?:(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期)"
    "|(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)(?:自治区|[省市县区州旗])?领导|责任人)(?:[:：]|[ \u3000]+(?=\\S))"
)


class ClauseMatch(NamedTuple):
    """A clause in a text: its offsets with and without brackets, and the parsed clause."""

    start: int
    end: int
    text_start: int  # without brackets
    text_end: int
    parsed: ParsedClause | None  # None if it is a clause that cannot be parsed
    error: str = ""


def iter_clauses(
    text: str, region_names: Collection[str], reading: LeadReason | None = None
) -> Iterator[ClauseMatch]:
    """Yield the clauses in *text*, a paragraph, from left to right."""
    matches = list(_find_bracketed(text, region_names, reading))
    if (labelled := _find_labelled(text, region_names, reading)) and not any(
        each.end > labelled.start for each in matches
    ):
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
    if text[first] in OPENING_BRACKETS:
        pairs = [pair for pair in _find_brackets(text) if pair[0] == first]
        if pairs and pairs[0][1] == last - 1:
            return _validate(text, (first, len(text)), (first + 1, last - 1), region_names, reading)
        if not pairs and text[last - 1] not in CLOSING_BRACKETS and SURE_CLAUSE.search(text):
            match = _validate(text, (first, len(text)), (first + 1, last), region_names, reading)
            return match and match._replace(error="open-bracket")
        return None
    if LINE_LABEL.match(text, first) or DEADLINE_OR_PERSON.match(text, first):
        return _validate(text, (first, len(text)), (first, last), region_names, reading)
    return None


def _find_bracketed(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> Iterator[ClauseMatch]:
    matches: list[ClauseMatch] = []
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
        if ends or begins or COLON_LABEL.match(text, start + 1):
            match = _validate(text, (start, end + 1), (start + 1, end), region_names, reading)
            if match and (match.parsed is None or match.parsed.duties):
                ends_at = start
                matches.append(match)
    if not matches and (left_open := _find_unclosed(text, region_names, reading)):
        matches.append(left_open)
    yield from reversed(matches)


def _find_unclosed(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause at the end of *text* that lacks its closing bracket."""
    last = text.rstrip("".join(SPACE_CHARS | SENTENCE_ENDS))
    opened = max(last.rfind("（"), last.rfind("("))
    inside = any(start <= opened <= end for start, end in _find_brackets(text))
    if opened < 0 or inside or len(last) - opened > clause.MAX_CLAUSE_LENGTH:
        return None
    if not SURE_CLAUSE.search(text, opened):
        return None
    match = _validate(text, (opened, len(text)), (opened + 1, len(last)), region_names, reading)
    return match._replace(error="open-bracket") if match and match.parsed else None


def _find_labelled(
    text: str, region_names: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause without brackets that begins with a label after the last sentence."""
    for label in COLON_LABEL.finditer(text):
        before = label.start() - 1
        while before >= 0 and text[before] in SPACE_CHARS:
            before -= 1
        if before >= 0 and text[before] in SENTENCE_ENDS:
            last = len(text.rstrip("".join(TRAILING_CHARS)))
            return _validate(
                text, (label.start(), len(text)), (label.start(), last), region_names, reading
            )
    return None


def _validate(
    text: str,
    outer: tuple[int, int],
    inner: tuple[int, int],
    region_names: Collection[str],
    reading: LeadReason | None,
) -> ClauseMatch | None:
    """Return the clause in the span *inner*, or None if it only looks like one."""
    words = text[slice(*inner)]
    if len(words) > clause.MAX_CLAUSE_LENGTH or not (
        CLAUSE_HINT.search(words) or DEADLINE_OR_PERSON.match(words)
    ):
        return None
    is_certain = bool(SURE_CLAUSE.search(words))
    try:
        parsed = clause.parse_clause(words.replace("\v", "\n"), region_names, reading)
    except BadPlan as error:
        if is_certain and _has_agency(words):
            return ClauseMatch(*outer, *inner, None, error.hint)
        return None
    names = [name for group in parsed.duties for name in group.names]
    if any(set("。！？!?") & set(name) for name in names):
        return None
    if not _has_enough_agencies(parsed, names, is_certain):
        return None
    if names or DEADLINE_OR_PERSON.match(words) or is_certain:
        return ClauseMatch(*outer, *inner, parsed)
    return None


def _has_enough_agencies(parsed: ParsedClause, names: Sequence[str], is_certain: bool) -> bool:
    """Return whether enough of *names* look like agencies; a certain clause needs one."""
    likely = sum(map(agency_lists.is_likely_agency, names))
    if is_certain:
        return bool(likely) or not names
    if any(note.rule == "bare-list" for note in parsed.notes):
        sure = sum(map(_is_sure_agency, names))
        return (
            bool(names) and sure * 2 >= len(names) and likely >= len(names) * clause.MIN_NAME_SHARE
        )
    return likely == len(names)


def _has_agency(words: str) -> bool:
    return any(
        agency_lists.is_likely_agency(piece.text.strip())
        for piece in agency_lists.split_names(words)
    )


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
