"""Write charts as images, and networks as graphs for other programs."""

from io import BytesIO
from typing import BinaryIO

from plancli.output import charts
from plancli.output.formats.markup import replace_illegal_chars
from plancli.results.charts import Chart, Network
from plancli.results.document import Document
from plancli.results.roles import Role

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GRAPHML_KEYS = {  # key -> element and type
    "label": ("node", "string"),
    "kind": ("node", "string"),
    **{role.value: ("node", "long") for role in Role},
    "weight": ("edge", "long"),
    "numbers": ("edge", "string"),
}


def write_svg(document: Document, out: BinaryIO) -> None:
    """Write the answer's chart as SVG; its text can be searched and copied."""
    charts.write_svg(_get_chart(document), out, _get_caption(document))


def write_png(document: Document, out: BinaryIO) -> None:
    """Write the answer's chart as PNG, 150 dots per inch at its printed size."""
    charts.write_png(_get_chart(document), out, _get_caption(document))


def write_graphml(document: Document, out: BinaryIO) -> None:
    """Write GraphML for yEd, Gephi or Cytoscape: agencies as nodes, who leads whom as edges."""
    from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

    picture = _get_chart(document)
    assert isinstance(picture, Network)  # other answers are refused before
    root = Element("graphml", xmlns=GRAPHML)
    for key, (owner, type) in GRAPHML_KEYS.items():
        SubElement(root, "key", {"id": key, "for": owner, "attr.name": key, "attr.type": type})
    graph = SubElement(root, "graph", edgedefault="directed")

    def add(tag: str, attributes: dict[str, str], **data: object) -> None:
        element = SubElement(graph, tag, attributes)
        for key, value in data.items():
            SubElement(element, "data", key=key).text = replace_illegal_chars(str(value))

    for agency in picture.agencies:
        node = {"id": replace_illegal_chars(agency.name)}
        counts = {role.value: getattr(agency, role) for role in Role}
        add("node", node, label=agency.name, kind=agency.kind, **counts)
    for edge in picture.edges:
        ends = {
            "source": replace_illegal_chars(edge.leader),
            "target": replace_illegal_chars(edge.participant),
        }
        add("edge", ends, weight=len(edge.numbers), numbers="、".join(edge.numbers))
    indent(root)
    ElementTree(root).write(out, "utf-8", xml_declaration=True)


def render_inline_svg(picture: Chart) -> str:
    """Return *picture* as an SVG element for a page."""
    page = BytesIO()
    charts.write_svg(picture, page)
    svg = page.getvalue().decode()
    return svg[svg.index("<svg") :]


def _get_caption(document: Document) -> charts.ChartCaption:
    return charts.ChartCaption(document.title, document.notes)


def _get_chart(document: Document) -> Chart:
    assert document.chart is not None  # an answer without a chart is refused before
    return document.chart
