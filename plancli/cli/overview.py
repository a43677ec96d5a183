"""What plancli says of itself in one screen: examples, commands by purpose, where to read on."""

from typing import Any

import typer.core

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
    from plancli.manual import TOPICS, topic  # read where it is shown

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
