"""For all tests and doctests: a build of the graph in a temporary folder, made once a run when first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import hypothesis
import pytest
from tests.sharing import Share, sharing

from osteograph.cli import main

# How long one example takes depends on what else the machine does.
hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all workers of this run see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def share(run_folder: Path) -> Share:
    """Makes things once for all workers."""
    return sharing(run_folder)


@pytest.fixture(scope="session", autouse=True)
def osteograph_home(run_folder: Path) -> Iterator[Path]:
    """The folder that ``osteograph.load()`` opens, so that no test touches the user's own build."""
    folder = run_folder / "home" / "graph"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OSTEOGRAPH_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def built(osteograph_home: Path, share: Share) -> Path:
    """The folder of a build of the real graph, as ``osteograph build`` makes it; what that tells stands beside it."""

    def build(home: Path) -> None:
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            assert main(["build"]) == 0
        (home / "build.out").write_text(out.getvalue(), encoding="utf-8")
        (home / "build.err").write_text(err.getvalue(), encoding="utf-8")

    return share(osteograph_home.parent.name, build) / osteograph_home.name


@pytest.fixture(autouse=True)
def _built_for_doctests(request: pytest.FixtureRequest) -> None:
    """Doctests name no fixtures, and some open the graph."""
    if isinstance(request.node, pytest.DoctestItem):
        request.getfixturevalue("built")
