"""Why the graph says something: the claims and passages of a statement, its standing, and the conflicts around it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import pyoxigraph as ox

from osteograph.ontology.errors import UnknownName
from osteograph.ontology.namespaces import CLAIM, RULE, STATEMENT, expand, shorten
from osteograph.ontology.notice import NOTICE
from osteograph.ontology.schema import load_schema

from .catalog import ask, find_question
from .files import select_rows
from .names import NameIndex, resolve_concept
from .stores.base import Solutions, Store

Row = dict[str, str]


class Explanation(NamedTuple):
    """What is known of one statement, or of one part of a safety rule.

    ``words`` says it in words, ``standing`` how it stands (for a rule: verified or not). ``claims`` has a row for each
    claim and passage, ``conflicts`` a row for each conflict and other member, ``rule`` a row for each citation.
    """

    iri: str
    words: str
    standing: str
    claims: tuple[Row, ...] = ()
    conflicts: tuple[Row, ...] = ()
    rule: tuple[Row, ...] = ()

    def to_json(self) -> str:
        """The explanation as JSON."""
        import json

        document = {
            "notice": NOTICE,
            "iri": self.iri,
            "words": self.words,
            "standing": self.standing,
            "claims": self.claims,
            "conflicts": self.conflicts,
            "rule": self.rule,
        }
        return json.dumps({key: value for key, value in document.items() if value}, ensure_ascii=False, indent=1) + "\n"

    def to_text(self) -> str:
        """The explanation for people."""
        lines = [self.words, f"  {self.standing}  {shorten(self.iri)}", ""]
        for claim in dict.fromkeys(row["claim"] for row in self.claims):
            lines += _claim_lines([row for row in self.claims if row["claim"] == claim])
        for conflict in dict.fromkeys(row["conflict"] for row in self.conflicts):
            lines += _conflict_lines([row for row in self.conflicts if row["conflict"] == conflict])
        lines += _rule_lines(self.rule) if self.rule else []
        return "\n".join(lines) + f"\n\n{NOTICE}\n"


def explain(store: Store, *parts: str) -> list[Explanation]:
    """Explain a statement, claim or rule part by IRI or CURIE, or every statement with a subject, predicate and object.

    Raises UnknownName where nothing of that name, or no such statement, is in the graph.
    """
    if len(parts) == 1:
        iri = expand(parts[0]) if parts[0].startswith(("ost:", "rule:", "claim:")) else parts[0]
        if re.fullmatch("[A-Z]{1,3}[0-9]{3,}", iri) or iri.startswith(CLAIM):
            iri = _statement_of_claim(store, iri.removeprefix(CLAIM))
        return [_explain_rule(store, iri)] if iri.startswith(RULE) else explain_statements(store, [iri])
    subject, predicate, obj = parts
    names = NameIndex.of(store)
    values = {
        "subject": names.resolve(subject).value,
        "predicate": predicate_iri(predicate),
        "object": names.resolve(obj).value,
    }
    found = _rows(store, "evidence/statements_between", values)
    if not found:
        raise UnknownName("statement", " ".join(parts), [])
    return explain_statements(store, [row["statement"] for row in found])


def explain_statements(store: Store, iris: Iterable[str]) -> list[Explanation]:
    """Explain statements by IRI, in their order, with four queries for all. Raises UnknownName for what is none."""
    wanted = tuple(iris)
    terms = tuple(resolve_concept(store, iri) for iri in wanted if iri.startswith(STATEMENT))
    found = select_rows(store, "explained_statements.rq", statements=terms) if terms else []
    said = {row["statement"]: row for row in found}
    unknown = [iri for iri in wanted if iri not in said]
    if unknown:
        raise UnknownName("statement", unknown[0], [])
    if not wanted:
        return []
    claims = _by(select_rows(store, "explained_claims.rq", statements=terms), "statement")
    conflicts = _by(_conflicts(store, terms), "statement")
    return [Explanation(iri, said[iri]["words"], said[iri]["standing"], claims[iri], conflicts[iri]) for iri in wanted]


def _conflicts(store: Store, statements: tuple[ox.NamedNode, ...]) -> Iterator[Row]:
    """A row for each statement, conflict, and other member of it that makes another statement, where there is one."""
    against = _by(select_rows(store, "explained_against.rq", statements=statements), "statement", "conflict")
    for row in select_rows(store, "explained_conflicts.rq", statements=statements):
        for other in against[row["statement"], row["conflict"]] or ({},):
            yield row | other


def _by(rows: Iterable[Row], *keys: str) -> defaultdict[Any, tuple[Row, ...]]:
    """The rows by what stands in one column or more, without these columns."""
    cut = itemgetter(*keys)
    found: defaultdict[Any, tuple[Row, ...]] = defaultdict(tuple)
    for row in rows:
        found[cut(row)] += ({name: value for name, value in row.items() if name not in keys},)
    return found


def _statement_of_claim(store: Store, claim: str) -> str:
    rows = select_rows(store, "statement_of_claim.rq", claim=ox.NamedNode(CLAIM + claim))
    if not rows:
        raise UnknownName("claim", claim, [])
    return rows[0]["statement"]


def predicate_iri(name: str) -> str:
    """The IRI of a predicate named by local name, CURIE, IRI or label."""
    properties = load_schema().properties
    for prop in properties.values():
        if name in (prop.name, prop.iri, shorten(prop.iri)) or name.casefold() == prop.label.casefold():
            return prop.iri
    raise UnknownName("predicate", name, [*properties, *(prop.label for prop in properties.values())])


def _rows(store: Store, question: str, values: dict[str, str]) -> list[Row]:
    answer = ask(store, find_question(question), values)
    assert isinstance(answer, Solutions)
    return answer.dicts()


def _explain_rule(store: Store, iri: str) -> Explanation:
    rows = _rows(store, "safety/rule_in_full", {"part": iri})
    if not rows:
        raise UnknownName("safety rule part", shorten(iri), [])
    first = rows[0]
    said = " ".join(
        filter(None, [first["treatment"], first["relation"], first.get("condition") or first.get("effect")])
    )
    standing = "verified" if first["verified"] == "true" else "not verified: no text stating it was opened"
    return Explanation(iri, said, f"{first['strength']}, {standing}", rule=tuple(rows))


def _claim_lines(rows: Sequence[Row]) -> list[str]:
    """A claim with the passages it rests on."""
    first = rows[0]
    modal = f", {first['certainty']}" if "certainty" in first else ""
    basis = "" if first["basis"] == "stated" else f", {first['basis']}"
    lines = [
        f"  {shorten(first['claim'])} {first['polarity']}{modal}{basis}: {first['paraphrase']}",
        f"    in “{first['source']}”",
    ]
    if "note" in first:
        lines.append(f"    curator: {first['note']}")
    for row in rows:
        place = f"section {row['section']}, code points {row['start']} to {row['end']} of {row['file']}"
        lines.append(f"    {shorten(row['passage'])}: {place}")
        lines.append(f"      sha256 {row['sha256']}")
    return lines


def _conflict_lines(rows: Sequence[Row]) -> list[str]:
    """A conflict with its other members."""
    first = rows[0]
    lines = ["", f"  {first['kind']} ({shorten(first['conflict'])}): {first['explanation']}"]
    if "assessment" in first:
        lines.append(f"    outside sources: {first['assessment']}")
    others = dict.fromkeys(
        (row["other_claim"], row["other_statement_in_words"], row["other_standing"])
        for row in rows
        if "other_claim" in row
    )
    lines += [f"    against {shorten(claim)} ({standing}): {words}" for claim, words, standing in others]
    return lines


def _rule_lines(rows: Sequence[Row]) -> list[str]:
    """What limits a rule part, and on whose word it stands; each value once."""
    lines = ["  said by labels or guidelines, not by the articles"]
    for key in ("effect", "indication", "threshold", "time_window", "exception", "frequency", "jurisdiction", "note"):
        lines += [f"  {key.replace('_', ' ')}: {value}" for value in dict.fromkeys(r[key] for r in rows if key in r)]
    lines.append(f"  stated for the {rows[0]['level']}; members inherit: {rows[0]['members_inherit']}")
    titles = dict.fromkeys((row["citation"], row["title"]) for row in rows if "citation" in row)
    return lines + [f"  on the word of: {title} ({shorten(citation)})" for citation, title in titles]
