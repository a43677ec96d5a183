"""Whether letters are the pinyin of several divisions, without reading the registry."""

import re

from plancli.system import files


def is_spelled_by_several(key: str) -> bool:
    """Whether several divisions may have the pinyin *key*: shanxi, jiujiang.

    True for some beginnings as well, which are then looked up in the registry in vain.
    """
    spelled = re.compile(r"\t" + " ?".join(re.escape(key)) + r"[ \t]")
    return len(spelled.findall((files.DATA_DIR / "divisions.tsv").read_text("utf-8"))) > 1
