"""The cells of a table: their places, their text, and the names in a cell of agencies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plancli.importing.readers.page import INVISIBLE, SourceCell, SourceTable, SourceText, TextSpan
from plancli.plan import agency_lists
from plancli.plan.clause_labels import classify_label

LINE_BREAK = re.compile("[\v\n]")
NUMBER_CELL = re.compile("[\\d一二三四五六七八九十百千零〇（）()、.．①-⑳-]{1,10}")
EMPTY_CELL = re.compile("(?:暂?无|没有|[/／\\\\—–－―\\-…·.。]+|空)?")
DITTO_CELL = re.compile('同上[。.]?|[〃″]|"|〞|同前')
NAME_SEPARATORS = re.compile("[、，,；;\\s]+")
SEPARATOR_CHARS = "、，,；;"
# An agency is not called 建设…中心; a short task may be.
TASK_START = re.compile(
    "建设|打造|推[进动行]|加[强快大]|新建|改[造建]|实施|完成|开展|提[升高]|优化|启动|建成|建立|成立|组建|制定|扩建|引进"
)
# The body of a person or a government before its office: 县委 / 组织部 on two lines is one name.
OPEN_BODY = re.compile(".{0,6}(?:[省市县区州盟旗镇乡]委|政府|人大|政协)")
BODY_PART = re.compile(
    "(?:组织|宣传|统战|社会工作)部|政法委|办公?室|常委会|老干部局|政研室|.{1,4}办"
)
NAME_TAIL = re.compile(
    "(?:人民)?政府|管委会|管理委员会|办事处|员会|委员会|[局厅委办会院所站心司部]|分局|支队|大队"
)
# Central bodies whose name goes on with the place of their branch: 国家税务总局 / 清河市税务局.
CENTRAL_BRANCHES = (
    ("国家税务总局", "税务局"),
    ("中国人民银行", "[分支]行|营业管理部"),
    ("国家金融监督管理总局|中国(?:银行)?保险监督管理委员会", "监管[分支]?局"),
    ("中国证券监督管理委员会", "监管局"),
    ("国家外汇管理局", "[分支]局"),
    ("国家统计局", "调查总?队"),
    ("中国(?:工商|农业|建设|交通|邮政储蓄)?银行|国家开发银行", "[分支]行"),
)
CENTRAL_NAME = re.compile(
    "|".join(f"(?:{body})\n[^\n、]{{2,12}}(?:{branch})" for body, branch in CENTRAL_BRANCHES)
)
VERB_END = re.compile("(?:牵头|负责|配合|参与|参加|落实|协助|协办|协同|实施|推进|办理)$")
FINISHED_NAME = re.compile(".{2,}(?:园|[）)〕])")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾韦"
    "夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施翟洪颜倪温芦俞章鲁葛岳齐霍"
)
PERSON = f"(?:欧阳|上官|司马|诸葛|[{SURNAMES}])(?:[\u4e00-\u9fff]{{1,2}}(?<![区县市镇乡局办站所院科股处]))"
PERSONS = f"{PERSON}(?:[、，,\\s]{{1,3}}{PERSON}){{0,9}}"
PERSON_WORDS = re.compile(
    f"[（(]{PERSONS}[）)]|(?:^|(?<=[）)])|[、，,\\s：:]{{1,3}}){PERSON}(?=[、，,；;\\s]|$)"
)
MAX_COLUMNS = 100  # cells to the right of them are reported as left over


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell, with its text without spaces and line breaks."""

    start: int
    end: int
    row: int
    column: int
    rows: int
    columns: int
    text: str


class TableGrid:
    """The cells of a table by the rows and columns that they cover."""

    def __init__(self, text: str, table: SourceTable) -> None:
        self.text = text
        self.first = min((cell.row for cell in table.cells), default=0)
        self.last = max((cell.row + cell.rows for cell in table.cells), default=0)
        self._covering: dict[tuple[int, int], GridCell] = {}
        self.width = 0
        for each in table.cells:
            cell = GridCell(*each, "".join(get_text(text, each).split()))
            for row in range(each.row, each.row + each.rows):
                for column in range(each.column, min(each.column + each.columns, MAX_COLUMNS)):
                    self._covering[row, column] = cell
                    self.width = max(self.width, column + 1)

    def get_cell(self, row: int, column: int) -> GridCell | None:
        """Return the cell that covers a place."""
        return self._covering.get((row, column))

    def get_row(self, row: int) -> list[GridCell | None]:
        """Return the cell that covers each column of *row*."""
        return [self._covering.get((row, column)) for column in range(self.width)]

    def get_filled(self, row: int) -> list[GridCell]:
        """Return the cells of *row* with text, each once."""
        return [cell for cell in dict.fromkeys(self.get_row(row)) if cell and cell.text]

    def iter_rows(self) -> Iterator[list[GridCell | None]]:
        """Yield the cells of each row."""
        return map(self.get_row, range(self.first, self.last))


