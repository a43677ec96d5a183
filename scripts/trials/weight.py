"""What an install takes, plain and with each extra: ``python -m scripts.trials.weight``."""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from scripts.trials.table import Row, printed

TOP = Path(__file__).parents[2]
SHOWN = re.compile(r"^\| `pip install \S+` .*\| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
MORE = 1.1  # of what docs/dependencies.md says: packages grow


def asked() -> dict[str, list[str]]:
    """Extra ("" for none) -> the packages that it asks for beside the plain install."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {
        name: needs
        for name, needs in project["optional-dependencies"].items()
        if name not in ("test", "test-all", "trials", "dev")
    }
    every = [need for needs in extras.values() for need in needs]
    named = {"": project["dependencies"], **extras, ",".join(extras): every}
    return {
        extra: sorted({re.split(r"[<>=]", need)[0] for need in needs})
        for extra, needs in named.items()
    }


def weighed(wheel: Path, extra: str) -> tuple[int, float, float]:
    """Return how many packages *wheel* brings with *extra*, the MB of all, and its own."""
    with tempfile.TemporaryDirectory() as empty:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", empty], check=True)
        wanted = f"plancli[{extra}] @ {wheel.as_uri()}" if extra else str(wheel)
        pip = [sys.executable, "-m", "pip", "-q", "--python", empty, "install", wanted]
        subprocess.run(pip, check=True)
        (site,) = Path(empty).glob("[Ll]ib/**/site-packages")
        count = len(list(distributions(path=[str(site)]))) - 1
        return count, size_of(site), size_of(site / "plancli")


def size_of(folder: Path) -> float:
    """Return the MB of all files in *folder*."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def rows() -> Iterator[Row]:
    """Weigh each install against what docs/dependencies.md says of it."""
    said = SHOWN.findall((TOP / "docs/dependencies.md").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as made:
        pip = [sys.executable, "-m", "pip", "-q", "wheel", "--no-deps", "-w", made, str(TOP)]
        subprocess.run(pip, check=True)
        (wheel,) = Path(made).glob("*.whl")
        yield Row("plancli-….whl", f"{wheel.stat().st_size / 1e6:.2f} MB")
        for (extra, needs), shown in zip(asked().items(), said, strict=True):
            count, size, own = weighed(wheel, extra)
            direct, most, heaviest = map(int, shown)
            met = len(needs) == direct and count <= most * MORE and size <= heaviest * MORE
            name = f"`pip install .[{extra}]`" if extra else "`pip install .`"
            measured = f"{len(needs)} packages asked for, {count} in all, {size:.0f} MB"
            yield Row(name, measured, f"{direct}, {most}, {heaviest} MB, and a tenth", met)
        yield Row("of it plancli itself", f"{own:.1f} MB")


if __name__ == "__main__":
    sys.exit(printed(rows()))
