"""Many documents imported at once: a folder of plans, and what is to be looked at."""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import typer

from plancli.cli.output import advise, say, say_waiting
from plancli.errors import BadUsage, Exit, PlanError
from plancli.i18n import _
from plancli.importing import batch as importing_batch
from plancli.importing import batch_inputs, batch_outputs
from plancli.importing.reporting import batch, summary
from plancli.system import atomic, files, process_pool, protection

SHOWN = 4  # suffixes that are named


class Wanted(NamedTuple):
    """What is asked of an import; each as the option is called."""

    output: Path | None
    report: Path | None
    dry_run: bool
    strict: bool
    force: bool
    id: str
    jurisdiction: str
    year: int | None
    jobs: int | None


def import_many(sources: Sequence[Path], wanted: Wanted) -> None:
    """Write a plan for each of the documents that *sources* name."""
    from plancli.output.terminal import progress_bar  # Rich: slow to import

    batch_inputs.there(sources)
    folder = _folder(wanted)
    leave = [each for each in (wanted.output, wanted.report) if each and each not in sources]
    found = batch_inputs.documents(sources, leave)
    for document in found.documents:  # another process may read it
        protection.note_input(document)
    if wanted.report:
        _require_report(wanted.report, sources)
    kind = batch.KINDS[wanted.report.suffix.lower()] if wanted.report else ""
    with ExitStack() as held:
        if not wanted.dry_run:
            hint = _("choose another folder with --output")
            held.enter_context(atomic.created_directory(folder, hint))
            held.enter_context(atomic.exclusive(folder, lambda: say_waiting(folder)))
        there = batch_outputs.there(folder) if wanted.output else {}
        targets = batch_outputs.targets(found.documents, folder, there)
        jobs = [
            importing_batch.Job(
                document,
                batch_outputs.beside(document, target),
                wanted.jurisdiction,
                wanted.year,
                kind,
            )
            for document, target in zip(found.documents, targets, strict=True)
        ]
        told = _Telling(batch_outputs.Ids(there), wanted, batch.Volume(kind))
        results = importing_batch.results(jobs, wanted.jobs or process_pool.cores())
        watched = progress_bar.tracked(results, len(jobs), _("reading"))
        for document, target, result in zip(found.documents, targets, watched, strict=True):
            told.take(document, target, result)
    told.say(found)
    if wanted.report:
        told.volume.write(wanted.report)
    if told.counts["failed"] or told.counts["differ"]:
        raise typer.Exit(Exit.FAILED)
    if wanted.strict and told.counts["doubtful"]:
        raise typer.Exit(Exit.BAD_PLAN)


def _require_report(report: Path, sources: Sequence[Path]) -> None:
    """Refuse to write *report* over what is no report: a document among *sources*, say."""
    protection.require_replaceable(report)
    if not report.is_file() or batch.is_report(report):
        return
    found = {os.path.realpath(each) for each in batch_inputs.documents(sources).documents}
    if os.path.realpath(report) in found:
        raise PlanError(
            _("{file} is read by this command").format(file=report),
            hint=_("choose another file with --report"),
        )


def _folder(wanted: Wanted) -> Path:
    """Return the folder for the plans; BadUsage where what is asked does not fit several."""
    hint = _("for example: plancli import 原文 -o plans")
    if wanted.id:
        raise BadUsage(
            _("--id is the id of one plan, and there are several documents"),
            hint=_("leave --id out: each plan gets an id of its own"),
        )
    if wanted.output is None and wanted.dry_run:
        return Path()
    if wanted.output is None or wanted.output == files.STDIN:
        raise BadUsage(_("several plans need a folder: -o FOLDER"), hint=hint)
    if wanted.output.suffix.lower() in (".yaml", ".yml") and not wanted.output.is_dir():
        raise BadUsage(
            _("{file} is one plan's file, and there are several documents").format(
                file=wanted.output
            ),
            hint=hint,
        )
    if wanted.output.exists() and not wanted.output.is_dir():
        raise BadUsage(_("{file} is no folder").format(file=wanted.output), hint=hint)
    return wanted.output


