"""Elements of FHIR R4 resources, read without trust: what has the wrong shape reads as absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .draft import clip
from .intake import Amount, Intake
from .quantities import COMPARATORS, Interval, unit_key
from .resolver import Accepts, Coding, Found
from .times import Span

Resource = dict[str, Any]
UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True)
class Context:
    """What readers of resources share: where things go, the day from which times count, what references mean."""

    intake: Intake
    today: date
    lookup: Callable[[str, Resource], Resource | None]

    def leave(self, words: str, where: str, reason: str) -> None:
        self.intake.leave(words, where, reason)

    def codeable(self, value: Any, accepts: Accepts | None = None) -> Found:
        """The concepts of a CodeableConcept."""
        concept = obj(value)
        words = text(concept.get("text")) or _display_only(concept)
        return self.intake.resolver.codeable(codings(concept), words, accepts)


def obj(value: Any) -> Resource:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Resource]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def codings(value: Any) -> list[Coding]:
    """The codings of a CodeableConcept that have a code."""
    return [
        Coding(text(each.get("system")), text(each.get("code")), text(each.get("display")))
        for each in items(obj(value).get("coding"))
        if text(each.get("code"))
    ]


def codes(value: Any) -> list[str]:
    """The bare codes of a CodeableConcept, for elements with a fixed set of values."""
    return [coding.code for coding in codings(value)]


def words_of(value: Any) -> str:
    """How a record names what a CodeableConcept says."""
    concept = obj(value)
    shown = [coding.display or str(coding) for coding in codings(concept)]
    return clip(text(concept.get("text")) or (shown[0] if shown else "") or _display_only(concept) or "(no name)")


def _display_only(concept: Resource) -> str:
    return next((text(each.get("display")) for each in items(concept.get("coding")) if text(each.get("display"))), "")


def span_of(resource: Resource, *names: str) -> Span | None:
    """The first date among elements; of a Period its end, of nothing None."""
    for name in names:
        element = resource.get(name)
        span = Span.parse(text(obj(element).get("end")) if isinstance(element, dict) else text(element))
        if span:
            return span
    return None


def quantity(value: Any) -> tuple[Interval, str] | str:
    """The interval and the unit of a Quantity, or why there is none."""
    element = obj(value)
    amount = element.get("value")
    comparator = text(element.get("comparator"))
    if not isinstance(amount, Decimal):
        return "a number is wanted here"
    if comparator and comparator not in COMPARATORS:
        return f"the comparator {comparator[:20]!r} is not known"
    code, unit = text(element.get("code")), text(element.get("unit"))
    if text(element.get("system")) not in ("", UCUM):
        code = ""
    return Interval.of(amount, comparator), code or unit


def range_of(value: Any) -> tuple[Interval, str] | str:
    """The interval and the unit of a Range."""
    ends = [quantity(obj(value).get(name)) for name in ("low", "high") if name in obj(value)]
    read = [end for end in ends if not isinstance(end, str)]
    if not read or len(read) < len(ends) or len({unit_key(unit) for _, unit in read}) > 1:
        return "a range with numbers of one unit is wanted here"
    low = read[0][0].low if "low" in obj(value) else None
    high = read[-1][0].high if "high" in obj(value) else None
    return Interval(low, high), read[0][1]


def units_disagree(value: Any) -> bool:
    """Whether a Quantity shows one unit and codes another that is not a way to write the same."""
    element = obj(value)
    code, unit = text(element.get("code")), text(element.get("unit"))
    return bool(code and unit) and unit_key(code) != unit_key(unit)


def amount_of(value: Any) -> Amount | None:
    """A Quantity as an amount; None where it is none, or no more than a limit."""
    read = quantity(value)
    if isinstance(read, str) or read[0].low is None or read[0].low != read[0].high or not read[1]:
        return None
    return Amount(read[0].low, read[1])


def days_ago(span: Span | None, words: str, where: str, context: Context) -> Decimal | None:
    """Days since a date, with a remark where only a part of it is given or where it lies ahead."""
    if span is None:
        return None
    if span.is_after(context.today):
        context.leave(words, where, f"its end lies after {context.today}; rules with a time limit could not be judged")
        return None
    if not span.is_exact:
        context.leave(words, where, "only a part of its date is given: counted from its last day")
    return span.days_before(context.today)
