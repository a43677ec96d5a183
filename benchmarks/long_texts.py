"""What a long text costs the grammar of numbers: time at two sizes, and how it grows.

    python benchmarks/long_texts.py

Texts are one piece over and over, such as a rule might look at from its beginning each time.
Aim: ten times the text takes about ten times the time, never a hundred times.
"""

import time

from plancli.text.quantities import find_numbers

PIECES = (
    "1 一 二 “ 《 1, 1年 1、 “1” a a1 a/ 1+ 1. 1至 百分之 第 1， 由1 对1个 突破万亿元"
).split()
SIZES = (20_000, 200_000)  # characters


def main() -> None:
    print("| piece | ms | ms, ten times the text | ratio |")
    print("| --- | ---: | ---: | ---: |")
    for piece in PIECES:
        small, large = (taken((piece * size)[:size]) for size in SIZES)
        print(f"| {piece} | {small:.1f} | {large:.1f} | {large / small:.1f} |")


def taken(text: str) -> float:
    """Return the milliseconds that reading *text* takes."""
    began = time.process_time()
    list(find_numbers(text))
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
