"""What the tumour and its metastases together certainly are, as a table of what ``screening.tumour`` concludes.

A concept follows from the only primary cancer and from what is present. What it asks for may itself follow; then it
asks for what that asks for, so that one look at what a record holds is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from ..screening.concepts import Concepts
from ..screening.tumour import METASTATIC, follows, may_be_primary, origins


@dataclass(frozen=True)
class Follows:
    """With this primary cancer (IRI) as the only one, the concept holds where all that is ``asked`` is present."""

    primary: str
    concept: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Implied:
    """What comes from where, all primaries, which of two is the narrower, what follows, and what a concept brings."""

    origins: tuple[tuple[str, str], ...]  # metastatic disease, the cancer that it comes from
    primaries: tuple[str, ...]
    narrower: tuple[tuple[str, str], ...]  # broad, narrow
    follows: tuple[Follows, ...]
    presents: tuple[tuple[str, str], ...]  # concept of a record, what it is a kind of, as far as anything asks for it

    @property
    def conditions(self) -> set[str]:
        return {each.concept for each in self.follows} | {cancer for _, cancer in self.origins}


def compile_implied(concepts: Concepts, conditions: Set[str]) -> Implied:
    """The table for records whose conditions are among these."""
    held = sorted({*conditions, *(cancer for each in conditions for cancer in origins(each, concepts))})
    primaries = [each for each in held if may_be_primary(each, concepts)]
    found = tuple(each for primary in primaries for each in _of_primary(primary, concepts))
    asked = {each for one in found for each in one.asked}
    diseases = sorted({*conditions, *(each.concept for each in found)})
    return Implied(
        origins=tuple((each, cancer) for each in diseases for cancer in sorted(origins(each, concepts))),
        primaries=tuple(primaries),
        narrower=tuple((a, b) for a in primaries for b in primaries if a != b and concepts.is_kind_of(b, a)),
        follows=found,
        presents=tuple((each, broad) for each in held for broad in sorted(concepts.broader(each) & asked)),
    )


def _of_primary(primary: str, concepts: Concepts) -> Iterator[Follows]:
    """All that can follow from a primary, with what each asks for in the end."""
    everything = concepts.labels.keys()
    ways = {each: concepts.kinds.get(each, frozenset()) for each in everything}
    candidates = {each for each in everything if follows(each, primary, ways[each], concepts)}
    for concept in sorted(candidates):
        yield Follows(primary, concept, tuple(sorted({METASTATIC, *_in_the_end(concept, candidates, concepts)})))


def _in_the_end(concept: str, candidates: set[str], concepts: Concepts) -> set[str]:
    kinds = concepts.kinds.get(concept, frozenset())
    return {
        each for kind in kinds for each in (_in_the_end(kind, candidates, concepts) if kind in candidates else {kind})
    }
