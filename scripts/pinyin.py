"""Every name the shipped plan and the registries bring, and how it is spoken.

``python -m scripts.pinyin`` writes ``data/pinyin.tsv``, which saves the first question from reading
pypinyin's own tables.
"""

from plancli.database import cache
from plancli.registry import pinyin
from plancli.system import files


def made() -> bytes:
    """Return the file as it should be: the names met when the shipped plan is loaded, spoken."""
    ready = dict(pinyin.load_pinyin_table())
    pinyin.load_pinyin_table().clear()
    try:
        cache.build_in_memory([], [str(files.DEFAULT_PLAN)]).close()
        return "".join(
            f"{name}\t{said}\n" for name, said in pinyin.load_pinyin_table().items()
        ).encode()
    finally:
        pinyin.load_pinyin_table().update(ready)


if __name__ == "__main__":
    pinyin.PINYIN_FILE.touch()
    pinyin.PINYIN_FILE.write_bytes(made())
