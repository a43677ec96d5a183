"""A folder of official texts, made up from seeds: what every engine here imports.

python benchmarks/distributed/texts.py FOLDER [DOCUMENTS]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' documents

from tests.papers import documents

DOCUMENTS = 500


def write(folder: Path, count: int = DOCUMENTS) -> None:
    """Write the documents of the seeds 0, 1, … into *folder*, which may hold them already."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        document = documents.document(seed)
        (folder / document.name).write_bytes(document.data)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else DOCUMENTS)
