"""Split off the text around the tasks: title, preamble, covering letter, site text, closing lines."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from plancli.importing.parsing import clause_finder, outline
from plancli.importing.parsing.outline import OutlineSegment
from plancli.importing.readers.page import SourceTable

TITLE_FORM = re.compile(
    ".{2,}(?:要点|方案|分工|计划|任务|意见|通知|措施|清单|规划|办法|举措|安排|细则|行动|决定|分解表?|台账|一览表|责任表|任务书|政策|决议|公告|通告|表)"
    "(?:[（(][^（）()]{1,20}[）)]|的函)?"
)
TITLE_CONTINUATION = re.compile("(?:20\\d\\d年|工作|重点|实施|主要|任务|推进|的|行动|责任|年度).*")
TITLE_START = re.compile(
    "(?:中共)?.{2,9}?[省市县区州盟旗]|国务院|全国|国家|关于|中国|《|.{0,4}20\\d\\d年?"
)
PLAN_TITLE = re.compile(
    "要点|方案|分工|计划|任务|意见|措施|清单|规划|举措|安排|行动|分解|台账|责任表|一览表|办法|政策|细则"
)
SITE_FURNITURE = re.compile(
    "版权|备案|ICP|公网安备|主办[:：单]|承办[:：单]|上一[篇条]|下一[篇条]|打印|关闭|分享|扫一扫|相关(?:文章|稿件|文件|报道|阅读|链接|新闻|推荐|信息)|责任编辑|编辑[:：]|字号|字体|首页|网站地图"
    "|联系我们|联系电话|地址[:：]|邮编|Copyright|浏览(?:次数|量)|点击|阅读次数|当前位置|您的位置|无障碍|收藏|返回顶部|技术支持|建议使用|专\\s*题|封面|微信|微博|登录|注册|English|政务公开"
    "|专题专栏|互动交流|信息公开目录|标识码|网站声明|关于我们|友情链接|来源[:：]|【.{0,6}】$",
    re.IGNORECASE,
)
DOCUMENT_METADATA = re.compile(
    "索\\s*引\\s*号|发文字号|发文机关|文\\s*号|成文日期|发布(?:日期|时间|机构|单位)|发布[:：]|来源[:：]|信息来源|主题(?:词|分类)|有效性|公文种类|生成日期|公开方式|作者[:：]|日期[:：]|时间[:：]|签发人|摘要|名\\s*称[:：]|20\\d\\d[-年/.]\\d{1,2}[-月/.]\\d{1,2}"
)
COVERING_LETTER = re.compile(
    "(?:[各有省市县区].{0,60}[:：])|.*(?:印发给你们|转发给你们|现印发|现将.*印发|请.{0,8}(?:认真|遵照|结合实际)?.{0,6}(?:贯彻|组织实施|执行|落实)).{0,20}"
)
SIGNATURE = re.compile(
    "[^。，；]{2,40}(?:人民政府|办公厅|办公室|委员会|领导小组|[厅局委部院会])(?:办公厅|办公室)?\\s*(?:20\\d\\d年.*)?"
)
DATE_LINE = re.compile(
    "[（(]?\\s*(?:20\\d\\d|二[〇○零Ｏ0]..)年\\s*\\S{1,3}月\\s*\\S{1,3}日\\s*(?:印发)?[）)]?|20\\d\\d[-/.]\\d{1,2}[-/.]\\d{1,2}"
)
CLOSING_LINE = re.compile("[（(]?(?:此件|信息公开选项|抄送|联系人|公开)")
ANNEX_LABEL = re.compile("附\\s*[件表]|附[:：]")
CONTENTS_TITLE = re.compile("目\\s*[录次]")
MAX_ANNEXES = 20  # segments from the annex label to the end of the tasks
PARAGRAPH_ENDS = "。：:；;！!）)”」】〕]》"


class FrontMatter(NamedTuple):
    """The segments around the tasks, by kind, and the tasks."""

    title: tuple[OutlineSegment, ...]
    preamble: tuple[OutlineSegment, ...]
    metadata: tuple[tuple[OutlineSegment, str], ...]  # other segments, with their span kinds
    tables: tuple[SourceTable, ...]  # before the tasks: document information of a site
    annex: tuple[OutlineSegment, ...]
    body: tuple[OutlineSegment | SourceTable, ...]  # the tasks


def split_front_matter(
    found: Sequence[OutlineSegment | SourceTable], is_plan: Callable[[SourceTable], bool]
) -> FrontMatter:
    """Split *found*, the segments of a document, into the tasks and the text around them.

    *is_plan* returns whether a table contains tasks.
    """
    found, contents = _remove_contents(_split_title_line(found))
    begin = _find_tasks_start(found, is_plan)
    before = [each for each in found[:begin] if isinstance(each, OutlineSegment)]
    title = _find_title(before)
    about: list[tuple[OutlineSegment, str]] = [(each, "contents") for each in contents]
    preamble: list[OutlineSegment] = []
    last = max((before.index(each) for each in title), default=-1)
    for n, each in enumerate(before):
        if each in title:
            continue
        kind = _classify_leading(each, n > last and bool(title))
        if kind == "preamble":
            preamble.append(each)
        else:
            about.append((each, kind))
    end = _find_tasks_end(found, begin)
    end = _find_annex_start(found, begin, end)
    annex, closing = _split_annex(found[end:])
    tables = tuple(each for each in found[:begin] if isinstance(each, SourceTable))
    body = tuple(found[begin:end])
    return FrontMatter(title, tuple(preamble), (*about, *closing), tables, tuple(annex), body)


def _split_annex(
    tail: Sequence[OutlineSegment | SourceTable],
) -> tuple[list[OutlineSegment], list[tuple[OutlineSegment, str]]]:
    """Split the segments after the tasks into annex and closing lines, with their span kinds."""
    annex: list[OutlineSegment] = []
    closing: list[tuple[OutlineSegment, str]] = []
    is_site_text = False
    for each in tail:
        if isinstance(each, SourceTable):
            continue
        text = each.text.strip()
        is_site_text = is_site_text or (
            bool(SITE_FURNITURE.search(text)) and not ANNEX_LABEL.match(text)
        )
        if is_site_text:
            closing.append((each, "after"))
        elif _is_closing_line(text):
            closing.append((each, "about"))
        else:
            annex.append(each)
    return annex, closing


def _is_closing_line(text: str) -> bool:
    """Return whether *text* is a signature, a date, or a note on the publication."""
    return bool(SIGNATURE.fullmatch(text) or DATE_LINE.fullmatch(text) or CLOSING_LINE.match(text))


def _split_title_line(
    found: Sequence[OutlineSegment | SourceTable],
) -> Sequence[OutlineSegment | SourceTable]:
    """Split a title from the text that follows it on the same line."""
    first = found[0] if found else None
    if not isinstance(first, OutlineSegment) or first.number:
        return found
    gap = re.search("\\s+", first.text)
    if not gap or not _is_title(first.text[: gap.start()]):
        return found
    own = [each for each in found if isinstance(each, OutlineSegment) and each.span is first.span]
    rest = outline.split_paragraph(first.span, first.start + gap.end())
    return [first._replace(end=first.start + gap.start()), *rest, *found[len(own) :]]


def _find_tasks_start(
    found: Sequence[OutlineSegment | SourceTable], is_plan: Callable[[SourceTable], bool]
) -> int:
    """Return the index of the first number, table of tasks, or clause."""
    for n, each in enumerate(found):
        if isinstance(each, SourceTable):
            if is_plan(each):
                return n
        elif (each.number and not DATE_LINE.match(each.span.text)) or any(
            match.parsed and match.parsed.duties
            for match in clause_finder.iter_clauses(each.text, ())
        ):
            return n
    return len(found)


def _find_tasks_end(found: Sequence[OutlineSegment | SourceTable], begin: int) -> int:
    """Return the index after the last number, table, or paragraph that is not a closing line."""
    last = max(
        (n + 1 for n, each in enumerate(found) if isinstance(each, SourceTable) or each.number),
        default=begin,
    )
    end = max(last, begin)
    for n in range(end, len(found)):
        each = found[n]
        assert isinstance(each, OutlineSegment)
        text = each.text.strip()
        is_clause = clause_finder.match_clause_line(text, ())
        if not is_clause and _is_after_tasks(text, found[n - 1] if n else None):
            break
        end = n + 1
    return end


def _is_after_tasks(text: str, before: OutlineSegment | SourceTable | None) -> bool:
    """Return whether *text*, a paragraph without a number after *before*, is not part of a task."""
    if _is_closing_line(text) or ANNEX_LABEL.match(text) or SITE_FURNITURE.search(text):
        return True
    is_continuation = (
        isinstance(before, OutlineSegment) and before.text.strip()[-1:] not in PARAGRAPH_ENDS
    )
    return text[-1:] not in PARAGRAPH_ENDS and not is_continuation


def _find_annex_start(found: Sequence[OutlineSegment | SourceTable], begin: int, end: int) -> int:
    """Return the index of a list of annexes at the end of the tasks (附件：1.… 2.…), else *end*."""
    for n in range(end - 1, max(begin, end - MAX_ANNEXES), -1):
        each = found[n]
        if isinstance(each, SourceTable):
            break
        if not each.number and ANNEX_LABEL.match(each.text.strip()):
            rest = [one.text.strip() for one in found[n:end] if isinstance(one, OutlineSegment)]
            short = all(len(text) <= 50 and text[-1:] not in "。；" for text in rest)
            return n if short else end
    return end


def _find_title(before: Sequence[OutlineSegment]) -> tuple[OutlineSegment, ...]:
    """Return the segments of the title: the last one like a title, with up to two lines before."""
    for n in range(len(before) - 1, -1, -1):
        text = before[n].text.strip()
        if _is_title(text):
            first = n
            while (
                first and n - first < 2 and _is_title_line(before[first - 1], before[first : n + 1])
            ):
                first -= 1
            return tuple(before[first : n + 1])
    return ()


def _is_title(text: str) -> bool:
    if not (4 <= len(text) <= 80 and TITLE_FORM.fullmatch(text)):
        return False  # the next check is slow for a long text
    bare = re.sub("《.*?》|“.*?”|[（(].*?[）)]", "", text)
    return not re.search("[，,。；;]", bare) and not _is_never_title(text)


def _is_title_line(above: OutlineSegment, below: Sequence[OutlineSegment]) -> bool:
    """Return whether *above* is a line of the title that continues with the lines *below*."""
    text, rest = above.text.strip(), "".join(each.text.strip() for each in below)
    if not 2 < len(text) <= 40:
        return False
    goes_on = bool(TITLE_CONTINUATION.match(rest))
    if not goes_on and (TITLE_START.match(rest) or TITLE_FORM.fullmatch(text)):
        return False
    return text[-1] not in "。：:；;！!）)，,、" and text not in rest and not _is_never_title(text)


def _is_never_title(text: str) -> bool:
    return bool(
        DOCUMENT_METADATA.match(text)
        or SITE_FURNITURE.search(text)
        or ANNEX_LABEL.match(text)
        or COVERING_LETTER.fullmatch(text)
    )


def _classify_leading(segment: OutlineSegment, behind_title: bool) -> str:
    """Return the span kind of a segment before the tasks."""
    text = segment.text.strip()
    if DOCUMENT_METADATA.match(text) or DATE_LINE.fullmatch(text):
        return "about"
    if len(text) < 200 and COVERING_LETTER.fullmatch(text):
        return "letter"
    if not behind_title:
        return "letter" if text[-1:] in "。：:" and len(text) > 20 else "before"
    return "preamble" if text[-1:] in PARAGRAPH_ENDS else "before"


def _remove_contents(
    found: Sequence[OutlineSegment | SourceTable],
) -> tuple[list[OutlineSegment | SourceTable], list[OutlineSegment]]:
    """Remove a table of contents: the lines after 目录 that occur again later."""
    at = next(
        (
            n
            for n, each in enumerate(found)
            if isinstance(each, OutlineSegment) and CONTENTS_TITLE.fullmatch(each.text.strip())
        ),
        None,
    )
    if at is None:
        return list(found), []
    lines = [
        _strip_page_number(e.span.text) if isinstance(e, OutlineSegment) else "" for e in found
    ]
    last = {line: n for n, line in enumerate(lines)}
    end = at + 1
    while end < len(found) and lines[end] and last[lines[end]] > end:
        end += 1
    return [*found[:at], *found[end:]], [
        each for each in found[at:end] if isinstance(each, OutlineSegment)
    ]


def _strip_page_number(line: str) -> str:
    """Return a line of a table of contents without its dots and page number."""
    end = len(line)
    while end and (line[end - 1] in ".…·" or line[end - 1].isspace() or line[end - 1].isdecimal()):
        end -= 1
    return line[:end]
