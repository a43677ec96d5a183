"""The manual explains every mark that import may leave under “review:”."""

import re

from plancli.importing.reporting import summary
from scripts.pages import read_page

WITHOUT_DOUBT = {  # only counted, or listed in the full report
    "bare-list",
    "ellipsis",
    "first-named-leads",
    "hidden-sheet",
    "hidden-words",
    "main-label-leads",
    "no-number",
    "radicals",
    "unknown-body",
}


def test_the_manual_has_every_mark():
    table = (
        read_page("docs/check.md").partition("## Marks under `review:`")[2].partition("\n## ")[0]
    )
    explained = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\|[^|]*\|", table, re.M))))
    assert explained == summary.list_rules() - WITHOUT_DOUBT
