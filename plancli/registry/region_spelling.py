"""Region names in Latin letters: pinyin, initials, and other usual forms (urumqi, harbin)."""

import re
from collections.abc import Iterable

from plancli.registry import pinyin
from plancli.registry.model import Region, RegionType
from plancli.system import files

LATIN_NAMES_FILE = files.DATA_DIR / "latin_names.tsv"
LATIN = re.compile("[a-z]+")
LATIN_MARKS = str.maketrans({"ü": "v", **dict.fromkeys("'’‘`´-·. ")})
WITHOUT_INITIALS = (RegionType.COUNTY, RegionType.TOWN)


class RegionSpellings:
    """The pinyin of regions, made when it is first asked for."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = {each.name: each for each in regions}
        self._full: dict[str, list[str]] = {}
        self._initials: dict[str, list[str]] = {}

    def find(self, key: str) -> tuple[list[str], bool]:
        """Return the regions spelled *key*, and whether in full rather than by initials."""
        key = key.translate(LATIN_MARKS)
        if not LATIN.fullmatch(key):
            return [], False
        if (name := load_latin_names().get(key)) in self.regions:
            return [name], True
        self._load()
        if full := self._full.get(key):
            return list(dict.fromkeys(full)), True
        return list(dict.fromkeys(self._initials.get(key, ()))), False

    def is_name(self, name: str, key: str) -> bool:
        """Whether *key* is the pinyin of the region's name rather than of another name of it."""
        return key.translate(LATIN_MARKS) == "".join(pinyin.split_syllables(name))

    def get_full(self, spelled: str) -> list[str]:
        """Return the regions whose full pinyin is *spelled*."""
        self._load()
        return self._full.get(spelled, [])

    def _load(self) -> None:
        if self._full:
            return
        for region in self.regions.values():
            for form in (region.name, *region.aliases):
                syllables = pinyin.split_syllables(form)
                self._full.setdefault("".join(syllables), []).append(region.name)
                if region.type not in WITHOUT_INITIALS:
                    initials = "".join(each[0] for each in syllables)
                    self._initials.setdefault(initials, []).append(region.name)


def load_latin_names() -> dict[str, str]:
    """Return the forms in use besides pinyin -> the region."""
    lines = LATIN_NAMES_FILE.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {form: name for name, forms in pairs for form in forms.split()}