class _Telling:
    """Writes what was read, and gathers what is to be said of it."""

    def __init__(self, ids: batch_outputs.Ids, wanted: Wanted, reports: batch.Volume) -> None:
        self._ids, self._wanted, self.volume = ids, wanted, reports
        self.counts: Counter[str] = Counter()
        self._renamed: dict[str, list[tuple[Path, str]]] = {}
        self._lines: list[str] = []
        self._errors: list[str] = []
        self._hints: dict[str, None] = {}  # each once, in order

    def take(
        self, document: Path, target: Path, result: importing_batch.Read | importing_batch.Failed
    ) -> None:
        """Write the plan that *document* gave to *target*, or note why there is none."""
        if isinstance(result, importing_batch.Failed):
            self._failed(document, result)
            return
        doubts = len(result.doubts)
        self.volume.read(str(document), result.title, result.tasks, doubts, result.report)
        id = self._ids.of(target, result.id)
        done = "read" if self._wanted.dry_run else self._write(target, _with_id(result, id))
        self.counts[done] += 1
        if id != result.id and done in ("read", "written"):
            self._renamed.setdefault(result.id, []).append((target, id))
        if doubts and done not in ("differ", "failed"):
            self.counts["doubtful"] += 1
            meanings = _("; ").join(summary.says(rule)[0] for rule in dict.fromkeys(result.doubts))
            said = _("{file}: {n} to look at: {what}")
            file = document if self._wanted.dry_run else target
            self._lines.append(said.format(file=file, n=doubts, what=meanings))

    def _write(self, target: Path, written: bytes) -> str:
        """Write a plan; return what became of it."""
        try:
            if target.is_file() and target.read_bytes() == written:
                return "same"
            if target.exists() and not self._wanted.force:
                said = _("{file}: not written, it is there already and differs")
                self._errors.append(said.format(file=target))
                self._hints[_("say --force to write over plans, or choose another folder")] = None
                return "differ"
            atomic.write_atomically(
                target, lambda draft: draft.write_bytes(written), replace_plan=True
            )
        except (PlanError, OSError) as error:
            self._errors.append(str(error))
            return "failed"
        return "written"

    def _failed(self, document: Path, failed: importing_batch.Failed) -> None:
        self.volume.failed(str(document), failed.why, failed.hint)
        self.counts["failed"] += 1
        self._errors.append(failed.why)
        if failed.hint:
            self._hints[failed.hint] = None

    def say(self, found: batch_inputs.Found) -> None:
        """Say what is to be looked at, and then how many there were of each kind."""
        for wanted, renamed in self._renamed.items():
            say(numbered(wanted, renamed))
        for line in self._lines:
            say(line)
        for line in self._errors:
            say(_("error: {message}").format(message=line))
        if self._lines and not self._wanted.report:
            said = _("“review” in each plan tells the place; --report report.html shows it")
            self._hints[said] = None
        for hint in self._hints:
            advise(hint)
        if found.passed:
            say(_passed(found.passed))
        say(self._summary(len(found.documents)))
        if self.counts["written"]:
            said = _("to ask them: plancli list --plan {folder}")
            say(said.format(folder=self._wanted.output))

    def _summary(self, total: int) -> str:
        counts = self.counts
        dry = self._wanted.dry_run
        parts = [
            (True, _("documents: {n}"), total),
            (dry, _("plans read, none written: {n}"), counts["read"]),
            (not dry, _("plans written: {n}"), counts["written"]),
            (counts["same"], _("the same already: {n}"), counts["same"]),
            (counts["differ"], _("not written: {n}"), counts["differ"]),
            (True, _("doubtful: {n}"), counts["doubtful"]),
            (True, _("failed: {n}"), counts["failed"]),
        ]
        return _(", ").join(said.format(n=n) for shown, said, n in parts if shown)


def numbered(wanted: str, renamed: Sequence[tuple[Path, str]]) -> str:
    """Say which plans have a number behind their id, because another has the id."""
    file, id = renamed[0]
    if len(renamed) == 1:
        said = _("{file}: its id is {id}, since another plan has {wanted}")
        return said.format(file=file, id=id, wanted=wanted)
    said = _("{n} more plans would have the id {wanted}: theirs are {first} to {last}")
    return said.format(n=len(renamed), wanted=wanted, first=id, last=renamed[-1][1])


def _with_id(read: importing_batch.Read, id: str) -> bytes:
    return importing_batch.renamed(read.written, read.id, id) if id != read.id else read.written


def _passed(suffixes: Counter[str]) -> str:
    """Say how many files were passed over, and the most frequent of their suffixes."""
    names = [name or _("no suffix") for name, _n in suffixes.most_common(SHOWN)]
    said = _("passed over, since no reader takes them: {n} ({names})")
    return said.format(n=suffixes.total(), names=_(", ").join(names))
