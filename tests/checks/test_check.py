"""Each rule finds what it is for, and nothing in a plan that is right."""

import json
import os
import re
from pathlib import Path

import pytest

from plancli import checks
from plancli.errors import BadPlan
from plancli.plan import io as plan_io
from tests.conftest import HERE, SMALL

GOOD = SMALL.read_text("utf-8")
ARTICLE = """某省2030年演练工作要点
一、重点任务
（一）演练
1.1、支持甲市[b]建设[/b]:x:基地，新增=1+1家100%。（省演练局牵头，甲市人民政府、乙市人民政府等按职责分工负责）
1.2、在子县开展试点。(甲市人民政府负责)
1.3、总结经验。
"""


@pytest.fixture
def checked(run, tmp_path):
    """``checked(text)`` returns (exit code, the findings) of the plan *text* beside its source."""

    def checked(text, article=ARTICLE):
        text = text.replace("  date: '2030-01-01'", "  date: '2030-01-01'\n  file: small.txt")
        (tmp_path / "small.txt").write_text(article, "utf-8")
        (tmp_path / "plan.yaml").write_text(text, "utf-8")
        code, out, _err = run("check", "-f", "json", "--plan", str(tmp_path / "plan.yaml"))
        return code, [(row["rule"], row["where"]) for row in json.loads(out)]

    return checked


def test_a_plan_that_is_right(checked, run):
    assert checked(GOOD) == (0, [])
    assert run("check") == (0, "", "")
    assert len(checks.RULES) >= 15


@pytest.mark.parametrize(
    ("old", "new", "rule", "where"),
    [
        ("- lead: [省演练局]", "- participate: [省演练局]", "clause-matches-duties", "1.1"),
        ("乙市人民政府, 等]", "乙市人民政府]", "clause-matches-duties", "1.1"),
        ("clause: 甲市人民政府负责", "clause: 甲市人民政府管", "clause-matches-duties", "1.2"),
        ("子县, text: [子县]}", "子县, text: [试点]}", "text-matches-regions", "1.2"),
        ("子县, text: [子县]}", "某省, text: [子县]}", "text-matches-regions", "1.2"),
        ("子县, text: [子县]}", "子县, text: [子县, 子县]}", "duplicate-region",
         "1.2"),
        ("text: 总结经验。", "text: 总结教训。", "source-mismatch", "1.3"),
        ("title: 某省2030", "title: 某省2031", "source-mismatch", "title"),
        ("title: 某省2030", "title: 某省2031", "year-in-title", "year"),
        ("year: 2030", "year: soon", "unreadable-file", ""),
        ("'no': '1.2'", "'no': '1.1'", "task-number-sequence", "1.1"),
        ("'no': '1.3'", "'no': '1.5'", "task-number-sequence", "1.5"),
        ("text: 总结经验。", "text: 在子县开展试点。\n      clause: 甲市人民政府负责",
         "duplicate-task", "1.3"),
        ("[甲市人民政府, 乙市", "[丙市人民政府, 乙市", "unknown-name", "丙市人民政府"),
        ("{name: 子县, text", "{name: 丑县, text", "unknown-name", "丑县"),
        ("clause: 甲市人民政府负责", "clause: 甲市人民政府、甲市人民政府负责",
         "duplicate-agency", "1.2"),
        ("text: 总结经验。", "text: 总结经验。（乙市人民政府牵头）",
         "clause-in-text", "1.3"),
        ("text: 总结经验。", "text: 总结（经验。", "unbalanced-brackets", "1.3"),
        ("text: 总结经验。", "text: 总结\ue000经验。", "non-text-character", "1.3"),
        ("text: 总结经验。", "text: 总\u200b结经验。", "invisible-character", "1.3"),
        ("clause: 甲市人民政府负责", "clause: 甲市人民政\ufeff府负责",
         "invisible-character", "1.2"),
        ("title: 某省2030", "title: 某省\u20602030", "invisible-character", "—"),
        ("text: 总结经验。", "text: 总结经验。\n      review: ['number-gap: 1 → 3']",
         "open-review", "1.3"),
        ("  region: 乙市\n", "  region: 乙市\n- name: 丁局\n  kind: 其他\n",
         "unused-agency", "丁局"),
        ("  region: 乙市\n",
         "  region: 乙市\n  former:\n  - {name: 省演练局, until: '2029'}\n",
         "outdated-agency-name", "1.1"),
        ("甲市\n  type: 地级\n  in: [某省]", "甲市\n  type: 地级\n  in: [某省, 子县]",
         "region-cycle", "甲市"),
        ("甲市\n  type: 地级\n  in: [某省]", "甲市\n  type: 地级\n  in: [甲市]",
         "region-cycle", "甲市"),
        ("text: 总结经验。", "text: 总结 #经验。", "text-cut-by-comment", "35"),
        ("[省演练局]", "[省演练局 # 一\n        ]", "text-cut-by-comment", "21"),
        ("year: 2030", "year:   2030", "not-canonical", "4"),
    ],
)  # fmt: skip
def test_what_each_rule_is_for(checked, old, new, rule, where):
    assert old in GOOD
    code, found = checked(GOOD.replace(old, new, 1))
    assert code == 4
    assert (rule, where) in found


