"""Why a text is no YAML: in the user's language, at the place where the mistake begins.

The parser notices a mistake late: an unclosed quote at the end of the file, a full-width colon in
the next line.  Its marks, the tokens before them and the lines themselves say where to look; its
words, which differ between versions, are not used.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from plancli.i18n import _
from plancli.text.escapes import printable
from plancli.text.layout import caret, width
from plancli.text.normalize import invisible

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BREAK = re.compile("\r\n|[\r\n]")
FORBIDDEN = re.compile(  # in YAML, or a line break there and in no editor
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|(?:^|(?<=[\r\n]))\ufeff"
)
# A key, which in plans is an ASCII word, and what stands behind it instead of a colon and a space.
KEY = r"[\s－-]*['\"“”‘’]?[A-Za-z_]\w*['\"“”‘’]?"
WIDE_COLON = re.compile(rf"{KEY}\s*([：﹕︰])")
NO_SPACE = re.compile(rf"{KEY}(:)(?!//)(?=[^\s:])")
ODD_SPACES = "\xa0\u2000-\u200a\u202f\u205f\u3000"
ODD_SPACE_BEHIND = re.compile(rf"{KEY}:([{ODD_SPACES}]+)")
NO_SPACE_BEHIND_DASH = re.compile(r"\s*(-)['\"]?[A-Za-z_]\w*['\"]?[:：]")
TAB = re.compile(r"[ -]*(\t)")
WIDE_SPACE = re.compile(f"[ -]*([{ODD_SPACES}]+)")
WIDE_BRACE = re.compile(rf"(?:[\s-]*|.*?:\s+)([｛［]){KEY}:")
MERGE = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)")  # what git writes around both versions
WIDE_DASH = re.compile(r"\s*(－)")
QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
WIDE = dict(
    zip("：，、；［］【】｛｝－＃＊＆＠％‘’＇“”＂", ":,,,[][]{}-#*&@%'''\"\"\"", strict=True)
)
INDICATORS = "@`%*&!|>?-,]}#"  # no text can begin with one unless it stands in quotes
DEEPEST = 20  # levels; a plan has ten
PARSED = 100  # levels in one line; the parser takes a thousand
LEFT, RIGHT = 30, 40  # cells of a line that are shown before a mistake and behind its beginning


COMMENT = re.compile(r"\s+#\s*(.*?)\s*$")


class Comment(NamedTuple):
    """What is not read behind a text without quotes."""

    line: int  # from 0, as the column
    start: int  # where the space before it begins
    words: str
    excerpt: str


class Mistake(NamedTuple):
    """What is wrong in a text, where, and what to do."""

    line: int  # from 0, as the columns
    start: int
    end: int
    message: str
    hint: str


def excerpt(line: str, start: int, end: int) -> str:
    """Return *line* with carets below *start* to *end*; of a long one, what is around them."""
    first = start - len(_fitting(line[:start][::-1], LEFT))
    last = start + len(_fitting(line[start:], RIGHT))
    before = ("…" if first else "") + printable(line[first:start])
    marked = printable(line[start : min(end, last)])
    after = printable(line[min(end, last) : last]) + ("…" if last < len(line) else "")
    return caret(f"{before}{marked}{after}", len(before), len(before) + len(marked))


def _fitting(text: str, cells: int) -> str:
    """Return as much of the beginning of *text* as *cells* hold."""
    used = 0
    for n, char in enumerate(text):
        used += width(char)
        if used > cells:
            return text[:n]
    return text


def wrong_encoding(raw: bytes) -> tuple[str, str]:
    """Return what is to be said of *raw*, which is not UTF-8, and what to do."""
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


def forbidden_character(text: str) -> Mistake | None:
    """Return the first character of *text* that YAML allows nowhere, or no editor shows."""
    if not (found := FORBIDDEN.search(text)):
        return None
    *before, line = BREAK.split(text[: found.start()])
    message = _("control character {name} in the file").format(name=f"U+{ord(found[0]):04X}")
    hint = _delete_unseen()
    if found[0] == "\0":
        hint = _("restore the file from a copy, or save it as UTF-8")
    elif found[0] == "\ufeff":
        message = _("a byte order mark (U+FEFF) in the middle of the file")
        hint = _("delete it; if two plans were joined here, give each a file of its own")
    return Mistake(len(before), len(line), len(line) + 1, message, hint)


def unseen_mark(words: str) -> str:
    """Return what to do about the first mark in *words* that cannot be seen, or ''."""
    if not (found := invisible().search(words)):
        return ""
    hint = _("it holds U+{code:04X}, a mark that cannot be seen: delete it")
    return hint.format(code=ord(found[0][0]))


def _mark_unseen(marks: str) -> str:
    return _("U+{code:04X}, a mark that cannot be seen, before the key").format(code=ord(marks[0]))


def _delete_unseen() -> str:
    return _("delete it; where it cannot be seen, type the line again")


def find_mistake(text: str, error: yaml.YAMLError) -> Mistake:
    """Return why *text* is no YAML, where the parser stopped with *error*."""
    if mistake := forbidden_character(text):
        return mistake
    return _Finder(text, error).find()


Broken = tuple[int, int, str, str]  # from where to where in a line, what is wrong, what to do


def broken_line(line: str, first: int = 0, marks: str = "".join(WIDE)) -> Broken | None:
    """Return what keeps *line*, read from *first*, from being a key with its value, or a list.

    *marks* are the full-width ones that it may not begin with.
    """
    if not line[:first].strip() and (found := broken_item(line)):
        return found
    if found := broken_key(line, first):
        return found
    start = len(line) - len(line[first:].lstrip())
    if line[start : start + 1] in [*marks]:
        return start, start + 1, *wide_mark(line[start])
    return None


def broken_indent(line: str) -> Broken | None:
    """Return what *line* is indented by where that is not spaces."""
    hint = _("indent with half-width spaces only")
    if found := TAB.match(line):
        return *found.span(1), _("a tab in the indentation"), hint
    unseen = invisible().search(line)
    if unseen and not line[: unseen.start()].strip(" -"):
        return *unseen.span(), _mark_unseen(unseen[0]), _delete_unseen()
    if found := WIDE_SPACE.match(line):
        return *found.span(1), _("a full-width or unusual space in the indentation"), hint
    return None


def broken_item(line: str) -> Broken | None:
    """Return what keeps *line* from being indented, or an item of a list, as it looks to be."""
    if dash := NO_SPACE_BEHIND_DASH.match(line):
        return *dash.span(1), _("no space behind the dash"), _("write “- ” and then the key")
    if dash := WIDE_DASH.match(line):
        return *dash.span(1), *wide_mark(dash[1])
    return broken_indent(line)


def broken_key(line: str, first: int = 0) -> Broken | None:
    """Return what stands in *line*, read from *first*, instead of a colon behind its key."""
    hint = _("write a half-width colon and a space, as in “year: 2022”")
    if found := WIDE_COLON.match(line, first):
        return *found.span(1), _("the colon {mark} is full-width").format(mark=found[1]), hint
    if found := ODD_SPACE_BEHIND.match(line, first):
        return *found.span(1), _("the space behind the colon is full-width or unusual"), hint
    if found := NO_SPACE.match(line, first):
        return *found.span(1), _("no space behind the colon"), hint
    return None


def too_deep() -> tuple[str, str]:
    """Return what is to be said of what nests deeper than any plan, and what to do."""
    return _("nested too deeply"), _("put a text that begins with [ in quotes")


def wide_mark(mark: str) -> tuple[str, str]:
    """Return what is to be said of *mark*, a full-width one where YAML has a half-width."""
    hint = _("write the half-width {mark}; if it is part of a text, put the text in quotes")
    return _("the mark {mark} is full-width").format(mark=mark), hint.format(mark=WIDE[mark])


class _Finder:
    """Looks for a mistake around the marks of an error."""

    def __init__(self, text: str, error: yaml.YAMLError) -> None:
        self._lines = BREAK.split(text)
        at = getattr(error, "problem_mark", None)
        begin = getattr(error, "context_mark", None)
        at = at or begin
        self._at = (at.line, at.column) if at else (0, 0)
        self._begin = (begin.line, begin.column) if begin else None
        self._scanner = isinstance(error, yaml.scanner.ScannerError)
        self._opened: list[Any] = []  # brackets that are not closed
        self._quoted: Any = None  # the last text in quotes
        self._ended: Any = None  # the document's end
        self._last: Any = None  # the last token before the error, and the last that ended there
        self._whole: Any = None
        for token in _tokens(text):
            if _start(token) >= self._at:
                break
            self._take(token)

    def find(self) -> Mistake:
        """Return the mistake: the first that one of the looks finds."""
        looks = (
            self._merge,
            self._depth,
            self._indent,
            self._quote,
            self._escape,
            self._value,
            self._key,
            self._bracket,
            self._behind_quote,
            self._document,
            self._colon,
            self._position,
        )
        return next(filter(None, (look() for look in looks)), None) or self._mistake(
            self._at,
            _("this is not valid YAML from here on"),
            _("look for a quote, a bracket, a colon or a space too few or too many, here or above"),
        )

    def _take(self, token: Any) -> None:
        self._last = token
        if _end(token) <= self._at:
            self._whole = token
        if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
            self._quoted = token
        elif isinstance(token, yaml.DocumentEndToken):
            self._ended = self._ended or token
        elif isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            self._opened.append(token)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            del self._opened[-1:]

    def _line(self, number: int) -> str:
        return self._lines[number] if 0 <= number < len(self._lines) else ""

    def _char(self, place: tuple[int, int]) -> str:
        return self._line(place[0])[place[1] : place[1] + 1]

    def _mistake(self, place: tuple[int, int], message: str, hint: str, length: int = 1) -> Mistake:
        line, start = place
        while line and not self._line(line).strip():  # at the end of the file
            line -= 1
            start = len(self._line(line))
        return Mistake(line, start, start + length, message, hint)

    def _merge(self) -> Mistake | None:
        """What git leaves where two people changed the same lines."""
        for number, line in enumerate(self._lines[: self._at[0] + 1]):
            if found := MERGE.match(line):
                message = _("git left both versions here when it merged")
                hint = _(
                    "keep one of the two, and delete the lines that begin <<<<<<<, =======, >>>>>>>"
                )
                return Mistake(number, 0, found.end(), message, hint)
        return None

    def _depth(self) -> Mistake | None:
        """More levels in one line than the parser takes; those of many lines are counted before."""
        before = self._line(self._at[0])[: self._at[1]]
        opened = sum(map(before.count, "[{")) - sum(map(before.count, "]}"))
        if max(opened, len(before) - len(before.lstrip("- "))) <= PARSED:
            return None
        return self._mistake(self._at, *too_deep())

    def _indent(self) -> Mistake | None:
        number = self._at[0]
        found = broken_indent(self._line(number))
        return Mistake(number, *found) if found and found[0] <= self._at[1] else None

    def _quote(self) -> Mistake | None:
        """A quote that is not closed: to the end of the file, or closed by another's."""
        place = None
        if self._begin and self._char(self._begin) in ("'", '"'):
            number, column = self._begin
            closed = QUOTED.match(self._line(number), column)
            if not closed and (self._at[0] >= len(self._lines) - 1 or self._at[0] == number):
                place = self._begin if not self._is_escape() else None
        last = self._quoted
        if not place and last and _start(last)[0] < _end(last)[0] == self._at[0]:
            place = _start(last)
        if not place:
            return None
        mark, line = self._char(place), self._line(place[0])
        hint = _("close it at the end of the value with another {mark}").format(mark=mark)
        if any(wide in line[place[1] :] for wide in "‘’＇“”＂"):
            hint = _("close it with a half-width {mark}, not with a full-width quote")
            hint = hint.format(mark=mark)
        return self._mistake(place, _("the quote {mark} is not closed").format(mark=mark), hint)

    def _is_escape(self) -> bool:
        line, column = self._at
        return "\\" in self._line(line)[max(0, column - 2) : column + 1]

    def _escape(self) -> Mistake | None:
        if not (self._begin and self._char(self._begin) == '"' and self._is_escape()):
            return None
        number, column = self._at
        start = self._line(number).rfind("\\", 0, column + 1)
        hint = _("put the value in single quotes '…', where \\ is an ordinary character")
        message = _("the character \\ means something else within double quotes")
        return self._mistake((number, start), message, hint, 2)

    def _value(self) -> Mistake | None:
        """A value that begins with a character that means something in YAML."""
        for place in (self._begin, self._at):
            if not place or place[0] != self._at[0] or self._char(place) not in [*INDICATORS]:
                continue
            before = self._line(place[0])[: place[1]]
            if re.search(r"(?:[:,?-]\s+|[\[{]\s*|^\s*)$", before) and (
                self._char(place) not in "-?,]}#" or re.search(r":\s+$", before)
            ):
                message = _("a value cannot begin with {mark} unless it stands in quotes")
                hint = _("put the value in quotes: '{mark}…'").format(mark=self._char(place))
                return self._mistake(place, message.format(mark=self._char(place)), hint)
        return None

    def _key(self) -> Mistake | None:
        """A full-width colon, or none, behind a key: here, or where the text before begins."""
        for number in self._suspects():
            if found := broken_line(self._line(number), marks="＃"):
                return Mistake(number, *found)
        return None

    def _suspects(self) -> Iterator[int]:
        """Yield the lines of the text that the parser could not go on from."""
        number, column = self._at
        first = self._begin[0] if self._begin else number
        if self._last:
            last = _start(self._last)[0]
            first = min(first, last) if self._scanner else last
        if self._begin:  # of a mapping or a list
            yield self._begin[0]
        yield from range(first, number)
        line = self._line(number)
        if column >= len(line) - len(line.lstrip()):
            yield number

    def _bracket(self) -> Mistake | None:
        mark = self._char(self._at)
        if not self._opened:
            if mark in ("]", "}"):
                message = _("the bracket {mark} closes nothing").format(mark=mark)
                hint = _("delete it, or put the value in quotes")
                return self._mistake(self._at, message, hint)
            return None
        first, last = _start(self._opened[0]), _start(self._opened[-1])
        if found := self._comma(last):
            return found
        place = first if first[0] < self._at[0] else last
        mark = self._char(place)
        closing = {"[": "]", "{": "}"}.get(mark, "]")
        wide = re.compile("[，、；］】｝]").search(self._line(place[0]), place[1])
        if wide:
            return Mistake(place[0], *wide.span(), *wide_mark(wide[0]))
        hint = _("close it with {mark}; between names stands a half-width comma: [a, b]")
        message = _("the bracket {mark} is not closed").format(mark=mark)
        return self._mistake(place, message, hint.format(mark=closing))

    def _comma(self, opened: tuple[int, int]) -> Mistake | None:
        """A comma too many, or one too few within brackets that *opened* in this line."""
        number, column = self._at
        line, mark = self._line(number), self._char(self._at)
        before = line[:column].rstrip()
        if mark == "," and before[-1:] in ("", ",", "[", "{"):
            message = _("nothing stands before this comma")
            return self._mistake(self._at, message, _("delete the comma, or write what is missing"))
        if not mark or mark in ",]}" or opened[0] != number:
            return None
        start = column
        if mark == ":":  # behind a second key
            word = re.search(r"\s(\S+)$", before[opened[1] :])
            if not word:
                return None
            start = opened[1] + word.start(1)
        if any(wide in line[opened[1] : start] for wide in "，、；"):
            return None
        message = _("a comma is missing before this")
        hint = _("write a half-width comma and a space: [a, b]; put a text with a colon in quotes")
        return self._mistake((number, start), message, hint)

    def _behind_quote(self) -> Mistake | None:
        """Something behind a value that has ended: a quote or a bracket within it closed it."""
        ends = (yaml.ScalarToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
        last = self._whole
        if not isinstance(last, ends) or _end(last)[0] != self._at[0]:
            return None
        quote = getattr(last, "style", None)
        if isinstance(last, yaml.ScalarToken) and quote not in ("'", '"'):
            return None
        char = self._char(self._at)
        if char in WIDE:
            return self._mistake(self._at, *wide_mark(char))
        message = _("the value ends before this")
        hint = _("put the whole value in quotes: '…'")
        if quote:
            hint = _("a quote is missing here or before; within single quotes, write two: ''")
            if quote == '"':
                hint = _('a quote is missing here or before; within double quotes, write \\"')
        return self._mistake(self._at, message, hint)

    def _document(self) -> Mistake | None:
        if not self._ended:
            return None
        message = _("the line “...” ends the plan, and more follows")
        return self._mistake(_start(self._ended), message, _("delete the line"), 3)

    def _colon(self) -> Mistake | None:
        """A second colon in a line: the first one ended the key."""
        number, column = self._at
        line = self._line(number)
        if self._char(self._at) != ":":
            return None
        if wide := WIDE_BRACE.match(line[: column + 1]):
            return Mistake(number, *wide.span(1), *wide_mark(wide[1]))
        if re.search(r":\s+\S", line[:column]):
            message = _("a colon and a space within a value")
            hint = _("put the whole value in quotes: '…'")
            return self._mistake(self._at, message, hint)
        if not line[:column].strip(" -"):
            message = _("no key stands before the colon")
            return self._mistake(self._at, message, _("write the key, as in “year: 2022”"))
        return None

    def _position(self) -> Mistake | None:
        """A line that does not fit below the one above it."""
        number, column = self._at
        line = self._line(number)
        start = len(line) - len(line.lstrip(" "))
        if self._begin and self._scanner and self._begin[0] < number:  # words, and no colon
            message = _("a line without a colon behind a key")
            hint = _("write “key: value”; a text of several lines is indented below its key")
            words = self._line(self._begin[0])
            return self._mistake(self._begin, message, hint, len(words) - self._begin[1])
        for before in range(number - 1, -1, -1):  # what is indented by no spaces closes all above
            if found := broken_item(self._line(before)):
                return Mistake(before, *found)
        if line.strip() and (column <= start or self._char(self._at) == ":"):
            message = _("this line is not indented like the others at its level")
            hint = _("begin it below the first letter of the key, or the “-”, above it")
            return self._mistake((number, 0), message, hint, max(1, start))
        return None


def _tokens(text: str) -> Iterator[Any]:
    """Yield the tokens of *text* until the parser can go no further."""
    try:
        yield from yaml.scan(text.encode(), LOADER)
    except yaml.YAMLError:
        return


def find_comments(text: str) -> Iterator[Comment]:
    """Yield each comment of *text*, a plan as it is read, that ends a text without quotes."""
    if " #" not in text and "\t#" not in text:  # most plans have none, and tokens take a while
        return
    lines = text.splitlines()
    for token in _tokens(text):
        if isinstance(token, yaml.ScalarToken) and token.plain:
            number, column = _end(token)
            if found := COMMENT.match(lines[number], column) if number < len(lines) else None:
                shown = excerpt(lines[number], found.start(1), found.end(1))
                yield Comment(number, column, found[1], shown)


def _start(token: Any) -> tuple[int, int]:
    return token.start_mark.line, token.start_mark.column


def _end(token: Any) -> tuple[int, int]:
    return token.end_mark.line, token.end_mark.column
