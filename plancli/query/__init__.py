"""``Filter`` and every question: each is a SELECT and returns a ``Result``."""

from plancli.query.counts import (
    agencies,
    details,
    in_clauses,
    in_frame,
    plans,
    regions,
    sections,
    stats,
)
from plancli.query.filters import (
    EVERY_TASK,
    Filter,
    by_agency,
    by_keyword,
    by_number,
    by_possible,
    by_region,
    by_role,
    by_section,
)
from plancli.query.tasks import agency, cards, letters_only, possible, region, tasks

__all__ = [
    "EVERY_TASK",
    "Filter",
    "agencies",
    "agency",
    "by_agency",
    "by_keyword",
    "by_number",
    "by_possible",
    "by_region",
    "by_role",
    "by_section",
    "cards",
    "details",
    "in_clauses",
    "in_frame",
    "letters_only",
    "plans",
    "possible",
    "region",
    "regions",
    "sections",
    "stats",
    "tasks",
]
