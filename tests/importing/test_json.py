"""Whatever form a JSON file has, its words are read alike."""

import json

import pytest

from plancli.i18n import use_language
from plancli.importing.readers import spreadsheet

ROWS = [["序号", "任务", "单位"], ["1", "办甲事。", "甲局"], ["2", "办乙事。", "乙局、丙局"]]
OBJECTS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
FORMS = [
    ROWS,
    {"data": OBJECTS},
    {"data": {"rows": OBJECTS, "few": []}},
    [*OBJECTS, "a line among objects"],
    [{**OBJECTS[0], "序号": 1}, {**OBJECTS[1], "序号": 2}],
]


def read(value):
    return spreadsheet.read_json(json.dumps(value, ensure_ascii=False)).text


@pytest.mark.parametrize("value", FORMS)
def test_objects_and_rows_are_one_table(value):
    assert read(value) == read(OBJECTS)
    assert all(cell in read(value) for row in ROWS for cell in row)


@pytest.mark.parametrize("value", [["甲", "乙"], {"a": "甲", "b": "乙"}, {"lines": ["甲", "乙"]}])
def test_lines_are_a_text(value):
    assert read(value).split() == ["甲", "乙"]
    assert read("甲").split() == ["甲"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("[1, 2", 1, 6), ("", 1, 1), ('[\n{"a" 1}]', 2, 6), ("[1,]", 1, 4), ("[1] x", 1, 5)],
)
def test_what_is_no_json_is_told_with_its_place_in_the_user_s_words(text, line, column):
    said = {
        "en": f"line {line}, column {column}: this is not valid JSON from here on",
        "zh": f"第 {line} 行第 {column} 列起不符合 JSON 格式",
    }
    for code, words in said.items():
        with use_language(code), pytest.raises(ValueError, match=words):
            spreadsheet.read_json(text)


def test_what_is_nested_without_end_is_refused():
    with pytest.raises(ValueError, match="nested too deeply"):
        spreadsheet.read_json("[" * 100_000 + "]" * 100_000)
