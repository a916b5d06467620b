"""From measured numbers to graded conditions.

What is decided here, and why:

- A value counts only with a unit that the table of measures knows for this measure; it is converted there, exactly.
- Bounds that a safety rule sets hold for every record. Usual limits (``convention``) are used only where the record
  brings neither a reference range nor an interpretation, for a laboratory knows its own limits.
- Of several values of one measure the latest counts. Where time does not tell (no dates, the same day) and the values
  give different conditions, none of them counts: a record that contradicts itself decides nothing.
- A value with a comparator gives only the conditions that every number it allows would give.
- An estimated filtration rate has bounds of its own and is never read as a clearance; what it gives is ``estimated``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ..files import select_rows
from ..stores.base import Store
from .concepts import Concepts, osteo
from .quantities import Interval, unit_key
from .times import Span

AGE = osteo("Age")
DOSE = osteo("DoseAmount")
INFUSION = osteo("InfusionDuration")
SINCE_DOSE = osteo("TimeSincePreviousDose")
OF_ONE_TREATMENT = (DOSE, INFUSION, SINCE_DOSE)
ESTIMATED = (osteo("EstimatedGFRMeasurement"),)


@dataclass(frozen=True)
class Bound:
    """What a measure must be for a condition; limits in the bound's own unit."""

    condition: str
    measure: str
    unit: str
    basis: str
    limits: tuple[tuple[str, Decimal], ...]  # below, at_most, above, at_least

    @property
    def side(self) -> str:
        """``low`` where only small values meet it, ``high`` where only large ones do, else ``both``."""
        ends = {"low" if name in ("below", "at_most") else "high" for name, _ in self.limits}
        return ends.pop() if len(ends) == 1 else "both"


@dataclass(frozen=True)
class Unit:
    """A unit of one measure: its factor to the unit of the bounds, and what is plausible there."""

    factor: Decimal
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class Value:
    """One measured value of a record, as read and still without meaning."""

    measure: str
    interval: Interval
    unit: str
    words: str
    where: str
    when: Span | None = None
    side: str | None = None  # low, normal or high by the record's own range or interpretation; None where it has none


@dataclass(frozen=True)
class Grade:
    """A condition that a value gives."""

    condition: str
    value: Value
    estimated: bool


