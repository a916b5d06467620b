"""Conditions, allergies, devices and family history of a FHIR R4 bundle.

Only what is confirmed or not qualified counts, and only what is active is present: what is over is past.
"""

from __future__ import annotations

from .concepts import osteo
from .fhir_elements import Context, Resource, codes, days_ago, items, obj, span_of, text, words_of
from .record import Time
from .resolver import Found
from .tumour import METASTATIC, metastases_at

_CLINICAL: dict[str, Time] = {
    "active": "now",
    "recurrence": "now",
    "relapse": "now",
    "inactive": "past",
    "remission": "past",
    "resolved": "past",
}
_NOT_VERIFIED = {
    "refuted": "it is refuted, so not present",
    "entered-in-error": "it was entered in error",
    "unconfirmed": "it is not confirmed, so not taken as present",
    "provisional": "it is a provisional diagnosis, so not taken as present",
    "differential": "it is one of several possible diagnoses, so not taken as present",
}


def _time_of(resource: Resource, words: str, where: str, context: Context) -> Time | None:
    """Whether something is present or past; None, with a leftover, where it is neither."""
    verified = codes(resource.get("verificationStatus"))
    for code in verified:
        if code != "confirmed":
            context.leave(words, where, _NOT_VERIFIED.get(code, f"its verification status {code[:40]!r} is not known"))
            return None
    clinical = codes(resource.get("clinicalStatus"))
    for code in clinical:
        if code not in _CLINICAL:
            context.leave(words, where, f"its clinical status {code[:40]!r} is not known; it is not taken as present")
            return None
    if clinical:
        return _CLINICAL[clinical[0]]
    return "past" if any(name.startswith("abatement") for name in resource) else "now"


def read_condition(resource: Resource, where: str, context: Context) -> None:
    """A Condition, with the body sites of a metastasis and the stage of a cancer."""
    words = words_of(resource.get("code"))
    time = _time_of(resource, words, where, context)
    if time is None:
        return None
    onset = span_of(resource, "onsetDateTime", "onsetPeriod")
    if onset and onset.is_after(context.today):
        return context.leave(words, where, f"it begins after {context.today}")
    past = days_ago(span_of(resource, "abatementDateTime", "abatementPeriod"), words, where, context)
    found = context.codeable(resource.get("code"), context.intake.concepts.is_condition)
    for concept in context.intake.of_kind(found, "condition", words, where):
        for exact in _at_sites(concept, resource, words, where, context):
            context.intake.add(exact, "condition", time, words, where, past if time == "past" else None)
    for stage in items(resource.get("stage")):
        _read_stage(stage, time, where, context)
    return None


def _at_sites(concept: str, resource: Resource, words: str, where: str, context: Context) -> list[str]:
    """A metastatic disease at its body sites; any other condition as it is."""
    concepts = context.intake.concepts
    found = {concept}
    for site in items(resource.get("bodySite")):
        named = context.codeable(site, lambda iri: concepts.is_a(iri, "AnatomicalEntity"))
        places = [each for each in named.concepts if concepts.is_a(each, "AnatomicalEntity")]
        if concepts.is_kind_of(concept, METASTATIC):
            found.update(disease for place in places for disease in metastases_at(place, concepts))
            context.intake.leave_notes(named, f"{words}, body site {words_of(site)}", where)
        elif not concepts.is_kind_of(concept, osteo("Cancer")):
            context.leave(f"{words}, body site {words_of(site)}", where, "body sites are read only for metastases")
    return concepts.most_specific(found)


def _read_stage(stage: Resource, time: Time, where: str, context: Context) -> None:
    summary = stage.get("summary")
    if not obj(summary):
        return
    words = f"stage {words_of(summary)}"
    found = context.codeable(summary, context.intake.concepts.is_condition)
    for concept in context.intake.of_kind(found, "condition", words, where):
        context.intake.add(concept, "condition", time, words, where)


def read_allergy(resource: Resource, where: str, context: Context) -> None:
    """An AllergyIntolerance: the graph's hypersensitivity to the substance, or to a class that it belongs to."""
    intake = context.intake
    concepts = intake.concepts
    words = words_of(resource.get("code"))
    time = _time_of(resource, words, where, context)
    if time is None:
        return
    found = context.codeable(resource.get("code"))
    shown = f"allergy: {words}"
    intake.leave_notes(found, shown, where)
    for concept in found.concepts:
        if concepts.is_condition(concept) and not concepts.is_treatment(concept):
            intake.add(concept, "condition", time, shown, where)
            continue
        known = hypersensitivities(concept, context)
        for each in known:
            intake.add(each, "condition", time, shown, where)
        if not known:
            intake.leave(shown, where, f"the graph knows no hypersensitivity to {concepts.label(concept)}")
        elif concepts.is_a(concept, "DrugProduct"):
            intake.leave(shown, where, "read as allergy to the active substance; it could be one to an excipient")


def hypersensitivities(substance: str, context: Context) -> list[str]:
    """What the graph calls hypersensitivity to a substance, or to a class that the substance is a member of."""
    concepts = context.intake.concepts
    names = context.intake.resolver.names
    found: set[str] = set()
    for broad in concepts.broader(substance):
        label = concepts.label(broad)
        for article in ("", "a ", "an "):
            found |= names.get(f"hypersensitivity to {article}{label}".casefold(), frozenset())
        found |= {iri for iri in concepts.labels if iri.endswith(f"/HypersensitivityTo{broad.rpartition('/')[2]}")}
    return concepts.most_specific(found)


def read_family_history(resource: Resource, where: str, context: Context) -> None:
    """A FamilyMemberHistory: of the family, so never of the patient."""
    conditions = items(resource.get("condition"))
    for condition in conditions:
        context.leave(words_of(condition.get("code")), where, "it is of the family, not of the patient")
    if not conditions:
        context.leave("family history", where, "it is of the family, not of the patient")


def read_device(resource: Resource, where: str, context: Context) -> None:
    """A Device of the patient, such as a pacemaker."""
    element = resource.get("type") if resource["resourceType"] == "Device" else resource.get("device")
    status = text(resource.get("status"))
    words = words_of(element)
    if not obj(element) or obj(element).get("reference"):
        return None  # a DeviceUseStatement about a Device that is read by itself
    if status not in ("", "active"):
        return context.leave(words, where, f"its status is {status[:40]!r}, so it is not taken as present")
    found: Found = context.codeable(element, lambda iri: context.intake.concepts.is_a(iri, "Device", "PatientState"))
    for concept in context.intake.of_kind(found, "condition", words, where):
        context.intake.add(concept, "condition", "now", words, where)
    return None
