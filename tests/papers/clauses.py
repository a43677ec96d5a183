"""Responsibility clauses, written from bodies that are known beforehand."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.papers.bodies import Group, Namer, Pool
from tests.papers.realms import Realm

PLAIN_FORMS = ("分工", "责任单位", "名单")
LABELLED = ("标签", "责任单位", "部门分工")
PERSONS = ("张某某", "李某", "王某某", "陈建国", "赵晓梅", "欧阳文")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause; its *parts* may be joined by ； or stand on lines of their own."""

    parts: tuple[str, ...]
    lead: tuple[str, ...] = ()
    participate: tuple[str, ...] = ()
    open_ended: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """How one plan writes its clauses.

    ``first_leads`` is how far a declaration reaches: nowhere, in the one clause
    that has it (``alone``), or from there on (``onward``).
    """

    realm: Realm
    forms: tuple[str, ...]
    separator: str
    elides: bool
    first_leads: str
    dated: bool
    personal: bool
    year: int


def habit(rng: random.Random, realm: Realm, year: int) -> Habit:
    """Choose the manner of one plan."""
    first_leads = rng.choices(("", "alone", "onward"), (80, 6, 14))[0]
    forms = PLAIN_FORMS if first_leads == "onward" else FORMS
    return Habit(
        realm=realm,
        forms=tuple(rng.sample(forms, rng.randint(1, min(4, len(forms))))),
        separator=rng.choices(("、", "，", ",", "；", ";"), (80, 8, 4, 5, 3))[0],
        elides=bool(realm.head) and rng.random() < 0.4,
        first_leads=first_leads,
        dated=rng.random() < 0.25,
        personal=bool(realm.head) and rng.random() < 0.15,
        year=year,
    )


