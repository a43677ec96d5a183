"""Label columns and coded values for people."""

from plancli.results.roles import ROLE_WORDS, Role
from plancli.results.table import Result, ResultCell

GRADES = ("name", "member", "compound", "clause")  # of a mention, the strongest first

ROLE_LABELS = {str(role): words.label for role, words in ROLE_WORDS.items()}
# State of a task, by what was reported.
STATUS_LABELS = {
    "done": "已完成",
    "underway": "推进中",
    "waiting": "未启动",
    "lasting": "长期推进",
    "stuck": "受阻",
    "other": "其他",
    "silent": "未报送",
}
# Column headings; machine formats use the field names.
HEADINGS = {
    "plan": "计划",
    "no": "序号",
    "list": "清单",
    "section": "部分",
    "text": "工作任务",
    "clause": "责任分工",
    **{role.value: ROLE_LABELS[role] for role in Role},
    "open_ended": "含“等”",
    "regions": "地区",
    "parts": "各段及其责任分工",
    "own_parts": "本单位各段",
    "deadline": "完成时限",
    "role": "责任",
    "through": "统称",
    "grade": "列入理由",
    "why": "原词与路径",
    "words": "原词",
    "mentions": "地区与原词",
    "list_no": "清单序号",
    "section_no": "部分序号",
    "previous": "上一项",
    "next": "下一项",
    "year": "年度",
    "led": "有牵头",
    "places": "地区",
    "bodies": "单位",
    "jurisdiction": "适用地区",
    "publisher": "公布者",
    "published": "公布日期",
    "published_as": "公布时的标题",
    "note": "说明",
    "preamble": "前言",
    "state": "完成状态",
    "progress": "进展情况",
    "due": "完成时限",
    "problem": "存在问题",
    "contact": "联系人",
    "status": "状态",
    "overdue": "逾期",
    "when": "报送时间",
    "duties": "项数",
    **STATUS_LABELS,
    "agency": "单位",
    "kind": "类别",
    "region": "地区",
    "type": "类别",
    "tasks": "任务数",
    "possible": "可能包括",
    "by_name": "点名",
    "by_member": "所辖",
    "by_compound": "合称地标",
    "by_clause": "仅责任单位",
    "number": "编号",
    "first": "起",
    "last": "止",
    "leads": "牵头方",
    "participants": "参与方",
    "title": "标题",
    "name": "名称",
    "value": "数值",
    "unit": "单位",
    "measure": "指标",
    "count": "数量",
    "rule": "规则",
    "where": "位置",
    "finding": "问题",
    "file": "文件",
    "line": "行",
    "excerpt": "原文",
    "remedy": "处理办法",
    "change": "变化",
    "no_before": "原序号",
    "no_after": "新序号",
    "what": "内容",
    "before": "原文",
    "after": "新文",
    "reason": "不明之处",
    "target": "目标原文",
    "numbers": "任务序号",
    "leader": "牵头单位",
    "participant": "参与单位",
    "partner": "同一任务的单位",
    "members": "所含的市",
    "x": "列",
    "y": "行",
}
MEASURE_LABELS = {
    "tasks": "任务",
    "led": "有牵头单位的任务",
    "unled": "没有牵头单位的任务",
    "led_by_several": "两个以上单位牵头的任务",
    "led_only": "只有牵头、没有参与单位的任务",
    "open_ended": "单位未列全（等）的任务",
    "bodies": "写明的单位",
    "collectives": "统称的单位",
    "leads": "牵头（单位·任务）",
    "participations": "参与（单位·任务）",
    "placed": "提到地区的任务",
}
# Cells, for values that are words of the machine contract.
VALUE_LABELS = {
    **ROLE_LABELS,
    **STATUS_LABELS,
    "unread": "没有读取",
    "strange": "不是反馈表",
    "unopened": "计划不符",
    "stale": "旧版",
    "clock": "时间有误",
    "conflict": "冲突",
    "older": "较早",
    "mismatch": "编号错位",
    "foreign": "他单位",
    "stray": "无对应任务",
    "lacking": "缺列",
    "unknown": "状态不明",
    "undated": "时限不明",
    "faulty": "错误值",
    "picture": "图片",
    "missing": "未报送",
    "deleted": "缺行",
    "blank": "未填写",
    "name": "点名",
    "member": "所辖",
    "compound": "合称或地标",
    "clause": "责任单位",
    "field": "领域",
    "figure": "合计",
    "annex": "附件",
    "note": "说明",
    "text": "正文",
    "section": "部分",
    "title": "标题前言",
    "heading": "部分标题",
    "renamed": "单位更名",
    "new": "新增",
    "dropped": "删除",
    "moved": "移动",
    "reworded": "文字修改",
    "duties": "责任调整",
    "deadline": "时限调整",
    "nobody": "没有责任单位",
    "unled": "没有牵头单位",
    "led_by_several": "多个单位牵头",
    "both_roles": "既牵头又参与",
    "collective": "统称，没有点名",
    "open_ended": "单位未列全（等）",
    "passed_over": "点名的市没有列入",
    "target": "目标",
    "year": "年份日期",
    "ordinal": "届次序号",
    "named": "名称",
    "present": "现状或条件",
}
# Columns whose cells may hold such values.
ENUM_COLUMNS = frozenset({"role", "grade", "kind", "change", "status", "reason"})


def format_role(role: ResultCell, lead: ResultCell) -> str:
    """Label an agency's *role*; *lead*: the lead agencies of the task, if any."""
    words = ROLE_WORDS[str(role)]
    return words.label if lead else words.label_without_lead or words.label


def format_value(column: str, cell: ResultCell) -> str:
    """Return *cell* as people read it."""
    if isinstance(cell, tuple):
        return "、".join(cell)
    if isinstance(cell, bool):
        return "是" if cell else ""
    if cell is None or (column, cell) == ("year", 0):  # unknown
        return ""
    if column == "measure":
        return MEASURE_LABELS[str(cell)]
    return VALUE_LABELS.get(str(cell), str(cell)) if column in ENUM_COLUMNS else str(cell)


def count_values(result: Result, column: str) -> str:
    """Return how often each value stands in *column*, in the order in which they first stand."""
    values = [str(value) for value in result.column(column)]
    return " · ".join(
        f"{format_value(column, value)} {values.count(value)}" for value in dict.fromkeys(values)
    )
