"""Many documents -> their plans, each as if it were read alone; on one core or on all."""

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
from plancli.plan.model import Plan, iter_tasks
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files, process_pool
from plancli.text.escapes import escape_unprintable

PLAN_HEADER = (
    "# 由 plancli import 从原文生成。review 下列出存疑之处，请对照原文核对，核对后删去。\n"
)
MIN_PARALLEL_JOBS = 50  # documents that one process has read before others have started
LOOK_AHEAD = 64  # documents for each process that may be read before their turn
NO_TASKS = "no-tasks"


class ImportJob(NamedTuple):
    """A document to be read, and what is said of it beforehand."""

    document: Path
    file: str  # where it is, seen from its plan
    jurisdiction: str = ""
    year: int | None = None
    report: str = ""  # json or html, where its report is wanted


class ImportSuccess(NamedTuple):
    """A document that was read."""

    id: str
    title: str
    task_count: int
    plan_bytes: bytes  # the plan's file
    doubtful_rules: tuple[str, ...]  # the rules
    report: str


class ImportFailure(NamedTuple):
    """A document that gave no plan."""

    reason: str
    hint: str = ""


def require_text(draft: ImportedPlan, document: Path) -> None:
    """Refuse a *document* that has no words at all."""
    if not draft.source_text.text.strip("".join(BLANK_CHARS)):
        raise BadPlan(
            _("{file}: there is no text in it").format(file=document),
            hint=_(
                "check that it is the right file; if it is a scan, recognise the text first (OCR)"
            ),
        )


def finalize_plan(
    draft: ImportedPlan, data: bytes, file: str, id: str = "", year: int | None = None
) -> Plan:
    """Return the plan of *draft*, read from *data*, which are those of *file* beside it.

    Errors: ValueError where *id* is no id.
    """
    plan = draft.plan
    named = escape_unprintable(file).replace(
        "\n", "\\n"
    )  # a plan's file holds no control characters
    origin = replace(plan.source, file=named, sha256=sha256(data).hexdigest())
    return replace(plan, source=origin, id=id or plan.id, year=year or plan.year)


def dump_plan(plan: Plan) -> bytes:
    """Return the file of a plan that was read."""
    return plan_io.encode_file(plan, PLAN_HEADER)


def check_plan_file(raw: bytes, plan: Plan, document: Path, known: Registry) -> None:
    """Refuse *raw*, the file of a *plan* that *document* gave, if plancli could not open it.

    Errors: BadPlan, also where something else than *plan* would be read in it.
    """
    try:
        same = plan_io.parse_plan(raw, str(document), known) == plan
        why = "" if same else _("reading it back gives a different plan")
    except BadPlan as error:
        why = str(error).removeprefix(f"{document}:")
    if not why:
        return
    said = _("{file}: nothing was written, since plancli could not open the plan: {why}")
    raise BadPlan(
        said.format(file=document, why=why),
        hint=_("save its text as .txt and import that, and report this as a bug in plancli"),
    )


def update_id(raw: bytes, old: str, new: str) -> bytes:
    """Return the plan's file *raw* with the id *new* instead of *old*: as if written so."""
    return raw.replace(_format_id_line(old), _format_id_line(new), 1)


def _format_id_line(id: str) -> bytes:
    bare = Plan(id=id, title="—", year=0, jurisdiction="—", lists=())
    return plan_io.encode_file(bare).splitlines(keepends=True)[0]


def iter_results(
    jobs: Sequence[ImportJob], workers: int
) -> Iterator[ImportSuccess | ImportFailure]:
    """Yield what comes of each of *jobs*, in their order, whoever reads them."""
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
    """Return the function that reads a document; the registries are read once for all."""
    known = registry_io.load_default_registry()
    pdf.enable_process_reuse()
    gc.freeze()  # what has been read so far stays
    gc.set_threshold(700)  # documents are full of cycles: else 1,000 of them take 440 MB, not 170

    def read_job(job: ImportJob) -> ImportSuccess | ImportFailure:
        name = str(job.document)
        try:
            return _read_document(job, name, known)
        except PlanError as error:
            said = str(error)
            return ImportFailure(said if name in said else _format_failure(name, said), error.hint)
        except MemoryError:
            return ImportFailure(_("{file}: not enough memory to read it").format(file=name))
        except Exception as error:  # one document that nobody foresaw must not stop the others
            why = f"{type(error).__name__}: {error}".split("\n")[0]
            return ImportFailure(_("{file}: cannot be read: {why}").format(file=name, why=why))

    return read_job


def _read_document(job: ImportJob, name: str, known: Registry) -> ImportSuccess | ImportFailure:
    data = files.read_document(job.document)
    if not readers.is_document_name(name):
        return ImportFailure(
            _("{file}: this kind of file cannot be read").format(file=name),
            _("supported suffixes: {names}").format(names=" ".join(readers.FORMAT_BY_SUFFIX)),
        )
    draft = importing.import_document(data, name, known, job.jurisdiction)
    require_text(draft, job.document)
    doubts = tuple(each.rule for each in summary.select_doubtful(draft))
    if NO_TASKS in doubts:
        meaning, remedy = summary.get_meaning(NO_TASKS)
        return ImportFailure(_format_failure(name, meaning), remedy)
    plan = finalize_plan(draft, data, job.file, year=job.year)
    raw = dump_plan(plan)
    check_plan_file(raw, plan, job.document, known)
    count = sum(1 for _entry in iter_tasks(plan))
    told = batch.render_entry(draft, name, job.report)
    return ImportSuccess(plan.id, plan.title, count, raw, doubts, told)


def _format_failure(name: str, why: str) -> str:
    return _("{file}: {why}").format(file=name, why=why)
