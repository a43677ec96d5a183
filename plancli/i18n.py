"""Choose the language of messages: PLANCLI_LANG, else the locale; English or Chinese."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
_language_override: ContextVar[str] = ContextVar("language_override", default="")


def get_language() -> str:
    """Return ``zh`` or ``en``, from the first of the usual environment variables that is set."""
    if code := _language_override.get():
        return code
    for variable in ("PLANCLI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if os.name == "nt" and _get_windows_language().startswith("Chinese") else "en"


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Use the language *code* for all messages inside the ``with`` block."""
    before = _language_override.set(code)
    try:
        yield
    finally:
        _language_override.reset(before)


def _get_windows_language() -> str:
    from locale import getlocale  # slow to import; needed on Windows only

    return getlocale()[0] or ""


@cache
def load_catalog(code: str) -> NullTranslations:
    """Load the messages of the language *code*; English needs no file."""
    if code == "en":
        return NullTranslations()
    return translation("plancli", LOCALE_DIR, ["zh_CN"], fallback=True)


def _(message: str) -> str:
    """Translate *message*, which the code gives in English, into the user's language."""
    return load_catalog(get_language()).gettext(message)


def format_os_error(error: Exception) -> str:
    """Return the reason of an OS error; common ones are translated."""
    everyday = {
        errno.ENOENT: _("No such file or directory"),
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.ENOSPC: _("No space left on device"),
        errno.EROFS: _("Read-only file system"),
    }
    reason = everyday.get(getattr(error, "errno", None) or 0)
    return reason or getattr(error, "strerror", None) or str(error)
