"""Passages are verified against the articles, and shown from the user's own copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from osteograph.ontology.articles import quote, read_source, verify
from osteograph.ontology.errors import OsteographError
from osteograph.ontology.model import Curation


@pytest.mark.articles
def test_every_passage_stands_where_the_table_says(curation: Curation, articles: Path) -> None:
    """All positions and digests fit the article files, no-break spaces and all."""
    assert list(verify(curation, articles)) == []


@pytest.mark.articles
def test_a_changed_no_break_space_is_found(curation: Curation, articles: Path, tmp_path: Path) -> None:
    """One character is enough: the file and the passage that holds it are named."""
    for source in curation.sources.values():
        text = read_source(articles, source)
        changed = text.replace("\u00a0", " ", 1)
        (tmp_path / source.file).write_bytes(changed.encode())
        if changed != text:
            place = text.index("\u00a0")
            holders = [
                p.name for p in curation.passages.values() if p.source == source.name and p.start <= place < p.end
            ]
            found = [problem for problem in verify(curation, tmp_path) if problem.file == source.file]
            assert [problem.column for problem in found] == ["", *holders]
            return
    pytest.fail("no article holds a no-break space: the test has lost its ground")


@pytest.mark.articles
def test_a_shifted_text_is_found_at_every_passage_behind_the_shift(
    curation: Curation, articles: Path, tmp_path: Path
) -> None:
    """A character too much at the head of a file moves all its passages."""
    for source in curation.sources.values():
        (tmp_path / source.file).write_bytes(("x" + read_source(articles, source)).encode())
    moved = {problem.column for problem in verify(curation, tmp_path)} - {""}
    assert len(moved) > 0.95 * len(curation.passages)


@pytest.mark.articles
def test_a_quotation_is_the_sentence_in_its_surroundings(curation: Curation, articles: Path) -> None:
    """The words between start and end, what is before and after them, and whether the digest fits."""
    passage = curation.passages["b-s081"]
    text = read_source(articles, curation.sources["b"])
    found = quote(text, passage)
    assert found.is_exact
    assert found.before + found.words + found.after in text
    assert not quote(text, replace(passage, end=passage.end - 1)).is_exact


def test_a_missing_article_is_said_with_its_name(curation: Curation, tmp_path: Path) -> None:
    """Verify reports each missing file; reading one raises."""
    assert [problem.file for problem in verify(curation, tmp_path)] == [s.file for s in curation.sources.values()]
    with pytest.raises(OsteographError, match=curation.sources["a"].file):
        read_source(tmp_path, curation.sources["a"])
