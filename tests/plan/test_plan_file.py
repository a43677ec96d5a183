"""What is not exactly a plan is refused, with file, line, what and what to do; exit 4."""

import re

import pytest

from plancli import i18n
from plancli.errors import BadPlan
from plancli.plan import io as plan_io
from plancli.registry import io as registry_io
from plancli.registry.model import Registry
from plancli.system import files, foreign_files
from plancli.text.layout import measure_width
from tests.conftest import SMALL

GOOD = SMALL.read_text("utf-8")


def change(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


def line_of(old):
    return GOOD[: GOOD.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file contains only comments"),
        (b"\xef\xbb\xbf\n", 1, "the file is empty"),
        (b"- id\n- b\n", 1, "expected keys: id, title"),
        (b"- a\n- b\n", 1, "not a plan: it has a list"),
        (b"\xff\xfe\x00", 1, "UTF-16 text, not UTF-8"),
        (GOOD.encode("gb18030"), line_of("某省"), "GBK text, not UTF-8"),
        (b"id: [1, 2\nb: 3\n", 1, "the bracket [ is not closed"),
        (b"id: \x01\n", 1, "control character U+0001"),
        (b"id: &x [b]\nc: [*x, *x]\n", 1, "anchors and aliases"),
        (b"id: !!python/object:os.system x\n", 1, "tags are not allowed"),
        (b"[" * 500 + b"]" * 500, 1, "nested too deeply"),
        (b"? [a]\n: b\n", 1, "a key must be a word"),
        (GOOD.encode() + b"---\nid: other\n", GOOD.count("\n") + 1, "a second document"),
        (change("year: 2030", "year: soon"), line_of("year:"), "expected a number"),
        (change("year: 2030", "year: 9" + "9" * 9999), line_of("year:"), "a year has four digits"),
        (change("year: 2030\n", ""), 2, "the key year is missing"),
        (change("year: 2030", "year: 2030\nyear: 2031"), line_of("year:") + 1, "given twice"),
        (change("text: 总结", "texts: 总结"), line_of("text: 总结"), "unknown key texts"),
        (change("text: 总结", "# 总结"), line_of("- 'no': '1.3'"), "the key text is missing"),
        (change("date:", "dates: x\n  date:"), line_of("date:"), "unknown key dates"),
        (change("id: small", "id: 小"), 2, "made of ASCII letters"),
        (change("title: 某省", "title: ''\nx: 某省"), 3, "the value is empty"),
        (change("title: 某省", "title:\nx: 某省"), 3, "the value is empty"),
        (change("title: 某省", "title: [a]\nx: 某省"), 3, "expected text"),
        (change("lists:", "lists: 3\nx:"), line_of("lists:"), "expected a list"),
        (
            change("- name: 乙市人民政府", "- name: 甲市人民政府"),
            line_of("- name: 乙市人民政府"),
            "甲市人民政府 is repeated here",
        ),
        (change("[省演练局]", "[省演戏局]"), line_of("[省演练局]"), "unknown agency 省演戏局"),
        (change("{name: 子县", "{name: 丑县"), line_of("{name: 子县"), "unknown region 丑县"),
        (change("[省演练局]", "[等]"), line_of("- lead"), "a group needs a name before 等"),
        (change("[省演练局]", "[省演练局, 省演练局]"), line_of("- lead"), "names each agency once"),
        (change("lead: [省演练局]", "lead: []"), line_of("- lead"), "either lead or participate"),
        (change("type: 省级", "type: 星级"), line_of("type: 省级"), "expected one of 国家"),
        (
            change("支持甲市", '"支持\\e[31m甲市"  #'),
            line_of("支持甲市"),
            "control character U+001B",
        ),
    ],
)
def test_bad_plans_say_where_and_what(run, tmp_path, monkeypatch, raw, line, says):
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "plan.yaml"
    file.write_bytes(raw)
    code, out, err = run("list", "--plan", str(file))
    assert (code, out) == (4, "")
    assert f"{file}:{line}: " in err
    assert says in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("cache/*.db"))
    assert not list(tmp_path.glob("cache/*.draft"))


