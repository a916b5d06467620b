"""The class view ``osteograph-classes.owl``: what the graph holds as individuals, as classes for OBO-style tools.

* Each concept that names a kind of thing is a class under ``…/class/``; publications, persons and the like are not.
* ``kindOf`` is SubClassOf, annotated with the statements that say so.
* Relations that hold by definition (``hasSite``, ``hasPrimary``, ``hasActiveSubstance``, ``partOf``) are existentials
  on the specific side. What a source says of a disease is no existential: *lung cancer SubClassOf metastasizesTo some
  bone* would say it of every case.
* A contraindication or a caution is said of the patient and names the kind of treatment, not some of its instances:
  *hasCondition some C SubClassOf hasContraindicatedTreatment value T*, annotated with the rule part. A part that holds
  only under an indication, a time window or with an exception has no axiom, since the axiom would say too much.

Everything stays in OWL 2 EL, so that ELK and its like classify it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, CONCEPT, ONTOLOGY, PREFIXES, SCHEMA, expand
from osteograph.ontology.schema import Schema

from ..terms import english, node, text, within_subject
from .carries import loss
from .material import ConceptRecord, Material, RulePartRecord

CLASS = BASE + "class/"
CLASSES = ONTOLOGY + "/osteograph-classes.owl"
PARTICULARS = frozenset({"InformationEntity", "Agent"})
BY_DEFINITION = ("hasActiveSubstance", "hasPrimary", "hasSite", "partOf")
PATIENT_SIDE = {"contraindicatedIn": "hasContraindicatedTreatment", "cautionedIn": "hasCautionedTreatment"}
_ANNOTATIONS = (
    "bmo:standsForConcept", "bmo:projectedFrom", "dcterms:type", "dcterms:title", "dcterms:description",
    "dcterms:license", "dcterms:source", "obo:IAO_0000115", "oboInOwl:hasExactSynonym", "oboInOwl:hasNarrowSynonym",
    "oboInOwl:hasBroadSynonym", "oboInOwl:hasRelatedSynonym", "skos:exactMatch", "skos:closeMatch", "skos:broadMatch",
    "skos:narrowMatch", "skos:relatedMatch",
)  # fmt: skip
_OBJECT_PROPERTIES = (*BY_DEFINITION, "hasCondition", *PATIENT_SIDE.values())


def class_iri(concept: str) -> str:
    """The class of a concept.

    >>> class_iri("https://w3id.org/osteograph/concept/Bone")
    'https://w3id.org/osteograph/class/Bone'
    """
    return CLASS + concept.removeprefix(CONCEPT)


def is_kind(record: ConceptRecord, schema: Schema) -> bool:
    """Whether a concept names a kind of thing, of which there are instances in the world."""
    above = {name for one in record.classes for name in schema.ancestors(one)}
    return record.iri.startswith(CONCEPT) and not above & PARTICULARS


@dataclass(frozen=True)
class Kind:
    """A class of the view: its concept, its superclasses with the statements that say so, its existentials."""

    record: ConceptRecord
    parents: tuple[tuple[str, tuple[str, ...]], ...]
    existentials: tuple[tuple[str, str], ...]

    @property
    def iri(self) -> str:
        return class_iri(self.record.iri)


def kinds(material: Material) -> list[Kind]:
    """All classes, in order of their IRIs; whatever they lead to is a class too."""
    records = [record for record in material.concepts() if is_kind(record, material.schema)]
    known = {record.iri for record in records}
    return [_kind(record, known, material) for record in records]


def _kind(record: ConceptRecord, known: set[str], material: Material) -> Kind:
    fillers = [
        (name, class_iri(filler))
        for name in BY_DEFINITION
        for filler in material.values(record.iri, f"bmo:{name}")
        if filler in known
    ]
    parents = [(class_iri(parent), statements) for parent, statements in record.parents if parent in known]
    return Kind(record, tuple(parents), tuple(fillers))


def class_view(material: Material) -> bytes:
    """The class view as RDF/XML."""
    first = ox.NamedNode(CLASSES)
    triples = sorted(
        set(_triples(material)),
        key=lambda t: (t.subject != first, str(t.subject), *within_subject(t)),
    )
    return ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=dict(PREFIXES) | {"class": CLASS}) or b""


def _triples(material: Material) -> Iterator[ox.Triple]:
    yield from _header(material)
    found = kinds(material)
    known = {kind.record.iri for kind in found}
    for kind in found:
        yield from _names(kind.record)
        for parent, statements in kind.parents:
            yield from _annotated(ox.NamedNode(kind.iri), ox.NamedNode(parent), statements)
        for name, filler in kind.existentials:
            yield from _existential_parent(kind.iri, name, filler)
    for part in material.rule_parts():
        yield from _patient_side(part, material, known)


def _header(material: Material) -> Iterator[ox.Triple]:
    header, ontology = material.header(), ox.NamedNode(CLASSES)
    version = ox.NamedNode(f"{header.version_iri}/osteograph-classes.owl")
    view = f"Generated from the graph as a view; the graph is the reference. {loss('classes')}"
    words = f"{header.description} {view}"
    yield ox.Triple(ontology, node("rdf:type"), node("owl:Ontology"))
    yield ox.Triple(ontology, node("owl:versionIRI"), version)
    yield ox.Triple(ontology, node("owl:versionInfo"), text(header.version))
    yield ox.Triple(ontology, node("rdfs:label"), english("osteograph class view"))
    yield ox.Triple(ontology, node("dcterms:title"), english("osteograph: class view"))
    yield ox.Triple(ontology, node("dcterms:description"), english(words))
    yield ox.Triple(ontology, node("dcterms:license"), ox.NamedNode(header.license))
    yield ox.Triple(ontology, node("dcterms:source"), ox.NamedNode(header.version_iri))
    for name in _ANNOTATIONS:
        yield ox.Triple(node(name), node("rdf:type"), node("owl:AnnotationProperty"))
    for name in _OBJECT_PROPERTIES:
        yield from _property(name, material)


def _property(name: str, material: Material) -> Iterator[ox.Triple]:
    """A property as the schema has it; a part of a part is a part, and what sits at a part sits at the whole."""
    iri, prop = node(f"bmo:{name}"), material.schema.properties[name]
    yield ox.Triple(iri, node("rdf:type"), node("owl:ObjectProperty"))
    yield ox.Triple(iri, node("rdfs:label"), english(prop.label))
    yield ox.Triple(iri, node("obo:IAO_0000115"), english(prop.definition))
    if name == "partOf":
        yield ox.Triple(iri, node("rdf:type"), node("owl:TransitiveProperty"))
    if name == "hasSite":
        chain, rest = _blank("chain"), _blank("chain rest")
        yield ox.Triple(iri, node("owl:propertyChainAxiom"), chain)
        yield from _list([chain, rest], [iri, node("bmo:partOf")])


def _names(record: ConceptRecord) -> Iterator[ox.Triple]:
    iri = ox.NamedNode(class_iri(record.iri))
    yield ox.Triple(iri, node("rdf:type"), node("owl:Class"))
    yield ox.Triple(iri, node("rdfs:label"), english(record.label))
    yield ox.Triple(iri, node("obo:IAO_0000115"), english(record.definition))
    yield ox.Triple(iri, node("bmo:standsForConcept"), ox.NamedNode(record.iri))
    for name in record.classes:
        yield ox.Triple(iri, node("dcterms:type"), ox.NamedNode(SCHEMA + name))
    for scope, words in record.synonyms:
        yield ox.Triple(iri, node(f"oboInOwl:has{scope}Synonym"), english(words))
    for mapping in record.mappings:
        yield ox.Triple(iri, node(f"skos:{mapping.relation}"), ox.NamedNode(mapping.object))


def _annotated(
    child: ox.NamedNode | ox.BlankNode, parent: ox.NamedNode | ox.BlankNode, sources: Iterable[str]
) -> Iterator[ox.Triple]:
    """A SubClassOf axiom, and where it comes from."""
    yield ox.Triple(child, node("rdfs:subClassOf"), parent)
    known = sorted(sources)
    if not known:
        return
    axiom = _blank(f"axiom {child} {parent}")
    yield ox.Triple(axiom, node("rdf:type"), node("owl:Axiom"))
    yield ox.Triple(axiom, node("owl:annotatedSource"), child)
    yield ox.Triple(axiom, node("owl:annotatedProperty"), node("rdfs:subClassOf"))
    yield ox.Triple(axiom, node("owl:annotatedTarget"), parent)
    for source in known:
        yield ox.Triple(axiom, node("bmo:projectedFrom"), ox.NamedNode(source))


def _existential_parent(child: str, name: str, filler: str) -> Iterator[ox.Triple]:
    restriction = _blank(f"{child} {name} {filler}")
    yield from _restriction(restriction, name, "owl:someValuesFrom", ox.NamedNode(filler))
    yield ox.Triple(ox.NamedNode(child), node("rdfs:subClassOf"), restriction)


def _restriction(blank: ox.BlankNode, name: str, kind: str, filler: ox.NamedNode) -> Iterator[ox.Triple]:
    yield ox.Triple(blank, node("rdf:type"), node("owl:Restriction"))
    yield ox.Triple(blank, node("owl:onProperty"), node(f"bmo:{name}"))
    yield ox.Triple(blank, node(kind), filler)


def holds_without_limits(part: RulePartRecord, material: Material) -> bool:
    """Whether conditions alone decide. A threshold is no further limit where a graded condition already says it."""
    graded = any(SCHEMA + "GradedCondition" in material.values(c, "rdf:type") for c in part.conditions)
    harmless = {"jurisdiction", "threshold"} if graded else {"jurisdiction"}
    return bool(part.conditions) and all(name in harmless for name, _ in part.limits)


def _patient_side(part: RulePartRecord, material: Material, known: set[str]) -> Iterator[ox.Triple]:
    """The axiom of a rule part: whoever has the conditions has the treatment among those to avoid or to weigh."""
    name = PATIENT_SIDE.get(part.predicate.removeprefix(SCHEMA))
    if name is None or not set(part.conditions) <= known or not holds_without_limits(part, material):
        return
    condition = _blank(f"{part.iri} condition")
    yield from _conditions(condition, part)
    for treatment in treatments_of(part, material):
        value = _blank(f"{part.iri} {treatment}")
        yield ox.Triple(ox.NamedNode(treatment), node("rdf:type"), node("owl:NamedIndividual"))
        yield ox.Triple(ox.NamedNode(treatment), node("rdfs:label"), english(material.label(treatment)))
        yield from _restriction(value, name, "owl:hasValue", ox.NamedNode(treatment))
        yield from _annotated(condition, value, [part.iri])


def treatments_of(part: RulePartRecord, material: Material) -> list[str]:
    """The treatment of a rule part, and where its members inherit, all narrower ones and their products."""
    found, waiting = {part.treatment}, [part.treatment] if part.members_inherit else []
    while waiting:
        above = waiting.pop()
        members = [
            *material.subjects("bmo:kindOf", above), *material.subjects("bmo:hasActiveSubstance", above),
        ]  # fmt: skip
        waiting += [member for member in members if member not in found]
        found.update(members)
    return sorted(found)


def _conditions(blank: ox.BlankNode, part: RulePartRecord) -> Iterator[ox.Triple]:
    """One condition as an existential; several as their intersection."""
    if len(part.conditions) == 1:
        yield from _restriction(
            blank, "hasCondition", "owl:someValuesFrom", ox.NamedNode(class_iri(part.conditions[0]))
        )
        return
    members = [_blank(f"{part.iri} member {condition}") for condition in part.conditions]
    cells = [_blank(f"{part.iri} cell {condition}") for condition in part.conditions]
    yield ox.Triple(blank, node("rdf:type"), node("owl:Class"))
    yield ox.Triple(blank, node("owl:intersectionOf"), cells[0])
    yield from _list(cells, members)
    for member, condition in zip(members, part.conditions, strict=True):
        yield from _restriction(member, "hasCondition", "owl:someValuesFrom", ox.NamedNode(class_iri(condition)))


def _list(cells: Sequence[ox.BlankNode], values: Sequence[ox.BlankNode | ox.NamedNode]) -> Iterator[ox.Triple]:
    for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
        last = place == len(cells) - 1
        yield ox.Triple(cell, node("rdf:first"), value)
        yield ox.Triple(cell, node("rdf:rest"), ox.NamedNode(expand("rdf:nil")) if last else cells[place + 1])


def _blank(content: str) -> ox.BlankNode:
    """A blank node labelled by what it stands for, so that the file never changes without reason."""
    return ox.BlankNode("b" + hashlib.sha256(content.encode()).hexdigest()[:24])
