"""What the package says of itself: every dependency has its line, and types are told."""

import ast
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


PUBLIC = {"os._exit"}  # documented all the same
# Where there is no other way: each with its reason beside it.
OF_TUPLES = {"_replace", "_fields", "_asdict", "_make", "_field_defaults"}


def is_private(name):
    return name.startswith("_") and not name.endswith("__") and name != "_"


def is_foreign(module):
    return module and module.split(".")[0] not in ("plancli", "__future__")


def find_private_names(tree):
    """Yield the private names of others that a module uses."""
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.Assign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                own |= {each.attr for each in ast.walk(target) if isinstance(each, ast.Attribute)}
                own |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
            yield from (name for name in names if any(map(is_private, name.split("."))))
        elif isinstance(node, ast.ImportFrom) and is_foreign(node.module):
            parts = [*node.module.split("."), *(each.name for each in node.names)]
            yield from filter(is_private, parts)
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            said = ast.unparse(node)
            if node.attr not in own | OF_TUPLES and said not in PUBLIC:
                yield said
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
            name = node.args[1]
            if isinstance(name, ast.Constant) and is_private(name.value):
                yield ast.unparse(node)
        elif isinstance(node, ast.Attribute) and node.attr in ("__mro__", "__bases__"):
            yield ast.unparse(node)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import _signal", ["_signal"]),
        ("import typer._click.core", ["typer._click.core"]),
        ("from _blake2 import blake2b", ["_blake2"]),
        ("from typer._click import Choice", ["_click"]),
        ("from openpyxl import _constants", ["_constants"]),
        ("sheet._cells.items()", ["sheet._cells"]),
        ("getattr(site, '_connections', {})", ["getattr(site, '_connections', {})"]),
        ("typer.BadParameter.__mro__[1]", ["typer.BadParameter.__mro__"]),
        ("from plancli.lang import _", []),
        ("os._exit(1); entry._replace(no=1)", []),
        ("class A:\n    def __init__(self): self._of = 1\n    def is_it(self, b): b._of", []),
    ],
)
def test_a_private_name_is_found(code, names):
    assert list(find_private_names(ast.parse(code))) == names


def test_no_private_names_of_others_are_used():
    """Its next release may drop them, without a word."""
    used = {
        (path.relative_to(TOP).as_posix(), name)
        for path in sorted((TOP / "plancli").rglob("*.py"))
        for name in find_private_names(ast.parse(path.read_text("utf-8")))
    }
    assert used == set()
