"""The help of the commands where Python leaves docstrings out (-OO): read from their source."""

import ast
import inspect
from textwrap import dedent

import typer


def load_docstrings(app: typer.Typer) -> None:
    """Give *app* and its commands as help what stands as docstrings in their source."""
    for info in (app.registered_callback, *app.registered_commands):
        if info and info.callback and not isinstance(info.help, str):
            info.help = _read_docstring(info.callback)


def _read_docstring(function: object) -> str | None:
    source = dedent(inspect.getsource(inspect.unwrap(function)))  # type: ignore[arg-type]
    definition = ast.parse(source).body[0]
    return ast.get_docstring(definition) if isinstance(definition, ast.FunctionDef) else None
