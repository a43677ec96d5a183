"""Why no test sees some changes of the code."""

import re

EXPLAINED: dict[str, str] = {}  # a pattern of "line before → line after" -> why


def why(change: str) -> str:
    """Return why *change* is one that no answer can show, or nothing."""
    old, _arrow, new = change.partition(" → ")
    if old.casefold() == new.casefold() and re.search("SELECT|DROP|utf-8", old):
        return "neither SQL nor the names of encodings know case"
    if any(old[: at.start()] + "None" + old[at.end() :] == new for at in re.finditer("False", old)):
        return "None is as false as False"
    return next((why for known, why in EXPLAINED.items() if re.search(known, change)), "")
