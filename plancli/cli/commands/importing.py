"""Import plans from official texts, and compare them with the texts: import, verify."""

import json
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from plancli.cli.app import app
from plancli.cli.options import (
    FormatOption,
    OutputOption,
    PlansArgument,
    PlansOption,
    make_options,
    with_options_of,
)
from plancli.cli.output import emit_answer, print_note, print_waiting_note
from plancli.errors import BadPlan, BadUsage, ExitCode, PlanError
from plancli.i18n import _
from plancli.results.answer import Answer, View
from plancli.results.table import Result, ResultCell
from plancli.system import atomic, files


class ImportOptions(NamedTuple):
    """The options of import; ``output`` is a folder if there are several documents."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PLAN.yaml",
            help="Write the plan to this file; several plans to this folder.",
        ),
    ] = None
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the full report, as .json or .html."),
    ] = None
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; write nothing.")] = False
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 4 if anything is doubtful.")
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing plan.")] = False
    id: Annotated[str, typer.Option("--id", metavar="ID", help="Id of the plan.")] = ""
    jurisdiction: Annotated[
        str, typer.Option(metavar="NAME", help="Jurisdiction, if the text does not name it.")
    ] = ""
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", min=1949, max=2100, help="Year of the plan.")
    ] = None
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Number of processes; default: one per core."),
    ] = None


@app.command("import", epilog="plancli import 工作要点.txt -o plan.yaml")
@with_options_of(ImportOptions)
def import_plans(
    options: ImportOptions,
    source: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="txt, html, docx, pdf, xlsx, csv, md or json files, folders, quoted patterns; - for standard input.",
        ),
    ],
) -> None:
    """Import a plan from its official text, or many plans.

    Reports what was read, what was left out, and what a person should check.
    """
    output, report = options.output, options.report
    if output and output.suffix.lower() in (".db", ".sqlite", ".sqlite3"):
        raise BadUsage(
            _("{file}: import writes plans as YAML, not a database").format(file=output),
            hint=_("import into a folder, then: plancli build --plan FOLDER -o {file}").format(
                file=output
            ),
        )
    from plancli.importing import batch_inputs  # the importer, YAML, the registries: slow to import

    if report and report.suffix.lower() not in (".json", ".html", ".htm"):
        raise BadUsage(
            _("a report must be a .json or .html file: {file}").format(file=report),
            hint=_("for example: --report report.html"),
        )
    if batch_inputs.is_batch(source):
        from plancli.cli.commands import import_batch

        import_batch.import_many(source, options)
    else:
        to_stdout = files.is_standard_output(output)
        _import_one(source[0], options._replace(output=None) if to_stdout else options)


def _import_one(source: Path, options: ImportOptions) -> None:
    output = options.output
    if output and output.suffix.lower() not in ("", ".yaml", ".yml"):
        raise BadUsage(
            _("{file}: import writes plans as YAML; use a .yaml file").format(file=output),
            hint=_("use -o {file}").format(file=output.with_suffix(".yaml")),
        )
    from plancli import importing
    from plancli.importing import batch, batch_outputs
    from plancli.importing.reporting import summary
    from plancli.registry import io as registry_io

    data = files.read_document(source)
    registry = registry_io.load_default_registry()
    draft = importing.import_document(data, source.name, registry, options.jurisdiction)
    batch.require_text(draft, source)
    try:
        source_name = batch_outputs.compute_relative_source(source, output)
        plan = batch.finalize_plan(draft, data, source_name, options.id, options.year)
    except ValueError as error:  # invalid --id
        raise BadUsage(_(str(error)), hint=_("for example: --id anhui-yrd-2022")) from error
    content = batch.dump_plan(plan)
    batch.check_plan_file(content, plan, source, registry)
    for paragraph in summary.format_lines(draft):
        for line in paragraph.split("\n"):
            print_note(line)
    if options.report:
        _write_report(options.report, draft, source.name)
    if not options.dry_run:
        _save_plan(content, plan.id, options)
    print_note(summary.count_totals(draft).format())
    if options.strict and summary.select_doubtful(draft):
        raise typer.Exit(ExitCode.BAD_PLAN)


def _save_plan(content: bytes, plan_id: str, options: ImportOptions) -> None:
    """Write the plan; its id is made unique among the plans in the same folder."""
    output, force = options.output, options.force
    if output is None or not output.parent.is_dir() or (output.exists() and not output.is_file()):
        _write_plan(output, content, force)
        return
    with atomic.lock_target(output.parent, lambda: print_waiting_note(output.parent)):
        if not options.id:
            content = _assign_free_id(content, plan_id, output)
        _write_plan(output, content, force)


@app.command("verify", epilog="plancli verify 计划.yaml")
def verify_plans(
    plans: PlansArgument = [],
    plan: PlansOption = [],
    document: Annotated[
        Path | None,
        typer.Option(
            "--source",
            metavar="DOCUMENT",
            help="Compare one plan with this document; default: the one it names.",
        ),
    ] = None,
    format: FormatOption = "",
    output: OutputOption = None,
) -> None:
    """Compare every character of a plan with its source.

    Reports the task of each changed character; the exit code is 4 if anything differs.
    """
    from plancli.checks import source_text as rules  # the importer's readers: slow to import
    from plancli.plan import io as plan_io
    from plancli.registry import io as registry_io

    registry = registry_io.load_default_registry()
    rows: list[tuple[ResultCell, ...]] = []
    found_files = files.find_yaml_files([*plans, *plan], print_note)
    if document and len(found_files) > 1:
        raise BadUsage(
            _("--source is for one plan, but there are {n}").format(n=len(found_files)),
            hint=_("name one plan"),
        )
    for file in found_files:
        parsed = plan_io.parse_plan(files.read_plan_file(file), str(file), registry)
        if not (document or parsed.source.file):
            raise BadPlan(
                _("{file} does not name its source file").format(file=file),
                hint=_("add it as “file:” under “source:”"),
            )
        name = document or Path(parsed.source.file)
        text = files.read_document(name) if document else rules.read_source(file, parsed.source)
        rows += rules.compare_with_source(file, parsed, text, name.name).rows
    found = Result("", rules.COLUMNS, tuple(rows))
    answer = Answer(found, view=View("diagnostics", found))
    emit_answer(make_options(format=format, output=output), answer, name="原文核对结果")
    if found.rows:
        raise typer.Exit(ExitCode.BAD_PLAN)


def _assign_free_id(content: bytes, id: str, output: Path) -> bytes:
    """Return *content* with an id that no other plan in the folder of *output* has.

    A folder in which two plans have the same id cannot be opened.
    """
    from plancli.cli.commands.import_batch import format_id_note
    from plancli.importing import batch, batch_outputs

    free_id = batch_outputs.PlanIds(batch_outputs.find_existing_plans(output.parent)).assign(
        output, id
    )
    if free_id == id:
        return content
    print_note(format_id_note(id, [(output, free_id)]))
    return batch.update_id(content, id, free_id)


def _write_plan(output: Path | None, content: bytes, force: bool) -> None:
    import sys

    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    if output.is_file() and output.read_bytes() == content:
        print_note(_("{file} is unchanged").format(file=output))
        return
    if output.is_file() and not force:
        raise PlanError(
            _("{file} already exists and differs").format(file=output),
            hint=_("use --force to overwrite it, or choose another file with --output"),
        )
    atomic.write_atomically(output, lambda draft: draft.write_bytes(content), replace_plan=force)
    print_note(_("wrote {file}").format(file=output))


def _write_report(file: Path, draft: "object", name: str) -> None:
    from plancli.importing import ImportedPlan
    from plancli.importing.reporting import html as html_report
    from plancli.importing.reporting import summary

    assert isinstance(draft, ImportedPlan)
    if file.suffix.lower() == ".json":
        text = json.dumps(summary.build_report(draft, name), ensure_ascii=False, indent=1) + "\n"
    else:
        text = html_report.render_html(draft, name)
    atomic.write_atomically(file, lambda path: path.write_text(text, "utf-8"))
