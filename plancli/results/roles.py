"""The roles an agency may have in a task, and every word and sign for them.

Whoever writes 牵头 leads; every other part (按职责分工负责, 配合, 参与) is to participate.  A new role
is a member of ``Role`` and a line of ``ROLE_WORDS``; ``RoleCounts`` of ``results.charts`` counts it.
"""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a clause says that an agency does."""

    LEAD = "lead"
    PARTICIPATE = "participate"


class AssignmentRole(StrEnum):
    """A role, or that a collective agency may include the agency."""

    LEAD = Role.LEAD.value
    PARTICIPATE = Role.PARTICIPATE.value
    POSSIBLE = "possible"


class RoleWords(NamedTuple):
    """What people read of a role."""

    label: str  # above a column, in a cell
    symbol: str  # in a matrix
    agencies_label: str  # above a column of agencies
    agencies_width: int = 0  # of that column, in cells
    typed: tuple[str, ...] = ()  # what else people type for it
    label_without_lead: str = ""  # in a task that nobody leads, if another


ROLE_WORDS: dict[str, RoleWords] = {
    AssignmentRole.LEAD: RoleWords("牵头", "●", "牵头单位", 18),
    AssignmentRole.PARTICIPATE: RoleWords(
        "参与", "○", "参与、负责单位", 28, ("配合", "责任"), label_without_lead="负责"
    ),
    AssignmentRole.POSSIBLE: RoleWords("可能涉及", "△", "统称可能包括"),
}
TYPED_ROLES = {  # what people type -> the role
    typed: role
    for role in Role
    for typed in (role.value, ROLE_WORDS[role].label, *ROLE_WORDS[role].typed)
}
