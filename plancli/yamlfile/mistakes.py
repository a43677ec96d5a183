"""Explain YAML syntax errors in the user's language, at the position where the mistake begins.

The parser detects a mistake late: an unclosed quote at the end of the file, a full-width colon on
the next line.  The cause is found from its marks, the tokens before them and the lines; its
messages are not used, because they differ between versions.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from plancli.i18n import _
from plancli.text.escapes import escape_unprintable
from plancli.text.layout import measure_width, underline
from plancli.text.normalize import get_invisible_pattern

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LINE_BREAK = re.compile("\r\n|[\r\n]")
FORBIDDEN_CHARACTER = re.compile(  # forbidden in YAML, or a line break in YAML but not in editors
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|(?:^|(?<=[\r\n]))\ufeff"
)
# A key (an ASCII word in plans), followed by something other than a colon and a space.
KEY_PATTERN = r"[\s－-]*['\"“”‘’]?[A-Za-z_]\w*['\"“”‘’]?"
WIDE_COLON = re.compile(rf"{KEY_PATTERN}\s*([：﹕︰])")
NO_SPACE_AFTER_COLON = re.compile(rf"{KEY_PATTERN}(:)(?!//)(?=[^\s:])")
ODD_SPACES = "\xa0\u2000-\u200a\u202f\u205f\u3000"
ODD_SPACE_AFTER_COLON = re.compile(rf"{KEY_PATTERN}:([{ODD_SPACES}]+)")
NO_SPACE_AFTER_DASH = re.compile(r"\s*(-)['\"]?[A-Za-z_]\w*['\"]?[:：]")
TAB_INDENT = re.compile(r"[ -]*(\t)")
WIDE_SPACE_INDENT = re.compile(f"[ -]*([{ODD_SPACES}]+)")
WIDE_BRACE = re.compile(rf"(?:[\s-]*|.*?:\s+)([｛［]){KEY_PATTERN}:")
MERGE_MARKER = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)")  # of an unresolved git merge
WIDE_DASH = re.compile(r"\s*(－)")
QUOTED_TEXT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
HALF_WIDTH_MARKS = dict(
    zip("：，、；［］【】｛｝－＃＊＆＠％‘’＇“”＂", ":,,,[][]{}-#*&@%'''\"\"\"", strict=True)
)
YAML_INDICATORS = "@`%*&!|>?-,]}#"  # an unquoted text cannot begin with one
MAX_DEPTH = 20  # levels; a plan has ten
MAX_LINE_DEPTH = 100  # levels in one line; the parser accepts a thousand
CELLS_BEFORE, CELLS_AFTER = 30, 40  # cells of a line shown before and after the start of a mistake
COMMENT_PATTERN = re.compile(r"\s+#\s*(.*?)\s*$")


class YamlComment(NamedTuple):
    """A comment after an unquoted text."""

    line: int  # from 0, as the column
    start: int  # column of the space before it
    text: str
    excerpt: str


class YamlMistake(NamedTuple):
    """A mistake in a YAML text: position, message, hint."""

    line: int  # from 0, as the columns
    start: int
    end: int
    message: str
    hint: str


def format_excerpt(line: str, start: int, end: int) -> str:
    """Return *line* with *start* to *end* underlined; a long line is cut around them."""
    first = start - len(_get_fitting_prefix(line[:start][::-1], CELLS_BEFORE))
    last = start + len(_get_fitting_prefix(line[start:], CELLS_AFTER))
    before = ("…" if first else "") + escape_unprintable(line[first:start])
    marked = escape_unprintable(line[start : min(end, last)])
    after = escape_unprintable(line[min(end, last) : last]) + ("…" if last < len(line) else "")
    return underline(f"{before}{marked}{after}", len(before), len(before) + len(marked))


def _get_fitting_prefix(text: str, cells: int) -> str:
    """Return the longest beginning of *text* that fits into *cells*."""
    used = 0
    for n, char in enumerate(text):
        used += measure_width(char)
        if used > cells:
            return text[:n]
    return text


def format_encoding_error(raw: bytes) -> tuple[str, str]:
    """Return the message and the hint for *raw*, which is not UTF-8."""
    name = "UTF-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw else "GBK"
    if name == "GBK":
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError:
            return _("not UTF-8 text"), _(
                "save the file as UTF-8; if it is damaged, restore it from a copy"
            )
    hint = _("save it as UTF-8: in Notepad “Save as”, with the encoding UTF-8")
    return _("the file is {name} text, not UTF-8").format(name=name), hint


def find_forbidden_character(text: str) -> YamlMistake | None:
    """Return the first character of *text* that YAML forbids or editors do not show."""
    if not (match := FORBIDDEN_CHARACTER.search(text)):
        return None
    *before, line = LINE_BREAK.split(text[: match.start()])
    message = _("control character {name} in the file").format(name=f"U+{ord(match[0]):04X}")
    hint = _format_delete_hint()
    if match[0] == "\0":
        hint = _("restore the file from a copy, or save it as UTF-8")
    elif match[0] == "\ufeff":
        message = _("a byte order mark (U+FEFF) in the middle of the file")
        hint = _("delete it; if two plans were joined here, give each a file of its own")
    return YamlMistake(len(before), len(line), len(line) + 1, message, hint)


def find_invisible_mark(words: str) -> str:
    """Return the hint about the first invisible character in *words*, or ''."""
    if not (match := get_invisible_pattern().search(words)):
        return ""
    hint = _("it contains the invisible character U+{code:04X}: delete it")
    return hint.format(code=ord(match[0][0]))


def _format_invisible_message(marks: str) -> str:
    return _("invisible character U+{code:04X} before the key").format(code=ord(marks[0]))


def _format_delete_hint() -> str:
    return _("delete it; if you cannot see it, type the line again")


def find_mistake(text: str, error: yaml.YAMLError) -> YamlMistake:
    """Return the mistake in *text* because of which the parser raised *error*."""
    if mistake := find_forbidden_character(text):
        return mistake
    return _MistakeFinder(text, error).find()


LineFault = tuple[int, int, str, str]  # start and end in a line, message, hint


def check_line(
    line: str, first: int = 0, marks: str = "".join(HALF_WIDTH_MARKS)
) -> LineFault | None:
    """Return why *line*, from column *first*, is not a key with its value, or a list item.

    *marks* are the full-width marks that it must not begin with.
    """
    if not line[:first].strip() and (fault := check_item(line)):
        return fault
    if fault := check_key(line, first):
        return fault
    start = len(line) - len(line[first:].lstrip())
    if line[start : start + 1] in [*marks]:
        return start, start + 1, *format_wide_mark_error(line[start])
    return None


def check_indent(line: str) -> LineFault | None:
    """Return the first character in the indentation of *line* that is not a space."""
    hint = _("indent with half-width spaces only")
    if match := TAB_INDENT.match(line):
        return *match.span(1), _("a tab in the indentation"), hint
    invisible = get_invisible_pattern().search(line)
    if invisible and not line[: invisible.start()].strip(" -"):
        return *invisible.span(), _format_invisible_message(invisible[0]), _format_delete_hint()
    if match := WIDE_SPACE_INDENT.match(line):
        return *match.span(1), _("a full-width or unusual space in the indentation"), hint
    return None


def check_item(line: str) -> LineFault | None:
    """Return why *line* is not a list item, or not indented, although it looks so."""
    if dash := NO_SPACE_AFTER_DASH.match(line):
        return *dash.span(1), _("no space after the dash"), _("write “- ” and then the key")
    if dash := WIDE_DASH.match(line):
        return *dash.span(1), *format_wide_mark_error(dash[1])
    return check_indent(line)


def check_key(line: str, first: int = 0) -> LineFault | None:
    """Return what *line*, from column *first*, has after its key instead of a colon and a space."""
    hint = _("write a half-width colon and a space, as in “year: 2022”")
    if match := WIDE_COLON.match(line, first):
        return *match.span(1), _("the colon {mark} is full-width").format(mark=match[1]), hint
    if match := ODD_SPACE_AFTER_COLON.match(line, first):
        return *match.span(1), _("the space after the colon is full-width or unusual"), hint
    if match := NO_SPACE_AFTER_COLON.match(line, first):
        return *match.span(1), _("no space after the colon"), hint
    return None


def format_depth_error() -> tuple[str, str]:
    """Return the message and the hint for a text that is nested too deeply."""
    return _("nested too deeply"), _("put a text that begins with [ in quotes")


def format_wide_mark_error(mark: str) -> tuple[str, str]:
    """Return the message and the hint for a full-width *mark* where YAML has a half-width one."""
    hint = _("write the half-width {mark}; if it is part of a text, put the text in quotes")
    return _("the mark {mark} is full-width").format(mark=mark), hint.format(
        mark=HALF_WIDTH_MARKS[mark]
    )


class _MistakeFinder:
    """Finds the mistake around the marks of a parser error."""

    def __init__(self, text: str, error: yaml.YAMLError) -> None:
        self._lines = LINE_BREAK.split(text)
        at = getattr(error, "problem_mark", None)
        begin = getattr(error, "context_mark", None)
        at = at or begin
        self._error_position = (at.line, at.column) if at else (0, 0)
        self._context_position = (begin.line, begin.column) if begin else None
        self._is_scanner_error = isinstance(error, yaml.scanner.ScannerError)
        self._open_brackets: list[Any] = []
        self._last_quote: Any = None  # the last quoted text
        self._end_token: Any = None  # the end of the document
        self._last_token: Any = None  # the last token that begins before the error
        self._last_complete_token: Any = None  # the last token that ends before the error
        for token in _iter_tokens(text):
            if _get_start(token) >= self._error_position:
                break
            self._process_token(token)

    def find(self) -> YamlMistake:
        """Return the first mistake that one of the checks finds."""
        checks = (
            self._check_merge_conflict,
            self._check_depth,
            self._check_indent,
            self._check_quote,
            self._check_escape,
            self._check_value,
            self._check_key,
            self._check_bracket,
            self._check_after_quote,
            self._check_document_end,
            self._check_colon,
            self._check_position,
        )
        return next(filter(None, (check() for check in checks)), None) or self._make_mistake(
            self._error_position,
            _("this is not valid YAML from here on"),
            _("look for a missing or extra quote, bracket, colon or space, here or above"),
        )

    def _process_token(self, token: Any) -> None:
        self._last_token = token
        if _get_end(token) <= self._error_position:
            self._last_complete_token = token
        if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
            self._last_quote = token
        elif isinstance(token, yaml.DocumentEndToken):
            self._end_token = self._end_token or token
        elif isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            self._open_brackets.append(token)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            del self._open_brackets[-1:]

    def _get_line(self, number: int) -> str:
        return self._lines[number] if 0 <= number < len(self._lines) else ""

    def _get_char(self, place: tuple[int, int]) -> str:
        return self._get_line(place[0])[place[1] : place[1] + 1]

    def _make_mistake(
        self, place: tuple[int, int], message: str, hint: str, length: int = 1
    ) -> YamlMistake:
        line, start = place
        while line and not self._get_line(line).strip():  # at the end of the file
            line -= 1
            start = len(self._get_line(line))
        return YamlMistake(line, start, start + length, message, hint)

    def _check_merge_conflict(self) -> YamlMistake | None:
        """Find the marks of an unresolved git merge."""
        for number, line in enumerate(self._lines[: self._error_position[0] + 1]):
            if found := MERGE_MARKER.match(line):
                message = _("unresolved git merge: both versions are here")
                hint = _(
                    "keep one of the two, and delete the lines that begin <<<<<<<, =======, >>>>>>>"
                )
                return YamlMistake(number, 0, found.end(), message, hint)
        return None

    def _check_depth(self) -> YamlMistake | None:
        """Find more levels in one line than the parser accepts; the decoder counts the others."""
        before = self._get_line(self._error_position[0])[: self._error_position[1]]
        opened = sum(map(before.count, "[{")) - sum(map(before.count, "]}"))
        if max(opened, len(before) - len(before.lstrip("- "))) <= MAX_LINE_DEPTH:
            return None
        return self._make_mistake(self._error_position, *format_depth_error())

    def _check_indent(self) -> YamlMistake | None:
        number = self._error_position[0]
        fault = check_indent(self._get_line(number))
        if fault and fault[0] <= self._error_position[1]:
            return YamlMistake(number, *fault)
        return None

    def _check_quote(self) -> YamlMistake | None:
        """Find a quote that is not closed, or closed by the quote of another value."""
        place = None
        if self._context_position and self._get_char(self._context_position) in ("'", '"'):
            number, column = self._context_position
            closed = QUOTED_TEXT.match(self._get_line(number), column)
            if not closed and (
                self._error_position[0] >= len(self._lines) - 1 or self._error_position[0] == number
            ):
                place = self._context_position if not self._is_escape() else None
        last = self._last_quote
        if (
            not place
            and last
            and _get_start(last)[0] < _get_end(last)[0] == self._error_position[0]
        ):
            place = _get_start(last)
        if not place:
            return None
        mark, line = self._get_char(place), self._get_line(place[0])
        hint = _("close it at the end of the value with another {mark}").format(mark=mark)
        if any(wide in line[place[1] :] for wide in "‘’＇“”＂"):
            hint = _("close it with a half-width {mark}, not with a full-width quote")
            hint = hint.format(mark=mark)
        return self._make_mistake(
            place, _("the quote {mark} is not closed").format(mark=mark), hint
        )

    def _is_escape(self) -> bool:
        line, column = self._error_position
        return "\\" in self._get_line(line)[max(0, column - 2) : column + 1]

    def _check_escape(self) -> YamlMistake | None:
        if not (
            self._context_position
            and self._get_char(self._context_position) == '"'
            and self._is_escape()
        ):
            return None
        number, column = self._error_position
        start = self._get_line(number).rfind("\\", 0, column + 1)
        hint = _("put the value in single quotes '…', where \\ is an ordinary character")
        message = _("the character \\ means something else within double quotes")
        return self._make_mistake((number, start), message, hint, 2)

    def _check_value(self) -> YamlMistake | None:
        """Find an unquoted value that begins with a YAML indicator."""
        for place in (self._context_position, self._error_position):
            if (
                not place
                or place[0] != self._error_position[0]
                or self._get_char(place) not in [*YAML_INDICATORS]
            ):
                continue
            before = self._get_line(place[0])[: place[1]]
            if re.search(r"(?:[:,?-]\s+|[\[{]\s*|^\s*)$", before) and (
                self._get_char(place) not in "-?,]}#" or re.search(r":\s+$", before)
            ):
                message = _("a value cannot begin with {mark} unless it is quoted")
                hint = _("put the value in quotes: '{mark}…'").format(mark=self._get_char(place))
                return self._make_mistake(place, message.format(mark=self._get_char(place)), hint)
        return None

    def _check_key(self) -> YamlMistake | None:
        """Find a key with a full-width colon or none, here or where the value before begins."""
        for number in self._iter_suspect_lines():
            if found := check_line(self._get_line(number), marks="＃"):
                return YamlMistake(number, *found)
        return None

    def _iter_suspect_lines(self) -> Iterator[int]:
        """Yield the lines in which the parser may have gone wrong."""
        number, column = self._error_position
        first = self._context_position[0] if self._context_position else number
        if self._last_token:
            last = _get_start(self._last_token)[0]
            first = min(first, last) if self._is_scanner_error else last
        if self._context_position:  # start of a mapping or a list
            yield self._context_position[0]
        yield from range(first, number)
        line = self._get_line(number)
        if column >= len(line) - len(line.lstrip()):
            yield number

    def _check_bracket(self) -> YamlMistake | None:
        mark = self._get_char(self._error_position)
        if not self._open_brackets:
            if mark in ("]", "}"):
                message = _("the bracket {mark} has no opening bracket").format(mark=mark)
                hint = _("delete it, or put the value in quotes")
                return self._make_mistake(self._error_position, message, hint)
            return None
        first, last = _get_start(self._open_brackets[0]), _get_start(self._open_brackets[-1])
        if found := self._check_comma(last):
            return found
        place = first if first[0] < self._error_position[0] else last
        mark = self._get_char(place)
        closing = {"[": "]", "{": "}"}.get(mark, "]")
        wide = re.compile("[，、；］】｝]").search(self._get_line(place[0]), place[1])
        if wide:
            return YamlMistake(place[0], *wide.span(), *format_wide_mark_error(wide[0]))
        hint = _("close it with {mark}; separate names with a half-width comma: [a, b]")
        message = _("the bracket {mark} is not closed").format(mark=mark)
        return self._make_mistake(place, message, hint.format(mark=closing))

    def _check_comma(self, opened: tuple[int, int]) -> YamlMistake | None:
        """Find an extra comma, or a missing one within brackets *opened* in this line."""
        number, column = self._error_position
        line, mark = self._get_line(number), self._get_char(self._error_position)
        before = line[:column].rstrip()
        if mark == "," and before[-1:] in ("", ",", "[", "{"):
            message = _("nothing before this comma")
            return self._make_mistake(
                self._error_position, message, _("delete the comma, or write what is missing")
            )
        if not mark or mark in ",]}" or opened[0] != number:
            return None
        start = column
        if mark == ":":  # after a second key
            word = re.search(r"\s(\S+)$", before[opened[1] :])
            if not word:
                return None
            start = opened[1] + word.start(1)
        if any(wide in line[opened[1] : start] for wide in "，、；"):
            return None
        message = _("a comma is missing before this")
        hint = _("write a half-width comma and a space: [a, b]; put a text with a colon in quotes")
        return self._make_mistake((number, start), message, hint)

    def _check_after_quote(self) -> YamlMistake | None:
        """Find text after a value that a quote or a bracket within it has ended."""
        ends = (yaml.ScalarToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
        last = self._last_complete_token
        if not isinstance(last, ends) or _get_end(last)[0] != self._error_position[0]:
            return None
        quote = getattr(last, "style", None)
        if isinstance(last, yaml.ScalarToken) and quote not in ("'", '"'):
            return None
        char = self._get_char(self._error_position)
        if char in HALF_WIDTH_MARKS:
            return self._make_mistake(self._error_position, *format_wide_mark_error(char))
        message = _("the value ends before this")
        hint = _("put the whole value in quotes: '…'")
        if quote:
            hint = _("a quote is missing here or before; within single quotes, write two: ''")
            if quote == '"':
                hint = _('a quote is missing here or before; within double quotes, write \\"')
        return self._make_mistake(self._error_position, message, hint)

    def _check_document_end(self) -> YamlMistake | None:
        if not self._end_token:
            return None
        message = _("the line “...” ends the plan, but more follows")
        return self._make_mistake(_get_start(self._end_token), message, _("delete the line"), 3)

    def _check_colon(self) -> YamlMistake | None:
        """Find a second colon in a line, after the one that ended the key."""
        number, column = self._error_position
        line = self._get_line(number)
        if self._get_char(self._error_position) != ":":
            return None
        if wide := WIDE_BRACE.match(line[: column + 1]):
            return YamlMistake(number, *wide.span(1), *format_wide_mark_error(wide[1]))
        if re.search(r":\s+\S", line[:column]):
            message = _("a colon and a space within a value")
            hint = _("put the whole value in quotes: '…'")
            return self._make_mistake(self._error_position, message, hint)
        if not line[:column].strip(" -"):
            message = _("no key before the colon")
            return self._make_mistake(
                self._error_position, message, _("write the key, as in “year: 2022”")
            )
        return None

    def _check_position(self) -> YamlMistake | None:
        """Find a line that does not continue the one above it."""
        number, column = self._error_position
        line = self._get_line(number)
        start = len(line) - len(line.lstrip(" "))
        # Words without a colon.
        if self._context_position and self._is_scanner_error and self._context_position[0] < number:
            message = _("a line without a colon after the key")
            hint = _("write “key: value”; a text of several lines is indented below its key")
            words = self._get_line(self._context_position[0])
            return self._make_mistake(
                self._context_position, message, hint, len(words) - self._context_position[1]
            )
        for before in range(number - 1, -1, -1):  # a line without indentation closes all levels
            if found := check_item(self._get_line(before)):
                return YamlMistake(before, *found)
        if line.strip() and (column <= start or self._get_char(self._error_position) == ":"):
            message = _("this line is not indented like the others at its level")
            hint = _("align it with the first letter of the key, or with the “-”, above")
            return self._make_mistake((number, 0), message, hint, max(1, start))
        return None


def _iter_tokens(text: str) -> Iterator[Any]:
    """Yield the tokens of *text* up to the parser error."""
    try:
        yield from yaml.scan(text.encode(), YAML_LOADER)
    except yaml.YAMLError:
        return


def find_comments(text: str) -> Iterator[YamlComment]:
    """Yield each comment of *text* that ends an unquoted text."""
    if " #" not in text and "\t#" not in text:  # most plans have none, and scanning is slow
        return
    lines = text.splitlines()
    for token in _iter_tokens(text):
        if isinstance(token, yaml.ScalarToken) and token.plain:
            number, column = _get_end(token)
            line = lines[number] if number < len(lines) else ""
            if comment := COMMENT_PATTERN.match(line, column):
                excerpt = format_excerpt(line, comment.start(1), comment.end(1))
                yield YamlComment(number, column, comment[1], excerpt)


def _get_start(token: Any) -> tuple[int, int]:
    return token.start_mark.line, token.start_mark.column


def _get_end(token: Any) -> tuple[int, int]:
    return token.end_mark.line, token.end_mark.column
