"""What the package says of itself: every dependency has its line, and types are told."""

import re

import pytest

from plancli import files
from tests.pages import TOP
from tests.test_docs import READMES
from tests.trials import weight

LINE = re.compile(r"^\| `([\w-]+)` \|([\w`,、 ]*)\| [^|]+ \|$", re.MULTILINE)


@pytest.mark.parametrize("name", READMES.values())
def test_every_dependency_has_its_line(name):
    table = (TOP / name).read_text("utf-8").partition("weight`")[2].partition("\n## ")[0]
    said = {package: set(re.findall(r"\w+", extras)) for package, extras in LINE.findall(table)}
    needed = {package: set() for package in weight.asked()[""]}
    for extra, packages in weight.asked().items():
        for package in packages if extra and "," not in extra else ():
            needed.setdefault(package, set()).add(extra)
    assert said == needed
    assert len(LINE.findall(table)) == len(said)


@pytest.mark.parametrize("name", READMES.values())
def test_every_install_has_its_line(name):
    shown = weight.SHOWN.findall((TOP / name).read_text("utf-8"))
    assert [int(direct) for direct, _all, _size in shown] == list(map(len, weight.asked().values()))


def test_the_package_says_that_it_is_typed():
    assert (files.HERE / "py.typed").is_file()
