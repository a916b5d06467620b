"""What a page holds: nodes, edges, and behind each edge the statements and rules with their evidence.

The query of the view chooses statements; the queries of ``selections/details/`` say everything else about them. An edge
stands for all statements of one look with the same subject, predicate and object: those that differ in qualifiers, or
in who makes them, are listed in its panel. The values here become the page's JSON field by field; in them, things are
called by their CURIEs (``id``), and ``iri`` says it in full.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from osteograph.ontology.namespaces import SCHEMA, shorten
from osteograph.queries.stores.base import Solutions, Store

from .kinds import kind_of
from .views import View, read_detail_query

Row = dict[str, str]
_DRAWN_AS = {  # what the object of these predicates is drawn as, the last one winning
    SCHEMA + "contraindicatedIn": "condition",
    SCHEMA + "notRecommendedIn": "condition",
    SCHEMA + "cautionedIn": "condition",
    SCHEMA + "hasAdverseEffect": "harm",
}


@dataclass(frozen=True)
class Node:
    """A concept; ``synonyms`` are (name, scope), ``mappings`` are (relation, IRI, notation, label)."""

    id: str
    iri: str
    label: str
    kind: str
    definition: str
    synonyms: tuple[tuple[str, str], ...]
    mappings: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Passage:
    """Where a claim stands: position in code points and the digest of the words there."""

    curie: str
    section: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Claim:
    """One reading of passages of one article."""

    curie: str
    polarity: str
    certainty: str
    basis: str
    paraphrase: str
    note: str
    source: str
    file: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Citation:
    """A label, guideline or paper."""

    curie: str
    title: str
    publisher: str
    issued: str
    section: str
    identifier: str


@dataclass(frozen=True)
class Rule:
    """What a label or guideline says; never an article."""

    curie: str
    label: str
    strength: str
    verified: bool
    condition: str
    threshold: str
    time_window: str
    exception: str
    frequency: str
    members_inherit: str
    effects: tuple[str, ...]
    indications: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Statement:
    """A statement or a part of a safety rule, in words and with all that it rests on."""

    id: str
    iri: str
    look: str
    words: str
    subject: str
    relation: str
    object: str
    standing: str
    origin: str
    qualifiers: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[str, ...] = ()
    rule: Rule | None = None

    @property
    def weight(self) -> int:
        """How many passages or citations it rests on."""
        if self.rule:
            return len(self.rule.citations)
        return len({passage.curie for claim in self.claims for passage in claim.passages})


@dataclass(frozen=True)
class Edge:
    """Statements of one look between two nodes under one predicate; ``source`` and ``target`` are node ids."""

    id: str
    source: str
    target: str
    relation: str
    label: str
    look: str
    weight: int
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One side of a conflict."""

    claim: str
    statement: str
    words: str
    standing: str
    source: str
    outcome: str


@dataclass(frozen=True)
class Conflict:
    """A conflict, or a fault of a source, with all sides."""

    id: str
    kind: str
    explanation: str
    assessment: str
    citations: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Content:
    """All that a page shows."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = field(default=())


def collect(store: Store, view: View) -> Content:
    """Ask the view's query, then collect what its statements rest on."""
    rows = _select(store, view.sparql)
    names = _labels(store, rows)
    statements = _statements(store, rows, names)
    return Content(
        nodes=_nodes(store, rows, names),
        edges=_edges(rows, statements, names),
        statements=tuple(statements.values()),
        conflicts=_conflicts(store, {name for statement in statements.values() for name in statement.conflicts}),
    )


def _select(store: Store, sparql: str) -> list[Row]:
    answer = store.query(sparql)
    assert isinstance(answer, Solutions), "the queries of views are SELECT queries"
    return answer.dicts()


