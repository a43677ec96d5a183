"""Read the help of commands from the source where Python drops docstrings (-OO)."""

import ast
import inspect
from textwrap import dedent

import typer


def load_docstrings(app: typer.Typer) -> None:
    """Set the help of *app* and its commands to the docstrings in their source."""
    for info in (app.registered_callback, *app.registered_commands):
        if info and info.callback and not isinstance(info.help, str):
            info.help = _read_docstring(info.callback)


def _read_docstring(function: object) -> str | None:
    source = dedent(inspect.getsource(inspect.unwrap(function)))  # type: ignore[arg-type]
    definition = ast.parse(source).body[0]
    return ast.get_docstring(definition) if isinstance(definition, ast.FunctionDef) else None
