"""Convert Typer's errors to plancli's, in the user's language."""

import gettext
import os
from collections.abc import Iterable, Iterator
from typing import Any
from unicodedata import normalize

import typer

from plancli.cli.app import HELP_OPTIONS
from plancli.errors import BadUsage
from plancli.i18n import LOCALE_DIR, _, get_language
from plancli.system import files

DASHES = "－—–‒―−﹣﹘‐‑"  # typed instead of hyphens: full-width, or by a word processor


def translate_help(command: Any) -> Any:
    """Translate the help of *command* and its subcommands into the user's language."""
    chinese = get_language() == "zh"
    os.environ["LANGUAGE"] = "zh_CN" if chinese else "C"  # for Typer's own messages
    gettext.bindtextdomain("plancli", str(LOCALE_DIR))
    gettext.textdomain("plancli")
    for each in (command, *getattr(command, "commands", {}).values()) if chinese else ():
        each.help = _(each.help)
        if own := each.get_help_option(typer.Context(each, help_option_names=HELP_OPTIONS)):
            own.help = _(own.help)
        for param in each.params:
            if getattr(param, "help", None):
                param.help = _(param.help)
    return command


def check_command_name(command: Any, argv: list[str]) -> None:
    """Refuse an unknown command, and name the nearest."""
    if not argv or argv[0].startswith("-") or argv[0] in command.commands:
        return
    from difflib import get_close_matches

    hint = _("see “{command} --help”").format(command="plancli")
    if os.path.isfile(argv[0]):
        asked = "import" if files.is_document(argv[0]) else "list --plan"
        hint = _("did you mean {names}?").format(names=f"plancli {asked} {argv[0]}")
    elif near := get_close_matches(argv[0], command.commands, n=1, cutoff=0.6):
        hint = _("did you mean {names}?").format(names=near[0])
    elif not argv[0].isascii():
        hint = _("did you mean {names}?").format(names=f"plancli agency {argv[0]}")
    raise BadUsage(_("unknown command: {name}").format(name=argv[0]), hint=hint)


def reject_dashes(command: Any, argv: list[str]) -> None:
    """Refuse an option with wrong dashes: －－lead, —lead, –o.

    Input methods and word processors replace typed hyphens by these.
    """
    asked = command.commands.get(argv[0]) if argv else None
    params = asked.params if asked else command.params
    names = {name: param for param in params for name in param.opts}
    before = None
    for word in argv[1:] if asked else argv:
        if word == "--":
            return
        valued = before in names and not names[before].is_flag
        rest = word.lstrip("-" + DASHES)
        if not word.removesuffix(rest).isascii() and not valued:
            letters, equals, value = normalize("NFKC", rest).partition("=")
            meant = ("-" if len(letters) == 1 else "--") + letters
            if meant in names or meant in HELP_OPTIONS:
                raise BadUsage(
                    _("{typed} does not begin with a hyphen").format(typed=word),
                    hint=_("did you mean {names}?").format(names=meant + equals + value),
                )
        before = word


def reject_values(command: Any, argv: list[str]) -> None:
    """Refuse an empty file name, and 1_0, which Python reads as a number."""
    asked = command.commands.get(argv[0]) if argv else None
    if not asked:
        return
    names = {name: param for param in asked.params for name in param.opts if name[:1] == "-"}
    for param, value in _iter_option_values(names, argv[1:]):
        if param.type.name == "path" and not value:
            raise BadUsage(
                _("{name} needs a value").format(name=param.opts[0]),
                hint=_("see “{command} --help”").format(command=f"plancli {argv[0]}"),
            )
        if param.type.name.startswith("int") and "_" in value:
            raise BadUsage(
                _format_number_error(param),
                hint=_("see “{command} --help”").format(command=f"plancli {argv[0]}"),
            )


def _iter_option_values(names: dict[str, Any], words: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Yield each option of *words* that takes a value, with it: --limit 1, --limit=1, -n1."""
    rest = iter(words)
    for word in rest:
        if word == "--":
            return
        name, equals, value = word.partition("=")
        if not name.startswith("--") and word not in names:
            name, equals, value = word[:2], word[2:], word[2:]
        param = names.get(name)
        if param and not param.is_flag:
            yield param, value if equals else next(rest, "?")


def convert_error(error: Any, asked: str) -> BadUsage:
    """Convert a Typer *error*; *asked* is the command, if there is one."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    command = context.command_path if context else f"plancli {asked}".strip()
    message = error.format_message().rstrip(".")
    hint = _("see “{command} --help”").format(command=command)
    if kind == "NoSuchOption":
        message = _("unknown option: {name}").format(name=error.option_name)
        hint = _locate_option(error) or hint
    elif kind == "BadOptionUsage" and "requires" in message:
        message = _("{name} needs a value").format(name=error.option_name)
    elif kind == "MissingParameter":
        dashed = [name for name in error.param.opts if name.startswith("--")]
        name = dashed[0] if dashed else error.param.make_metavar(error.ctx)
        message = _("{name} is missing").format(name=name)
    elif "unexpected extra argument" in message:
        rest = message.rpartition("(")[2].rstrip(")")
        message = _("too many arguments: {rest}").format(rest=rest)
        if rest.endswith((".yaml", ".yml", ".db")):
            hint = _("to query this plan: {command} --plan {rest}").format(
                command=command, rest=rest
            )
    elif kind == "BadParameter" and error.param and error.param.type.name.startswith("int"):
        message = _format_number_error(error.param)
    return BadUsage(message, hint=hint)


def _locate_option(error: Any) -> str:
    """Return a hint where an unknown option belongs, or which is the nearest."""
    from difflib import get_close_matches

    name = error.option_name
    commands = getattr(error.ctx.command, "commands", {}).values()
    if any(name in param.opts for each in commands for param in each.params):
        return _("options follow the command: plancli list {name}").format(name=name)
    known = {each.strip("-"): each for each in error.possibilities or ()}
    near = get_close_matches(name.strip("-"), known, n=1, cutoff=0.6)
    return _("did you mean {names}?").format(names=known[near[0]]) if near else ""


def _format_number_error(param: Any) -> str:
    """Return the message which numbers *param* accepts."""
    least, most = (getattr(param.type, end, None) for end in ("min", "max"))
    message = _("{name} must be a whole number")
    if least is not None:
        message = _("{name} must be a whole number, {least} or more")
    if most is not None:
        message = _("{name} must be a whole number from {least} to {most}")
    return message.format(name=param.opts[0], least=least, most=most)
