"""Write ``data/pinyin.tsv``: the pinyin of every name in the included plan and the registry.

``python -m scripts.pinyin`` writes the names that are looked up when the database is built.  With
them, the first question need not read pypinyin's tables.  The pinyin of divisions is in
``data/divisions.tsv``; data/pinyin_readings.tsv corrects both.
"""

from plancli.database import cache
from plancli.registry import pinyin
from plancli.system import files


def build_table() -> bytes:
    """Return the file as it should be: the names met while the included plan is loaded."""
    table = pinyin.load_pinyin_table()
    stored = dict(table)
    table.clear()
    try:
        cache.build_in_memory([], [str(files.DEFAULT_PLAN)]).close()
        return "".join(f"{name}\t{spelled}\n" for name, spelled in table.items()).encode()
    finally:
        table.update(stored)


if __name__ == "__main__":
    pinyin.PINYIN_FILE.touch()
    pinyin.PINYIN_FILE.write_bytes(build_table())
