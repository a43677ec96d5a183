"""Pictures, and graphs for other programs."""

from io import BytesIO
from typing import Any, BinaryIO

from plancli.output import charts
from plancli.output.formats.markup import clean
from plancli.results.charts import Network, Picture
from plancli.results.document import Document


def svg(document: Document, out: BinaryIO) -> None:
    """The answer's picture; its words stay words, which can be searched and copied."""
    charts.svg(_picture(document), out, _said(document))


def png(document: Document, out: BinaryIO) -> None:
    """The answer's picture, at its printed size 150 dots an inch."""
    charts.png(_picture(document), out, _said(document))


def graphml(document: Document, out: BinaryIO) -> None:
    """GraphML, for yEd, Gephi, Cytoscape."""
    import networkx  # slow to import

    networkx.write_graphml(_graph(document), out, named_key_ids=True)


def gexf(document: Document, out: BinaryIO) -> None:
    """GEXF, for Gephi."""
    import networkx

    made: Any = networkx.readwrite.gexf.GEXFWriter(prettyprint=True)
    for meta in made.xml.iter():
        meta.attrib.pop("lastmodifieddate", None)  # so that the same answer is the same file
    made.add_graph(_graph(document))
    made.write(out)


def dot(document: Document, out: BinaryIO) -> None:
    """DOT, for Graphviz."""
    import pydot

    graph = pydot.Dot("plancli", graph_type="digraph", charset="utf-8")
    network = _network(document)
    for body in network.bodies:
        node = pydot.Node(_quoted(body.name), kind=body.kind, lead=body.lead)
        node.set("participate", body.participate)
        graph.add_node(node)
    for arc in network.arcs:
        ends = _quoted(arc.leader), _quoted(arc.participant)
        graph.add_edge(pydot.Edge(*ends, tasks=len(arc.numbers)))
    out.write(graph.to_string().encode())


def inline(picture: Picture) -> str:
    """Return *picture* as an element of a page."""
    page = BytesIO()
    charts.svg(picture, page)
    whole = page.getvalue().decode()
    return whole[whole.index("<svg") :]


def _quoted(name: str) -> str:
    """Return *name* in quotes: Graphviz asks for them seldom, other readers of DOT more often."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(document: Document) -> charts.Said:
    return charts.Said(document.title, document.notes)


def _graph(document: Document) -> Any:
    """Return the network as networkx has it: bodies and what they are, arcs and their tasks."""
    import networkx

    graph = networkx.DiGraph()
    network = _network(document)
    for body in network.bodies:
        name = clean(body.name)
        graph.add_node(
            name, label=name, kind=body.kind, lead=body.lead, participate=body.participate
        )
    for arc in network.arcs:
        numbers = clean("、".join(arc.numbers))
        graph.add_edge(
            clean(arc.leader), clean(arc.participant), weight=len(arc.numbers), numbers=numbers
        )
    return graph


def _network(document: Document) -> Network:
    picture = _picture(document)
    assert isinstance(picture, Network)  # no other answer is asked for a graph
    return picture


def _picture(document: Document) -> Picture:
    assert document.picture is not None  # an answer without one is refused before
    return document.picture
