"""The page gives the answers of the command line, in a real browser, and asks nobody for anything."""

import itertools
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml

from plancli import query
from plancli import report as pages
from plancli.database import cache
from plancli.query import EVERY_TASK
from plancli.report import character_tables
from plancli.report import strings as report_strings
from plancli.results.roles import Role
from plancli.system import files
from plancli.text.normalize import fold, load_simplified
from tests.conftest import SMALL
from tests.report.browsing import COUNTS, Reader, address, made_up

HERE = Path(pages.__file__).parent
TRADITIONAL = str.maketrans({plain: char for char, plain in load_simplified().items()})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The shipped plan's database, for the whole module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return cache.open_plans((str(files.DEFAULT_PLAN),), print)


@pytest.fixture(scope="module")
def file(whole, tmp_path_factory):
    made = tmp_path_factory.mktemp("page") / "plan.html"
    made.write_bytes(pages.render_page(whole, EVERY_TASK))
    return made


@pytest.fixture(scope="module")
def reader(chromium, file):
    with Reader(chromium, file) as reader:
        yield reader
        assert reader.complaints == []


ROWS = "() => [...document.querySelectorAll('#matrix tr[data-body], #matrix tfoot tr')].map(r => r.innerText)"


def tasks_of(plan: Path) -> list[dict]:
    """Return the tasks of a made-up plan, from its YAML."""
    lists = yaml.safe_load(plan.read_text("utf-8"))["lists"]
    return [task for each in lists for part in each["sections"] for task in part["tasks"]]


def numbers(result) -> list[str]:
    return [str(no) for no in dict.fromkeys(result.column("no"))]


def meant(db, **asked) -> query.Filter:
    """Return the filter of a question as the command line combines it."""
    role = Role(asked["role"]) if asked.get("role") else None
    where = EVERY_TASK
    for name in asked.get("body", ()):
        where &= query.by_agency(name, role)
    if role and not asked.get("body"):
        where &= query.by_role(role)
    for name in asked.get("region", ()):
        where &= query.by_region(name)
    if asked.get("section"):
        where &= query.by_section(asked["section"])
    for word in asked.get("q", "").split():
        where &= query.by_keyword(word)
    return where


def pairs(asked, targets) -> list[tuple[str, str]]:
    found = [("body", name) for name in asked.get("body", ())]
    found += [("region", name) for name in asked.get("region", ())]
    found += [(name, asked[name]) for name in ("role", "q") if asked.get(name)]
    return found + ([("section", targets[asked["section"]])] if asked.get("section") else [])


@pytest.fixture(scope="module")
def targets(whole):
    """``list:1`` or ``section:3`` -> what an address calls it."""
    heads = pages.collect_content(whole, EVERY_TASK).sections
    return {target: head["key"] for head in heads for target in head["targets"]}


@pytest.mark.parametrize("role", ["", "lead", "participate"])
def test_every_body_has_the_tasks_of_the_command_line(reader, whole, role):
    named = whole.execute(
        "SELECT display_name FROM agency JOIN duty ON agency_id = agency.id"
    ).fetchall()
    bodies = sorted({name for (name,) in named})
    assert len(bodies) == 60
    asked = [address(("body", name), *([("role", role)] if role else [])) for name in bodies]
    which = Role(role) if role else None
    expected = [numbers(query.select_tasks(whole, query.by_agency(name, which))) for name in bodies]
    assert reader.visit(asked) == expected


@pytest.mark.parametrize("role", ["", "lead", "participate"])
def test_every_body_has_apart_what_a_phrase_may_mean_it_in(reader, whole, role):
    may = query.select_possible_duties(whole, EVERY_TASK)
    bodies = sorted(set(may.column("agency")) | set(query.select_agencies(whole).column("agency")))
    read = """() => [...document.querySelectorAll('#maybe .may')].map(s => [s.dataset.body,
      [...s.querySelectorAll('li')].map(li => [li.querySelector('a').textContent,
        [...li.querySelectorAll('.through bdi')].map(b => b.textContent)])])"""
    asked = [address(("body", name), *([("role", role)] if role else [])) for name in bodies]
    for name, found in zip(bodies, reader.visit(asked, read), strict=True):
        rows = query.select_possible_tasks(whole, name, role=Role(role) if role else None)
        through = zip(rows.column("no"), map(list, rows.column("through")), strict=True)
        assert found == ([[name, [list(each) for each in through]]] if rows.rows else []), name


