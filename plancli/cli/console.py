"""What the environment says of the console, made sane before Rich, Typer or a pager reads it."""

from collections.abc import MutableMapping

WIDEST = 1000  # columns, and lines
NARROWEST = {"COLUMNS": 20, "LINES": 1}  # in fewer columns no table can be read
OFF = frozenset({"0", "false", "no", "off"})


def settle(environ: MutableMapping[str, str]) -> None:
    """Leave in *environ* only sizes that a console may have, and one word on colour.

    A size of 0, too few columns, and what is no number, are as if they were not given: Rich would
    draw on no column at all, or fail.  FORCE_COLOR=0 and CLICOLOR=0 are NO_COLOR, which Rich knows;
    CLICOLOR_FORCE is FORCE_COLOR.
    """
    for name, least in NARROWEST.items():
        if typed := environ.pop(name, "").strip():
            digits = typed.lstrip("0") if typed.isascii() and typed.isdigit() else ""
            size = int(digits[: len(str(WIDEST)) + 1] or 0)
            if size >= least:
                environ[name] = str(min(size, WIDEST))
    force, always = (environ.get(name, "").lower() for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    forced = force not in ("", *OFF) or (not force and always not in ("", *OFF))
    if force in OFF or (not forced and environ.get("CLICOLOR", "").lower() in OFF):
        environ["NO_COLOR"] = "1"
    environ.pop("FORCE_COLOR", None)
    if forced:
        environ["FORCE_COLOR"] = "1"
