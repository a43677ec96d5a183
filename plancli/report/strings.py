"""List the messages of the report page, which carries both languages."""

from plancli.i18n import load_catalog


def _(message: str) -> str:
    """Mark *message* for the catalogue."""
    return message


PAGE_STRINGS = (
    # around the plan
    _("Made by plancli. This page works without a network and sends nothing."),
    _("Preface"),
    _("Skip to the tasks"),
    _("Print"),
    # searching
    _("Search"),
    _("Words of the tasks, names, pinyin; press / to search"),
    _("Suggestions"),
    _("{n} suggestions"),
    _("1 suggestion"),
    _("body"),
    _("place"),
    _("heading"),
    _("once called {name}"),
    _("now called {name}"),
    _("as in {name}"),
    _("found by pinyin: {word}"),
    _("{word} stands in no task's words"),
    _("it stands in {n} clauses: choose the body"),
    # filters
    _("Filters"),
    _("Filters ({n})"),
    _("Role"),
    _("Bodies"),
    _("Sections"),
    _("Places"),
    _("Plans"),
    _("Role of the chosen bodies"),
    _("Lead"),
    _("Takes part"),
    _("Responsible"),
    _("Show all {n}"),
    _("Show fewer"),
    _("Find in the list: {name}"),
    _("{name}, {n} tasks"),
    _("{name}, 1 task"),
    _("Nothing here passes the filters"),
    _("Remove {name}"),
    _("Clear all"),
    _("not known here and left out: {names}"),
    _("Asked:"),
    _("Word"),
    _("Body"),
    _("Place"),
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
    _("Here because"),
    _("by name"),
    _("by a place in it"),
    _("compound or landmark"),
    _("only in the clause"),
    _("No task passes the filters."),
    _("{name} may be meant in {n} more"),
    _("These tasks do not name it; a collective phrase may include it."),
    _("through {phrase}"),
    _("Neighbours"),
    _("Previous"),
    _("Next"),
    _("Back to all that were found"),
    # matrix
    _("Duties by body and section"),
    _("● leads"),
    _("○ takes part"),
    _("△ may be included by a collective phrase"),
    _("The numbers count tasks. A cell opens its tasks."),
    _("All"),
    _("Number of tasks"),
    _("Only through collective phrases"),
    _("{body}, {head}: leads {lead}, takes part in {participate}, may be included in {may}"),
    _("There are no duties to show."),
    # network
    _("Who leads whom"),
    _("From the body that leads (broad end) to one that takes part (fine end); broad: many tasks."),
    _("Tab comes to the circle, arrow keys go round it, Enter chooses a body."),
    _("{n} more tasks join nobody: no lead, or nobody beside it."),
    _("1 more task joins nobody: no lead, or nobody beside it."),
    _("The {n} bodies with the most lines are drawn, of {all}; the table has every line."),
    _("{name} leads"),
    _("{name} takes part under"),
    _("{name} has no line here."),
    _("{name}: leads {lead}, takes part with {participate}"),
    _("As a table"),
    _("Number"),
    _("There are no lines: no task found has both a lead and others."),
    _("Point at a body, or go to it with the keyboard, to see its lines."),
)


def get_translations() -> dict[str, str]:
    """Return every message of the page with its Chinese translation."""
    return {each: load_catalog("zh").gettext(each) for each in PAGE_STRINGS}


def render_label(word: str, kind: str = "") -> str:
    """Render *word*, one of ``PAGE_STRINGS``, as a label; in Chinese until the script runs."""
    more = f' class="{kind}"' if kind else ""
    return f'<span data-say="{word}"{more}>{load_catalog("zh").gettext(word)}</span>'
