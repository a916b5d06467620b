"""The content of a page, collected from a graph.

The view chooses edges; the queries of ``selections/details/`` say all else about them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA, expand, shorten
from osteograph.queries.stores.base import Store

from .content import Citation, Claim, Conflict, Content, Edge, Member, Node, Passage, Rule, Statement
from .kinds import kind_of
from .proofs import Proven, givens, prove
from .selecting import Row, select
from .views import View, ask_details

Detail = dict[str, str]
_DRAWN_AS = {  # what the object (or subject) of these predicates is drawn as, the last one winning
    "object": {
        SCHEMA + "contraindicatedIn": "condition",
        SCHEMA + "notRecommendedIn": "condition",
        SCHEMA + "cautionedIn": "condition",
        SCHEMA + "hasAdverseEffect": "harm",
    },
    "subject": {
        SCHEMA + "contraindicates": "condition",
        SCHEMA + "advisesAgainst": "condition",
        SCHEMA + "callsForCautionWith": "condition",
        SCHEMA + "raisesRiskWith": "condition",
    },
}
DERIVED = "derived by a rule"
OF_QUERY = "the query"
_NOT_DERIVED_NOW = "The rules do not derive this from the graph as it is now; it is stored there."
_OF_CONDITION = "predisposes to"  # what a condition does, where other rules say what a treatment has or needs
_OPEN_KINDS = ("contradiction", "tension")  # of conflicts, the gravest first


def collect(store: Store, view: View) -> Content:
    """Ask the view's query, then collect what its statements rest on."""
    rows = select(store, view)
    names = _labels(store, rows)
    statements = _statements(store, rows, names, prove(store, rows))
    if view.foreign:
        statements = _told_apart(store, rows, statements)
    grounds = collect_grounds(store, statements.values())
    told = [*statements.values(), *grounds]
    conflicts = collect_conflicts(store, told)
    if view.edges == "articles":
        agreed = {row["statement"] for row in ask_details(store, "agreements")}
        statements = _compared(statements, conflicts, agreed)
    return Content(
        nodes=_nodes(store, rows, names),
        edges=_edges(rows, statements, names),
        statements=tuple(statements.values()),
        conflicts=conflicts,
        grounds=grounds,
    )


