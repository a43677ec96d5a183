"""Import many documents, on one core or on several, with the same results as one by one."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from plancli import importing
from plancli.errors import BadPlan, PlanError
from plancli.i18n import _
from plancli.importing import readers
from plancli.importing.parsing.coverage import BLANK_CHARS
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.readers import pdf
from plancli.importing.reporting import batch, summary
from plancli.plan import io as plan_io
from plancli.plan.model import Plan
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files, process_pool
from plancli.text.escapes import escape_unprintable

PLAN_HEADER = (
    "# 由 plancli import 从原文生成。review 下列出存疑之处，请对照原文核对，核对后删去。\n"
)
MIN_PARALLEL_JOBS = 50  # with fewer documents, starting processes takes longer than reading
LOOK_AHEAD = 64  # documents that each process may read ahead of the output
NO_TASKS = "no-tasks"


class ImportJob(NamedTuple):
    """A document to be read, with the options for it."""

    document: Path
    file: str  # its path relative to the plan
    jurisdiction: str = ""
    year: int | None = None
    report: str = ""  # json, html, or "" for no report


class ImportSuccess(NamedTuple):
    """A document that was read."""

    id: str
    title: str
    totals: summary.ImportTotals
    plan_bytes: bytes  # the plan's file
    doubtful_rules: tuple[str, ...]  # of the diagnostics that a person must check
    report: str


class ImportFailure(NamedTuple):
    """A document from which no plan was made."""

    reason: str
    hint: str = ""


def require_text(draft: ImportedPlan, document: Path) -> None:
    """Raise BadPlan if *document* has no text."""
    if not draft.source_text.text.strip("".join(BLANK_CHARS)):
        raise BadPlan(
            _("{file}: it contains no text").format(file=document),
            hint=_(
                "check that it is the right file; if it is a scan, recognise the text first (OCR)"
            ),
        )


def finalize_plan(
    draft: ImportedPlan, data: bytes, file: str, id: str = "", year: int | None = None
) -> Plan:
    """Return the plan of *draft* with its source: *file*, relative to the plan, with bytes *data*.

    Errors: ValueError if *id* is not a valid id.
    """
    plan = draft.plan
    name = escape_unprintable(file).replace("\n", "\\n")  # YAML forbids control characters
    origin = replace(plan.source, file=name, sha256=sha256(data).hexdigest())
    return replace(plan, source=origin, id=id or plan.id, year=year or plan.year)


def dump_plan(plan: Plan) -> bytes:
    """Return the bytes of an imported plan's file."""
    return plan_io.encode_file(plan, PLAN_HEADER)


def check_plan_file(raw: bytes, plan: Plan, document: Path, registry: Registry) -> None:
    """Check that *raw*, the file of *plan* from *document*, can be parsed and gives *plan* again.

    Errors: BadPlan if not.
    """
    try:
        same = plan_io.parse_plan(raw, str(document), registry) == plan
        why = "" if same else _("reading it back gives a different plan")
    except BadPlan as error:
        why = str(error).removeprefix(f"{document}:")
    if not why:
        return
    message = _("{file}: nothing was written, since plancli could not open the plan: {why}")
    raise BadPlan(
        message.format(file=document, why=why),
        hint=_("save its text as .txt and import that, and report this as a bug in plancli"),
    )


def update_id(raw: bytes, old: str, new: str) -> bytes:
    """Return the plan's file *raw* with the id *new* instead of *old*."""
    return raw.replace(_format_id_line(old), _format_id_line(new), 1)


def _format_id_line(id: str) -> bytes:
    bare = Plan(id=id, title="—", year=0, jurisdiction="—", lists=())
    return plan_io.encode_file(bare).splitlines(keepends=True)[0]


def iter_results(
    jobs: Sequence[ImportJob], workers: int
) -> Iterator[ImportSuccess | ImportFailure]:
    """Yield the result of each of *jobs*, in order."""
    if workers < 2 or len(jobs) < MIN_PARALLEL_JOBS:
        yield from map(create_reader(), jobs)
        return
    read = process_pool.imap_ordered(create_reader, jobs, workers, LOOK_AHEAD * workers)
    for job, result in zip(jobs, read, strict=True):
        if isinstance(result, process_pool.WorkerDied):
            hint = _("read it alone; if memory is short, fewer at once: --jobs 1")
            yield ImportFailure(result.describe(job.document), hint)
        else:
            yield result


def create_reader() -> Callable[[ImportJob], ImportSuccess | ImportFailure]:
    """Return the function that imports a document; it loads the registry only once."""
    registry = registry_io.load_default_registry()
    pdf.enable_process_reuse()
    gc.freeze()  # the registry and modules stay in memory
    gc.set_threshold(700)  # documents have many cycles: 1,000 of them take 170 MB instead of 440

    def read_job(job: ImportJob) -> ImportSuccess | ImportFailure:
        name = str(job.document)
        try:
            return _read_document(job, name, registry)
        except PlanError as error:
            message = str(error)
            reason = message if name in message else _format_failure(name, message)
            return ImportFailure(reason, error.hint)
        except MemoryError:
            return ImportFailure(_("{file}: not enough memory to read it").format(file=name))
        except Exception as error:  # an unexpected error must not stop the other documents
            why = f"{type(error).__name__}: {error}".split("\n")[0]
            return ImportFailure(_("{file}: cannot be read: {why}").format(file=name, why=why))

    return read_job


def _read_document(job: ImportJob, name: str, registry: Registry) -> ImportSuccess | ImportFailure:
    data = files.read_document(job.document)
    if not readers.is_document_name(name):
        return ImportFailure(
            _("{file}: this kind of file cannot be read").format(file=name),
            _("supported suffixes: {names}").format(names=" ".join(readers.FORMAT_BY_SUFFIX)),
        )
    draft = importing.import_document(data, name, registry, job.jurisdiction)
    require_text(draft, job.document)
    rules = tuple(each.rule for each in summary.select_doubtful(draft))
    if NO_TASKS in rules:
        meaning, remedy = summary.get_meaning(NO_TASKS)
        return ImportFailure(_format_failure(name, meaning), remedy)
    plan = finalize_plan(draft, data, job.file, year=job.year)
    raw = dump_plan(plan)
    check_plan_file(raw, plan, job.document, registry)
    report = batch.render_entry(draft, name, job.report)
    return ImportSuccess(plan.id, plan.title, summary.count_totals(draft), raw, rules, report)


def _format_failure(name: str, why: str) -> str:
    return _("{file}: {why}").format(file=name, why=why)
