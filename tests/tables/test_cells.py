"""One wrong cell is one problem, at its exact place, with a remedy; the cases are in data/wrong_cells.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from osteograph.ontology.curation import load_curation
from osteograph.ontology.errors import Problem

from ..conftest import ROOT
from .breaking import edit, problems_in, seal


class Cell(NamedTuple):
    """One cell given a wrong value, what is then said of it, and how many lines ``below`` the problem is."""

    file: str
    row: str
    column: str
    value: str
    message: str
    remedy: str
    below: int = 0
    named: str | None = None


def read_cells(kind: str) -> dict[str, Cell]:
    """Cases by name: file, row, column, value, message, remedy, and the rest by name."""
    cases: dict[str, list[Any]] = json.loads((ROOT / "tests/data/wrong_cells.json").read_text(encoding="utf-8"))[kind]
    return {name: Cell(*case[:6], **(case[6] if case[6:] else {})) for name, case in cases.items()}


CELLS, POSITIONS = read_cells("cells"), read_cells("positions")


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_wrong_cell_is_named_with_file_line_and_column(cell: Cell, tables: Path) -> None:
    """One wrong cell gives exactly one problem, at its exact place, with a remedy."""
    line = edit(tables, cell.file, cell.row, (cell.column, cell.value)) + cell.below
    found = problems_in(tables)
    column = cell.column if cell.named is None else cell.named
    assert [(p.file, p.line, p.column, p.message) for p in found] == [(cell.file, line, column, cell.message)]
    assert found[0].remedy.startswith(cell.remedy)


def test_a_rule_part_of_no_rule_is_named_and_the_rule_left_without_part_too(tables: Path) -> None:
    """A misspelled rule in the table of parts leaves a part without rule and a rule without part; both are named."""
    line = edit(tables, "safety_rule_parts.tsv", "ABI-02", ("rule", "ABI-02X"))
    found = [(problem.file, problem.line, problem.column, problem.message) for problem in problems_in(tables)]
    expected = [
        ("safety_rule_parts.tsv", line, "rule", "unknown rule 'ABI-02X'"),
        ("safety_rules.tsv", 3, "rule", "the rule has no part"),
    ]
    assert found == expected


def test_an_unknown_class_is_one_problem(tables: Path) -> None:
    """A misspelled class is reported where it stands, and not again for every concept below."""
    line = edit(tables, "concepts.tsv", "Bone", ("types", "BoneSit"))
    found = [(problem.file, problem.line, problem.column, problem.message) for problem in problems_in(tables)]
    assert found == [("concepts.tsv", line, "types", "unknown class of concepts 'BoneSit'")]


@pytest.mark.parametrize("cell", POSITIONS.values(), ids=POSITIONS)
def test_a_wrong_position_is_found_and_breaks_the_seal(cell: Cell, tables: Path) -> None:
    """A position that cannot be is named at its row, and the seal of the source no longer matches."""
    line = edit(tables, cell.file, cell.row, (cell.column, cell.value))
    source = cell.row[0]
    expected = [
        Problem(cell.file, line, cell.named or cell.column, cell.message, cell.remedy),
        Problem(
            "sources.tsv",
            "ab".index(source) + 2,
            "passages_sha256",
            "the passages of the source do not match their seal: a position or a digest was changed",
            f"restore passages.tsv, or, if the change is meant, write {seal(tables, source)}",
        ),
    ]
    assert problems_in(tables) == expected


@pytest.mark.parametrize(
    ("passage", "column", "value"), [("a-s001", "end", "14"), ("a-s001", "sha256", "0" * 63 + "1")]
)
def test_a_digit_changed_in_a_position_or_a_digest_breaks_the_seal(
    passage: str, column: str, value: str, tables: Path
) -> None:
    """A change that still looks right is caught by the seal in sources.tsv, whose new value the remedy gives."""
    edit(tables, "passages.tsv", passage, (column, value))
    expected = Problem(
        "sources.tsv",
        2,
        "passages_sha256",
        "the passages of the source do not match their seal: a position or a digest was changed",
        f"restore passages.tsv, or, if the change is meant, write {seal(tables, 'a')}",
    )
    assert problems_in(tables) == [expected]


def test_the_untouched_tables_match_their_seals(tables: Path) -> None:
    """The seals in sources.tsv are those of the passages as they stand, and the tables have no problem."""
    seals = {name: source.passages_sha256 for name, source in load_curation(tables).sources.items()}
    assert seals == {"a": seal(tables, "a"), "b": seal(tables, "b")}


@pytest.mark.parametrize("literal", ['"two"^^xsd:integer', '"2016-13-01"^^xsd:date', '"2"^^nope:integer'])
def test_a_literal_outside_its_datatype_is_refused(literal: str, tables: Path) -> None:
    """A literal whose datatype does not exist, or does not have that value, is a problem of its row."""
    line = edit(tables, "claims.tsv", "C140", ("object", literal))
    assert [(problem.file, problem.line, problem.column) for problem in problems_in(tables)] == [
        ("claims.tsv", line, "object")
    ]


def test_a_rule_and_its_parts_agree_on_the_strength(tables: Path) -> None:
    """A contraindication does not become a caution on its way from the rule to its part."""
    line = edit(tables, "safety_rule_parts.tsv", "ABI-01", ("strength", "caution"))
    assert [(problem.file, problem.line, problem.column) for problem in problems_in(tables)] == [
        ("safety_rule_parts.tsv", line, "strength")
    ]
