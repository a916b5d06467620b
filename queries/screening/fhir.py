"""A FHIR R4 bundle as a record; any bundle will do, mCODE profiles are not required.

References are followed within the bundle and never fetched. ``today`` is the day of the bundle: its timestamp, else the
newest date on which something in it was written down or done, else the day of reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from osteograph.ontology.errors import Problem, ProblemsFound

from .concepts import osteo
from .fhir_conditions import read_allergy, read_condition, read_device, read_family_history
from .fhir_elements import Context, Resource, items, obj, text
from .fhir_observations import read_observation
from .fhir_treatments import read_care_plan, read_medication_use, read_procedure, read_report
from .intake import Intake, Knowledge
from .measurements import AGE, Value
from .quantities import Interval
from .record import Record
from .times import Span, age_in_years
from .tumour import add_implied

MOST_ENTRIES = 50_000
_DATES = (
    "authoredOn", "recordedDate", "effectiveDateTime", "effectiveInstant", "issued", "performedDateTime",
    "abatementDateTime", "onsetDateTime", "dateAsserted", "recorded",
)  # fmt: skip
_SEXES = {"female": "FemaleSex", "male": "MaleSex"}
_NEVER_READ = ("Bundle", "Medication", "Patient", "Substance")  # read through what refers to them, or by themselves
_READERS: Mapping[str, Callable[[Resource, str, Context], None]] = {
    "AllergyIntolerance": read_allergy,
    "CarePlan": read_care_plan,
    "Condition": read_condition,
    "Device": read_device,
    "DeviceUseStatement": read_device,
    "DiagnosticReport": read_report,
    "FamilyMemberHistory": read_family_history,
    "MedicationAdministration": read_medication_use,
    "MedicationRequest": read_medication_use,
    "MedicationStatement": read_medication_use,
    "Observation": read_observation,
    "Procedure": read_procedure,
    "ServiceRequest": read_procedure,
}


def read_bundle(bundle: Resource, file: str, knowledge: Knowledge, today: date | None = None) -> Record:
    """The record of one patient. Raises ProblemsFound where this is no bundle of one patient."""
    resources = _resources(bundle, file)
    people = _people(resources, file)
    index = _index(resources)
    intake = Intake.over(knowledge)
    context = Context(intake, today or _day_of(bundle, resources), lambda ref, holder: _look_up(ref, holder, index))
    for where, _, person in people:
        _read_patient(person, where, context)
    subject = people[0][2] if people else None
    unread: Counter[str] = Counter()
    for where, _, resource in resources:
        _read_resource(resource, where, subject, context, unread)
    for kind, count in sorted(unread.items()):
        intake.leave(kind, "Bundle", f"{count} of this type of resource, which is not read")
    intake.grade_values()
    intake.grade_repeats()
    add_implied(intake)
    return intake.finish(text(bundle.get("id")) or file)


Placed = tuple[str, str, Resource]  # its place, its full URL, itself


def _resources(bundle: Resource, file: str) -> list[Placed]:
    """The resources of a bundle with their places. Raises ProblemsFound where there are none to read."""
    kind, entries = bundle.get("resourceType"), bundle.get("entry", [])
    if kind != "Bundle":
        _fail(file, f"a resource of type {str(kind)[:60]!r} stands where a bundle is wanted", "put it into a Bundle")
    if not isinstance(entries, list):
        _fail(file, "Bundle.entry is no list", "give a FHIR R4 bundle")
    if len(entries) > MOST_ENTRIES:
        _fail(
            file, f"the bundle has {len(entries)} entries, more than {MOST_ENTRIES}", "give the record of one patient"
        )
    if bundle.get("type") == "history":
        _fail(file, "the bundle is a history, in which one resource stands in many versions", "give the present record")
    problems: list[Problem] = []
    result: list[Placed] = []
    for index, entry in enumerate(entries):
        resource = obj(obj(entry).get("resource"))
        name = resource.get("resourceType")
        place = f"Bundle.entry[{index}]"
        if isinstance(name, str):
            identity = text(resource.get("id"))
            where = f"{place} {name[:60]}" + (f"/{identity[:80]}" if identity else "")
            result.append((where, text(obj(entry).get("fullUrl")), resource))
        elif len(problems) < 20:
            problems.append(Problem(file, 0, place, "it holds no resource", "give a resource with a resourceType"))
    if problems:
        raise ProblemsFound(problems)
    return result


def _fail(file: str, message: str, remedy: str) -> None:
    raise ProblemsFound([Problem(file, 0, "", message, remedy)])


def _people(resources: list[Placed], file: str) -> list[Placed]:
    """The patient of a bundle, if it has one. Raises ProblemsFound where it tells of several people."""
    people = [placed for placed in resources if placed[2]["resourceType"] == "Patient"]
    subjects = {subject for _, _, resource in resources if (subject := _subject(resource))}
    if len(people) > 1 or (not people and len(subjects) > 1):
        count = max(len(people), len(subjects))
        _fail(file, f"the bundle tells of {count} patients", "give one bundle for each patient")
    return people


def _subject(resource: Resource) -> str:
    return text(obj(resource.get("subject") or resource.get("patient")).get("reference"))


def _index(resources: list[Placed]) -> dict[str, Resource]:
    index: dict[str, Resource] = {}
    for _, url, resource in resources:
        for key in (url, f"{resource['resourceType']}/{text(resource.get('id'))}"):
            if key and not key.endswith("/"):
                index.setdefault(key, resource)
    return index


def _look_up(reference: str, holder: Resource, index: Mapping[str, Resource]) -> Resource | None:
    """The resource that a reference means, within its holder or the bundle."""
    if reference.startswith("#"):
        inside = items(holder.get("contained"))
        return next((each for each in inside if text(each.get("id")) == reference[1:]), None)
    return index.get(reference) or index.get("/".join(reference.split("/_history", maxsplit=1)[0].split("/")[-2:]))


def _day_of(bundle: Resource, resources: list[Placed]) -> date:
    stamp = Span.parse(text(bundle.get("timestamp")))
    if stamp:
        return stamp.last
    spans = (Span.parse(text(resource.get(name))) for _, _, resource in resources for name in _DATES)
    days = [span.first for span in spans if span]
    return max(days, default=date.today())


def _read_patient(patient: Resource, where: str, context: Context) -> None:
    intake = context.intake
    sex = text(patient.get("gender"))
    concept = osteo(_SEXES.get(sex, ""))
    if concept in intake.concepts:
        intake.add(concept, "condition", "now", f"gender: {sex}", where)
    elif sex not in ("", "male"):
        intake.leave(f"gender: {sex}", where, "no rule of the graph asks for it")
    written = patient.get("birthDate")
    if written is None:
        return None
    birth = Span.parse(text(written))
    if birth is None or birth.is_after(context.today):
        reason = "it is no date" if birth is None else f"it lies after {context.today}"
        return intake.leave(f"birthDate: {written}", where, reason)
    least, most = age_in_years(birth, context.today)
    words = f"born {text(written)}"
    intake.values.append(Value(AGE, Interval(Decimal(least), Decimal(most)), "a", words, where))
    return None


def _read_resource(
    resource: Resource, where: str, patient: Resource | None, context: Context, unread: Counter[str]
) -> None:
    kind = resource["resourceType"]
    if kind in _NEVER_READ:
        return
    reader = _READERS.get(kind)
    if reader is None:
        unread[kind[:60] if len(unread) < 100 else "other"] += 1
    elif items(resource.get("modifierExtension")):
        context.leave(kind, where, "it has a modifier extension, which may change its meaning: not read")
    elif _is_of_another(resource, patient, context):
        context.leave(kind, where, "it is about somebody else than the patient of the bundle")
    else:
        reader(resource, where, context)


def _is_of_another(resource: Resource, patient: Resource | None, context: Context) -> bool:
    reference = _subject(resource)
    if patient is None or not reference:
        return False
    target: Any = context.lookup(reference, resource)
    return target is not patient
