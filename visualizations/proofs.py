"""Proofs of the edges that rules derived, as the panel of an edge tells them.

A proof stands in a view as it stands in text: steps that name their rule, down to given facts that name whose word they
are. What such a fact rests on, a statement of an article or a part of a safety rule, is collected as that of edges is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.namespaces import shorten
from osteograph.queries.inference import telling
from osteograph.queries.inference.evidence import Evidence, Leaf
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.inference.proofs import Proof, Prover
from osteograph.queries.inference.telling import others, retell
from osteograph.queries.stores.base import Store

from .content import Given, Step
from .selecting import Row
from .views import ask_details

MOST = 4  # proofs of one edge that a page holds; how many more there are is told
PROVING = Lock()
"""Held while a prover is at work: it keeps notes, and pages are drawn by several threads."""
_PROVERS: WeakKeyDictionary[Store, Prover] = WeakKeyDictionary()


@dataclass(frozen=True)
class Proven:
    """The proofs of an edge that a page holds, the shortest first; ``more`` tells of others, where there are any."""

    steps: tuple[Step, ...]
    more: str = ""


def prove(store: Store, rows: Iterable[Row]) -> dict[Row, Proven]:
    """The proofs of those rows that no source states and no curator set, but rules derive."""
    wanted = _derived(store, list(rows))
    if not wanted:
        return {}
    facts = {row: (f"<{row.subject}>", f"<{row.predicate}>", f"<{row.object}>") for row in wanted}
    with PROVING:
        prover, evidence = prover_of(store), Evidence(store)
        return {row: _proven(prover, fact, evidence) for row, fact in facts.items() if _needs_proof(prover, fact)}


def _needs_proof(prover: Prover, fact: Fact) -> bool:
    return not prover.engine.is_given(fact) and bool(prover.engine.derivations_of(fact))


def _proven(prover: Prover, fact: Fact, evidence: Evidence) -> Proven:
    proofs = prover.prove(fact)
    return Proven(
        tuple(tell(proof, evidence) for proof in proofs.found[:MOST]),
        others(len(proofs.found) - MOST, are_all=proofs.complete),
    )


def prover_of(store: Store) -> Prover:
    """What finds proofs in a graph; the graph is derived once, which takes a second or two. Call it in PROVING."""
    if store not in _PROVERS:
        _PROVERS[store] = Knowledge(store).prover
    return _PROVERS[store]


def _derived(store: Store, rows: Sequence[Row]) -> list[Row]:
    """Rows that may be derived: of a stored derived statement, or of a link that nothing in the graph gives."""
    links = {rule.conclusion[1].strip("<>") for rule in load_rules().values()}
    loose = [row for row in rows if not row.statement and row.predicate in links and not row.object.startswith('"')]
    given = _triples(store, "given") if loose else set()
    stored = (
        {row["statement"] for row in ask_details(store, "derived")} if any(row.statement for row in rows) else set()
    )
    return [row for row in rows if row.statement in stored] + [
        row for row in loose if (row.subject, row.predicate, row.object) not in given
    ]


def _triples(store: Store, name: str) -> set[tuple[str, str, str]]:
    return {(row["subject"], row["predicate"], row["object"]) for row in ask_details(store, name)}


# Telling


def tell(proof: Proof, evidence: Evidence) -> Step:
    """A proof as the steps of a panel. The proof is the conclusion of a rule, not a given fact."""
    (step,) = retell(proof, evidence, load_rules())
    assert isinstance(step, telling.Step)
    return _step(step)


def _step(step: telling.Step) -> Step:
    premises = (_given(each) if isinstance(each, Leaf) else _step(each) for each in step.premises)
    return Step(step.words, step.rule, tuple(premises), step.absent)


def _given(leaf: Leaf) -> Given:
    """A given fact; the facts of one rule part are told as that part."""
    if leaf.part:
        name, _, words = leaf.part.words.partition(": ")
        return Given(f"{leaf.part.name}: {words or name}", leaf.origin, (shorten(leaf.part.iri),))
    names = dict.fromkeys(shorten(reading.statement) for reading in leaf.readings)
    return Given(leaf.words, leaf.origin, tuple(names), leaf.where)


def givens(steps: Iterable[Step]) -> Iterator[Given]:
    """All given facts of proofs."""
    for step in steps:
        for premise in step.premises:
            if isinstance(premise, Given):
                yield premise
            else:
                yield from givens([premise])
