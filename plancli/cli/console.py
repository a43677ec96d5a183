"""Normalize environment variables about the console before Rich, Typer or a pager read them."""

from collections.abc import MutableMapping

MAX_SIZE = 1000  # columns and lines
MIN_SIZES = {"COLUMNS": 20, "LINES": 1}  # tables are unreadable in fewer columns
OFF_VALUES = frozenset({"0", "false", "no", "off"})


def normalize_environment(environ: MutableMapping[str, str]) -> None:
    """Leave in *environ* only valid console sizes, and one setting for colour.

    A size of 0, too few columns and non-numbers are removed: Rich would draw on no column, or fail.
    FORCE_COLOR=0 and CLICOLOR=0 become NO_COLOR, which Rich supports; CLICOLOR_FORCE becomes
    FORCE_COLOR.
    """
    for name, least in MIN_SIZES.items():
        if typed := environ.pop(name, "").strip():
            digits = typed.lstrip("0") if typed.isascii() and typed.isdigit() else ""
            size = int(digits[: len(str(MAX_SIZE)) + 1] or 0)
            if size >= least:
                environ[name] = str(min(size, MAX_SIZE))
    force, always = (environ.get(name, "").lower() for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    forced = force not in ("", *OFF_VALUES) or (not force and always not in ("", *OFF_VALUES))
    if force in OFF_VALUES or (not forced and environ.get("CLICOLOR", "").lower() in OFF_VALUES):
        environ["NO_COLOR"] = "1"
    environ.pop("FORCE_COLOR", None)
    if forced:
        environ["FORCE_COLOR"] = "1"
