"""No sentence of the articles is in the project: it holds positions, digests and paraphrases."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from osteograph.ontology.curation import load_curation

from .conftest import ROOT

RUN = 9


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    """Every run of nine words, or of as many as are asked for."""
    found = words(text)
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


def project_files() -> list[Path]:
    """All text files that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the files of the project cannot be listed")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


@pytest.mark.articles
def test_no_run_of_nine_words_is_shared_with_the_articles(articles: Path) -> None:
    """Titles of the articles, of those they link to and of the papers they cite are excepted by name."""
    curation = load_curation()
    published = {"Article", "Publication", "Journal"}
    titles = [concept.label for concept in curation.concepts.values() if published & set(concept.types)]
    allowed = {run for title in titles for run in runs(title)}
    taken = {run for source in curation.sources.values() for run in runs((articles / source.file).read_text("utf-8"))}
    forbidden = taken - allowed
    shared = {}
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            cells = re.split(r"[\t|]", line)  # two titles side by side are two titles, as in the articles' own lists
            if any(runs(cell) & forbidden for cell in cells):
                shared[f"{path.relative_to(ROOT)}:{number}"] = line[:80]
    assert shared == {}
