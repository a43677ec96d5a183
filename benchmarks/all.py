"""Every table of docs/scale.md, one after the other, as this machine measures them now.

    python benchmarks/all.py [TASKS]...

TASKS are the sizes of the corpora, 1,000 and 100,000 unless told; with a million it takes an hour.
Nothing else should run meanwhile.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TABLES = {
    "A question, whole process": ("startup.py", "21", "--peers"),
    "Finding": ("search.py", "{sizes}"),
    "Building": ("loading.py", "{sizes}"),
    "Reading documents": ("importing.py",),
}


def main(sizes: list[str]) -> int:
    """Print the tables; return how many could not be made."""
    failed = 0
    for title, (program, *given) in TABLES.items():
        print(f"\n# {title}\n\n`python benchmarks/{program}`\n", flush=True)
        argv = [each for one in given for each in (sizes if one == "{sizes}" else [one])]
        failed += bool(subprocess.run([sys.executable, str(HERE / program), *argv]).returncode)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
