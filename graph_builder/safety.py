"""What labels and guidelines say, as RDF: rules, their atomic parts, and the citations they rest on.

These are never mixed with the statements of the articles: they have nodes, predicates and a named graph of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.model import Citation, Curation, SafetyRule, SafetyRulePart

from .provenance import publication_iri
from .terms import Graph, boolean, concept_iri, english, node, schema_node, text

STRENGTHS = {
    "contraindicated": "Contraindicated",
    "not recommended": "NotRecommended",
    "caution": "Caution",
    "requires check": "RequiresCheck",
    "adverse effect": "AdverseEffectStrength",
    "predisposing factor": "PredisposingFactor",
}


def safety_quads(curation: Curation) -> Iterator[ox.Quad]:
    """The safety graph."""
    graph = Graph("safety")
    for citation in curation.citations.values():
        yield from _citation(graph, citation)
    for rule in curation.rules.values():
        yield from _rule(graph, rule, curation)
    for part in curation.parts:
        yield from _part(graph, part, curation)


def _citation(graph: Graph, citation: Citation) -> Iterator[ox.Quad]:
    iri = node(f"publication:{citation.name}")
    yield graph.quad(iri, "rdf:type", node("bmo:Publication"))
    yield graph.quad(iri, "rdfs:label", english(citation.title))
    cells = {
        "dcterms:publisher": citation.authors,
        "dcterms:issued": citation.year,
        "bibo:section": citation.section,
        "dcterms:identifier": citation.identifier,
        "dcterms:source": citation.where_seen,
    }
    for predicate, words in cells.items():
        if words:
            yield graph.quad(iri, predicate, text(words))


def _rule(graph: Graph, rule: SafetyRule, curation: Curation) -> Iterator[ox.Quad]:
    iri = node(f"rule:{rule.name}")
    yield graph.quad(iri, "rdf:type", node("bmo:SafetyRule"))
    yield graph.quad(iri, "rdfs:label", english(f"{rule.name}: {rule.treatment}, {rule.condition_or_effect}"))
    yield graph.quad(iri, "bmo:verified", boolean(rule.verified))
    if rule.note:
        yield graph.quad(iri, "bmo:curatorNote", english(rule.note))
    for citation in rule.citations:
        yield graph.quad(iri, "bmo:citation", publication_iri(citation, curation))


def _part(graph: Graph, part: SafetyRulePart, curation: Curation) -> Iterator[ox.Quad]:
    iri = node(f"rule:{part.name}")
    yield graph.quad(node(f"rule:{part.rule}"), "bmo:hasRulePart", iri)
    yield graph.quad(iri, "rdf:type", node("bmo:SafetyRulePart"))
    yield graph.quad(iri, "bmo:predicate", schema_node(part.predicate))
    yield graph.quad(iri, "bmo:strength", schema_node(STRENGTHS[part.strength]))
    concepts = {
        "bmo:ruleTreatment": (part.treatment,),
        "bmo:ruleCondition": part.conditions,
        "bmo:ruleEffect": part.effects,
        "bmo:indicationContext": part.indications,
    }
    for predicate, names in concepts.items():
        for name in names:
            yield graph.quad(iri, predicate, concept_iri(curation.concepts[name]))
    if part.conditions:
        words = " and ".join(curation.concepts[name].label for name in part.conditions)
        yield graph.quad(iri, "bmo:conditionInWords", english(words))
    yield graph.quad(iri, "bmo:treatmentLevel", text(part.treatment_level))
    yield graph.quad(iri, "bmo:membersInherit", text(part.members_inherit))
    for place in part.jurisdictions:
        yield graph.quad(iri, "bmo:jurisdiction", text(place))
    yield from _limits(graph, iri, part)


def _limits(graph: Graph, iri: ox.NamedNode, part: SafetyRulePart) -> Iterator[ox.Quad]:
    """What narrows the part: threshold, time, exception; and how often the effect occurs."""
    if part.threshold:
        yield graph.quad(iri, "bmo:threshold", text(part.threshold))
    if part.time_window:
        yield graph.quad(iri, "bmo:timeWindow", text(part.time_window))
    if part.exception:
        yield graph.quad(iri, "bmo:exception", english(part.exception))
    if part.frequency:
        yield graph.quad(iri, "bmo:frequencyInWords", english(part.frequency))
    if part.note:
        yield graph.quad(iri, "bmo:curatorNote", english(part.note))
