"""Import an official document as a plan, and record what each character became.

bytes --readers--> SourceText --paragraphs--> blocks --outline--> nodes --list_builder--> Plan
"""

from plancli.importing import readers
from plancli.importing.parsing.draft import ImportedPlan, build_imported_plan
from plancli.registry.model import Registry

__all__ = ["ImportedPlan", "import_document"]


def import_document(
    data: bytes, name: str, registry: Registry, jurisdiction: str = ""
) -> ImportedPlan:
    """Return the plan in the file *name* with the bytes *data*.

    Without *jurisdiction*, it is found in the text.

    Errors: BadPlan if the file cannot be read; MissingPackage if its format needs a package.
        A text that is not a plan gives a plan without tasks and the diagnostic "no-tasks".
    """
    return build_imported_plan(readers.read_source_text(data, name), registry, jurisdiction)
