"""A folder to send out: a sheet a body with its tasks and room to report, and an index of all."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from plancli import query
from plancli.errors import needing
from plancli.i18n import _
from plancli.output import formats
from plancli.output.formats import xlsx
from plancli.output.formats.columns import Said, number
from plancli.output.formats.xlsx import Book, Field, Sheet
from plancli.query import Filter
from plancli.results.document import ALL, Document, Table
from plancli.results.table import Result, Row
from plancli.system import atomic
from plancli.system.atomic import AtomicDirectory
from plancli.tracking import assignments, sheet_columns
from plancli.tracking.assignments import POSSIBLE, Duty
from plancli.tracking.sheet_columns import INDEX

ASIDE = "可能涉及"  # the folder of bodies that only a collective phrase may include
LONGEST = 60  # characters of a file's name
DEVICE = re.compile(r"^(con(?:in|out)\$)(?=\.|$)", re.IGNORECASE)  # pathvalidate lets them pass
RISKY = "-=+@~."  # what a shell, a spreadsheet or a file manager would read as its own


class Bundle(NamedTuple):
    """All that one body is sent, and the file that it is sent in, without its suffix."""

    body: str
    kind: str
    duties: tuple[Duty, ...]
    file: str

    def count(self, role: str) -> int:
        return sum(duty.role == role for duty in self.duties)


def bundles(named: Iterable[Duty], maybe: Iterable[Duty]) -> list[Bundle]:
    """Return what each body is sent: what it leads, what it takes part in, what may concern it.

    Errors: MissingPackage without what writes workbooks.
    """
    own, may = _by_body(named), _by_body(maybe)
    taken = {INDEX.casefold()}
    found = []
    with needing("office", _("to write {format}, {package} is needed").replace("{format}", "xlsx")):
        import xlsxwriter  # noqa: F401  (said before anything is written)

        for body in dict.fromkeys((*own, *may)):
            listed = (*own.get(body, ()), *may.get(body, ()))
            folder = "" if body in own else f"{ASIDE}/"
            found.append(Bundle(body, listed[0].kind, listed, folder + _file(body, taken)))
    return found


def write(
    db: sqlite3.Connection, where: Filter, packed: Iterable[Bundle], folder: Path, *, word: bool
) -> Iterator[Bundle]:
    """Write *packed* and the index into the new or empty *folder*, all or nothing.

    Yields each bundle as it is written; *word* writes a Word file beside each sheet.
    Errors: PlanError where there are files already, or the folder cannot be written.
    """
    every = assignments.named(db)
    versions = {plan: assignments.version(every, plan) for plan in {each.plan for each in every}}
    whole = query.whole(db, where, Table(ALL, query.tasks(db, where)))
    with atomic.atomic_directory(folder) as draft:
        yield from _written(draft, whole, list(packed), versions, word)


def _written(
    folder: AtomicDirectory,
    whole: Document,
    packed: list[Bundle],
    versions: dict[str, str],
    word: bool,
) -> Iterator[Bundle]:
    for bundle in packed:
        _sheet(folder.file(f"{bundle.file}.xlsx"), bundle, whole, versions)
        if word:
            with folder.file(f"{bundle.file}.docx").open("wb") as out:
                formats.write(_document(bundle, whole), "docx", out)
        yield bundle
    _index(folder.file(f"{INDEX}.xlsx"), whole, packed)


def _sheet(file: Path, bundle: Bundle, whole: Document, versions: dict[str, str]) -> None:
    names = _shown(whole)
    fields = [
        Field(
            sheet_columns.HEADINGS[name],
            sheet_columns.WIDTHS[name],
            fill=name in sheet_columns.FILL,
            choices=sheet_columns.STATES if name == "state" else (),
        )
        for name in names
    ]
    hidden = Field(sheet_columns.ID, 26, hidden=True)
    notes = _notes(bundle, whole, sheet_columns.HELP)
    with file.open("wb") as out, Book(out, _title(whole), grows=True) as book:
        listed = Sheet(book, "任务清单", _title(whole), notes, [*fields, hidden])
        for duty in bundle.duties:
            said = sheet_columns.cells(duty)
            cells = [said.get(name, "") for name in names]
            listed.row([*map(_cell, names, cells), duty.id])
        listed.close()
        plans = dict.fromkeys(duty.plan for duty in bundle.duties)
        book.hidden(
            sheet_columns.META, [(plan, versions.get(plan, ""), bundle.body) for plan in plans]
        )


def _cell(name: str, said: str) -> Said:
    return number(said) if name == "no" else said


def _document(bundle: Bundle, whole: Document) -> Document:
    """Return the same sheet for Word."""
    names = _shown(whole)
    rows: tuple[Row, ...] = tuple(
        tuple(sheet_columns.cells(duty).get(name, "") for name in names) for duty in bundle.duties
    )
    listed = Result("", tuple(sheet_columns.HEADINGS[name] for name in names), rows)
    table = Table("任务清单", listed, tuple(sheet_columns.WIDTHS[name] for name in names))
    return Document((table,), _title(whole), _notes(bundle, whole, sheet_columns.PAPER))


def _shown(whole: Document) -> list[str]:
    """Return the fields of a sheet that people see: the plan only where there are several."""
    several = whole.plans is not None and len(whole.plans.rows) > 1
    return [name for name in sheet_columns.HEADINGS if name != "plan" or several]


def _index(file: Path, whole: Document, packed: list[Bundle]) -> None:
    """Write who is sent what, and every task, those that name nobody included."""
    fields = [Field("单位", 40), Field("类别", 16), Field("牵头", 8), Field("参与、负责", 12),
              Field("可能涉及", 10), Field("文件", 50)]  # fmt: skip
    with file.open("wb") as out, Book(out, whole.title) as book:
        listed = Sheet(book, "单位索引", whole.title, whole.notes, fields)
        for bundle in packed:
            counts = (bundle.count(role) for role in ("lead", "participate", POSSIBLE))
            listed.row([bundle.body, bundle.kind, *counts, f"{bundle.file}.xlsx"], link=True)
        listed.close()
        unnamed = whole.answer.through(partial(_unnamed, whole.answer.columns))
        xlsx.add(book, whole, whole.tables[0])
        xlsx.add(book, whole, Table("未写明责任单位的任务", unnamed))
        book.hidden(sheet_columns.META, [(INDEX, "", "")])  # nobody's


def _unnamed(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the tasks that name nobody."""
    lead, rest = (columns.index(name) for name in ("lead", "participate"))
    return (row for row in rows if not (row[lead] or row[rest]))


