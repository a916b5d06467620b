"""A copy of the curated tables for each test to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from osteograph.ontology.curation import CURATED


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the curated tables that a test may break."""
    return Path(shutil.copytree(CURATED, tmp_path / "curated"))
