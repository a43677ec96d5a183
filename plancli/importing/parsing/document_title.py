"""Find the title of a plan among the lines at the head of a document."""

import re
from collections.abc import Iterator, Sequence

from plancli.importing.parsing.outline import OutlineSegment
from plancli.importing.readers.page import SourceTable
from plancli.text.normalize import fold

TITLE_FORM = re.compile(
    ".{2,}(?:要点|方案|分工|计划|任务|意见|通知|措施|清单|规划|办法|举措|安排|细则|行动|决定|分解表?|台账|一览表|责任表|任务书|政策|决议|公告|通告|表|实事(?:项目)?)"
    "(?:[（(][^（）()]{1,20}[）)]|的函)?"
)
TITLE_CONTINUATION = re.compile("(?:20\\d\\d年|工作|重点|实施|主要|任务|推进|的|行动|责任|年度).*")
TITLE_START = re.compile(
    "(?:中共)?.{2,9}?[省市县区州盟旗]|国务院|全国|国家|关于|中国|《|.{0,4}20\\d\\d年?"
)
PLAN_TITLE = re.compile(
    "要点|方案|分工|计划|任务|意见|措施|清单|规划|举措|安排|行动|分解|台账|责任表|一览表|办法|政策|细则"
)
DOCUMENT_METADATA = re.compile(
    "索\\s*引\\s*号|发文字号|发文机关|文\\s*号|成文日期|(?:发布|公布|发文|归档|施行)(?:日期|时间|机构|单位)|发布[:：]|来源[:：]|信息来源|主题(?:词|分类)|有效性|公文种类|生成日期|公开方式|作者[:：]|日期[:：]|时间[:：]|签发人|摘要|名\\s*称[:：]|20\\d\\d[-年/.]\\d{1,2}[-月/.]\\d{1,2}|[∙•·\\s]*【.{2,6}】|.{2,10}[〔\\[]20\\d\\d[〕\\]]\\s*\\d+号$"
)
DATE_LINE = re.compile(
    "[（(]?\\s*(?:20\\d\\d|二[〇○零Ｏ0]..)\\s*年\\s*\\S{1,3}\\s*月\\s*\\S{1,3}\\s*日\\s*(?:印发)?[）)]?|20\\d\\d[-/.]\\d{1,2}[-/.]\\d{1,2}"
)
COVERING_LETTER = re.compile(
    "(?:[各有省市县区].{0,60}[:：])|.*(?:印发给你们|转发给你们|现印发|现将.*印发|请.{0,8}(?:认真|遵照|结合实际)?.{0,6}(?:贯彻|组织实施|执行|落实)).{0,20}"
)
# Lines of a web site; a word such as 政务公开 alone may also be in a title.
NAVIGATION = re.compile(
    "首\\s*页|[>＞»›]|(?:当前|所在|您的)位置|上一[篇条]|下一[篇条]|(?:主办|承办|编辑|地址|来源|邮编|字号)\\s*[:：]|备案号|ICP|公网安备"
    "|Copyright|浏览(?:次数|量)|网站地图|【.{0,6}】$|^相关(?:文章|稿件|文件|报道|阅读|链接|新闻|推荐|信息)",
    re.IGNORECASE,
)
MAX_MENU_WORD = 6  # characters of a word in a row of links
ANNEX_LABEL = re.compile("附\\s*[件表录]|附[:：]")
NOTICE = re.compile(
    "(?:印发|发布|公布|下达|转发)(?:《(?P<quoted>[^《》]{4,80})》|(?P<bare>(?:[^《》，。；]|《[^《》]{1,30}》){4,80}?))的(?:通知|函)"
)
SENT_PLAN = re.compile("将《([^《》]{4,80})》(?:[^。]{0,200}?)印发")

