"""Every message plancli can say, and the Chinese for it: ``python -m scripts.catalogue`` compiles.

Messages are ``_("…")`` calls, what ValueErrors in the model say, and the help of every command.
"""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import plancli
from plancli.cli.app import EXAMPLES
from plancli.cli.main import build_program

HOME = Path(plancli.__file__).parent
PO = HOME / "locale" / "zh_CN" / "LC_MESSAGES" / "plancli.po"
MO = PO.with_suffix(".mo")


def messages() -> set[str]:
    """Return every message that a person may read, in English."""
    found = {said for _command, said in EXAMPLES}
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "ValueError", "InvalidField")
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    whole = typer.main.get_command(build_program([]))
    for command in (whole, *whole.commands.values()):
        found.add(command.help)
        found |= {param.help for param in command.params if getattr(param, "help", None)}
    return found


def catalogue() -> dict[str, str]:
    """Return message -> Chinese, from the catalogue that people edit."""
    return _read(PO, read_po)


def compiled() -> dict[str, str]:
    """Return message -> Chinese, from the compiled catalogue that gettext reads."""
    return _read(MO, read_mo)


def compile_catalogue() -> None:
    """Write the compiled catalogue; its header depends on the version of Babel."""
    with PO.open("rb") as source, MO.open("wb") as target:
        write_mo(target, read_po(source))


def _read(file: Path, read: Callable[[BinaryIO], Catalog]) -> dict[str, str]:
    with file.open("rb") as opened:
        return {str(each.id): str(each.string) for each in read(opened) if each.id}


if __name__ == "__main__":
    compile_catalogue()
    missing = messages() - catalogue().keys()
    print("\n".join(sorted(missing)) or "complete")
