"""Proofs for people and for machines: as text, as JSON that the checker reads, and as PROV in Turtle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from osteograph.ontology.derivation_rules import Rule
from osteograph.ontology.namespaces import shorten

from .evidence import Evidence, Leaf, RulePart
from .facts import Fact
from .proofs import Proof

NOTICE = "Educational, not medical advice; reviewed by no clinician."
SAID_BY = {
    "article": "stated by an article",
    "label": "said by labels or guidelines",
    "curator": "by the curator's hierarchy",
    "schema": "by the schema",
    "record": "by the record",
}
"""Whose word a given fact is, by its origin."""


def proof_to_json(proof: Proof, evidence: Evidence, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """A proof as JSON values; facts are triples in N-Triples syntax."""
    if proof.rule is None:
        return leaf_to_json(evidence.leaf(proof.fact))
    told: dict[str, Any] = {
        "conclusion": list(proof.fact),
        "words": evidence.words(proof.fact),
        "rule": proof.rule,
        "says": rules[proof.rule].says,
        "premises": [proof_to_json(premise, evidence, rules) for premise in proof.premises],
    }
    if proof.absent:
        told["absent"] = [list(pattern) for pattern in proof.absent]
    return told


def proof_from_json(told: Mapping[str, Any]) -> Proof:
    """A proof from its JSON, for the checker. Raises KeyError or TypeError where it is none."""
    if "fact" in told:
        return Proof(_fact(told["fact"]))
    premises = tuple(proof_from_json(premise) for premise in told["premises"])
    absent = tuple(_fact(pattern) for pattern in told.get("absent", ()))
    return Proof(_fact(told["conclusion"]), str(told["rule"]), premises, absent)


def _fact(values: Any) -> Fact:
    subject, predicate, obj = (str(value) for value in values)
    return subject, predicate, obj


def leaf_to_json(leaf: Leaf) -> dict[str, Any]:
    """A given fact with its origin."""
    told: dict[str, Any] = {"fact": list(leaf.fact), "words": leaf.words, "origin": leaf.origin}
    if leaf.readings:
        told["readings"] = [
            {
                "statement": reading.statement,
                "standing": reading.standing,
                "claim": reading.claim,
                "polarity": reading.polarity,
                "passage": reading.passage,
                "source": reading.source,
            }
            for reading in leaf.readings
        ]
    if leaf.part:
        told["rule_part"] = part_to_json(leaf.part)
    if leaf.where:
        told["record"] = leaf.where
    return told


def part_to_json(part: RulePart) -> dict[str, Any]:
    """A part of a safety rule with its source."""
    told = {
        "iri": part.iri,
        "words": part.words,
        "strength": part.strength,
        "verified": part.verified,
        "members_inherit": part.inherit,
        "jurisdictions": list(part.jurisdictions),
        "exceptions": list(part.exceptions),
        "effects": list(part.effects),
        "limits": list(part.limits),
        "notes": list(part.notes),
        "citations": [{"iri": iri, "title": title, "section": section} for iri, title, section in part.citations],
    }
    return {key: value for key, value in told.items() if value != []}


def proof_to_text(proof: Proof, evidence: Evidence, rules: Mapping[str, Rule]) -> str:
    """A proof as an indented tree; the facts of one rule part are told together."""
    return "\n".join(_lines(proof, evidence, rules, 0, set())) + "\n"


def _lines(proof: Proof, evidence: Evidence, rules: Mapping[str, Rule], depth: int, told: set[str]) -> Iterator[str]:
    margin = "  " * depth
    if proof.rule is None:
        yield from (margin + line for line in _leaf_lines(evidence.leaf(proof.fact), evidence, told))
        return
    if proof.rule == "narrower_property":  # one relation implies another: the stronger one is told in its place
        for premise in proof.premises:
            yield from _lines(premise, evidence, rules, depth, told)
        return
    yield f"{margin}{evidence.words(proof.fact)}"
    yield f"{margin}  because: {rules[proof.rule].says}  [{proof.rule}]"
    for premise in proof.premises:
        yield from _lines(premise, evidence, rules, depth + 1, told)
    for pattern in proof.absent:
        yield f"{margin}  and nothing says: {evidence.words(pattern)}"


def _leaf_lines(leaf: Leaf, evidence: Evidence, told: set[str]) -> Iterator[str]:
    if leaf.origin == "schema":
        return
    if leaf.part:
        if leaf.part.iri not in told:
            told.add(leaf.part.iri)
            yield from _part_lines(leaf.part, evidence)
        return
    if leaf.words in told:  # several facts about one statement
        return
    told.add(leaf.words)
    where = f": {leaf.where}" if leaf.where else ""
    yield f"{leaf.words}  ({SAID_BY[leaf.origin]}{where})"
    for reading in leaf.readings:
        yield f"  {shorten(reading.claim)} {reading.polarity}, {shorten(reading.passage)}, {shorten(reading.source)}"


def _part_lines(part: RulePart, evidence: Evidence) -> Iterator[str]:
    """A rule part, what limits it and on whose word it stands."""
    verified = "verified" if part.verified else "not verified"
    places = ", ".join(part.jurisdictions)
    yield f"{part.name} {part.strength}{f' ({places})' if places else ''}, {verified}: {part.words.partition(': ')[2]}"
    for effect in part.effects:
        yield f"  effect: {evidence.name(effect)}"
    for words in part.limits:
        yield f"  limit: {words}"
    for words in part.exceptions:
        yield f"  exception: {words}"
    for iri, title, section in part.citations:
        yield f"  on the word of: {title}{f', section {section}' if section else ''} ({shorten(iri)})"
