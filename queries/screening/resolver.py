"""From codes and names to concepts.

A mapping leads from a concept of ours to a code. Which of them a code in a record stands for depends on its direction:

- ``exactMatch``: the code means the concept;
- ``narrowMatch``: the code is narrower than the concept, so whoever has what the code says has the concept;
- ``closeMatch``: near, not the same: read as the concept where nothing better matches, and the record says so;
- ``broadMatch``: the code is wider than the concept, so nothing follows, and the code is left over.

ICD-10-CM and ATC codes are also tried by their prefixes, since there the wider code contains the longer one. Names are
labels, then exact and narrow synonyms, whatever their case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from osteograph.ontology.errors import nearest
from osteograph.ontology.namespaces import CONCEPT

from ..files import select_rows
from ..stores.base import Store
from .codes import notation, notation_of_curie, roll_up
from .concepts import Concepts

Accepts = Callable[[str], bool]
SUGGESTIONS = 50  # unknown names of one record for which near names are looked up; there could be a million
LONGEST_NAME = 100
_SORTS = ("ClinicalCondition", "Treatment", "DiagnosticTest", "CareActivity", "AnatomicalEntity")


@dataclass(frozen=True)
class Found:
    """What a code or a name stands for; no concepts where it stands for nothing, and what is to be said about it."""

    concepts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coding:
    """One code of a record, with the system that it is from and the words beside it."""

    system: str
    code: str
    display: str = ""

    def __str__(self) -> str:
        return f"{self.code} ({self.system or 'no system'})"


@dataclass
class Resolver:
    """Finds concepts by code and by name in one graph."""

    concepts: Concepts
    codes: Mapping[str, Mapping[str, frozenset[str]]]  # CURIE of a code, kind of match, concepts
    names: Mapping[str, frozenset[str]]
    _near: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Resolver:
        """Read names and mappings of a graph; to be kept, for a graph does not change."""
        concepts = Concepts.of(store)
        codes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in select_rows(store, "screening/codes.rq"):
            codes[row["code"]][row["match"]].add(row["concept"])
        frozen = {code: {match: frozenset(found) for match, found in by.items()} for code, by in codes.items()}
        return cls(concepts, frozen, _names(concepts, store))

    def for_one_record(self) -> Resolver:
        """The same, with a count of its own of the names that it could not find."""
        return replace(self, _near={})

    def code(self, coding: Coding) -> Found:
        """The concepts that one code stands for."""
        if coding.system.startswith(CONCEPT) or (coding.system + coding.code).startswith(CONCEPT):
            iri = CONCEPT + coding.code.removeprefix(CONCEPT)
            return Found((iri,)) if iri in self.concepts else Found((), (f"the graph has no concept {coding.code!r}",))
        curie = notation(coding.system, coding.code)
        if curie is None:
            return Found((), (f"codes of the system {_clip(coding.system) or 'without a name'} are not known here",))
        return self._curie(curie)

    def _curie(self, curie: str) -> Found:
        for rolled in roll_up(curie):
            found = self._matched(rolled, curie)
            if found:
                return found
        wider = self.codes.get(curie, {}).get("broad", frozenset())
        if wider:
            return Found((), (f"{curie} covers more than {self.listed(wider)}, so neither is concluded",))
        return Found((), (f"no concept is mapped to {_clip(curie)}",))

    def _matched(self, code: str, asked: str) -> Found | None:
        by_match = self.codes.get(code, {})
        certain = by_match.get("exact") or by_match.get("narrow")
        close = by_match.get("close", frozenset())
        if certain:
            # A clinical drug is narrower than its substance and close to the product that has this strength.
            also_narrow = by_match.get("narrow", frozenset())
            products = {each for each in close | also_narrow if self._is_product_of(each, certain)}
            return Found(tuple(self.concepts.most_specific(certain | products)))
        if not close or not _may_be_close(code, asked):
            return None
        if all(self.concepts.is_a(each, "AnatomicalEntity", "DrugProduct") for each in close):
            return Found(tuple(sorted(close)))  # structure of a rib, rib: not worth a remark
        return Found(tuple(sorted(close)), (f"{asked} is near to {self.listed(close)}, not the same: read as it",))

    def _is_product_of(self, product: str, substances: frozenset[str]) -> bool:
        return not substances.isdisjoint(self.concepts.substances.get(product, frozenset()))

    def listed(self, iris: Iterable[str], link: str = "and") -> str:
        """Labels in words: ``Reclast or Zometa``."""
        return f" {link} ".join(sorted(self.concepts.label(each) for each in iris))

    def name(self, text: str, accepts: Accepts | None = None) -> Found:
        """The concept that a name, a CURIE or an IRI stands for; ``accepts`` says which are meant by the place."""
        wanted = _tidy(text)
        if wanted.casefold().startswith("osteo:") or wanted.startswith(CONCEPT):
            local = wanted.removeprefix(CONCEPT) if wanted.startswith(CONCEPT) else wanted.partition(":")[2]
            return self.code(Coding(CONCEPT, local.strip()))
        curie = notation_of_curie(wanted)
        if curie:
            return self._curie(curie)
        found = self._named(wanted.casefold())
        fitting = frozenset(filter(accepts, found)) if accepts else found
        if len(fitting) == 1:
            return Found(tuple(fitting))
        if fitting:
            return Found((), (f"it names several concepts: {self.listed(fitting)}; write the IRI of one",))
        if found:  # a thing of another kind; the caller says what it is
            return Found(tuple(sorted(found)))
        return Found((), (self._unknown(wanted),))

    def _named(self, folded: str) -> frozenset[str]:
        """The concepts of a folded name, also where it is a plain plural."""
        found = self.names.get(folded)
        singular = folded.removesuffix("s") if len(folded) > 4 else folded
        return found if found is not None else self.names.get(singular, frozenset())

    def _unknown(self, text: str) -> str:
        return f"no concept has this name{self.hint(text, self.names)}"

    def hint(self, text: str, known: Iterable[str]) -> str:
        """A question with the nearest known names; empty where none is near, or where too many were asked for."""
        if text not in self._near:
            if len(text) > LONGEST_NAME or len(self._near) >= SUGGESTIONS:
                return ""
            near = nearest(text, sorted(known))
            self._near[text] = f"; did you mean {', '.join(near)}?" if near else ""
        return self._near[text]

    def codeable(self, codings: Iterable[Coding], text: str = "", accepts: Accepts | None = None) -> Found:
        """The concepts of several codes for one thing, and of its text where no code is understood.

        Where a code and the words beside it disagree, the code is believed and the conflict is noted.
        """
        found: set[str] = set()
        notes: list[str] = []
        unread: list[str] = []
        seen = list(codings)
        for coding in seen:
            here = self.code(coding)
            (notes if here.concepts else unread).extend(here.notes)
            notes.extend(self._conflict(coding, here.concepts))
            found.update(here.concepts)
        if found:
            return self._chosen(found, notes, accepts)
        for words in filter(None, [*(coding.display for coding in seen), text]):
            named = self.name(words, accepts)
            if named.concepts:
                read = [f"{each}; read by its words {_clip(words)!r}" for each in unread]
                return Found(named.concepts, tuple(read) + named.notes)
            unread.extend(note for note in named.notes if note not in unread)
        return Found((), tuple(dict.fromkeys(unread)) or ("it has neither a code nor a name",))

    def _chosen(self, found: set[str], notes: list[str], accepts: Accepts | None) -> Found:
        chosen = self.concepts.most_specific(filter(accepts, found) if accepts else found) or sorted(found)
        if len(chosen) > 1:
            notes.append(f"its codes name several things: {self.listed(chosen)}; all are taken")
        return Found(tuple(chosen), tuple(dict.fromkeys(notes)))

    def _are_alike(self, one: str, two: str) -> bool:
        """Whether both are of one sort: the words "calcium" beside the code of its measurement are no conflict."""
        return any(self.concepts.is_a(one, sort) and self.concepts.is_a(two, sort) for sort in _SORTS)

    def _conflict(self, coding: Coding, meant: Iterable[str]) -> list[str]:
        concepts = tuple(meant)
        named = self.names.get(_tidy(coding.display).casefold(), frozenset())
        comparable = [each for each in named if any(self._are_alike(each, one) for one in concepts)]
        agree = any(self.concepts.is_kind_of(one, two) for one in concepts for two in comparable)
        if agree or not comparable:
            return []
        said, shown = self.listed(concepts), _clip(coding.display)
        return [f"the code {coding.code} means {said}, the words beside it say {shown!r}: the code is believed"]


def _names(concepts: Concepts, store: Store) -> dict[str, frozenset[str]]:
    """Folded names to concepts: a label hides a synonym of another concept, an exact synonym hides a narrow one."""
    tiers: dict[str, dict[str, set[str]]] = {tier: defaultdict(set) for tier in ("label", "exact", "narrow", "local")}
    for iri, label in concepts.labels.items():
        tiers["label"][_tidy(label).casefold()].add(iri)
        tiers["local"][iri.removeprefix(CONCEPT).casefold()].add(iri)
    for row in select_rows(store, "screening/synonyms.rq"):
        tiers[row["scope"]][_tidy(row["name"]).casefold()].add(row["concept"])
    names: dict[str, frozenset[str]] = {}
    for tier in tiers.values():
        for name, found in tier.items():
            names.setdefault(name, frozenset(found))
    return names


def _may_be_close(code: str, asked: str) -> bool:
    """Whether a close match may be read from a code above the one asked: in ATC only within a chemical subgroup."""
    return code == asked or not code.startswith("ATC:") or len(code) >= len("ATC:L02AE")


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("_", " ") if " " not in text.strip() else text).strip()


def _clip(text: str, length: int = LONGEST_NAME) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
