"""FHIR Bulk Data: lines in any order, read as single bundles are read."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from benchmarks.cohorts import TODAY

from osteograph.ontology.errors import ProblemsFound
from osteograph.queries.cohort.running import Wish, screen_cohort
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.reading import read_record
from osteograph.queries.screening.screening import Screener
from tests.screening.records import ICD, RXNORM, SCT, bundle, coded, condition, laboratory, order

ZOMETA = {"text": "Zometa"}
PATIENTS: dict[str, list[dict[str, Any]]] = {
    "low": [
        {"resourceType": "Patient", "id": "low", "gender": "female", "birthDate": "1950-05"},
        condition(coded(ICD, "C50.9")),
        condition(coded(ICD, "C79.51")),
        order(ZOMETA, intent="plan"),
        laboratory("2164-2", 25, "mL/min", effectiveDateTime="2026-11-02"),
    ],
    "denied": [
        condition(coded(SCT, "77386006"), verificationStatus={"coding": [{"code": "refuted"}]}),
        order({"text": "Prolia"}),
    ],
    "pregnant": [condition(coded(SCT, "77386006")), order({"text": "Prolia"})],
    "by-reference": [
        condition(coded(SCT, "77386006")),
        {
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationReference": {"reference": "Medication/m1"},
        },
    ],
}  # fmt: skip
SHARED = {"resourceType": "Medication", "id": "m1", "code": {"text": "Prolia"}}


def lines() -> list[str]:
    """All resources with the patients that they are about, shuffled."""
    found = [json.dumps(SHARED)]
    for patient, resources in PATIENTS.items():
        for number, resource in enumerate(resources):
            about = {} if resource["resourceType"] == "Patient" else {"subject": {"reference": f"Patient/{patient}"}}
            found.append(json.dumps({"id": f"{patient}-{number}", **resource, **about}))
    random.Random(5).shuffle(found)
    return found


def test_bulk_data_has_the_flags_of_the_same_bundles_one_by_one(
    knowledge: Knowledge, screener: Screener, tmp_path: Path
) -> None:
    """Status, references to shared medications, numbers and times; bad lines are rejected with reasons."""
    bad = ["{not json", '{"id": "x"}', json.dumps(condition(coded(RXNORM, "1")))]
    folder = tmp_path / "bulk"
    folder.mkdir()
    (folder / "a.ndjson").write_text("\n".join(lines()[:7]) + "\n\n", encoding="utf-8")
    (folder / "b.ndjson").write_text("\n".join([*lines()[7:], *bad]) + "\n", encoding="utf-8")
    outcome = screen_cohort(knowledge, Wish(folder, tmp_path / "out", TODAY, chunk=2), lambda step: None)
    rows = [row for part in sorted((tmp_path / "out" / "flags").iterdir()) for row in pq.read_table(part).to_pylist()]
    wanted = set()
    for patient, resources in PATIENTS.items():
        shared = [SHARED] if patient == "by-reference" else []
        record = read_record(bundle(*resources, *shared), screener.knowledge.store, today=TODAY)
        for result in screener.screen(record).treatments:
            for flag in (*result.flags, *result.raised_risks):
                wanted |= {
                    (patient, result.entry.concept.rpartition("/")[2], flag.strength, p.name) for p in flag.parts
                }
    found = {
        (
            row["patient"],
            row["treatment"].removeprefix("osteo:"),
            row["strength"],
            row["rule_part"].removeprefix("rule:"),
        )
        for row in rows
        if row["rule_part"]
    }
    assert found == wanted
    assert {"low", "pregnant", "by-reference"} == {patient for patient, *_ in found}
    rejected = list(csv.DictReader((tmp_path / "out" / "rejects.csv").open(encoding="utf-8")))
    assert sorted(row["problem"] for row in rejected) == [
        "it has no resourceType",
        "it is no JSON",
        "it names no patient",
    ]
    assert {row["file"] for row in rejected} == {"b.ndjson"}
    assert outcome.patients == 4
    assert sum(outcome.not_understood.values()) > 0


def test_a_patient_that_cannot_be_read_is_rejected_alone(knowledge: Knowledge, tmp_path: Path) -> None:
    """Two patients of one identifier in one cohort are no record; the others are screened."""
    twice = [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Patient", "id": "p", "gender": "male"}]
    other = [{**condition(coded(SCT, "77386006")), "subject": {"reference": "Patient/q"}}]
    other.append({**order({"text": "Prolia"}), "subject": {"reference": "Patient/q"}})
    (tmp_path / "c.ndjson").write_text("\n".join(map(json.dumps, [*twice, *other])), encoding="utf-8")
    outcome = screen_cohort(knowledge, Wish(tmp_path / "c.ndjson", tmp_path / "out", TODAY), lambda step: None)
    assert list(outcome.rejected) == ["c.ndjson: the bundle tells of 2 patients"]
    assert outcome.patients == 1  # nobody takes an unread patient for one without flags
    assert outcome.by_strength["contraindicated"] > 0


def test_a_line_that_is_no_text_is_rejected_alone(knowledge: Knowledge, tmp_path: Path) -> None:
    """One byte that is no UTF-8 costs its line; what the line says is repeated nowhere."""
    sound = {**order({"text": "Prolia"}), "subject": {"reference": "Patient/q"}}
    lines = [json.dumps(sound).encode(), b'{"resourceType": "Patient", "id": "secret\xff"}', json.dumps(sound).encode()]
    (tmp_path / "c.ndjson").write_bytes(b"\n".join(lines))
    outcome = screen_cohort(knowledge, Wish(tmp_path / "c.ndjson", tmp_path / "out", TODAY), lambda step: None)
    assert outcome.patients == 1
    assert list(outcome.rejected) == ["c.ndjson: it is no line of text: invalid encoding"]
    assert "secret" not in (tmp_path / "out" / "rejects.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "words"), [("a.ndjson", "it holds no patient"), ("cohort.txt", "it is no cohort")], ids=["empty", "other"]
)
def test_a_file_without_patients_is_refused(knowledge: Knowledge, tmp_path: Path, name: str, words: str) -> None:
    """As is a file of another kind."""
    (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(ProblemsFound, match=words):
        screen_cohort(knowledge, Wish(tmp_path / name, tmp_path / "out", TODAY), lambda step: None)
