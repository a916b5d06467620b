"""Turtle and N-Triples of RDF 1.2: each plain triple, and its statements as reifiers by their own IRIs.

``ost:s… rdf:reifies <<( osteo:KidneyCancer bmo:proneToMetastasizeTo osteo:Bone )>>`` names what the statement is about
without asserting it; the plain triple beside it is what asserts. A statement that has no plain triple is reified all
the same, and nothing asserts it. What rules conclude is reified too, as derived from the rule parts that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA

from ..terms import english, node
from .carries import loss
from .derived import DerivedRecord, derived
from .material import Material, StatementRecord
from .turtle import turtle


def turtle12(material: Material) -> Iterator[str]:
    """Turtle 1.2, a block a subject."""
    header = material.header()
    comments = (header.title, f"Version {header.version}. {header.notice}", header.license, loss("rdf12"))
    triples = sorted(set(_triples(material)), key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
    return turtle(triples, comments=comments)


def ntriples12(material: Material) -> Iterator[str]:
    """N-Triples 1.2, sorted."""
    for line in sorted({str(triple) for triple in _triples(material)}):
        yield f"{line} .\n"


def _triples(material: Material) -> Iterator[ox.Triple]:
    for record in material.statements():
        yield from _statement(record)
        if record.plain:
            yield record.plain
    for conclusion in derived(material):
        yield conclusion.triple
        yield from _conclusion(conclusion)


def _statement(record: StatementRecord) -> Iterator[ox.Triple]:
    iri, subject = ox.NamedNode(record.iri), ox.NamedNode(record.subject)
    reified = ox.Triple(subject, ox.NamedNode(record.predicate), record.object)
    yield ox.Triple(iri, node("rdf:reifies"), reified)
    if record.plain and record.plain != reified:
        yield ox.Triple(iri, node("rdf:reifies"), record.plain)  # a hedged statement: the possibility it stands for
    yield ox.Triple(iri, node("rdf:type"), node("bmo:Statement"))
    yield ox.Triple(iri, node("bmo:predicate"), ox.NamedNode(record.predicate))
    yield ox.Triple(iri, node("rdfs:label"), english(record.label))
    yield ox.Triple(iri, node("bmo:standing"), ox.NamedNode(SCHEMA + record.standing))
    yield ox.Triple(iri, node("bmo:origin"), ox.NamedNode(SCHEMA + record.origin))
    for key, value in record.qualifiers:
        yield ox.Triple(iri, ox.NamedNode(key), value)
    for claim in record.claims:
        yield ox.Triple(ox.NamedNode(claim.iri), node("bmo:states"), iri)
        yield ox.Triple(ox.NamedNode(claim.iri), node("bmo:polarity"), ox.NamedNode(SCHEMA + claim.polarity))
        yield ox.Triple(ox.NamedNode(claim.iri), node("bmo:ofSource"), ox.NamedNode(claim.source))
        for passage in claim.passages:
            yield ox.Triple(ox.NamedNode(claim.iri), node("bmo:restsOn"), ox.NamedNode(passage.iri))


def _conclusion(record: DerivedRecord) -> Iterator[ox.Triple]:
    iri = ox.NamedNode(record.iri)
    yield ox.Triple(iri, node("rdf:reifies"), record.triple)
    yield ox.Triple(iri, node("rdf:type"), node("bmo:DerivedStatement"))
    yield ox.Triple(iri, node("bmo:predicate"), ox.NamedNode(record.predicate))
    yield ox.Triple(iri, node("rdfs:label"), english(record.label))
    for ground in record.grounds:
        yield ox.Triple(iri, node("prov:wasDerivedFrom"), ox.NamedNode(ground))
