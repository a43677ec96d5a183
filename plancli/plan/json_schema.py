"""Write the JSON Schemas of plan and registry files: ``python -m plancli.plan.json_schema FOLDER``."""

import json
import sys
from pathlib import Path
from typing import Any

from plancli.plan.model import Plan
from plancli.registry.model import AgencyFile, RegionFile
from plancli.yamlfile import json_schema as yaml_schema

SCHEMA_CLASSES: dict[str, type] = {"plan": Plan, "agencies": AgencyFile, "regions": RegionFile}


def build_file_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the plan, agencies or regions file."""
    return yaml_schema.build_schema(SCHEMA_CLASSES[name], f"plancli: {name}.yaml")


def write_schemas(folder: Path) -> None:
    """Write the JSON Schema of each kind of file into *folder*, for editors."""
    for name in SCHEMA_CLASSES:
        text = json.dumps(build_file_schema(name), ensure_ascii=False, indent=2)
        (folder / f"{name}.schema.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
