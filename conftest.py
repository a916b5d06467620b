"""For all tests and doctests: a build of the graph in a temporary folder, made once a run when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def osteograph_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that ``osteograph.load()`` opens, so that no test touches the user's own build."""
    folder = tmp_path_factory.mktemp("home") / "graph"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OSTEOGRAPH_HOME", str(folder))
        yield folder
