"""Ranges of pyproject.toml: ``python -m scripts.ranges`` tells what is not the lowest release."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import version

from packaging.requirements import Requirement
from packaging.version import Version

from scripts.pages import read_page

OTHERS = ("trials", "dev")  # extras that no test needs


def read_ranges(*without: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for, but for the extras *without*."""
    project = tomllib.loads(read_page("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].items()
    more = [each for name, asked in extras if name not in without for each in asked]
    for each in map(Requirement, [*project["dependencies"], *more]):
        if each.name != "plancli":
            yield each


def find_lowest(requirement: Requirement) -> Version:
    """Return the lower end of a range."""
    return max(Version(each.version) for each in requirement.specifier if each.operator == ">=")


def find_higher() -> Iterator[str]:
    """Yield each package that is installed in a release above the lower end of its range."""
    for each in read_ranges(*OTHERS):
        if Version(version(each.name)) > find_lowest(each):
            yield f"{each.name} {version(each.name)} is above {each}"


if __name__ == "__main__":
    higher = list(find_higher())  # where a lower one has no wheel for this Python
    print("\n".join(higher) or "every package is the lowest that its range allows")
