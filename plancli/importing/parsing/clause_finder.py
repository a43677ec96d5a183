"""Where the clauses of a paragraph stand: in brackets, behind a label, on a line of their own."""

import re
from collections.abc import Collection, Iterator
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
    """A clause in a text: with its brackets or label's end, and without; and what it says."""

    start: int
    end: int
    text_start: int  # of the words inside
    text_end: int
    parsed: ParsedClause | None  # None where it is one, but cannot be read
    error: str = ""


def iter_clauses(
    text: str, places: Collection[str], reading: LeadReason | None = None
) -> Iterator[ClauseMatch]:
    """Yield the clauses in *text*, a paragraph, from left to right."""
    found = list(_find_bracketed(text, places, reading))
    if (labelled := _find_labelled(text, places, reading)) and not any(
        each.end > labelled.start for each in found
    ):
        found.append(labelled)
    yield from found


def match_clause_line(
    text: str, places: Collection[str], reading: LeadReason | None = None
) -> ClauseMatch | None:
    """Return the clause that *text*, a line, is from its beginning to its end, if it is one."""
    first = next((n for n, char in enumerate(text) if char not in SPACE_CHARS), len(text))
    last = len(text.rstrip(" \u3000\t\v。；;，,."))
    if first >= last:
        return None
    if text[first] in OPENING_BRACKETS:
        pairs = [pair for pair in _find_brackets(text) if pair[0] == first]
        if pairs and pairs[0][1] == last - 1:
            return _validate(text, (first, len(text)), (first + 1, last - 1), places, reading)
        if not pairs and text[last - 1] not in CLOSING_BRACKETS and SURE_CLAUSE.search(text):
            found = _validate(text, (first, len(text)), (first + 1, last), places, reading)
            return found and found._replace(error="open-bracket")
        return None
    if LINE_LABEL.match(text, first) or DEADLINE_OR_PERSON.match(text, first):
        return _validate(text, (first, len(text)), (first, last), places, reading)
    return None


def _find_bracketed(
    text: str, places: Collection[str], reading: LeadReason | None
) -> Iterator[ClauseMatch]:
    found: list[ClauseMatch] = []
    ends_at = len(text)  # where what follows an ending begins
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
            judged = _validate(text, (start, end + 1), (start + 1, end), places, reading)
            if judged and (judged.parsed is None or judged.parsed.duties):
                ends_at = start
                found.append(judged)
    if not found and (left_open := _find_unclosed(text, places, reading)):
        found.append(left_open)
    yield from reversed(found)


def _find_unclosed(
    text: str, places: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause at the end of *text* whose bracket is not closed."""
    last = text.rstrip("".join(SPACE_CHARS | SENTENCE_ENDS))
    opened = max(last.rfind("（"), last.rfind("("))
    inside = any(start <= opened <= end for start, end in _find_brackets(text))
    if opened < 0 or inside or len(last) - opened > clause.MAX_CLAUSE_LENGTH:
        return None
    if not SURE_CLAUSE.search(text, opened):
        return None
    judged = _validate(text, (opened, len(text)), (opened + 1, len(last)), places, reading)
    return judged._replace(error="open-bracket") if judged and judged.parsed else None


def _find_labelled(
    text: str, places: Collection[str], reading: LeadReason | None
) -> ClauseMatch | None:
    """Return the clause that a label begins behind the last sentence, without brackets."""
    for label in COLON_LABEL.finditer(text):
        before = label.start() - 1
        while before >= 0 and text[before] in SPACE_CHARS:
            before -= 1
        if before >= 0 and text[before] in SENTENCE_ENDS:
            last = len(text.rstrip("".join(TRAILING_CHARS)))
            return _validate(
                text, (label.start(), len(text)), (label.start(), last), places, reading
            )
    return None


def _validate(
    text: str,
    outer: tuple[int, int],
    inner: tuple[int, int],
    places: Collection[str],
    reading: LeadReason | None,
) -> ClauseMatch | None:
    """Return the clause that the words *inner* are, or None if they only look like one."""
    words = text[slice(*inner)]
    if len(words) > clause.MAX_CLAUSE_LENGTH or not (
        CLAUSE_HINT.search(words) or DEADLINE_OR_PERSON.match(words)
    ):
        return None
    certain = bool(SURE_CLAUSE.search(words))
    try:
        read = clause.parse_clause(words.replace("\v", "\n"), places, reading)
    except BadPlan as error:
        if certain and _has_agency(words):
            return ClauseMatch(*outer, *inner, None, error.hint)
        return None
    names = [name for group in read.duties for name in group.names]
    likely = [name for name in names if agency_lists.is_likely_agency(name)]
    if any(set("。！？!?") & set(name) for name in names):
        return None
    if certain:
        good = bool(likely) or not names
    elif any(note.rule == "bare-list" for note in read.notes):
        sure = sum(map(_is_sure_agency, names))
        good = (
            bool(names)
            and sure * 2 >= len(names)
            and len(likely) >= len(names) * clause.MIN_NAME_SHARE
        )
    else:
        good = len(likely) == len(names)
    return (
        ClauseMatch(*outer, *inner, read)
        if good and (names or DEADLINE_OR_PERSON.match(words) or certain)
        else None
    )


def _has_agency(words: str) -> bool:
    return any(
        agency_lists.is_likely_agency(piece.text.strip())
        for piece in agency_lists.split_names(words)
    )


def _is_sure_agency(name: str) -> bool:
    """Whether *name* is a body's even where no verb stands behind it."""
    own = agency_lists.OWN_PREFIX.match(name) and agency_lists.is_likely_agency(name)
    return bool(
        own or agency_lists.SURE_NAME.fullmatch(name) or agency_lists.COLLECTIVE_START.match(name)
    )


def _find_brackets(text: str) -> list[tuple[int, int]]:
    """Return where the outermost brackets of *text* open and close; those left open are none."""
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
