"""Mappings as RDF: SKOS links from our concepts, and beside each a node that says on what it rests.

A link is one triple, ``osteo:Bone skos:exactMatch obo:UBERON_0001474``, never ``sameAs`` or an equivalence. Its node
carries the slots of SSSOM under the IRIs that SSSOM gives them, the version of the vocabulary and the licence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from osteograph.ontology.model import ConceptMapping, Curation, Vocabulary
from osteograph.ontology.namespaces import MAPPING, VOCABULARY

from .terms import Graph, concept_iri, english, node, text

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_FREE_SET = "in_snomed_gps_2020=true"


def openness(row: ConceptMapping, vocabulary: Vocabulary | None) -> str:
    """``open``, ``terms`` or ``restricted``: on what terms the identifier and the label of a row may be passed on."""
    if vocabulary is None or row.other == _FREE_SET:
        return "open"
    return vocabulary.openness


def keep_open_mappings(curation: Curation) -> Curation:
    """The same curation without the mappings that not everybody may pass on."""
    kept = (row for row in curation.mappings if openness(row, curation.vocabularies.get(row.prefix)) == "open")
    return replace(curation, mappings=tuple(kept))


def mapping_quads(curation: Curation) -> Iterator[ox.Quad]:
    """The mappings graph: vocabularies, their codes, links and the nodes of the links."""
    graph = Graph("mappings")
    for prefix in sorted({row.prefix for row in curation.mappings if row.found}):
        yield from _vocabulary(graph, curation.vocabularies[prefix])
    for row in curation.mappings:
        subject = concept_iri(curation.concepts[row.subject.removeprefix("osteo:")])
        prefix, _, local = row.object.partition(":")
        target = ox.NamedNode(curation.curie_map[prefix] + local)
        yield from _mapping(graph, row, subject, target, curation.vocabularies.get(prefix))
        if row.found:
            yield graph.quad(subject, row.predicate, target)
            yield from _code(graph, row, target)


def _vocabulary(graph: Graph, vocabulary: Vocabulary) -> Iterator[ox.Quad]:
    iri = ox.NamedNode(VOCABULARY + vocabulary.prefix)
    yield graph.quad(iri, "rdf:type", node("skos:ConceptScheme"))
    yield graph.quad(iri, "dcterms:title", english(vocabulary.title))
    yield graph.quad(iri, "dcterms:license", ox.NamedNode(vocabulary.licence_iri))
    yield graph.quad(iri, "dcterms:rights", english(vocabulary.licence))
    yield graph.quad(iri, "dcterms:accessRights", text(vocabulary.openness))
    if vocabulary.note:
        yield graph.quad(iri, "skos:note", english(vocabulary.note))


def _code(graph: Graph, row: ConceptMapping, target: ox.NamedNode) -> Iterator[ox.Quad]:
    yield graph.quad(target, "skos:notation", text(row.object))
    yield graph.quad(target, "skos:inScheme", ox.NamedNode(VOCABULARY + row.prefix))
    if row.object_label:
        yield graph.quad(target, "skos:prefLabel", english(row.object_label))


def _mapping(
    graph: Graph, row: ConceptMapping, subject: ox.NamedNode, target: ox.NamedNode, vocabulary: Vocabulary | None
) -> Iterator[ox.Quad]:
    content = f"{row.subject} {row.predicate} {row.object}"
    iri = ox.NamedNode(f"{MAPPING}m{hashlib.sha256(content.encode()).hexdigest()[:24]}")
    yield graph.quad(iri, "rdf:type", node("sssom:Mapping"))
    yield graph.quad(iri, "owl:annotatedSource", subject)
    yield graph.quad(iri, "owl:annotatedProperty", node(row.predicate))
    yield graph.quad(iri, "owl:annotatedTarget", target)
    yield graph.quad(iri, "sssom:mapping_justification", node(row.justification))
    if vocabulary:
        licence = CC_BY if row.other == _FREE_SET else vocabulary.licence_iri
        yield graph.quad(iri, "dcterms:license", ox.NamedNode(licence))
    cells = {
        "sssom:object_source": row.source,
        "sssom:object_source_version": row.version,
        "sssom:other": row.other,
        "rdfs:comment": row.comment,
    }
    for slot, words in cells.items():
        if words:
            yield graph.quad(iri, slot, text(words))
    if row.confidence:
        yield graph.quad(iri, "sssom:confidence", ox.Literal(row.confidence, datatype=node("xsd:decimal")))
