"""Cohorts from files to files: planted flags are found, look-alikes are not, and a stopped run goes on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from benchmarks.cohorts import PLANTED, TODAY, write_cohort

from osteograph.ontology.errors import BadParameter, ProblemsFound
from osteograph.queries.cohort.running import Step, Wish, screen_cohort
from osteograph.queries.cohort.summary import Outcome
from osteograph.queries.inference.knowledge import Knowledge, Scope
from osteograph.queries.screening.reports import SILENT
from osteograph.queries.stores.oxigraph import OxigraphStore

from ..needs import need_spark

Screen = Callable[..., Outcome]
PATIENTS = 300


@pytest.fixture(scope="module")
def knowledge(oxigraph_store: OxigraphStore) -> Knowledge:
    """What labels and guidelines say, without the articles."""
    return Knowledge(oxigraph_store, Scope("labels"))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort") / "omop"
    write_cohort(folder, PATIENTS)
    return folder


@pytest.fixture(scope="module")
def screen(knowledge: Knowledge) -> Screen:
    def run(cohort: Path, output: Path, progress: Any = lambda step: None, **more: Any) -> Outcome:
        return screen_cohort(knowledge, Wish(cohort, output, TODAY, **more), progress)

    return run


@pytest.fixture(scope="module")
def whole(screen: Screen, cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of one whole run."""
    output = tmp_path_factory.mktemp("whole") / "output"
    screen(cohort, output)
    return output


