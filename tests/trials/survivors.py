"""Why no test sees some changes of the code."""

import re

# A pattern of "line before → line after" -> why.
EXPLAINED = {
    r"strip\(.* → .*strip\(.*XX": "a letter more to strip: no text of the kind ends in it",
    r"steps = sorted\(|best = min\(|step\.cost|_of_row|row\[0\] if": "in what order conditions are asked is speed, not an answer",
    r"ensure_ascii=False.* → .*ensure_ascii=None": "None is as false as False",
    r'write_text\(text \+ "\\n", "utf-8"\)': "where the system's own encoding is UTF-8, it is the same",
}


def why(change: str) -> str:
    """Return why *change* is one that no answer can show, or nothing."""
    old, _arrow, new = change.partition(" → ")
    if old.casefold() == new.casefold() and re.search("SELECT|DROP|utf-8", old):
        return "neither SQL nor the names of encodings know case"
    if any(old[: at.start()] + "None" + old[at.end() :] == new for at in re.finditer("False", old)):
        return "None is as false as False"
    return next((why for known, why in EXPLAINED.items() if re.search(known, change)), "")
