"""Why no test sees some changes of the code."""

import re

EXPLAINED = {  # a pattern of "line before → line after" -> why
    r"strip\(.* → .*strip\(.*XX": "one letter more is stripped, which no such text ends in",
    r"steps = sorted\(|best = min\(|step\.cost|row\[0\] if": "the order of asking is only speed",
    r"ORDER BY (rowid|id|task_id|section_id).* → (?!.*ORDER BY)": "a way only makes it faster",
    r"label.lastgroup or": "every label is in a group that has a name",
    r"LONGEST \* ": "how far a name is looked for beyond the longest there is, is only speed",
    r"ending = \"\" → ending = None": "it is only asked whether there is an ending",
    r"\[word\] = None": "the words are keys, in their order; what they hold is not read",
    r"steps?\)(,\))? \)? ?→ .*, \)": "a way only makes it faster",
    r"every, 30 → .*(31|None)$": "what a way costs is only asked to choose the quickest",
    r"step\.holds\.replace": "whether a row is enough to ask is only speed",
    r"strict=True.* → .*strict=(False|None)": "both are as long",
    r"ensure_ascii=None": "None is as false as False",
    r'write_text\(text \+ "\\n"': "where these are run, UTF-8 is the system's own encoding",
}


def why(change: str) -> str:
    """Return why *change* is one that no answer can show, or nothing."""
    old, _arrow, new = change.partition(" → ")
    if old.casefold() == new.casefold() and re.search("SELECT|DROP|utf-8", old):
        return "neither SQL nor the names of encodings know case"
    if any(old[: at.start()] + "None" + old[at.end() :] == new for at in re.finditer("False", old)):
        return "None is as false as False"
    return next((why for known, why in EXPLAINED.items() if re.search(known, change)), "")
