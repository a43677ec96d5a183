"""Pictures, and graphs for other programs."""

from io import BytesIO
from typing import BinaryIO

from plancli.output import charts
from plancli.output.formats.markup import replace_illegal_chars
from plancli.results.charts import Chart, Network
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


def write_svg(document: Document, out: BinaryIO) -> None:
    """The answer's picture; its words stay words, which can be searched and copied."""
    charts.write_svg(_get_chart(document), out, _get_caption(document))


def write_png(document: Document, out: BinaryIO) -> None:
    """The answer's picture, at its printed size 150 dots an inch."""
    charts.write_png(_get_chart(document), out, _get_caption(document))


def write_graphml(document: Document, out: BinaryIO) -> None:
    """GraphML, for yEd, Gephi, Cytoscape: agencies as nodes, who leads whom as edges."""
    from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

    picture = _get_chart(document)
    assert isinstance(picture, Network)  # no other answer is asked for a graph
    root = Element("graphml", xmlns=GRAPHML)
    for key, (owner, type) in GRAPHML_KEYS.items():
        SubElement(root, "key", {"id": key, "for": owner, "attr.name": key, "attr.type": type})
    graph = SubElement(root, "graph", edgedefault="directed")

    def add(tag: str, attributes: dict[str, str], **data: object) -> None:
        element = SubElement(graph, tag, attributes)
        for key, value in data.items():
            SubElement(element, "data", key=key).text = replace_illegal_chars(str(value))

    for body in picture.agencies:
        node, counts = (
            {"id": replace_illegal_chars(body.name)},
            {"lead": body.lead, "participate": body.participate},
        )
        add("node", node, label=body.name, kind=body.kind, **counts)
    for arc in picture.edges:
        ends = {
            "source": replace_illegal_chars(arc.leader),
            "target": replace_illegal_chars(arc.participant),
        }
        add("edge", ends, weight=len(arc.numbers), numbers="、".join(arc.numbers))
    indent(root)
    ElementTree(root).write(out, "utf-8", xml_declaration=True)


def render_inline_svg(picture: Chart) -> str:
    """Return *picture* as an element of a page."""
    page = BytesIO()
    charts.write_svg(picture, page)
    whole = page.getvalue().decode()
    return whole[whole.index("<svg") :]


def _get_caption(document: Document) -> charts.ChartCaption:
    return charts.ChartCaption(document.title, document.notes)


def _get_chart(document: Document) -> Chart:
    assert document.chart is not None  # an answer without one is refused before
    return document.chart
