"""Evidence as RDF: sources, passages, claims, conflicts and the known faults of the sources.

A claim rests on passages; a passage is a position in a source and the digest of the words there, never the words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from osteograph.ontology.model import Claim, Conflict, Curation, SourceIssue
from osteograph.ontology.schema import Schema

from .statements import Statement
from .terms import Graph, boolean, concept_iri, english, integer, node, schema_node, text

AUTHOR_STATEMENT = node("obo:ECO_0000303")  # author statement without traceable support, used in manual assertion
CURATOR_INFERENCE = node("obo:ECO_0000305")  # curator inference, used in manual assertion


def evidence_quads(statements: Iterable[Statement], curation: Curation, schema: Schema) -> Iterator[ox.Quad]:
    """The evidence graph."""
    graph = Graph("evidence")
    yield from _sources(graph, curation)
    for statement in statements:
        for claim in statement.claims:
            yield from _claim(graph, claim, statement.iri, curation, schema)
    for conflict in curation.conflicts.values():
        yield from _conflict(graph, conflict, curation)
    for issue in curation.issues.values():
        yield from _issue(graph, issue, curation)


def publication_iri(name: str, curation: Curation) -> ox.NamedNode:
    """A source article or an outside citation."""
    return concept_iri(curation.concepts[name]) if name in curation.concepts else node(f"publication:{name}")


def _sources(graph: Graph, curation: Curation) -> Iterator[ox.Quad]:
    for source in curation.sources.values():
        iri = publication_iri(source.publication, curation)
        yield graph.quad(iri, "bmo:fileName", text(source.file))
        yield graph.quad(iri, "bmo:sha256", text(source.sha256))
        yield graph.quad(iri, "dcterms:identifier", text(source.name))
        yield graph.quad(iri, "dcterms:description", english(source.scope))
    yield from _sections(graph, curation)
    places: dict[str, int] = defaultdict(int)
    for passage in sorted(curation.passages.values(), key=lambda passage: (passage.source, passage.start)):
        iri = node(f"passage:{passage.name}")
        places[passage.source] += 1
        yield graph.quad(iri, "bmo:place", integer(places[passage.source]))
        yield graph.quad(iri, "bmo:inSection", section_iri(passage.source, passage.section))
        if passage.list_of:
            yield graph.quad(iri, "bmo:listItemOf", node(f"passage:{passage.list_of}"))
        yield graph.quad(iri, "rdf:type", node("bmo:Passage"))
        yield graph.quad(iri, "bmo:ofSource", publication_iri(curation.sources[passage.source].publication, curation))
        yield graph.quad(iri, "bmo:sectionName", text(passage.section))
        yield graph.quad(iri, "bmo:passageKind", text(passage.kind))
        yield graph.quad(iri, "bmo:start", integer(passage.start))
        yield graph.quad(iri, "bmo:end", integer(passage.end))
        yield graph.quad(iri, "bmo:sha256", text(passage.sha256))


def section_iri(source: str, path: str) -> ox.NamedNode:
    """The IRI of a section: ``b`` and ``(treatment) / options`` make ``section:b.treatment.options``."""
    steps = [re.sub("[^a-z0-9-]", "", step.strip()) for step in path.split("/")]
    return node(f"section:{'.'.join([source, *steps])}")


def _sections(graph: Graph, curation: Curation) -> Iterator[ox.Quad]:
    """Sections in the order of the text, each within the section above it; round brackets mark a restored heading."""
    seen: dict[tuple[str, str], int] = {}
    for passage in sorted(curation.passages.values(), key=lambda passage: (passage.source, passage.start)):
        steps = passage.section.split(" / ")
        for depth in range(len(steps)):
            seen.setdefault((passage.source, " / ".join(steps[: depth + 1])), len(seen) + 1)
    for (source, path), place in seen.items():
        iri = section_iri(source, path)
        above, _, name = path.rpartition(" / ")
        yield graph.quad(iri, "rdf:type", node("bmo:Section"))
        yield graph.quad(iri, "rdfs:label", english(f"{name.strip('()').replace('-', ' ')} (article {source})"))
        yield graph.quad(iri, "bmo:ofSource", publication_iri(curation.sources[source].publication, curation))
        yield graph.quad(iri, "bmo:sectionName", text(path))
        yield graph.quad(iri, "bmo:place", integer(place))
        yield graph.quad(iri, "bmo:headingIsRestored", boolean(name.startswith("(")))
        if above:
            yield graph.quad(iri, "bmo:inSection", section_iri(source, above))


def _claim(
    graph: Graph, claim: Claim, statement: ox.NamedNode, curation: Curation, schema: Schema
) -> Iterator[ox.Quad]:
    iri = node(f"claim:{claim.name}")
    source = curation.sources[curation.passages[claim.passages[0]].source]
    yield graph.quad(iri, "rdf:type", node("bmo:Claim"))
    yield graph.quad(iri, "bmo:states", statement)
    yield graph.quad(iri, "bmo:ofSource", publication_iri(source.publication, curation))
    yield graph.quad(iri, "bmo:theme", text(claim.theme))
    yield graph.quad(iri, "bmo:polarity", schema_node(claim.polarity.capitalize() + "Polarity"))
    yield graph.quad(iri, "bmo:basis", schema_node(schema.value_name("basis", claim.basis)))
    stated = claim.basis == "stated"
    yield graph.quad(iri, "bmo:evidenceType", AUTHOR_STATEMENT if stated else CURATOR_INFERENCE)
    yield graph.quad(iri, "bmo:paraphrase", english(claim.paraphrase))
    if claim.certainty:
        yield graph.quad(iri, "bmo:certainty", schema_node(schema.value_name("certainty", claim.certainty)))
    if claim.note:
        yield graph.quad(iri, "bmo:curatorNote", english(claim.note))
    for role in claim.roles:
        yield graph.quad(iri, "bmo:claimRole", schema_node(schema.value_name("role", role)))
    for passage in claim.passages:
        yield graph.quad(iri, "bmo:restsOn", node(f"passage:{passage}"))


def _conflict(graph: Graph, conflict: Conflict, curation: Curation) -> Iterator[ox.Quad]:
    iri = node(f"conflict:{conflict.name}")
    kind = "".join(word.capitalize() for word in conflict.kind.split("-"))
    yield graph.quad(iri, "rdf:type", node("bmo:Conflict"))
    yield graph.quad(iri, "bmo:conflictKind", schema_node(kind))
    yield graph.quad(iri, "bmo:explanation", english(conflict.explanation))
    for claim in conflict.claims:
        yield graph.quad(iri, "bmo:hasMember", node(f"claim:{claim}"))
    for part in conflict.rule_parts:
        yield graph.quad(iri, "bmo:hasMember", node(f"rule:{part}"))
    for issue in conflict.issues:
        yield graph.quad(iri, "bmo:raisedBy", node(f"issue:{issue}"))
    yield from _assessment(graph, iri, conflict, curation)


def _issue(graph: Graph, issue: SourceIssue, curation: Curation) -> Iterator[ox.Quad]:
    iri = node(f"issue:{issue.name}")
    yield graph.quad(iri, "rdf:type", node("bmo:SourceIssue"))
    yield graph.quad(iri, "bmo:issueKind", text(issue.kind))
    yield graph.quad(iri, "bmo:severityLevel", text(issue.severity))
    yield graph.quad(iri, "bmo:explanation", english(issue.explanation))
    yield graph.quad(iri, "bmo:verified", boolean(issue.verified))
    for source in issue.sources:
        yield graph.quad(iri, "bmo:ofSource", publication_iri(curation.sources[source].publication, curation))
    for claim in issue.claims:
        yield graph.quad(iri, "bmo:concernsClaim", node(f"claim:{claim}"))
    for claim in issue.disputed_claims:
        yield graph.quad(iri, "bmo:disputes", node(f"claim:{claim}"))
    yield from _assessment(graph, iri, issue, curation)


def _assessment(
    graph: Graph, iri: ox.NamedNode, holder: Conflict | SourceIssue, curation: Curation
) -> Iterator[ox.Quad]:
    """What outside sources say about a conflict or a fault, and which claims lose by it."""
    if holder.assessment:
        yield graph.quad(iri, "bmo:assessment", english(holder.assessment))
    for claim in holder.refuted_claims:
        yield graph.quad(iri, "bmo:refutes", node(f"claim:{claim}"))
    for citation in holder.citations:
        yield graph.quad(iri, "bmo:citation", publication_iri(citation, curation))
