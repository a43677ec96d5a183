"""Import many documents into a folder of plans, and report what to check."""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import typer

from plancli.cli.commands.importing import ImportOptions
from plancli.cli.output import print_hint, print_note, print_waiting_note
from plancli.errors import BadUsage, ExitCode, PlanError
from plancli.i18n import _
from plancli.importing import batch as importing_batch
from plancli.importing import batch_inputs, batch_outputs
from plancli.importing.parsing.jurisdiction import resolve_jurisdiction
from plancli.importing.reporting import batch, summary
from plancli.registry import io as registry_io
from plancli.system import atomic, files, process_pool, protection

MAX_SUFFIXES = 4  # listed in the note on skipped files


def import_many(sources: Sequence[Path], options: ImportOptions) -> None:
    """Import the documents that *sources* name, and write a plan for each."""
    from plancli.output.terminal import progress_bar  # Rich: slow to import

    batch_inputs.require_existing(sources)
    if options.jurisdiction:  # an unknown one is not an error of each document
        resolve_jurisdiction(options.jurisdiction, registry_io.load_default_registry())
    folder = _resolve_folder(options)
    excluded = [each for each in (options.output, options.report) if each and each not in sources]
    inputs = batch_inputs.find_documents(sources, excluded)
    for document in inputs.documents:  # so that no output overwrites it
        protection.register_input(document)
    if options.report:
        _require_report(options.report, sources)
    kind = batch.REPORT_KINDS[options.report.suffix.lower()] if options.report else ""
    with ExitStack() as stack:
        if not options.dry_run:
            hint = _("choose another folder with --output")
            stack.enter_context(atomic.create_directory(folder, hint))
            stack.enter_context(atomic.lock_target(folder, lambda: print_waiting_note(folder)))
        existing = batch_outputs.find_existing_plans(folder) if options.output else {}
        targets = batch_outputs.assign_targets(inputs.documents, folder, existing)
        jobs = [
            importing_batch.ImportJob(
                document,
                batch_outputs.compute_relative_source(document, target),
                options.jurisdiction,
                options.year,
                kind,
            )
            for document, target in zip(inputs.documents, targets, strict=True)
        ]
        reporter = BatchReporter(batch_outputs.PlanIds(existing), options, batch.BatchReport(kind))
        results = importing_batch.iter_results(jobs, options.jobs or process_pool.count_cores())
        tracked_results = progress_bar.iter_with_progress(results, len(jobs), _("reading"))
        for document, target, result in zip(
            inputs.documents, targets, tracked_results, strict=True
        ):
            reporter.add_result(document, target, result)
    reporter.print_notes(inputs)
    if options.report:
        reporter.report.write(options.report)
    if reporter.counts["failed"] or reporter.counts["differ"]:
        raise typer.Exit(ExitCode.FAILED)
    if options.strict and reporter.counts["doubtful"]:
        raise typer.Exit(ExitCode.BAD_PLAN)


def _require_report(report: Path, sources: Sequence[Path]) -> None:
    """Raise PlanError if *report* would overwrite a document of *sources*."""
    protection.require_replaceable(report)
    if not report.is_file() or batch.is_report(report):
        return
    documents = {os.path.realpath(each) for each in batch_inputs.find_documents(sources).documents}
    if os.path.realpath(report) in documents:
        raise PlanError(
            _("{file} is an input of this command").format(file=report),
            hint=_("choose another file with --report"),
        )


def _resolve_folder(options: ImportOptions) -> Path:
    """Return the folder for the plans; BadUsage if an option does not apply to several plans."""
    hint = _("for example: plancli import 原文 -o plans")
    if options.id:
        raise BadUsage(
            _("--id is for one plan, but there are several documents"),
            hint=_("omit --id: each plan gets its own id"),
        )
    if options.output is None and options.dry_run:
        return Path()
    if options.output is None or options.output == files.STDIN:
        raise BadUsage(_("several plans need a folder: -o FOLDER"), hint=hint)
    if options.output.suffix.lower() in (".yaml", ".yml") and not options.output.is_dir():
        raise BadUsage(
            _("{file} is a file name for one plan, but there are several documents").format(
                file=options.output
            ),
            hint=hint,
        )
    if options.output.exists() and not options.output.is_dir():
        raise BadUsage(_("{file} is not a folder").format(file=options.output), hint=hint)
    return options.output


