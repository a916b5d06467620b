"""Checks of the numbers: limits, units, doses and links name what exists, and the order of limits is that of kindOf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from .errors import Problem
from .model import Curation, GradedCondition

Interval = tuple[Decimal, bool, Decimal, bool]
"""Lower end, whether it belongs to the interval, upper end, whether it does."""

OF_ONE_TREATMENT = ("DoseAmount", "InfusionDuration", "TimeSincePreviousDose")
"""Measures of a treatment and not of the patient: a dose of one drug is no dose of another, so they are not ordered."""
_LEAST, _MOST = Decimal("-Infinity"), Decimal("Infinity")


def check_graded(curation: Curation) -> Iterator[Problem]:
    """Conditions and measures exist, units are those of the measure, and narrower limits are kinds of broader ones."""
    canonical = {row.measure: row.unit for row in curation.measures if row.factor == 1}
    units: dict[str, set[str]] = defaultdict(set)
    for row in curation.measures:
        units[row.measure].add(row.unit)
    for bound in curation.graded:
        where = ("graded_conditions.tsv", bound.line)
        for column, name in (("condition", bound.condition), ("measure", bound.measure)):
            if name not in curation.concepts:
                yield Problem(*where, column, f"no concept is called {name}", "name a concept of concepts.tsv")
        if bound.measure not in canonical:
            yield Problem(*where, "measure", f"{bound.measure} has no unit of factor 1", "add it to measures.tsv")
        elif bound.unit not in units[bound.measure]:
            message = f"{bound.unit} is no unit of {bound.measure}"
            yield Problem(*where, "unit", message, f"write it in {canonical[bound.measure]}")
    if all(bound.condition in curation.concepts for bound in curation.graded):
        yield from _order(curation)
    for strength in curation.strengths:
        concept = curation.concepts.get(strength.product)
        if concept is None or not concept.active_substance:
            message = f"{strength.product} is no product with an active substance"
            yield Problem("product_strengths.tsv", strength.line, "product", message, "name a product of concepts.tsv")
    for link in curation.links:
        for column, name in (("subject", link.subject), ("object", link.object)):
            if name not in curation.concepts:
                message = f"no concept is called {name}"
                yield Problem("concept_links.tsv", link.line, column, message, "name a concept of concepts.tsv")


def _order(curation: Curation) -> Iterator[Problem]:
    """For two conditions on one measure: kindOf goes with the inclusion of what they include, both ways."""
    by_measure: dict[str, dict[str, list[GradedCondition]]] = defaultdict(lambda: defaultdict(list))
    for bound in curation.graded:
        by_measure[bound.measure][bound.condition].append(bound)
    above = {name: ancestors(name, curation) for conditions in by_measure.values() for name in conditions}
    for measure, conditions in by_measure.items():
        if measure in OF_ONE_TREATMENT:
            continue
        spans = {name: interval(bounds) for name, bounds in conditions.items()}
        for narrow, bounds in conditions.items():
            for broad in conditions:
                inside, kind = includes(spans[broad], spans[narrow]), broad in above[narrow]
                if narrow != broad and inside != kind and spans[narrow] != spans[broad]:
                    message = f"{narrow} {'lies' if inside else 'does not lie'} within {broad} by {measure}"
                    remedy = f"{'make it a' if inside else 'it must be no'} kind_of {broad} in concepts.tsv"
                    yield Problem("graded_conditions.tsv", bounds[0].line, "value", message, remedy)


def interval(bounds: list[GradedCondition]) -> Interval:
    """What the limits of one condition on one measure leave."""
    low, low_in, high, high_in = _LEAST, False, _MOST, False
    for bound in bounds:
        if bound.comparator in (">", ">="):
            low, low_in = bound.value, bound.comparator == ">="
        else:
            high, high_in = bound.value, bound.comparator == "<="
    return low, low_in, high, high_in


def includes(outer: Interval, inner: Interval) -> bool:
    """Whether every number of the inner interval is one of the outer.

    >>> ten, thirty = Decimal(10), Decimal(30)
    >>> includes((_LEAST, False, thirty, False), (_LEAST, False, ten, False))
    True
    >>> includes((_LEAST, False, thirty, False), (ten, True, thirty, True))
    False
    """
    low = outer[0] < inner[0] or (outer[0] == inner[0] and (outer[1] or not inner[1]))
    high = outer[2] > inner[2] or (outer[2] == inner[2] and (outer[3] or not inner[3]))
    return low and high


def ancestors(name: str, curation: Curation) -> set[str]:
    """All concepts that a concept is a kind of, over any number of steps."""
    found: set[str] = set()
    agenda = [name]
    while agenda:
        concept = curation.concepts.get(agenda.pop())
        for broad in concept.kind_of if concept else ():
            if broad not in found:
                found.add(broad)
                agenda.append(broad)
    return found
