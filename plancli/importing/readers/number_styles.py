"""Write automatic numbers as Word and browsers print them."""

from plancli.importing.parsing import numbering

CIRCLED_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
HEAVENLY_STEMS = "甲乙丙丁戊己庚辛壬癸"
EARTHLY_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
CAPITAL_NUMERALS = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL_NUMERALS = str.maketrans("一二三四五六七八九十百千", "壹貳參肆伍陸柒捌玖拾佰仟")
ROMAN_VALUES = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MAX_NUMBER = 9999  # larger ones are printed in digits in every style
COUNTING_STYLES = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)  # fmt: skip
SEQUENCES = {
    "decimalEnclosedCircle": CIRCLED_NUMBERS,
    "decimalEnclosedCircleChinese": CIRCLED_NUMBERS,
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographTraditional": HEAVENLY_STEMS,
    "ideographZodiac": EARTHLY_BRANCHES,
}


def format_number(number: int, style: str) -> str:
    """Return *number* in *style*, a value of w:numFmt; in digits if the style has no such number.

    Source: ECMA-376 part 1, 17.18.59; what it leaves open, as LibreOffice prints it.
    """
    if style in ("bullet", "none"):
        return ""
    if style == "decimalZero":
        return f"{number:02}"
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(FULL_WIDTH_DIGITS)
    if style in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return str(number).translate(CHINESE_DIGITS)
    if not 0 < number <= MAX_NUMBER:
        return str(number)
    if style in COUNTING_STYLES:
        return numbering.format_chinese_number(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional"):
        counted = numbering.format_chinese_number(number)
        counted = f"一{counted}" if counted.startswith("十") else counted  # 壹拾
        is_simplified = style == "chineseLegalSimplified"
        return counted.translate(CAPITAL_NUMERALS if is_simplified else TRADITIONAL_NUMERALS)
    if style in SEQUENCES and number <= len(SEQUENCES[style]):
        return SEQUENCES[style][number - 1]
    if style in ("lowerRoman", "upperRoman"):
        return _set_case(_format_roman(number), style)
    if style in ("lowerLetter", "upperLetter") and number <= 10 * len(LETTERS):
        times, letter = divmod(number - 1, len(LETTERS))
        return _set_case(LETTERS[letter] * (times + 1), style)
    return str(number)


def _set_case(label: str, style: str) -> str:
    return label.upper() if style.startswith("upper") else label


def _format_roman(number: int) -> str:
    numeral = ""
    for value, letters in ROMAN_VALUES:
        times, number = divmod(number, value)
        numeral += letters * times
    return numeral
