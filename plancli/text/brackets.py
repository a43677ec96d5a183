"""Find brackets and quotation marks without their counterpart."""

from collections.abc import Collection

OPENING_MARKS, CLOSING_MARKS = "（(〔[【《“‘", "）)〕]】》”’"


def find_unbalanced_mark(text: str) -> int | None:
    """Return the offset of the first mark without a counterpart."""
    return next(iter(find_unbalanced_marks(text)), None)


def find_unbalanced_marks(
    text: str, opening: Collection[str] = OPENING_MARKS, closing: Collection[str] = CLOSING_MARKS
) -> list[int]:
    """Return the offsets of the marks without a counterpart: closing ones, then opening ones."""
    closed: list[int] = []
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in opening:
            opened.append(at)
        elif char in closing and opened:
            opened.pop()
        elif char in closing:
            closed.append(at)
    return closed + opened