def _detail(store: Store, name: str, key: str, wanted: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of a detail query about the wanted things, by thing."""
    groups: dict[str, list[Row]] = {thing: [] for thing in wanted}
    for row in _select(store, read_detail_query(name)):
        if row[key] in groups:
            groups[row[key]].append(row)
    return groups


def _labels(store: Store, rows: Sequence[Row]) -> dict[str, str]:
    """Words for the nodes and predicates of the rows; what has none is called by its CURIE."""
    things = {row[key] for row in rows for key in ("subject", "predicate", "object")}
    labels = {thing: shorten(thing) for thing in sorted(things)}
    for name, key in (("nodes", "node"), ("relations", "predicate")):
        for thing, found in _detail(store, name, key, things).items():
            if found:
                labels[thing] = min(row["label"] for row in found)
    return labels


def _nodes(store: Store, rows: Sequence[Row], labels: Mapping[str, str]) -> tuple[Node, ...]:
    ids = sorted({row[key] for row in rows for key in ("subject", "object")})
    drawn_as = {
        row["object"]: kind for predicate, kind in _DRAWN_AS.items() for row in rows if row["predicate"] == predicate
    }
    about = _detail(store, "nodes", "node", ids)
    synonyms = _detail(store, "synonyms", "node", ids)
    mappings = _detail(store, "mappings", "node", ids)
    return tuple(
        Node(
            id=shorten(iri),
            iri=iri,
            label=labels[iri],
            kind=kind_of({_local(r["type"]) for r in about[iri]}, drawn_as=drawn_as.get(iri, "")).name,
            definition=next((r["definition"] for r in about[iri] if "definition" in r), ""),
            synonyms=tuple((r["name"], r["scope"]) for r in synonyms[iri]),
            mappings=tuple(
                (r["relation"], r["target"], r.get("notation", ""), r.get("label", "")) for r in mappings[iri]
            ),
        )
        for iri in ids
    )


def _local(iri: str) -> str:
    return iri.removeprefix(SCHEMA)


def _statements(store: Store, rows: Sequence[Row], labels: Mapping[str, str]) -> dict[str, Statement]:
    """Statements and parts of rules by IRI, in the order of their words."""
    first = {row["statement"]: row for row in reversed(rows)}
    about = _detail(store, "statements", "statement", first)
    rules = _detail(store, "rules", "part", first)
    evidence = _Evidence.of(store, first)
    found = [
        evidence.rule(rules[iri][0], row, labels) if rules[iri] else evidence.statement(about[iri], row, labels)
        for iri, row in first.items()
    ]
    return {statement.iri: statement for statement in sorted(found, key=lambda s: (s.words, s.id))}


@dataclass(frozen=True)
class _Evidence:
    """The detail rows of the chosen statements and rules, by IRI."""

    qualifiers: Mapping[str, list[Row]]
    claims: Mapping[str, list[Row]]
    memberships: Mapping[str, list[Row]]
    rule_values: Mapping[str, list[Row]]
    citations: Mapping[str, list[Row]]

    @classmethod
    def of(cls, store: Store, wanted: Iterable[str]) -> _Evidence:
        things = list(wanted)
        return cls(
            qualifiers=_detail(store, "qualifiers", "statement", things),
            claims=_detail(store, "claims", "statement", things),
            memberships=_detail(store, "members", "statement", things),
            rule_values=_detail(store, "rule_values", "part", things),
            citations=_detail(store, "rule_citations", "part", things),
        )

    def statement(self, about: Sequence[Row], row: Row, labels: Mapping[str, str]) -> Statement:
        iri = row["statement"]
        known = about[0] if about else {}
        plain = f"{labels[row['subject']]} {labels[row['predicate']]} {labels[row['object']]}"
        return Statement(
            id=shorten(iri),
            iri=iri,
            look=_look(known.get("standing", ""), known.get("origin", "")),
            words=known.get("words", plain),
            subject=labels[row["subject"]],
            relation=labels[row["predicate"]],
            object=labels[row["object"]],
            standing=known.get("standing", ""),
            origin=known.get("origin", ""),
            qualifiers=tuple((r["key"], r["value"]) for r in self.qualifiers[iri]),
            claims=_claims(self.claims[iri]),
            conflicts=tuple(sorted({shorten(r["conflict"]) for r in self.memberships[iri]})),
        )

    def rule(self, known: Row, row: Row, labels: Mapping[str, str]) -> Statement:
        iri = row["statement"]
        rule = self._rule(known)
        concern = " ".join(filter(None, [rule.condition, f"({', '.join(rule.effects)})" if rule.effects else ""]))
        target = concern if rule.condition else labels[row["object"]]
        return Statement(
            id=shorten(iri),
            iri=iri,
            look="label",
            words=f"{known['treatment']} {known['relation']} {target}",
            subject=known["treatment"],
            relation=known["relation"],
            object=target,
            standing="",
            origin="label or guideline",
            rule=rule,
        )

    def _rule(self, known: Row) -> Rule:
        values: dict[str, list[str]] = defaultdict(list)
        for row in self.rule_values[known["part"]]:
            values[row["key"]].append(row["value"])
        return Rule(
            curie=shorten(known["rule"]),
            label=known["rule_label"],
            strength=known["strength"],
            verified=known["verified"] in ("true", "1"),
            condition=known.get("condition", ""),
            threshold=known.get("threshold", ""),
            time_window=known.get("time_window", ""),
            exception=known.get("exception", ""),
            frequency=known.get("frequency", ""),
            members_inherit=known.get("members_inherit", ""),
            effects=tuple(values["effect"]),
            indications=tuple(values["indication"]),
            jurisdictions=tuple(values["jurisdiction"]),
            citations=_citations(self.citations[known["part"]]),
        )


def _look(standing: str, origin: str) -> str:
    if standing in ("disputed", "refuted"):
        return "contested"
    if standing in ("hedged", "denied"):
        return standing
    return "derived" if origin.startswith("derived") else "stated"


def _claims(rows: Sequence[Row]) -> tuple[Claim, ...]:
    """Claims with their passages; a row repeats the claim for each passage."""
    by_claim: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_claim[row["claim"]].append(row)
    return tuple(
        Claim(
            curie=shorten(iri),
            polarity=group[0]["polarity"],
            certainty=group[0].get("certainty", ""),
            basis=group[0]["basis"],
            paraphrase=group[0]["paraphrase"],
            note=group[0].get("note", ""),
            source=group[0]["source"],
            file=group[0]["file"],
            passages=tuple(_passage(row) for row in group),
        )
        for iri, group in sorted(by_claim.items())
    )


def _passage(row: Row) -> Passage:
    return Passage(shorten(row["passage"]), row["section"], int(row["start"]), int(row["end"]), row["sha256"])


def _citations(rows: Sequence[Row]) -> tuple[Citation, ...]:
    """Citations, each once; several sections or identifiers stand together."""
    by_citation: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_citation[row["citation"]].append(row)

    def cell(group: Sequence[Row], key: str) -> str:
        return "; ".join(sorted({row[key] for row in group if key in row}))

    return tuple(
        Citation(shorten(iri), *(cell(group, key) for key in ("title", "publisher", "issued", "section", "identifier")))
        for iri, group in sorted(by_citation.items())
    )


def _edges(rows: Sequence[Row], statements: Mapping[str, Statement], labels: Mapping[str, str]) -> tuple[Edge, ...]:
    """Edges by what they join, under which predicate and in which look."""
    groups: dict[tuple[str, str, str, str], list[Statement]] = defaultdict(list)
    for row in rows:
        statement = statements[row["statement"]]
        members = groups[row["subject"], row["predicate"], row["object"], statement.look]
        if statement not in members:
            members.append(statement)
    return tuple(
        Edge(
            id=_edge_id(subject, predicate, target, look),
            source=shorten(subject),
            target=shorten(target),
            relation=shorten(predicate),
            label=labels[predicate],
            look=look,
            weight=sum(statement.weight for statement in members),
            statements=tuple(statement.id for statement in sorted(members, key=lambda s: (s.words, s.id))),
        )
        for (subject, predicate, target, look), members in sorted(groups.items())
    )


def _edge_id(*parts: str) -> str:
    """A short name that stays the same as long as the edge does: permalinks hold it."""
    return "e" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def _conflicts(store: Store, wanted: Iterable[str]) -> tuple[Conflict, ...]:
    names = set(wanted)
    members: dict[str, list[Row]] = defaultdict(list)
    about: dict[str, list[Row]] = defaultdict(list)
    for query, groups in (("conflicts", about), ("members", members)):
        for row in _select(store, read_detail_query(query)):
            if shorten(row["conflict"]) in names:
                groups[row["conflict"]].append(row)
    return tuple(
        Conflict(
            id=shorten(iri),
            kind=group[0]["kind"],
            explanation=group[0]["explanation"],
            assessment=group[0].get("assessment", ""),
            citations=tuple(sorted({row["citation"] for row in group if "citation" in row})),
            members=tuple(_member(row) for row in members[iri]),
        )
        for iri, group in sorted(about.items())
    )


def _member(row: Row) -> Member:
    return Member(
        claim=shorten(row["claim"]),
        statement=shorten(row["statement"]),
        words=row["words"],
        standing=row["standing"],
        source=row["source"],
        outcome=row.get("outcome", ""),
    )
