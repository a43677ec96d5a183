"""Every table of docs/robustness.md, one after the other: ``python -m scripts.trials [NAME]...``"""

import subprocess
import sys

TRIALS = {  # module -> what is printed above its table
    "faults": "Faults at random, and many at once",
    "together": "Several writers at once, and folders of others",
    "systems": "Every command on poor terminals and odd systems",
    "bombs": "Small files that become large or never end",
    "growth": "How time grows with a document's length",
    "fuzz": "Any bytes, by every reader: an hour each",
    "weight": "What an install takes",
    "covered": "How much of the code the tests run through",
    "mutants": "Changes of the code that no test sees",
    "statements": "Changes of the questions' SQL that no test sees",
}


def main(names: list[str]) -> int:
    """Run the trials called *names*, or all; return how many failed or missed an aim."""
    failed = 0
    for name in names or TRIALS:
        print(f"\n# {TRIALS[name]}\n\n`python -m scripts.trials.{name}`\n", flush=True)
        failed += bool(subprocess.run([sys.executable, "-m", f"scripts.trials.{name}"]).returncode)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
