"""Read plain text: its lines, the tables of tabs in it, and what is Markdown after all."""

import csv
import io
import re
from collections.abc import Iterator

from plancli.importing.parsing.table_columns import AGENCY_COLUMNS, classify_column
from plancli.importing.readers import drawn_tables, limits, page
from plancli.importing.readers.page import CellGrid, SourceNote, SourceText
from plancli.plan import agency_lists

PIPE_TABLE = re.compile(r"^[ \t]*+(?:\|[ \t]*+)?:?-{3,}+:?[ \t]*+\|", re.MULTILINE)
HEADING_MARK = re.compile(r"^[ \t\u3000]*+#{1,6}[ \t\u3000]++[^\s#]", re.MULTILINE)
# A line, or the beginning of one, in bold type: **一、重点任务**
BOLD_LINE = re.compile(r"^[ \t\u3000]*+(?:[-*+][ \t]++)?\*\*[^\s*][^*\n]{0,200}\*\*", re.MULTILINE)
BULLET = re.compile(r"^[ \t\u3000]*+[-*+][ \t\u3000]++(?![-\d\s])", re.MULTILINE)
MIN_BULLETS = 2
DRAWN_BORDER = re.compile("[├┌┏╔][─━═]")
LINE_END = re.compile(r"\r\n?|\n")
# A row of a table whose columns are divided by blanks: 1 疏浚河道 县水利局
SPACED_ROW = re.compile(r"^[ \u3000]*+(\d{1,3})[ \u3000]++\S++[ \u3000]++\S", re.MULTILINE)
MAX_SPACED_ROW = 300  # characters
MIN_SPACED_COLUMNS = 3
MIN_SPACED_ROWS = 2  # of a table without headings
MIN_COLUMNS = 2
MAX_CELL_LINES = 50  # of a cell in quotes
MAX_HEADING_LENGTH = 20  # characters of the heading of a column


def read_text(text: str) -> SourceText:
    """Return the source text of plain *text*."""
    text = page.drop_invisible(text)  # one before a mark would hide it
    if is_markdown(text):
        from plancli.importing.readers import markdown

        return markdown.read_markdown(text)
    if "\t" in text or DRAWN_BORDER.search(text) or SPACED_ROW.search(text):
        lines = LINE_END.split(text)
        read = page.from_blocks(_iter_blocks(lines))
        if words := _find_unread_drawing(lines) or _find_unread_rows(lines):
            at = max(0, read.text.find(words))
            read.notes.append(SourceNote("table-as-text", at, words))
        return read
    return page.from_text(text)


def is_markdown(text: str) -> bool:
    """Return whether *text* has the marks of Markdown, as text copied from a chat does."""
    return bool(
        PIPE_TABLE.search(text)
        or HEADING_MARK.search(text)
        or BOLD_LINE.search(text)
        or len(BULLET.findall(text)) >= MIN_BULLETS
    )


def _iter_blocks(lines: list[str]) -> Iterator[str | CellGrid]:
    """Yield the lines, and as tables the lines with tabs from a row of headings on."""
    at = 0
    while at < len(lines):
        end = drawn_tables.find_end(lines, at)
        if drawn := drawn_tables.read_table(lines[at:end]) if end > at else None:
            yield drawn
            at = end
            continue
        end = _find_spaced_end(lines, at)
        if spaced := _read_spaced_table(lines[at:end]):
            yield spaced
            at = end
            continue
        last, rows = _read_table(lines, at) if _is_table_start(lines, at) else (at, [])
        if len(rows) > 1:
            yield CellGrid(rows)
            at = last
        else:
            yield lines[at]
            at += 1


def _find_spaced_end(lines: list[str], at: int) -> int:
    """Return the index behind a table that begins at *at*, with columns divided by blanks.

    Its rows have numbers that follow one another, and end with agencies; it may have a row of
    headings.  Return *at* if there is none.
    """
    has_headings = _is_spaced_heading(lines[at])
    start = end = at + has_headings
    number = None
    while end < len(lines) and len(lines[end]) <= MAX_SPACED_ROW:
        row = SPACED_ROW.match(lines[end])
        if not row or (number is not None and int(row[1]) != number + 1):
            break
        if not has_headings and not _is_agency_list(lines[end].split()[-1]):
            break
        number = int(row[1])
        end += 1
    return end if end - start >= (1 if has_headings else MIN_SPACED_ROWS) else at