@pytest.mark.parametrize(
    ("numbers", "where"), [(("1", "3"), ["3"]), (("2", "1"), ["2", "1"]), (("1", "2"), [])]
)
def test_numbers_run_on(checked, numbers, where):
    text = GOOD
    for old, new in zip(("1.1", "1.2"), numbers, strict=True):
        text = text.replace(f"'no': '{old}'", f"'no': '{new}'")
    text = text[: text.index("    - 'no': '1.3'")] + text[text.index("agencies:") :]
    found = [row for row in checked(text)[1] if row[0] == "task-number-sequence"]
    assert found == [("task-number-sequence", each) for each in where]


@pytest.mark.parametrize(
    ("numbers", "where"),
    [
        (("1", "2(1)", "2(2)", "3"), []),
        (("1(1)", "1(2)", "2(1)", "3"), []),
        (("1", "1(1)", "1(2)", "2"), []),
        (("一", "1", "2", "二"), []),
        (("1", "2(2)", "3"), ["2(2)"]),
        (("1", "2(1)", "2(3)"), ["2(3)"]),
        (("1", "2(1)", "4"), ["4"]),
        (("1", "2(1)", "2(1)"), ["2(1)"]),
        (("1", "2(1)", "2"), ["2"]),
        (("一", "1", "三"), ["三"]),
    ],
)
def test_parts_of_a_task_run_on_and_each_numeral_for_itself(checked, numbers, where):
    head, tail = GOOD[: GOOD.index("    - 'no': '1.1'")], GOOD[GOOD.index("agencies:") :]
    tasks = "".join(
        f"    - 'no': '{no}'\n      text: 做第{n}件。\n" for n, no in enumerate(numbers)
    )
    found = [row for row in checked(head + tasks + tail)[1] if row[0] == "task-number-sequence"]
    assert found == [("task-number-sequence", each) for each in where]


def test_figures_stand_in_their_paragraph(checked):
    extra = """- 'no': 二
  title: 项目
  paragraphs: [共3个项目。]
  figures:
  - {name: 项目, value: 4, unit: 个}
agencies:"""
    found = checked(GOOD.replace("agencies:", extra, 1))[1]
    assert ("figure-in-paragraph", "二") in found


def test_a_source_that_is_gone_or_another(checked, run, tmp_path):
    assert checked(GOOD)[1] == []
    for spoil in (
        lambda file: file.write_bytes(b"\xff\xfe"),
        lambda file: file.unlink(),
    ):
        spoil(tmp_path / "small.txt")
        code, out, _err = run("check", "-f", "json", "--plan", str(tmp_path / "plan.yaml"))
        assert (code, json.loads(out)[0]["rule"]) == (4, "source-mismatch")


SECRET = "机密：此文件不属于该计划。"
ELSEWHERE = [
    "{secret}",
    "../secret.txt",
    "sub/../../secret.txt",
    "./../plans/../secret.txt",
    "link.txt",
    "linked/secret.txt",
    r"\\server\share\x.txt",
    "//server/share/x.txt",
    r"C:\x.txt",
    "C:x.txt",
    r"\x.txt",
    "pipe",
    "../pipe",
    "device",
    "/dev/stdin",
    "../../../../../../../../../../proc/self/environ",
    "-",
    ".",
    "sub",
    "",
]


