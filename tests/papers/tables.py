"""Plans as tables: one task a row, with merged cells where the format has them."""

import random
from dataclasses import dataclass, field

from tests.papers.bodies import Group, Namer, Pool
from tests.papers.clauses import Habit
from tests.papers.outline import Expected, han
from tests.papers.words import Words

# (weight, the columns after 序号 and the task); which of them leads follows from their names.
LAYOUTS = (
    (5, ("牵头单位", "责任单位")),
    (4, ("牵头单位", "配合单位")),
    (3, ("牵头部门", "配合部门")),
    (5, ("责任单位", "配合单位")),
    (4, ("责任单位", "协同单位")),
    (3, ("责任单位",)),
    (2, ("责任单位（列第一位的为牵头单位）",)),
    (2, ("牵头单位",)),
    (2, ("承办单位", "协办单位")),
    (2, ("主要责任单位", "协同配合单位")),
    (1, ("负责部门",)),
)
TASK_COLUMNS = (
    "工作任务",
    "工作任务",
    "重点任务",
    "任务内容",
    "实施路径",
    "民生实事",
    "督办事项",
    "惠企服务",
)
AREA_COLUMNS = ("重点领域", "类别", "工作类别", "重点举措")
PERSON_COLUMNS = ("牵头领导", "责任人", "分管县领导", "联系人")
NOTE_COLUMNS = ("备注", "进展情况", "资金来源")
GOAL_COLUMNS = ("年度目标", "目标要求")
PEOPLE = ("张三", "李四", "王小红", "欧阳明")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, which may cover several rows and columns."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class Table:
    """Rows as HTML has them: a cell covered from above or from the left is left out."""

    rows: list[list[Cell]] = field(default_factory=list)
    tasks: list[Expected] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    header: int = 1

    def grid(self) -> list[list[str]]:
        """Return every place of the table; a covered one is empty."""
        width = sum(cell.columns for cell in self.rows[0])
        grid = [[""] * width for _ in self.rows]
        for top, left, cell in self.placed():
            grid[top][left] = cell.text
        return grid

    def placed(self) -> list[tuple[int, int, Cell]]:
        """Return each cell with its row and column, from 0."""
        taken: set[tuple[int, int]] = set()
        found = []
        for top, row in enumerate(self.rows):
            left = 0
            for cell in row:
                while (top, left) in taken:
                    left += 1
                found.append((top, left, cell))
                taken |= {
                    (top + down, left + across)
                    for down in range(cell.rows)
                    for across in range(cell.columns)
                }
        return found


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table, and what is done with them.

    ``areas`` is how rows are grouped: not at all, by a first column (merged or,
    where nothing can be merged, repeated), or by a heading across the table.
    """

    task: str
    parties: tuple[str, ...]
    dated: bool
    areas: str
    merges: bool
    shares: bool
    restarts: bool
    tall_header: bool
    separator: str
    empty: str
    area: str = "重点领域"
    person: str = ""  # headings of columns that are neither tasks nor bodies
    goal: str = ""
    note: str = ""
    dittos: bool = False  # 同上 instead of the bodies above
    parts: bool = False  # a number for each area, merged over its tasks


def layout(rng: random.Random, merges: bool, objects: bool) -> Layout:
    """Choose columns; *merges* if cells can be, *objects* if a row has only its own values."""
    parties = rng.choices([names for _, names in LAYOUTS], [weight for weight, _ in LAYOUTS])[0]
    areas = rng.choice(("", "column") if objects else ("", "", "column", "band"))
    more = random.Random(rng.random())
    return Layout(
        area=more.choice(AREA_COLUMNS),
        person=more.choice(PERSON_COLUMNS) if more.random() < 0.25 else "",
        goal=more.choice(GOAL_COLUMNS) if more.random() < 0.2 else "",
        note=more.choice(NOTE_COLUMNS) if more.random() < 0.25 else "",
        dittos=more.random() < 0.15,
        parts=merges and areas == "column" and more.random() < 0.3,
        task=rng.choice(TASK_COLUMNS),
        parties=parties,
        dated=rng.random() < 0.5,
        areas=areas,
        merges=merges,
        shares=merges and len(parties) == 2 and rng.random() < 0.4,
        restarts=areas == "band" and rng.random() < 0.5,
        tall_header=merges and len(parties) == 2 and rng.random() < 0.2,
        separator=rng.choices(("、", "，", ",", "；", ";", "\n"), (70, 8, 4, 6, 4, 8))[0],
        empty=rng.choice(("", "—", "/", "无", "暂无")),
    )


class Tabulator:
    """Fills one table, row after row."""

    def __init__(self, rng: random.Random, words: Words, manner: Habit, form: Layout) -> None:
        self._rng, self._words, self._manner, self._layout = rng, words, manner, form
        self._namer = Namer(rng, manner.realm, manner.elides)

    def table(self) -> Table:
        """Return the table with what it says."""
        rng, form = self._rng, self._layout
        table = Table(marks=self._marks())
        self._header(table)
        number = 0
        for index in range(1, rng.randint(2, 4) + 1 if form.areas else 2):
            size = rng.randint(1, 5) if form.areas else rng.randint(3, 15)
            number = 0 if form.restarts else number
            self._area(table, index, number, size)
            number += size
        return table

    def _marks(self) -> list[str]:
        form = self._layout
        flags = {
            form.areas: bool(form.areas),
            "restarts": form.restarts,
            "shared-lead": form.shares,
            "tall-header": form.tall_header,
            form.task: form.task not in TASK_COLUMNS[:3],
            "dittos": form.dittos,
            "parts": form.parts,
            "person": bool(form.person),
            "goal": bool(form.goal),
            "note": bool(form.note),
            "elides": self._manner.elides,
            f"separator{form.separator!r}": form.separator != "、",
        }
        return ["table", "+".join(form.parties), *(name for name, holds in flags.items() if holds)]

    def _header(self, table: Table) -> None:
        form = self._layout
        areas = [form.area] if form.areas == "column" else []
        goals = [form.goal] if form.goal else []
        persons = [form.person] if form.person else []
        after = [*(["完成时限"] if form.dated else []), *([form.note] if form.note else [])]
        if not form.tall_header:
            names = ["序号", *areas, form.task, *goals, *persons, *form.parties, *after]
            table.rows.append([Cell(name) for name in names])
            return
        table.header = 2
        task = [Cell("工作任务", columns=2)] if goals else [Cell(form.task, rows=2)]
        table.rows.append(
            [
                *(Cell(name, rows=2) for name in ("序号", *areas)),
                *task,
                Cell("责任分工", columns=2 + len(persons)),
                *(Cell(name, rows=2) for name in after),
            ]
        )
        below = [*(["内容", *goals] if goals else []), *persons, *form.parties]
        table.rows.append([Cell(name) for name in below])

    def _area(self, table: Table, index: int, number: int, size: int) -> None:
        """Add rows that belong together; the first of them may share their leaders."""
        rng, form = self._rng, self._layout
        head = self._words.head() if form.areas else ""
        width = sum(cell.columns for cell in table.rows[0])
        if form.areas == "band" and form.merges:
            table.rows.append([Cell(f"{han(index)}、{head}", columns=width)])
        elif form.areas == "band":
            table.rows.append([Cell(f"{han(index)}、{head}"), *[Cell("")] * (width - 1)])
        shared = rng.randint(2, size) if form.shares and size > 1 else 1
        pool = Pool(rng, self._manner.realm)
        lead = rest = Group("", ())
        for row in range(size):
            if row >= shared:
                pool = Pool(rng, self._manner.realm)
            no = str(number + row + 1)
            cells = [Cell(no)]
            if form.parts:
                no = f"{index}({row + 1})" if size > 1 else str(index)
                cells = [Cell(str(index), rows=size)] if row == 0 else []
            if form.areas == "column" and (not form.merges or row == 0):
                cells.append(Cell(head, rows=size if form.merges else 1))
            text = "".join(f"{self._words.sentence()}。" for _ in range(rng.choice((1, 1, 2))))
            text = text if rng.random() < 0.7 else text[:-1]
            cells.append(Cell(text))
            cells += [Cell(f"完成{rng.randint(2, 90)}项")] if form.goal else []
            cells += [Cell(rng.choice(PEOPLE))] if form.person else []
            new = row == 0 or row >= shared
            lead = self._lead(pool) if new and len(form.parties) == 2 else lead
            if new and len(form.parties) == 2:
                cells.append(Cell(lead.text, rows=shared if row == 0 else 1))
            ditto = form.dittos and row and rest.names and rng.random() < 0.4
            rest = rest if ditto else self._rest(pool)
            cells.append(Cell("同上" if ditto else rest.text or form.empty))
            if form.dated:
                cells.append(Cell(self._date()))
            cells += [Cell(rng.choice(("", "按期推进")))] if form.note else []
            table.rows.append(cells)
            table.tasks.append(self._expected(no, text, lead, rest))

    def _lead(self, pool: Pool) -> Group:
        separator = "\n" if self._layout.separator == "\n" else "、"
        size = self._rng.choice((1, 1, 1, 2))
        return self._namer.group(pool, size, tail=False, separator=separator)

    def _rest(self, pool: Pool) -> Group:
        """Return the bodies of the last column of parties, which may be empty beside another."""
        rng, form = self._rng, self._layout
        if len(form.parties) == 2 and rng.random() < 0.15:
            return Group("", ())
        if form.parties == ("牵头单位",):
            return self._lead(pool)
        least = 2 if "第一位" in form.parties[0] else 1
        tail = form.separator != "\n"
        return self._namer.group(pool, rng.randint(least, 3), tail=tail, separator=form.separator)

    def _date(self) -> str:
        month, year = self._rng.randint(3, 12), self._manner.year
        dates = (f"{year}年{month}月底", f"{month}月底前", f"{year}年底", "持续推进", "长期坚持")
        return self._rng.choice(dates)

    def _expected(self, no: str, text: str, lead: Group, rest: Group) -> Expected:
        leads, others = lead.names, rest.names
        if self._layout.parties == ("牵头单位",):
            leads, others = rest.names, ()
        elif "第一位" in self._layout.parties[0]:
            leads, others = rest.names[:1], rest.names[1:]
        return Expected(no, text, leads, others, lead.open_ended or rest.open_ended)
