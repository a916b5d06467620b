"""The concepts of a graph as readers of records need them: names, classes, what is above what.

>>> import osteograph
>>> from osteograph.queries.screening.concepts import Concepts, osteo
>>> with osteograph.load() as kg:
...     concepts = Concepts.of(kg.store)
>>> concepts.label(osteo("Zometa")), concepts.is_kind_of(osteo("Zometa"), osteo("Bisphosphonate"))
('Zometa', True)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from osteograph.ontology.namespaces import CONCEPT, SCHEMA

from ..files import select_rows
from ..stores.base import Store

Links = Mapping[str, frozenset[str]]

# What may stand in a record under which heading, by class. A procedure is a treatment and may be a check that was done.
CONDITIONS = ("ClinicalCondition", "RiskFactor", "Situation", "Device", "Process")
TREATMENTS = ("Intervention", "Substance")
CHECKS = ("DiagnosticTest", "CareActivity", "Treatment")
DRUGS = ("Drug", "DrugClass", "DrugProduct")


def osteo(name: str) -> str:
    """The IRI of a concept by its local name."""
    return CONCEPT + name


@dataclass(frozen=True)
class Concepts:
    """Labels, classes and curated links of all concepts, each by IRI."""

    labels: Mapping[str, str]
    types: Links  # classes and the classes above them
    kinds: Links
    wholes: Links
    substances: Links
    primaries: Links
    sites: Links

    @classmethod
    def of(cls, store: Store) -> Concepts:
        """Read the concepts of a graph with two queries."""
        links: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        labels = {}
        for row in select_rows(store, "screening/concepts.rq"):
            if row["link"] == "label":
                labels[row["concept"]] = row["value"]
            else:
                links[row["link"]][row["concept"]].add(row["value"])
        above: dict[str, set[str]] = defaultdict(set)
        for row in select_rows(store, "screening/classes.rq"):
            above[row["class"]].add(row["above"])
        for classes in links["type"].values():
            classes.update(*[above[each] for each in classes])
        parts = (links[name] for name in ("type", "kind", "whole", "substance", "primary", "site"))
        return cls(labels, *({key: frozenset(values) for key, values in part.items()} for part in parts))

    def __contains__(self, iri: object) -> bool:
        return iri in self.labels

    def label(self, iri: str) -> str:
        """The label of a concept, or its IRI where the graph has none."""
        return self.labels.get(iri, iri)

    def is_a(self, iri: str, *classes: str) -> bool:
        """Whether a concept belongs to one of the classes, given by local name."""
        return not self.types.get(iri, frozenset()).isdisjoint(SCHEMA + name for name in classes)

    def is_condition(self, iri: str) -> bool:
        """Whether a concept can be a state of a patient: a drug that is also a risk factor is still a treatment."""
        return self.is_a(iri, "ClinicalCondition", "Situation", "Device") or (
            self.is_a(iri, *CONDITIONS) and not self.is_a(iri, *TREATMENTS)
        )

    def is_treatment(self, iri: str) -> bool:
        """Whether a concept can be given or done."""
        return self.is_a(iri, *TREATMENTS)

    def is_check(self, iri: str) -> bool:
        """Whether a concept is a test or an activity that a record can show as done."""
        return self.is_a(iri, *CHECKS) and not self.is_a(iri, *DRUGS)

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        return {}

    def broader(self, iri: str) -> frozenset[str]:
        """A concept and all that it is a kind of; a product also brings its active substance and what that is."""
        if iri not in self._closures:
            self._closures[iri] = _closure(iri, (self.kinds, self.substances))
        return self._closures[iri]

    def is_kind_of(self, narrow: str, broad: str) -> bool:
        """Whether what is said of the narrow concept is said of the broad one; true of a concept and itself."""
        return broad in self.broader(narrow)

    def most_specific(self, iris: Iterable[str]) -> list[str]:
        """The concepts that no other one of them is a kind of, sorted."""
        found = set(iris)
        return sorted(one for one in found if not any(one != two and self.is_kind_of(two, one) for two in found))

    def around(self, site: str) -> frozenset[str]:
        """A body site and every site that it is a kind or a part of."""
        return _closure(site, (self.kinds, self.wholes))

    def products_within(self, concept: str) -> list[str]:
        """The products that a substance or a brand may stand for: the most specific ones, without itself, sorted."""
        inside = {iri for iri in self.substances if iri != concept and self.is_kind_of(iri, concept)}
        return sorted(one for one in inside if not any(one != two and self.is_kind_of(two, one) for two in inside))

    def products_of(self, substance: str) -> list[str]:
        """The products that contain a substance, sorted."""
        return sorted(product for product, inside in self.substances.items() if substance in inside)


def _closure(start: str, links: Iterable[Links]) -> frozenset[str]:
    steps = tuple(links)
    seen = {start}
    todo = [start]
    while todo:
        here = todo.pop()
        new = {above for step in steps for above in step.get(here, ())} - seen
        seen |= new
        todo.extend(new)
    return frozenset(seen)
