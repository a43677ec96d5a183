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
from plancli.importing.parsing.coverage import BLANK
from plancli.importing.parsing.draft import Draft
from plancli.importing.readers import pdf
from plancli.importing.reporting import batch, summary
from plancli.plan import io as plan_io
from plancli.plan.model import Plan, entries
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files, process_pool
from plancli.text.escapes import printable

HEADER = "# 由 plancli import 从原文生成。review 下列出存疑之处，请对照原文核对，核对后删去。\n"
FEW = 50  # documents that one process has read before others have started
AHEAD = 64  # documents for each process that may be read before their turn
NOTHING = "no-tasks"


class Job(NamedTuple):
    """A document to be read, and what is said of it beforehand."""

    document: Path
    file: str  # where it is, seen from its plan
    jurisdiction: str = ""
    year: int | None = None
    report: str = ""  # json or html, where its report is wanted


class Read(NamedTuple):
    """A document that was read."""

    id: str
    title: str
    tasks: int
    written: bytes  # the plan's file
    doubts: tuple[str, ...]  # the rules
    report: str


class Failed(NamedTuple):
    """A document that gave no plan."""

    why: str
    hint: str = ""


def needs_words(draft: Draft, document: Path) -> None:
    """Refuse a *document* that has no words at all."""
    if not draft.page.text.strip("".join(BLANK)):
        raise BadPlan(
            _("{file}: there is no text in it").format(file=document),
            hint=_(
                "look whether it is the right file; of pictures, recognise the text first (OCR)"
            ),
        )


def settled(draft: Draft, data: bytes, file: str, id: str = "", year: int | None = None) -> Plan:
    """Return the plan of *draft*, read from *data*, which are those of *file* beside it.

    Errors: ValueError where *id* is no id.
    """
    plan = draft.plan
    named = printable(file).replace("\n", "\\n")  # a plan's file holds no control characters
    origin = replace(plan.source, file=named, sha256=sha256(data).hexdigest())
    return replace(plan, source=origin, id=id or plan.id, year=year or plan.year)


def written(plan: Plan) -> bytes:
    """Return the file of a plan that was read."""
    return plan_io.dumps(plan, HEADER)


def check_written(raw: bytes, plan: Plan, document: Path, known: Registry) -> None:
    """Refuse *raw*, the file of a *plan* that *document* gave, if plancli could not open it.

    Errors: BadPlan, also where something else than *plan* would be read in it.
    """
    try:
        same = plan_io.plan(raw, str(document), known) == plan
        why = "" if same else _("it would be read as another plan")
    except BadPlan as error:
        why = str(error).removeprefix(f"{document}:")
    if not why:
        return
    said = _("{file}: nothing was written, since plancli could not open the plan: {why}")
    raise BadPlan(
        said.format(file=document, why=why),
        hint=_("save its text as .txt and import that, and report this as a fault of plancli"),
    )


def renamed(raw: bytes, old: str, new: str) -> bytes:
    """Return the plan's file *raw* with the id *new* instead of *old*: as if written so."""
    return raw.replace(_line(old), _line(new), 1)


def _line(id: str) -> bytes:
    bare = Plan(id=id, title="—", year=0, jurisdiction="—", lists=())
    return plan_io.dumps(bare).splitlines(keepends=True)[0]


def results(jobs: Sequence[Job], workers: int) -> Iterator[Read | Failed]:
    """Yield what comes of each of *jobs*, in their order, whoever reads them."""
    if workers < 2 or len(jobs) < FEW:
        yield from map(reader(), jobs)
        return
    read = process_pool.imap_ordered(reader, jobs, workers, AHEAD * workers)
    for job, result in zip(jobs, read, strict=True):
        if isinstance(result, process_pool.WorkerDied):
            hint = _("read it alone; if memory is short, fewer at once: --jobs 1")
            yield Failed(result.describe(job.document), hint)
        else:
            yield result


def reader() -> Callable[[Job], Read | Failed]:
    """Return the function that reads a document; the registries are read once for all."""
    known = registry_io.load_default_registry()
    pdf.keep_process()
    gc.freeze()  # what has been read so far stays
    gc.set_threshold(700)  # documents are full of cycles: else 1,000 of them take 440 MB, not 170

    def read(job: Job) -> Read | Failed:
        name = str(job.document)
        try:
            return _read(job, name, known)
        except PlanError as error:
            said = str(error)
            return Failed(said if name in said else _named(name, said), error.hint)
        except MemoryError:
            return Failed(_("{file}: not enough memory to read it").format(file=name))
        except Exception as error:  # one document that nobody foresaw must not stop the others
            why = f"{type(error).__name__}: {error}".split("\n")[0]
            return Failed(_("{file}: cannot be read: {why}").format(file=name, why=why))

    return read


def _read(job: Job, name: str, known: Registry) -> Read | Failed:
    data = files.read_source(job.document)
    if not readers.takes(name):
        return Failed(
            _("{file}: no reader takes this kind of file").format(file=name),
            _("a document's name ends in one of {names}").format(names=" ".join(readers.SUFFIXES)),
        )
    draft = importing.read(data, name, known, job.jurisdiction)
    needs_words(draft, job.document)
    doubts = tuple(each.rule for each in summary.doubts(draft))
    if NOTHING in doubts:
        meaning, remedy = summary.says(NOTHING)
        return Failed(_named(name, meaning), remedy)
    plan = settled(draft, data, job.file, year=job.year)
    raw = written(plan)
    check_written(raw, plan, job.document, known)
    count = sum(1 for _entry in entries(plan))
    told = batch.part(draft, name, job.report)
    return Read(plan.id, plan.title, count, raw, doubts, told)


def _named(name: str, why: str) -> str:
    return _("{file}: {why}").format(file=name, why=why)
