"""``Filter`` and every question: each is a SELECT and returns a ``Result``."""

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
    Filter,
    by_agency,
    by_jurisdiction,
    by_keyword,
    by_number,
    by_possible,
    by_region,
    by_role,
    by_section,
    by_year,
)
from plancli.query.flat import body
from plancli.query.matrix import AXES, cells, matrix
from plancli.query.network import arcs, network, without_arcs
from plancli.query.places import drawn, mapped, unplaced
from plancli.query.reported import heard, reported
from plancli.query.targets import figures, targets
from plancli.query.tasks import agency, cards, letters_only, possible, region, tasks
from plancli.query.unclear import unclear
from plancli.query.whole import by_body, by_maybe, by_place, whole

__all__ = [
    "AXES",
    "EVERY_TASK",
    "Filter",
    "agencies",
    "agency",
    "arcs",
    "bars",
    "body",
    "by_agency",
    "by_body",
    "by_jurisdiction",
    "by_keyword",
    "by_maybe",
    "by_number",
    "by_place",
    "by_possible",
    "by_region",
    "by_role",
    "by_section",
    "by_year",
    "cards",
    "cells",
    "details",
    "drawn",
    "figures",
    "heard",
    "in_clauses",
    "in_frame",
    "letters_only",
    "loaded",
    "mapped",
    "matrix",
    "network",
    "plans",
    "possible",
    "region",
    "regions",
    "reported",
    "sections",
    "stats",
    "targets",
    "tasks",
    "unclear",
    "unplaced",
    "whole",
    "without_arcs",
]
