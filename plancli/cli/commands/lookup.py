"""What is asked by a name: agency, region, section."""

from typing import Annotated

import typer

from plancli import query
from plancli.cli import completion, display, hints
from plancli.cli.app import app
from plancli.cli.options import QueryOptions, with_task_options
from plancli.cli.output import emit_answer, has_all_tables, print_note
from plancli.cli.selection import (
    accept_match,
    build_filter,
    build_plan_filter,
    build_section_filter,
    open_plans,
    paginate_tasks,
    require_name,
    resolve_role,
)
from plancli.i18n import _
from plancli.plan.role import Role
from plancli.query import name_lookup
from plancli.results.document import ALL_TASKS, AnswerTable
from plancli.results.table import Result


@app.command("agency", epilog="plancli agency 合肥市 --lead")
@with_task_options
def show_agency(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_agency_names,
            help="Agency: name, short or former name, pinyin, or part of a name.",
        ),
    ] = "",
    possible: Annotated[
        bool,
        typer.Option("--possible", help="Only tasks with a collective agency that may include it."),
    ] = False,
) -> None:
    """List the tasks of an agency.

    Without a name: list all agencies with their number of tasks.
    """
    db = open_plans(ask)
    if not name:
        require_name("agency", ask, possible and "--possible")
        narrow = build_filter(db, ask)
        bodies = query.select_agencies(db, resolve_role(ask), narrow)
        return display.display_table(
            ask, bodies, lambda: query.build_document(db, narrow, AnswerTable("单位", bodies))
        )
    plans = build_plan_filter(db, ask)
    who = accept_match(name_lookup.find_agency(db, name, plans))
    role, where = resolve_role(ask), build_filter(db, ask._replace(role="", lead=False))
    maybe = query.by_possible_member(who, role) & where

    def select_possible() -> Result:
        return query.select_possible_tasks(
            db, who, role, where & query.NO_TASK if ask.is_partial else where
        )

    if doubt := hints.format_undefined_collectives(db, who, where):
        print_note(doubt)
    if possible:
        part = paginate_tasks(db, ask, maybe)
        may = query.select_possible_tasks(db, who, role, part.where)
        none = ""
        if not may.rows:
            none = _("no collective agency is known to include {name}").format(name=who)
            none = hints.get_empty_reason(db, query.by_possible_member(who), none)
        return emit_answer(
            ask,
            may,
            lambda: display.display_agency(ask, may, role, None, part.label),
            nothing=part.get_empty_message(none),
            whole=lambda: query.build_document(db, part.where, AnswerTable("可能包括", may)),
        )
    led = query.by_agency(who, Role.LEAD) & where
    rest = query.by_agency(who) & where & ~query.by_agency(who, Role.LEAD)
    runs = () if role else (led, rest)  # what it leads stands first
    part = paginate_tasks(db, ask, query.by_agency(who, role) & where, *runs)
    named = query.select_agency_tasks(db, who, role, part.where)

    def build_tables() -> list[
        AnswerTable
    ]:  # of some tasks, an empty table would say that there are none
        may = select_possible()
        left_out = ask.is_partial or (role and not may.rows)
        return [
            AnswerTable(ALL_TASKS, named),
            *([] if left_out else [AnswerTable("可能包括", may)]),
        ]

    none, *more = ("",) if named.rows else hints.iter_agency_hints(db, who, plans)
    if (ask.is_partial or not has_all_tables(ask)) and (count := query.count_tasks(db, maybe)):
        said = _("{n} more tasks name a collective agency that may include {name}: see --possible")
        print_note(said.format(n=count, name=who))
    emit_answer(
        ask,
        named,
        lambda: display.display_agency(ask, named, role, select_possible(), part.label),
        nothing=part.get_empty_message(none),
        more=more,
        whole=lambda: query.build_document(db, part.where, *build_tables()),
    )


@app.command("region", epilog="plancli region 宿州 -f md")
@with_task_options
def show_region(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_region_names,
            help="Region: name or pinyin.",
        ),
    ] = "",
    exact: Annotated[
        bool, typer.Option("--exact", help="Only tasks whose text contains the region's own name.")
    ] = False,
) -> None:
    """List the tasks about a region, each with the reason.

    Without a name: list all regions with their number of tasks by reason.
    """
    db = open_plans(ask)
    if not name:
        require_name("region", ask, exact and "--exact")
        narrow = build_filter(db, ask)
        places = query.select_regions(db, narrow)
        return display.display_table(
            ask, places, lambda: query.build_document(db, narrow, AnswerTable("地区", places))
        )
    where = accept_match(name_lookup.find_region(db, name))
    narrow = build_filter(db, ask)
    part = paginate_tasks(db, ask, query.by_region(where, exact) & narrow)
    found = query.select_region_tasks(db, where, exact, part.where)
    nothing = ""
    if not found.rows:
        nothing = _("no task mentions {name}").format(name=where)
        nothing = hints.get_empty_reason(db, query.by_region(where, exact), nothing)
    emit_answer(
        ask,
        found,
        lambda: display.display_region(ask, found, part.label),
        nothing=part.get_empty_message(nothing),
        more=hints.iter_area_hints(db, where, narrow),
        whole=lambda: query.build_document(db, part.where, AnswerTable(ALL_TASKS, found)),
    )
    hidden = [] if ask.is_partial else query.select_false_mentions(db, where, narrow).column("no")
    if hidden:
        said = _("tasks that contain {name} only as part of another name: {numbers}")
        print_note(said.format(name=where, numbers=name_lookup.join_names(list(map(str, hidden)))))


@app.command("section", epilog="plancli section 2.3")
@with_task_options
def show_section(
    ask: QueryOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=completion.list_section_names,
            help="Section: 二(三), 2.3, （三） or words of its title.",
        ),
    ] = "",
) -> None:
    """List the tasks of a section.

    Without a name: list all sections with their number of tasks and agencies.
    """
    db = open_plans(ask)
    if not name:
        require_name("section", ask)
        narrow = build_filter(db, ask)
        heads = query.select_sections(db, narrow)
        return display.display_table(
            ask, heads, lambda: query.build_document(db, narrow, AnswerTable("部分", heads))
        )
    targets = name_lookup.find_sections(db, name, build_plan_filter(db, ask))
    part = paginate_tasks(db, ask, build_section_filter(db, *targets) & build_filter(db, ask))
    found = query.select_tasks(db, part.where)
    details = query.select_list_details(db, *targets)
    tables = (
        [AnswerTable(ALL_TASKS, found)] if query.count_tasks(db, query.by_section(*targets)) else []
    )
    if details.rows or not tables:  # a paragraph beside tasks, or instead: the filters do not apply
        tables.append(AnswerTable("正文", details))
    nothing = ""
    if not found.rows:
        nothing = _("section {name} has no tasks that match").format(name=name)
        nothing = hints.get_empty_reason(db, query.by_section(*targets), nothing)
    emit_answer(
        ask,
        tables[0].result,
        lambda: display.display_section(ask, found, details, part.label),
        nothing=part.get_empty_message(nothing),
        whole=lambda: query.build_document(db, part.where, *tables),
    )
