"""Rules of the file as a whole: its source, and its one form."""

from collections.abc import Iterator
from itertools import zip_longest

from plancli.checks import source_text
from plancli.checks.rule import CheckContext, CheckDiagnostic, rule
from plancli.errors import PlanError
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.yamlfile import mistakes


@rule("source-mismatch")
def check_source(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """The source is there, it is the file recorded, and it has every word; spaces are free."""
    name = subject.plan.source.file
    if not name:
        return
    try:
        data = source_text.read_source(subject.file, subject.plan.source)
        rows = source_text.compare_with_source(subject.file, subject.plan, data, name).rows
    except PlanError as error:
        yield CheckDiagnostic(name, str(error), error.hint, record=subject.plan.source)
        return
    for _file, _line, _rule, where, excerpt, what, remedy in rows:
        yield CheckDiagnostic(
            str(where) or name, str(what), str(remedy), str(excerpt), record=subject.plan.source
        )


@rule("text-cut-by-comment")
def check_comments(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """No “#” behind a space turns the rest of a text into a comment, which is not read."""
    for comment in mistakes.find_comments(_decode_file(subject)):
        what = _("# after a space begins a comment: “{words}” is not read")
        remedy = _("put the text in quotes; write a real comment on its own line")
        yield CheckDiagnostic(
            str(comment.line + 1),
            what.format(words=comment.text),
            remedy,
            comment.excerpt,
            line=comment.line + 1,
        )


@rule("not-canonical")
def check_canonical_form(subject: CheckContext) -> Iterator[CheckDiagnostic]:
    """The file is what plancli would write, byte for byte; line ends and marks are free."""
    text = _decode_file(subject)
    wanted = plan_io.encode_file(subject.plan, plan_io.read_header(text.encode())).decode()
    here_lines = text.splitlines()
    for comment in mistakes.find_comments(text):  # to write the line without it would lose words
        here_lines[comment.line] = here_lines[comment.line][: comment.start]
    for n, (here, there) in enumerate(
        zip_longest(here_lines, wanted.splitlines(), fillvalue=""), 1
    ):
        if here != there:
            what = _("line {n} should be: {line}").format(n=n, line=there.strip())
            remedy = _("write this line so, then check again")
            yield CheckDiagnostic(str(n), what, remedy, here.strip(), line=n)
            return


def _decode_file(subject: CheckContext) -> str:
    return subject.raw.decode("utf-8-sig").replace("\r\n", "\n")
