"""TriG nanopublications, one a statement, unsigned, with our own IRIs.

The assertion is the plain triple where the statement has one, and the statement node in any case: a nanopublication of
a disputed or refuted statement says what was stated and how it stands, and asserts nothing more. The provenance names
claims, passages and sources, or what rules concluded it from; the publication info version, licence and notice.
Signing, and IRIs that are made from the signature, are a step of whoever publishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, PREFIXES, SCHEMA, STATEMENT, expand

from ..terms import english, integer, node, text
from .carries import loss
from .derived import DerivedRecord, derived
from .material import ClaimRecord, Header, Material, StatementRecord
from .turtle import trig

NANOPUB = BASE + "nanopub/"
_PREFIXES = dict(PREFIXES) | {"np": "http://www.nanopub.org/nschema#", "nanopub": NANOPUB}
_NP = _PREFIXES["np"]

Part = list[ox.Quad]


def nanopubs(material: Material) -> Iterator[str]:
    """All nanopublications of the graph, in order of their statements; then those of what rules conclude."""
    header, first = material.header(), True
    comments = (header.title, header.notice, header.license, loss("nanopubs"))
    records: Iterator[StatementRecord | DerivedRecord] = chain(material.statements(), derived(material))
    for record in records:
        written = "".join(trig(nanopub(record, header), _PREFIXES, comments))
        yield written if first else written[written.index("\n\n") + 1 :]
        first = False


def nanopub(record: StatementRecord | DerivedRecord, header: Header) -> list[ox.Quad]:
    """The four graphs of one nanopublication."""
    base = NANOPUB + record.iri.removeprefix(STATEMENT)
    whole = ox.NamedNode(base)
    graphs = {name: ox.NamedNode(f"{base}/{name}") for name in ("Head", "assertion", "provenance", "pubinfo")}
    head, assertion, provenance, pubinfo = graphs.values()
    quads = [
        ox.Quad(whole, node("rdf:type"), ox.NamedNode(_NP + "Nanopublication"), head),
        ox.Quad(whole, ox.NamedNode(_NP + "hasAssertion"), assertion, head),
        ox.Quad(whole, ox.NamedNode(_NP + "hasProvenance"), provenance, head),
        ox.Quad(whole, ox.NamedNode(_NP + "hasPublicationInfo"), pubinfo, head),
        ox.Quad(whole, node("dcterms:created"), _midnight(header.version), pubinfo),
        ox.Quad(whole, node("dcterms:creator"), ox.NamedNode(BASE[:-1]), pubinfo),
        ox.Quad(whole, node("dcterms:license"), ox.NamedNode(header.license), pubinfo),
        ox.Quad(whole, node("dcterms:isPartOf"), ox.NamedNode(header.version_iri), pubinfo),
        ox.Quad(whole, node("rdfs:label"), english(record.label), pubinfo),
        ox.Quad(whole, node("rdfs:comment"), english(header.notice), pubinfo),
    ]
    if isinstance(record, DerivedRecord):
        quads += [*_conclusion(record, assertion), *_grounds(record, assertion, provenance)]
    else:
        quads += [*_assertion(record, assertion), *_provenance(record, assertion, provenance)]
    order = {graph: place for place, graph in enumerate(graphs.values())}
    return sorted(quads, key=lambda q: (order[q.graph_name], str(q.subject), q.predicate.value, str(q.object)))  # type: ignore[index]


def _midnight(day: str) -> ox.Literal:
    """The day of the version as nanopublications want it, a date with a time."""
    return ox.Literal(f"{day}T00:00:00Z", datatype=node("xsd:dateTime"))


def _assertion(record: StatementRecord, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    iri = ox.NamedNode(record.iri)
    if record.plain:
        yield ox.Quad(record.plain.subject, record.plain.predicate, record.plain.object, graph)
    yield ox.Quad(iri, node("rdf:type"), node("bmo:Statement"), graph)
    yield ox.Quad(iri, node("bmo:subject"), ox.NamedNode(record.subject), graph)
    yield ox.Quad(iri, node("bmo:predicate"), ox.NamedNode(record.predicate), graph)
    yield ox.Quad(iri, node(object_property(record)), record.object, graph)
    yield ox.Quad(iri, node("bmo:standing"), ox.NamedNode(SCHEMA + record.standing), graph)
    yield ox.Quad(iri, node("bmo:origin"), ox.NamedNode(SCHEMA + record.origin), graph)
    for key, value in record.qualifiers:
        yield ox.Quad(iri, ox.NamedNode(key), value, graph)


def _conclusion(record: DerivedRecord, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    iri, triple = ox.NamedNode(record.iri), record.triple
    yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
    yield ox.Quad(iri, node("rdf:type"), node("bmo:DerivedStatement"), graph)
    yield ox.Quad(iri, node("bmo:subject"), triple.subject, graph)
    yield ox.Quad(iri, node("bmo:predicate"), triple.predicate, graph)
    yield ox.Quad(iri, node("bmo:object"), triple.object, graph)


def object_property(record: StatementRecord) -> str:
    """Under which property the node of a statement has its object."""
    if not isinstance(record.object, ox.Literal):
        return "bmo:object"
    dates = (expand("xsd:date"), expand("xsd:gYear"))
    return "bmo:objectDate" if record.object.datatype.value in dates else "bmo:objectValue"


def _provenance(record: StatementRecord, assertion: ox.NamedNode, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for claim in record.claims:
        yield ox.Quad(assertion, node("prov:wasDerivedFrom"), ox.NamedNode(claim.iri), graph)
        yield from _claim(claim, record, graph)
    if not record.claims:
        yield ox.Quad(assertion, node("prov:wasDerivedFrom"), ox.NamedNode(record.iri), graph)


def _grounds(record: DerivedRecord, assertion: ox.NamedNode, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for ground in record.grounds:
        yield ox.Quad(assertion, node("prov:wasDerivedFrom"), ox.NamedNode(ground), graph)


def _claim(claim: ClaimRecord, record: StatementRecord, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    iri = ox.NamedNode(claim.iri)
    yield ox.Quad(iri, node("bmo:states"), ox.NamedNode(record.iri), graph)
    yield ox.Quad(iri, node("bmo:ofSource"), ox.NamedNode(claim.source), graph)
    yield ox.Quad(iri, node("bmo:polarity"), ox.NamedNode(SCHEMA + claim.polarity), graph)
    yield ox.Quad(iri, node("bmo:basis"), ox.NamedNode(SCHEMA + claim.basis), graph)
    yield ox.Quad(iri, node("bmo:evidenceType"), ox.NamedNode(claim.evidence_type), graph)
    yield ox.Quad(iri, node("bmo:paraphrase"), english(claim.paraphrase), graph)
    if claim.certainty:
        yield ox.Quad(iri, node("bmo:certainty"), ox.NamedNode(SCHEMA + claim.certainty), graph)
    for passage in claim.passages:
        place = ox.NamedNode(passage.iri)
        yield ox.Quad(iri, node("bmo:restsOn"), place, graph)
        yield ox.Quad(place, node("bmo:ofSource"), ox.NamedNode(passage.source), graph)
        yield ox.Quad(place, node("bmo:start"), integer(passage.start), graph)
        yield ox.Quad(place, node("bmo:end"), integer(passage.end), graph)
        yield ox.Quad(place, node("bmo:sha256"), text(passage.sha256), graph)
