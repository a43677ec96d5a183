"""List the messages of the report page, which carries both languages."""

from plancli.i18n import load_catalog


def _(message: str) -> str:
    """Mark *message* for the catalogue."""
    return message


PAGE_STRINGS = (
    # around the plan
    _("Made by plancli. This page works offline and sends no data."),
    _("Preamble"),
    _("Skip to the tasks"),
    _("Print"),
    # searching
    _("Search"),
    _("Text of tasks, names, pinyin; press / to search"),
    _("Suggestions"),
    _("{n} suggestions"),
    _("1 suggestion"),
    _("agency"),
    _("region"),
    _("section"),
    _("formerly {name}"),
    _("now {name}"),
    _("as in {name}"),
    _("found by pinyin: {word}"),
    _("no task contains “{word}”"),
    _("it is in {n} clauses: select the agency"),
    # filters
    _("Filters"),
    _("Filters ({n})"),
    _("Role"),
    _("Agencies"),
    _("Sections"),
    _("Regions"),
    _("Plans"),
    _("Role of the selected agencies"),
    _("Lead"),
    _("Takes part"),
    _("Responsible"),
    _("Show all {n}"),
    _("Show fewer"),
    _("Find in the list: {name}"),
    _("{name}, {n} tasks"),
    _("{name}, 1 task"),
    _("Nothing matches the filters"),
    _("Remove {name}"),
    _("Clear all"),
    _("unknown and ignored: {names}"),
    _("Filters:"),
    _("Word"),
    _("Agency"),
    _("Region"),
    _("Section"),
    _("Plan"),
    # tasks
    _("View"),
    _("Tasks"),
    _("Matrix"),
    _("Network"),
    _("{n} tasks"),
    _("1 task"),
    _("of {n}"),
    _("leads {lead}, takes part in {participate}"),
    _("Task"),
    _("By"),
    _("As printed"),
    _("Reason"),
    _("by name"),
    _("by a region in it"),
    _("compound or landmark"),
    _("only in the clause"),
    _("No task matches the filters."),
    _("{n} more tasks may concern {name}"),
    _("These tasks do not name it, but a collective agency that may include it."),
    _("through {phrase}"),
    _("Previous and next task"),
    _("Previous"),
    _("Next"),
    _("Back to the results"),
    # matrix
    _("Duties by agency and section"),
    _("● leads"),
    _("○ takes part"),
    _("△ may be included in a collective agency"),
    _("Numbers of tasks. Select a cell to list its tasks."),
    _("All"),
    _("Number of tasks"),
    _("Only through collective agencies"),
    _("{body}, {head}: leads {lead}, takes part in {participate}, may be included in {may}"),
    _("No duties to show."),
    # network
    _("Lead agencies and participants"),
    _(
        "Lines run from the lead agency (thick end) to a participant (thin end); thicker lines mean more tasks."
    ),
    _("Tab enters the circle, arrow keys move along it, Enter selects an agency."),
    _("{n} more tasks have no edge: no lead agency, or no participants."),
    _("1 more task has no edge: no lead agency, or no participants."),
    _("The chart shows the {n} agencies with the most lines, of {all}; the table has all lines."),
    _("{name} leads"),
    _("{name} takes part under"),
    _("{name} has no line here."),
    _("{name}: leads {lead} agencies, takes part under {participate}"),
    _("As a table"),
    _("Number"),
    _("No lines: no task in the results has both a lead agency and participants."),
    _("Point at an agency, or select it with the keyboard, to see its lines."),
)


def get_translations() -> dict[str, str]:
    """Return every message of the page with its Chinese translation."""
    return {each: load_catalog("zh").gettext(each) for each in PAGE_STRINGS}


def render_label(word: str, kind: str = "") -> str:
    """Render *word*, one of ``PAGE_STRINGS``, as a label; in Chinese until the script runs."""
    more = f' class="{kind}"' if kind else ""
    return f'<span data-say="{word}"{more}>{load_catalog("zh").gettext(word)}</span>'
