"""From curated tables to the dataset: one pure function, :func:`compile_dataset`.

Everything that the graph holds is made here or in the modules this one calls; each makes the quads of one named graph.
No blank nodes are minted (those of the schema's property chains excepted), so that a quad means the same in any file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox

from osteograph.ontology.model import Concept, Curation, TimeSpan
from osteograph.ontology.schema import Schema

from .dataset_description import description_quads
from .derivations import derived_quads
from .mappings import mapping_quads
from .provenance import evidence_quads
from .safety import safety_quads
from .statements import build_statements, statement_quads
from .terms import Graph, boolean, concept_iri, decimal, english, node, schema_node, text

UNIT_DAYS = {"h": "0.0416666667", "d": "1", "wk": "7", "mo": "30.4375", "a": "365.25"}
_SYNONYM_PROPERTY = {
    "exact": "oboInOwl:hasExactSynonym",
    "narrow": "oboInOwl:hasNarrowSynonym",
    "broad": "oboInOwl:hasBroadSynonym",
    "related": "oboInOwl:hasRelatedSynonym",
}


def compile_dataset(curation: Curation, schema: Schema) -> list[ox.Quad]:
    """All quads of the graph, sorted, each once. The same input gives the same list on any machine."""
    statements = build_statements(curation, schema)
    quads: set[ox.Quad] = set()
    quads.update(schema_quads(schema))
    quads.update(statement_quads(statements, curation, schema))
    stated = {quad.triple for quad in quads}
    # A link that an article states is not repeated as a curator's: a triple stands in one graph, so that the union of
    # the graphs is a set on every engine.
    quads.update(quad for quad in concept_quads(curation) if quad.triple not in stated)
    quads.update(evidence_quads(statements, curation, schema))
    quads.update(safety_quads(curation))
    quads.update(mapping_quads(curation))
    quads.update(list(derived_quads(quads)))
    quads.update(description_quads(quads, curation))
    return sorted_quads(quads)


def sorted_quads(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Quads by graph, subject, predicate and object, so that files read well and never change without reason."""
    return sorted(quads, key=lambda q: f"{q.graph_name} {q.subject} {q.predicate.value} {q.object}")


def schema_quads(schema: Schema) -> Iterator[ox.Quad]:
    graph = node("graph:schema")
    return (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in schema.quads)


def concept_quads(curation: Curation) -> Iterator[ox.Quad]:
    """Concepts with names, definitions and the curated hierarchy."""
    graph = Graph("concepts")
    for concept in curation.concepts.values():
        yield from _one_concept(graph, concept, curation)
    for synonym in curation.synonyms:
        subject = concept_iri(curation.concepts[synonym.concept])
        yield graph.quad(subject, _SYNONYM_PROPERTY[synonym.scope], english(synonym.synonym))
    for span in curation.timespans.values():
        yield from _time_span(graph, concept_iri(curation.concepts[span.concept]), span)


def _one_concept(graph: Graph, concept: Concept, curation: Curation) -> Iterator[ox.Quad]:
    iri = concept_iri(concept)
    yield graph.quad(iri, "rdf:type", node("owl:NamedIndividual"))
    for name in concept.types:
        yield graph.quad(iri, "rdf:type", schema_node(name))
    yield graph.quad(iri, "rdfs:label", english(concept.label))
    yield graph.quad(iri, "obo:IAO_0000115", english(concept.definition))
    links = {
        "bmo:kindOf": concept.kind_of,
        "bmo:partOf": concept.part_of,
        "bmo:hasActiveSubstance": (concept.active_substance,),
        "bmo:hasPrimary": (concept.primary_cancer,),
        "bmo:hasSite": (concept.site,),
        "bmo:riskFactorFor": (concept.risk_factor_for,),
    }
    for predicate, names in links.items():
        for name in filter(None, names):
            yield graph.quad(iri, predicate, concept_iri(curation.concepts[name]))


def _time_span(graph: Graph, iri: ox.NamedNode, span: TimeSpan) -> Iterator[ox.Quad]:
    factor = Decimal(UNIT_DAYS[span.unit])
    yield graph.quad(iri, "bmo:unit", text(span.unit))
    yield graph.quad(iri, "bmo:duration", text(span.duration))
    if span.minimum is not None:
        yield graph.quad(iri, "bmo:minimum", decimal(span.minimum))
        yield graph.quad(iri, "bmo:minimumDays", decimal(span.minimum * factor))
    if span.maximum is not None:
        yield graph.quad(iri, "bmo:maximum", decimal(span.maximum))
        yield graph.quad(iri, "bmo:maximumDays", decimal(span.maximum * factor))
        yield graph.quad(iri, "bmo:maximumIsOpen", boolean(span.upper_bound_is_open))
