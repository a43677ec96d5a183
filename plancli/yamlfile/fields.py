"""Describe the YAML keys of a dataclass: help, default, reference, uniqueness."""

from dataclasses import field
from typing import Any


class InvalidField(ValueError):
    """Raised when a field of a record has an invalid value."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def required(help: str, **more: Any) -> Any:
    """Describe a required key; *more*: ``key`` (its name in the file), ``refers``, ``unique``,
    ``lines`` (it may hold line breaks), ``year``."""
    return field(metadata={"help": help, **more})


def optional(help: str, default: Any = (), **more: Any) -> Any:
    """Describe an optional key."""
    return field(default=default, metadata={"help": help, **more})
