"""Documents with known answers, made up from a seed, to measure how well plans are read.

``document(17)`` is always the same file.  What it says is invented; the manner of
its outline, clauses, tables and surroundings is that of official papers.
"""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tests.papers import writers
from tests.papers.clauses import Scribe, habit
from tests.papers.outline import Article, Expected, Outline, shape
from tests.papers.realms import REALMS, Realm
from tests.papers.tables import Tabulator, layout
from tests.papers.words import TOPICS, Words
from tests.papers.writers import Page

ALL_KINDS = ("csv", "docx", "html", "json", "md", "pdf", "txt", "xlsx")
__all__ = ["ALL_KINDS", "Document", "Expected", "document"]
OUTLINED = ("txt", "pdf")
EITHER = ("html", "docx")
MERGING = ("html", "docx", "xlsx")
HALF = str.maketrans("，：；（）", ",:;()")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Document:
    """A file, and what a careful reader takes from it.

    ``style`` names what is special about it, a word each, to group failures by.
    ``title`` is empty where the file shows none.
    """

    name: str
    data: bytes
    style: str
    title: str
    tasks: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a whole document is about."""

    realm: Realm
    year: int
    title: str
    table: bool
    kind: str

    @property
    def date(self) -> str:
        """A day in the year of the plan."""
        return f"{self.year}年3月12日"


def document(seed: int, kinds: Collection[str] = ALL_KINDS) -> Document:
    """Return the document of that seed, of one of *kinds*."""
    rng = random.Random(seed)
    names = sorted(kinds)
    kind = rng.choices(names, [4 if name in ("txt", "html") else 1 for name in names])[0]
    paper = _paper(rng, kind)
    page, article = (_table_page if paper.table else _outline_page)(rng, paper)
    _surround(rng, paper, page, article)
    _vary_frame(random.Random(f"frame {seed}"), paper, page, article)
    article = _set_in_type(rng, paper, page, article)
    data, shown = _written(rng, paper, page, article)
    return Document(
        name=f"plan-{seed}.{paper.kind}",
        data=data,
        style=" ".join([paper.kind, paper.realm.level, *article.marks]),
        title=page.title if shown else "",
        tasks=tuple(article.tasks),
    )


def _paper(rng: random.Random, kind: str) -> Paper:
    realm, year, topic = rng.choice(REALMS), rng.randint(2021, 2026), rng.choice(TOPICS)
    title = rng.choice(
        (
            f"{realm.name}{topic}{year}年工作要点",
            f"{realm.name}{year}年{topic}重点任务分工方案",
            f"{realm.name}{topic}实施方案",
            f"{realm.name}{topic}三年行动方案（{year}—{year + 2}年）",
        )
    )
    table = kind not in OUTLINED and (kind not in EITHER or rng.random() < 0.35)
    return Paper(realm, year, title, table, kind)


def _outline_page(rng: random.Random, paper: Paper) -> tuple[Page, Article]:
    words, article = Words(rng, paper.realm, paper.year), Article(paper.title)
    scribe = Scribe(rng, habit(rng, paper.realm, paper.year))
    form = shape(rng)
    Outline(rng, words, scribe, form).write(article)
    page = Page(paper.title, body=article.paragraphs)
    roll = rng.random()
    if roll < 0.12 and not article.spread and form.style != "一是" and paper.kind != "pdf":
        page.joined = True
        article.marks.append("joined")
    elif roll < 0.4 and paper.kind == "txt":
        page.wrapped = True
        article.marks.append("wrapped")
    return page, article


def _table_page(rng: random.Random, paper: Paper) -> tuple[Page, Article]:
    merges, objects = paper.kind in MERGING, paper.kind == "json"
    manner = replace(habit(rng, paper.realm, paper.year), first_leads="")
    form = layout(rng, merges, objects)
    table = Tabulator(rng, Words(rng, paper.realm, paper.year), manner, form).table()
    article = Article(paper.title, tasks=table.tasks, marks=table.marks)
    return Page(paper.title, table=table), article


def _surround(rng: random.Random, paper: Paper, page: Page, article: Article) -> None:
    """Add what stands before and after the numbered part, and around the article."""
    realm = paper.realm
    page.preamble = rng.sample(_preambles(paper), rng.choice((0, 1, 1, 2)))
    indents = ("", writers.INDENT, "    ", "  ")
    breaks_mean = article.spread or len(page.preamble) > 1
    page.indent = rng.choice(indents[1:3] if page.wrapped and breaks_mean else indents)
    if rng.random() < 0.3:
        page.ending = [realm.office, paper.date]
        article.marks.append("signed")
    if rng.random() < 0.2 and paper.kind in (*OUTLINED, *EITHER):
        page.letter = _letter(rng, paper)
        page.indent = page.indent if not page.wrapped else writers.INDENT
        article.marks.append("letter")
    if paper.kind in ("html", "txt") and rng.random() < 0.6:
        page.above, page.below = _furniture(rng, paper)
        article.marks.append("furniture")
    if paper.kind in ("html", "txt") and not page.wrapped and rng.random() < 0.1:
        page.twice = True
        article.marks.append("twice")


def _vary_frame(rng: random.Random, paper: Paper, page: Page, article: Article) -> None:
    """Add a date in another form, a row of links, a closing paragraph, and an annex of tasks."""
    year, day = paper.year, paper.date
    if page.letter and rng.random() < 0.5:
        digits = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
        other = rng.choice((f"{year} 年 3 月 12 日", f"{digits}年三月十二日"))
        page.letter = [other if line == day else line for line in page.letter]
        article.marks.append("other-date")
    if page.above and rng.random() < 0.3:
        page.above = ["首 页 资讯动态 办事 政策", *page.above]
        article.marks.append("menu")
    if paper.table or paper.kind == "pdf" or page.wrapped or page.twice:
        return
    if page.body[-1].rstrip("。").endswith(("）", ")")) and rng.random() < 0.2:
        page.body[-1] += "各有关方面要认真贯彻落实，重要情况及时报告。"
        article.marks.append("closing-on-line")
    elif not page.joined and rng.random() < 0.1:
        page.ending = ["本文件自印发之日起施行。", *page.ending]
    if not any("first-leads" in mark for mark in article.marks) and rng.random() < 0.15:
        _add_annex(rng, paper, page, article)


def _add_annex(rng: random.Random, paper: Paper, page: Page, article: Article) -> None:
    """Add a numbered annex with its own title behind the signature."""
    words, title = Words(rng, paper.realm, paper.year), rng.choice(("重点任务清单", "任务分解表"))
    manner = replace(habit(rng, paper.realm, paper.year), first_leads="")
    form = replace(shape(rng), heads=(), style="1.", titled=False, place="after", several=False)
    annex = Article(title)
    Outline(rng, words, Scribe(rng, manner), form).write(annex)
    page.ending += [f"附件：1.{title}", "附件1", title, *annex.paragraphs]
    article.tasks += annex.tasks
    article.marks.append("annex")


def _preambles(paper: Paper) -> list[str]:
    whose = paper.realm.name or "党中央、国务院"
    return [
        f"为深入贯彻落实{whose}有关决策部署，扎实做好{paper.year}年各项工作，制定本方案。",
        f"{paper.year - 1}年，各地各部门真抓实干、攻坚克难，完成投资1.2万亿元，增长6.5%。",
        "各有关方面要加强统筹协调，强化督促检查，确保各项任务（含跨年度任务）按期完成。",
    ]


def _letter(rng: random.Random, paper: Paper) -> list[str]:
    realm, title = paper.realm, paper.title
    head = realm.head
    whom = {
        "nation": "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
        "province": f"各市、县（市、区）人民政府，{head}政府各部门、各直属机构：",
        "city": f"各县（市、区）人民政府，{head}政府各部门、各直属机构：",
        "county": f"各乡镇人民政府（街道办事处），{head}政府各部门：",
    }[realm.level]
    by = "国务院" if realm.level == "nation" else f"{head}人民政府"
    return [
        f"{realm.office}关于印发《{title}》的通知",
        f"政办发〔{paper.year}〕{rng.randint(2, 60)}号",
        whom,
        f"{writers.INDENT}《{title}》已经{by}同意，现将其印发给你们，请结合实际认真贯彻执行。",
        realm.office,
        paper.date,
        f"{writers.INDENT}（此件公开发布）",
    ]


def _furniture(rng: random.Random, paper: Paper) -> tuple[list[str], list[str]]:
    office, year = paper.realm.office, paper.year
    above = [
        "网站首页 政务公开 政务服务 互动交流 数据开放",
        "当前位置：首页 > 政务公开 > 文件 > 正文",
        f"索引号：0000-{year}-{rng.randint(10, 99)} 发文机关：{office}",
        f"发布时间：{year}-03-{rng.randint(13, 28)} 来源：{office} 字号：[大 中 小] 打印",
        "无障碍阅读 | 进入关怀版",
    ]
    below = [
        "【打印本页】 【关闭窗口】",
        f"责任编辑：{rng.choice(('李某', '王小红'))}",
        f"相关文章\n· {year - 1}年工作要点印发\n· 一图读懂工作要点",
        f"上一篇：关于公布{year}年立法计划的通知",
        f"主办单位：{office} 承办单位：大数据中心",
        f"版权所有：{office} 网站标识码：1000000001",
        "备案号：京ICP备00000000号-1",
    ]
    pick = sorted(rng.sample(range(5), rng.randint(1, 4))), sorted(rng.sample(range(7), 4))
    return [above[index] for index in pick[0]], [below[index] for index in pick[1]]


def _set_in_type(rng: random.Random, paper: Paper, page: Page, article: Article) -> Article:
    """Put page and answers into half-width marks or full-width digits, if the seed says so."""
    table = dict(HALF) if rng.random() < 0.2 else {}
    if table:
        article.marks.append("half-marks")
    if not paper.table and rng.random() < 0.1 and "1.1" not in "".join(article.marks):
        table |= WIDE
        article.marks.append("wide-digits")

    def typed(text: str) -> str:
        return text.translate(table)

    for name in ("letter", "preamble", "body", "ending"):
        setattr(page, name, [typed(line) for line in getattr(page, name)])
    page.title = typed(page.title)
    if page.table:
        page.table.rows = [
            [replace(cell, text=typed(cell.text)) for cell in row] for row in page.table.rows
        ]
    tasks = [
        replace(
            task,
            text=typed(task.text),
            lead=tuple(map(typed, task.lead)),
            participate=tuple(map(typed, task.participate)),
        )
        for task in article.tasks
    ]
    return replace(article, tasks=tasks)


def _written(rng: random.Random, paper: Paper, page: Page, article: Article) -> tuple[bytes, bool]:
    """Return the bytes of the file, and whether it shows the title."""
    shown = paper.kind != "json" and (paper.kind not in ("csv", "xlsx") or rng.random() < 0.6)
    if paper.kind == "docx":
        return writers.to_docx(page, rng), shown
    if paper.kind == "xlsx":
        return writers.to_xlsx(page, shown), shown
    if paper.kind == "pdf":
        return writers.to_pdf(page, rng.choice(("— {} —", "- {} -", "{}"))), shown
    encodings = ("utf-8", "utf-8-sig", "gb18030")
    encoding = rng.choices(encodings, (55, 15, 0 if paper.kind == "json" else 30))[0]
    charset = rng.choice(("gb2312", "GBK", "gb18030")) if encoding == "gb18030" else "utf-8"
    lists = bool(page.table) and "separator'\\n'" in article.marks
    texts: dict[str, Callable[[], str]] = {
        "txt": lambda: writers.to_text(page, rng),
        "html": lambda: writers.to_html(page, rng, charset),
        "md": lambda: writers.to_markdown(page),
        "csv": lambda: writers.to_csv(page, shown),
        "json": lambda: writers.to_json(page, "\n" if lists else None),
    }
    text = texts[paper.kind]()
    if rng.random() < 0.25:
        text = text.replace("\n", "\r\n")
        article.marks.append("crlf")
    article.marks.append(encoding)
    return text.encode(encoding), shown
