"""Cohorts that are not what they should be: told by file and remedy, with nothing left of a run that only began."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.cohorts import TODAY

from osteograph.ontology.errors import BadParameter, OsteographError
from osteograph.queries.cohort.running import Wish, screen_cohort
from osteograph.queries.inference.knowledge import Knowledge

Screen = Callable[..., Path]
HEADER = "patient,kind,code,status,date,value,unit\n"
PREGNANT = "p,condition,pregnancy,,,,\np,treatment,Prolia,,,,\n"
PERSON = "person_id,gender_concept_id,year_of_birth\n"
DRUGS = "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date\n"


@pytest.fixture
def screen(knowledge: Knowledge, tmp_path: Path) -> Screen:
    """Screen what was written to ``cohort``; the folder of what comes out."""

    def run(cohort: Path, **options: Any) -> Path:
        screen_cohort(knowledge, Wish(cohort, tmp_path / "out", TODAY, **options), lambda step: None)
        return tmp_path / "out"

    return run


def rejects(output: Path) -> set[tuple[str, str]]:
    return {(row["row"], row["problem"]) for row in csv.DictReader((output / "rejects.csv").open(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("c.csv", b"", "c.csv: it is empty"),
        ("c.csv", bytes(range(256)) * 9, "c.csv: it is binary"),
        ("c.csv", (HEADER + PREGNANT).encode("utf-16"), "c.csv: it is UTF-16"),
        ("c.csv.gz", HEADER.encode(), "c.csv.gz: it is called .gz"),
        ("c.csv.gz", gzip.compress(HEADER.encode() * 99)[:60], r"c.csv.gz: it cannot be read as CSV \(Unexpected end"),
        (
            "c.ndjson.gz",
            b'{"resourceType": "Patient"}',
            r"c.ndjson.gz: it cannot be read as lines of text \(Input is not",
        ),
        ("c.ndjson", bytes(range(256)) * 20, "c.ndjson: it cannot be read as lines of text"),
        ("c.parquet", b"PAR1 and no more", "c.parquet: it is no Parquet file"),
    ],
    ids=["empty", "binary", "UTF-16", "not packed", "cut off", "lines not packed", "binary lines", "no Parquet"],
)
def test_a_file_that_cannot_be_read_is_named(
    screen: Screen, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    """By its own name and no other, and the folder for what comes out may be named again."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(OsteographError, match=words) as raised:
        screen(tmp_path / name)
    assert str(tmp_path) not in str(raised.value)
    assert not (tmp_path / "out").exists()
    (tmp_path / "sound.csv").write_text(HEADER + PREGNANT, encoding="utf-8")
    assert rejects(screen(tmp_path / "sound.csv")) == set()


def test_text_with_a_mark_in_front_and_other_line_ends_is_read(screen: Screen, tmp_path: Path) -> None:
    """As spreadsheets write it; packed or not."""
    text = ("\ufeff" + HEADER + PREGNANT).replace("\n", "\r\n").encode()
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(text))
    output = screen(tmp_path / "c.csv.gz")
    assert {row["patient"] for row in pq.read_table(output / "flags").to_pylist()} == {"p"}


def test_unreadable_files_wrong_types_and_missing_columns_are_told_at_once(screen: Screen, tmp_path: Path) -> None:
    """Rather than one after the other, with each new attempt."""
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.parquet").write_bytes(b"nonsense")
    pq.write_table(pa.table({"person_id": [1]}), folder / "drug_exposure.parquet")
    days = pa.array([1], pa.timestamp("us"))
    conditions = {"person_id": [True], "condition_concept_id": [[4299535]], "condition_start_date": days}
    pq.write_table(pa.table(conditions), folder / "condition_occurrence.parquet")
    with pytest.raises(OsteographError) as raised:
        screen(folder)
    told = str(raised.value)
    assert "person.parquet: it is no Parquet file" in told
    assert "drug_exposure: drug_concept_id: the column is missing" in told
    assert "condition_occurrence: condition_concept_id: the column has the type array<int64>" in told
    assert "condition_occurrence: person_id: the column has the type boolean" in told
    assert "condition_start_date" not in told
    assert "person: the table is missing" not in told.lower()


