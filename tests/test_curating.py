"""A third article is a walk: cut it, state a claim, check, build."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.graph_builder.build import build
from osteograph.graph_builder.curating import NewSource, add_claim, add_source, copy_tables, cut
from osteograph.ontology.articles import verify
from osteograph.ontology.curation import load_curation
from osteograph.ontology.errors import OsteographError, ProblemsFound
from osteograph.queries.explanation import explain
from osteograph.queries.opening import open_graph

TEXT = """Melanoma in bone

Melanoma can spread to bone. It often reaches these sites:

• the spine;
• the ribs.

Dr. Example saw it twice. "Rarely!" Then no more.
"""
CLAIM = {
    "passages": "c-s002",
    "theme": "dissemination",
    "subject": "Cancer",
    "predicate": "metastasizesTo",
    "object": "Bone",
    "polarity": "asserted",
    "certainty": "can",
    "basis": "stated",
    "paraphrase": "Melanoma is able to reach bone.",
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Tables of the user's own."""
    copy_tables(tmp_path / "tables")
    return tmp_path / "tables"


def test_a_text_is_cut_into_headings_sentences_and_items() -> None:
    """Abbreviations do not end a sentence, and items belong to the line that opens their list."""
    passages = cut(TEXT, "c")
    assert [TEXT[p.start : p.end] for p in passages] == [
        "Melanoma in bone",
        "Melanoma can spread to bone.",
        "It often reaches these sites:",
        "the spine;",
        "the ribs.",
        "Dr. Example saw it twice.",
        '"Rarely!"',
        "Then no more.",
    ]
    assert [p.name for p in passages if p.list_of == "c-s003"] == ["c-s004", "c-s005"]
    assert {p.section for p in passages} == {"melanoma-in-bone"}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_passages_never_overlap_and_lose_nothing_but_blanks_and_bullets(text: str) -> None:
    """Whatever the text, positions are in order, and only white space and bullets lie outside passages."""
    passages = cut(text, "c")
    assert all(before.end <= after.start for before, after in pairwise(passages))
    inside = "".join(text[p.start : p.end] for p in passages)
    outside = [c for c in text if not c.isspace()]
    assert len(outside) - len([c for c in inside if not c.isspace()]) <= sum(c in "•*-–.)0123456789" for c in text)


def test_the_walk_of_a_third_article(tables: Path, tmp_path: Path) -> None:
    """Add a source, add a claim, verify, build, explain."""
    file = tmp_path / "melanoma.txt"
    file.write_text(TEXT, encoding="utf-8")
    add_source(tables, file, NewSource("c", "A text on melanoma", "bone metastases of melanoma"))
    name = add_claim(tables, CLAIM)
    assert [problem for problem in verify(load_curation(tables), tmp_path) if problem.file == file.name] == []
    build(tmp_path / "graph", tables=tables)
    (found,) = explain(open_graph(tmp_path / "graph"), name)
    assert found.words == "cancer metastasizes to bone"
    assert [row["source"] for row in found.claims] == ["A text on melanoma"]
    assert "Melanoma" not in (tables / "passages.tsv").read_text(encoding="utf-8")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"object": "Bnoe"}, "Bone"),
        ({"predicate": "metastasisesTo"}, "metastasizesTo"),
        ({"passages": "a-s003|b-s003"}, "different sources"),
        ({"qualifiers": "frequency=oftn"}, "often"),
        ({"basis": "implied"}, "cannot be asserted"),
        ({"paraphrase": ""}, "empty"),
        ({"paraphrase": "a\tb"}, "cells"),
        ({"claim": "C025"}, "already"),
    ],
)
def test_a_claim_that_does_not_hold_leaves_the_tables_alone(tables: Path, change: dict[str, str], told: str) -> None:
    """What is wrong is told with its remedy, and no file changes."""
    before = snapshot(tables)
    with pytest.raises(OsteographError, match=told):
        add_claim(tables, {**CLAIM, "passages": "a-s043", **change})
    assert snapshot(tables) == before


def test_a_source_of_a_taken_name_is_refused(tables: Path, tmp_path: Path) -> None:
    """The second source of a name would mix up passages."""
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    before = snapshot(tables)
    with pytest.raises(ProblemsFound, match="stands in line"):
        add_source(tables, file, NewSource("a", "Another text", "something else"))
    assert snapshot(tables) == before


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b" \n\n"])
def test_a_file_without_readable_text_is_refused(tables: Path, tmp_path: Path, content: bytes) -> None:
    """Neither bytes that are no UTF-8 nor an empty file make a source."""
    file = tmp_path / "text.txt"
    file.write_bytes(content)
    with pytest.raises(OsteographError):
        add_source(tables, file, NewSource("c", "A text", "something"))


def test_tables_are_copied_to_an_empty_folder_only(tmp_path: Path) -> None:
    """What the user has is never overwritten."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OsteographError, match="empty"):
        copy_tables(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