@pytest.mark.parametrize("sha256", ["", f"  sha256: {'0' * 64}\n"])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_plan_makes_no_other_file_show_its_words(run, tmp_path, name, sha256):
    """What is not a document of the plan is refused, unopened: a pipe would be waited for."""
    secret, folder = tmp_path / "secret.txt", tmp_path / "plans"
    (folder / "sub").mkdir(parents=True)
    secret.write_text(SECRET, "utf-8")
    (folder / "link.txt").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    (folder / "device").symlink_to("/dev/zero")
    for each in (folder, tmp_path):
        os.mkfifo(each / "pipe")
    said = json.dumps(name.format(secret=secret))
    head = f"  date: '2030-01-01'\n  file: {said}\n{sha256}"
    (folder / "plan.yaml").write_text(GOOD.replace("  date: '2030-01-01'\n", head), "utf-8")
    for command in ("verify", "check"):
        code, out, err = run(command, str(folder / "plan.yaml"), "-f", "json")
        if command == "check" and not name:
            continue
        rules = [row["rule"] for row in json.loads(out or "[]")]
        assert (code != 0, "source-changed" in rules, "not-in-source" in rules) == (1, 0, 0)
        assert not any(word in out + err for word in ("机密", "属于", "PATH="))


def test_the_document_of_a_plan_may_have_a_folder_of_its_own(run, tmp_path, monkeypatch):
    """As import names it: read while it is the one recorded, else only where a person says so."""
    monkeypatch.chdir(tmp_path)
    documents = tmp_path / "documents" / "2030"
    (tmp_path / "real" / "plans").mkdir(parents=True)
    (tmp_path / "plans").symlink_to("real/plans")  # ".." leads from it to real/
    documents.mkdir(parents=True)
    (documents / "a:b.txt").write_text(ARTICLE, "utf-8")
    os.chdir(documents)
    for output in ("plan.yaml", "../../plans/plan.yaml", "../../real/plans/other.yaml"):
        assert run("import", "a:b.txt", "-o", output, "--id", "x")[0] == 0
        assert run("verify", output) == (0, "", "")
    os.chdir(tmp_path)
    plan = "plans/plan.yaml"
    (documents / "a:b.txt").write_text(ARTICLE.replace("经验", "教训"), "utf-8")
    code, out, err = run("verify", plan)
    assert (code, "教训" in out + err, "--source" in err) == (4, False, True)
    code, out, err = run("verify", plan, "--source", str(documents / "a:b.txt"), "-f", "json")
    assert (code, [row["rule"] for row in json.loads(out)]) == (
        4,
        ["source-changed", "not-in-source"],
    )
    assert (
        run("verify", plan, plan.replace("plan.", "../real/plans/other."), "--source", "x")[0] == 2
    )


def test_a_plan_behind_a_link_has_its_source_beside_the_real_file(checked, run, tmp_path):
    assert checked(GOOD) == (0, [])
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "now.yaml"
    link.symlink_to("../plan.yaml")
    assert run("check", str(link))[0] == 0
    assert run("verify", str(link))[0] == 0


def test_one_broken_file_does_not_hide_what_is_wrong_in_another(run, tmp_path):
    wrong = GOOD.replace("- lead: [省演练局]", "- participate: [省演练局]")
    (tmp_path / "a.yaml").write_text("id: [", "utf-8")
    (tmp_path / "b.yaml").write_text(wrong, "utf-8")
    code, out, _err = run("check", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "-f", "json")
    found = [(row["file"][-6:], row["rule"], row["line"]) for row in json.loads(out)]
    assert code == 4
    assert ("a.yaml", "unreadable-file") in [each[:2] for each in found]
    line = GOOD[: GOOD.index("- 'no': '1.1'")].count("\n") + 1
    assert ("b.yaml", "clause-matches-duties", line) in found


