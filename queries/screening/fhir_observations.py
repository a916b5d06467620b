"""Observations of a FHIR R4 bundle: laboratory values, scores, and states of the patient that a value says."""

from __future__ import annotations

from collections.abc import Iterable

from .concepts import osteo
from .fhir_elements import (
    Context,
    Resource,
    codes,
    days_ago,
    items,
    obj,
    quantity,
    range_of,
    span_of,
    text,
    units_disagree,
    words_of,
)
from .measurements import OF_ONE_TREATMENT, Value
from .quantities import Interval

_REPORTED = ("final", "amended", "corrected", "preliminary")
_SIDES = {
    **dict.fromkeys(("L", "LL", "LU", "LX"), "low"),
    **dict.fromkeys(("H", "HH", "HU", "HX"), "high"),
    "N": "normal",
}
UNCLEAR = "unclear"  # the record has limits of its own that cannot be read: usual limits are not used instead
_POSITIVE = ("POS", "10828004", "LA6576-8")
_NEGATIVE = ("NEG", "260385009", "LA6577-6")
_RECEPTORS = osteo("HormoneReceptorStatusTest")
_SENSITIVE = osteo("HormoneSensitiveTumor")


def read_observation(resource: Resource, where: str, context: Context) -> None:
    """An Observation and its components."""
    words = words_of(resource.get("code"))
    status = text(resource.get("status"))
    if status not in _REPORTED:
        return context.leave(words, where, f"its status is {status[:40]!r}, so it does not count")
    when = span_of(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    if when and when.is_after(context.today):
        return context.leave(words, where, f"its date lies after {context.today}")
    if any(name.startswith("value") for name in resource) or not items(resource.get("component")):
        _read_value(resource, resource, words, where, context)
    for index, component in enumerate(items(resource.get("component"))):
        shown = f"{words}, {words_of(component.get('code'))}"
        _read_value(component, resource, shown, f"{where} component[{index}]", context)
    return None


def _read_value(element: Resource, resource: Resource, words: str, where: str, context: Context) -> None:
    intake = context.intake
    found = context.codeable(element.get("code"))
    if obj(element.get("dataAbsentReason")):
        return context.leave(words, where, f"it has no value: {words_of(element['dataAbsentReason'])}")
    when = span_of(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    intake.leave_notes(found, words, where)
    for concept in found.concepts:
        if intake.concepts.is_check(concept):
            intake.check_done([concept], words, where, days_ago(when, words, where, context) if when else None)
        _read_concept(concept, element, resource, words, where, context)
    if found.concepts:  # of an unknown question the value says nothing: it may be about the family, or denied
        _read_state(found.concepts, element, words, where, context)
    return None


def _read_concept(
    concept: str, element: Resource, resource: Resource, words: str, where: str, context: Context
) -> None:
    intake = context.intake
    if concept in intake.measures_known.units:
        _read_measure(concept, element, resource, words, where, context)
    elif intake.concepts.is_condition(concept) and not intake.concepts.is_treatment(concept):
        value = element.get("valueBoolean")
        if value is False:
            context.leave(words, where, "its value is false, so it is not present")
        elif value is True:
            intake.add(concept, "condition", "now", words, where)
        elif not obj(element.get("valueCodeableConcept")):
            context.leave(words, where, "its value does not say whether it is present")
    elif element.get("valueQuantity") is not None:
        context.leave(words, where, "no rule of the graph has a bound on it")


def _read_measure(
    measure: str, element: Resource, resource: Resource, words: str, where: str, context: Context
) -> None:
    read = _number_of(element)
    if isinstance(read, str):
        return context.leave(words, where, read)
    if measure in OF_ONE_TREATMENT:
        return context.leave(words, where, "it belongs to one treatment: it is read only from a dosage")
    interval, unit = read
    when = span_of(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    value = Value(measure, interval, unit, words, where, when)
    side = _side(value, element, context)
    context.intake.values.append(Value(measure, interval, unit, words, where, when, side))
    return None


def _number_of(element: Resource) -> tuple[Interval, str] | str:
    if element.get("valueQuantity") is not None:
        if units_disagree(element["valueQuantity"]) and not _same_by_display(element["valueQuantity"]):
            return "its unit and the code of its unit disagree, so it does not count"
        return quantity(element["valueQuantity"])
    if element.get("valueInteger") is not None:
        return quantity({"value": element["valueInteger"]})
    if element.get("valueRange") is not None:
        return range_of(element["valueRange"])
    return "a number is wanted here"


def _same_by_display(value: Resource) -> bool:
    """Whether the shown unit is no unit of UCUM at all but words for it, such as 'milligrams per deciliter'."""
    return not any(mark in text(obj(value).get("unit")) for mark in "/%*^")


def _side(value: Value, element: Resource, context: Context) -> str | None:
    """On which side of its own limits a value lies; None where the record has none."""
    said = {
        _SIDES[code] for concept in items(element.get("interpretation")) for code in codes(concept) if code in _SIDES
    }
    limits = [each for each in items(element.get("referenceRange")) if "low" in each or "high" in each]
    measured = [_side_of_range(value, each, context) for each in _normal_ranges(limits)]
    if len(said) == 1:
        side = said.pop()
        if measured and measured[0] not in (side, UNCLEAR):
            context.leave(
                value.words, value.where, f"it is called {side}, its range says {measured[0]}: taken as {side}"
            )
        return side
    if len(said) > 1 or len(set(measured)) > 1:
        context.leave(
            value.words, value.where, "its own limits contradict one another; usual limits are not used instead"
        )
        return UNCLEAR
    if measured and measured[0] == UNCLEAR:
        context.leave(
            value.words, value.where, "its reference range could not be read; usual limits are not used instead"
        )
    return measured[0] if measured else None


def _normal_ranges(ranges: Iterable[Resource]) -> list[Resource]:
    """Ranges of what is normal, where the record tells kinds of ranges apart."""
    return [each for each in ranges if not codes(each.get("type")) or "normal" in codes(each.get("type"))]


def _side_of_range(value: Value, element: Resource, context: Context) -> str:
    read = range_of(element)
    unit = context.intake.measures_known.unit(value.measure, value.unit)
    if isinstance(read, str) or unit is None:
        return UNCLEAR
    range_unit = context.intake.measures_known.unit(value.measure, read[1])
    if range_unit is None:
        return UNCLEAR
    own, limits = value.interval.times(unit.factor), read[0].times(range_unit.factor)
    if limits.low is not None and own.is_within(below=limits.low):
        return "low"
    if limits.high is not None and own.is_within(above=limits.high):
        return "high"
    return "normal" if own.is_within(at_least=limits.low, at_most=limits.high) else UNCLEAR


def _read_state(found: Iterable[str], element: Resource, words: str, where: str, context: Context) -> None:
    """What a coded value says: a receptor that is there, a state of the patient."""
    value = element.get("valueCodeableConcept")
    intake = context.intake
    if not obj(value):
        return None
    shown = f"{words}: {words_of(value)}"
    receptors = [each for each in found if intake.concepts.is_kind_of(each, _RECEPTORS)]
    said = [
        word for word, known in (("positive", _POSITIVE), ("negative", _NEGATIVE)) if set(codes(value)) & set(known)
    ]
    if receptors and said:
        return _read_receptor(receptors, said[0], shown, where, context)
    meant = context.codeable(value, intake.concepts.is_condition)
    for concept in intake.of_kind(meant, "condition", shown, where):
        intake.add(concept, "condition", "now", shown, where)
    return None


def _read_receptor(receptors: Iterable[str], said: str, words: str, where: str, context: Context) -> None:
    """A hormone receptor that is there makes a tumor sensitive; one that is not there leaves the other receptors."""
    intake = context.intake
    for receptor in receptors:
        stem = intake.concepts.label(receptor).removesuffix(" status test")
        for finding in intake.resolver.names.get(f"{stem} {said}".casefold(), ()):
            intake.add(finding, "condition", "now", words, where)
    if said == "positive":
        intake.add(_SENSITIVE, "condition", "now", words, where)
    else:
        context.leave(words, where, "one receptor that is missing does not show that the tumor needs no hormones")