def collect_grounds(store: Store, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements and rule parts that the proofs of some statements rest on, without these statements themselves."""
    told = list(statements)
    wanted = {name for one in told for given in givens(one.proofs) for name in given.grounds} - {one.id for one in told}
    rows = [Row(expand(name), "", "", "") for name in sorted(wanted)]
    return tuple(_statements(store, rows, {"": ""}, {}).values()) if rows else ()


def collect_nodes(store: Store, things: Iterable[str]) -> tuple[Node, ...]:
    """Nodes for concepts, by IRI, with all that their panels say."""
    rows = [Row("", iri, "", iri) for iri in sorted(things)]
    return _nodes(store, rows, _labels(store, rows))


def _detail(store: Store, name: str, key: str, wanted: Iterable[str]) -> dict[str, list[Detail]]:
    """The rows of a detail query about the wanted things, by thing."""
    groups: dict[str, list[Detail]] = {thing: [] for thing in wanted}
    for row in ask_details(store, name):
        if row[key] in groups:
            groups[row[key]].append(row)
    return groups


def _labels(store: Store, rows: Sequence[Row]) -> dict[str, str]:
    """Words for the nodes and predicates of the rows; what has none is called by its CURIE, a value by itself."""
    things = {thing for row in rows for thing in (row.subject, row.predicate, row.object)}
    labels = {thing: _value(thing) if thing.startswith('"') else shorten(thing) for thing in sorted(things)}
    for name, key in (("nodes", "node"), ("relations", "predicate")):
        for thing, found in _detail(store, name, key, things).items():
            if found:
                labels[thing] = min(row["label"] for row in found)
    return {thing: label if _is_seen(label) else shorten(thing) for thing, label in labels.items()}


def _is_seen(label: str) -> bool:
    """Whether a label has anything to see, and not only spaces and marks of control."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in label)


def _value(text: str) -> str:
    """A value as it is called, from its text in quotation marks; one that shows nothing is called so.

    >>> _value('"two weeks"'), _value('" "')
    ('two weeks', '(empty)')
    """
    return text[1:-1] if text[1:-1].strip() else "(empty)"


def _nodes(store: Store, rows: Sequence[Row], labels: Mapping[str, str]) -> tuple[Node, ...]:
    things = sorted({end for row in rows for end in (row.subject, row.object)})
    drawn_as = {
        getattr(row, end): kind
        for end, kinds in reversed(_DRAWN_AS.items())
        for predicate, kind in kinds.items()
        for row in rows
        if row.predicate == predicate
    }
    about = _detail(store, "nodes", "node", things)
    synonyms = _detail(store, "synonyms", "node", things)
    mappings = _detail(store, "mappings", "node", things)

    def concept(iri: str) -> Node:
        types = {_local(row["type"]) for row in about[iri]} | {_local(iri)}  # a class is drawn as its instances are
        return Node(
            id=shorten(iri),
            iri=iri,
            label=labels[iri],
            kind=kind_of(types, drawn_as=drawn_as.get(iri, "")).name,
            definition=next((row["definition"] for row in about[iri] if "definition" in row), ""),
            synonyms=tuple((row["name"], row["scope"]) for row in synonyms[iri]),
            mappings=tuple(
                (row["relation"], row["target"], row.get("notation", ""), row.get("label", "")) for row in mappings[iri]
            ),
        )

    return tuple(
        Node(thing, "", labels[thing], "value", "", (), ()) if thing.startswith('"') else concept(thing)
        for thing in things
    )


def _local(iri: str) -> str:
    return iri.removeprefix(SCHEMA)


def _key(row: Row) -> str:
    """What names the statement of a row; a link without one is named by itself."""
    return row.statement or " ".join(map(shorten, (row.subject, row.predicate, row.object)))


def _statements(
    store: Store, rows: Sequence[Row], labels: Mapping[str, str], proven: Mapping[Row, Proven]
) -> dict[str, Statement]:
    """Statements, parts of rules and links by key, in the order of their words."""
    first = {_key(row): row for row in reversed(rows)}
    evidence = _Evidence.of(store, first)
    found = {key: evidence.of_row(row, labels, proven.get(row)) for key, row in first.items()}
    return dict(sorted(found.items(), key=lambda item: (item[1].words, item[1].id)))


def _told_apart(store: Store, rows: Sequence[Row], statements: dict[str, Statement]) -> dict[str, Statement]:
    """Links that a foreign query gives: the curators' where they set them, else the query's, and where they stand."""
    given = {(row["subject"], row["predicate"], row["object"]) for row in ask_details(store, "given")}
    foreign = {
        _key(row): row
        for row in rows
        if statements[_key(row)].look == "curated" and (row.subject, row.predicate, row.object) not in given
    }
    of_query = {
        key: replace(statements[key], look="query", says=OF_QUERY, qualifiers=_stands_in(store, row))
        for key, row in foreign.items()
    }
    return statements | of_query


def _stands_in(store: Store, row: Row) -> tuple[tuple[str, str], ...]:
    """In which named graphs a link stands; one from a blank node can stand in none by that name."""
    graphs: list[str] = []
    if ":" in row.subject:
        value = row.object[1:-1] if row.object.startswith('"') else row.object
        ends = {"subject": ox.NamedNode(row.subject), "predicate": ox.NamedNode(row.predicate)}
        found = ask_details(store, "graphs_of_link", ends | {"value": ox.Literal(value)})
        graphs = sorted(shorten(row["graph"]) for row in found)
    return (("In the graph", ", ".join(graphs) or "no: the query made it"),)


@dataclass(frozen=True)
class _Evidence:
    """The detail rows of the chosen statements and rules, by IRI."""

    about: Mapping[str, list[Detail]]
    derived: Mapping[str, list[Detail]]
    rules: Mapping[str, list[Detail]]
    qualifiers: Mapping[str, list[Detail]]
    claims: Mapping[str, list[Detail]]
    memberships: Mapping[str, list[Detail]]
    rule_values: Mapping[str, list[Detail]]
    citations: Mapping[str, list[Detail]]

    @classmethod
    def of(cls, store: Store, wanted: Iterable[str]) -> _Evidence:
        things = list(wanted)
        return cls(
            about=_detail(store, "statements", "statement", things),
            derived=_detail(store, "derived", "statement", things),
            rules=_detail(store, "rules", "part", things),
            qualifiers=_detail(store, "qualifiers", "statement", things),
            claims=_detail(store, "claims", "statement", things),
            memberships=_detail(store, "members", "statement", things),
            rule_values=_detail(store, "rule_values", "part", things),
            citations=_detail(store, "rule_citations", "part", things),
        )

    def of_row(self, row: Row, labels: Mapping[str, str], proven: Proven | None) -> Statement:
        iri, subject, relation, target = row.statement, labels[row.subject], labels[row.predicate], labels[row.object]
        words = f"{subject} {relation} {target}"
        plain = Statement(
            shorten(iri) or _key(row), iri, "curated", words, "curators", subject, relation, target, "", ""
        )
        if proven:
            return replace(plain, look="derived", says=DERIVED, proofs=proven.steps, more=proven.more)
        if not iri:
            return plain
        if self.rules[iri]:
            return self._of_rule(self.rules[iri][0], plain)
        if self.about[iri]:
            return self._of_articles(self.about[iri][0], plain)
        if self.derived[iri]:
            return replace(plain, look="derived", says=DERIVED, more=_NOT_DERIVED_NOW)
        return replace(plain, look="query", says=OF_QUERY)

    def _of_articles(self, known: Detail, plain: Statement) -> Statement:
        return replace(
            plain,
            look=_look(known["standing"], known.get("origin", "")),
            says="article",
            words=known["words"],
            standing=known["standing"],
            origin=known.get("origin", ""),
            qualifiers=tuple((row["key"], row["value"]) for row in self.qualifiers[plain.iri]),
            claims=_claims(self.claims[plain.iri]),
            conflicts=tuple(sorted({shorten(row["conflict"]) for row in self.memberships[plain.iri]})),
        )

    def _of_rule(self, known: Detail, plain: Statement) -> Statement:
        rule = self._rule(known)
        effects = ", ".join(rule.effects)
        concern = " ".join(filter(None, [rule.condition, f"({effects})" if effects else ""]))
        subject, target = known["treatment"], concern if rule.condition else plain.object or effects
        if known["relation"] == _OF_CONDITION:
            subject, target = rule.condition, f"{effects} (with {known['treatment']})"
        return replace(
            plain,
            look="label",
            words=f"{subject} {known['relation']} {target}",
            says="label or guideline",
            subject=subject,
            relation=known["relation"],
            object=target,
            origin="label or guideline",
            rule=rule,
        )

    def _rule(self, known: Detail) -> Rule:
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


def _compared(
    statements: Mapping[str, Statement], conflicts: Sequence[Conflict], agreed: Collection[str]
) -> dict[str, Statement]:
    """Statements with looks that tell which article makes them, and which speaks against them.

    Both make it where they state the same, or where a conflict of the kind agreement says that they agree. What is only
    said to be possible, or not to hold, keeps the look of that: its line must not read like a plain statement.
    """
    articles = sorted({claim.article for statement in statements.values() for claim in statement.claims})
    kinds = {conflict.id: conflict.kind for conflict in conflicts}

    def alone(statement: Statement) -> str:
        by = {claim.article for claim in statement.claims}
        return "shared" if len(by) > 1 or statement.iri in agreed else "first" if by == {articles[0]} else "second"

    def look(statement: Statement) -> str:
        opposed = {kinds[name] for name in statement.conflicts}
        unopposed = statement.look if statement.look in ("hedged", "denied") else alone(statement)
        return next((kind for kind in _OPEN_KINDS if kind in opposed), unopposed)

    return {
        key: replace(statement, look=look(statement)) if statement.claims else statement
        for key, statement in statements.items()
    }


def _grouped(rows: Iterable[Detail], key: str) -> list[tuple[str, list[Detail]]]:
    """Rows by the value of a key, in its order."""
    groups: dict[str, list[Detail]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return sorted(groups.items())


def _claims(rows: Sequence[Detail]) -> tuple[Claim, ...]:
    """Claims with their passages; a row repeats the claim for each passage."""
    return tuple(
        Claim(
            curie=shorten(iri),
            polarity=group[0]["polarity"],
            certainty=group[0].get("certainty", ""),
            basis=group[0]["basis"],
            paraphrase=group[0]["paraphrase"],
            note=group[0].get("note", ""),
            article=shorten(group[0]["publication"]),
            source=group[0]["source"],
            file=group[0]["file"],
            passages=tuple(_passage(row) for row in group),
        )
        for iri, group in _grouped(rows, "claim")
    )


def _passage(row: Detail) -> Passage:
    return Passage(shorten(row["passage"]), row["section"], int(row["start"]), int(row["end"]), row["sha256"])


def _citations(rows: Sequence[Detail]) -> tuple[Citation, ...]:
    """Citations, each once; several sections or identifiers stand together."""

    def cell(group: Sequence[Detail], key: str) -> str:
        return "; ".join(sorted({row[key] for row in group if key in row}))

    fields = ("title", "publisher", "issued", "section", "identifier")
    return tuple(
        Citation(shorten(iri), *(cell(group, key) for key in fields)) for iri, group in _grouped(rows, "citation")
    )


def _edges(rows: Sequence[Row], statements: Mapping[str, Statement], labels: Mapping[str, str]) -> tuple[Edge, ...]:
    """Edges by what they join, under which predicate and in which look."""
    groups: dict[tuple[str, str, str, str], list[Statement]] = defaultdict(list)
    for row in rows:
        statement = statements[_key(row)]
        members = groups[row.subject, row.predicate, row.object, statement.look]
        if statement not in members:
            members.append(statement)
    return tuple(
        Edge(
            id=edge_id(subject, predicate, target, look),
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


def edge_id(*parts: str) -> str:
    """A short name that stays the same as long as the edge does: permalinks hold it."""
    return "e" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def collect_conflicts(store: Store, statements: Iterable[Statement]) -> tuple[Conflict, ...]:
    """The conflicts that statements name."""
    names = {name for statement in statements for name in statement.conflicts}

    def of(query: str) -> list[Detail]:
        return [row for row in ask_details(store, query) if shorten(row["conflict"]) in names]

    members = dict(_grouped(of("members"), "conflict"))
    return tuple(
        Conflict(
            id=shorten(iri),
            kind=group[0]["kind"],
            explanation=group[0]["explanation"],
            assessment=group[0].get("assessment", ""),
            citations=tuple(sorted({row["citation"] for row in group if "citation" in row})),
            members=tuple(_member(row) for row in members[iri]),
        )
        for iri, group in _grouped(of("conflicts"), "conflict")
    )


def _member(row: Detail) -> Member:
    return Member(
        claim=shorten(row["claim"]),
        statement=shorten(row["statement"]),
        words=row["words"],
        standing=row["standing"],
        article=shorten(row["publication"]),
        source=row["source"],
        outcome=row.get("outcome", ""),
    )
