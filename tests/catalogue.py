"""Every message plancli can say, and the Chinese for it: ``python tests/catalogue.py`` compiles.

Messages are ``_("…")`` calls, what ValueErrors in the model say, and the help of every command.
"""

import ast
from io import BytesIO
from pathlib import Path

import typer
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import plancli
from plancli.cli import program
from plancli.cli.overview import EXAMPLES

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
                and node.func.id in ("_", "ValueError")
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    whole = typer.main.get_command(program([]))
    for command in (whole, *whole.commands.values()):
        found.add(command.help)
        found |= {param.help for param in command.params if getattr(param, "help", None)}
    return found


def catalogue() -> dict[str, str]:
    """Return message -> Chinese, from the catalogue that people edit."""
    with PO.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id}


def compiled() -> bytes:
    """Return the catalogue as gettext reads it."""
    out = BytesIO()
    with PO.open("rb") as file:
        write_mo(out, read_po(file))
    return out.getvalue()


if __name__ == "__main__":
    MO.write_bytes(compiled())
    missing = messages() - catalogue().keys()
    print("\n".join(sorted(missing)) or "complete")