@pytest.mark.parametrize(
    ("old", "new", "kind", "list_"),
    [
        ("甲市人民政府负责", "丙局负责", "agency", "agencies"),
        ("{name: 乙市,", "{name: 丙地,", "region", "regions"),
    ],
)
def test_a_name_that_nobody_knows_is_told_with_its_place_and_its_remedy(
    known, old, new, kind, list_
):
    name = new.removeprefix("{name: ").removesuffix(",").removesuffix("负责")
    text = SMALL.read_text("utf-8").replace(old, new)
    if kind == "agency":
        text = text.replace("participate: [甲市人民政府]", f"participate: [{name}]")
    line = text[: text.index(f"[{name}]" if kind == "agency" else new)].count("\n") + 1
    with pytest.raises(BadPlan) as met:
        plan_io.parse_plan(text.encode(), "small.yaml", known)
    assert str(met.value) == f"small.yaml:{line}: unknown {kind} {name}"
    assert met.value.hint == f"add it to “{list_}:” in this file, or correct the name"


@pytest.mark.parametrize("wrong", ["agencies", "regions"])
def test_a_wrong_registry_is_told_by_its_name(wrong):
    raw = {file.stem: files.read_plan_file(file) for file in files.REGISTRY_FILES}
    raw[wrong] += b"nonsense: 1\n"
    with pytest.raises(BadPlan, match=rf"^{wrong}\.yaml:\d+: "):
        registry_io.parse_registry(raw["agencies"], raw["regions"])


# A good plan broken in one place: what a person mistypes, by the pattern that says where.


VALUE = r"(?P<key>(?:\w+|'no'): )(?P<value>[^'\"\[{\s].*)$"
QUOTED = r"(?P<key>(?:\w+|'no'): )'(?P<value>[^']*)'$"
BREAKS = {
    "tab": (r"^( +)(?=[\w'-])", "\t", 0),
    "tab behind a dash": (r"^( *-) (?=[\w'])", r"\1\t", 0),
    "full-width space": (r"^(  )+(?=[\w'-])", "\u3000\u3000", 0),
    "full-width colon": (r"^([ -]*(?:\w+|'no')): ", r"\1：", 0),
    "full-width colon before a list": (r"^([ -]*\w+):$", r"\1：", 0),
    "full-width colon in brackets": (r"(\{name): ", r"\1：", 0),
    "no space after the colon": (r"^([ -]*\w+): (?=\S)", r"\1:", 0),
    "no space after the dash": (r"^( *)- (?=\w+:|'no')", r"\1-", 0),
    "full-width dash": (r"^( *)- (?=\w+:|'no')", r"\1－ ", 0),
    "unclosed quote": (QUOTED, r"\g<key>'\g<value>", 0),
    "full-width quote at the end": (QUOTED, r"\g<key>'\g<value>’", 0),
    "unclosed double quote": (VALUE, r'\g<key>"\g<value>', 0),
    "unclosed bracket": (r"\]$", "", 0),
    "unclosed brace": (r"\}$", "", 0),
    "full-width bracket at the end": (r"\]$", "］", 0),
    "full-width bracket": (r"(lead|participate): \[", r"\1: ［", 0),
    "a bracket too many": (r"\]$", "]]", 0),
    "the same key again": (r"^( *)((?:\w+): .*)$", r"\1\2\n\1\2", 1),
    "indented too far": (r"^( *)(?=(?!publisher|lists|id)\w+: (?!$))", r"\1 ", 0),
    "anchor": (VALUE, r"\g<key>&here \g<value>", 0),
    "alias": (VALUE, r"\g<key>*here", 0),
    "tag": (VALUE, r"\g<key>!重要 \g<value>", 0),
    **{
        f"a value that begins with {mark}": (VALUE, rf"\g<key>{mark}\g<value>", 0)
        for mark in ("@", "`", "%", "*", "&", "!", "|", ">", "- ", ", ", "[附件] ")
    },
    "a colon in the value": (VALUE, r"\g<key>目标: \g<value>", 0),
    "a backslash in double quotes": (VALUE, r'\g<key>"C:\\path"', 0),
    "words behind a quote": (VALUE, r"\g<key>'甲'\g<value>", 0),
    "an unusual space behind the colon": (r"^([ -]*\w+): (?=\S)", "\\1:\u3000", 0),
    "no-break space behind the colon": (r"^([ -]*\w+): (?=\S)", "\\1:\xa0", 0),
    "invisible character": (r"^([ -]*)(?=\w+: )", "\\1\u200b", 0),
    "two commas": (r"(\[[^,\]]+|\{[^}]+\]),", r"\1, ,", 0),
    "a comma at the beginning": (r"(: \[|- \{)(?=\w)", r"\1, ", 0),
    "no comma": (r"(\{[^}]+), (?=\w+:)", r"\1 ", 0),
    "full-width brace": (r"\{(?=name)", "｛", 0),
    "git's mark before": (r"^(?=\w| *-)", "<<<<<<< HEAD\n", 0),
    "git's mark between": (r"^(?=\w| *-)", "=======\n", 0),
    "git's mark behind": (r"^(?=\w| *-)", ">>>>>>> other\n", 0),
    "no day of the calendar": (r"^(  date: ).*", r"\g<1>2030-02-30", 0),
    "a date in words": (r"^(  date: ).*", r"\g<1>2030年1月1日", 0),
    "an id in Chinese": (r"^(id: ).*", r"\1计划", 0),
    "a year of five digits": (r"^(year: ).*", r"\g<1>20300", 0),
    "a negative year": (r"^(year: ).*", r"\1-2030", 0),
    "control character": (VALUE, "\\g<key>\x01\\g<value>", 0),
    "NUL": (VALUE, "\\g<key>\0\\g<value>", 0),
    "line separator": (VALUE, "\\g<key>甲\u2028\\g<value>", 0),
    "byte order mark": (r"^(?=\w)", "\ufeff", 0),
    "a second document": (r"^(?=lists|year|title|source)", "---\n", 0),
    "an end of the document": (r"^(?=lists|year|title|source)", "...\n", 0),
    "a line of words": (r"^(?=lists|year|title|jurisdiction)", "说明\n", 0),
    "a list for a text": (r"(?P<key>\b(?:text|clause|title): )(?=[^\[])(.*)$", r"\1[甲]", 0),
    "keys for a text": (r"(?P<key>\b(?:text|clause|title): )(?=[^\[])(.*)$", r"\1{a: 甲}", 0),
    "a text for a list": (r"(lead|participate): \[(.*)\]", r"\1: \2", 0),
    "a full-width comma": (r"(lead|participate): \[(.*)\]", r"\1: [省演练局，\2]", 0),
    "、 between names": (r"(lead|participate): \[(.*)\]", r"\1: [省演练局、\2]", 0),
    "full-width digits": (r"year: .*", "year: ２０３０", 0),
    "none of the choices": (r"^(  type: ).*", r"\1星级", 0),
    "no value": (r"((?:text|clause|title):) .*", r"\1 #", 0),
    "another encoding": (r"^(title: ).*", None, 0),
}
ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+")


