"""What both kinds of record have in common: taking treatments, conditions and values into a draft.

Products: a brand or a clinical drug is a product; a substance with a dose is the product of that strength; a substance
alone stays a substance, and the record says that the product is missing, for rules differ between products.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from weakref import WeakKeyDictionary

from ..stores.base import Store
from .concepts import osteo
from .draft import LONGEST_WORDS, Draft
from .measurements import DOSE, SINCE_DOSE, Grade, Measures, Value
from .quantities import Interval, number
from .record import Time
from .resolver import Found, Resolver

_NAME_AND_DOSE = re.compile(
    r"(?P<name>.*\S)\s+(?P<dose>\d+(\.\d+)?)\s*(?P<unit>mg|g|ug|µg|mcg)(\s+[^/]*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Amount:
    """How much of something, as written."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


@dataclass(frozen=True)
class Knowledge:
    """What readers know of a graph; read once and kept as long as the store lives."""

    resolver: Resolver
    measures: Measures

    @classmethod
    def of(cls, store: Store) -> Knowledge:
        if store not in _KNOWN:
            resolver = Resolver.of(store)
            _KNOWN[store] = cls(resolver, Measures.of(store, resolver.concepts, resolver.names))
        return _KNOWN[store]


_KNOWN: WeakKeyDictionary[Store, Knowledge] = WeakKeyDictionary()


