"""The finished 任务分解表: the answer, then the same tasks by body, by place and counted."""

from typing import BinaryIO

from plancli.export.columns import BRIEF, columns
from plancli.export.workbook import Book, Field, Sheet
from plancli.results.document import ALL, Document, Table


def xlsx(document: Document, out: BinaryIO) -> None:
    """A workbook of all the document's tables, a sheet each."""
    with Book(out, document.title) as book:
        for table in (*document.tables, *document.sheets()):
            add(book, document, table)


def add(book: Book, document: Document, table: Table) -> None:
    """Add *table* as a sheet; rows that it has no room for stand in a next one."""
    shown = columns(table, document.empty | (frozenset() if table.name == ALL else BRIEF))
    fields = [Field(column.heading, column.width) for column in shown]
    number = 1
    sheet = Sheet(book, table.name, document.title, document.notes, fields)
    for record in table.result.records():
        if sheet.full:
            sheet.close()
            number += 1
            name = f"{table.name}（{number}）"
            sheet = Sheet(book, name, document.title, document.notes, fields)
        sheet.row(column.said(record) for column in shown)
    sheet.close()
