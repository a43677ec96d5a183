"""What holds for any bytes at all, and the inputs beside this file that once broke it.

Each law takes the bytes of a file that anybody may send.  Whatever they are, there is an answer, or
an error of ours that says what to do; nothing else comes out.  ``LAWS`` has them by the name of the
folder that holds their inputs, which is also that of their target in ``tests.trials.fuzz``.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

from plancli.errors import BadPlan, MissingPackage, PlanError
from plancli.importing import batch, readers
from plancli.importing.parsing.coverage import BLANK
from plancli.importing.parsing.draft import Draft
from plancli.importing.parsing.draft import draft as draft_of
from plancli.importing.readers import limits, page, pdf, pdf_process
from plancli.importing.readers.limits import TooMuch
from plancli.plan import agency_lists, clause
from plancli.plan import io as plan_io
from plancli.plan.model import Group
from plancli.plan.role import Role
from plancli.registry import io as registry_io
from plancli.system import files
from plancli.tracking import assignments, merge, progress_file, row_matching
from plancli.tracking.findings import Findings

HERE = Path(__file__).parent
OURS = str(files.HERE)
PLACES = ("安徽", "合肥")


@cache
def known():
    return registry_io.load_default_registry()


@cache
def given():
    """Every duty that the shipped plan gives."""
    from plancli.database import cache as database_cache

    with tempfile.TemporaryDirectory() as cache:
        import os

        os.environ.setdefault("PLANCLI_CACHE", cache)
        return tuple(assignments.named(database_cache.open_plans((), note=print)))


def of_source(raw: bytes) -> None:
    """A file of ours is refused with its line, or it is written and read back the same."""
    again = {
        "plan": lambda raw: plan_io.plan(raw, "a.yaml", known()),
        "agencies": lambda raw: registry_io.registry(raw, REGIONS).agencies,
        "regions": lambda raw: registry_io.registry(AGENCIES, raw).regions,
        "progress": lambda raw: progress_file.loads(raw, "a.yaml"),
    }
    for name, read in again.items():
        try:
            value = read(raw)
        except BadPlan as error:
            if ".yaml:" not in str(error):
                raise AssertionError("it does not say where") from error
            continue
        plan_io.header(raw)
        if name == "plan":
            assert read(plan_io.dumps(value)) == value
        elif name == "progress":
            assert read(progress_file.dumps(value)) == value


AGENCIES, REGIONS = b"agencies: []\n", b"regions: []\n"


def of_clause(raw: bytes) -> None:
    """A clause is refused, or what it gives is written as a clause that gives just that."""
    text = raw.decode("utf-8", "replace")
    try:
        read = clause.parse(text, PLACES)
    except BadPlan:
        return
    names = [name for group in read for name in group.names]
    assert all(name.strip() for name in names)
    written = clause.write(read)
    if len(written) <= clause.LONGEST and all(apart(group.names) for group in read):
        assert clause.parse(written, PLACES) == read, (text, written)


def apart(names: tuple[str, ...]) -> bool:
    """Whether *names* are those of bodies, in full, and can be told apart in a row."""
    row = [piece.text for piece in agency_lists.pieces("、".join(names) + "，")]
    return row == [*agency_lists.full(names, PLACES), ""] == [*names, ""] and all(
        map(plainly, names)
    )


def plainly(name: str) -> bool:
    """Whether *name* is that of a body, and nothing that a clause would read otherwise."""
    return agency_lists.looks_like(name) and clause.parse(f"{name}牵头", PLACES) == (
        Group.of(Role.LEAD, (name,)),
    )


def of_document(
    suffix: str, read: Callable[[bytes, str], page.Page] = readers.read
) -> Callable[[bytes], None]:
    """The law of a document: told why not, or a plan that accounts for every character."""

    def law(raw: bytes) -> None:
        try:
            draft = draft_of(read(raw, f"a.{suffix}"), known())
        except MissingPackage:
            raise
        except PlanError as error:
            own_fault(error)
            return
        accounted(draft)
        plan = batch.settled(draft, raw, "a.txt")
        assert plan_io.plan(batch.written(plan), "a.yaml", known()) == plan

    return law


def read_pdf_here(raw: bytes, _name: str) -> page.Page:
    """Read a PDF in this process, not in one of its own, to see which mistakes are ours."""
    try:
        with readers.quiet():
            return pdf.page_of(pdf_process.read_pages(raw))
    except Exception as error:
        raise BadPlan("cannot be read as pdf") from error


def own_fault(error: PlanError) -> None:
    """Fail where *error* tells politely of a mistake of ours."""
    cause, trace = error.__cause__, error.__cause__ and error.__cause__.__traceback__
    if not trace or isinstance(cause, TooMuch):
        return
    while trace.tb_next:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename
    if file.startswith(OURS) and file != limits.__file__:  # its errors are meant to be told
        raise cause


def accounted(draft: Draft) -> None:
    stretches = list(draft.account.stretches())
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    seen = sum(char not in BLANK for char in draft.page.text)
    assert sum(draft.account.characters().values()) == seen


def of_returned(raw: bytes) -> None:
    """A sheet that came back is told to be none, or what it says is kept in a file of ours."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        file = Path(name) / "a.xlsx"
        file.write_bytes(raw)
        findings = Findings()
        places = row_matching.Places(given(), findings)
        places.take(file.parent, file)
        after = merge.merged(progress_file.Progress(), places, given(), findings)
        assert progress_file.loads(progress_file.dumps(after), "a.yaml") == after


LAWS: dict[str, Callable[[bytes], None]] = {
    "source": of_source,
    "clause": of_clause,
    "txt": of_document("txt"),
    "html": of_document("html"),
    "md": of_document("md"),
    "csv": of_document("csv"),
    "json": of_document("json"),
    "xlsx": of_document("xlsx"),
    "docx": of_document("docx"),
    "pdf": of_document("pdf", read_pdf_here),
    "returned": of_returned,
}
