"""What a trial found, beside its aim, with the machine and the date."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Row(NamedTuple):
    """One line: what was tried, how it went, what was aimed at, and whether that is met."""

    what: str
    measured: str
    aim: str = ""
    met: bool | None = None  # nothing was aimed at


def printed(rows: Iterable[Row]) -> int:
    """Print *rows*, each as it comes, in Markdown; return how many miss their aim."""
    print(
        f"{os.cpu_count()} x {platform.machine()} {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {date.today()}"
    )
    print("\n| | measured | aim | |\n| --- | --- | --- | --- |")
    missed = 0
    for row in rows:
        verdict = {True: "met", False: "missed", None: ""}[row.met]
        print(f"| {row.what} | {row.measured} | {row.aim} | {verdict} |", flush=True)
        missed += row.met is False
    return missed