@dataclass
class Intake(Draft):
    """A draft that also collects values and sites, from which conditions follow once all is read."""

    measures_known: Measures = field(kw_only=True)
    values: list[Value] = field(default_factory=list)

    @classmethod
    def over(cls, knowledge: Knowledge) -> Intake:
        return cls(knowledge.resolver.for_one_record(), measures_known=knowledge.measures)

    def treatment_named(self, text: str) -> tuple[Found, Amount | None]:
        """The treatment of a name, and the dose where the name ends with one: ``zoledronic acid 4 mg``."""
        found = self.resolver.name(text, self.concepts.is_treatment)
        is_long = len(text) > LONGEST_WORDS  # no name of a drug, and slow to match
        match = None if found.concepts or is_long else _NAME_AND_DOSE.fullmatch(text.strip())
        value = number(match["dose"]) if match else None
        if match is None or value is None:
            return found, None
        return self.resolver.name(match["name"], self.concepts.is_treatment), Amount(value, match["unit"])

    def take_treatment(
        self,
        found: Found,
        time: Time,
        words: str,
        where: str,
        dose: Amount | None = None,
        days_ago: Decimal | None = None,
        recent: bool = False,
        infusion: Value | None = None,
    ) -> list[str]:
        """Add a treatment, as product where that is known, with what its dose gives; the concepts that were added."""
        taken = []
        for concept in self.of_kind(found, "treatment", words, where):
            product = self._product(concept, dose, time, words, where)
            if time != "past" or self.concepts.is_a(
                product, "Treatment", "Substance"
            ):  # a test that is over is a check
                self.add(product, "treatment", time, words, where, days_ago, recent)
            if self.concepts.is_check(product) and time == "past":
                self.add(product, "check", time, words, where, days_ago, recent)
            if time != "past":
                if dose:
                    self.take_value_of(
                        product, Value(DOSE, Interval.of(dose.value), dose.unit, f"{words}, dose", where)
                    )
                if infusion:
                    self.take_value_of(product, infusion)
            taken.append(product)
        return taken

    def _product(self, concept: str, dose: Amount | None, time: Time, words: str, where: str) -> str:
        strengths = self._strengths(concept)
        fitting = _with_dose(strengths, self._milligrams(dose))
        if self.concepts.is_a(concept, "DrugProduct"):
            narrower = [each for each in fitting if self.concepts.is_kind_of(each, concept)]
            if len(narrower) == 1:
                return narrower[0]  # a brand of several forms, and the form that has this dose
            if fitting and concept in strengths:
                label = self.concepts.label(concept)
                self.leave(words, where, f"{dose} is the dose of {self.resolver.listed(fitting)}: read as {label}")
        elif len(fitting) == 1:
            return fitting[0]
        products = self.concepts.products_within(concept)
        if products and time != "past":
            names = self.resolver.listed(products, "or")
            self.leave(words, where, f"product not given: {names}; rules on products could not be judged")
        return concept

    def _strengths(self, concept: str) -> dict[str, Decimal]:
        """Strengths in mg of the products of a substance, or of the substance that a product contains."""
        inside = self.concepts.substances.get(concept, frozenset({concept}))
        sisters = {product for substance in inside for product in self.concepts.products_of(substance)}
        known = {product: self._milligrams(amount) for product, amount in product_strengths().items()}
        return {product: strength for product, strength in known.items() if product in sisters and strength is not None}

    def _milligrams(self, dose: Amount | None) -> Decimal | None:
        unit = self.measures_known.unit(DOSE, dose.unit) if dose and dose.unit else None
        return dose.value * unit.factor if dose and unit else None

    def take_value_of(self, treatment: str, value: Value) -> None:
        """Add what a value of one treatment gives, where a rule couples the two: a dose is of one drug alone."""
        grades = [
            grade
            for grade in self.measures_known.grades(value)
            if self.measures_known.concerns(grade.condition, treatment, self.concepts)
        ]
        if any(self.measures_known.bounds.get(value.measure, ())) and self._is_judged_by(value.measure, treatment):
            problem = self.measures_known.problem(value)
            if problem:
                self.leave_value(value, problem)
                return
            self.measures.add(value.measure)
        self._add_grades(grades)

    def _is_judged_by(self, measure: str, treatment: str) -> bool:
        bounds = self.measures_known.bounds.get(measure, ())
        return any(self.measures_known.concerns(bound.condition, treatment, self.concepts) for bound in bounds)

    def _add_grades(self, grades: Sequence[Grade]) -> None:
        for grade in grades:
            value = grade.value
            self.add(
                grade.condition, "condition", "now", value.words, value.where,
                estimated=grade.estimated, measured=_measured(value),
            )  # fmt: skip

    def leave_value(self, value: Value, reason: str) -> None:
        """Say why a value does not count."""
        self.leave(f"{value.words}: {_measured(value)}", value.where, reason)

    def grade_values(self) -> None:
        """Turn all values into conditions; to be called once, when the whole record is read."""
        by_measure: dict[str, list[Value]] = defaultdict(list)
        for value in self.values:
            by_measure[value.measure].append(value)
        for measure, values in sorted(by_measure.items()):
            grades, left = self.measures_known.judged(values)
            for value, reason in left:
                self.leave_value(value, reason)
            if len(left) < len(values):
                self.measures.add(measure)
            self._add_grades(grades)

    def grade_repeats(self) -> None:
        """Time since the previous dose: a treatment that is given or planned and was given before."""
        again = {entry.concept for entry in self.entries if entry.kind == "treatment" and entry.time != "past"}
        for entry in list(self.entries):
            if (
                entry.kind == "treatment"
                and entry.time == "past"
                and entry.concept in again
                and entry.days_ago is not None
            ):
                since = Value(
                    SINCE_DOSE, Interval.of(entry.days_ago), "d", f"{entry.words}, time since then", entry.where
                )
                self.take_value_of(entry.concept, since)


def _measured(value: Value) -> str:
    return f"{_shown(value.interval)} {value.unit}".strip()


def _with_dose(strengths: Mapping[str, Decimal], dose: Decimal | None) -> list[str]:
    return sorted(product for product, strength in strengths.items() if strength == dose)


def _shown(interval: Interval) -> str:
    if interval.low == interval.high:
        return str(interval.low)
    if interval.low is None:
        return f"{'<' if interval.high_open else '<='}{interval.high}"
    if interval.high is None:
        return f"{'>' if interval.low_open else '>='}{interval.low}"
    return f"{interval.low} to {interval.high}"


@cache
def product_strengths() -> Mapping[str, Amount]:
    """The dose by which products of one substance are told apart; from the curated table."""
    from osteograph.ontology.curation import load_strengths

    return {osteo(row.product): Amount(row.dose, row.unit) for row in load_strengths()}
