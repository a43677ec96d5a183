"""Classify the columns of a table of tasks by their headings."""

import re
from typing import NamedTuple

from plancli.plan import clause

COLUMN_PATTERNS = {  # kind -> pattern of headings; the first that matches
    "no": "序号|编号|序|号|项次|No\\.?|条目",
    "lead": "总?牵头(?:责任|负责)?(?:单位|部门|处室|科室|地区|市直单位)?(?:[（(].*[）)])?",
    "own": "(?:主要)?责任(?:单位|部门|主体|科室|处室|地区)(?:[（(].*[）)])?|落实单位|实施单位|承办单位|主办单位|主责单位|职责单位",
    "join": "(?:配合|协同|协办|协作|参与|参加|参加责任|配合责任|协同配合)(?:单位|部门|科室|处室|地区)?(?:[（(].*[）)])?",
    "clause": "(?:责任|部门|任务|职责)分工|分工|责任单位及分工|牵头及(?:配合|责任)单位|责任(?:单位)?及?分工情况",
    "deadline": "(?:完成|办理|办结)?时限(?:要求)?|完成(?:时间|日期|节点)|时间(?:要求|节点|安排|进度)?|进度(?:要求|安排)|推进时限",
    "text": "(?:年度|主要|重点|具体|目标|分解)?(?:工作)?(?:任务|事项|举措|措施|内容)(?:内容|及措施|事项|名称|清单|分解|和措施|要求)?|(?:重点|主要|具体)?工作|工作(?:任务|内容|事项)(?:及.*)?|项目(?:名称)?|建设内容|任务目标|改革事项|政策措施|措施",
    "section": "(?:类别|领域|板块|方面|部分|分类|清单|章节|一级.*|项目类别|任务类别|工作类别|大类)",
}
COLUMN_REGEXES = {kind: re.compile(form) for kind, form in COLUMN_PATTERNS.items()}
AGENCY_COLUMNS = frozenset({"lead", "own", "join", "clause"})
TASK_COLUMNS = frozenset({"no", "section", "text"})
CLAUSE_LABELS = {"lead": "牵头单位", "own": "责任单位", "join": "配合单位"}
COVERAGE_KINDS = {**dict.fromkeys(AGENCY_COLUMNS, "clause"), "deadline": "deadline"}


class TaskTableColumn(NamedTuple):
    """A column: its kind, and its heading as printed."""

    kind: str
    heading: str

    @property
    def label(self) -> str:
        """The label for a clause: the heading, if the clause grammar knows it."""
        label = clause.CLAUSE_LABEL.fullmatch(f"{self.heading}：")
        return self.heading if label and label.lastgroup else CLAUSE_LABELS[self.kind]


def classify_column(heading: str) -> str:
    """Return the kind of a column with this heading, or ''."""
    return next((kind for kind, form in COLUMN_REGEXES.items() if form.fullmatch(heading)), "")
