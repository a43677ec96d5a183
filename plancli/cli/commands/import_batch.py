"""Many documents imported at once: a folder of plans, and what is to be looked at."""

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
from plancli.importing.reporting import batch, summary
from plancli.system import atomic, files, process_pool, protection

MAX_SUFFIXES = 4  # suffixes that are named


def import_many(sources: Sequence[Path], wanted: ImportOptions) -> None:
    """Write a plan for each of the documents that *sources* name."""
    from plancli.output.terminal import progress_bar  # Rich: slow to import

    batch_inputs.require_existing(sources)
    folder = _resolve_folder(wanted)
    leave = [each for each in (wanted.output, wanted.report) if each and each not in sources]
    found = batch_inputs.find_documents(sources, leave)
    for document in found.documents:  # another process may read it
        protection.register_input(document)
    if wanted.report:
        _require_report(wanted.report, sources)
    kind = batch.REPORT_KINDS[wanted.report.suffix.lower()] if wanted.report else ""
    with ExitStack() as held:
        if not wanted.dry_run:
            hint = _("choose another folder with --output")
            held.enter_context(atomic.create_directory(folder, hint))
            held.enter_context(atomic.lock_target(folder, lambda: print_waiting_note(folder)))
        there = batch_outputs.find_existing_plans(folder) if wanted.output else {}
        targets = batch_outputs.assign_targets(found.documents, folder, there)
        jobs = [
            importing_batch.ImportJob(
                document,
                batch_outputs.compute_relative_source(document, target),
                wanted.jurisdiction,
                wanted.year,
                kind,
            )
            for document, target in zip(found.documents, targets, strict=True)
        ]
        told = BatchReporter(batch_outputs.PlanIds(there), wanted, batch.BatchReport(kind))
        results = importing_batch.iter_results(jobs, wanted.jobs or process_pool.count_cores())
        watched = progress_bar.iter_with_progress(results, len(jobs), _("reading"))
        for document, target, result in zip(found.documents, targets, watched, strict=True):
            told.add_result(document, target, result)
    told.print_notes(found)
    if wanted.report:
        told.volume.write(wanted.report)
    if told.counts["failed"] or told.counts["differ"]:
        raise typer.Exit(ExitCode.FAILED)
    if wanted.strict and told.counts["doubtful"]:
        raise typer.Exit(ExitCode.BAD_PLAN)


def _require_report(report: Path, sources: Sequence[Path]) -> None:
    """Refuse to write *report* over what is no report: a document among *sources*, say."""
    protection.require_replaceable(report)
    if not report.is_file() or batch.is_report(report):
        return
    found = {os.path.realpath(each) for each in batch_inputs.find_documents(sources).documents}
    if os.path.realpath(report) in found:
        raise PlanError(
            _("{file} is an input of this command").format(file=report),
            hint=_("choose another file with --report"),
        )


def _resolve_folder(wanted: ImportOptions) -> Path:
    """Return the folder for the plans; BadUsage where what is asked does not fit several."""
    hint = _("for example: plancli import 原文 -o plans")
    if wanted.id:
        raise BadUsage(
            _("--id is for one plan, but there are several documents"),
            hint=_("omit --id: each plan gets its own id"),
        )
    if wanted.output is None and wanted.dry_run:
        return Path()
    if wanted.output is None or wanted.output == files.STDIN:
        raise BadUsage(_("several plans need a folder: -o FOLDER"), hint=hint)
    if wanted.output.suffix.lower() in (".yaml", ".yml") and not wanted.output.is_dir():
        raise BadUsage(
            _("{file} is a file name for one plan, but there are several documents").format(
                file=wanted.output
            ),
            hint=hint,
        )
    if wanted.output.exists() and not wanted.output.is_dir():
        raise BadUsage(_("{file} is not a folder").format(file=wanted.output), hint=hint)
    return wanted.output


