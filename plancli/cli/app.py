"""The program itself: its name, its version, and what it says when asked nothing."""

from typing import Annotated, Any

import typer
import typer.core

from plancli import __version__
from plancli.cli.output import say
from plancli.database import cache
from plancli.i18n import _

EXAMPLES = (
    ("plancli agency 省能源局", "what a body has to do, and with whom"),
    ("plancli region 皖北", "what is to be done about a place, and why"),
    ("plancli section 2.3", "the tasks below a heading"),
    ("plancli keyword 科创 金融", "the tasks whose text holds every word"),
    ("plancli task 41", "one task in full"),
    ("plancli export --csv -o tasks.csv", "all of it, for Excel or WPS"),
)
Lines = dict[str, str]


class Program(typer.core.TyperGroup):
    """The program, whose own help is one screen."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the screen; ``plancli help commands`` has every command in a line."""
        from plancli.text.layout import width  # only where the screen is shown

        formatter.write_usage("plancli", _("COMMAND [NAME]... [OPTIONS]"))
        formatter.write(f"  {self.help}\n")
        examples = {command: _(said) for command, said in EXAMPLES}
        for lines in (examples, purposes(), _ways(), _further()):
            formatter.write("\n")
            beside = max(map(width, lines)) + 2
            for head, said in lines.items():
                formatter.write(f"  {head}{' ' * (beside - width(head))}{said}\n")


def purposes() -> Lines:
    """Return what commands are for: purpose -> their names."""
    return {
        _("ask"): "agency  region  section  keyword  task  list  export  plan  plans",
        _("count"): "stats  matrix  network  map  targets  lint",
        _("chase"): "pack  collect  progress",
        _("publish"): "report  serve  build  db",
        _("bring in"): "import  verify  check  diff",
    }


def _ways() -> Lines:
    from plancli.cli.manual import TOPICS, topic  # read where it is shown

    return {
        _("narrow"): _("-a BODY  --lead  -r PLACE  -s HEADING  -k WORD  --year 2022"),
        _("write"): _("-o tasks.xlsx, or docx, html, csv, json …; -f names a format"),
        _("plans"): _("--plan FILE, folder, pattern or database; else the one shipped"),
        _("topics"): " ".join(topic(each).word for each in TOPICS),
    }


def _further() -> Lines:
    return {
        _("plancli COMMAND --help"): _("what it answers, its options, an example"),
        _("plancli help TOPIC"): _("the manual; “plancli help commands”: each in a line"),
        "plancli --version": _("also --install-completion, --show-completion"),
    }


HELP = ["-h", "--help"]
app = typer.Typer(
    cls=Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP},
)


@app.callback(invoke_without_command=True)
def plancli(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Who has to do what, where, under an official plan."""
    if version:
        print(f"plancli {__version__}")
    elif ctx.invoked_subcommand is None:
        _overview()


def _overview() -> None:
    from plancli import query
    from plancli.output import terminal

    db = cache.open_plans((), say)
    with terminal.paper() as out:
        for row in query.plans(db).rows:
            terminal.lines(out, _("《{title}》: {n} tasks").format(title=row[1], n=row[-1]), "")
        for command, said in EXAMPLES:
            terminal.lines(out, f"  {command}", f"      {_(said)}")
        terminal.lines(
            out, "", _("“plancli --help” shows the commands, “plancli help” the manual.")
        )
