"""Options that several commands share."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from plancli.cli import completion
from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.output import formats
from plancli.query import name_lookup
from plancli.query.criteria import Criteria
from plancli.results.roles import Role
from plancli.system import files

PlansOption = Annotated[
    list[str],
    typer.Option(
        "--plan",
        "-p",
        metavar="PATH",
        help="Plans: YAML files, folders, patterns, databases; default PLANCLI_PLAN.",
    ),
]
PlansArgument = Annotated[
    list[str],
    typer.Argument(metavar="[PLAN]...", help="Plans to check; default: the included one."),
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        autocompletion=completion.list_formats,
        help="table, csv, tsv, json, ndjson, yaml, md, xlsx, docx, html, stratml, datapackage, parquet; for charts svg, png, graphml.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write to this file, in the format of its suffix."
    ),
]


class QueryOptions(NamedTuple):
    """The filters of a query, and the form of its answer."""

    agency: Annotated[
        list[str],
        typer.Option(
            "--agency",
            "-a",
            metavar="NAME",
            autocompletion=completion.list_agency_names,
            help="Only tasks that name this agency.",
        ),
    ] = []
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            autocompletion=completion.list_roles,
            help="Only tasks in which it has this role: lead or participate.",
        ),
    ] = ""
    lead: Annotated[bool, typer.Option("--lead", help="Same as --role lead.")] = False
    region: Annotated[
        list[str],
        typer.Option(
            "--region",
            "-r",
            metavar="NAME",
            autocompletion=completion.list_region_names,
            help="Only tasks about this region or a region in it.",
        ),
    ] = []
    section: Annotated[
        list[str],
        typer.Option(
            "--section",
            "-s",
            metavar="NAME",
            autocompletion=completion.list_section_names,
            help="Only tasks in this section.",
        ),
    ] = []
    keyword: Annotated[
        list[str],
        typer.Option(
            "--keyword", "-k", metavar="WORD", help="Only tasks whose text contains this keyword."
        ),
    ] = []
    year: Annotated[
        list[str],
        typer.Option("--year", metavar="YEAR", help="Only plans of this year, or 2021-2023."),
    ] = []
    jurisdiction: Annotated[
        list[str],
        typer.Option(
            "--jurisdiction",
            metavar="NAME",
            autocompletion=completion.list_region_names,
            help="Only plans of this province, city or county.",
        ),
    ] = []
    plan: PlansOption = []
    format: FormatOption = ""
    output: OutputOption = None
    bom: Annotated[
        bool | None,
        typer.Option("--bom/--no-bom", help="Start csv and tsv with a byte-order mark."),
    ] = None
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            metavar="N",
            min=1,
            help="Show at most N tasks; the total goes to stderr.",
        ),
    ] = None
    offset: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, show_default=False, help="Skip the first N matching tasks."
        ),
    ] = 0

    @property
    def criteria(self) -> Criteria:
        """The filters, without the options on the form of the answer."""
        given = {name: getattr(self, name) for name in Criteria._fields}
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return Criteria(**given | lists | {"role": self._resolve_role()})

    def _resolve_role(self) -> str:
        if not self.lead:
            return self.role
        if self.role and name_lookup.parse_role(self.role) is not Role.LEAD:
            raise BadUsage(
                _("--lead and --role {role} contradict").format(role=self.role),
                hint=_("choose one of them"),
            )
        return Role.LEAD


def make_options(**given: Any) -> QueryOptions:
    """Return the options; an output file that is standard output counts as none."""
    options = QueryOptions(**given)
    return options._replace(output=None) if files.is_standard_output(options.output) else options


def with_query_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the query options, without limit and offset, to a command as its parameter ``ask``."""
    return _with_query_options(function, before="limit")


def with_task_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the query options, with limit and offset, to a command as its parameter ``ask``."""
    return _with_query_options(function)


def with_filter_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add only the filters among the query options to a command as its parameter ``ask``."""
    return _with_query_options(function, before="format")


def with_options_of(kind: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options in the NamedTuple *kind* to a command as its parameter ``options``."""
    return lambda function: _gather_options(function, "options", kind, kind, kind._fields)


def _with_query_options(function: Callable[..., None], before: str = "") -> Callable[..., None]:
    fields = QueryOptions._fields
    names: tuple[str, ...] = fields[: fields.index(before)] if before else fields
    return _gather_options(function, "ask", QueryOptions, make_options, names)


def _gather_options(
    function: Callable[..., None],
    parameter: str,
    kind: Any,
    make: Callable[..., Any],
    names: tuple[str, ...],
) -> Callable[..., None]:
    """Return *function* with its *parameter* replaced by the options *names* of *kind*."""
    own = inspect.signature(function).parameters.values()
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=kind._field_defaults[name],
            annotation=kind.__annotations__[name],
        )
        for name in names
    ]

    @wraps(function)
    def run_command(**given: Any) -> None:
        gathered = make(**{name: given.pop(name) for name in names})
        function(**{parameter: gathered}, **given)

    return _with_signature(run_command, [*(p for p in own if p.name != parameter), *options])


def with_format_flags(function: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each format to a command; those given are its parameter ``flags``."""
    own = [each for each in inspect.signature(function).parameters.values() if each.name != "flags"]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=hint)
        for name in formats.PLAIN_FORMATS
        for hint in [
            Annotated[bool, typer.Option(f"--{name}", help=f"The same as --format {name}.")]
        ]
    ]

    @wraps(function)
    def run_command(**given: Any) -> None:
        function(flags=[name for name in formats.PLAIN_FORMATS if given.pop(name)], **given)

    return _with_signature(run_command, [*own, *flags])


def _with_signature(
    command: Callable[..., None], params: list[inspect.Parameter]
) -> Callable[..., None]:
    """Set the signature that Typer reads from *command* to *params*."""
    command.__signature__ = inspect.Signature(params)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in params}
    return command
