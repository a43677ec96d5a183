"""Where the clauses of a paragraph stand: in brackets, behind a label, on a line of their own."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.plan import agency_lists, clause
from plancli.plan.clause import Clause
from plancli.plan.model import Reading

OPENING = frozenset(agency_lists.BRACKETS)
CLOSING = frozenset(agency_lists.BRACKETS.values())
STOPS = frozenset("。；;！？!?.")
LOOSE = frozenset(" \u3000。；;，,、.")
SPACES = frozenset(" \u3000\t\v")
HINT = re.compile(
    "负责|落实|配合|参与|参加|单位|部门|分工|各|公司|集团|中心|实施|推进"
    "|[厅局委办部署院会行社联关站司府处室所队校馆台组团协头镇乡市县区]"
)
CERTAIN = re.compile("牵头|会同|职责|分工负责|责任单位|责任部门|配合单位")
BEHIND = (
    "(?:总?牵头|(?:主要|主体|第一|直接|共同)?责任|配合|协同|协办|参与|参加|落实|实施)(?:责任)?(?:单位|部门|主体|科室)"
    "|(?:部门|责任|任务|职责)分工"
)
ANNOUNCED = re.compile(f"(?:{BEHIND})[ \u3000]*[:：]")
HEADED = re.compile(f"(?:{BEHIND})(?:[ \u3000]*[:：]|[ \u3000]+(?=\\S))")
ASIDE = re.compile(
    "(?:(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期)"
    "|(?:自治区|[省市县区州旗])?(?:分管|牵头|责任|包抓|包保|督办|联系)(?:自治区|[省市县区州旗])?领导|责任人)(?:[:：]|[ \u3000]+(?=\\S))"
)


class Found(NamedTuple):
    """A clause in a text: with its brackets or label's end, and without; and what it says."""

    start: int
    end: int
    first: int  # of the words inside
    last: int
    read: Clause | None  # None where it is one, but cannot be read
    error: str = ""


def clauses(text: str, places: Collection[str], reading: Reading | None = None) -> Iterator[Found]:
    """Yield the clauses in *text*, a paragraph, from left to right."""
    found = list(_bracketed(text, places, reading))
    if (labelled := _labelled(text, places, reading)) and not any(
        each.end > labelled.start for each in found
    ):
        found.append(labelled)
    yield from found


def whole(text: str, places: Collection[str], reading: Reading | None = None) -> Found | None:
    """Return the clause that *text*, a line, is from its beginning to its end, if it is one."""
    first = next((n for n, char in enumerate(text) if char not in SPACES), len(text))
    last = len(text.rstrip(" \u3000\t\v。；;，,."))
    if first >= last:
        return None
    if text[first] in OPENING:
        pairs = [pair for pair in _pairs(text) if pair[0] == first]
        if pairs and pairs[0][1] == last - 1:
            return _judged(text, (first, len(text)), (first + 1, last - 1), places, reading)
        if not pairs and text[last - 1] not in CLOSING and CERTAIN.search(text):
            found = _judged(text, (first, len(text)), (first + 1, last), places, reading)
            return found and found._replace(error="open-bracket")
        return None
    if HEADED.match(text, first) or ASIDE.match(text, first):
        return _judged(text, (first, len(text)), (first, last), places, reading)
    return None


def _bracketed(text: str, places: Collection[str], reading: Reading | None) -> Iterator[Found]:
    found: list[Found] = []
    ends_at = len(text)  # where what follows an ending begins
    for start, end in reversed(_pairs(text)):
        after = end + 1
        while after < len(text) and text[after] in SPACES:
            after += 1
        before = start - 1
        while before >= 0 and text[before] in SPACES:
            before -= 1
        ends = after >= len(text) or text[after] in STOPS or after == ends_at
        begins = before < 0 or text[before] in STOPS
        if ends or begins or ANNOUNCED.match(text, start + 1):
            judged = _judged(text, (start, end + 1), (start + 1, end), places, reading)
            if judged and (judged.read is None or judged.read.duties):
                ends_at = start
                found.append(judged)
    if not found and (left_open := _left_open(text, places, reading)):
        found.append(left_open)
    yield from reversed(found)


def _left_open(text: str, places: Collection[str], reading: Reading | None) -> Found | None:
    """Return the clause at the end of *text* whose bracket is not closed."""
    last = text.rstrip("".join(SPACES | STOPS))
    opened = max(last.rfind("（"), last.rfind("("))
    inside = any(start <= opened <= end for start, end in _pairs(text))
    if opened < 0 or inside or len(last) - opened > clause.LONGEST:
        return None
    if not CERTAIN.search(text, opened):
        return None
    judged = _judged(text, (opened, len(text)), (opened + 1, len(last)), places, reading)
    return judged._replace(error="open-bracket") if judged and judged.read else None


def _labelled(text: str, places: Collection[str], reading: Reading | None) -> Found | None:
    """Return the clause that a label begins behind the last sentence, without brackets."""
    for label in ANNOUNCED.finditer(text):
        before = label.start() - 1
        while before >= 0 and text[before] in SPACES:
            before -= 1
        if before >= 0 and text[before] in STOPS:
            last = len(text.rstrip("".join(LOOSE)))
            return _judged(text, (label.start(), len(text)), (label.start(), last), places, reading)
    return None


def _judged(
    text: str,
    outer: tuple[int, int],
    inner: tuple[int, int],
    places: Collection[str],
    reading: Reading | None,
) -> Found | None:
    """Return the clause that the words *inner* are, or None if they only look like one."""
    words = text[slice(*inner)]
    if len(words) > clause.LONGEST or not (HINT.search(words) or ASIDE.match(words)):
        return None
    certain = bool(CERTAIN.search(words))
    try:
        read = clause.read(words.replace("\v", "\n"), places, reading)
    except BadPlan as error:
        if certain and _some_body(words):
            return Found(*outer, *inner, None, error.hint)
        return None
    names = [name for group in read.duties for name in group.names]
    likely = [name for name in names if agency_lists.looks_like(name)]
    if any(set("。！？!?") & set(name) for name in names):
        return None
    if certain:
        good = bool(likely) or not names
    elif any(note.rule == "bare-list" for note in read.notes):
        sure = sum(map(_surely, names))
        good = bool(names) and sure * 2 >= len(names) and len(likely) >= len(names) * clause.MOST
    else:
        good = len(likely) == len(names)
    return (
        Found(*outer, *inner, read) if good and (names or ASIDE.match(words) or certain) else None
    )


def _some_body(words: str) -> bool:
    return any(agency_lists.looks_like(piece.text.strip()) for piece in agency_lists.pieces(words))


def _surely(name: str) -> bool:
    """Whether *name* is a body's even where no verb stands behind it."""
    own = agency_lists.OWN_HEAD.match(name) and agency_lists.looks_like(name)
    return bool(own or agency_lists.WHOLE.fullmatch(name) or agency_lists.PHRASE_AHEAD.match(name))


def _pairs(text: str) -> list[tuple[int, int]]:
    """Return where the outermost brackets of *text* open and close; those left open are none."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in OPENING:
            opened.append(at)
        elif char in CLOSING and opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, at))
    return pairs
