"""What is not exactly a plan is refused, with file, line, what and what to do; exit 4."""

import pytest

from plancli import files, source
from plancli.errors import BadPlan
from plancli.registry import Registry
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
        (b"# only a comment\n", 1, "the file is empty"),
        (b"- a\n- b\n", 1, "expected keys: id, title"),
        (b"\xff\xfe\x00", 1, "not UTF-8"),
        (GOOD.encode("gb18030"), line_of("某省"), "not UTF-8"),
        (b"a: [1, 2\nb: 3\n", 2, "not YAML"),
        (b"a: \x01\n", 1, "not YAML"),
        (b"a: &x [b]\nc: [*x, *x]\n", 1, "anchors and aliases"),
        (b"a: !!python/object:os.system x\n", 1, "tags are not allowed"),
        (b"[" * 500 + b"]" * 500, 1, "nested too deeply"),
        (b"? [a]\n: b\n", 1, "a key must be a word"),
        (GOOD.encode() + b"---\nid: other\n", GOOD.count("\n") + 1, "a second document"),
        (change("year: 2030", "year: soon"), line_of("year:"), "expected a number"),
        (change("year: 2030", "year: 9" + "9" * 9999), line_of("year:"), "expected a number"),
        (change("year: 2030\n", ""), 2, "the key year is missing"),
        (change("year: 2030", "year: 2030\nyear: 2031"), line_of("year:") + 1, "given twice"),
        (change("text: 总结", "texts: 总结"), line_of("- 'no': '1.3'"), "the key text is missing"),
        (change("date:", "dates: x\n  date:"), line_of("date:"), "unknown key dates"),
        (change("id: small", "id: 小"), 2, "made of ascii letters"),
        (change("title: 某省", "title: ''\nx: 某省"), 3, "the value is empty"),
        (change("title: 某省", "title:\nx: 某省"), 3, "the value is empty"),
        (change("title: 某省", "title: [a]\nx: 某省"), 3, "expected text"),
        (change("lists:", "lists: 3\nx:"), line_of("lists:"), "expected a list"),
        (
            change("- name: 乙市人民政府", "- name: 甲市人民政府"),
            line_of("- name: 乙市人民政府"),
            "甲市人民政府 stands here a second time",
        ),
        (change("[省演练局]", "[省演戏局]"), line_of("[省演练局]"), "unknown agency 省演戏局"),
        (change("{name: 子县", "{name: 丑县"), line_of("{name: 子县"), "unknown region 丑县"),
        (change("[省演练局]", "[等]"), line_of("- lead"), "a group needs a name before 等"),
        (change("[省演练局]", "[省演练局, 省演练局]"), line_of("- lead"), "names each body once"),
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
        source.plan(text.encode(), "small.yaml", known)
    assert str(met.value) == f"small.yaml:{line}: unknown {kind} {name}"
    assert met.value.hint == f"add it to “{list_}:” in this file, or correct the name"


@pytest.mark.parametrize("wrong", ["agencies", "regions"])
def test_a_wrong_registry_is_told_by_its_name(wrong):
    raw = {file.stem: files.read(file) for file in files.REGISTRIES}
    raw[wrong] += b"nonsense: 1\n"
    with pytest.raises(BadPlan, match=rf"^{wrong}\.yaml:\d+: "):
        source.registry(raw["agencies"], raw["regions"])


def test_many_aliases_cost_nothing(run, tmp_path):
    """A bomb of aliases is refused at the first."""
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    file = tmp_path / "bomb.yaml"
    file.write_text("\n".join(bomb))
    code, _out, err = run("list", "--plan", str(file))
    assert (code, "bomb.yaml:1: anchors and aliases" in err) == (4, True)


def test_a_folder_without_plans_and_a_missing_file(run, tmp_path):
    assert run("list", "--plan", str(tmp_path))[0] == 4
    assert "holds no plan" in run("list", "--plan", str(tmp_path))[2]
    code, _out, err = run("list", "--plan", str(tmp_path / "nowhere.yaml"))
    assert (code, "cannot read" in err, "hint:" in err) == (4, True, True)


def test_two_plans_need_two_ids(run, tmp_path):
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(f"# {name}\n{GOOD}", "utf-8")
    code, _out, err = run("list", "--plan", str(tmp_path))
    assert (code, "has the id small, too" in err) == (4, True)


def test_the_small_plan_is_written_as_it_is_read():
    read = source.plan(GOOD.encode(), "small.yaml", Registry())
    assert source.dumps(read, source.header(GOOD.encode())) == GOOD.encode()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("body", ["", "id: x\n# within\n"])
@pytest.mark.parametrize("head", ["", "# one\n# 二\n", "#\n"])
def test_a_header_is_the_comments_before_anything_else(mark, head, body):
    assert source.header((mark + head + body).encode()) == head