def _title(whole: Document) -> str:
    return whole.title.removesuffix("任务分解表") + sheet_columns.TITLE


def _notes(bundle: Bundle, whole: Document, help: str) -> tuple[str, ...]:
    counts = (bundle.count(role) for role in ("lead", "participate", POSSIBLE))
    said = sheet_columns.whose(bundle.body, *counts)
    return (said, *whole.notes, f"填报说明：{help}")


def _by_body(listed: Iterable[Duty]) -> dict[str, list[Duty]]:
    return {body: list(each) for body, each in groupby(listed, lambda duty: duty.body)}


def _file(body: str, taken: set[str]) -> str:
    """Return a file's name for *body* that every system takes, and that no other body has."""
    from pathvalidate import sanitize_filename  # of the extra office

    plain = "".join(char if char.isprintable() else "_" for char in normalize("NFC", body))
    safe = str(sanitize_filename(plain, replacement_text="_", platform="universal"))[:LONGEST]
    safe = DEVICE.sub(r"\1_", safe)
    if not safe.strip(". ") or safe[0] in RISKY:
        safe = f"_{safe.strip('. ')}"
    n, name = 1, safe
    while name.casefold() in taken:
        n += 1
        name = f"{safe}（{n}）"
    taken.add(name.casefold())
    return name