def lines_broken(kind):
    """Yield each place of the small plan broken so: the bytes, and the line of the mistake."""
    pattern, new, below = BREAKS[kind]
    lines = GOOD.split("\n")
    for n, line in enumerate(lines):
        if not (match := re.search(pattern, line)) or line.startswith("#"):
            continue
        broken = (
            line[: match.start()] + match.expand(new) + line[match.end() :]
            if new is not None
            else ""
        )
        text = "\n".join([*lines[:n], broken, *lines[n + 1 :]])
        yield text.encode() if new is not None else GOOD.encode("gb18030"), n + 1 + below


@pytest.mark.parametrize("kind", BREAKS)
def test_a_mistake_is_told_where_it_begins_in_both_languages(known, kind):
    places = list(lines_broken(kind))
    assert places
    for raw, line in places:
        assert foreign_files.detect_foreign(raw) is None  # in a folder, it is not passed over
        for code in ("en", "zh"):
            with i18n.use_language(code), pytest.raises(BadPlan) as met:
                plan_io.parse_plan(raw, "计划.yaml", known)
            message, hint = str(met.value), met.value.hint
            assert message.startswith(f"计划.yaml:{line}: "), message
            assert hint
            told = message.removeprefix("计划.yaml:") + hint
            assert bool(re.search("[\u4e00-\u9fff]", told)) or code == "en"
            assert not (code == "zh" and ENGLISH.search(told)), told
            shown, carets = (met.value.excerpt or "a\n^").split("\n")
            assert "^" in carets
            assert measure_width(carets) <= measure_width(shown) + 1 <= 100


