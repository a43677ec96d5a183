"""Check rules for the whole file: its source and its canonical form."""

from collections.abc import Iterator
from itertools import zip_longest

from plancli.checks import source_text
from plancli.checks.rule import CheckContext, CheckDiagnostic, rule
from plancli.errors import PlanError
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.yamlfile import mistakes


@rule("source-mismatch")
def check_source(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """The source exists, is the recorded file, and contains every word; spaces are ignored."""
    name = context.plan.source.file
    if not name:
        return
    try:
        data = source_text.read_source(context.file, context.plan.source)
        rows = source_text.compare_with_source(context.file, context.plan, data, name).rows
    except PlanError as error:
        yield CheckDiagnostic(name, str(error), error.hint, record=context.plan.source)
        return
    for _file, _line, _rule, where, excerpt, what, remedy in rows:
        yield CheckDiagnostic(
            str(where) or name, str(what), str(remedy), str(excerpt), record=context.plan.source
        )


@rule("text-cut-by-comment")
def check_comments(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """No “#” after a space turns the rest of a text into a comment."""
    for comment in mistakes.find_comments(_decode_file(context)):
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
def check_canonical_form(context: CheckContext) -> Iterator[CheckDiagnostic]:
    """The file is byte for byte what plancli would write; line ends and the BOM are ignored."""
    text = _decode_file(context)
    wanted = plan_io.encode_file(context.plan, plan_io.read_header(text.encode())).decode()
    here_lines = text.splitlines()
    for comment in mistakes.find_comments(text):  # reported by check_comments
        here_lines[comment.line] = here_lines[comment.line][: comment.start]
    for n, (here, there) in enumerate(
        zip_longest(here_lines, wanted.splitlines(), fillvalue=""), 1
    ):
        if here != there:
            what = _("line {n} should be: {line}").format(n=n, line=there.strip())
            remedy = _("write this line so, then check again")
            yield CheckDiagnostic(str(n), what, remedy, here.strip(), line=n)
            return


def _decode_file(context: CheckContext) -> str:
    return context.raw.decode("utf-8-sig").replace("\r\n", "\n")
