"""Keyword search is a substring scan, folded: exact at any length, for any characters."""

import sqlite3
import sys
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from plancli import query
from plancli.plan.model import iter_tasks
from plancli.text.normalize import (
    build_fts_phrase,
    fold,
    get_invisible_pattern,
    is_invisible,
    iter_matches,
    load_simplified,
    normalize_key,
    split_bigrams,
)
from scripts.traditional import make
from tests.conftest import SMALL

ANY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
NEAR = st.text(
    st.sampled_from("省发展改革 ab-\"'*^()AND\t\x00ＡＢ發，.100%"), min_size=1, max_size=12
)


def test_every_short_word_of_the_plan_and_no_other_task(db, plan):
    texts = {entry.task.no: fold(entry.task.text) for entry in iter_tasks(plan)}
    words = {
        text[at : at + size]
        for text in texts.values()
        for size in range(1, 7)
        for at in range(len(text) - size + 1)
    }
    sql = (
        "SELECT task.no FROM task_fts JOIN task ON task.id = task_fts.rowid WHERE task_fts MATCH ?"
    )
    for word in words:
        found = [no for (no,) in db.execute(sql + " ORDER BY task.id", (build_fts_phrase(word),))]
        assert found == [no for no, text in texts.items() if word in text], word


# What Unicode 14 calls Default_Ignorable_Code_Point, of what is assigned, and ends of lines.
UNSEEN = [
    chr(code)
    for first, last in (
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
        (0xE0001, 0xE0001), (0xE0020, 0xE007F), (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
]  # fmt: skip


def test_what_nobody_sees_is_no_part_of_a_word():
    assert all(is_invisible(mark) and fold(mark) == "" for mark in UNSEEN)
    seen = [chr(code) for code in range(sys.maxunicode + 1) if not is_invisible(chr(code))]
    assert "" not in map(fold, seen)
    assert not {char for char in map(chr, range(0x110000)) if is_invisible(char)} - {
        *UNSEEN, *filter(lambda char: category(char) == "Cf", map(chr, range(0x110000)))
    }  # fmt: skip
    assert not get_invisible_pattern().search("".join(seen))
    assert get_invisible_pattern().fullmatch("".join(UNSEEN))


@given(st.lists(ANY | NEAR | st.sampled_from(UNSEEN)), st.data())
def test_a_word_with_what_nobody_sees_is_the_word(parts, data):
    bare = "".join(parts)
    at = data.draw(st.integers(0, len(bare)))
    marked = bare[:at] + data.draw(st.sampled_from(UNSEEN)) + bare[at:]
    assert (fold(marked), normalize_key(marked)) == (fold(bare), normalize_key(bare))
    assert (split_bigrams(marked), build_fts_phrase(marked)) == (
        split_bigrams(bare),
        build_fts_phrase(bare),
    )
    for start, end in iter_matches(marked, bare):
        assert fold(bare) in fold(marked[start:end])


@pytest.mark.parametrize("mark", [*"\u200b\ufeff\u200e\u2060\xad\u202a\ufe00\u180e\U000e0100"])
def test_a_question_with_what_nobody_sees_is_the_question(run, tmp_path, mark):
    for asked in (
        ("keyword", "科{}创"), ("agency", "省{}能源局"), ("region", "皖{}北"), ("section", "二{}(三)"),
        ("list", "-k", "{}科创", "-a", "省{}科技厅"), ("agency", "s{}nyj", "--role", "lead{}"),
    ):  # fmt: skip
        bare = run(*(each.format("") for each in asked), "-f", "tsv")
        assert bare[0] == 0
        assert run(*(each.format(mark) for each in asked), "-f", "tsv")[:2] == bare[:2]
    plan = tmp_path / "plan.yaml"
    plan.write_text(SMALL.read_text("utf-8").replace("总结", f"总{mark}结"), "utf-8")
    for word in ("总结", f"{mark}总结", f"结{mark}经"):
        assert run("keyword", word, "-p", str(plan), "-f", "tsv")[1].count("\n") == 2
    code, _out, err = run("keyword", mark, "-p", str(plan))
    assert (code, "a keyword is empty" in err) == (2, True)


def indexed(texts):
    db = sqlite3.connect(":memory:")
    sql = (Path(query.__path__[0]).parent / "database/schema.sql").read_text("utf-8")
    db.executescript(sql[sql.index("CREATE VIRTUAL TABLE") :])
    db.executemany(
        "INSERT INTO task_fts(rowid, text) VALUES (?, ?)", enumerate(map(split_bigrams, texts))
    )
    return db


@settings(deadline=None, max_examples=400)
@given(texts=st.lists(NEAR | ANY, min_size=1, max_size=5), word=NEAR | ANY)
@example(texts=["ab cd"], word=" c")
@example(texts=['say "x"'], word='"')
@example(texts=["一"], word="一")
@example(texts=["a\x00b"], word="\x00b")
@example(texts=["AND OR NOT NEAR(x)"], word="and or")
@example(texts=["發展", "发展"], word="发展")
@example(texts=["总\u200b结", "总结"], word="总结")
def test_any_word_in_any_texts(texts, word):
    assume(fold(word))
    db = indexed(texts)
    found = {
        n
        for (n,) in db.execute(
            "SELECT rowid FROM task_fts WHERE task_fts MATCH ?", (build_fts_phrase(word),)
        )
    }
    assert found == {n for n, text in enumerate(texts) if fold(word) in fold(text)}


@settings(deadline=None)
@given(text=NEAR | ANY, word=NEAR | ANY)
def test_a_word_is_found_where_its_text_is_marked(text, word):
    assume(fold(word))
    places = list(iter_matches(text, word))
    assert bool(places) == (fold(word) in fold(text))
    assert all(fold(word) in fold(text[a:b]) for a, b in places)


@given(a=ANY, b=ANY)
def test_a_part_folds_to_a_part(a, b):
    assert fold(a + b) == fold(a) + fold(b)
    assert fold(fold(a)) == fold(a)


def test_every_traditional_character_is_its_simplified_one():
    """Over all that Unicode has for Chinese: those of the table, and no others."""
    blocks = range(0x3400, 0xA000), range(0x20000, 0x2F800), range(0x30000, 0x323B0)
    every = [chr(code) for block in blocks for code in block]
    table = load_simplified()
    assert len(table) > 3000
    assert {*table} <= {*every}
    assert [fold(char) for char in every] == [table.get(char, char) for char in every]


def test_traditional_characters_of_names_are_known():
    for traditional, plain in (
        ("國務院辦公廳", "国务院办公厅"),
        ("滁州鳳陽縣", "滁州凤阳县"),
        ("發展和改革委員會", "发展和改革委员会"),
        ("後於乾徵麴", "后于干征曲"),
        ("审计署", "审计署"),
    ):
        assert fold(traditional) == plain


def test_the_table_of_traditional_characters_is_made_of_single_ones():
    """The first choice, characters that stay left out, and none that is simplified again."""
    rows = ["# of", "", "㑮\t㑮 𫝈", "㑯\t㑔", "薴\t苧", "苧\t苎", "乾\t干 乾"]
    made = make(rows, "1").splitlines()
    assert [row for row in made if row[0] != "#"] == ["㑯\t㑔", "乾\t干", "苧\t苎", "薴\t苎"]
    assert all(len(char) == 1 for pair in load_simplified().items() for char in pair)
    assert not {*load_simplified()} & {*load_simplified().values()}


def test_script_case_and_width_are_one(run):
    for word in ("LNG", "lng", "ＬＮＧ", "ｌｎｇ"):
        assert run("keyword", word, "-f", "tsv")[1].splitlines()[1].split("\t")[1] == "42"
    assert run("keyword", "發展", "-f", "tsv") == run("keyword", "发展", "-f", "tsv")


def test_several_words_must_all_be_there(run, plan):
    _code, out, _err = run("keyword", "合作", "沪苏浙", "-f", "tsv")
    wanted = [
        e.task.no for e in iter_tasks(plan) if "合作" in e.task.text and "沪苏浙" in e.task.text
    ]
    assert [line.split("\t")[1] for line in out.splitlines()[1:]] == wanted


def test_a_word_of_the_clause_is_not_a_word_of_the_text(run):
    code, out, err = run("keyword", "按职责分工负责", "-f", "tsv")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "no task contains 按职责分工负责" in err
