"""What the package says of itself, its dependencies and their ranges; that tests can fail."""

import ast
import re

import pytest
from packaging.version import Version

from plancli.system import files
from scripts.pages import TOP, read_page
from scripts.ranges import find_lowest, read_ranges
from scripts.trials import weight

LINE = re.compile(r"^\| `([\w-]+)` \|([\w`,、 ]*)\| [^|]+ \|$", re.MULTILINE)


def test_every_dependency_has_its_line():
    table = read_page("docs/dependencies.md").partition("## What each package is for")[2]
    table = table.partition("\n## ")[0]
    said = {package: set(re.findall(r"\w+", extras)) for package, extras in LINE.findall(table)}
    needed = {package: set() for package in weight.asked()[""]}
    for extra, packages in weight.asked().items():
        for package in packages if extra and "," not in extra else ():
            needed.setdefault(package, set()).add(extra)
    assert said == needed
    assert len(LINE.findall(table)) == len(said)


def test_every_install_has_its_line():
    shown = weight.SHOWN.findall(read_page("docs/dependencies.md"))
    assert [int(direct) for direct, _all, _size in shown] == list(map(len, weight.asked().values()))


def test_the_package_says_that_it_is_typed():
    assert (files.PACKAGE / "py.typed").is_file()


PUBLIC = {"os._exit"}  # documented all the same
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


ADVISORY = re.compile(r"^\| `([\w.-]+)` \| ([\w-]+) \| ([\d.]+) \| [^|]+ \|$", re.MULTILINE)


def test_every_range_has_one_lower_end_wherever_it_stands():
    ends = {}
    for each in read_ranges():
        if each.name != "types-PyYAML":  # any will do for mypy
            ends.setdefault(each.name, set()).add(str(each.specifier))
    assert all(len(found) == 1 for found in ends.values()), ends
    assert all(">=" in specifier for found in ends.values() for specifier in found)


def test_no_range_lets_in_what_is_known_to_be_vulnerable():
    head, _title, rest = read_page("docs/dependencies.md").partition(
        "These are not held by a range"
    )
    listed = ADVISORY.findall(head)
    ranges = {each.name: each for each in read_ranges()}
    assert len(listed) > 10
    for package, advisory, fixed in listed:
        assert find_lowest(ranges[package]) >= Version(fixed), (package, advisory)
    named = re.findall(r"CVE-[\d-]+", read_page("pyproject.toml"))
    assert named
    assert set(named) <= {advisory for _package, advisory, _fixed in listed}
    assert re.search(r"on \d{4}-\d\d-\d\d", head)
    assert "CVE" in rest


TESTS = [
    node
    for file in sorted((TOP / "tests").rglob("*.py"))
    for node in ast.walk(ast.parse(file.read_text("utf-8")))
    if isinstance(node, ast.FunctionDef)
    and (node.name.startswith("test_") or "fixture" in ast.unparse(node).split("def ")[0])
]


def test_every_test_uses_what_it_asks_for():
    """Also what hypothesis makes for it: whoever asks for it and leaves it tests half a law."""
    assert len(TESTS) > 500
    for test in TESTS:
        names = [
            each for line in test.body for each in ast.walk(line) if isinstance(each, ast.Name)
        ]
        used = {each.id for each in names if isinstance(each.ctx, ast.Load)}
        asked = {each.arg for each in (*test.args.args, *test.args.kwonlyargs)}
        assert asked <= used, f"{test.name}: {asked - used}"