def test_every_place_has_the_tasks_of_the_command_line_and_why(reader, whole):
    places = query.select_regions(whole).column("region")
    assert len(places) == 135
    grades = dict(
        zip(
            ["name", "member", "compound", "clause"],
            ["点名", "所辖", "合称或地标", "责任单位"],
            strict=True,
        )
    )
    read = """() => [...document.querySelectorAll('#tasks article:not([hidden])')].map(a =>
      [a.dataset.no, ...[...a.querySelectorAll('.why')].map(p => p.textContent)])"""
    answers = reader.visit([address(("region", name)) for name in places], read)
    for name, found in zip(places, answers, strict=True):
        rows = query.select_region_tasks(whole, name)
        columns = [rows.column(each) for each in ("no", "grade", "why")]
        said = [
            [no, f"列入理由：{name} · {grades[grade]} · {'；'.join(why)}"]
            for no, grade, why in zip(*columns, strict=True)
        ]
        assert found == said, name


def test_every_heading_has_the_tasks_of_the_command_line(reader, whole, targets):
    asked = [address(("section", key)) for key in targets.values()]
    expected = [numbers(query.select_tasks(whole, query.by_section(each))) for each in targets]
    assert len(targets) == 13
    assert reader.visit(asked) == expected


def variants(chance, word: str) -> str:
    """Return *word* as others may type it: full width, traditional, in capitals."""
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)
    return chance.choice([word, wide, word.translate(TRADITIONAL), word.upper()])


def test_words_are_found_as_the_command_line_finds_them(reader, whole):
    chance = random.Random(7)
    texts = [str(text) for text in query.select_tasks(whole).column("text")]
    sought = ["没有这个词", "G60", "g60", "Ｇ６０", "LNG", "zzz", "。", "“", "（", "(", "%", "，", ",", "𠀀",
              "發展", "長三角一體化", "后", "後", "K", "\u212a", "ﬁ", "㎏", "①"]  # fmt: skip
    for _ in range(300):
        text = chance.choice(texts)
        at, size = chance.randrange(len(text)), chance.randint(1, 6)
        sought.append(variants(chance, text[at : at + size]))
    sought = [word for word in sought if not re.search(r"\s", word)]
    spelled = 0
    for word, (found, said) in zip(sought, reader.typed(sought), strict=True):
        expected = numbers(query.select_tasks(whole, query.by_keyword(word)))
        if "pinyin" in said:  # which is said, and only where nothing holds the word
            assert (expected, fold(word).isascii()) == ([], True)
            spelled += 1
        else:
            assert (word, found) == (word, expected)
    assert spelled <= 3


def test_pairs_of_words_are_both_held(reader, whole):
    chance = random.Random(8)
    texts = [str(text) for text in query.select_tasks(whole).column("text")]
    asked = [
        " ".join(text[(at := chance.randrange(len(text) - 1)) : at + 2] for _ in range(2))
        for text in chance.choices(texts, k=60)
    ]
    asked = [each for each in asked if len(each.split()) == 2]
    expected = [numbers(query.select_tasks(whole, meant(whole, q=each))) for each in asked]
    assert [found for found, _said in reader.typed(asked)] == expected


@pytest.mark.parametrize(
    ("typed", "word"),
    [("kechuang", "科创"), ("kec", "科创"), ("csj", "长三角"), ("changsanj", "长三角"),
     ("ZHANGSANJIAO", "长三角"), ("ke'chuang", "科创"), ("hefei", "合肥"), ("lvse", "绿色"), ("lüse", "绿色")],
)  # fmt: skip
def test_pinyin_finds_what_the_letters_spell_and_says_so(reader, typed, word):
    ((found, said),) = reader.typed([typed])
    assert said == ["pinyin"]
    assert f"按拼音查找：{typed}" in reader.texts("#count")[0]
    assert word in reader.texts("#tasks article:not([hidden]) mark")
    ((by_word, said),) = reader.typed([word])
    assert said == []
    assert set() < set(by_word) <= set(found)


@pytest.mark.parametrize("typed", ["G60", "LNG", "lng", "k", "zhjg", "科chuang"])
def test_other_letters_are_looked_for_as_they_are(reader, whole, typed):
    ((found, said),) = reader.typed([typed])
    assert "pinyin" not in said
    assert found == numbers(query.select_tasks(whole, query.by_keyword(typed)))
    assert said == ([] if found else ["nowhere", ""])