def _is_spaced_heading(line: str) -> bool:
    """Return whether *line* is headings divided by blanks, of a number and of agencies."""
    cells = line.split() if len(line) <= MAX_SPACED_ROW else []
    if len(cells) < MIN_SPACED_COLUMNS or max(map(len, cells)) > MAX_HEADING_LENGTH:
        return False
    kinds = [classify_column(cell) for cell in cells]
    return kinds[0] == "no" and not AGENCY_COLUMNS.isdisjoint(kinds)


def _is_agency_list(words: str) -> bool:
    names = [each.text.strip() for each in agency_lists.split_names(words)]
    return bool(names) and all(
        agency_lists.is_likely_agency(name) and agency_lists.SURE_NAME.fullmatch(name)
        for name in names
    )


def _read_spaced_table(lines: list[str]) -> CellGrid | None:
    """Return the table in *lines* if it has headings, and each row as many cells as they are."""
    rows = [line.split() for line in lines]
    if (
        not rows
        or not _is_spaced_heading(lines[0])
        or any(len(row) != len(rows[0]) for row in rows)
    ):
        return None
    return CellGrid([[(cell, 1, 1) for cell in row] for row in rows])


def _find_unread_rows(lines: list[str]) -> str:
    """Return the first row of a table with blanks that is not read as one, or ''."""
    at = 0
    while at < len(lines):
        end = _find_spaced_end(lines, at)
        if end > at and _read_spaced_table(lines[at:end]) is None:
            return lines[at].strip()
        at = max(end, at + 1)
    return ""


def _find_unread_drawing(lines: list[str]) -> str:
    """Return the first line with words of a drawn table that is not read as one, or ''."""
    at = 0
    while at < len(lines):
        end = drawn_tables.find_end(lines, at)
        if end > at and drawn_tables.read_table(lines[at:end]) is None:
            return next((line.strip() for line in lines[at:end] if re.search("\\w", line)), "")
        at = max(end, at + 1)
    return ""


def _is_table_start(lines: list[str], at: int) -> bool:
    """Return whether a table begins at *at*: with headings, known or above as many cells."""
    if _is_heading_row(lines[at]):
        return True
    cells = [cell.strip() for cell in lines[at].split("\t")]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return (
        len(cells) > MIN_COLUMNS
        and all(0 < len(cell) <= MAX_HEADING_LENGTH for cell in cells)
        and following.count("\t") == len(cells) - 1
    )


def _is_heading_row(line: str) -> bool:
    """Return whether the cells of *line* are headings: short, and one is of a known column."""
    cells = [cell.strip().strip('"') for cell in line.split("\t")]
    if len(cells) < MIN_COLUMNS or max(map(len, cells)) > MAX_HEADING_LENGTH:
        return False
    kinds = [classify_column("".join(cell.split())) for cell in cells]
    return not AGENCY_COLUMNS.isdisjoint(kinds) or sum(map(bool, kinds)) >= MIN_COLUMNS


def _read_table(lines: list[str], start: int) -> tuple[int, list[list[tuple[str, int, int]]]]:
    """Return the index after a table that begins at *start*, and its rows.

    A line without a tab between its rows is a heading across the table.
    """
    rows: list[list[tuple[str, int, int]]] = []
    width = lines[start].count("\t") + 1
    at = start
    while at < len(lines):
        if "\t" in lines[at]:
            at, cells = _read_row(lines, at)
            rows.append([(cell, 1, 1) for cell in cells])
            limits.check_line_count(len(rows) * width)
            continue
        following = next((n for n in range(at, min(at + 3, len(lines))) if "\t" in lines[n]), 0)
        if not following or _is_heading_row(lines[following]):
            break
        rows += [[(line.strip(), 1, width)] for line in lines[at:following] if line.strip()]
        at = following
    return at, rows


def _read_row(lines: list[str], at: int) -> tuple[int, list[str]]:
    """Return the index after a row, and its cells; a cell in quotes may have several lines."""
    if '\t"' not in lines[at] and not lines[at].startswith('"'):
        return at + 1, lines[at].split("\t")
    quotes = 0
    for end, line in enumerate(lines[at : at + MAX_CELL_LINES], at + 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            row = "\n".join(lines[at:end])
            return end, next(csv.reader(io.StringIO(row, newline=""), delimiter="\t"))
    return at + 1, lines[at].split("\t")
