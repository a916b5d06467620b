"""Medications, procedures, orders, care plans and reports of a FHIR R4 bundle.

A status says the time: what is being done is now, what is ordered or intended is planned, what is over is past. What
was cancelled, not done or entered in error is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .fhir_elements import (
    Context,
    Resource,
    amount_of,
    codings,
    days_ago,
    items,
    obj,
    span_of,
    text,
    words_of,
)
from .intake import Amount
from .measurements import INFUSION, Value
from .quantities import Interval
from .record import Time
from .resolver import Found

_STATUS: Mapping[str, Mapping[str, Time]] = {
    "MedicationRequest": {
        "active": "now", "draft": "planned", "on-hold": "planned", "completed": "past", "stopped": "past",
    },
    "MedicationStatement": {
        "active": "now", "intended": "planned", "on-hold": "planned", "completed": "past", "stopped": "past",
    },
    "MedicationAdministration": {
        "in-progress": "now", "on-hold": "planned", "completed": "past", "stopped": "past",
    },
    "Procedure": {
        "preparation": "planned", "in-progress": "now", "on-hold": "planned", "completed": "past", "stopped": "past",
    },
    "ServiceRequest": {"active": "planned", "draft": "planned", "on-hold": "planned", "completed": "past"},
    "CarePlan": {
        "not-started": "planned", "scheduled": "planned", "on-hold": "planned", "in-progress": "now",
        "completed": "past",
    },
}  # fmt: skip
_NOT_THERE = "its medication is not in the bundle, and references are not fetched"
_PLANS = ("plan", "proposal", "option")
_ENDS = {
    "MedicationRequest": (),
    "MedicationStatement": ("effectivePeriod", "effectiveDateTime"),
    "MedicationAdministration": ("effectivePeriod", "effectiveDateTime"),
    "Procedure": ("performedPeriod", "performedDateTime"),
    "ServiceRequest": ("occurrencePeriod", "occurrenceDateTime"),
    "CarePlan": ("scheduledPeriod",),
}


def _time_of(kind: str, resource: Resource, words: str, where: str, context: Context) -> Time | None:
    """The time of what a resource says; None, with a leftover, where it does not count."""
    status = text(resource.get("status"))
    if resource.get("doNotPerform") is True:
        context.leave(words, where, "it says what is not to be done")
        return None
    time = _STATUS[kind].get(status)
    if time is None:
        context.leave(
            words, where, f"its status is {status[:40]!r}, so it does not count" if status else "it has no status"
        )
        return None
    if kind == "MedicationRequest" and time == "now" and text(resource.get("intent")) in _PLANS:
        return "planned"
    return time


def _ended(kind: str, resource: Resource, words: str, where: str, context: Context) -> Decimal | None:
    """Days since something past ended; where only the day of the order is known, counted from there."""
    span = span_of(resource, *_ENDS[kind]) or _bounds_of(resource)
    if span is None and (ordered := span_of(resource, "authoredOn", "dateAsserted", "recorded")):
        context.leave(words, where, "when it ended is not said: counted from the day it was written down")
        span = ordered
    if span is None:
        context.leave(words, where, "when it ended is not said; rules with a time limit could not be judged")
    return days_ago(span, words, where, context)


def _bounds_of(resource: Resource) -> Any:
    for dosage in _dosages(resource):
        span = span_of(obj(obj(dosage.get("timing")).get("repeat")), "boundsPeriod")
        if span:
            return span
    return None


def read_medication_use(resource: Resource, where: str, context: Context) -> None:
    """A MedicationRequest, MedicationStatement or MedicationAdministration."""
    kind = resource["resourceType"]
    found, words, written = medication(resource, context)
    time = _time_of(kind, resource, words, where, context)
    if time is None:
        return
    past = _ended(kind, resource, words, where, context) if time == "past" else None
    dose = _dose(resource, words, where, context) or written
    infusion = _infusion(resource, words, where)
    taken = context.intake.take_treatment(found, time, words, where, dose, past, infusion=infusion)
    if taken and time != "past":
        _read_reasons(resource, words, where, context)


def medication(resource: Resource, context: Context) -> tuple[Found, str, Amount | None]:
    """What the medication of a resource is, its words, and a dose that the words hold."""
    concept = obj(resource.get("medicationCodeableConcept"))
    ingredients: list[Resource] = []
    if not concept:
        reference = obj(resource.get("medicationReference"))
        target = context.lookup(text(reference.get("reference")), resource)
        if target is None:
            concept = {"text": text(reference.get("display"))}
            if not concept["text"]:
                return Found((), (_NOT_THERE,)), "(medication)", None
        else:
            if text(target.get("status")) == "entered-in-error":
                return Found((), ("its medication was entered in error",)), words_of(target.get("code")), None
            concept, ingredients = obj(target.get("code")), items(target.get("ingredient"))
    words = words_of(concept) if concept else "(medication)"
    found = context.codeable(concept, context.intake.concepts.is_treatment)
    named, dose = context.intake.treatment_named(words)
    if found.concepts and text(concept.get("text")) and _are_products_of(named, found, context):
        return Found(named.concepts, found.notes), words, dose  # the text says which product of the coded substance
    if found.concepts:
        return found, words, dose if set(named.concepts) & set(found.concepts) else None
    if named.concepts and not codings(concept):
        return named, words, dose
    inside = [context.codeable(each.get("itemCodeableConcept")) for each in ingredients]
    contents = tuple(dict.fromkeys(iri for each in inside for iri in each.concepts))
    if contents:
        notes = tuple(note for each in inside for note in each.notes)
        return Found(contents, (*found.notes, "read by its ingredients", *notes)), words, None
    return (Found(named.concepts, found.notes + named.notes) if named.concepts else found), words, dose


def _are_products_of(named: Found, found: Found, context: Context) -> bool:
    concepts = context.intake.concepts
    return bool(named.concepts) and all(
        concepts.is_a(one, "DrugProduct") and any(concepts.is_kind_of(one, two) for two in found.concepts)
        for one in named.concepts
    )


def _dosages(resource: Resource) -> list[Resource]:
    dosage = resource.get("dosage")
    return items(resource.get("dosageInstruction")) + items(dosage) + ([dosage] if isinstance(dosage, dict) else [])


def _dose(resource: Resource, words: str, where: str, context: Context) -> Amount | None:
    """The one dose of a medication; several different ones are none."""
    found = {amount for dosage in _dosages(resource) for amount in _amounts(dosage)}
    if len(found) > 1:
        shown = ", ".join(sorted(map(str, found)))
        context.leave(f"{words}: {shown}", where, "it has several doses, and none of them is taken")
    return found.pop() if len(found) == 1 else None


def _amounts(dosage: Resource) -> list[Amount]:
    quantities = [dosage.get("dose"), *(each.get("doseQuantity") for each in items(dosage.get("doseAndRate")))]
    amounts = map(amount_of, quantities)
    return [amount for amount in amounts if amount is not None and amount.value > 0]


def _infusion(resource: Resource, words: str, where: str) -> Value | None:
    """How long an infusion runs, from the timing of its dosage."""
    for dosage in _dosages(resource):
        repeat = obj(obj(dosage.get("timing")).get("repeat"))
        duration, unit = repeat.get("duration"), text(repeat.get("durationUnit"))
        if isinstance(duration, Decimal) and unit:
            return Value(INFUSION, Interval.of(duration), unit, f"{words}, infusion", where)
    return None


def _read_reasons(resource: Resource, words: str, where: str, context: Context) -> None:
    for reason in items(resource.get("reasonCode")):
        shown = f"{words}, reason: {words_of(reason)}"
        found = context.codeable(reason, context.intake.concepts.is_condition)
        for concept in context.intake.of_kind(found, "condition", shown, where):
            context.intake.add(concept, "condition", "now", shown, where)


def read_procedure(resource: Resource, where: str, context: Context) -> None:
    """A Procedure or a ServiceRequest."""
    kind = resource["resourceType"]
    _read_activity(kind, resource, where, context)


def _read_activity(kind: str, resource: Resource, where: str, context: Context) -> None:
    code = resource.get("code")
    words = words_of(code)
    time = _time_of(kind, resource, words, where, context)
    if time is None:
        return
    past = _ended(kind, resource, words, where, context) if time == "past" else None
    found = context.codeable(code, context.intake.concepts.is_treatment)
    if kind == "Procedure" and text(resource.get("status")) == "stopped":
        context.leave(words, where, "it was stopped before its end: taken as past")
    context.intake.take_treatment(found, time, words, where, days_ago=past)


def read_care_plan(resource: Resource, where: str, context: Context) -> None:
    """The activities that a CarePlan describes itself; those it refers to are read where they stand."""
    status = text(resource.get("status"))
    for index, activity in enumerate(items(resource.get("activity"))):
        detail = obj(activity.get("detail"))
        place = f"{where} activity[{index}]"
        if not detail:
            continue
        if status not in ("active", "draft", "on-hold", "completed"):
            context.leave(words_of(detail.get("code")), place, f"the status of its plan is {status[:40]!r}")
        else:
            _read_activity("CarePlan", detail, place, context)


_REPORTED = ("final", "amended", "corrected", "appended", "preliminary", "partial")


def read_report(resource: Resource, where: str, context: Context) -> None:
    """A DiagnosticReport: the test is on record; its conclusion stays with the people who wrote it."""
    words = words_of(resource.get("code"))
    status = text(resource.get("status"))
    if status not in _REPORTED:
        return context.leave(words, where, f"its status is {status[:40]!r}, so it does not count")
    span = span_of(resource, "effectiveDateTime", "effectivePeriod", "issued")
    found = context.codeable(resource.get("code"), context.intake.concepts.is_check)
    done = context.intake.of_kind(found, "check", words, where)
    context.intake.check_done(done, words, where, days_ago(span, words, where, context))
    for conclusion in items(resource.get("conclusionCode")):
        context.leave(words_of(conclusion), where, "the conclusion of a report is not read as a condition")
    return None
