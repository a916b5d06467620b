"""The command ``screen --cohort``: what it prints, and what it refuses before anything is read."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.cohorts import TODAY

from osteograph.cli import main
from osteograph.ontology.errors import ToolMissing
from osteograph.queries.cohort.needs import refuse_missing
from osteograph.queries.screening.reading import read_record
from osteograph.queries.screening.screening import Screener

LINES = """patient,kind,code,status,date,value,unit
low,condition,breast cancer,,,,
low,condition,bone metastasis,,,,
low,treatment,zoledronic acid,planned,,4,mg
low,measurement,creatinine clearance,,2026-11-02,<30,mL/min
low,measurement,age,,,71,a
sound,condition,breast cancer,,,,
sound,condition,bone metastasis,,,,
sound,condition,hypocalcemia,past,2026-05-01,,
sound,condition,pregnancy,suspected,,,
sound,condition,osteonecrosis of the jaw,family_history,,,
sound,treatment,zoledronic acid,planned,,4,mg
sound,treatment,Xgeva,,,,
sound,measurement,creatinine clearance,,2026-11-02,90,mL/min
sound,measurement,calcium,,,9.4,mg/dL
isotope,treatment,samarium-153,planned,,,
isotope,treatment,chemotherapy,past,2026-10-20,,
later,treatment,samarium-153,planned,,,
later,treatment,chemotherapy,past,2026-08-20,,
"""
FORMS = {
    "low": """tumour: breast cancer
age: 71
conditions: [bone metastasis]
treatments: {planned: [{name: zoledronic acid, dose: 4, unit: mg}]}
measurements: {creatinine clearance: {value: "<30", unit: mL/min, date: 2026-11-02}}""",
    "sound": """tumour: breast cancer
conditions:
  - bone metastasis
  - {name: hypocalcemia, status: past, ended: 2026-05-01}
  - {name: pregnancy, status: suspected}
  - {name: osteonecrosis of the jaw, status: family_history}
treatments: {planned: [{name: zoledronic acid, dose: 4, unit: mg}], current: [Xgeva]}
measurements: {creatinine clearance: 90 mL/min, calcium: 9.4 mg/dL}""",
    "isotope": "treatments: {planned: [samarium-153], past: [{name: chemotherapy, ended: 2026-10-20}]}",
    "later": "treatments: {planned: [samarium-153], past: [{name: chemotherapy, ended: 2026-08-20}]}",
}


def test_plain_csv_has_the_flags_of_the_same_records_one_by_one(
    screener: Screener, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names, doses, numbers with comparators, times, and what is suspected or of the family."""
    bad = "p9,wish,health,,,,\n,condition,pain,,,,\np8,measurement,calcium,,,much,mg/dL\np 7,condition,pain,,,,\n"
    (tmp_path / "cohort.csv").write_text(LINES + bad, encoding="utf-8")
    command = ["screen", "--cohort", str(tmp_path / "cohort.csv"), "--output", str(tmp_path / "out")]
    assert main([*command, "--today", TODAY.isoformat(), "--graph", str(built), "--chunk", "3"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Educational, not medical advice; reviewed by no clinician.\n")
    assert "rows rejected: 4 (rejects.csv)" in told.out
    assert "4 of 4 patients" in told.err
    rows = [row for part in sorted((tmp_path / "out" / "flags").iterdir()) for row in pq.read_table(part).to_pylist()]
    wanted = {
        (name, f"osteo:{result.entry.concept.rpartition('/')[2]}", flag.strength, f"rule:{part.name}")
        for name, form in FORMS.items()
        for result in screener.screen(read_record(form.encode(), screener.knowledge.store, today=TODAY)).treatments
        for flag in (*result.flags, *result.raised_risks)
        for part in flag.parts
    }
    assert {(r["patient"], r["treatment"], r["strength"], r["rule_part"]) for r in rows if r["rule_part"]} == wanted
    assert ("low", "osteo:Zometa", "not recommended", "rule:ZOL-05-1") in wanted
    assert {name for name, _, strength, _ in wanted if strength == "contraindicated"} == {"isotope"}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    unknown = list(csv.DictReader((tmp_path / "out" / "not-understood.csv").open(encoding="utf-8")))
    assert {(row["code"], row["reason"]) for row in unknown} >= {
        ("pregnancy", "suspected is not taken as present"),
        ("osteonecrosis of the jaw", "family_history is not taken as present"),
    }
    assert summary["rejected"] == {
        "csv: a patient is called by up to 64 letters, digits and . _ ~ -": 1,
        "csv: it names no patient": 1,
        "csv: its kind is not condition, treatment or measurement": 1,
        "csv: its value is no number": 1,
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "name the record of one patient, or a cohort"),
        (["record.yaml", "--cohort", "x"], "name the record of one patient, or a cohort"),
        (["--cohort", "x"], "name a folder for the flags with --output"),
        (["--cohort", "x", "--output", "y", "--format", "fhir"], "a cohort can be had as parquet, csv, ntriples"),
        (["--cohort", "x", "--output", "y", "--remaining"], "--remaining is for the record of one patient"),
        (["--cohort", "x", "--output", "y", "--master", "local[2]"], "--master is for --engine spark"),
        (["record.yaml", "--format", "parquet"], "a record can be had as table, json, fhir, turtle"),
    ],
)
def test_wishes_that_contradict_are_refused(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a graph is opened or a folder made."""
    monkeypatch.chdir(tmp_path)
    assert main(["screen", *options]) != 0
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As on a machine where the extra is not installed."""
    found: Callable[..., object] = importlib.util.find_spec
    lacking = ("duckdb", "pyspark")
    monkeypatch.setattr(
        "osteograph.queries.cohort.needs.find_spec", lambda name: None if name in lacking else found(name)
    )
    assert main(["screen", "--cohort", "x", "--output", str(tmp_path / "y")]) != 0
    assert "pip install 'osteograph[cohort]'" in capsys.readouterr().err
    with pytest.raises(ToolMissing, match=r"needs pyspark: pip install 'osteograph\[spark\]'"):
        refuse_missing("spark")


def test_spark_without_java_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before Spark tries to start one."""
    monkeypatch.setattr("osteograph.queries.cohort.needs.find_spec", lambda name: name)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing, match="Spark needs Java 17 or later"):
        refuse_missing("spark")
