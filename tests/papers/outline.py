"""Plans as paragraphs: numbered headings and tasks, with clauses where plans have them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.papers.bodies import Pool
from tests.papers.clauses import LABELLED, Clause, Scribe
from tests.papers.words import Words

HAN = "零一二三四五六七八九十"
BRACKETS = (("（", "）"), ("(", ")"), ("〔", "〕"), ("[", "]"), ("【", "】"))
NUMERALS = ("1.", "1、", "1．", "（1）", "(1)")
CHAINED = (*NUMERALS, "（一）", "(一)")
TITLED = ("（一）", "(一)", "1.", "1、", "1．", "（1）")
# The styles of headings, outermost first, and those of the tasks below them.
SHAPES: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...] = (
    (20, (), ("一、", "1.", "1、", "1．", "第一条", "一是", "（一）", "（1）", "①")),
    (30, ("一、",), (*CHAINED, "第一条", "一是", "①", "1.1")),
    (10, ("（一）",), ("1.", "1、", "1．", "（1）", "①", "一是")),
    (25, ("一、", "（一）"), (*NUMERALS, "一是", "①")),
    (10, ("一、", "（一）", "1."), ("（1）", "①", "一是")),
    (5, ("1.",), ("1.1",)),
)
MOST_HEADS = (4, 3, 2)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a careful reader takes from one task.

    ``no`` has neither brackets nor separators, and plain digits.  ``text`` is
    as written, without clauses; a line break stands between a title and its body.
    """

    no: str
    text: str
    lead: tuple[str, ...]
    participate: tuple[str, ...]
    open_ended: bool


@dataclass(slots=True)
class Article:
    """A plan before it is put into a file.

    ``spread`` says that some paragraph has no number, so that breaks mean something.
    """

    title: str
    paragraphs: list[str] = field(default_factory=list)
    tasks: list[Expected] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """How one plan is numbered, and where its clauses stand: after 。, before it, on a line."""

    heads: tuple[str, ...]
    style: str
    gap: str
    runs_on: bool
    titled: bool
    place: str
    brackets: tuple[str, str]
    several: bool


def shape(rng: random.Random) -> Shape:
    """Choose the outline of one plan."""
    _, heads, styles = rng.choices(SHAPES, [weight for weight, _, _ in SHAPES])[0]
    style = rng.choice(styles)
    gaps = {"第一条": " 　", "1.1": " 　"}.get(style, ("", "", " ") if style in NUMERALS else ("",))
    place = rng.choices(("after", "before", "line"), (50, 25, 25))[0]
    return Shape(
        heads=heads,
        style=style,
        gap=rng.choice(gaps),
        runs_on=style == "第一条" or (bool(heads) and style in CHAINED and rng.random() < 0.5),
        titled=bool(heads) and style in TITLED and rng.random() < 0.25,
        place=place,
        brackets=rng.choices(BRACKETS, (60, 15, 8, 8, 9))[0],
        several=place != "line" and rng.random() < 0.3,
    )


def han(number: int) -> str:
    """Return a number below 100 in characters."""
    tens, ones = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{HAN[tens]}十"
    return lead + (HAN[ones] if ones or not tens else "")


def label(style: str, number: int, above: int = 0) -> str:
    """Return a number as printed in *style*, which is its example for one."""
    if style == "1.1":
        return f"{above}.{number}"
    if style == "①":
        return chr(ord("①") + number - 1)
    return style.replace("一", han(number)).replace("1", str(number))


