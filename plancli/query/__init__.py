"""``Filter`` and the usual questions: each is a SELECT and returns a ``Result``.

Rarer ones stand in modules of their own: matrix, network, places, reported, targets, unclear.
"""

from plancli.query.counts import (
    agencies,
    bars,
    details,
    in_clauses,
    in_frame,
    loaded,
    plans,
    regions,
    sections,
    stats,
)
from plancli.query.filters import (
    EVERY_TASK,
    NO_TASK,
    Filter,
    by_agency,
    by_any_agency,
    by_ids,
    by_jurisdiction,
    by_keyword,
    by_number,
    by_possible,
    by_region,
    by_role,
    by_section,
    by_whole,
    by_year,
)
from plancli.query.first import count, first
from plancli.query.tasks import agency, cards, letters_only, possible, region, tasks
from plancli.query.whole import by_body, by_maybe, by_place, whole

__all__ = [
    "EVERY_TASK",
    "NO_TASK",
    "Filter",
    "agencies",
    "agency",
    "bars",
    "by_agency",
    "by_any_agency",
    "by_body",
    "by_ids",
    "by_jurisdiction",
    "by_keyword",
    "by_maybe",
    "by_number",
    "by_place",
    "by_possible",
    "by_region",
    "by_role",
    "by_section",
    "by_whole",
    "by_year",
    "cards",
    "count",
    "details",
    "first",
    "in_clauses",
    "in_frame",
    "letters_only",
    "loaded",
    "plans",
    "possible",
    "region",
    "regions",
    "sections",
    "stats",
    "tasks",
    "whole",
]