def test_numbers_and_dates_beyond_all_bounds_are_rejected(screen: Screen, tmp_path: Path) -> None:
    """None of them stops the others, none is rounded to another, and none is taken for a date that it is not."""
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.csv").write_text(
        f"{PERSON.strip()},month_of_birth,day_of_birth\n1,8532,1960,2,30\n99999999999999999999,8532,1960,,\n"
        "2.5,8532,1960,,\n3,8532,99999999999,,\n4,8532,1960,9223372036854775807,\n5,8532,1960,6,0\n",
        encoding="utf-8",
    )
    days = ["2026-11-01", "99999-01-01", "-0044-03-15", "infinity", "2026-02-30", "9999-12-31"]
    rows = [f"{number},1,40221837,{day}" for number, day in enumerate(days)]
    (folder / "drug_exposure.csv").write_text(DRUGS + "\n".join(rows) + "\n", encoding="utf-8")
    beyond = "drug_exposure_start_date lies beyond the years 1 to 9999"
    assert rejects(screen(folder)) == {
        ("99999999999999999999", "person_id is not of its type"),
        ("2.5", "person_id is not of its type"),
        ("3", "year_of_birth is not plausible"),
        ("4", "month_of_birth is not plausible"),
        ("5", "day_of_birth is not plausible"),
        ("1", beyond),
        ("2", beyond),
        ("3", beyond),
        ("4", "drug_exposure_start_date is not of its type"),
    }


def test_numbers_of_parquet_are_not_rounded(screen: Screen, tmp_path: Path) -> None:
    """A person 2.5 is nobody, and certainly not person 2 or 3."""
    folder = tmp_path / "omop"
    folder.mkdir()
    pq.write_table(pa.table({"person_id": [1.0, 2.5, None]}), folder / "person.parquet")
    output = screen(folder)
    assert {problem for _, problem in rejects(output)} == {"person_id is not of its type", "it names no person"}
    assert '"patients": 1,' in (output / "summary.json").read_text("utf-8")


def test_a_person_of_several_rows_is_rejected_with_all_that_is_told_of_it(screen: Screen, tmp_path: Path) -> None:
    """Nobody knows which of the rows holds; other persons are screened."""
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.csv").write_text(f"{PERSON}1,8532,1960\n1,8507,1990\n2,8532,1970\n", encoding="utf-8")
    (folder / "drug_exposure.csv").write_text(f"{DRUGS}7,1,40221837,2026-11-01\n8,2,40221837,2026-11-01\n", "utf-8")
    conditions = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n9,2,4299535,2026-11-01\n"
    (folder / "condition_occurrence.csv").write_text(conditions, encoding="utf-8")
    output = screen(folder)
    assert rejects(output) == {
        ("1", "its person_id stands in several rows"),
        ("7", "PERSON has no such person_id, or several"),
    }
    assert {row["patient"] for row in pq.read_table(output / "flags").to_pylist()} == {2}


@pytest.mark.parametrize("memory", ["lots", "-1GB", "12 parsecs"])
def test_what_is_no_amount_of_memory_is_refused_before_anything(screen: Screen, tmp_path: Path, memory: str) -> None:
    """Whatever the form of the cohort."""
    (tmp_path / "c.csv").write_text(HEADER + PREGNANT, encoding="utf-8")
    with pytest.raises(BadParameter, match="is no amount of memory; write it like 2GiB"):
        screen(tmp_path / "c.csv", memory=memory)
    assert not (tmp_path / "out").exists()


def test_too_little_memory_is_told_as_such(screen: Screen, tmp_path: Path) -> None:
    """And not as a file that is no CSV."""
    (tmp_path / "c.csv").write_text(HEADER + PREGNANT, encoding="utf-8")
    with pytest.raises(BadParameter, match="more memory is needed than the limit of 1KB: raise --memory-limit"):
        screen(tmp_path / "c.csv", memory="1KB")


def test_an_output_that_cannot_be_made_is_told(screen: Screen, knowledge: Knowledge, tmp_path: Path) -> None:
    """As where a file stands in its place."""
    (tmp_path / "c.csv").write_text(HEADER + PREGNANT, encoding="utf-8")
    wish = Wish(tmp_path / "c.csv", tmp_path / "c.csv" / "out", TODAY)
    with pytest.raises(BadParameter, match="Not a directory"):
        screen_cohort(knowledge, wish, lambda step: None)