def cited(style: str, printed: str) -> str:
    """Return the number alone."""
    return printed if style == "1.1" else printed.strip("（）()、.．第条是")


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in order."""
    return tuple(dict.fromkeys(names))


class Outline:
    """Writes the numbered part of one plan."""

    def __init__(self, rng: random.Random, words: Words, scribe: Scribe, form: Shape) -> None:
        self._rng, self._words, self._scribe, self._shape = rng, words, scribe, form
        self._running = 0

    def write(self, article: Article) -> None:
        """Fill the article."""
        shape, rng = self._shape, self._rng
        article.marks += self._marks()
        first = 1
        if len(shape.heads) and rng.random() < 0.3:
            heading = rng.choice(("总体要求", "总体目标", "工作目标"))
            article.paragraphs.append(label(shape.heads[0], 1) + heading)
            article.paragraphs += self._words.aims(rng.randint(1, 2))
            article.marks.append("aims")
            article.spread = True
            first = 2
        self._section(article, 0, first, 0)

    def _marks(self) -> Iterator[str]:
        shape, manner = self._shape, self._scribe.manner
        yield ">".join((*shape.heads, shape.style))
        yield shape.place + "".join(shape.brackets)
        flags = {
            "runs-on": shape.runs_on,
            "titled": shape.titled,
            "several": shape.several,
            "elides": manner.elides,
            f"separator{manner.separator}": manner.separator != "、",
            f"first-leads-{manner.first_leads}": bool(manner.first_leads),
            "dated": manner.dated,
            "persons": manner.personal,
        }
        yield from (name for name, holds in flags.items() if holds)
        yield from manner.forms

    def _section(self, article: Article, level: int, first: int, above: int) -> None:
        rng, shape = self._rng, self._shape
        shallow = level == 1 and len(shape.heads) == 2 and rng.random() < 0.1
        if level == len(shape.heads) or shallow:
            self._tasks(article, above)
            return
        for number in range(first, first + rng.randint(2, MOST_HEADS[level])):
            article.paragraphs.append(label(shape.heads[level], number) + self._words.head())
            if not level and not shape.titled and rng.random() < 0.1:
                article.paragraphs.append("围绕目标任务，突出问题导向，重点抓好以下工作。")
                article.spread = True
            self._section(article, level + 1, 1, number)

    def _tasks(self, article: Article, above: int) -> None:
        shape = self._shape
        most = 6 if shape.style == "一是" else 9 if shape.style == "①" else 12
        for number in range(1, self._rng.randint(2, 5 if shape.heads else most) + 1):
            self._running = self._running + 1 if shape.runs_on else number
            self._task(article, label(shape.style, self._running, above))

    def _task(self, article: Article, printed: str) -> None:
        """Write one task; the first of a plan always has a clause."""
        shape, pool = self._shape, self._scribe.pool()
        title = self._words.head() if shape.titled else ""
        bare = bool(article.tasks) and self._rng.random() < 0.12
        several = shape.several and self._rng.random() < 0.6
        text, paragraphs, clauses = (
            self._unassigned() if bare else self._several(pool) if several else self._single(pool)
        )
        if title:
            text, paragraphs = f"{title}\n{text}", [title, *paragraphs]
        article.spread |= len(paragraphs) > 1
        article.paragraphs += [printed + shape.gap + paragraphs[0], *paragraphs[1:]]
        article.tasks.append(expected(cited(shape.style, printed), text, clauses))

    def _unassigned(self) -> tuple[str, list[str], list[Clause]]:
        text = self._sentences()
        return text, [text], []

    def _single(self, pool: Pool) -> tuple[str, list[str], list[Clause]]:
        text, clause = self._sentences(), self._scribe.clause(pool)
        if self._shape.place == "line":
            return text, [text, *self._lines(clause)], [clause]
        return text, [self._with(text, clause)], [clause]

    def _several(self, pool: Pool) -> tuple[str, list[str], list[Clause]]:
        """Return sentences with a clause each; now and then the last has none."""
        rng = self._rng
        sentences = [f"{self._words.sentence()}。" for _ in range(rng.randint(2, 3))]
        if self._shape.place == "before" and rng.random() < 0.4:
            sentences[:-1] = [f"{sentence[:-1]}；" for sentence in sentences[:-1]]
        count = len(sentences) - (rng.random() < 0.15)
        clauses = [self._scribe.clause(pool) for _ in range(count)]
        pairs = zip(sentences, clauses, strict=False)
        whole = [*(self._with(text, clause) for text, clause in pairs), *sentences[count:]]
        return "".join(sentences), ["".join(whole)], clauses

    def _sentences(self) -> str:
        rng, words = self._rng, self._words
        opening = [] if self._shape.titled or rng.random() < 0.8 else [words.opening()]
        sentences = [words.sentence() for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
        return "".join(f"{sentence}。" for sentence in opening + sentences)

    def _with(self, text: str, clause: Clause) -> str:
        """Return *text* with its clause before or after its last mark."""
        opens, closes = self._shape.brackets
        bracketed = f"{opens}{'；'.join(clause.parts)}{closes}"
        if self._shape.place == "before":
            return text[:-1] + bracketed + text[-1]
        return text + bracketed

    def _lines(self, clause: Clause) -> list[str]:
        """Return the lines on which a clause stands by itself."""
        rng, (opens, closes) = self._rng, self._shape.brackets
        joined = "；".join(clause.parts)
        if clause.form not in LABELLED or rng.random() < 0.2:
            return [f"{opens}{joined}{closes}"]
        if rng.random() < 0.5:
            return list(clause.parts)
        return [joined + rng.choice(("", "。"))]


def expected(no: str, text: str, clauses: Iterable[Clause]) -> Expected:
    """Put together what the clauses of one task say."""
    clauses = list(clauses)
    return Expected(
        no=no,
        text=text,
        lead=once(name for clause in clauses for name in clause.lead),
        participate=once(name for clause in clauses for name in clause.participate),
        open_ended=any(clause.open_ended for clause in clauses),
    )