def get_lines(text: str, cell: SourceCell | GridCell) -> list[str]:
    """Return the lines of a cell that have text."""
    words = INVISIBLE.sub("", text[cell.start : cell.end])
    return [line for part in LINE_BREAK.split(words) if (line := part.strip())]


def get_text(text: str, cell: SourceCell | GridCell) -> str:
    """Return the text of a cell, its lines joined."""
    return "".join(get_lines(text, cell))


def build_span(page: SourceText, cells: Sequence[GridCell]) -> TextSpan:
    """Return the text of *cells*, their lines joined, with its offsets in the source."""
    stretches = []
    for cell in cells:
        at = cell.start
        for line in LINE_BREAK.split(page.text[cell.start : cell.end]):
            bare = line.strip()
            begin = at + line.find(bare)
            if bare:
                stretches.append((begin, begin + len(bare)))
            at += len(line) + 1
    return TextSpan(page, stretches)


def is_number(text: str) -> bool:
    """Return whether a cell is a number, as in the column 序号."""
    return bool(NUMBER_CELL.fullmatch(text))


def is_empty(text: str) -> bool:
    """Return whether a cell says that there is nothing: 无, /, —, or no text."""
    return bool(EMPTY_CELL.fullmatch(text))


def is_ditto(text: str) -> bool:
    """Return whether a cell repeats the one above: 同上, 〃."""
    return bool(DITTO_CELL.fullmatch(text))


def is_agency_list(text: str) -> bool:
    """Return whether most names in a cell are surely names of agencies."""
    names = [name for name in NAME_SEPARATORS.split(text[:400]) if name]
    sure = sum(map(_is_sure_agency, names))
    return bool(names) and sure * 2 > len(names)


def is_name_list(text: str) -> bool:
    """Return whether most names in a cell may be names of agencies, as below 责任单位."""
    names = [name for name in NAME_SEPARATORS.split(text[:400]) if name]
    likely = sum(map(agency_lists.is_likely_agency, names))
    return bool(names) and likely * 2 > len(names)


def _is_sure_agency(name: str) -> bool:
    if not agency_lists.is_likely_agency(name) or TASK_START.match(name):
        return False
    return bool(
        agency_lists.SURE_NAME.fullmatch(name)
        or agency_lists.OWN_PREFIX.match(name)
        or agency_lists.COLLECTIVE_START.match(name)
        or (len(name) <= 8 and name.endswith(("科", "股", "处", "室")))
    )


def remove_persons(lines: Sequence[str]) -> list[str]:
    """Return the *lines* of a cell of agencies and persons without the persons.

    A person is in brackets, or apart: 县教育局（张三）, 县教育局 张三, or on a line of its own.
    """
    left = (PERSON_WORDS.sub("", line).strip(f"{SEPARATOR_CHARS} \u3000：:") for line in lines)
    return [line for line in left if line]


def join_names(lines: Sequence[str]) -> str:
    """Return the lines of a cell of agencies as one list.

    Names below each other are several; a line that does not end like a name continues on the next.
    """
    joined = ""
    for line in lines:
        joined += (_get_separator(joined, line) if joined else "") + line
    return joined.strip(SEPARATOR_CHARS)


def _get_separator(before: str, line: str) -> str:
    """Return what is between the text *before* and the next line of a cell: 、, ； or nothing."""
    if classify_label(re.split("[:：]", line, maxsplit=1)[0][:24]) and re.search("[:：]", line):
        return "" if before[-1] in SEPARATOR_CHARS else "；"
    if before[-1] in f"{SEPARATOR_CHARS}：:（(" or line[0] in f"{SEPARATOR_CHARS}）)等":
        return ""
    if before.count("（") + before.count("(") > before.count("）") + before.count(")"):
        return ""
    left = re.split(f"[{SEPARATOR_CHARS}：:]", before)[-1]
    right = re.split(f"[{SEPARATOR_CHARS}]", line, maxsplit=1)[0]
    if VERB_END.search(left):
        return "，"
    if CENTRAL_NAME.fullmatch(f"{left}\n{right}"):
        return ""
    if NAME_TAIL.fullmatch(right) or (OPEN_BODY.fullmatch(left) and BODY_PART.fullmatch(right)):
        return ""
    if _is_finished(left):
        return "、"
    both_begin = agency_lists.OWN_PREFIX.match(left) and agency_lists.OWN_PREFIX.match(right)
    starts_list = agency_lists.COLLECTIVE_START.match(right)
    if len(left) > 1 and (both_begin or starts_list) and _is_finished(right):
        return "、"
    return "" if agency_lists.is_likely_agency(left + right) or len(left) == 1 else "、"


def _is_finished(name: str) -> bool:
    """Return whether *name* may be complete: 县人力资源和社会 is not."""
    if name.endswith(("社会", "发展和改", "委员")):
        return False
    return agency_lists.is_likely_agency(name) or bool(FINISHED_NAME.fullmatch(name))
