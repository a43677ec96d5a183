"""Find words that look like responsibilities, for texts in which no task has taken them.

What is found is not read but reported: a person must look at it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plancli.plan import agency_lists, clause_labels
from plancli.text.normalize import simplify_script

DUTY_WORDS = re.compile(
    "牵头|负责|配合|会同|主办|承办|协办|督办|按职责|责任(?:单位|部门|科室|股室|主体)"
)
OPENING, CLOSING = agency_lists.OPENING, agency_lists.CLOSING
# A bracket, perhaps with others in it: （市发改局（市粮食局）牵头）.
PLAIN_WORDS = f"[^{OPENING}{CLOSING}\n]"
BRACKETED = re.compile(
    f"[{OPENING}]((?:{PLAIN_WORDS}{{1,400}}+|[{OPENING}]{PLAIN_WORDS}{{1,40}}+[{CLOSING}]){{1,9}}+)[{CLOSING}]"
)
# A label of whoever acts, in a bracket: 建设单位：, 用地科室：.
ACTOR_LABEL = re.compile(".*(?:单位|部门|科室|处室|股室|机构|主体|企业|公司)")
COLON = re.compile("[:：]")
LABEL_BEFORE_COLON = re.compile("[\u4e00-\u9fff（()）、及和与/／ \u3000]{2,24}$")
# The verb of a clause directly after a name: 县发展改革局牵头, 由县财政局、县教育局共同负责.
VERB_AFTER_NAME = re.compile(
    "(?:共同|分别|具体|统一|联合)?(?:牵头|负责|配合|主办|承办|协办|会同)|(?:作?为|是)(?:总?牵头|责任|配合)单位"
)
NAME_BEFORE_VERB = re.compile(f"[\u4e00-\u9fff{OPENING}{CLOSING}]{{2,30}}$")
NAME_START = re.compile(".*(?:由|请|为|将|以及|[及和与])(?=..)")
SENTENCE_PARTS = re.compile("[^。；;！？\n\v]+")
# Units within agencies, which only 牵头 after them tells from other words.
UNIT_NAME = re.compile(".{2,}(?:[室处科股站所队组]|专班)")
# The bracket at the end of a text, and what explains the words before it instead.
LAST_BRACKET = re.compile(f"[{OPENING}]([^{OPENING}{CLOSING}\n。；]{{2,200}})[{CLOSING}][。；;]*$")
EXPLANATION = re.compile(
    "(?:以下|下称|简称|又称|即|见|详见|含|包含|包括|不含|除外|截至|其中|如|例如|附|共|约|第|《|注|试行|修订)|.*(?:简称|除外|以上|以下|左右)$|[\\d\\W]+"
)
AGENCY_AT_START = re.compile("[\u4e00-\u9fff]{2,16}(?=[:：])")
NOTE_MARK = re.compile("[^\u4e00-\u9fff）)]+$|^\\s+")  # 县林业局①
DASH = re.compile("[—－-]{2}")
# Endings that, without a label or a verb, only agencies have: hospitals and companies are not.
GOVERNMENT_NAME = re.compile(".+(?:[厅局委署]|办公?室|政府|管委会|管理委员会|办事处)")
OFFICE_NAME = re.compile("[省市县区州盟旗](?:委|政府)[\u4e00-\u9fff]{2,8}[室科处]")  # 市政府督查室
MIN_RUN = 3  # names of agencies in a row that look like a clause without a label
# Words for whoever has a duty: they name nobody.
GENERAL_NAME = re.compile(
    "(?:各|有关|相关|所有|其他|该|本|上述)?(?:责任|牵头|配合|主管|职能|行业|业务|参与)?(?:单位|部门|主体)"
)
# Labels of agencies that have no duty in the task: 编制单位：, 成员单位：.
OTHER_LABEL = re.compile(
    "抄[送报]|[报主发]送|编制|编写|起草|制定|印发|发文|发布|签发|填报|填表|制表|审[核定批]|来源|成员|组成|受理|采购|招标|中标"
)
# Sentences that name agencies for other reasons: to whom a document goes, who explains it.
OTHER_PURPOSE = re.compile("抄送|抄报|主送|分送|发至|成员单位|解释[。；]?$")
# Words of a clause that no web site uses of itself, as it uses 主办单位：.
CLAUSE_WORDS = re.compile("牵头|责任(?:单位|部门|科室|股室)|配合单位|按职责|部门分工")
MAX_WORDS = 60  # characters of a finding
MAX_BRACKET = 220  # characters of the last bracket of a text


class UnreadDuty(NamedTuple):
    """Words that look like a responsibility, with their offset."""

    start: int
    words: str


def find_clause_like(text: str, is_alone: bool = False) -> Iterator[UnreadDuty]:
    """Yield brackets and labelled words in *text* that look like a clause.

    If the text has no clause (*is_alone*), a bracket with a list of offices looks like one, too.
    """
    plain = simplify_script(text)
    taken = 0
    for bracket in BRACKETED.finditer(plain):
        if _looks_like_clause(bracket[1]) or (is_alone and _lists_offices(bracket[1])):
            taken = bracket.end()
            yield UnreadDuty(bracket.start(), text[bracket.start() : taken][:MAX_WORDS])
    for colon in COLON.finditer(plain, taken):
        label = LABEL_BEFORE_COLON.search(plain, max(0, colon.start() - 24), colon.start())
        after = plain[colon.end() : colon.end() + MAX_WORDS].strip()
        if label and after and (_is_duty_label(label[0]) or _is_of_agency(label[0], after)):
            yield UnreadDuty(label.start(), text[label.start() :][:MAX_WORDS])
            return


def find_duty_phrases(text: str) -> Iterator[UnreadDuty]:
    """Yield sentences of *text* that say that an agency leads or takes part, or list agencies."""
    plain = simplify_script(text)
    for sentence in SENTENCE_PARTS.finditer(plain):
        start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
        if OTHER_PURPOSE.search(sentence[0]):
            continue
        if _names_actor(sentence[0]) or _lists_agencies(sentence[0]):
            yield UnreadDuty(start, text[start : sentence.end()][:MAX_WORDS])


def find_in_task(text: str, has_clause: bool) -> Iterator[UnreadDuty]:
    """Yield what looks like a responsibility in the *text* of a task.

    Sentences that name who acts are only of interest in a task without a clause.
    """
    found = list(find_clause_like(text) if has_clause else find_in_paragraph(text))
    yield from found
    if not found and not has_clause:
        yield from _find_at_ends(text)


def find_in_paragraph(text: str) -> Iterator[UnreadDuty]:
    """Yield what looks like a responsibility in the *text* of a paragraph outside of tasks."""
    found = list(find_clause_like(text, is_alone=True))
    yield from found or find_duty_phrases(text)


def _find_at_ends(text: str) -> Iterator[UnreadDuty]:
    """Yield an agency before a colon at the start of *text*, and names at its end."""
    plain = simplify_script(text).rstrip(" \u3000\v")
    if (first := AGENCY_AT_START.match(plain)) and _is_government(first[0]):
        yield UnreadDuty(0, text[: first.end() + 1])
    if last := LAST_BRACKET.search(plain, max(0, len(plain) - MAX_BRACKET)):
        names = [NOTE_MARK.sub("", each.text) for each in agency_lists.split_names(last[1])]
        if not EXPLANATION.match(last[1]) and any(map(agency_lists.OFFICE_NAME.fullmatch, names)):
            yield UnreadDuty(last.start(), text[last.start() :][:MAX_WORDS])
        return
    start = max(plain.rstrip("。；;").rfind(mark) for mark in "。；;！？\v—") + 1
    words = plain[start:].rstrip("。；;")
    names = [each.text.strip() for each in agency_lists.split_names(words)]
    least = 1 if DASH.search(plain, max(0, start - 2), start) else 2
    if start and len(names) >= least and all(map(_is_government, names)):
        yield UnreadDuty(start, text[start:][:MAX_WORDS])


def find_outside_plan(text: str) -> Iterator[UnreadDuty]:
    """Yield what looks like a clause in *text*, which is around the plan: of a letter, a web site."""
    for each in find_clause_like(text):
        if CLAUSE_WORDS.search(simplify_script(each.words)):
            yield each
    if _lists_agencies(text) and not OTHER_PURPOSE.search(text):
        yield UnreadDuty(0, text[:MAX_WORDS])


def _looks_like_clause(words: str) -> bool:
    """Return whether *words*, in brackets, name agencies as a clause does."""
    label, colon, after = re.sub(":", "：", words).partition("：")
    if colon and after.strip():
        if _is_duty_label(label):
            return True
        if ACTOR_LABEL.fullmatch(label) and any(
            map(_is_agency, agency_lists.find_likely_names(after))
        ):
            return True
        if clause_labels.PLAIN_LABEL.fullmatch(label):
            return False
    if DUTY_WORDS.search(words):
        return _names_actor(words)
    names = [each.text.strip() for each in agency_lists.split_names(words)]
    return len(names) > 1 and all(map(_is_government, names))


def _lists_offices(words: str) -> bool:
    """Return whether *words* are a list of agencies, at least half of them surely offices."""
    names = [each.text.strip() for each in agency_lists.split_names(words)]
    offices = sum(map(_is_government, names))
    return (
        len(names) > 1
        and not COLON.search(words)
        and offices * 2 >= len(names)
        and all(map(agency_lists.is_likely_agency, names))
    )


def _is_agency(name: str) -> bool:
    return not GENERAL_NAME.fullmatch(name)


def _is_of_agency(label: str, after: str) -> bool:
    """Return whether a label with the ending of one for agencies is before one: 组长单位：市建委."""
    name = next(agency_lists.split_names(after)).text.strip()
    return bool(
        ACTOR_LABEL.fullmatch(label) and not OTHER_LABEL.search(label) and _is_sure_agency(name)
    )


def _is_duty_label(words: str) -> bool:
    kind = clause_labels.classify_label(words.strip(" \u3000（("))
    return kind in ("lead", "own", "join", "split")


def _names_actor(sentence: str) -> bool:
    """Return whether the verb of a clause follows the name of an agency."""
    for verb in VERB_AFTER_NAME.finditer(sentence):
        before = NAME_BEFORE_VERB.search(sentence, max(0, verb.start() - 30), verb.start())
        name = NAME_START.sub("", before[0]) if before else ""
        leads = "牵头" in verb[0]
        if _is_sure_agency(name) or (leads and UNIT_NAME.fullmatch(name)):
            return True
    return False


def _lists_agencies(sentence: str) -> bool:
    """Return whether *sentence* has a run of names of agencies, and does not address them."""
    if sentence.count("、") < MIN_RUN - 1:
        return False
    run = 0
    for each in agency_lists.split_names(sentence):
        run = run + 1 if _is_government(each.text.strip()) else 0
        if run >= MIN_RUN:
            return not sentence.rstrip().endswith(("：", ":"))
    return False


def _is_government(name: str) -> bool:
    return bool(GOVERNMENT_NAME.fullmatch(name)) and _is_sure_agency(name)


def _is_sure_agency(name: str) -> bool:
    return (
        agency_lists.is_likely_agency(name)
        and bool(agency_lists.SURE_NAME.fullmatch(name) or OFFICE_NAME.fullmatch(name))
        and not GENERAL_NAME.fullmatch(name)
        and not agency_lists.COLLECTIVE_START.match(name)
    )
