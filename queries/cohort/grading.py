"""The limits by which numbers become conditions, each in every unit in which a number may be written.

A number is compared in its own unit, with the limit converted exactly and rounded once: values are not scaled, so that
a value on the limit stays on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from osteograph.ontology.errors import BadParameter

from ..screening.concepts import Concepts
from ..screening.measurements import ESTIMATED, OF_ONE_TREATMENT, SINCE_DOSE, Bound, Measures, Unit
from .states import ESTIMATED as BY_ESTIMATE
from .states import PRESENT

LIMITS = ("below", "at_most", "above", "at_least")


@dataclass(frozen=True)
class Scale:
    """A measure (IRI) in one unit, and what is plausible there."""

    measure: str
    unit: str
    least: float
    most: float


@dataclass(frozen=True)
class Limit:
    """What a number on a scale must be for a condition (IRI); a limit that is not set is None.

    ``usual`` limits give way to limits of the record's own, which then say on which ``side`` the value lies.
    """

    scale: int
    condition: str
    state: int
    usual: bool
    side: str
    below: float | None
    at_most: float | None
    above: float | None
    at_least: float | None


@dataclass(frozen=True)
class Since:
    """How many days ago a treatment (IRI) must have been given before, for a condition."""

    treatment: str
    condition: str
    most: float  # what is plausible
    below: float | None
    at_most: float | None
    above: float | None
    at_least: float | None


@dataclass(frozen=True)
class Grading:
    """All scales and limits; the number of a scale is its place."""

    scales: tuple[Scale, ...]
    limits: tuple[Limit, ...]
    since: tuple[Since, ...]


def compile_grading(measures: Measures, concepts: Concepts, treatments: Iterable[str]) -> Grading:
    """The limits of all measures, and those on the time since the previous dose of these treatments."""
    known = {measure: units for measure, units in measures.units.items() if measure not in OF_ONE_TREATMENT}
    pairs = [(measure, key, unit) for measure, units in sorted(known.items()) for key, unit in sorted(units.items())]
    scales = tuple(Scale(measure, key, *_plausible(unit)) for measure, key, unit in pairs)
    limits = [
        limit for number, (measure, _, unit) in enumerate(pairs) for limit in _limits(number, measure, unit, measures)
    ]
    if len({(limit.scale, limit.condition) for limit in limits}) < len(limits):
        raise BadParameter("a graded condition has several bounds on one measure; a cohort counts values by condition")
    return Grading(scales, tuple(limits), tuple(_since(measures, concepts, sorted(set(treatments)))))


def _plausible(unit: Unit) -> tuple[float, float]:
    return tuple(float(Fraction(end) / Fraction(unit.factor)) for end in (unit.minimum, unit.maximum))  # type: ignore[return-value]


def _limits(number: int, measure: str, unit: Unit, measures: Measures) -> Iterator[Limit]:
    state = BY_ESTIMATE if measure in ESTIMATED else PRESENT
    for bound in measures.bounds.get(measure, ()):
        converted = _converted(bound, unit, measures)
        if converted is not None:
            usual = bound.basis == "convention"
            yield Limit(number, bound.condition, state, usual, bound.side, *converted)


def _converted(bound: Bound, unit: Unit, measures: Measures) -> list[float | None] | None:
    own = measures.unit(bound.measure, bound.unit)
    if own is None:
        return None
    factor = Fraction(own.factor) / Fraction(unit.factor)
    given = dict(bound.limits)
    return [float(Fraction(given[name]) * factor) if name in given else None for name in LIMITS]


def _since(measures: Measures, concepts: Concepts, treatments: Iterable[str]) -> Iterator[Since]:
    unit = measures.unit(SINCE_DOSE, "d")
    bounds = measures.bounds.get(SINCE_DOSE, ())
    for treatment in treatments if unit else ():
        for bound in bounds:
            converted = _converted(bound, unit, measures) if unit else None
            if unit and converted is not None and measures.concerns(bound.condition, treatment, concepts):
                yield Since(treatment, bound.condition, _plausible(unit)[1], *converted)
