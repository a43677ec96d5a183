"""The responsibility clause <-> duties: one grammar, both directions.

    clause = part { ("," | "，" | ";" | "；") part }        part  = run { "," run } ["等"] verb
    run    = name { "、" name }                             verb  = 牵头 | 按职责分工负责 | …

A name inside a 、-run may leave out what its neighbours say: 合肥市、淮南市人民政府 is two
governments, 省科技厅、工业和信息化厅 two departments.  A comma ends such a run, a 、 does not.
"""

import re
from collections.abc import Collection, Iterable

from plancli.errors import BadPlan
from plancli.lang import _
from plancli.layout import caret
from plancli.model import OPEN_END, Group
from plancli.role import Role

VERBS = {
    "牵头负责": Role.LEAD,
    "牵头落实": Role.LEAD,
    "牵头": Role.LEAD,
    "按职责分工负责": Role.PARTICIPATE,
    "按职责分工落实": Role.PARTICIPATE,
    "分工负责": Role.PARTICIPATE,
    "配合": Role.PARTICIPATE,
    "参与": Role.PARTICIPATE,
    "负责": Role.PARTICIPATE,
}
SPOKEN = {Role.LEAD: "牵头", Role.PARTICIPATE: "按职责分工负责"}
PART = re.compile(f"(.*?)({OPEN_END}?)({'|'.join(VERBS)})(?:[,，;；]|$)")
RUNS = re.compile("[,，;；]")
GOVERNMENT = re.compile(".*?[市州县区](人民政府|政府)")
PLACE_ALONE = re.compile("[^省各].*[市州县区]")
DEPARTMENT = re.compile("..+[厅局委办部]")
OWN_HEAD = ("省", "市", "县", "区", "国家", "中央", "各", "有关", "相关", "人民银行")


def parse(clause: str, places: Collection[str] = ()) -> tuple[Group, ...]:
    """Return the duties that *clause*, printed without its brackets, gives.

    A body whose name begins with one of *places* (安徽证监局) stands by itself: it borrows no
    省 from its neighbour.
    Errors: BadPlan where a part has no verb, or a name is empty; the place is underlined.
    """
    groups, at = [], 0
    while at < len(clause):
        part = PART.match(clause, at)
        if not part:
            raise _unread(clause, at, len(clause), _("no verb: expected one of"), VERBS)
        listed, open_end, verb = part.groups()
        names = [name for run in RUNS.split(listed) for name in _run(run, tuple(places))]
        if not all(names):
            raise _unread(clause, at, part.end(), _("a name is empty"))
        groups.append(Group.of(VERBS[verb], tuple(names), bool(open_end)))
        at = part.end()
    return tuple(groups)


def write(duties: Iterable[Group]) -> str:
    """Return the plain clause that says *duties*: every name in full, 、 between them."""
    return "，".join(
        "、".join(group.names) + OPEN_END * group.open_ended + SPOKEN[group.role]
        for group in duties
    )


def _run(run: str, places: tuple[str, ...]) -> list[str]:
    """Return the names of a 、-run in full."""
    names = run.split("、")
    ending = ""
    for n, name in reversed(list(enumerate(names))):
        if government := GOVERNMENT.fullmatch(name):
            ending = government[1]
        elif ending and PLACE_ALONE.fullmatch(name):
            names[n] = name + ending
        else:
            ending = ""
    for n, name in enumerate(names[1:], 1):
        alone = name.startswith(OWN_HEAD + places)
        if names[n - 1].startswith("省") and DEPARTMENT.fullmatch(name) and not alone:
            names[n] = ("省委" if name.endswith("部") else "省") + name  # 部 are the party's
    return names


def _unread(clause: str, start: int, end: int, why: str, among: Iterable[str] = ()) -> BadPlan:
    message = _("cannot read a clause: {why}").format(why=" ".join((why, *among)))
    return BadPlan(message, hint=caret(clause, start, end))
