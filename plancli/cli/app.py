"""Define the Typer application: version, overview, and the one-screen help."""

from typing import Annotated, Any

import typer
import typer.core

from plancli import __version__
from plancli.cli.output import print_note
from plancli.database import cache
from plancli.i18n import _

EXAMPLES = (
    ("plancli agency 省能源局", "what an agency has to do, and with whom"),
    ("plancli region 皖北", "tasks about a region, and why"),
    ("plancli section 2.3", "the tasks of a section"),
    ("plancli keyword 科创 金融", "tasks that contain all keywords"),
    ("plancli task 41", "one task in full"),
    ("plancli export --csv -o tasks.csv", "all tasks, for Excel or WPS"),
)
HelpLines = dict[str, str]


class ProgramGroup(typer.core.TyperGroup):
    """The program, whose help is one screen."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help screen; ``plancli help commands`` lists all commands."""
        from plancli.text.layout import measure_width  # needed for this screen only

        formatter.write_usage("plancli", _("COMMAND [NAME]... [OPTIONS]"))
        formatter.write(f"  {self.help}\n")
        examples = {command: _(about) for command, about in EXAMPLES}
        for lines in (examples, list_purposes(), _list_common_options(), _list_further_help()):
            formatter.write("\n")
            width = max(map(measure_width, lines)) + 2
            for head, about in lines.items():
                formatter.write(f"  {head}{' ' * (width - measure_width(head))}{about}\n")


def list_purposes() -> HelpLines:
    """Return the purposes of commands: purpose -> command names."""
    return {
        _("query"): "agency  region  section  keyword  task  list  export  plan  plans",
        _("analyse"): "stats  matrix  network  map  targets  lint",
        _("track"): "pack  collect  progress",
        _("publish"): "report  serve  build  db",
        _("import"): "import  verify  check  diff",
    }


def _list_common_options() -> HelpLines:
    from plancli.cli.manual import TOPICS, load_topic  # needed for this screen only

    return {
        _("filter"): _("-a AGENCY  --lead  -r REGION  -s SECTION  -k WORD  --year 2022"),
        _("write"): _("-o tasks.xlsx, or docx, html, csv, json …; -f sets the format"),
        _("plans"): _("--plan FILE, folder, pattern or database; default: included plan"),
        _("topics"): " ".join(load_topic(each).word for each in TOPICS),
    }


def _list_further_help() -> HelpLines:
    return {
        _("plancli COMMAND --help"): _("description, options, example"),
        _("plancli help TOPIC"): _("the manual; “plancli help commands” lists all commands"),
        "plancli --version": _("also --install-completion, --show-completion"),
    }


HELP_OPTIONS = ["-h", "--help"]
app = typer.Typer(
    cls=ProgramGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_OPTIONS},
)


@app.callback(invoke_without_command=True)
def plancli(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Show who has to do what, and where, under official work plans."""
    if version:
        print(f"plancli {__version__}")
    elif ctx.invoked_subcommand is None:
        _show_overview()


def _show_overview() -> None:
    from plancli import query
    from plancli.output import terminal

    db = cache.open_plans((), print_note)
    with terminal.open_console() as out:
        for row in query.select_plans(db).rows:
            terminal.print_lines(
                out, _("《{title}》: {n} tasks").format(title=row[1], n=row[-1]), ""
            )
        for command, about in EXAMPLES:
            terminal.print_lines(out, f"  {command}", f"      {_(about)}")
        terminal.print_lines(
            out, "", _("“plancli --help” shows the commands, “plancli help” the manual.")
        )