def as_text(value: Any) -> str:
    """A value as CSV has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def rows_of(output: Path) -> list[dict[str, Any]]:
    """All flags of an output, as text, in a fixed order."""
    parts = sorted((output / "flags").iterdir())
    if parts[0].suffix == ".csv":
        rows = [row for part in parts for row in csv.DictReader(part.open(encoding="utf-8", newline=""))]
    else:
        rows = [
            {key: as_text(value) for key, value in row.items()}
            for part in parts
            for row in pq.read_table(part).to_pylist()
        ]
    return sorted(rows, key=str)


def test_planted_flags_are_found_and_look_alikes_are_not(whole: Path) -> None:
    """Each planted patient has the flag of its rule, or only looks as if."""
    flagged = {(row["patient"], row["treatment"], row["rule"]) for row in rows_of(whole)}
    found = {one.name: (str(n), one.treatment, one.rule) in flagged for n, one in enumerate(PLANTED, 1)}
    assert found == {one.name: one.flagged for one in PLANTED}


def test_every_flag_names_a_proof_that_is_told(whole: Path) -> None:
    """And what is told is of the same strength, treatment and rule part."""
    told = {row["proof"]: row for row in map(json.loads, (whole / "proofs.jsonl").open(encoding="utf-8"))}
    rows = rows_of(whole)
    assert rows
    for row in rows:
        proof = told[row["proof"]]
        assert (row["strength"], row["concept"], row["rule_part"]) == (
            proof["strength"], proof["concept"], proof["rule_part"],
        )  # fmt: skip
        assert bool(proof["record"]) != bool(proof["circumstances"])


def test_the_summary_counts_what_is_there(whole: Path) -> None:
    """Flags, patients and rows; codes that mean nothing are listed with the rows that have them."""
    summary, rows = json.loads((whole / "summary.json").read_text(encoding="utf-8")), rows_of(whole)
    assert summary["notice"].startswith("Educational")
    assert summary["flags"] == len(rows) == sum(summary["by_strength"].values()) == sum(summary["by_rule"].values())
    assert summary["patients"] == PATIENTS
    assert summary["patients_with_flags"] == len({row["patient"] for row in rows})
    assert summary["rejected"] == {}
    unknown = list(csv.DictReader((whole / "not-understood.csv").open(encoding="utf-8")))
    assert any(row["code"] == "3020891 Cel" and "no concept is mapped" in row["reason"] for row in unknown)


class Killed(Exception):
    """Stands for whatever ends a run."""


def test_a_run_that_was_stopped_goes_on(screen: Screen, cohort: Path, whole: Path, tmp_path: Path) -> None:
    """Whole chunks stay as they are, the others follow, and the rows are those of a run in one piece."""
    output = tmp_path / "output"

    def stop(step: Step) -> None:
        if step.done > 100:
            raise Killed

    with pytest.raises(Killed):
        screen(cohort, output, stop, chunk=100)
    kept = {part.name: part.stat().st_mtime_ns for part in (output / "flags").iterdir()}
    assert sorted(kept) == ["part-00001.parquet", "part-00002.parquet"]
    assert not (output / "summary.json").exists()
    steps: list[Step] = []
    outcome = screen(cohort, output, steps.append, chunk=100)
    assert {name: (output / "flags" / name).stat().st_mtime_ns for name in kept} == kept
    assert rows_of(output) == rows_of(whole)
    assert (steps[-1].done, steps[-1].patients, steps[-1].done_now) == (300, 300, 100)
    assert steps[-1].seconds_left == 0
    assert not (output / "work").exists()
    assert screen(cohort, output, steps.append, chunk=100) == outcome


def test_another_run_in_the_same_folder_is_refused(screen: Screen, cohort: Path, whole: Path, tmp_path: Path) -> None:
    """Whatever would mix the rows of two runs: another day, another form, a folder of something else."""
    with pytest.raises(BadParameter, match="differs in chunk, form"):
        screen(cohort, whole, form="csv", chunk=7)
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadParameter, match="is not empty"):
        screen(cohort, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["letters.txt"]


def test_a_run_whose_names_are_read_otherwise_is_refused(nquads: bytes, cohort: Path, whole: Path) -> None:
    """One synonym more, by which no rule changes: rows of both readings must not stand side by side."""
    synonym = (
        "<https://w3id.org/osteograph/concept/Hypocalcemia> <http://www.geneontology.org/formats/oboInOwl#hasExactSynonym>"
        ' "calcium shortage"@en <https://w3id.org/osteograph/graph/concepts> .\n'
    )
    other = Knowledge(OxigraphStore.from_nquads(nquads + synonym.encode()), Scope("labels"))
    with pytest.raises(BadParameter, match="differs in knowledge"):
        screen_cohort(other, Wish(cohort, whole, TODAY), lambda step: None)


def test_csv_and_parquet_of_the_same_tables_give_the_same_rows(
    screen: Screen, cohort: Path, whole: Path, tmp_path: Path
) -> None:
    """Names of files and columns may be in capitals; a line with too few cells is told with its number."""
    folder = tmp_path / "TABLES"
    folder.mkdir()
    for path in cohort.glob("*.parquet"):
        table = pq.read_table(path)
        pacsv.write_csv(
            table.rename_columns([name.upper() for name in table.column_names]), folder / f"{path.stem.upper()}.csv"
        )
    with (folder / "MEASUREMENT.csv").open("a", encoding="utf-8") as file:
        file.write("1,2\n")
    output = tmp_path / "output"
    outcome = screen(folder, output, form="csv", memory="1GiB")
    assert rows_of(output) == rows_of(whole)
    assert len(outcome.rejected) == 1
    rejected = list(csv.DictReader((output / "rejects.csv").open(encoding="utf-8")))
    lines = sum(1 for _ in (folder / "MEASUREMENT.csv").open(encoding="utf-8"))
    assert [(row["file"], row["row"]) for row in rejected] == [("MEASUREMENT.csv", f"line {lines}")]


def test_flags_as_n_triples(screen: Screen, cohort: Path, whole: Path, tmp_path: Path) -> None:
    """One plain triple for each thing derived of a patient, and a statement for each flag with its rule part."""
    screen(cohort, tmp_path / "output", form="ntriples")
    triples = {
        (t.subject.value, t.predicate.value.rpartition("/")[2].rpartition("#")[2], t.object.value)
        for path in (tmp_path / "output" / "flags").glob("*.nt")
        for t in ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    }
    flags = [f"has{name}Treatment" for name in ("Contraindicated", "NotRecommended", "Cautioned", "RaisedRisk")]
    base, rows = "https://w3id.org/osteograph", rows_of(whole)
    for row in rows:
        patient = f"{base}/patient/{row['patient']}"
        concept = row["concept"].replace("osteo:", f"{base}/concept/")
        statement = f"{patient}/{row['treatment'].removeprefix('osteo:')}/{row['proof']}"
        assert (statement, "subject", patient) in triples
        assert (statement, "object", concept) in triples
        assert (statement, "used", row["rule_part"].replace("rule:", f"{base}/rule/")) in triples
        assert any((patient, name, concept) in triples for name in flags)
        assert ((statement, "comment", SILENT) in triples) == (row["unconfirmed"] == "true")
    assert {row["unconfirmed"] for row in rows} == {"true", "false"}
    assert len({s for s, p, _ in triples if p == "used"}) == len(rows)


TEXT = """patient,kind,code,status,date,value,unit
low,condition,breast cancer,,,,
low,condition,bone metastasis,,,,
low,treatment,zoledronic acid,planned,,4,mg
low,measurement,creatinine clearance,,2026-11-02,<30,mL/min
odd,measurement,calcium,,,much,mg/dL
later,treatment,samarium-153,planned,,,
later,treatment,chemotherapy,past,2026-10-20,,
"""


@pytest.fixture(scope="module")
def spark() -> Iterator[str]:
    """A cluster of two worker processes on this machine; its session serves all tests of this file."""
    need_spark()
    from osteograph.queries.cohort.spark_engine import SparkEngine

    with closing(SparkEngine("local-cluster[2,1,1024]", None)) as engine:
        yield str(engine.session.sparkContext.master)


def told(output: Path) -> dict[str, str]:
    """All that a run leaves beside the flags."""
    return {each.name: each.read_text("utf-8") for each in output.iterdir() if each.is_file()}


def test_two_workers_of_spark_give_what_duckdb_gives(
    spark: str, screen: Screen, cohort: Path, whole: Path, tmp_path: Path
) -> None:
    """The same rows, proofs, rejects and counts, from two processes that see one part of the patients each."""
    output = tmp_path / "output"
    screen(cohort, output, engine="spark", master=spark)
    assert rows_of(output) == rows_of(whole)
    assert told(output) == told(whole)


def test_spark_and_duckdb_read_the_same_from_text(spark: str, screen: Screen, tmp_path: Path) -> None:
    """Cells of CSV are read once, for both."""
    (tmp_path / "cohort.csv").write_text(TEXT, encoding="utf-8")
    one, two = tmp_path / "one", tmp_path / "two"
    screen(tmp_path / "cohort.csv", one)
    screen(tmp_path / "cohort.csv", two, engine="spark", master=spark)
    assert len(rows_of(one)) > 3
    assert rows_of(two) == rows_of(one)
    assert told(two) == told(one)
    assert "its value is no number" in told(two)["rejects.csv"]


def table(**columns: list[Any]) -> pa.Table:
    return pa.table(columns)


def test_corrupt_rows_are_rejected_with_reasons(screen: Screen, tmp_path: Path) -> None:
    """Never silently, and never instead of the sound rows beside them."""
    folder = tmp_path / "cohort"
    folder.mkdir()
    day = "2026-11-01"
    (folder / "person.csv").write_text(
        "person_id,gender_concept_id,year_of_birth\n1,8532,1960\nx2,8532,1960\n3,8532,3060\n4,8532,\n", encoding="utf-8"
    )
    (folder / "drug_exposure.csv").write_text(
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date\n"
        f"11,1,40221837,{day},\n12,,40221837,{day},\n13,1,,{day},\n14,1,40221837,yesterday,\n"
        f"15,1,40221837,,\n16,1,40221837,{day},2025-01-01\n17,9,40221837,{day},\n",
        encoding="utf-8",
    )
    (folder / "condition_occurrence.csv").write_text(
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_status_concept_id\n"
        f"21,1,4299535,{day},\n22,1,80502,2027-01-01,\n23,4,4299535,{day},32899\n",
        encoding="utf-8",
    )
    output = tmp_path / "output"
    screen(folder, output)
    rejected = csv.DictReader((output / "rejects.csv").open(encoding="utf-8"))
    assert {(row["file"], row["row"], row["problem"]) for row in rejected} == {
        ("person", "x2", "person_id is not of its type"),
        ("person", "3", "year_of_birth is not plausible"),
        ("drug_exposure", "12", "it names no person"),
        ("drug_exposure", "13", "it has no drug_concept_id"),
        ("drug_exposure", "14", "drug_exposure_start_date is not of its type"),
        ("drug_exposure", "15", "it has no drug_exposure_start_date"),
        ("drug_exposure", "16", "drug_exposure_end_date lies before drug_exposure_start_date"),
        ("drug_exposure", "17", "PERSON has no such person_id, or several"),
        ("condition_occurrence", "22", "it begins after the day of the screening"),
    }
    unknown = list(csv.DictReader((output / "not-understood.csv").open(encoding="utf-8")))
    assert [(row["code"], row["rows"]) for row in unknown if "preliminary" in row["reason"]] == [("4299535", "1")]
    assert {(row["patient"], row["rule"]) for row in rows_of(output) if row["rule"] == "rule:PRO-02"} == {
        ("1", "rule:PRO-02")
    }


def test_files_that_are_no_cohort_are_refused(screen: Screen, tmp_path: Path) -> None:
    """With all that is missing, and nothing left behind."""
    (tmp_path / "a").mkdir()
    pq.write_table(table(person_id=[1]), tmp_path / "a" / "person.parquet")
    pq.write_table(table(person_id=[1], value_as_number=[2.0]), tmp_path / "a" / "measurement.parquet")
    with pytest.raises(ProblemsFound) as raised:
        screen(tmp_path / "a", tmp_path / "out")
    assert {problem.column for problem in raised.value.problems} == {"measurement_concept_id", "measurement_date"}
    with pytest.raises(ProblemsFound, match="there is no such file or folder"):
        screen(tmp_path / "nowhere", tmp_path / "out2")
    (tmp_path / "b").mkdir()
    with pytest.raises(ProblemsFound, match="it is no cohort"):
        screen(tmp_path / "b", tmp_path / "out2")
    assert not (tmp_path / "out2").exists()
