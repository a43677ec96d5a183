"""Classify the columns of a table by their headings."""

import re
from collections.abc import Sequence
from functools import lru_cache

from plancli.importing.parsing import table_cells
from plancli.importing.parsing.table_cells import GridCell, TableGrid
from plancli.plan.clause_labels import classify_label

TEXT_WORDS = (
    "年度|主要|重点|具体|目标|分解|督办|督查|落实|实施|推进|改革|创新|工作|政策|任务|事项|举措|措施|内容|项目|建设|民生|实事|整改"
    "|行动|细化|量化|核心|分项|和|及|与|、|/"
)
TEXT_HEADING = re.compile(
    f"(?:{TEXT_WORDS}){{0,6}}(?:任务|事项|举措|措施|内容|项目|实事|要点|路径|做法|工作)(?:名称|清单|要求|描述|概述|目标)?"
    "|工作(?:任务|内容|事项)及.*"
)
# Weaker evidence, beside a column of agencies only: 攻坚任务, 专项行动名称.
TASK_HEADING = re.compile(
    ".{0,10}(?:任务|事项|项目|工程|行动|举措|措施|内容|工作|要点)(?:名称)?|.{1,10}名称"
)
NUMBER_HEADING = re.compile("(?:任务|项目|工作|事项)?(?:序号|编号)|序|号|项次|No\\.?|条目", re.I)
SECTION_HEADING = re.compile(
    "(?:重点|主要|工作|任务|项目|所属)*(?:类别|领域|板块|方面|部分|分类|类型|清单|章节|大类)|[一二三]级.*"
)
# Columns beside a task that are kept as its cells; those of goals may be the task of merged rows.
GOAL_HEADING = re.compile(".*(?:目标|标准|成果|成效|指标|要求)")
OTHER_HEADING = re.compile(
    ".*(?:备注|说明|进展|情况|依据|来源|电话|投资|资金|经费|金额|预算|地[点址]|位置|规模|性质|状态|联系|姓名|职务|进度|季度|月份?|问题)"
    "|.*(?:目标|标准|成果|成效|指标|目标要求)"
)
LABEL_ENDING = re.compile(
    "[^、，及和与（）()]{1,4}((?:责任|牵头|配合|承办|主办|协办)(?:单位|部门|科室|处室|股室|领导|人))"
)
LEAD_HEADING = re.compile("牵头[^、，及和与（）()配合]{0,4}(?:单位|部门|科室|处室|股室)")
UNIT_HEADING = re.compile(".*(?:单位|部门|科室|处室|股室|机构|主体|业主)")
UNIT_ALONE = re.compile("(?:单位|部门|科室|处室|股室|机构)(?:名称)?")
AGENCY_COLUMNS = frozenset({"lead", "own", "join", "split"})
MAX_HEADING_LENGTH = 24  # characters


def is_heading_row(row: Sequence[GridCell | None]) -> bool:
    """Return whether *row*, of the middle of a table, has the headings of other columns."""
    texts = [cell.text for cell in dict.fromkeys(row) if cell and cell.text]
    kinds = [classify_column(text) for text in texts]
    known = sum(map(bool, kinds))
    return bool(
        AGENCY_COLUMNS & set(kinds)
        and {"no", "text", "section"} & set(kinds)
        and known * 2 > len(texts)
        and may_be_headings(row)
        and not any(text.startswith(("各", "有关", "相关")) for text in texts)
    )


@lru_cache(maxsize=4096)
def classify_column(heading: str) -> str:
    """Return the kind of a column by its heading alone, or ''."""
    if not heading or len(heading) > MAX_HEADING_LENGTH * 2:
        return ""
    if NUMBER_HEADING.fullmatch(heading):
        return "no"
    if kind := classify_label(heading):
        return kind
    bare = re.sub("[（(][^（）()]*[）)]", "", heading)
    if kind := classify_label(bare):
        return kind
    if LEAD_HEADING.fullmatch(bare):  # 牵头考核单位
        return "lead"
    if label := LABEL_ENDING.fullmatch(bare):  # 整改责任单位
        return classify_label(label[1])
    if TEXT_HEADING.fullmatch(bare):
        return "text"
    return "section" if SECTION_HEADING.fullmatch(bare) else ""


def may_be_headings(row: Sequence[GridCell | None]) -> bool:
    """Return whether a row is of several short cells without numbers."""
    cells = [cell for cell in dict.fromkeys(row) if cell and cell.text]
    return len(cells) > 1 and not any(
        (len(cell.text) > MAX_HEADING_LENGTH and not classify_column(cell.text))
        or table_cells.is_number(cell.text)
        for cell in cells
    )


def join_heading_rows(
    grid: TableGrid, top: int, row: Sequence[GridCell | None]
) -> tuple[int, list[str]]:
    """Return the last row of the headings from *top* on, and the heading of each column.

    Below 责任分工, 牵头单位 and 配合单位 are the headings; one that is unknown does not inherit the kind
    that a column beside it, below the same heading, already has (工作任务 over 内容 and 目标).
    """
    headings = [cell.text if cell else "" for cell in row]
    below = grid.get_row(top + 1) if top + 1 < grid.last else []
    lower = [cell.text if cell and cell.row > top and cell.text else "" for cell in below]
    kinds = [classify_column(text) for text in lower]
    is_shared = [bool(cell) and row.count(cell) > 1 for cell in row]
    are_split = any(text and (not headings[n] or is_shared[n]) for n, text in enumerate(lower))
    is_below = all(is_shared[n] or not text for n, text in enumerate(lower)) and any(
        cell and cell.rows > 1 for cell in row
    )  # the other headings cover both rows
    is_known = any(kinds) and (are_split or sum(map(bool, kinds)) * 2 > sum(map(bool, lower)))
    if not (is_known or (is_below and any(lower))) or not may_be_headings(
        [cell for cell in below if cell and cell.row > top]
    ):
        return top, headings
    joined = list(headings)
    for n, text in enumerate(lower):
        upper = headings[n]
        siblings = {kinds[m] for m in range(len(lower)) if row[m] is row[n] and kinds[m]}
        inherits = text and not kinds[n] and not siblings and classify_column(upper)
        joined[n] = text if text and not inherits else upper
    return top + 1, joined


def is_other_heading(heading: str) -> bool:
    """Return whether cells below *heading* are kept beside a task: 备注, 进展情况, 年度目标."""
    return bool(OTHER_HEADING.fullmatch(heading))
