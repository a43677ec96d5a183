"""The columns of a progress sheet: those filled from the plan and those that agencies fill in."""

import re

from plancli.results import labels
from plancli.results.labels import format_role, format_value
from plancli.system import protection
from plancli.tracking.assignments import POSSIBLE, Assignment

# State offered in the sheet -> its name in machine-readable formats.
STATUS_BY_STATE = {
    labels.STATUS_LABELS[name]: name for name in ("waiting", "underway", "done", "lasting", "stuck")
}
STATES = tuple(STATUS_BY_STATE)
# State -> what people may write for it.
STATE_SYNONYMS = {
    "未启动": ("未启动", "未开始", "尚未启动", "未开展", "尚未开展"),
    "推进中": ("推进中", "进行中", "正在推进", "正在进行", "办理中", "实施中"),
    "已完成": ("已完成", "完成", "全部完成", "已办结", "办结"),
    "长期推进": ("长期推进", "持续推进", "长期坚持", "常态化推进"),
    "受阻": ("受阻", "推进受阻"),
}
STATUS_BY_WORD = {
    word: STATUS_BY_STATE[state] for state, words in STATE_SYNONYMS.items() for word in words
}
# Field -> heading, for fields that agencies fill in and for fields of the plan. A field that
# agencies fill in is also a field of ``progress_file.Statement``, and has a width below.
REPORT_FIELDS = {
    "progress": "进展情况",
    "state": "完成状态",
    "due": "完成时限",
    "problem": "存在问题",
    "contact": "联系人",
}
PLAN_FIELDS = {
    "plan": "计划",
    "no": "序号",
    "role": "责任",
    "text": "工作任务",
    "clause": "责任分工（原文）",
}
HEADINGS = PLAN_FIELDS | REPORT_FIELDS
ID_HEADING = protection.SHEET_ID
WIDTHS = {"plan": 14, "no": 7, "role": 12, "text": 40, "clause": 24, "progress": 30, "state": 12,
          "due": 12, "problem": 18, "contact": 12}  # fmt: skip
FILL_HELP = (
    "请在黄色各栏填写，完成状态从下拉列表选择。可以排序、筛选、增加列，请勿删除行；"
    "“可能涉及”的任务如与本单位无关，留空即可。"
)
INDEX_TITLE = "任务分解总表"
TITLE_SUFFIX = protection.SHEET_TITLE  # after the plan's title
PRINT_HELP = f"本表供打印传阅，请在同名的 Excel 表中填报。完成状态分为{'、'.join(STATES)}。"
ERROR_VALUE = re.compile(r"(#[A-Z0-9/_]+[!?]|#N/A)(?= =|$)")  # the error, before its formula
AGENCY_LINE = re.compile(r"单位：(.+)（牵头 \d+ 项")  # as ``format_agency_line`` writes it
META_SHEET = protection.SHEET_META  # hidden sheet: a row of plan, version and agency for each plan


def format_agency_line(agency: str, lead: int, part: int, may: int) -> str:
    """Return the line with the sheet's agency and its number of tasks by role."""
    more = f"，可能涉及 {may} 项" if may else ""
    return f"单位：{agency}（牵头 {lead} 项，参与、负责 {part} 项{more}）"


def format_duty_role(duty: Assignment) -> str:
    """Return the role as displayed, with the collective agencies that may include the agency."""
    if duty.role == POSSIBLE:
        return f"{format_value('role', POSSIBLE)}\n（{'、'.join(duty.collectives)}）"
    return format_role(duty.role, duty.has_lead)


def build_cells(duty: Assignment) -> dict[str, str]:
    """Return field -> text of an assignment's row as it is sent out."""
    return {
        "plan": duty.plan,
        "no": duty.no,
        "role": format_duty_role(duty),
        "clause": duty.clause,
        "text": duty.printed_text,
        "due": duty.deadline,
    }
