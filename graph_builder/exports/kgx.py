"""KGX: nodes and edges for tools of the Biolink world, as TSV and as JSON Lines.

An edge never says more than its statement. Where Biolink has a predicate that fits, and the statement may be read
alone, the edge bears it. A hedged, disputed or restricted statement is ``biolink:related_to``, with its own relation in
``original_predicate``; so is a rule part that holds only under limits. What a source denies, or what is refuted, is a
negated edge with an exact predicate, or no edge at all. What rules conclude is ``biolink:related_to`` too, a
``logical_entailment`` by an ``automated_agent``, with the rule parts that bear its limits as evidence. Rule parts with
several conditions at once, and statements about literals, have no edge: an edge has two ends.

Which category a class has, and which predicate a relation, is data: ``biolink_categories.tsv``,
``biolink_predicates.tsv``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.namespaces import CONCEPT, PUBLICATION, SCHEMA

from .derived import DerivedRecord, derived
from .material import ConceptRecord, Material, RulePartRecord, StatementRecord, curie

SOURCE = "infores:osteograph"
RELATED = "biolink:related_to"
NODE_COLUMNS = (
    "id", "category", "name", "description", "provided_by", "xref", "synonym", "iri", "osteograph_classes",
)  # fmt: skip
EDGE_COLUMNS = (
    "id", "subject", "predicate", "object", "category", "negated", "knowledge_level", "agent_type",
    "primary_knowledge_source", "original_predicate", "publications", "has_evidence", "description",
    "osteograph_standing", "osteograph_qualifiers", "osteograph_passages", "osteograph_limits",
)  # fmt: skip
_CURATED = ("hasActiveSubstance", "hasPrimary", "hasSite", "kindOf", "partOf", "riskFactorFor")

Row = dict[str, Any]


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def categories() -> Mapping[str, tuple[str, ...]]:
    """The Biolink categories of each class of the schema that has any; the classes below inherit them."""
    return {row["class"]: tuple(row["categories"].split("|")) for row in _table("biolink_categories.tsv")}


@cache
def predicates() -> Mapping[str, tuple[str, str, str]]:
    """The Biolink predicate of each relation that has one, and the classes it has to lead from and to."""
    rows = _table("biolink_predicates.tsv")
    return {SCHEMA + r["relation"]: (r["predicate"], r["subject_class"], r["object_class"]) for r in rows}


def nodes(material: Material) -> Iterator[Row]:
    """One row a concept."""
    for record in material.concepts():
        yield {
            "id": curie(record.iri),
            "category": list(_categories(record.classes, material)),
            "name": record.label,
            "description": record.definition,
            "provided_by": [SOURCE],
            "xref": sorted({m.notation for m in record.mappings if m.relation == "exactMatch"}),
            "synonym": sorted({words for _, words in record.synonyms}),
            "iri": record.iri,
            "osteograph_classes": [f"bmo:{name}" for name in record.classes],
        }


def _categories(classes: Iterable[str], material: Material) -> list[str]:
    """The categories of the classes, each from the nearest class that has some."""
    found: dict[str, None] = {}
    for name in classes:
        level = {name}
        while level and not (hits := sorted(one for one in level if one in categories())):
            level = {above for one in level for above in material.schema.classes.get(one, ())}
        found |= dict.fromkeys(category for hit in hits for category in categories()[hit])
    return list(found) or ["biolink:NamedThing"]


def edges(material: Material) -> Iterator[Row]:
    """One row a statement, a curated link or a rule part that can be an edge."""
    known = {record.iri: record for record in material.concepts()}
    stated = set()
    for statement in material.statements():
        if statement.plain:
            stated.add(statement.plain)
        row = _statement_edge(statement, known, material)
        if row:
            yield row
    yield from _curated_edges(known, stated, material)
    for part in material.rule_parts():
        yield from _part_edges(part, known, material)
    yield from map(_derived_edge, derived(material))


def _predicate(relation: str, subject: str, obj: str, known: Mapping[str, ConceptRecord], material: Material) -> str:
    """The Biolink predicate of a relation between two concepts, ``biolink:related_to`` where none fits."""
    predicate, *needed = predicates().get(relation, (RELATED, "Concept", "Concept"))
    for end, wanted in zip((subject, obj), needed, strict=True):
        above = {name for one in known[end].classes for name in material.schema.ancestors(one)}
        if wanted != "Concept" and wanted not in above:
            return RELATED
    return predicate


def _statement_edge(record: StatementRecord, known: Mapping[str, ConceptRecord], material: Material) -> Row | None:
    if not isinstance(record.object, ox.NamedNode) or not {record.subject, record.object.value} <= set(known):
        return None
    exact = _predicate(record.predicate, record.subject, record.object.value, known, material)
    negated = record.standing in ("Denied", "Refuted")
    if negated and (exact == RELATED or record.qualifiers):
        return None
    alone = negated or (record.plain is not None and record.plain.predicate.value == record.predicate)
    return _edge(
        id=curie(record.iri),
        subject=curie(record.subject),
        predicate=exact if alone else RELATED,
        object=curie(record.object.value),
        negated=negated,
        knowledge_level="knowledge_assertion",
        agent_type="manual_agent",
        original_predicate=curie(record.predicate),
        publications=sorted({curie(claim.source) for claim in record.claims}),
        has_evidence=[curie(claim.iri) for claim in record.claims],
        description=record.label,
        osteograph_standing=record.standing.lower(),
        osteograph_qualifiers=[f"{curie(key)}={_value(value)}" for key, value in record.qualifiers],
        osteograph_passages=sorted({curie(p.iri) for claim in record.claims for p in claim.passages}),
    )


def _derived_edge(record: DerivedRecord) -> Row:
    """What a rule concludes; limits and jurisdictions stand with the rule parts that it names as evidence."""
    return _edge(
        id=curie(record.iri),
        subject=curie(record.subject),
        predicate=RELATED,
        object=curie(record.object),
        knowledge_level="logical_entailment",
        agent_type="automated_agent",
        original_predicate=curie(record.predicate),
        has_evidence=[curie(ground) for ground in record.grounds],
        description=record.label,
        osteograph_standing="derived",
    )


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    return curie(term.value) if isinstance(term, ox.NamedNode) else term.value


def _curated_edges(known: Mapping[str, ConceptRecord], stated: set[ox.Triple], material: Material) -> Iterator[Row]:
    """The links of the curated hierarchy; those that a statement makes are not repeated."""
    for iri, record in known.items():
        for name in _CURATED:
            for target in material.values(iri, f"bmo:{name}"):
                triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(SCHEMA + name), ox.NamedNode(target))
                if triple in stated or target not in known:
                    continue
                local = target.removeprefix(CONCEPT).removeprefix(PUBLICATION)
                yield _edge(
                    id=f"{curie(iri)}-{name}-{local}",
                    subject=curie(iri),
                    predicate=_predicate(SCHEMA + name, iri, target, known, material),
                    object=curie(target),
                    knowledge_level="knowledge_assertion",
                    agent_type="manual_agent",
                    original_predicate=f"bmo:{name}",
                    description=f"{record.label} {material.schema.properties[name].label} {known[target].label}",
                    osteograph_standing="curated",
                )


def _part_edges(part: RulePartRecord, known: Mapping[str, ConceptRecord], material: Material) -> Iterator[Row]:
    """An edge from a treatment to the one condition, or to each effect; a factor leads to its effects."""
    label = material.schema.labels.get(part.predicate, part.predicate)
    pairs, further = _ends(part, material)
    limits = [f"{name}={value}" for name, value in part.limits] + further
    limited = part.is_limited or bool(further)
    for place, (subject, obj) in enumerate(pairs):
        exact = _predicate(part.predicate, subject, obj, known, material)
        yield _edge(
            id=curie(part.iri) + (f"-{place + 1}" if len(pairs) > 1 else ""),
            subject=curie(subject),
            predicate=RELATED if limited else exact,
            object=curie(obj),
            knowledge_level="knowledge_assertion",
            agent_type="manual_agent",
            original_predicate=curie(part.predicate),
            publications=[curie(one) for one in part.citations],
            description=f"{known[subject].label} {label} {known[obj].label}",
            osteograph_standing="verified" if part.verified else "unverified",
            osteograph_limits=limits,
        )


def _ends(part: RulePartRecord, material: Material) -> tuple[list[tuple[str, str]], list[str]]:
    """The pairs of ends that a part has, and what else limits it that is no end: a condition, or the treatment."""
    conditions = [f"condition={material.label(one)}" for one in part.conditions]
    if part.predicate == SCHEMA + "hasAdverseEffect":
        return [(part.treatment, effect) for effect in part.effects], conditions
    if len(part.conditions) != 1:
        return [], []
    if part.predicate == SCHEMA + "predisposesTo":
        under = [f"treatment={material.label(part.treatment)}"]
        return [(part.conditions[0], effect) for effect in part.effects], under
    return [(part.treatment, part.conditions[0])], []


def _edge(**cells: Any) -> Row:
    fixed = {"category": ["biolink:Association"], "negated": False, "primary_knowledge_source": SOURCE}
    return {name: (fixed | cells).get(name, []) for name in EDGE_COLUMNS}


def tsv(rows: Iterable[Row], columns: tuple[str, ...]) -> Iterator[str]:
    """Rows as KGX TSV: lists joined by ``|``, which no cell holds; neither does one hold a tab or a line break."""
    yield "\t".join(columns) + "\n"
    for row in rows:
        yield "\t".join(_cell(row[name]) for name in columns) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(" ".join(str(one).replace("|", "/").split()) for one in value)
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as JSON Lines; what is empty is left out."""
    for row in rows:
        kept = {name: value for name, value in row.items() if value not in ("", [])}
        yield json.dumps(kept, ensure_ascii=False) + "\n"
