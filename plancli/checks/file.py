"""Rules of the file as a whole: its source, and its one form."""

from collections.abc import Iterator
from itertools import zip_longest

from plancli.checks import source_text
from plancli.checks.rule import Finding, Subject, rule
from plancli.errors import PlanError
from plancli.i18n import _
from plancli.plan import io as plan_io
from plancli.yamlfile import mistakes


@rule
def the_source_has_every_word(subject: Subject) -> Iterator[Finding]:
    """The source is there, it is the file recorded, and it has every word; spaces are free."""
    name = subject.plan.source.file
    if not name:
        return
    try:
        data = source_text.read_source(subject.file, subject.plan.source)
        rows = source_text.findings(subject.file, subject.plan, data, name).rows
    except PlanError as error:
        yield Finding(name, str(error), error.hint, about=subject.plan.source)
        return
    for _file, _line, _rule, where, excerpt, what, remedy in rows:
        yield Finding(
            str(where) or name, str(what), str(remedy), str(excerpt), about=subject.plan.source
        )


@rule
def no_comment_ends_a_text(subject: Subject) -> Iterator[Finding]:
    """No “#” behind a space turns the rest of a text into a comment, which is not read."""
    for comment in mistakes.find_comments(_text(subject)):
        what = _("# after a space begins a comment: “{words}” is not read")
        remedy = _("put the text in quotes; a real comment stands on a line of its own")
        yield Finding(
            str(comment.line + 1),
            what.format(words=comment.words),
            remedy,
            comment.excerpt,
            line=comment.line + 1,
        )


@rule
def the_file_is_in_its_one_form(subject: Subject) -> Iterator[Finding]:
    """The file is what plancli would write, byte for byte; line ends and marks are free."""
    text = _text(subject)
    wanted = plan_io.dumps(subject.plan, plan_io.header(text.encode())).decode()
    here_lines = text.splitlines()
    for comment in mistakes.find_comments(text):  # to write the line without it would lose words
        here_lines[comment.line] = here_lines[comment.line][: comment.start]
    for n, (here, there) in enumerate(
        zip_longest(here_lines, wanted.splitlines(), fillvalue=""), 1
    ):
        if here != there:
            what = _("line {n} would be written: {line}").format(n=n, line=there.strip())
            remedy = _("write it so; the rest of the file follows from it")
            yield Finding(str(n), what, remedy, here.strip(), line=n)
            return


def _text(subject: Subject) -> str:
    return subject.raw.decode("utf-8-sig").replace("\r\n", "\n")