class Scribe:
    """Writes the clauses of one plan, in its order: a declaration reaches onward."""

    def __init__(self, rng: random.Random, manner: Habit) -> None:
        self._rng, self.manner = rng, manner
        self._namer = Namer(rng, manner.realm, manner.elides)
        self._waits = rng.choice((0, 0, 0, 2)) if manner.first_leads else 0
        self._declared = False

    def pool(self) -> Pool:
        """Return fresh bodies, for one task."""
        return Pool(self._rng, self.manner.realm)

    def clause(self, pool: Pool) -> Clause:
        """Return the next clause of the plan."""
        form = self._rng.choice(self.manner.forms)
        if self.manner.first_leads and self._due():
            return self._declaration(form, pool)
        plain = form in _ONE_GROUP
        clause = self._plain(form, pool) if plain else _WRITERS[form](self, pool)
        clause = replace(clause, form=form)
        return self._with_extras(self._as_declared(clause))

    # -- forms

    def _rest(self, pool: Pool, least: int = 1) -> Group:
        """Return those who take part beside a leader; ； would begin a new duty."""
        separator = self.manner.separator
        return self._namer.group(
            pool,
            self._rng.randint(least, 4),
            separator="、" if separator in "；;" else separator,
        )

    def _lead(self, pool: Pool, size: int = 0) -> Group:
        return self._namer.group(pool, size or self._rng.choice((1, 1, 1, 2)), tail=False)

    def _listed(self, pool: Pool) -> Group:
        least = 2 if self.manner.first_leads == "onward" else 1
        separator = self.manner.separator
        return self._namer.group(pool, self._rng.randint(least, 5), separator=separator)

    def _plain(self, verb: str, pool: Pool) -> Clause:
        group = self._lead(pool)
        parties = (group, None) if _ONE_GROUP[verb] else (None, group)
        return _clause(group.text + verb, *parties)

    def led(self, pool: Pool) -> Clause:
        lead, rest = self._lead(pool), self._rest(pool)
        return _clause(f"{lead.text}牵头，{rest.text}按职责分工负责", lead, rest)

    def shared(self, pool: Pool) -> Clause:
        rest = self._rest(pool, 2)
        return _clause(f"{rest.text}按职责分工负责", None, rest)

    def helped(self, pool: Pool) -> Clause:
        lead, rest = self._lead(pool), self._rest(pool)
        return _clause(
            f"{lead.text}牵头，{rest.text}{self._rng.choice(('配合', '参与'))}", lead, rest
        )

    def together(self, pool: Pool) -> Clause:
        lead = Group("", ())
        while len(lead.names) != 1:
            lead = self._lead(pool, 1)
        rest = self._rest(pool)
        return _clause(f"{lead.text}会同{rest.text}负责", lead, rest)

    def labelled(self, pool: Pool) -> Clause:
        kind = self._rng.choice(("单位", "部门"))
        other = self._rng.choice(("责任", "责任", "配合"))
        lead, rest = self._lead(pool), self._listed(pool)
        return _clause(f"牵头{kind}：{lead.text}", lead, rest, f"{other}{kind}：{rest.text}")

    def responsible(self, pool: Pool) -> Clause:
        rest = self._listed(pool)
        return _clause(f"责任{self._rng.choice(('单位', '单位', '部门'))}：{rest.text}", None, rest)

    def division(self, pool: Pool) -> Clause:
        lead = self._lead(pool)
        if self._rng.random() < 0.5:
            return _clause(f"部门分工：{lead.text}牵头", lead, None)
        rest = self._rest(pool)
        return _clause(f"部门分工：{lead.text}牵头，{rest.text}配合", lead, rest)

    def bare(self, pool: Pool) -> Clause:
        rest = self._listed(pool)
        return _clause(rest.text, None, rest)

    def three(self, pool: Pool) -> Clause:
        lead, rest = self._lead(pool, 1), self._lead(pool, 2)
        last = self._namer.group(pool, 2, separator="、")
        both = Group("", rest.names + last.names, last.open_ended)
        return _clause(f"{lead.text}牵头，{rest.text}配合，{last.text}按职责分工负责", lead, both)

    # -- declarations, dates and persons

    def _due(self) -> bool:
        """Return whether the next clause is the one that declares."""
        if self._declared or self._waits > 0:
            self._waits -= 1
            return False
        return True

    def _declaration(self, form: str, pool: Pool) -> Clause:
        """Return a clause saying that the first of its bodies leads."""
        self._declared = True
        says = (
            f"{self._rng.choice(('排在', '列'))}第一位的为牵头{self._rng.choice(('部门', '单位'))}"
        )
        says += "，下同" if self.manner.first_leads == "onward" else ""
        rest = self._namer.group(pool, self._rng.randint(2, 4))
        if form == "责任单位":
            ends = (f"（{says}）", f"，{says}")
            text = f"责任单位：{rest.text}{self._rng.choice(ends)}"
        elif form == "名单":
            text = f"{rest.text}，{says}"
        else:
            text, form = f"{rest.text}按职责分工负责，{says}", "分工"
        return Clause((text,), rest.names[:1], rest.names[1:], rest.open_ended, form)

    def _as_declared(self, clause: Clause) -> Clause:
        if not (self._declared and self.manner.first_leads == "onward"):
            return clause
        names = clause.participate
        return replace(clause, lead=names[:1], participate=names[1:])

    def _with_extras(self, clause: Clause) -> Clause:
        rng, manner, parts = self._rng, self.manner, clause.parts
        if manner.personal and clause.form in LABELLED and rng.random() < 0.7:
            persons = rng.sample(PERSONS, rng.choice((1, 1, 2)))
            office = rng.choice((f"分管{manner.realm.head}领导", "责任领导"))
            parts = (f"{office}：{'、'.join(persons)}", *parts)
        if manner.dated and rng.random() < 0.6:
            month, year = rng.randint(3, 12), manner.year
            if clause.form in LABELLED:
                parts = (*parts, f"完成时限：{year}年{month}月底")
            else:
                dates = (f"{month}月底前完成", f"{year}年{month}月底前完成", f"{year}年底前完成")
                parts = (*parts[:-1], f"{parts[-1]}，{rng.choice(dates)}")
        return replace(clause, parts=parts)


def _clause(first: str, lead: Group | None, rest: Group | None, *more: str) -> Clause:
    """Join the printed words to the bodies they name."""
    return Clause(
        parts=(first, *more),
        lead=lead.names if lead else (),
        participate=rest.names if rest else (),
        open_ended=bool(rest and rest.open_ended),
    )


_ONE_GROUP = {"负责": False, "牵头负责": True, "牵头落实": True, "牵头": True}
_WRITERS: dict[str, Callable[[Scribe, Pool], Clause]] = {
    "牵头+分工": Scribe.led,
    "分工": Scribe.shared,
    "牵头+配合": Scribe.helped,
    "会同": Scribe.together,
    "标签": Scribe.labelled,
    "责任单位": Scribe.responsible,
    "部门分工": Scribe.division,
    "名单": Scribe.bare,
    "三组": Scribe.three,
}
FORMS = (*_ONE_GROUP, *_WRITERS)
