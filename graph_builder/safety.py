"""What labels and guidelines say, as RDF: rules, their atomic parts, and the citations they rest on.

These are never mixed with the statements of the articles: they have nodes, predicates and a named graph of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.model import Citation, Curation, SafetyRule, SafetyRulePart

from .circumstances import circumstance_quads
from .provenance import publication_iri
from .terms import Graph, boolean, concept_iri, decimal, english, node, schema_node, text

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
        yield from circumstance_quads(part, curation)
    yield from _bounds(graph, curation)
    yield from _strengths(graph, curation)
    for link in curation.links:
        subject, obj = (concept_iri(curation.concepts[name]) for name in (link.subject, link.object))
        yield graph.quad(subject, f"bmo:{link.predicate}", obj)


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
    for place in citation.jurisdictions:
        yield graph.quad(iri, "bmo:jurisdiction", text(place))
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
    yield from _inheritance(graph, iri, part, curation)
    for place in part.jurisdictions:
        yield graph.quad(iri, "bmo:jurisdiction", text(place))
    for citation in citations_of(part, curation):
        yield graph.quad(iri, "bmo:citation", publication_iri(citation, curation))
    yield graph.quad(iri, "bmo:verified", boolean(curation.rules[part.rule].verified))
    yield from _limits(graph, iri, part)


def _inheritance(graph: Graph, iri: ox.NamedNode, part: SafetyRulePart, curation: Curation) -> Iterator[ox.Quad]:
    """Whether the part comes down to members and products, and the one that it leaves out."""
    words = part.members_inherit
    for name in part.not_inherited_by:
        concept = curation.concepts[name]
        yield graph.quad(iri, "bmo:inheritedByAllBut", concept_iri(concept))
        words = f"all but {concept.label}"
    yield graph.quad(iri, "bmo:membersInherit", text(words))


def citations_of(part: SafetyRulePart, curation: Curation) -> list[str]:
    """What the part rests on: a label is cited for a part only where both are in force in one place."""
    places = set(part.jurisdictions)
    cited = curation.rules[part.rule].citations
    own = [
        name
        for name in cited
        if not places or name not in curation.citations or _fits(curation.citations[name], places)
    ]
    return own or list(cited)


def _fits(citation: Citation, places: set[str]) -> bool:
    return not citation.jurisdictions or bool(places & set(citation.jurisdictions))


def _strengths(graph: Graph, curation: Curation) -> Iterator[ox.Quad]:
    """The doses that tell products of one substance apart."""
    for strength in curation.strengths:
        product = concept_iri(curation.concepts[strength.product])
        yield graph.quad(product, "bmo:strengthDose", decimal(strength.dose))
        yield graph.quad(product, "bmo:unit", text(strength.unit))


_LIMITS = {"<": "bmo:below", "<=": "bmo:atMost", ">": "bmo:above", ">=": "bmo:atLeast"}


def _bounds(graph: Graph, curation: Curation) -> Iterator[ox.Quad]:
    """The limits by which numbers become graded conditions; one node for a condition and a measure."""
    for bound in curation.graded:
        iri = node(f"bound:{bound.condition}-{bound.measure}")
        yield graph.quad(concept_iri(curation.concepts[bound.condition]), "bmo:hasBound", iri)
        yield graph.quad(iri, "rdf:type", node("bmo:Bound"))
        yield graph.quad(iri, "bmo:ofMeasure", concept_iri(curation.concepts[bound.measure]))
        yield graph.quad(iri, _LIMITS[bound.comparator], decimal(bound.value))
        yield graph.quad(iri, "bmo:unit", text(bound.unit))
        yield graph.quad(iri, "bmo:boundBasis", text(bound.basis))


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