class BatchReporter:
    """Writes what was read, and gathers what is to be said of it."""

    def __init__(
        self, ids: batch_outputs.PlanIds, wanted: ImportOptions, reports: batch.BatchReport
    ) -> None:
        self._ids, self._wanted, self.volume = ids, wanted, reports
        self.counts: Counter[str] = Counter()
        self._renamed: dict[str, list[tuple[Path, str]]] = {}
        self._lines: list[str] = []
        self._errors: list[str] = []
        self._hints: dict[str, None] = {}  # each once, in order

    def add_result(
        self,
        document: Path,
        target: Path,
        result: importing_batch.ImportSuccess | importing_batch.ImportFailure,
    ) -> None:
        """Write the plan that *document* gave to *target*, or note why there is none."""
        if isinstance(result, importing_batch.ImportFailure):
            self._add_failure(document, result)
            return
        doubts = len(result.doubtful_rules)
        self.volume.add_document(
            str(document), result.title, result.task_count, doubts, result.report
        )
        id = self._ids.assign(target, result.id)
        done = "read" if self._wanted.dry_run else self._write_plan(target, _apply_id(result, id))
        self.counts[done] += 1
        if id != result.id and done in ("read", "written"):
            self._renamed.setdefault(result.id, []).append((target, id))
        if doubts and done not in ("differ", "failed"):
            self.counts["doubtful"] += 1
            meanings = _("; ").join(
                summary.get_meaning(rule)[0] for rule in dict.fromkeys(result.doubtful_rules)
            )
            said = _("{file}: {n} to check: {what}")
            file = document if self._wanted.dry_run else target
            self._lines.append(said.format(file=file, n=doubts, what=meanings))

    def _write_plan(self, target: Path, written: bytes) -> str:
        """Write a plan; return what became of it."""
        try:
            if target.is_file() and target.read_bytes() == written:
                return "same"
            if target.exists() and not self._wanted.force:
                said = _("{file}: not written, a different file already exists")
                self._errors.append(said.format(file=target))
                self._hints[_("use --force to overwrite plans, or choose another folder")] = None
                return "differ"
            atomic.write_atomically(
                target, lambda draft: draft.write_bytes(written), replace_plan=True
            )
        except (PlanError, OSError) as error:
            self._errors.append(str(error))
            return "failed"
        return "written"

    def _add_failure(self, document: Path, failed: importing_batch.ImportFailure) -> None:
        self.volume.add_failure(str(document), failed.reason, failed.hint)
        self.counts["failed"] += 1
        self._errors.append(failed.reason)
        if failed.hint:
            self._hints[failed.hint] = None

    def print_notes(self, found: batch_inputs.BatchInputs) -> None:
        """Say what is to be looked at, and then how many there were of each kind."""
        for wanted, renamed in self._renamed.items():
            print_note(format_id_note(wanted, renamed))
        for line in self._lines:
            print_note(line)
        for line in self._errors:
            print_note(_("error: {message}").format(message=line))
        if self._lines and not self._wanted.report:
            said = _("see “review” in each plan for the location, or use --report report.html")
            self._hints[said] = None
        for hint in self._hints:
            print_hint(hint)
        if found.skipped_suffixes:
            print_note(_format_skipped(found.skipped_suffixes))
        print_note(self._format_summary(len(found.documents)))
        if self.counts["written"]:
            said = _("to query them: plancli list --plan {folder}")
            print_note(said.format(folder=self._wanted.output))

    def _format_summary(self, total: int) -> str:
        counts = self.counts
        dry = self._wanted.dry_run
        parts = [
            (True, _("documents: {n}"), total),
            (dry, _("plans read, none written: {n}"), counts["read"]),
            (not dry, _("plans written: {n}"), counts["written"]),
            (counts["same"], _("unchanged: {n}"), counts["same"]),
            (counts["differ"], _("not written: {n}"), counts["differ"]),
            (True, _("doubtful: {n}"), counts["doubtful"]),
            (True, _("failed: {n}"), counts["failed"]),
        ]
        return _(", ").join(said.format(n=n) for shown, said, n in parts if shown)


def format_id_note(wanted: str, renamed: Sequence[tuple[Path, str]]) -> str:
    """Say which plans have a number behind their id, because another has the id."""
    file, id = renamed[0]
    if len(renamed) == 1:
        said = _("{file}: the id is {id}, because another plan has {wanted}")
        return said.format(file=file, id=id, wanted=wanted)
    said = _("{n} more plans would have the id {wanted}: theirs are {first} to {last}")
    return said.format(n=len(renamed), wanted=wanted, first=id, last=renamed[-1][1])


def _apply_id(read: importing_batch.ImportSuccess, id: str) -> bytes:
    return (
        importing_batch.update_id(read.plan_bytes, read.id, id)
        if id != read.id
        else read.plan_bytes
    )


def _format_skipped(suffixes: Counter[str]) -> str:
    """Say how many files were passed over, and the most frequent of their suffixes."""
    names = [name or _("no suffix") for name, _n in suffixes.most_common(MAX_SUFFIXES)]
    said = _("skipped, file type not supported: {n} ({names})")
    return said.format(n=suffixes.total(), names=_(", ").join(names))
