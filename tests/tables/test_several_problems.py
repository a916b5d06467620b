"""All problems are told at once, sorted, and none that only follows from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from osteograph.ontology.curation import load_curation
from osteograph.ontology.errors import Problem, ProblemsFound

from .breaking import edit, problems_in


def test_several_unreadable_tables_are_reported_in_one_go(tables: Path) -> None:
    """Faults of form in three tables come together, sorted by file and line."""
    edit(tables, "citations.tsv", "ABI-EU-PIL", ("title", 'A "leaflet'))
    edit(tables, "claims.tsv", "C025", lambda line: line + "\t")
    edit(tables, "claims.tsv", "C058", ("polarity", "sworn"))
    edit(tables, "synonyms.tsv", "concept", lambda line: line.upper())
    found = [(problem.file, problem.line, problem.column) for problem in problems_in(tables)]
    assert found == [
        ("citations.tsv", 2, "title"),
        ("claims.tsv", 26, ""),
        ("claims.tsv", 59, "polarity"),
        ("synonyms.tsv", 1, ""),
    ]


def test_several_tables_that_disagree_are_reported_in_one_go(tables: Path) -> None:
    """Faults of meaning in four tables come together, sorted by file and line."""
    edit(tables, "claims.tsv", "C025", ("object", "Bnoe"))
    bone = edit(tables, "concepts.tsv", "Bone", ("kind_of", "Vertebra"))
    edit(tables, "conflicts.tsv", "X001", ("citations", ""))
    edit(tables, "passages.tsv", "a-s001", ("sha256", "0" * 63 + "1"))
    found = [(problem.file, problem.line, problem.column) for problem in problems_in(tables)]
    expected = [
        ("claims.tsv", 26, "object"),
        ("concepts.tsv", bone, "kind_of"),
        ("conflicts.tsv", 2, "assessment"),
        ("sources.tsv", 2, "passages_sha256"),
    ]
    assert found == expected


def test_an_unreadable_row_does_not_make_others_look_broken(tables: Path) -> None:
    """A concept whose row cannot be read is not reported as unknown wherever it is used: the row is mended first."""
    line = edit(tables, "concepts.tsv", "Bone", lambda line: line.replace("\t", " ", 1))
    problem = Problem("concepts.tsv", line, "", "9 cells where 10 are expected", "check the tabs of the row")
    assert problems_in(tables) == [problem]


def test_the_message_counts_and_lists_all_problems(tables: Path) -> None:
    """The text of the error is what a terminal shows: a count, then one line a problem with place and remedy."""
    edit(tables, "claims.tsv", "C025", ("object", "Sternumm"))
    edit(tables, "claims.tsv", "C140", ("object", "Bone"))
    with pytest.raises(ProblemsFound) as caught:
        load_curation(tables)
    assert str(caught.value).splitlines() == [
        "2 problems found",
        "  claims.tsv:26: object: unknown concept 'Sternumm'. To mend: write Sternum",
        '  claims.tsv:141: object: mainTypeCount takes a literal. To mend: write it like "1"^^xsd:integer',
    ]


def test_two_circles_apart_are_both_reported(tables: Path) -> None:
    """Each circle of a hierarchy is a problem of its own."""
    edit(tables, "concepts.tsv", "Bone", ("kind_of", "Vertebra"))
    edit(tables, "concepts.tsv", "Abiraterone", ("kind_of", "Abiraterone"))
    circles = ["Abiraterone → Abiraterone", "Bone → Vertebra → Bone"]
    assert [problem.message.partition(": ")[2] for problem in problems_in(tables)] == circles


def test_two_circles_through_one_concept_are_both_reported(tables: Path) -> None:
    """All problems come at once, also where two circles share a concept."""
    edit(tables, "concepts.tsv", "Bone", ("kind_of", "ArmBone|Vertebra"))
    messages = [problem.message for problem in problems_in(tables)]
    assert len(messages) == 2, messages
