"""What exports are made from: a built graph, held once, read as statements, concepts, rule parts and mappings.

Every reader is an iterator in order of IRIs, so that an export holds one record at a time. What is read is the graph
itself, not the tables. The statements here are those that sources state; what rules conclude is in ``derived``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError
from osteograph.ontology.namespaces import ONTOLOGY, PREFIXES, SCHEMA, expand, shorten
from osteograph.ontology.schema import Schema, load_schema
from osteograph.ontology.standing import Standing
from osteograph.queries.stores.nquads import read_nquads

from ..statements import projected_predicate
from ..terms import node, subject_order, within_subject

Term = ox.NamedNode | ox.BlankNode | ox.Literal
SYNONYM_SCOPES = ("Exact", "Narrow", "Broad", "Related")
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True)
class PassageRecord:
    iri: str
    source: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class ClaimRecord:
    """One reading of passages; ``polarity``, ``basis`` and ``certainty`` are local names of the schema."""

    iri: str
    source: str
    polarity: str
    basis: str
    certainty: str
    evidence_type: str
    paraphrase: str
    passages: tuple[PassageRecord, ...]


@dataclass(frozen=True)
class StatementRecord:
    """A statement with what it rests on; ``plain`` is the triple it is projected to, where it may be."""

    iri: str
    label: str
    subject: str
    predicate: str
    object: Term
    standing: str
    origin: str
    qualifiers: tuple[tuple[str, Term], ...]
    claims: tuple[ClaimRecord, ...]
    plain: ox.Triple | None


@dataclass(frozen=True)
class MappingRecord:
    """A concept and a code of another system; ``relation`` is the local name of the SKOS property."""

    subject: str
    relation: str
    object: str
    notation: str
    label: str


@dataclass(frozen=True)
class ConceptRecord:
    """A concept; ``parents`` pairs each broader concept with the statements that say so, none where curated."""

    iri: str
    label: str
    definition: str
    classes: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]
    parents: tuple[tuple[str, tuple[str, ...]], ...]
    mappings: tuple[MappingRecord, ...]


@dataclass(frozen=True)
class RulePartRecord:
    """An atomic part of a safety rule, in the terms of the schema."""

    iri: str
    rule: str
    label: str
    predicate: str
    strength: str
    treatment: str
    conditions: tuple[str, ...]
    effects: tuple[str, ...]
    limits: tuple[tuple[str, str], ...]
    members_inherit: bool
    verified: bool
    citations: tuple[str, ...]

    @property
    def is_limited(self) -> bool:
        """Whether saying it without its limits would say too much; where it is in force is no such limit."""
        return len(self.conditions) > 1 or any(name != "jurisdiction" for name, _ in self.limits)


@dataclass(frozen=True)
class Header:
    """What every file says of itself."""

    version: str
    version_iri: str
    title: str
    description: str
    license: str
    notice: str
    digest: str


_LIMITS = ("jurisdiction", "indicationContext", "threshold", "timeWindow", "exception")


class Material:
    """A built graph to export."""

    def __init__(self, store: ox.Store, schema: Schema | None = None) -> None:
        self.store = store
        self.schema = schema or load_schema()
        self._properties = {prop.iri: prop for prop in self.schema.properties.values()}
        self._qualifiers = {qualifier.iri: qualifier for qualifier in self.schema.qualifiers.values()}
        # One export after the other asks for the same records, and the graph stays as it is.
        self.statement, self.claim, self.concept = cache(self._statement), cache(self._claim), cache(self._concept)

    @classmethod
    def open(cls, nquads: Path) -> Material:
        """Load an N-Quads file; loading in bulk would give its blank nodes other labels on every run.

        Raises OsteographError where the file is damaged, or holds no graph of ours.
        """
        material = cls.from_quads(read_nquads(nquads))
        if not material.header().version:
            raise OsteographError(f"{nquads} holds no graph of osteograph: no version is said of <{ONTOLOGY}>")
        return material

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad], schema: Schema | None = None) -> Material:
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store, schema)

    # Small questions

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """All objects, sorted, each once; ``predicate`` is a CURIE."""
        found = self.store.quads_for_pattern(ox.NamedNode(subject), node(predicate), None, None)
        return sorted({quad.object for quad in found if not isinstance(quad.object, ox.Triple)}, key=str)

    def values(self, subject: str, predicate: str) -> tuple[str, ...]:
        return tuple(term.value for term in self.objects(subject, predicate))

    def one(self, subject: str, predicate: str) -> str:
        return next(iter(self.values(subject, predicate)), "")

    def local(self, subject: str, predicate: str) -> str:
        """The local name of a value of the schema."""
        return self.one(subject, predicate).removeprefix(SCHEMA)

    def subjects(self, predicate: str, obj: str) -> list[str]:
        found = self.store.quads_for_pattern(None, node(predicate), ox.NamedNode(obj), None)
        return sorted({quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)})

    def label(self, iri: str) -> str:
        """The name of anything; its prefixed name where it has none."""
        return self.one(iri, "rdfs:label") or iri

    def quads(self) -> Iterator[ox.Quad]:
        """All quads in the order of the files; what is held is one subject at a time."""
        for graph in sorted(self.store.named_graphs(), key=str):
            found = self.store.quads_for_pattern(None, None, None, graph)
            subjects = {str(quad.subject): quad.subject for quad in found}
            for name in sorted(subjects):
                about = self.store.quads_for_pattern(subjects[name], None, None, graph)
                yield from sorted(about, key=lambda q: (q.predicate.value, str(q.object)))

    def triples(self) -> Iterator[ox.Triple]:
        """The union of the graphs in the order of the files, each triple once."""
        subjects = {str(quad.subject): quad.subject for quad in self.store}
        for name in sorted(subjects, key=subject_order):
            about = {quad.triple for quad in self.store.quads_for_pattern(subjects[name], None, None, None)}
            yield from sorted(about, key=within_subject)

    # Records

    def header(self) -> Header:
        """Version, licence and notice, as the graph itself says them."""
        dataset = ONTOLOGY + "/dataset"
        return Header(
            version=self.one(ONTOLOGY, "owl:versionInfo"),
            version_iri=self.one(ONTOLOGY, "owl:versionIRI"),
            title=self.one(ONTOLOGY, "dcterms:title"),
            description=self.one(ONTOLOGY, "dcterms:description"),
            license=self.one(ONTOLOGY, "dcterms:license"),
            notice=self.one(dataset, "dcterms:description"),
            digest=self.one(dataset, "dcterms:identifier"),
        )

    def statements(self) -> Iterator[StatementRecord]:
        for iri in self.subjects("rdf:type", SCHEMA + "Statement"):
            yield self.statement(iri)

    def _statement(self, iri: str) -> StatementRecord:
        predicate = self.one(iri, "bmo:predicate")
        obj = next(o for name in ("object", "objectValue", "objectDate") for o in self.objects(iri, f"bmo:{name}"))
        found = self.store.quads_for_pattern(ox.NamedNode(iri), None, None, node("graph:statements"))
        qualifiers = sorted(
            ((q.predicate.value, q.object) for q in found if q.predicate.value in self._qualifiers), key=str
        )
        return StatementRecord(
            iri=iri,
            label=self.label(iri),
            subject=self.one(iri, "bmo:subject"),
            predicate=predicate,
            object=obj,
            standing=self.local(iri, "bmo:standing"),
            origin=self.local(iri, "bmo:origin"),
            qualifiers=tuple((key, value) for key, value in qualifiers if not isinstance(value, ox.Triple)),
            claims=tuple(map(self.claim, self.subjects("bmo:states", iri))),
            plain=self._plain(iri, predicate, obj, [key for key, _ in qualifiers]),
        )

    def _plain(self, iri: str, predicate: str, obj: Term, qualifiers: list[str]) -> ox.Triple | None:
        if predicate not in self._properties:
            return None
        standing = Standing(self.local(iri, "bmo:standing"))
        keys = [self._qualifiers[key] for key in qualifiers]
        projected = projected_predicate(self._properties[predicate], keys, standing)
        subject = ox.NamedNode(self.one(iri, "bmo:subject"))
        return ox.Triple(subject, ox.NamedNode(projected), obj) if projected else None

    def _claim(self, iri: str) -> ClaimRecord:
        return ClaimRecord(
            iri=iri,
            source=self.one(iri, "bmo:ofSource"),
            polarity=self.local(iri, "bmo:polarity"),
            basis=self.local(iri, "bmo:basis"),
            certainty=self.local(iri, "bmo:certainty"),
            evidence_type=self.one(iri, "bmo:evidenceType"),
            paraphrase=self.one(iri, "bmo:paraphrase"),
            passages=tuple(map(self.passage, self.values(iri, "bmo:restsOn"))),
        )

    def passage(self, iri: str) -> PassageRecord:
        start, end = (int(self.one(iri, f"bmo:{name}") or 0) for name in ("start", "end"))
        return PassageRecord(iri, self.one(iri, "bmo:ofSource"), start, end, self.one(iri, "bmo:sha256"))

    def concepts(self) -> Iterator[ConceptRecord]:
        """Everything the graph talks about in the domain, publications included."""
        found = {
            quad.subject.value
            for quad in self.store.quads_for_pattern(None, node("obo:IAO_0000115"), None, node("graph:concepts"))
            if isinstance(quad.subject, ox.NamedNode)
        }
        for iri in sorted(found):
            yield self.concept(iri)

    def _concept(self, iri: str) -> ConceptRecord:
        types = (one.removeprefix(SCHEMA) for one in self.values(iri, "rdf:type") if one.startswith(SCHEMA))
        synonyms = [
            (scope, text) for scope in SYNONYM_SCOPES for text in self.values(iri, f"oboInOwl:has{scope}Synonym")
        ]
        parents = self.values(iri, "bmo:kindOf")
        return ConceptRecord(
            iri=iri,
            label=self.label(iri),
            definition=self.one(iri, "obo:IAO_0000115"),
            classes=tuple(types),
            synonyms=tuple(synonyms),
            parents=tuple((parent, tuple(self._stated_parents.get((iri, parent), ()))) for parent in parents),
            mappings=tuple(self.mappings_of(iri)),
        )

    @cached_property
    def _stated_parents(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for iri in self.subjects("bmo:predicate", expand("bmo:kindOf")):
            record = self.statement(iri)
            if record.plain and isinstance(record.object, ox.NamedNode):
                found.setdefault((record.subject, record.object.value), []).append(iri)
        return found

    def mappings_of(self, iri: str) -> Iterator[MappingRecord]:
        for relation in MATCHES:
            for code in self.values(iri, f"skos:{relation}"):
                notation, label = self.one(code, "skos:notation"), self.one(code, "skos:prefLabel")
                yield MappingRecord(iri, relation, code, notation, label)

    def rule_parts(self) -> Iterator[RulePartRecord]:
        for rule in self.subjects("rdf:type", SCHEMA + "SafetyRule"):
            for part in self.values(rule, "bmo:hasRulePart"):
                yield self._part(part, rule)

    def _part(self, iri: str, rule: str) -> RulePartRecord:
        limits = [(name, self._limit(value)) for name in _LIMITS for value in self.objects(iri, f"bmo:{name}")]
        return RulePartRecord(
            iri=iri,
            rule=rule,
            label=self.label(rule),
            predicate=self.one(iri, "bmo:predicate"),
            strength=self.local(iri, "bmo:strength"),
            treatment=self.one(iri, "bmo:ruleTreatment"),
            conditions=self.values(iri, "bmo:ruleCondition"),
            effects=self.values(iri, "bmo:ruleEffect"),
            limits=tuple(limits),
            members_inherit=self.one(iri, "bmo:membersInherit").startswith(("yes", "all but")),
            verified=self.one(iri, "bmo:verified") == "true",
            citations=self.values(iri, "bmo:citation"),
        )

    def _limit(self, value: Term) -> str:
        return self.label(value.value) if isinstance(value, ox.NamedNode) else value.value


def curie(iri: str) -> str:
    """The CURIE of an IRI of ours or of OBO style (``NCIT:C3580``), else the IRI itself.

    >>> curie("http://purl.obolibrary.org/obo/NCIT_C3580"), curie("https://w3id.org/osteograph/concept/Bone")
    ('NCIT:C3580', 'osteo:Bone')
    """
    prefix, underscore, local = iri.removeprefix(PREFIXES["obo"]).partition("_")
    if iri.startswith(PREFIXES["obo"]) and underscore and prefix.isalpha():
        return f"{prefix}:{local}"
    return shorten(iri)
