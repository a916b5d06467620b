"""The server over the real graph, started once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .live import Live, serving


@pytest.fixture(scope="session")
def live(built: Path) -> Iterator[Live]:
    """The real graph, served with the limits that are the default."""
    with serving(built, "--quiet") as server:
        yield server
