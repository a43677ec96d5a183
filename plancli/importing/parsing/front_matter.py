"""Split off the text around the tasks: title, preamble, covering letter, site text, closing lines."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from plancli.importing.parsing import (
    clause_finder,
    closing,
    document_title,
    heading_clause,
    outline,
)
from plancli.importing.parsing.document_title import (
    ANNEX_LABEL,
    COVERING_LETTER,
    DATE_LINE,
    DOCUMENT_METADATA,
)
from plancli.importing.parsing.outline import OutlineSegment
from plancli.importing.readers.page import ITEM_LEVEL, SourceTable

CONTENTS_TITLE = re.compile("目\\s*[录次]")
ANNEX_HEAD = re.compile(
    "附\\s*[件表录]\\s*(?:\\d{1,2}|[一二三四五六七八九十]{1,2})?\\s*(?:[：:、. \u3000]\\s*(?P<title>[^：:。；]{4,60}))?[：:]?"
)
MAX_ANNEX_TITLE = 3  # the index of the segment behind its label and its title
MAX_ANNEXES = 20  # segments from the annex label to the end of the tasks
PARAGRAPH_ENDS = "。：:；;！!）)”」】〕]》"

Found: TypeAlias = Sequence[OutlineSegment | SourceTable]


class Annex(NamedTuple):
    """An annex with tasks: the segments of its title, its body, and the text behind it."""

    title: tuple[OutlineSegment, ...]
    body: tuple[OutlineSegment | SourceTable, ...]
    texts: tuple[OutlineSegment, ...] = ()


class FrontMatter(NamedTuple):
    """The segments around the tasks, by kind, and the tasks."""

    title: tuple[OutlineSegment, ...]
    preamble: tuple[OutlineSegment, ...]
    metadata: tuple[tuple[OutlineSegment, str], ...]  # other segments, with their span kinds
    tables: tuple[SourceTable, ...]  # before the tasks: document information of a site
    annex: tuple[OutlineSegment, ...]
    body: tuple[OutlineSegment | SourceTable, ...]  # the tasks
    annexes: tuple[Annex, ...] = ()


def split_front_matter(found: Found, is_plan: Callable[[SourceTable], bool]) -> FrontMatter:
    """Split *found*, the segments of a document, into the tasks and the text around them.

    *is_plan* returns whether a table contains tasks.
    """
    found, contents = _remove_contents(_split_running_heads(found))
    begin = _find_tasks_start(found, is_plan)
    start, end = document_title.find_issued_plan(found)
    if end > begin and not any(_has_tasks(found[n : n + 1], is_plan) for n in range(begin, start)):
        begin = end + _find_tasks_start(found[end:], is_plan)  # the notice has numbered paragraphs
    before = [each for each in found[:begin] if isinstance(each, OutlineSegment)]
    issued = [each for each in found[start:end] if isinstance(each, OutlineSegment)]
    title = tuple(issued) if end <= begin and issued else document_title.find_title(before)
    about: list[tuple[OutlineSegment, str]] = [(each, "contents") for each in contents]
    quoted = document_title.find_quoted_plan(before) if not title else None
    if len(title) == 1 and (span := document_title.split_notice_title(title[0])):
        quoted = (title[0], *span)
    if quoted:
        notice, first, last = quoted
        name = notice._replace(begin=first, start=first, end=last)
        before[before.index(notice)] = name
        about += [
            (notice._replace(end=first), "about"),
            (notice._replace(begin=last, start=last), "about"),
        ]
        title = (name,)
    preamble: list[OutlineSegment] = []
    last = max((before.index(each) for each in title), default=-1)
    for n, each in enumerate(before):
        if each in title:
            continue
        kind = _classify_leading(each, n > last and bool(title))
        if kind == "preamble":
            preamble.append(each)
        else:
            about.append((each, kind))
    tables = tuple(each for each in found[:begin] if isinstance(each, SourceTable))
    heads = _find_annex_heads(found, begin)
    main = found[: heads[0]] if heads else found
    end = _find_closing_start(main, _find_annex_start(main, begin, _find_tasks_end(main, begin)))
    annex, other = _split_annex(main[end:])
    about += other
    annexes: list[Annex] = []
    for head, following in pairwise((*heads, len(found))):
        part, texts, other = _read_annex(found[head:following], is_plan)
        annexes += part
        if annexes:
            annexes[-1] = annexes[-1]._replace(texts=(*annexes[-1].texts, *texts))
        else:
            annex += texts
        about += other
    if annexes and _is_letter(before) and not _has_tasks(main[begin:end], is_plan):
        # The plan is the first annex of a letter, whose paragraphs may be numbered.
        about += [(each, "letter") for each in main[begin:end] if isinstance(each, OutlineSegment)]
        tables += tuple(each for each in main[begin:end] if isinstance(each, SourceTable))
        main, begin, end = [], 0, 0
        if not title:
            plan = annexes.pop(0)
            title, annex = plan.title, [*annex, *plan.texts]
            main, end = list(plan.body), len(plan.body)
    return FrontMatter(
        title,
        tuple(preamble),
        tuple(about),
        tables,
        tuple(annex),
        tuple(main[begin:end]),
        tuple(annexes),
    )


def _is_letter(before: Sequence[OutlineSegment]) -> bool:
    """Return whether the lines at the head say that the plan is sent to those who read them."""
    return any(
        document_title.SENT_PLAN.search(each.text)
        or (len(each.text) < 200 and COVERING_LETTER.fullmatch(each.text.strip()))
        for each in before
    )


def _read_annex(
    found: Found, is_plan: Callable[[SourceTable], bool]
) -> tuple[list[Annex], list[OutlineSegment], list[tuple[OutlineSegment, str]]]:
    """Return the annex *found* if it has tasks, else its text; and the lines around it."""
    if not _has_tasks(found[1:], is_plan):
        return [], *_split_annex(found)
    head = found[0]
    assert isinstance(head, OutlineSegment)
    label, own = _split_annex_head(head)
    titles: list[OutlineSegment] = [own] if own else []
    at = 1
    while not titles or (at < MAX_ANNEX_TITLE and not own):
        each = found[at]
        if isinstance(each, SourceTable) or each.number or not _is_short_line(each.text):
            break
        titles.append(each)
        at += 1
    end = at + _find_tasks_end(found[at:], 0)
    texts, other = _split_annex(found[end:])
    labels = [(label, "about")] if label and titles else []
    annex = Annex(tuple(titles or [head]), tuple(found[at:end]))
    return [annex], texts, [*labels, *other]


def _split_annex_head(
    head: OutlineSegment,
) -> tuple[OutlineSegment | None, OutlineSegment | None]:
    """Return the label 附件1 and the title of an annex, which may be on one line."""
    match = ANNEX_HEAD.fullmatch(head.text.strip())
    if not match or not match["title"]:
        return head, None
    at = head.start + len(head.text) - len(head.text.lstrip()) + match.start("title")
    return head._replace(end=at), head._replace(begin=at, start=at)


def _is_short_line(text: str) -> bool:
    text = text.strip()
    return len(text) <= 60 and text[-1:] not in "。；：:;"


def _has_tasks(found: Found, is_plan: Callable[[SourceTable], bool]) -> bool:
    """Return whether a clause or a table of tasks is in *found*."""
    return any(
        is_plan(each)
        if isinstance(each, SourceTable)
        else _has_clause(each.text)
        or (each.number and heading_clause.find_clause(each.text.strip()))
        for each in found
    )


def _has_clause(text: str) -> bool:
    return bool(clause_finder.match_clause_line(text, ())) or _has_inline_clause(text)


def _has_inline_clause(text: str) -> bool:
    return not closing.is_contact_line(text) and any(
        match.parsed and match.parsed.duties for match in clause_finder.iter_clauses(text, ())
    )


def _find_annex_heads(found: Found, begin: int) -> list[int]:
    """Return the indexes of the lines behind the tasks that begin an annex, not a list of them."""
    heads: list[int] = []
    for n in range(begin + 1, len(found)):
        each = found[n]
        if isinstance(each, SourceTable) or each.number:
            continue
        match = ANNEX_HEAD.fullmatch(each.text.strip())
        following = found[n + 1] if n + 1 < len(found) else None
        if not match or following is None:
            continue
        is_listed = isinstance(following, OutlineSegment) and (
            ANNEX_LABEL.match(following.text.strip())
            or (following.number and not match["title"] and not _has_clause(following.text))
        )
        if not is_listed and not (match["title"] and _is_list_of_annexes(found, n)):
            heads.append(n)
    return heads


def _is_list_of_annexes(found: Found, at: int) -> bool:
    """Return whether only short lines stand behind the annex label at *at*, up to the next one."""
    for each in found[at + 1 : at + 6]:
        if isinstance(each, SourceTable):
            return False
        text = each.text.strip()
        if ANNEX_LABEL.match(text) or closing.SITE_FURNITURE.search(text):
            return True
        if text[-1:] in PARAGRAPH_ENDS and not _is_closing_line(text):
            return False
    return True


def _split_annex(
    tail: Found,
) -> tuple[list[OutlineSegment], list[tuple[OutlineSegment, str]]]:
    """Split the segments after the tasks into annex and closing lines, with their span kinds."""
    annex: list[OutlineSegment] = []
    closing_lines: list[tuple[OutlineSegment, str]] = []
    is_site_text = False
    for each in tail:
        if isinstance(each, SourceTable):
            continue
        text = each.text.strip()
        is_site_text = is_site_text or (
            bool(closing.SITE_FURNITURE.search(text)) and not ANNEX_LABEL.match(text)
        )
        if is_site_text:
            closing_lines.append((each, "after"))
        elif _is_closing_line(text):
            closing_lines.append((each, "about"))
        else:
            annex.append(each)
    return annex, closing_lines


def _is_closing_line(text: str) -> bool:
    """Return whether *text* is a signature, a date, or a note on the publication."""
    return bool(
        closing.SIGNATURE.fullmatch(text)
        or DATE_LINE.fullmatch(text)
        or closing.CLOSING_LINE.match(text)
        or closing.is_contact_line(text)
    )


def _split_running_heads(found: Found) -> list[OutlineSegment | SourceTable]:
    """Split a title from the text around it on the same line, before the first number."""
    out: list[OutlineSegment | SourceTable] = []
    for n, each in enumerate(found):
        if isinstance(each, SourceTable):
            out.append(each)
            continue
        if each.number:
            return [*out, *found[n:]]
        title = document_title.find_running_title(each.text)
        if title is None:
            out.append(each)
            continue
        start, end = each.start + title[0], each.start + title[1]
        if each.span.text[each.start : start].strip():
            out.append(each._replace(end=start))
        out.append(each._replace(begin=start, start=start, end=end))
        gap = len(each.span.text[end:]) - len(each.span.text[end:].lstrip())
        rest = outline.split_paragraph(each.span, end + gap)
        others = [
            one for one in found[n:] if isinstance(one, SourceTable) or one.span is not each.span
        ]
        return [*out, *rest, *others]
    return out


def _find_tasks_start(found: Found, is_plan: Callable[[SourceTable], bool]) -> int:
    """Return the index of the first number, table of tasks, or task with a clause."""
    begin = len(found)
    for n, each in enumerate(found):
        if isinstance(each, SourceTable):
            if is_plan(each):
                begin = n
                break
        elif (each.number and not DATE_LINE.match(each.span.text)) or _has_inline_clause(each.text):
            begin = n
            break
    return _find_items_start(found[: _find_labelled_start(found[:begin])])


def _find_items_start(before: Found) -> int:
    """Return the index of the first bullet with bullets below it behind the title, or the length."""
    for n, each in enumerate(before):
        if isinstance(each, OutlineSegment) and each.span.level > ITEM_LEVEL:
            rest = (one.text for one in before[n:] if isinstance(one, OutlineSegment))
            return len(before) if any(map(document_title.is_title, rest)) else n
    return len(before)


def _find_labelled_start(before: Found) -> int:
    """Return the index of the first task whose clause is on its own line, or the length."""
    lines = [each.text.strip() if isinstance(each, OutlineSegment) else "" for each in before]
    for n, line in enumerate(lines):
        if not clause_finder.match_clause_line(line, ()):
            continue
        above = lines[n - 1] if n else ""
        titles = [m for m, text in enumerate(lines) if document_title.is_title(text)]
        if titles and titles[-1] > n:
            continue  # about the document: the office that publishes it
        is_text = above and not (
            (n - 1 in titles and titles[0] == n - 1)
            or DOCUMENT_METADATA.match(above)
            or COVERING_LETTER.fullmatch(above)
            or document_title.is_navigation(above)
            or _is_closing_line(above)
        )
        return n - 1 if is_text else n
    return len(before)


def _find_tasks_end(found: Found, begin: int) -> int:
    """Return the index after the last number, table, clause, or paragraph that is not a closing."""
    last = max(
        (n + 1 for n, each in enumerate(found) if isinstance(each, SourceTable) or each.number),
        default=begin,
    )
    end = max(last, begin)
    for n in range(end, len(found)):
        each = found[n]
        assert isinstance(each, OutlineSegment)
        text = each.text.strip()
        if (
            ANNEX_LABEL.match(text)
            or closing.SITE_FURNITURE.search(text)
            or closing.is_contact_line(text)
        ):
            break
        if _has_clause(text):
            end = n + 1
    for n in range(end, len(found)):
        each = found[n]
        assert isinstance(each, OutlineSegment)
        if _is_after_tasks(each.text.strip(), found[n - 1] if n else None):
            break
        end = n + 1
    return end


def _is_after_tasks(text: str, before: OutlineSegment | SourceTable | None) -> bool:
    """Return whether *text*, a paragraph without a number after *before*, is not part of a task."""
    if _is_closing_line(text) or ANNEX_LABEL.match(text) or closing.SITE_FURNITURE.search(text):
        return True
    is_continuation = (
        isinstance(before, OutlineSegment) and before.text.strip()[-1:] not in PARAGRAPH_ENDS
    )
    return text[-1:] not in PARAGRAPH_ENDS and not is_continuation


def _find_annex_start(found: Found, begin: int, end: int) -> int:
    """Return the index of a list of annexes at the end of the tasks (附件：1.… 2.…), else *end*."""
    for n in range(end - 1, max(begin, end - MAX_ANNEXES), -1):
        each = found[n]
        if isinstance(each, SourceTable):
            break
        if not each.number and ANNEX_LABEL.match(each.text.strip()):
            rest = [one.text.strip() for one in found[n:end] if isinstance(one, OutlineSegment)]
            short = all(len(text) <= 50 and text[-1:] not in "。；" for text in rest)
            return n if short and not any(map(_has_clause, rest)) else end
    return end


def _find_closing_start(found: Found, end: int) -> int:
    """Return the index of the signature and the date that may stand before *end*."""
    while end and isinstance(each := found[end - 1], OutlineSegment) and not each.number:
        text = each.text.strip()
        if not (DATE_LINE.fullmatch(text) or (end < len(found) and _is_closing_line(text))):
            break
        end -= 1
    return end


def _classify_leading(segment: OutlineSegment, behind_title: bool) -> str:
    """Return the span kind of a segment before the tasks."""
    text = segment.text.strip()
    if DOCUMENT_METADATA.match(text) or DATE_LINE.fullmatch(text):
        return "about"
    if segment.number or (len(text) < 200 and COVERING_LETTER.fullmatch(text)):
        return "letter"
    if not behind_title:
        return "letter" if text[-1:] in "。：:" and len(text) > 20 else "before"
    return "preamble" if text[-1:] in PARAGRAPH_ENDS else "before"


def _remove_contents(
    found: Found,
) -> tuple[list[OutlineSegment | SourceTable], list[OutlineSegment]]:
    """Remove a table of contents: the lines after 目录 that occur again later."""
    at = next(
        (
            n
            for n, each in enumerate(found)
            if isinstance(each, OutlineSegment) and CONTENTS_TITLE.fullmatch(each.text.strip())
        ),
        None,
    )
    if at is None:
        return list(found), []
    lines = [
        _strip_page_number(e.span.text) if isinstance(e, OutlineSegment) else "" for e in found
    ]
    last = {line: n for n, line in enumerate(lines)}
    end = at + 1
    while end < len(found) and lines[end] and last[lines[end]] > end:
        end += 1
    return [*found[:at], *found[end:]], [
        each for each in found[at:end] if isinstance(each, OutlineSegment)
    ]


def _strip_page_number(line: str) -> str:
    """Return a line of a table of contents without its dots and page number."""
    end = len(line)
    while end and (line[end - 1] in ".…·" or line[end - 1].isspace() or line[end - 1].isdecimal()):
        end -= 1
    return line[:end]
