"""The task numbers that a person means: 41, 第41项, 11-16, 41,43."""

import re
from collections.abc import Iterator

from plancli.errors import BadUsage
from plancli.i18n import _
from plancli.text.normalize import squeeze

NUMBERS = re.compile(r"第?(\d{1,9})[-—~至到](\d{1,9})[项条.]?")
NUMBER = re.compile(r"第?(.+?)[项条.]?")
SEVERAL = re.compile(r"[,，、;；\s]")
MOST = 10_000  # numbers that one range may stand for


def meant(typed: str) -> Iterator[str]:
    """Yield the task numbers that *typed* means: 41, 第41项, 11-16, or several: 41,43."""
    for part in filter(None, SEVERAL.split(typed)):
        yield from _numbers(part)


def _numbers(typed: str) -> Iterator[str]:
    if span := NUMBERS.fullmatch(squeeze(typed)):
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < MOST:
            raise BadUsage(
                _("{typed} is not a range of numbers").format(typed=typed),
                hint=_("for example: plancli task 11-16"),
            )
        yield from map(str, range(first, last + 1))
    elif number := NUMBER.fullmatch(squeeze(typed)):
        yield number[1]