@dataclass(frozen=True)
class Measures:
    """The bounds and units of all measures of a graph."""

    bounds: Mapping[str, tuple[Bound, ...]]
    units: Mapping[str, Mapping[str, Unit]]
    rules: Mapping[str, frozenset[str]]  # condition to the treatments that rules on it speak of
    names: Mapping[str, frozenset[str]]  # short names such as "calcium" to measures

    @classmethod
    def of(cls, store: Store, concepts: Concepts, names: Mapping[str, frozenset[str]]) -> Measures:
        """Read bounds from the graph and units from the table of measures."""
        bounds: dict[str, list[Bound]] = defaultdict(list)
        for row in select_rows(store, "screening/bounds.rq"):
            limits = tuple((name, Decimal(row[name])) for name in _LIMITS if name in row)
            bounds[row["measure"]].append(Bound(row["condition"], row["measure"], row["unit"], row["basis"], limits))
        rules: dict[str, set[str]] = defaultdict(set)
        for row in select_rows(store, "screening/rules_on_doses.rq"):
            rules[row["condition"]].add(row["treatment"])
        return cls(
            {measure: tuple(sorted(each, key=lambda bound: bound.condition)) for measure, each in bounds.items()},
            _units(),
            {condition: frozenset(treatments) for condition, treatments in rules.items()},
            _short_names({*bounds, *_units()}, concepts, names),
        )

    def named(self, text: str) -> frozenset[str]:
        """The measures that a name stands for, also without the words that say that it is measured."""
        short = _short(text)
        return self.names.get(short) or self.names.get(short.removesuffix("s"), frozenset())

    def unit(self, measure: str, unit: str) -> Unit | None:
        """A unit of a measure; a pure number such as a ratio or a score needs none, for it has the unit 1."""
        return self.units.get(measure, {}).get(unit_key(unit) or "1")

    def problem(self, value: Value) -> str:
        """Why a value cannot count; empty where it can."""
        known = self.units.get(value.measure)
        if not known:
            return "no rule of the graph has a bound on it"
        unit = self.unit(value.measure, value.unit)
        if unit is None:
            if not value.unit:
                return "it has no unit, and none is assumed"
            return f"the unit {value.unit[:40]!r} is not one of this measure"
        if not value.interval.times(unit.factor).is_plausible(unit.minimum, unit.maximum):
            return f"the value is not plausible in {value.unit[:40]}"
        return ""

    def grades(self, value: Value) -> list[Grade]:
        """The conditions that a value without a problem gives, each once, sorted."""
        unit = self.unit(value.measure, value.unit)
        if unit is None:
            return []
        standard = value.interval.times(unit.factor)
        met = {
            bound.condition for bound in self.bounds.get(value.measure, ()) if self._is_met(bound, standard, value.side)
        }
        return [Grade(condition, value, value.measure in ESTIMATED) for condition in sorted(met)]

    def _is_met(self, bound: Bound, standard: Interval, side: str | None) -> bool:
        if bound.basis == "convention" and side is not None:
            return side == bound.side
        unit = self.unit(bound.measure, bound.unit)
        if unit is None:
            return False
        return standard.is_within(**{name: limit * unit.factor for name, limit in bound.limits})

    def concerns(self, condition: str, treatment: str, concepts: Concepts) -> bool:
        """Whether a rule on the condition speaks of the treatment, or of a class or substance of it."""
        return not self.rules.get(condition, frozenset()).isdisjoint(concepts.broader(treatment))

    def judged(self, values: Sequence[Value]) -> tuple[list[Grade], list[tuple[Value, str]]]:
        """What the values of one measure give together, and the values that do not count, each with the reason."""
        usable: list[tuple[Value, str]] = []
        left: list[tuple[Value, str]] = []
        for value in values:
            problem = self.problem(value)
            (left if problem else usable).append((value, problem))
        latest = [one for one, _ in usable if not any(_is_later(two, one) for two, _ in usable)]
        meanings = {tuple(grade.condition for grade in self.grades(value)) for value in latest}
        if len(meanings) > 1:
            reason = "it contradicts another value of the same measure, and dates do not tell which is later"
            return [], left + [(value, reason) for value in latest]
        if not latest:
            return [], left
        chosen = min(latest, key=lambda value: (value.words, value.where))
        return self.grades(chosen), left


_LIMITS = ("below", "at_most", "above", "at_least")


def _is_later(one: Value, two: Value) -> bool:
    return one.when is not None and two.when is not None and two.when.precedes(one.when)


@cache
def _units() -> Mapping[str, Mapping[str, Unit]]:
    """Units by measure; from the curated table, for the graph does not hold it."""
    from osteograph.ontology.curation import load_measures

    units: dict[str, dict[str, Unit]] = defaultdict(dict)
    for row in load_measures():
        units[osteo(row.measure)][unit_key(row.unit)] = Unit(row.factor, row.minimum, row.maximum)
    return dict(units)


# Words that say only that something is measured, or in what: "serum calcium measurement" is named "calcium" in records.
_FILLING = re.compile(r"\b(blood|serum|plasma|measurement|test|assessment|level|count|estimated|ratio)\b")


def _short(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def _short_names(
    measures: set[str], concepts: Concepts, names: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Names of measures, whole first; shortened ones only where they name one measure and no whole name."""
    whole = {name: frozenset(found & measures) for name, found in names.items() if found & measures}
    for measure in measures & concepts.labels.keys():
        whole.setdefault(_short(concepts.label(measure)), frozenset({measure}))
    shortened: dict[str, set[str]] = defaultdict(set)
    for name, found in whole.items():
        short = _short(_FILLING.sub(" ", name))
        if short and short not in whole:
            shortened[short] |= found
    return whole | {name: frozenset(found) for name, found in shortened.items()}
