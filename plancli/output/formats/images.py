"""Pictures, and graphs for other programs."""

from io import BytesIO
from typing import BinaryIO

from plancli.output import charts
from plancli.output.formats.markup import clean
from plancli.results.charts import Network, Picture
from plancli.results.document import Document

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GRAPHML_KEYS = {  # key -> what has it, and its type
    "label": ("node", "string"),
    "kind": ("node", "string"),
    "lead": ("node", "long"),
    "participate": ("node", "long"),
    "weight": ("edge", "long"),
    "numbers": ("edge", "string"),
}


def svg(document: Document, out: BinaryIO) -> None:
    """The answer's picture; its words stay words, which can be searched and copied."""
    charts.svg(_picture(document), out, _said(document))


def png(document: Document, out: BinaryIO) -> None:
    """The answer's picture, at its printed size 150 dots an inch."""
    charts.png(_picture(document), out, _said(document))


def graphml(document: Document, out: BinaryIO) -> None:
    """GraphML, for yEd, Gephi, Cytoscape: agencies as nodes, who leads whom as edges."""
    from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

    picture = _picture(document)
    assert isinstance(picture, Network)  # no other answer is asked for a graph
    root = Element("graphml", xmlns=GRAPHML)
    for key, (owner, type) in GRAPHML_KEYS.items():
        SubElement(root, "key", {"id": key, "for": owner, "attr.name": key, "attr.type": type})
    graph = SubElement(root, "graph", edgedefault="directed")

    def add(tag: str, attributes: dict[str, str], **data: object) -> None:
        element = SubElement(graph, tag, attributes)
        for key, value in data.items():
            SubElement(element, "data", key=key).text = clean(str(value))

    for body in picture.bodies:
        node, counts = (
            {"id": clean(body.name)},
            {"lead": body.lead, "participate": body.participate},
        )
        add("node", node, label=body.name, kind=body.kind, **counts)
    for arc in picture.arcs:
        ends = {"source": clean(arc.leader), "target": clean(arc.participant)}
        add("edge", ends, weight=len(arc.numbers), numbers="、".join(arc.numbers))
    indent(root)
    ElementTree(root).write(out, "utf-8", xml_declaration=True)


def inline(picture: Picture) -> str:
    """Return *picture* as an element of a page."""
    page = BytesIO()
    charts.svg(picture, page)
    whole = page.getvalue().decode()
    return whole[whole.index("<svg") :]


def _said(document: Document) -> charts.Said:
    return charts.Said(document.title, document.notes)


def _picture(document: Document) -> Picture:
    assert document.picture is not None  # an answer without one is refused before
    return document.picture
