"""Official text -> the draft of a plan, with an account of every character.

bytes --reading--> Page --lines--> paragraphs --outline--> items --lists, tasks, tables--> Plan
"""

from plancli.importing import readers
from plancli.importing.parsing.draft import ImportedPlan, build_imported_plan
from plancli.registry.model import Registry

__all__ = ["ImportedPlan", "import_document"]


def import_document(
    data: bytes, name: str, known: Registry, jurisdiction: str = ""
) -> ImportedPlan:
    """Return the plan that the file *name* with the bytes *data* holds.

    *jurisdiction* says whose plan it is; else the text does.

    Errors: BadPlan where the file cannot be read; MissingPackage where its format needs more.
        A text that is no plan gives one without tasks, and says so among the remarks.
    """
    return build_imported_plan(readers.read_source_text(data, name), known, jurisdiction)
