"""GraphML and GEXF: concepts as nodes, every statement between concepts as an edge that bears its IRI.

networkx writes both. Edges keep standing, origin and qualifiers, so that a reader who drops none of the attributes
reads no more into an edge than the statement says; ``plain`` says whether the edge may be read alone. What rules
conclude has ``grounds``, the rule parts and statements that it rests on, in the place of claims and passages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA

from .carries import loss
from .derived import DerivedRecord, derived
from .material import Material, StatementRecord, curie

if TYPE_CHECKING:
    import networkx as nx

CURATED = ("hasActiveSubstance", "hasPrimary", "hasSite", "kindOf", "partOf", "riskFactorFor")
_ATTRIBUTES = ("label", "predicate", "standing", "origin", "qualifiers", "claims", "passages", "grounds")


def network(material: Material) -> nx.MultiDiGraph[str]:
    """The graph as networkx has it; values are texts, numbers and truth values only, as both formats ask."""
    import networkx as nx

    header = material.header()
    words = f"{header.notice} {loss('graphml')}"
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name="osteograph", version=header.version, license=header.license, description=words
    )
    for record in material.concepts():
        classes = "|".join(f"bmo:{name}" for name in record.classes)
        made.add_node(record.iri, label=record.label, definition=record.definition, classes=classes)
    stated = set()
    for statement in material.statements():
        stated.add(statement.plain)
        _add_statement(made, statement)
    for iri in list(made):
        for name in CURATED:
            for target in material.values(iri, f"bmo:{name}"):
                triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(SCHEMA + name), ox.NamedNode(target))
                if triple not in stated and target in made:
                    _add_curated(made, iri, name, target, material)
    for conclusion in derived(material):
        _add_derived(made, conclusion)
    return made


def _add_statement(made: nx.MultiDiGraph[str], record: StatementRecord) -> None:
    if not isinstance(record.object, ox.NamedNode) or not {record.subject, record.object.value} <= set(made):
        return
    _add_edge(
        made,
        (record.subject, record.object.value, record.iri),
        label=record.label,
        predicate=record.predicate,
        standing=record.standing.lower(),
        origin=record.origin.removesuffix("Origin").lower(),
        qualifiers="|".join(f"{curie(key)}={value.value}" for key, value in record.qualifiers),
        claims="|".join(claim.iri for claim in record.claims),
        passages="|".join(sorted({passage.iri for claim in record.claims for passage in claim.passages})),
        plain=record.plain is not None,
    )


def _add_derived(made: nx.MultiDiGraph[str], record: DerivedRecord) -> None:
    edge, grounds = (record.subject, record.object, record.iri), "|".join(record.grounds)
    words = {"label": record.label, "predicate": record.predicate, "grounds": grounds}
    _add_edge(made, edge, **words, standing="derived", origin="derived", plain=True)


def _add_curated(made: nx.MultiDiGraph[str], iri: str, name: str, target: str, material: Material) -> None:
    edge = (iri, target, f"{iri} {name} {target}".replace(" ", "-"))
    words = {"label": material.schema.properties[name].label, "predicate": SCHEMA + name}
    _add_edge(made, edge, **words, standing="curated", origin="curated", plain=True)


def _add_edge(made: nx.MultiDiGraph[str], edge: tuple[str, str, str], *, plain: bool, **words: str) -> None:
    """An edge, given by both ends and its key, with every attribute that edges have."""
    source, target, key = edge
    made.add_edge(source, target, key=key, **{name: words.get(name, "") for name in _ATTRIBUTES}, plain=plain)


def graphml(material: Material) -> Iterator[str]:
    """GraphML; the writer is named, since networkx would take another where lxml is installed."""
    from networkx.readwrite.graphml import write_graphml_xml

    stream = io.BytesIO()
    write_graphml_xml(network(material), stream, prettyprint=True, named_key_ids=True)
    yield stream.getvalue().decode("utf-8") + "\n"


def gexf(material: Material) -> Iterator[str]:
    """GEXF 1.2 with a header of ours: networkx writes today's day there, and from 3.7 on a description."""
    import networkx as nx

    made = network(material)
    nx.set_edge_attributes(made, {edge: edge[2] for edge in made.edges}, "id")
    text = "\n".join(nx.generate_gexf(made, prettyprint=True))
    day = material.header().version
    words = escape(made.graph["description"])
    inside = f"\n    <creator>osteograph</creator>\n    <description>{words}</description>\n  "
    meta = f'<meta lastmodifieddate="{day}">{inside}</meta>'
    stamped, count = re.subn("<meta .*?</meta>", lambda match: meta, text, flags=re.DOTALL)
    assert count == 1, "networkx writes one meta element"
    yield '<?xml version="1.0" encoding="utf-8"?>\n' + stamped + "\n"
