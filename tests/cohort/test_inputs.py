"""The files of a cohort are found and read whatever their names, and all that cannot be read are named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..needs import need_module

PEOPLE = "person_id,year_of_birth,gender_concept_id\n1,1950,8507\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name has what SQL and file patterns would take for their own."""
    need_module("ibis")
    made = tmp_path / 'o\'brien [1] "q" {x} *'
    made.mkdir()
    (made / "person.csv").write_text(PEOPLE, encoding="utf-8")
    return made


def test_files_that_are_no_tables_are_all_named(folder: Path, tmp_path: Path) -> None:
    """A Parquet file that is none, and one that is cut off: with file and remedy, at once."""
    from osteograph.queries.cohort.inputs import as_parquet, find_files

    (folder / "drug_exposure.parquet").write_bytes(b"x")
    (folder / "measurement.parquet").write_bytes(b"PAR1" + b"\0" * 40)
    readable, _, problems = as_parquet(find_files(folder), tmp_path / "work's", None)
    assert set(readable) == {"person"}
    told = {problem.file: problem.remedy for problem in problems}
    assert set(told) == {"drug_exposure.parquet", "measurement.parquet"}
    assert "export the table again" in told["measurement.parquet"]


def test_odd_names_and_folders_of_parquet_are_read(folder: Path, tmp_path: Path) -> None:
    """As Spark writes them: ``person.parquet`` may be a folder of parts."""
    import pyarrow.csv
    import pyarrow.parquet

    from osteograph.queries.cohort.duckdb_engine import DuckdbEngine
    from osteograph.queries.cohort.inputs import as_parquet, find_files
    from osteograph.queries.cohort.omop import PERSON

    engine = DuckdbEngine(None, tmp_path)
    table = engine.table(as_parquet(find_files(folder), tmp_path / "work's [2]", None)[0][PERSON])
    assert engine.rows(table) == [{"row": 1, "person_id": "1", "year_of_birth": "1950", "gender_concept_id": "8507"}]
    parts = folder / "person.parquet"
    parts.mkdir()
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(folder / "person.csv"), parts / "part-0.parquet")
    (folder / "person.csv").unlink()
    table = engine.table(as_parquet(find_files(folder), tmp_path / "work", None)[0][PERSON])
    assert engine.rows(table) == [{"person_id": 1, "year_of_birth": 1950, "gender_concept_id": 8507}]