RUN_ON_TITLE = re.compile(
    "(?P<title>[^，。；：:\\s]{4,60}?(?:方案|计划|要点|意见|措施|清单|规划|办法|细则|政策)(?:[（(][^（）()]{1,20}[）)])?)"
    "(?=为(?:了|深入|全面|进一步|贯彻|落实|加快|推[动进]|做好|切实|认真|确保|持续|促进|加强)|根据|按照|围绕)"
)
TITLE_LABEL = re.compile("【[^【】]{2,20}】[ \u3000]*(?=\\S)")  # of a web site, before the title
# In brackets on the line below a title: its years, or the state of the document.
TITLE_BRACKET = re.compile(
    "[（(](?:[^（）()]{0,8}20\\d\\d[^（）()]{0,12}|[^（）()]{0,8}(?:试行|征求意见稿|讨论稿|送审稿|草案|修订|[版稿]))[）)]"
)
MAX_TITLE_LINES = 3
MAX_TITLE = 80  # characters
MAX_NOTICE_START = 60  # characters of the names of those who issue it
TITLE_ZONE = 60  # segments at the head in which a notice is sought


def find_title(before: Sequence[OutlineSegment]) -> tuple[OutlineSegment, ...]:
    """Return the segments of the title: the last one like a title, with up to two lines before."""
    for n in range(len(before) - 1, -1, -1):
        text = before[n].text.strip()
        if is_title(text):
            first = n
            while (
                first and n - first < 2 and _is_title_line(before[first - 1], before[first : n + 1])
            ):
                first -= 1
            return tuple(before[first : find_title_end(before, n + 1)])
    return ()


def find_title_end(found: Sequence[OutlineSegment | SourceTable], end: int) -> int:
    """Return the index behind the title that ends before *end*, and the bracket below it."""
    below = found[end] if end < len(found) else None
    if isinstance(below, OutlineSegment) and TITLE_BRACKET.fullmatch(below.text.strip()):
        return end + (not DATE_LINE.fullmatch(below.text.strip()))
    return end


def split_notice_title(title: OutlineSegment) -> tuple[int, int] | None:
    """Return begin and end of the name of the plan in a notice that issues it in 《》, or None."""
    notice = NOTICE.search(title.text)
    if notice and notice["quoted"] and is_title(notice["quoted"]):
        return title.start + notice.start("quoted"), title.start + notice.end("quoted")
    return None


def find_quoted_plan(
    before: Sequence[OutlineSegment],
) -> tuple[OutlineSegment, int, int] | None:
    """Return the line with the name of the plan in a notice that is on several lines.

    With begin and end of the name: 关于印发《…》 above 的通知.
    """
    for start, end, text in _iter_joined_lines(before[:TITLE_ZONE]):
        notice = NOTICE.search(text)
        if not notice or not notice["quoted"] or not is_title(notice["quoted"]):
            continue
        for each in before[start:end]:
            at = each.text.find(f"《{notice['quoted']}》")
            if at >= 0:
                first = each.start + at + 1
                return each, first, first + len(notice["quoted"])
    return None


def find_issued_plan(found: Sequence[OutlineSegment | SourceTable]) -> tuple[int, int]:
    """Return the first segment of the title of the plan that a notice issues, and the one after.

    Both are 0 if there is no notice, or if the plan's own title does not follow it.
    """
    head = found[:TITLE_ZONE]
    names = {name for start, end, text in _iter_joined_lines(head) for name in _iter_names(text)}
    for start, end, text in _iter_joined_lines(head) if names else ():
        if _normalize_title(text) in names:
            return start, find_title_end(found, end)
    return 0, 0


