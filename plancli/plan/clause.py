"""Parse responsibility clauses into duties, and format duties as a clause.

    clause  = stretch { label stretch }     label = 牵头单位： | 责任单位： | 分管领导： … (clause_labels)
    stretch = { group mark } [ names ]      group = names [open end] verb | names 会同 names verb
    names   = name { mark name }            verb  = 牵头 | 按职责分工负责 | 配合 … (clause_verbs)
    mark    = "、" | "，" | "," | "；" | ";"   open end = 等 | 等市级有关单位 … (open_ends)

Names without a verb take the role of their label; without a label, they participate.  Only 牵头,
会同 (for the names before it), a star, 主要责任单位 beside other labels and a ``LeadReason`` make an
agency lead.  A name in a list separated by 、 may be abbreviated (``agency_lists.expand_ellipses``);
a comma ends such a list.  Deadlines, persons and declarations may be among the names and are not
agencies.  A clause in traditional characters is read as if simplified; its names stay as printed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from plancli.errors import BadPlan
from plancli.i18n import _
from plancli.plan import agency_lists, clause_labels
from plancli.plan.clause_labels import LabelledText
from plancli.plan.clause_parser import ClauseNote, ClauseParser, find_shared_names, make_error
from plancli.plan.model import OPEN_END, DutyGroup, LeadReason
from plancli.results.roles import Role
from plancli.text.normalize import simplify_script

PLAIN_ROLE_VERBS = {Role.LEAD: "牵头", Role.PARTICIPATE: "按职责分工负责"}
COLONS = str.maketrans(dict.fromkeys(":∶︰﹕꞉˸", "："))
MAX_CLAUSE_LENGTH = 4000  # characters
# Notes of what was guessed or not understood: a person must check the task.
DOUBTFUL_NOTES = frozenset(
    {
        "verbless",  # the last names have no verb
        "unofficial-list",  # a list without a verb, and without an office
        "named-twice",
        "unlike-a-body",
        "unknown-label",  # a label that says nothing known: its words name nobody
        "odd-name",  # a name with a bracket out of pair, or a colon
        "maybe-abbreviated",  # a name was completed that may be of no level: 大数据中心
        "odd-open-end",  # the words after 等 are not known to be of several
        "star-leads",  # a star after a name, without a declaration of what it means
        "exception",  # 除甲局外: who is excepted from others is not known
        "field-names",  # agencies are named by their field only: 工信、财政等部门
        "comma-leads",  # a comma between names that share the verb 牵头
        "mixed-label",  # 牵头及配合单位 before names without verbs
        "applies-below",  # 以下均同, which this program does not apply
    }
)


class ParsedClause(NamedTuple):
    """The result of parsing a clause."""

    duties: tuple[DutyGroup, ...]
    notes: tuple[ClauseNote, ...] = ()
    deadline: str = ""
    declares: str = ""  # the first named leads: "once", or "on" if also in later clauses (下同)
    shared: str = ""  # the words that name participants of the tasks after this one, too


def parse_duties(
    clause: str, region_words: Collection[str] = (), reading: LeadReason | None = None
) -> tuple[DutyGroup, ...]:
    """Return the duties in *clause*, given without its brackets.

    An agency whose name begins with one of *region_words* (安徽证监局) takes no 省 from the name
    before it.  *reading* gives the reason why an agency leads without 牵头 in the clause.
    Errors: BadPlan, with the position underlined, if names have no verb and do not look like
    agencies, or if a name is empty.
    """
    return parse_clause(clause, region_words, reading).duties


def parse_clause(
    clause: str, region_words: Collection[str] = (), reading: LeadReason | None = None
) -> ParsedClause:
    """Return the duties in *clause*, as ``parse_duties`` does, with notes and the deadline."""
    if len(clause) > MAX_CLAUSE_LENGTH:
        raise make_error(clause[:MAX_CLAUSE_LENGTH], 0, MAX_CLAUSE_LENGTH, _("it is too long"))
    plain = simplify_script(clause).translate(COLONS)
    parser = ClauseParser(clause, region_words)
    plain = parser.take_shared_statement(parser.parse_brackets(plain))
    stretches = list(clause_labels.split_at_labels(plain))
    leading = _find_leading(stretches, reading)
    for n, stretch in enumerate(stretches):
        parser.parse_stretch(stretch, Role.LEAD if n in leading else Role.PARTICIPATE)
    parser.parse_shared_names()
    if any(stretches[n].kind == "own" for n in leading) and reading is None:
        parser.add_note("main-label-leads", clause)
    duties = parser.build_duties()
    if (reading is LeadReason.FIRST or parser.declares) and not any(each.lead for each in duties):
        duties = tuple(_make_first_lead(duties))
        parser.add_note("first-named-leads", duties[0].names[0] if duties else "")
    parsed = ParsedClause(
        duties, tuple(parser.notes), parser.deadline, parser.declares, parser.shared
    )
    return parsed if plain == clause else _restore_script(parsed, clause)


def find_shared_statement(text: str) -> str:
    """Return the words of *text* that name participants of the tasks below, or "".

    For a paragraph outside of clauses: 以下任务均需各县区人民政府落实，不再逐一列出。  ``parse_clause`` reads
    the words; the names in them must all be of offices, as in no other sentence.
    """
    if len(text) > MAX_CLAUSE_LENGTH:
        return ""
    plain = simplify_script(text).translate(COLONS)
    statement = find_shared_names(plain)
    if not statement or plain[statement[1] : statement[1] + 1] not in ("", *"。；;"):
        return ""
    words = text[statement[0] : statement[1]]
    try:
        duties = parse_duties(words)
    except BadPlan:
        return ""
    names = [name for group in duties for name in group.names]
    is_sure = names and all(map(agency_lists.OFFICE_NAME.fullmatch, map(simplify_script, names)))
    return words if is_sure else ""


def format_clause(duties: Iterable[DutyGroup]) -> str:
    """Return *duties* as a clause with complete names, separated by 、, and plain verbs."""
    return "，".join(
        "、".join(group.names) + OPEN_END * group.is_open_ended + PLAIN_ROLE_VERBS[group.role]
        for group in duties
    )


def _find_leading(stretches: Sequence[LabelledText], reading: LeadReason | None) -> frozenset[int]:
    """Return the indices of the stretches whose names lead by their label."""
    found = clause_labels.find_leading_labels([each.label for each in stretches])
    own = [n for n, each in enumerate(stretches) if each.kind == "own"]
    if reading is LeadReason.COLUMNS:  # a row may have no other agencies than the responsible ones
        return found or frozenset(own)
    return frozenset(
        n
        for n in found
        if stretches[n].kind == "lead" or clause_labels.is_main_label(stretches[n].label)
    )


def _restore_script(parsed: ParsedClause, clause: str) -> ParsedClause:
    """Return *parsed* with the characters of *clause*, which is not in simplified characters."""
    plain = simplify_script(clause)
    printed = dict(zip(plain, clause, strict=True))

    def restore(words: str) -> str:
        at = plain.find(words)
        if at >= 0:
            return clause[at : at + len(words)]
        return "".join(printed.get(char, char) for char in words)

    duties = tuple(
        DutyGroup.from_names(group.role, tuple(map(restore, group.names)), group.is_open_ended)
        for group in parsed.duties
    )
    notes = tuple(ClauseNote(note.rule, restore(note.words)) for note in parsed.notes)
    return parsed._replace(duties=duties, notes=notes, deadline=restore(parsed.deadline))


def _make_first_lead(duties: Iterable[DutyGroup]) -> Iterator[DutyGroup]:
    """Yield the groups with the first name as the leading agency."""
    for n, group in enumerate(duties):
        if n:
            yield group
            continue
        first, *others = group.names
        yield DutyGroup.from_names(Role.LEAD, (first,), group.is_open_ended and not others)
        if others:
            yield DutyGroup.from_names(Role.PARTICIPATE, tuple(others), group.is_open_ended)