def combinations(whole, targets, n: int) -> list[dict]:
    """Return *n* questions of one to three conditions, about half of them with answers."""
    chance = random.Random(9)
    bodies = query.select_agencies(whole).column("agency")[:40]
    regions = query.select_regions(whole).column("region")
    texts = [str(text) for text in query.select_tasks(whole).column("text")]
    made = []
    for _ in range(n):
        asked = {}
        for name in chance.sample(["body", "region", "section", "role", "q"], chance.randint(1, 3)):
            text = chance.choice(texts)
            asked[name] = {
                "body": chance.sample(
                    bodies[:8] if chance.random() < 0.6 else bodies, chance.randint(1, 2)
                ),
                "region": chance.sample(regions, chance.randint(1, 2)),
                "section": chance.choice(list(targets)),
                "role": chance.choice(["lead", "participate"]),
                "q": text[(at := chance.randrange(len(text))) : at + 1],
            }[name]
        if not asked.get("q", "x").isspace():
            made.append(asked)
    return made


def test_a_count_is_the_number_of_tasks_that_choosing_gives(reader, whole, targets):
    chance, checked, answered = random.Random(10), 0, 0
    by_number = list(targets)
    heads = pages.collect_content(whole, EVERY_TASK).sections
    first = {n: head["targets"][0] for n, head in enumerate(heads)}
    known = pages.collect_content(whole, EVERY_TASK).script_data
    questions = combinations(whole, targets, 60)
    asked = [address(*pairs(each, targets)) for each in questions]
    for now, counts in zip(questions, reader.visit(asked, COUNTS), strict=True):
        for key in chance.sample(sorted(counts), min(8, len(counts))):
            kind, value = key.split(" ")
            more = dict(now)
            if kind == "role":
                more["role"] = value
            elif kind == "section":
                more["section"] = first[int(value)]
            else:
                name = known["bodies" if kind == "body" else "regions"][int(value)]["name"]
                more[kind] = [*dict.fromkeys([*now.get(kind, ()), name])]
            expected = len(query.select_tasks(whole, meant(whole, **more)).rows)
            assert (now, key, counts[key]) == (now, key, expected)
            checked, answered = checked + 1, answered + bool(expected)
    assert checked >= 300
    assert answered >= 60
    assert len(by_number) == 13


def test_questions_of_several_conditions_have_the_tasks_of_the_command_line(reader, whole, targets):
    questions = combinations(whole, targets, 200)
    found = reader.visit([address(*pairs(each, targets)) for each in questions])
    expected = [numbers(query.select_tasks(whole, meant(whole, **each))) for each in questions]
    assert found == expected
    assert sum(map(bool, expected)) >= 40


def test_no_request_is_made_and_none_is_allowed(reader, file):
    assert reader.requests == [file.as_uri()]
    text = file.read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("base-uri 'none'; form-action 'none'")
    assert not re.search(r"\beval\(|new Function|<[^>]*\son[a-z]+=|\bstyle=\"", text)
    assert set(re.findall(r"https?://[^\"'\s<]*", text)) == {"http://www.w3.org/2000/svg"}
    tried = reader.page.evaluate("fetch('data:text/plain,x').then(() => 'done', () => 'refused')")
    assert tried == "refused"
    reader.complaints.clear()  # that it was refused


def test_the_same_plan_is_the_same_bytes_and_small(whole, file):
    assert file.read_bytes() == pages.render_page(whole, EVERY_TASK)
    assert len(file.read_bytes()) < 320_000


def test_the_options_choose_the_tasks_and_the_page_says_so(run, chromium, whole, tmp_path):
    made = tmp_path / "part.html"
    argv = ["--agency", "省科技厅", "--lead", "-r", "合肥", "-o", str(made)]
    assert run("report", *argv) == (0, "", f"wrote {made}\n")
    where = query.by_agency("省科技厅", Role.LEAD) & query.by_region("合肥")
    with Reader(chromium, made) as part:
        assert part.shown() == numbers(query.select_tasks(whole, where)) != []
        assert "范围：单位：省科技厅（牵头）；地区：合肥" in part.texts(".notes")[0]


