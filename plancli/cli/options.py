"""The options that questions share, declared once."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from plancli.cli import completion
from plancli.output import formats
from plancli.system import files

Plans = Annotated[
    list[str],
    typer.Option(
        "--plan",
        "-p",
        metavar="PATH",
        help="The plans: YAML files, folders, patterns, databases; else PLANCLI_PLAN.",
    ),
]
Given = Annotated[
    list[str], typer.Argument(metavar="[PLAN]...", help="The plans; else the shipped one.")
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        autocompletion=completion.format,
        help="table, csv, tsv, json, ndjson, yaml, md, xlsx, docx, html, stratml, datapackage,"
        " parquet; of pictures svg, png, graphml.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write to this file, in the format of its suffix."
    ),
]


class Ask(NamedTuple):
    """How a question is narrowed and answered."""

    agency: Annotated[
        list[str],
        typer.Option(
            "--agency",
            "-a",
            metavar="NAME",
            autocompletion=completion.agency,
            help="Only tasks that name this body.",
        ),
    ] = []
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            autocompletion=completion.role,
            help="Only where it has this role: lead or participate.",
        ),
    ] = ""
    lead: Annotated[bool, typer.Option("--lead", help="The same as --role lead.")] = False
    region: Annotated[
        list[str],
        typer.Option(
            "--region",
            "-r",
            metavar="NAME",
            autocompletion=completion.region,
            help="Only tasks about this place, or what lies in it.",
        ),
    ] = []
    section: Annotated[
        list[str],
        typer.Option(
            "--section",
            "-s",
            metavar="NAME",
            autocompletion=completion.section,
            help="Only tasks below this heading.",
        ),
    ] = []
    keyword: Annotated[
        list[str],
        typer.Option("--keyword", "-k", metavar="WORD", help="Only tasks whose text holds it."),
    ] = []
    year: Annotated[
        list[str],
        typer.Option("--year", metavar="YEAR", help="Only plans for this year, or 2021-2023."),
    ] = []
    jurisdiction: Annotated[
        list[str],
        typer.Option(
            "--jurisdiction",
            metavar="NAME",
            autocompletion=completion.region,
            help="Only plans of this province, city or county.",
        ),
    ] = []
    plan: Plans = []
    format: Format = ""
    output: Output = None
    bom: Annotated[
        bool | None,
        typer.Option("--bom/--no-bom", help="Begin csv and tsv with a byte-order mark."),
    ] = None
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", "-n", metavar="N", min=1, help="Only the first N tasks, of how many is said."
        ),
    ] = None
    offset: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, show_default=False, help="Only tasks after the first N that pass."
        ),
    ] = 0

    @property
    def part(self) -> bool:
        """Whether only some of the tasks that pass are asked for."""
        return bool(self.limit or self.offset)


SHARED = [
    inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=Ask._field_defaults[name], annotation=hint
    )
    for name, hint in Ask.__annotations__.items()
]


def asked(**given: Any) -> Ask:
    """Return what is asked; standard output is as if no output were given."""
    ask = Ask(**given)
    return ask._replace(output=None) if files.is_standard_output(ask.output) else ask


def asking(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options, gathered into its parameter ``ask``."""
    return _gathering(function, Ask._fields[: Ask._fields.index("limit")])


def asking_tasks(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command that answers with tasks the shared options, and those that say how many."""
    return _gathering(function, Ask._fields)


def narrowing(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command only those shared options that say which tasks are meant."""
    return _gathering(function, Ask._fields[: Ask._fields.index("format")])


def _gathering(function: Callable[..., None], names: tuple[str, ...]) -> Callable[..., None]:
    own = [each for each in inspect.signature(function).parameters.values() if each.name != "ask"]

    @wraps(function)
    def command(**given: Any) -> None:
        function(ask=asked(**{name: given.pop(name) for name in names}), **given)

    return _signed(command, [*own, *(each for each in SHARED if each.name in names)])


def flagged(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each format, gathered into its parameter ``flags``."""
    own = [each for each in inspect.signature(function).parameters.values() if each.name != "flags"]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=hint)
        for name in formats.PLAIN
        for hint in [
            Annotated[bool, typer.Option(f"--{name}", help=f"The same as --format {name}.")]
        ]
    ]

    @wraps(function)
    def command(**given: Any) -> None:
        function(flags=[name for name in formats.PLAIN if given.pop(name)], **given)

    return _signed(command, [*own, *flags])


def _signed(command: Callable[..., None], params: list[inspect.Parameter]) -> Callable[..., None]:
    """Return *command* as Typer sees it: with *params*."""
    command.__signature__ = inspect.Signature(params)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in params}
    return command
