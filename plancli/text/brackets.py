"""Find brackets and quotation marks without their counterpart."""

OPENING_MARKS, CLOSING_MARKS = "（(〔[【《“‘", "）)〕]】》”’"


def find_unbalanced_mark(text: str) -> int | None:
    """Return the offset of the first mark without a counterpart."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in OPENING_MARKS:
            opened.append(at)
        elif char in CLOSING_MARKS:
            if not opened:
                return at
            opened.pop()
    return opened[0] if opened else None
