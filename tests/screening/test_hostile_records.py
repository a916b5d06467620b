"""Whatever a file holds: an answer or a clear error, in bounded time and memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osteograph.ontology.errors import OsteographError, ProblemsFound
from osteograph.queries.screening.fhir import _READERS, MOST_ENTRIES
from osteograph.queries.screening.record import Record

from .records import ICD, LOINC, RXNORM, SCT, Read, bundle, coded, condition, conditions, laboratory, order, reasons

KEYS = (
    "resourceType", "id", "status", "code", "coding", "system", "display", "text", "clinicalStatus", "bodySite",
    "stage",
    "verificationStatus", "valueQuantity", "value", "unit", "comparator", "referenceRange", "low", "high", "component",
    "interpretation", "medicationCodeableConcept", "medicationReference", "reference", "contained", "subject", "intent",
    "dosageInstruction", "doseAndRate", "doseQuantity", "dosage", "dose", "activity", "detail", "birthDate", "gender",
    "effectivePeriod", "end", "authoredOn", "performedDateTime", "valueBoolean", "valueCodeableConcept", "type",
    "ingredient", "itemCodeableConcept", "modifierExtension", "reasonCode", "condition", "timing", "repeat", "summary",
)  # fmt: skip
WORDS = ("active", "final", "completed", "Xgeva", "94222008", SCT, LOINC, RXNORM, ICD, "17861-6", "993449", "#x", "mg")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-9, 10**20)
    | st.floats(-1e6, 1e6)
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
RESOURCES = st.builds(
    lambda name, body: {**(body if isinstance(body, dict) else {}), "resourceType": name},
    st.sampled_from([*_READERS, "Patient", "Medication", "Strange"]),
    ANY_JSON,
)
QUICK = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(read: Read, data: bytes) -> None:
    """Read something that need not be a record; only errors of our own may come of it."""
    try:
        outcome: object = read(data)
    except OsteographError as error:
        outcome = str(error)
    assert isinstance(outcome, (Record, str))


@QUICK
@given(value=ANY_JSON)
def test_any_json_is_read_or_refused(read: Read, value: object) -> None:
    """As a form, or as whatever it claims to be."""
    answered(read, json.dumps(value).encode())


@QUICK
@given(resources=st.lists(RESOURCES, max_size=4))
def test_any_resources_are_read_or_refused(read: Read, resources: list[dict[str, object]]) -> None:
    """Elements of the wrong shape in a bundle that is one."""
    entries = [{"resource": each} for each in resources]
    answered(read, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())


@QUICK
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(read: Read, data: bytes) -> None:
    """Files are not always what their names say."""
    answered(read, data)


@QUICK
@given(data=st.text("{}[]:,-&*!|>'\"%#\n abc0", max_size=40))
def test_any_yaml_is_read_or_refused(read: Read, data: str) -> None:
    """Text made of the marks of YAML."""
    answered(read, data.encode())


SOME = (
    condition(coded(SCT, "254837009")),
    condition(coded(SCT, "128462008"), bodySite=[coded(SCT, "73903008")]),
    condition(coded(ICD, "E11.22")),
    condition(coded("http://example.org/x", "1")),
    laboratory("17861-6", 7.1, "mg/dL", effectiveDateTime="2026-10-01"),
    laboratory("17861-6", 9.9, "mg/dL", effectiveDateTime="2026-10-11"),
    laboratory("2160-0", 3.4, "mg/dL"),
    order(coded(RXNORM, "77655")),
    order(
        coded(RXNORM, "993449"), dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 60, "unit": "mg"}}]}]
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_order_in_a_bundle_means_nothing(read: Read, seed: int) -> None:
    """The same resources in any order are the same record, places apart."""

    def said(resources: list[dict[str, object]]) -> object:
        record = read(bundle(*resources))
        entries = {(e.concept, e.kind, e.time, e.words, e.days_ago, e.measured, e.estimated) for e in record.entries}
        return entries, {(left.words, left.reason) for left in record.leftovers}

    shuffled = list(SOME)
    random.Random(seed).shuffle(shuffled)
    assert said(shuffled) == said(list(SOME))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"resourceType": "Bundle",\n "entry": [}', "record:2: column 12: this is not JSON"),
        (b'{"resourceType": "Bundle", "x": NaN}', "NaN is no value in JSON"),
        (b'{"resourceType": "Bundle", "x": -Infinity}', "Infinity is no value"),
        (b'{"resourceType": "Bundle", "id": "a", "id": "b"}', "the key 'id' occurs twice"),
        (b'{"resourceType": "Bundle", "x": 1e999999999999}', "too long or too large"),
        (b'{"resourceType": "Bundle", "x": ' + b"9" * 5000 + b"}", "too long or too large"),
        (b'{"resourceType": "Patient"}', "where a bundle is wanted"),
        (b'{"resourceType": 7}', "where a bundle is wanted"),
        (b'{"resourceType": "Bundle", "entry": {}}', "Bundle.entry is no list"),
        (b'{"resourceType": "Bundle", "type": "history"}', "history"),
        (b'{"resourceType": "Bundle", "entry": [{}, 5]}', r"Bundle.entry\[1\]: it holds no resource"),
        (b'{"resourceType": "Bundle", "x": ' + b"[" * 90 + b"]" * 90 + b"}", "nested more than 64 levels"),
        (b'{"resourceType": "Bundle", "x": ' + b"[" * 200_000, "nested more than 64 levels"),
        (b'{"resourceType": "Bundle", "x": "' + b"a" * 68_000_000 + b'"}', "larger than 64 MiB"),
    ],
)
def test_a_broken_bundle_is_refused(read: Read, data: bytes, message: str) -> None:
    """With a problem that says where and what."""
    with pytest.raises(ProblemsFound, match=message):
        read(data)


def test_a_name_made_to_be_slow_is_not(read: Read) -> None:
    """Fifty thousand doses in one name: matching must not take their square."""
    record = read("treatments: {planned: ['" + "1 mg " * 50_000 + "/']}")
    assert not record.entries
    assert "no concept has this name" in reasons(record)


def test_an_empty_bundle_says_nothing(read: Read) -> None:
    """It is a bundle, with nothing in it."""
    assert read(bundle()).entries == ()


def test_too_many_entries_are_refused(read: Read) -> None:
    """One record is of one patient; the error names the number."""
    many = json.dumps({"resourceType": "Bundle", "entry": [0] * (MOST_ENTRIES + 1)}).encode()
    with pytest.raises(ProblemsFound, match=f"more than {MOST_ENTRIES}"):
        read(many)


def test_many_unknown_conditions_are_all_left_over(read: Read) -> None:
    """Twenty thousand unknown names, without twenty thousand searches for like ones."""
    record = read(bundle(*(condition({"text": f"unheard-of illness {n}"}) for n in range(20_000))))
    assert len(record.leftovers) == 20_000
    assert not conditions(record)
    assert "no concept has this name" in reasons(record)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process in the way of Linux")
def test_a_million_conditions_end_within_bounds() -> None:
    """In a process with one gigabyte of memory: refused with a reason, not killed."""
    program = """
        import resource
        from osteograph.ontology.errors import ProblemsFound
        from osteograph.queries.screening.strict_json import read_json
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        entry = b'{"resource":{"resourceType":"Condition"}},'
        data = b'{"resourceType":"Bundle","entry":[' + entry * 10**6 + b'{}]}'
        try:
            read_json(data, "bundle.json")
        except ProblemsFound as error:
            print(error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False)
    assert "holds more than 2000000 values" in done.stdout, done.stderr
