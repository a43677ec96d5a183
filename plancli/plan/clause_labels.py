"""The vocabulary of labels: 牵头单位：, 主要责任部门：, 完成时限：, and headings of columns alike.

    label = {level} {qualifier} verb {verb} [level] [unit]     主办 | 市级牵头 | 主要责任单位
    mixed = label joint label                                 牵头及配合单位 | 主办（协办）单位

What a label says follows from its verbs and its unit, so that no composition needs to be listed.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from plancli.text.normalize import simplify_script

LEVELS = "自治区|中央|国家|部门|[省市县区州盟旗镇乡村][级属直]?|街道|园区"
QUALIFIERS = "总|首要|首席|主要|主体|第[一二三]|最终|直接|共同|具体|联合|业务|行业|技术|项目|工作|任务|日常|上级|属地|综合|统一|相关|有关|其他|各"
JOIN_VERBS = "协助牵头|配合|协同|协办|协作|协助|参与|参加|指导|督导"
SUPERVISING_VERBS = "考核|监督|督办|督促|督查|监管|支持|支撑|协调|保障"
OWN_VERBS = "主责|责任|负责|主办|承办|主管|落实|实施|职责"
WORKING_VERBS = "执行|承担|统筹|推进|组织|经办|主抓|完成"  # labels only with a unit after them
LEADING_VERBS = f"牵头|{OWN_VERBS}|{JOIN_VERBS}"
VERBS = f"{LEADING_VERBS}|{SUPERVISING_VERBS}|{WORKING_VERBS}"
UNITS = (
    "单位|部门|科室|股室|处室|司局|委办局|机构|机关|主体|地区|地方|企业|团队|力量|方|者|科|股|处"
    "|县市区|市县区|县区|区县|市县|市州|乡镇|镇街|街镇|镇办|街道|园区"
)
PERSONS = "主要负责人|负责人|负责同志|主要领导|分管领导|领导|联系人|人员|同志|人"
# A label with its unit, which stands without a colon, too; and the verbs alone, before a colon.
LABEL_WITH_UNIT = (
    f"(?:{LEVELS})?(?:{QUALIFIERS}){{0,3}}(?:{VERBS}){{1,3}}的?(?:{LEVELS})?(?:{UNITS})"
)
LABEL_ALONE = (
    f"(?:{LEVELS})?(?:{QUALIFIERS}){{0,3}}(?:(?:组织|统筹|抓好)?(?:{LEADING_VERBS})){{1,3}}"
)
DIVISION_LABEL = (
    "(?:(?:部门|责任|任务|职责|职能|工作|单位|具体)(?:及|和|与|、)?){0,3}分工(?:情况|安排|单位)?"
    "|责任分解"
)
DEADLINE_LABEL = (
    "(?:完成|办理|办结|整改|推进|落实|实施|计划|预计|截止|截至|起止|目标|工作|年度|进度|最迟|任务|责任|建成|时序){0,3}"
    "(?:(?:时限|期限)(?:要求|节点|安排)?|(?:时间|日期|进度|时序)(?:节点|要求|安排|进度|计划|时限))"
    "|(?:要求|计划|预计|应|拟)?(?:完成|办理|办结|整改|推进|落实|实施|截止|截至|起止|目标|建成|最迟)(?:完成)?(?:时间|日期|节点)"
    "|(?:时间|进度|工作)节点"
)
PERSON_LABEL = (
    f"(?:(?:{LEVELS}|{QUALIFIERS}|{LEADING_VERBS}|{SUPERVISING_VERBS}|分管|包抓|包保|包联|挂联|挂钩|挂包|联系|带队|单位|科室|的){{1,5}}(?:{PERSONS})|负责同志"
    "|(?:主要|分管)?领导|(?:联系|责任)人(?:及|和|与|、|/|／)?(?:联系)?(?:电话|方式)|联系(?:方式|电话)"
    ")(?:姓名)?"
)
JOINTS = "以及|(?<!参)与|[及和、,，/／·+]|或"
JOINED_LABEL = (  # 牵头及配合单位, 责任单位及责任人, 主办（协办）单位
    f"(?:{LABEL_WITH_UNIT}|{LABEL_ALONE})"
    f"(?:(?:{JOINTS}|[（(])(?:{LABEL_WITH_UNIT}|{PERSON_LABEL}|{LABEL_ALONE}|{DIVISION_LABEL}|分工|{UNITS})[）)]?(?:{UNITS})?){{0,3}}"
)
LABEL_PATTERN = f"{DEADLINE_LABEL}|{PERSON_LABEL}|{DIVISION_LABEL}|{JOINED_LABEL}"

LABEL = re.compile(f"(?:{LABEL_PATTERN})(?:姓名|名称)?")
PART = re.compile(f"{JOINTS}|[（()）]")
MAIN_LABEL = re.compile("主要责任|第一责任|首要责任|首席责任|主责|主要负责")
VERB = re.compile(VERBS)
MAX_LABEL_LENGTH = 24  # characters
COLON = ":："
SEPARATOR = re.compile("[、，,；;。\n]")
LABEL_AND_BLANK = re.compile(
    f"(?:^|(?<=[，,；;。、\\s]))(?P<label>{LABEL_WITH_UNIT})(?P<end>[ \u3000\t]+|为)"
)
PLAIN_UNIT_LABEL = (
    f"(?:{LEVELS})?(?:{QUALIFIERS}){{0,3}}(?:{VERBS}){{1,3}}(?:单位|部门|科室|处室|机构|主体)"
)
# 牵头单位市教育局: the label is directly before a name.
NEXT_NAME = re.compile(
    f"(?:^|(?<=[，,；;。、]))(?P<label>{PLAIN_UNIT_LABEL})(?P<end>)(?=[省市县区州盟旗镇乡][^级直属]..|各[省市县区镇乡])"
)
# 责任单位；市教育局: a semicolon for the colon.  各责任单位 is a name.
LABEL_AND_SEMICOLON = re.compile(
    f"(?:^|(?<=[；;。]))(?!各|有关|相关|其他)(?P<label>{PLAIN_UNIT_LABEL})(?P<end>[；;])(?=..)"
)
# A name that begins with a label: 牵头单位合肥海关, where no name was known to begin.
LABEL_IN_NAME = re.compile(
    f"(?!各|有关|相关|其他){PLAIN_UNIT_LABEL}(?![及和与或、（(]|以及|的|办|领导)(?=..)"
)
UNIT_LABEL_END = re.compile(f"(?:{LABEL_WITH_UNIT}|完成时限|{PERSON_LABEL})$")
# A label that is not of agencies, deadlines or persons, and whose text names nobody who acts.
PLAIN_LABEL = re.compile(
    ".*(?:范围|对象|目标|指标|内容|措施|标准|依据|来源|资金|投资|金额|规模|地点|备注|说明|期限|级别|类型|类别|编号|电话|邮箱|名称|要求|成果|形式|频次)"
)


class LabelledText(NamedTuple):
    """A stretch of a clause: its label, what the label is of, and the text after it."""

    kind: str  # as classify_label has it; "" without a label, "plain" or "unknown" for other labels
    label: str
    start: int  # offset of the text
    text: str


@lru_cache(maxsize=4096)
def classify_label(words: str) -> str:
    """Return what a label or the heading of a column, without its colon, is of.

    "lead" 牵头单位, "own" 责任单位, 主办, "join" 配合单位, 指导, "split" for words that say who does what
    (部门分工, 牵头及配合单位), "deadline", "person" (分管领导, 责任人), or "" if it is none of these.
    """
    words = simplify_script("".join(normalize("NFKC", words).split())).rstrip(":")
    if not words or len(words) > MAX_LABEL_LENGTH:
        return ""
    if LABEL.fullmatch(words):
        return _classify_whole(words)
    head, bracket, note = words.partition("(")
    if bracket and note.endswith(")") and LABEL.fullmatch(head):  # 责任单位（列第一位的牵头）
        return _classify_whole(head)
    return ""


def _classify_whole(words: str) -> str:
    if re.fullmatch(DEADLINE_LABEL, words):
        return "deadline"
    if re.fullmatch(PERSON_LABEL, words):
        return "person"
    if re.fullmatch(DIVISION_LABEL, words):
        return "split"
    kinds = {kind for part in PART.split(words) if (kind := _classify_part(part))}
    if len(kinds) > 1:
        kinds.discard("person")
    if kinds == {"lead", "own"} and "(" in words:  # 牵头（责任）单位
        return "lead"
    return kinds.pop() if len(kinds) == 1 else "split" if kinds else ""


def _classify_part(words: str) -> str:
    """Return the kind of a label without a joint: the verb that says least about leading decides."""
    if "分工" in words:
        return "split"
    if re.fullmatch(PERSON_LABEL, words):
        return "person"
    verbs = VERB.findall(words)
    if not verbs:
        return ""
    if "牵头" in verbs:
        after = verbs[verbs.index("牵头") + 1 :]
        before = verbs[: verbs.index("牵头")]
        joins = re.compile(JOIN_VERBS)
        if any(map(joins.fullmatch, before)):
            return "join"
        return "split" if any(map(joins.fullmatch, after)) else "lead"
    if re.search(JOIN_VERBS, words) or re.match(SUPERVISING_VERBS, verbs[0]):
        return "join"
    return "own"


def is_main_label(words: str) -> bool:
    """Whether a label of kind "own" is of those mainly responsible: 主要责任单位, 第一责任单位."""
    return bool(MAIN_LABEL.search(simplify_script(words)))


def find_leading_labels(labels: Sequence[str]) -> frozenset[int]:
    """Return the indices of *labels*, the headings of one table, under which agencies lead.

    Beside other labels the names under 责任单位 lead, or those under 主要责任单位 alone, where the
    table has both.  Where a label says 牵头, only that one leads.
    """
    kinds = [classify_label(label) for label in labels]
    if "lead" in kinds:
        return frozenset(n for n, kind in enumerate(kinds) if kind == "lead")
    own = [n for n, kind in enumerate(kinds) if kind == "own"]
    main = [n for n in own if is_main_label(labels[n])]
    main = main or [n for n in own if "主办" in simplify_script(labels[n])]
    if main and (len(own) > len(main) or "join" in kinds):
        return frozenset(main)
    return frozenset(own if "join" in kinds else ())


def split_at_labels(clause: str) -> Iterator[LabelledText]:
    """Yield the stretches of *clause*, which is in simplified characters, at its labels."""
    found = _find_labels(clause)
    head = clause[: found[0][0]] if found else clause
    yield LabelledText("", "", 0, head)
    ends = [*(start for start, _end, _label in found), len(clause)][1:]
    for (_start, begin, label), end in zip(found, ends, strict=True):
        kind = classify_label(label) or ("plain" if PLAIN_LABEL.fullmatch(label) else "unknown")
        text = clause[begin:end]
        if end < len(clause) and text.rstrip().endswith("、"):  # 甲局、配合单位：
            text = text.rstrip()[:-1]
        yield LabelledText(kind, label, begin, text)


def _find_labels(clause: str) -> list[tuple[int, int, str]]:
    """Return (start, end with its colon, label) of each label."""
    found = []
    depth = since = 0
    for at, char in enumerate(clause):
        if char in "（(〔[【":
            depth += 1
        elif char in "）)〕]】":
            depth = max(0, depth - 1)
        elif char in COLON and not depth and not clause[at - 1 : at + 2 : 2].isdecimal():
            start = _find_label_start(clause, since, at)
            found.append((start, at + 1, "".join(clause[start:at].split())))
            since = at + 1
    for form in (LABEL_AND_BLANK, NEXT_NAME, LABEL_AND_SEMICOLON):
        for match in form.finditer(clause):
            overlaps = any(match.start() < end and start < match.end() for start, end, _ in found)
            if not overlaps and classify_label(match["label"]):
                found.append((match.start(), match.end(), match["label"]))
    return sorted(found)


def _find_label_start(clause: str, since: int, colon: int) -> int:
    """Return where the label before a colon begins: after a separator, a blank, or a name."""
    separators = [each.end() for each in SEPARATOR.finditer(clause, since, colon)]
    start = separators[-1] if separators else since
    words = clause[start:colon]
    if separators:  # 主办、协办单位：
        longer = separators[-2] if len(separators) > 1 else since
        if classify_label(clause[longer:colon]):
            return longer
    if not classify_label(words):  # 甲局配合单位：乙局
        parts = words.split()
        if len(parts) > 1 and classify_label(parts[-1]):
            return start + words.rindex(parts[-1])
        if ending := UNIT_LABEL_END.search(words.rstrip()[-MAX_LABEL_LENGTH:]):
            return start + max(0, len(words.rstrip()) - MAX_LABEL_LENGTH) + ending.start()
    return start