def test_findings_as_people_see_them(run, tmp_path, monkeypatch, shown):
    text = GOOD.replace("clause: 甲市人民政府负责", "clause: 甲市人民政府管").replace(
        "经验", "（经验"
    )
    (tmp_path / "plan.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    for code in ("en", "zh"):
        monkeypatch.setenv("PLANCLI_LANG", code)
        done, out, err = run("check", "plan.yaml")
        assert (done, err) == (4, "")
        shown(code, out)


def test_every_rule_is_explained():
    said = (HERE.parent / "docs" / "check.md").read_text("utf-8")
    for rule in [*checks.RULES, checks.UNREADABLE_RULE]:
        assert f"| `{rule}` |" in said


def test_a_body_that_governs_a_region_it_is_not_named_for(checked):
    text = GOOD.replace("region: 乙市", "region: 子县")
    assert ("text-matches-regions", "1.1") in checked(text)[1]


def test_line_ends_and_marks_are_free(run, tmp_path):
    file = tmp_path / "notepad.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.read_bytes().replace(b"\n", b"\r\n"))
    assert run("check", "--plan", str(file))[0] == 0


def test_a_database_is_not_checked(run, tmp_path):
    run("build", "-o", str(tmp_path / "plan.db"))
    code, _out, err = run("check", "--plan", str(tmp_path / "plan.db"))
    assert (code, "is already a database" in err) == (1, True)


WORDS = re.compile("^.*(?:text|clause|title|publisher|official|name): (?!\\[|')[^:]+$", re.M)


def test_no_advice_loses_words_that_stand_behind_a_comment_mark(known):
    """A “ #” in any text without quotes is told; nobody is told to write the line without it."""
    places = list(WORDS.finditer(GOOD))
    assert len(places) > 8
    for place in places:
        text = f"{GOOD[: place.end() - 1]} #{GOOD[place.end() - 1 :]}"
        line = GOOD[: place.start()].count("\n") + 1
        rules = {rule for _file, at, rule, *_more in found_in(known, text) if at == line}
        assert "text-cut-by-comment" in rules
        assert "not-canonical" not in rules


MORE = """- name: 甲乙地区
  type: 区域
  members: [甲市, 乙市]
  source: 演练网
"""
PHRASE = """- name: 有关市人民政府
  kind: 泛指
  may_include: {kinds: [市级政府], region: 甲乙地区}
"""
NAME = re.compile("(?:省演练局|[甲乙]市(?:人民政府)?|某省|子县|甲乙地区)(?=[,\\]}\n])")


@pytest.mark.parametrize("mark", ["丙", "\u200b"])
def test_a_name_that_is_unknown_wherever_it_stands_is_a_finding(known, mark):
    """Any place where a name refers to another: the plan is checked to its end."""
    text = GOOD.replace("\nregions:\n", f"\n{PHRASE}regions:\n") + MORE
    assert not [row for row in found_in(known, text) if row[2] == "unknown-name"]
    for match in NAME.finditer(text):
        if re.search(r"(?:text|clause|official): \[?[^\]\n]*$", text[: match.start()]):
            continue  # words, not a name
        broken = f"{text[: match.start() + 1]}{mark}{text[match.start() + 1 :]}"
        assert "unknown-name" in {row[2] for row in found_in(known, broken)}, broken
        with pytest.raises(BadPlan, match="unknown"):
            plan_io.parse_plan(broken.encode(), "plan.yaml", known)


@pytest.mark.parametrize(
    "old",
    [
        "lead: [省演练局",
        "participate: [甲市人民政府, 乙",
        "{name: 甲市",
        "text: [甲市",
        "clause: 省演",
    ],
)
def test_a_mark_that_cannot_be_seen_is_told_once_and_not_as_a_difference(known, old):
    rules = {row[2] for row in found_in(known, GOOD.replace(old, f"{old[:-1]}\u200b{old[-1]}", 1))}
    assert "invisible-character" in rules
    assert rules <= {"invisible-character", "unknown-name"}


@pytest.mark.parametrize("entry", ["省演练局", "子县"])  # of the agencies, of the regions
def test_an_entry_with_a_mark_that_cannot_be_seen_is_named(known, entry):
    text = GOOD.replace(f"\n- name: {entry}", f"\n- name: {entry[0]}\u200b{entry[1:]}")
    remedies = [row[-1] for row in found_in(known, text) if row[2] == "unknown-name"]
    assert remedies
    assert all("the entry contains the invisible character U+200B" in each for each in remedies)
    with pytest.raises(BadPlan) as met:
        plan_io.parse_plan(text.encode(), "plan.yaml", known)
    assert met.value.hint in remedies


def found_in(known, text):
    return checks.check_plans(known, [(Path("plan.yaml"), text.encode())]).rows


@pytest.mark.parametrize(
    ("head", "numbers", "where"),
    [
        ("  paragraphs: [（一）明确目标。, （二）强化责任。]\n", "三四", []),
        ("", "三四", ["三"]),
        ("  paragraphs: [（一）明确目标。]\n", "三四", ["三"]),
        ("review: ['number-gap: — → 三；四 → 七']\n", "三四七", []),
        ("review: ['number-gap: — → 三']\n", "三四七", ["七"]),
    ],
)
def test_numbers_of_paragraphs_count_and_those_in_a_review_are_known(checked, head, numbers, where):
    text = GOOD[: GOOD.index("  sections:")]
    text = text.replace("lists:", head + "lists:") if head.startswith("review") else text + head
    tasks = "".join(f"  - 'no': '{no}'\n    text: 做第{no}件。\n" for no in numbers)
    found = checked(text + "  tasks:\n" + tasks + GOOD[GOOD.index("agencies:") :])[1]
    assert [row[1] for row in found if row[0] == "task-number-sequence"] == where