def _iter_joined_lines(
    found: Sequence[OutlineSegment | SourceTable],
) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and text of one to three lines without numbers."""
    for start in range(len(found)):
        text = ""
        for end in range(start, min(start + MAX_TITLE_LINES, len(found))):
            each = found[end]
            if isinstance(each, SourceTable) or each.number or len(each.text) > 200:
                break
            text += each.text.strip()
            yield start, end + 1, text


def _iter_names(text: str) -> Iterator[str]:
    for match in NOTICE.finditer(text):
        yield _normalize_title(match["quoted"] or match["bare"])
    for match in SENT_PLAN.finditer(text):
        yield _normalize_title(match[1])


def _normalize_title(text: str) -> str:
    return re.sub('[《》〈〉<>“”"\\s]', "", fold(text))


def find_running_title(text: str) -> tuple[int, int] | None:
    """Return begin and end of a title with other text before or behind it in one paragraph."""
    notice = NOTICE.search(text)
    if notice and not re.search("[，。；《]", text[: notice.start()]):
        name = notice["quoted"] or notice["bare"]
        at = text.find(name, notice.end())
        while at > 0 and text[at - 1] in "《〈":
            at = text.find(name, at + 1)
        if at >= 0:
            return at, at + len(name)
        return (0, notice.end()) if notice.start() < MAX_NOTICE_START else None
    label = TITLE_LABEL.match(text)
    if label and is_title(text[label.end() :]):
        return label.end(), len(text)
    first = text.find("。", 0, MAX_TITLE)
    if (
        first > 0
        and text.startswith("关于")
        and text[first + 1 :].strip()
        and is_title(text[:first])
    ):
        return 0, first
    gap = re.search("\\s+", text)
    if gap and is_title(text[: gap.start()]):
        return 0, gap.start()
    if (run_on := RUN_ON_TITLE.match(text)) and is_title(run_on["title"]):
        return run_on.span("title")
    return None


def is_title(text: str) -> bool:
    """Return whether a line is like the title of a document."""
    text = fold(text.strip())
    if quoted := re.fullmatch("《([^《》]+)》", text):
        text = quoted[1]
    if not (4 <= len(text) <= 80 and TITLE_FORM.fullmatch(text)):
        return False  # the next check is slow for a long text
    bare = re.sub("《.*?》|“.*?”|[（(].*?[）)]", "", text)
    return not re.search("[，,。；;]", bare) and not _is_never_title(text)


def _is_title_line(above: OutlineSegment, below: Sequence[OutlineSegment]) -> bool:
    """Return whether *above* is a line of the title that continues with the lines *below*."""
    text, rest = (
        fold(above.text.strip()),
        fold("".join(each.text.strip() for each in below)),
    )
    if not 2 < len(text) <= 40 or DATE_LINE.fullmatch(above.text.strip()):
        return False
    goes_on = bool(TITLE_CONTINUATION.match(rest)) or (
        "关于" in text and not TITLE_FORM.fullmatch(text)
    )
    if not goes_on and (TITLE_START.match(rest) or TITLE_FORM.fullmatch(text)):
        return False
    return text[-1] not in "。：:；;！!）)，,、" and text not in rest and not _is_never_title(text)


def _is_never_title(text: str) -> bool:
    return bool(
        DOCUMENT_METADATA.match(text)
        or is_navigation(text)
        or ANNEX_LABEL.match(text)
        or COVERING_LETTER.fullmatch(text)
    )


def is_another_document(text: str, title: str) -> bool:
    """Return whether a heading without a number is the title of another plan than *title*.

    It says whose plan it is, for which year, or that it is a notice.
    """
    text = text.strip()
    is_official = NOTICE.search(text) or re.match(
        "(?:.{1,12}[省市县区州盟旗镇乡]|关于).*20\\d\\d年|.*20\\d\\d年", text
    )
    is_own = _normalize_title(text) in _normalize_title(title)
    return bool(is_official and PLAN_TITLE.search(text) and is_title(text) and not is_own)


def is_navigation(text: str) -> bool:
    """Return whether a line is one of links of a web site: 首页 > 政务公开, 资讯 办事 政策."""
    words = text.split()
    is_menu = len(words) >= 3 and max(map(len, words)) <= MAX_MENU_WORD
    return bool(NAVIGATION.search(text)) or (is_menu and not re.search("\\d", text))
