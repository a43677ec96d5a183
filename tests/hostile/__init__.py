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
from plancli.importing.parsing.coverage import BLANK_CHARS
from plancli.importing.parsing.draft import ImportedPlan
from plancli.importing.parsing.draft import build_imported_plan as draft_of
from plancli.importing.readers import limits, page, pdf, pdf_process
from plancli.importing.readers.limits import LimitExceeded
from plancli.plan import agency_lists, clause
from plancli.plan import io as plan_io
from plancli.plan.model import DutyGroup
from plancli.plan.role import Role
from plancli.registry import io as registry_io
from plancli.system import files
from plancli.tracking import assignments, merge, progress_file, row_matching
from plancli.tracking.findings import CollectDiagnostics

HERE = Path(__file__).parent
OURS = str(files.PACKAGE)
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
        return tuple(assignments.list_assignments(database_cache.open_plans((), note=print)))


def of_source(raw: bytes) -> None:
    """A file of ours is refused with its line, or it is written and read back the same."""
    again = {
        "plan": lambda raw: plan_io.parse_plan(raw, "a.yaml", known()),
        "agencies": lambda raw: registry_io.parse_registry(raw, REGIONS).agencies,
        "regions": lambda raw: registry_io.parse_registry(AGENCIES, raw).regions,
        "progress": lambda raw: progress_file.load_progress(raw, "a.yaml"),
    }
    for name, read in again.items():
        try:
            value = read(raw)
        except BadPlan as error:
            if ".yaml:" not in str(error):
                raise AssertionError("it does not say where") from error
            continue
        plan_io.read_header(raw)
        if name == "plan":
            assert read(plan_io.encode_file(value)) == value
        elif name == "progress":
            assert read(progress_file.dump_progress(value)) == value


AGENCIES, REGIONS = b"agencies: []\n", b"regions: []\n"


def of_clause(raw: bytes) -> None:
    """A clause is refused, or what it gives is written as a clause that gives just that."""
    text = raw.decode("utf-8", "replace")
    try:
        read = clause.parse_duties(text, PLACES)
    except BadPlan:
        return
    names = [name for group in read for name in group.names]
    assert all(name.strip() for name in names)
    written = clause.format_clause(read)
    if len(written) <= clause.MAX_CLAUSE_LENGTH and all(apart(group.names) for group in read):
        assert clause.parse_duties(written, PLACES) == read, (text, written)


def apart(names: tuple[str, ...]) -> bool:
    """Whether *names* are those of bodies, in full, and can be told apart in a row."""
    row = [piece.text for piece in agency_lists.split_names("、".join(names) + "，")]
    return row == [*agency_lists.expand_ellipses(names, PLACES), ""] == [*names, ""] and all(
        map(plainly, names)
    )


def plainly(name: str) -> bool:
    """Whether *name* is that of a body, and nothing that a clause would read otherwise."""
    return agency_lists.is_likely_agency(name) and clause.parse_duties(f"{name}牵头", PLACES) == (
        DutyGroup.from_names(Role.LEAD, (name,)),
    )


def of_document(
    suffix: str, read: Callable[[bytes, str], page.SourceText] = readers.read_source_text
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
        plan = batch.finalize_plan(draft, raw, "a.txt")
        assert plan_io.parse_plan(batch.dump_plan(plan), "a.yaml", known()) == plan

    return law


def read_pdf_here(raw: bytes, _name: str) -> page.SourceText:
    """Read a PDF in this process, not in one of its own, to see which mistakes are ours."""
    try:
        with readers.suppress_library_output():
            return pdf.from_messages(pdf_process.read_pages(raw))
    except Exception as error:
        raise BadPlan("cannot be read as pdf") from error


def own_fault(error: PlanError) -> None:
    """Fail where *error* tells politely of a mistake of ours."""
    cause, trace = error.__cause__, error.__cause__ and error.__cause__.__traceback__
    if not trace or isinstance(cause, LimitExceeded):
        return
    while trace.tb_next:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename
    if file.startswith(OURS) and file != limits.__file__:  # its errors are meant to be told
        raise cause


def accounted(draft: ImportedPlan) -> None:
    stretches = list(draft.coverage.iter_spans())
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    seen = sum(char not in BLANK_CHARS for char in draft.source_text.text)
    assert sum(draft.coverage.count_characters().values()) == seen


def of_returned(raw: bytes) -> None:
    """A sheet that came back is told to be none, or what it says is kept in a file of ours."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        file = Path(name) / "a.xlsx"
        file.write_bytes(raw)
        findings = CollectDiagnostics()
        places = row_matching.RowMatcher(given(), findings)
        places.add_file(file.parent, file)
        after = merge.merge_reports(progress_file.ProgressFile(), places, given(), findings)
        assert progress_file.load_progress(progress_file.dump_progress(after), "a.yaml") == after


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