SAYS = {
    "an unusual space behind the colon": "the space after the colon is full-width",
    "no-break space behind the colon": "the space after the colon is full-width",
    "invisible character": "U+200B",
    "two commas": "nothing before this comma",
    "a comma at the beginning": "nothing before this comma",
    "no comma": "a comma is missing before this",
    "full-width brace": "the mark ｛ is full-width",
    "git's mark before": "unresolved git merge",
    "git's mark between": "unresolved git merge",
    "git's mark behind": "unresolved git merge",
    "no day of the calendar": "no such day",
    "a date in words": "YYYY-MM-DD",
    "a year of five digits": "four digits",
    "a negative year": "four digits",
}


@pytest.mark.parametrize("kind", SAYS)
def test_a_mistake_is_called_what_it_is(known, kind):
    for raw, _line in lines_broken(kind):
        with pytest.raises(BadPlan) as met:
            plan_io.parse_plan(raw, "plan.yaml", known)
        assert SAYS[kind] in f"{met.value} {met.value.hint}"
        assert met.value.excerpt


def test_the_value_that_is_wrong_is_told_wherever_its_key_stands(known):
    text = GOOD.replace("id: small\n", "") + "id: 计划\n"
    with pytest.raises(BadPlan, match=f"^p:{text.count(chr(10))}: ") as met:
        plan_io.parse_plan(text.encode(), "p", known)
    assert "id: 计划" in met.value.excerpt


@pytest.mark.parametrize("old", ["year: 2030", "type: 省级", "  kind: 市级政府"])
def test_a_mark_that_cannot_be_seen_is_named(known, old):
    for broken in (old + "\u200b", old.replace(":", "\u200b:")):
        with pytest.raises(BadPlan) as met:
            plan_io.parse_plan(change(old, broken), "plan.yaml", known)
        assert "U+200B" in met.value.hint


@pytest.mark.parametrize("kind", BREAKS)
def test_a_mistake_is_an_error_of_the_plan(run, tmp_path, kind):
    file = tmp_path / "plan.yaml"
    file.write_bytes(next(lines_broken(kind))[0])
    code, out, err = run("list", "-p", str(file))
    assert (code, out, "Traceback" in err) == (4, "", False)
    assert " hint: " in err


def test_many_aliases_cost_nothing(run, tmp_path):
    """A bomb of aliases is refused at the first."""
    bomb = ["id: &a0 [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    file = tmp_path / "bomb.yaml"
    file.write_text("\n".join(bomb))
    code, _out, err = run("list", "--plan", str(file))
    assert (code, "bomb.yaml:1: anchors and aliases" in err) == (4, True)


def test_a_folder_without_plans_and_a_missing_file(run, tmp_path):
    assert run("list", "--plan", str(tmp_path))[0] == 4
    assert "contains no plan" in run("list", "--plan", str(tmp_path))[2]
    code, _out, err = run("list", "--plan", str(tmp_path / "nowhere.yaml"))
    assert (code, "cannot read" in err, "hint:" in err) == (4, True, True)


def test_a_link_to_nothing_and_an_empty_database_are_called_what_they_are(run, tmp_path):
    link, database = tmp_path / "plans" / "a.yaml", tmp_path / "plan.db"
    link.parent.mkdir()
    link.symlink_to("nowhere.yaml")
    for plan in (link, link.parent):
        code, _out, err = run("list", "-p", str(plan))
        assert (code, "is a link to nowhere.yaml, which is not there" in err) == (4, True)
    database.touch()
    code, _out, err = run("list", "-p", str(database))
    assert (code, "the file is empty" in err, "plancli build" in err) == (4, True, True)


def test_two_plans_need_two_ids(run, tmp_path):
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(f"# {name}\n{GOOD}", "utf-8")
    code, _out, err = run("list", "--plan", str(tmp_path))
    assert (code, "the id small is already used by" in err) == (4, True)


def test_the_small_plan_is_written_as_it_is_read():
    read = plan_io.parse_plan(GOOD.encode(), "small.yaml", Registry())
    assert plan_io.encode_file(read, plan_io.read_header(GOOD.encode())) == GOOD.encode()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("body", ["", "id: x\n# within\n"])
@pytest.mark.parametrize("head", ["", "# one\n# 二\n", "#\n"])
def test_a_header_is_the_comments_before_anything_else(mark, head, body):
    assert plan_io.read_header((mark + head + body).encode()) == head