class BatchReporter:
    """Writes the imported plans, and collects the notes on them."""

    def __init__(
        self, ids: batch_outputs.PlanIds, options: ImportOptions, reports: batch.BatchReport
    ) -> None:
        self._ids, self._options, self.report = ids, options, reports
        self.counts: Counter[str] = Counter()
        self._totals: list[summary.ImportTotals] = []
        self._renamed: dict[str, list[tuple[Path, str]]] = {}
        self._lines: list[str] = []
        self._errors: list[str] = []
        self._hints: dict[str, None] = {}  # an ordered set

    def add_result(
        self,
        document: Path,
        target: Path,
        result: importing_batch.ImportSuccess | importing_batch.ImportFailure,
    ) -> None:
        """Write the plan of *document* to *target*, or note why there is none."""
        if isinstance(result, importing_batch.ImportFailure):
            self._add_failure(document, result)
            return
        doubts = result.totals.doubts
        self._totals.append(result.totals)
        self.report.add_document(
            str(document), result.title, result.totals.tasks, doubts, result.report
        )
        id = self._ids.assign(target, result.id)
        outcome = (
            "read" if self._options.dry_run else self._write_plan(target, _apply_id(result, id))
        )
        self.counts[outcome] += 1
        if id != result.id and outcome in ("read", "written"):
            self._renamed.setdefault(result.id, []).append((target, id))
        if doubts and outcome not in ("differ", "failed"):
            self.counts["doubtful"] += 1
            meanings = _("; ").join(
                summary.get_meaning(rule)[0] for rule in dict.fromkeys(result.doubtful_rules)
            )
            message = _("{file}: {n} to check: {what}")
            file = document if self._options.dry_run else target
            self._lines.append(message.format(file=file, n=doubts, what=meanings))

    def _write_plan(self, target: Path, content: bytes) -> str:
        """Write a plan; return the outcome: written, same, differ or failed."""
        try:
            if target.is_file() and target.read_bytes() == content:
                return "same"
            if target.exists() and not self._options.force:
                message = _("{file}: not written, a different file already exists")
                self._errors.append(message.format(file=target))
                self._hints[_("use --force to overwrite plans, or choose another folder")] = None
                return "differ"
            atomic.write_atomically(
                target, lambda draft: draft.write_bytes(content), replace_plan=True
            )
        except (PlanError, OSError) as error:
            self._errors.append(str(error))
            return "failed"
        return "written"

    def _add_failure(self, document: Path, failed: importing_batch.ImportFailure) -> None:
        self.report.add_failure(str(document), failed.reason, failed.hint)
        self.counts["failed"] += 1
        self._errors.append(failed.reason)
        if failed.hint:
            self._hints[failed.hint] = None

    def print_notes(self, inputs: batch_inputs.BatchInputs) -> None:
        """Print what to check, and then the number of documents by outcome."""
        for wanted_id, renamed in self._renamed.items():
            print_note(format_id_note(wanted_id, renamed))
        for line in self._lines:
            print_note(line)
        for line in self._errors:
            print_note(_("error: {message}").format(message=line))
        if self._lines and not self._options.report:
            message = _("see “review” in each plan for the location, or use --report report.html")
            self._hints[message] = None
        for hint in self._hints:
            print_hint(hint)
        if inputs.skipped_suffixes:
            print_note(_format_skipped(inputs.skipped_suffixes))
        print_note(self._format_summary(len(inputs.documents)))
        if self.counts["written"]:
            message = _("to query them: plancli list --plan {folder}")
            print_note(message.format(folder=self._options.output))
        if self._totals:
            print_note(summary.ImportTotals(*map(sum, zip(*self._totals, strict=True))).format())

    def _format_summary(self, total: int) -> str:
        counts = self.counts
        dry = self._options.dry_run
        parts = [
            (True, _("documents: {n}"), total),
            (dry, _("plans read, none written: {n}"), counts["read"]),
            (not dry, _("plans written: {n}"), counts["written"]),
            (counts["same"], _("unchanged: {n}"), counts["same"]),
            (counts["differ"], _("not written: {n}"), counts["differ"]),
            (True, _("doubtful: {n}"), counts["doubtful"]),
            (True, _("failed: {n}"), counts["failed"]),
        ]
        return _(", ").join(message.format(n=n) for shown, message, n in parts if shown)


def format_id_note(wanted_id: str, renamed: Sequence[tuple[Path, str]]) -> str:
    """Return a note on plans with a number after their id, because another plan has the id."""
    file, id = renamed[0]
    if len(renamed) == 1:
        message = _("{file}: the id is {id}, because another plan has {wanted}")
        return message.format(file=file, id=id, wanted=wanted_id)
    message = _("{n} more plans would have the id {wanted}: theirs are {first} to {last}")
    return message.format(n=len(renamed), wanted=wanted_id, first=id, last=renamed[-1][1])


def _apply_id(result: importing_batch.ImportSuccess, id: str) -> bytes:
    return (
        importing_batch.update_id(result.plan_bytes, result.id, id)
        if id != result.id
        else result.plan_bytes
    )


def _format_skipped(suffixes: Counter[str]) -> str:
    """Return a note on the number of skipped files and their most frequent suffixes."""
    names = [name or _("no suffix") for name, _n in suffixes.most_common(MAX_SUFFIXES)]
    message = _("skipped, file type not supported: {n} ({names})")
    return message.format(n=suffixes.total(), names=_(", ").join(names))
