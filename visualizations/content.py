"""What a page holds: nodes, edges, and behind each edge the statements and rules with their evidence.

An edge stands for all statements of one look with the same subject, predicate and object: those that differ in
qualifiers, or in who makes them, are listed in its panel. The values here become the page's JSON field by field; in
them, things are called by their CURIEs (``id``), and ``iri`` says it in full.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A concept, or a value (which has no IRI).

    ``synonyms`` are (name, scope), ``mappings`` are (relation, IRI, notation, label).
    """

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
    article: str
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
class Given:
    """A given fact of a proof, and whose word it is: article, label, curator, schema or record.

    ``grounds`` are ids of the statements or rule parts that say it, ``where`` is its place in a patient's record.
    """

    words: str
    origin: str
    grounds: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a proof: what a rule concludes, from what, and what it found absent."""

    words: str
    rule: str
    premises: tuple[Step | Given, ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A statement, a part of a safety rule, a curated or a derived link, in words and with all that it rests on.

    ``says`` names who says so: ``article``, ``label or guideline``, or what else the page is made of. ``proofs`` are
    those of a derived link, the shortest first; ``more`` tells of others that the page leaves out.
    """

    id: str
    iri: str
    look: str
    words: str
    says: str
    subject: str
    relation: str
    object: str
    standing: str
    origin: str
    qualifiers: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[str, ...] = ()
    rule: Rule | None = None
    proofs: tuple[Step, ...] = ()
    more: str = ""

    @property
    def weight(self) -> int:
        """How many passages or citations it rests on; of a derived link, how many proofs are shown."""
        if self.proofs:
            return len(self.proofs)
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
    article: str
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
    """All that a page shows; ``grounds`` are what proofs rest on and no edge shows."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    grounds: tuple[Statement, ...] = ()
