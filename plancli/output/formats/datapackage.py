"""Write a Frictionless Data Package: zipped CSV files and their Table Schema."""

import json
import zipfile
from typing import Any, BinaryIO

from plancli.output.formats import delimited
from plancli.results.document import Document, make_document
from plancli.results.labels import HEADINGS
from plancli.results.table import Result, ResultCell

ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # makes the output reproducible
RESOURCE_NAMES = {"全部任务": "tasks", "可能包括": "possible", "单位": "agencies", "地区": "regions",
         "部分": "sections", "正文": "details", "计划": "plans", "统计": "stats",
         "任务进展": "reports", "明细": "matrix", "牵头与参与": "network", "地图": "map",
         "目标": "targets", "责任不明": "lint"}  # fmt: skip
FORMULA_NOTE = "A cell that a spreadsheet would run as a formula has a ' before it."


def write_datapackage(document: Document, out: BinaryIO) -> None:
    """Write the answer's tables and the plans that they come from."""
    tables: dict[str, Result] = {}
    plain = [table for table in document.tables if not table.headers]
    for n, table in enumerate(plain, 1):
        name = RESOURCE_NAMES.get(table.name, "data")
        tables[name if name not in tables else f"{name}-{n}"] = table.data or table.result
    if document.plans is not None:
        tables.setdefault("plans", document.plans)
    descriptor: dict[str, Any] = {
        "name": "plancli",
        "title": document.title or document.tables[0].name,
        "description": "\n".join((*document.notes, FORMULA_NOTE)),
        "sources": [{"title": note} for note in document.notes if note.startswith("来源")],
        "resources": [_build_resource(name, result) for name, result in tables.items()],
    }
    if not descriptor["sources"]:  # the specification forbids an empty list
        del descriptor["sources"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        with package.open(_make_zip_info("datapackage.json"), "w") as file:
            file.write((json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode())
        for name, result in tables.items():
            with package.open(_make_zip_info(f"{name}.csv"), "w", force_zip64=True) as file:
                delimited.write_csv(make_document(result), file)  # type: ignore[arg-type]


def _make_zip_info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _build_resource(name: str, result: Result) -> dict[str, Any]:
    public = result.drop_private_columns()
    fields = [_build_field(column, public) for column in public.columns]
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _build_field(column: str, result: Result) -> dict[str, Any]:
    at = result.columns.index(column)
    cell = next((row[at] for row in result.rows if row[at] is not None), "")
    described = {
        "name": column,
        "title": HEADINGS.get(column, column),
        "type": _get_field_type(cell),
    }
    return described | (
        {"delimiter": delimited.NAME_SEPARATOR} if described["type"] == "list" else {}
    )


def _get_field_type(cell: ResultCell) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, tuple):
        return "list"
    return "number" if isinstance(cell, int | float) else "string"
