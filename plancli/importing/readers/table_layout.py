"""Distinguish tables of data from tables that only arrange the article on the page."""

from collections.abc import Sequence

from plancli.importing.parsing.table_columns import AGENCY_COLUMNS, classify_column

MIN_ARTICLE_LINES = 3  # in the cell that holds the article


def is_layout(rows: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Return whether the table with the cells *rows*, each a list of lines, is no table of data.

    It has one row or one column, or one of its cells holds the article: more than half of the text,
    in several lines, while no other cell is the heading of a column of agencies.
    """
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return True
    cells = [cell for row in rows for cell in row]
    sizes = [sum(map(len, cell)) for cell in cells]
    largest = sizes.index(max(sizes))
    if len(cells[largest]) < MIN_ARTICLE_LINES or sizes[largest] * 2 <= sum(sizes):
        return False
    return not any(
        classify_column("".join("".join(cell).split())) in AGENCY_COLUMNS
        for n, cell in enumerate(cells)
        if n != largest
    )
