"""What rules derive about a thing, and why: the proofs, in the order in which pages show them.

The statements are those that the build stores; their proofs are found anew, by the same prover that ``osteograph
explain`` asks. What follows from the graph is derived once, when the first page with such a statement is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osteograph.ontology.namespaces import SCHEMA
from osteograph.queries.inference.evidence import Evidence, Leaf
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.telling import Step, retell
from osteograph.queries.stores.base import Store

from ..proofs import PROVING, prover_of

LINKS = ("contraindicates", "advisesAgainst", "callsForCautionWith", "raisesRiskWith")
"""The derived relations between conditions and treatments, the gravest first."""
MOST_PROOFS = 5


@dataclass(frozen=True)
class Link:
    """A derived statement: what relates to what, and how gravely."""

    iri: str
    subject: str
    predicate: str
    object: str

    @property
    def fact(self) -> Fact:
        return f"<{self.subject}>", f"<{self.predicate}>", f"<{self.object}>"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        name = self.predicate.removeprefix(SCHEMA)
        return LINKS.index(name) if name in LINKS else len(LINKS)


@dataclass(frozen=True)
class Reason:
    """A derived statement with its shortest proofs; ``more`` counts minimal proofs beyond them."""

    link: Link
    words: str
    proofs: tuple[Step | Leaf, ...]
    more: int = 0
    complete: bool = True


class Reasons:
    """Finds proofs for pages; what it has found once it finds quickly again."""

    def __init__(self, store: Store) -> None:
        self._store, self._evidence = store, Evidence(store)

    def of(self, links: Sequence[Link], most: int = 1) -> list[Reason]:
        """The reasons of derived statements, the gravest first, each with up to ``most`` proofs."""
        with PROVING:
            found = [self._reason(link, most) for link in links]
        return sorted(found, key=lambda reason: (reason.link.rank, reason.words.casefold(), reason.link.iri))

    def _reason(self, link: Link, most: int) -> Reason:
        prover, evidence = prover_of(self._store), self._evidence
        words = evidence.words(link.fact)
        if not prover.engine.has_own(link.fact):
            return Reason(link, words, ())
        proofs = prover.prove(link.fact)
        told = tuple(step for proof in proofs.found[:most] for step in retell(proof, evidence, prover.engine.rules))
        return Reason(link, words, told, max(0, len(proofs.found) - most), proofs.complete)