@pytest.mark.parametrize("name", ["page.csv", "page", "page.db"])
def test_it_is_written_as_html_only(run, tmp_path, name):
    code, out, err = run("report", "-o", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert "the page must be an .html file" in err
    assert list(tmp_path.iterdir()) == []


def test_it_goes_to_standard_output_but_to_no_terminal(run, monkeypatch, file):
    assert run("report")[1] == run("report", "-o", "-")[1] == file.read_text("utf-8")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, err = run("report")
    assert (code, out) == (2, "")
    assert "-o FILE.html" in err


@pytest.mark.parametrize("asked", [("-k", "什么也没有"), ("--year", "1999")])
def test_where_no_task_passes_nothing_is_written(run, tmp_path, asked):
    made = tmp_path / "none.html"
    for kept in (None, b"an older page"):
        if kept:
            made.write_bytes(kept)
        code, out, err = run("report", *asked, "-o", str(made))
        assert (code, out, err.splitlines()[0]) == (1, "", "no task matches the filters")
        assert "there is nothing to show" in err
        assert (made.read_bytes() if made.exists() else None) == kept


@pytest.mark.parametrize(
    ("asked", "left"),
    [(query.by_year((2022, 2022)), files.DEFAULT_PLAN), (query.by_year((2030, 2030)), SMALL),
     (query.by_keyword("长三角"), files.DEFAULT_PLAN), (query.by_keyword("甲市"), SMALL)],
)  # fmt: skip
def test_a_plan_without_a_task_on_the_page_leaves_no_trace(asked, left):
    def made(*plans):
        page = pages.render_page(cache.open_plans([str(each) for each in plans], print), asked)
        return page.decode()

    both = made(files.DEFAULT_PLAN, SMALL)
    assert both == made(left)
    alone = cache.open_plans([str(left)], print)
    assert both.count("<article") == len(query.select_tasks(alone, asked).rows) > 0


def test_the_page_is_of_the_plans_that_the_filters_leave(run, chromium, tmp_path):
    yunxi, made = tmp_path / "y.yaml", tmp_path / "p.html"
    example = files.PACKAGE.parent / "docs" / "example" / "yunxi-2024.txt"
    assert run("import", str(example), "-o", str(yunxi))[0] == 0
    plans = ["-p", str(yunxi), "-p", str(files.DEFAULT_PLAN), "-o", str(made)]
    code, _out, err = run("report", "--year", "2022", *plans)
    assert code == 0, err
    with Reader(chromium, made) as one:
        assert one.texts("title, h1") == ["安徽省推动长三角一体化发展2022年工作要点"] * 2
        assert one.texts(".of-plan, #tasks .plan, #preface h3") == []
        assert one.shown(("task", "41")) == ["41"]
        assert "云溪" not in one.page.content()


def test_the_script_says_only_what_both_languages_have():
    scripts = "".join(
        (HERE / "static" / f"{part}.js").read_text("utf-8") for part in pages.SCRIPT_PARTS
    )
    page = (HERE / "static" / "page.html").read_text("utf-8")
    assert {each.stem for each in (HERE / "static").glob("*.js")} == set(pages.SCRIPT_PARTS)
    used = set(re.findall(r'data-(?:say|name|hint)="([^"]+)"', page))
    strings = set(re.findall(r'"((?:[^"\\]|\\.)*)"', scripts))
    articles = (HERE / "articles.py").read_text("utf-8")
    used |= {
        each for each in report_strings.PAGE_STRINGS if each in strings or f'"{each}"' in articles
    }
    assert used == set(report_strings.PAGE_STRINGS)
    called = set(re.findall(r'\b(?:say|around|told)\(\s*"((?:[^"\\]|\\.)*)"', scripts))
    assert called <= set(report_strings.PAGE_STRINGS)
    assert len(called) > 30


def test_folding_is_the_same_for_every_character():
    alphabet = set(fold("安徽省推动长三角一体化发展2022年G60科创走廊kg后干"))
    table = {
        char: plain
        for plain, chars in character_tables.build_folds(alphabet).items()
        for char in chars
    }
    assert table["發"] == "发"
    for char in itertools.chain(map(chr, range(0x20, 0x3000)), "後發Ｇ㎏℡𝐆乾㐀豈\U0002f800"):
        if unicodedata.category(char) in ("Cn", "Co", "Cs"):
            continue
        told = table.get(char, char)
        assert told == fold(char) or (not alphabet.issuperset(fold(char)) and told not in alphabet)


def test_what_the_page_carries_ends_no_script():
    hostile = "</script><!--<script>&\u2028\u2029\"'\\"
    carried = pages.dump_json({"a": hostile})
    assert not re.search("[<>&\u2028\u2029]", carried)
    assert json.loads(carried) == {"a": hostile}


def test_a_large_plan_can_be_used(run, chromium, tmp_path):
    plan, made = made_up(3000, tmp_path / "large.yaml"), tmp_path / "large.html"
    assert run("report", "-p", str(plan), "-o", str(made))[0] == 0
    with Reader(chromium, made) as large:
        assert len(large.shown()) == 3000
        texts = [task["text"] for task in tasks_of(plan)]
        for word in ("科技", "创", "keji"):
            ((found, said),) = large.typed([word])
            held = [
                str(n) for n, text in enumerate(texts, 1) if word.replace("keji", "科技") in text
            ]
            assert set(held) <= set(found)
            assert found == held or said == ["pinyin"]
        large.typed([""])
        assert len(large.visit(["#view=matrix"], ROWS)[0]) == 41
        assert (
            large.visit(["#view=network"], "() => document.querySelectorAll('.node').length")[0]
            == 40
        )
        assert large.complaints == []
