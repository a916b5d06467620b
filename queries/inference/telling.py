"""Proofs for people and for machines: as text, as JSON that the checker reads, and as PROV in Turtle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import Pattern, Rule
from osteograph.ontology.namespaces import INFERENCE, shorten

from .evidence import Evidence, Leaf, RulePart
from .facts import Fact
from .proofs import Proof

_IMPLIED = "narrower_property"
"""The rule by which one relation implies another: readers are told the stronger one in its place."""


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
    """A proof from its JSON, for the checker. Raises KeyError, TypeError, ValueError or SyntaxError."""
    if "fact" in told:
        return Proof(_fact(told["fact"]))
    premises = tuple(proof_from_json(premise) for premise in told["premises"])
    absent = tuple(_pattern(values) for values in told.get("absent", ()))
    return Proof(_fact(told["conclusion"]), str(told["rule"]), premises, absent)


def _fact(values: Any) -> Fact:
    """A fact whose terms are what N-Triples calls so, written as the graph writes them."""
    subject, predicate, obj = _pattern(values)
    (quad,) = ox.parse(f"{subject} {predicate} {obj} .", format=ox.RdfFormat.N_TRIPLES)
    if (subject, predicate, obj) != (str(quad.subject), str(quad.predicate), str(quad.object)):
        raise ValueError(f"{subject} {predicate} {obj} is no fact")
    return subject, predicate, obj


def _pattern(values: Any) -> Pattern:
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


# For people


def others(count: int, *, are_all: bool = True) -> str:
    """How many more minimal proofs there are than are shown; nothing where all are.

    >>> others(1), others(3, are_all=False), others(0)
    ('1 more minimal proof', '3 more minimal proofs at least', '')
    """
    if count <= 0 and are_all:
        return ""
    number = max(count, 1)
    return f"{number} more minimal proof{'' if number == 1 else 's'}{'' if are_all else ' at least'}"


@dataclass(frozen=True)
class Step:
    """A conclusion as readers are told it: the rule that draws it, from what, and what it found absent, in words."""

    words: str
    rule: str
    says: str
    premises: tuple[Step | Leaf, ...]
    absent: tuple[str, ...] = ()

    @property
    def rule_iri(self) -> str:
        """The IRI under which the rule is published."""
        return INFERENCE + self.rule


def retell(proof: Proof, evidence: Evidence, rules: Mapping[str, Rule]) -> tuple[Step | Leaf, ...]:
    """A proof without what tells readers nothing: the schema, and relations that stronger ones imply.

    In one step the facts of one rule part are told once, as that part; so are several facts about one statement.
    """
    if proof.rule is None:
        leaf = evidence.leaf(proof.fact)
        return () if leaf.origin == "schema" else (leaf,)
    found: dict[str, Step | Leaf] = {}
    for step in (step for each in proof.premises for step in retell(each, evidence, rules)):
        found.setdefault(_told_as(step), step)
    premises = tuple(found.values())
    if proof.rule == _IMPLIED:
        return premises
    absent = tuple(evidence.words(pattern) for pattern in proof.absent)
    return (Step(evidence.words(proof.fact), proof.rule, rules[proof.rule].says, premises, absent),)


def _told_as(step: Step | Leaf) -> str:
    return step.part.iri if isinstance(step, Leaf) and step.part else step.words


def proof_to_text(proof: Proof, evidence: Evidence, rules: Mapping[str, Rule]) -> str:
    """A proof as an indented tree; what is given is told where it is met first."""
    told: set[str] = set()
    lines = (line for step in retell(proof, evidence, rules) for line in _lines(step, evidence, told))
    return "".join(f"{line}\n" for line in lines)


def _lines(step: Step | Leaf, evidence: Evidence, told: set[str]) -> Iterator[str]:
    if isinstance(step, Leaf):
        if _told_as(step) not in told:
            told.add(_told_as(step))
            yield from _leaf_lines(step, evidence)
        return
    yield step.words
    yield f"  because: {step.says}  [{step.rule}]"
    for premise in step.premises:
        yield from (f"  {line}" for line in _lines(premise, evidence, told))
    for words in step.absent:
        yield f"  and nothing says: {words}"


def _leaf_lines(leaf: Leaf, evidence: Evidence) -> Iterator[str]:
    if leaf.part:
        yield from _part_lines(leaf.part, evidence)
        return
    where = f": {leaf.where}" if leaf.where else ""
    yield f"{leaf.words}  ({leaf.said_by}{where})"
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
