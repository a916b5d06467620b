"""Finding and opening a built graph.

A build stands in a folder with ``osteograph.nq`` and ``build-report.json``. Without another word it is the folder
that the environment variable ``OSTEOGRAPH_HOME`` names, else one in the user's data folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from osteograph.ontology.errors import GraphMissing

from .stores.oxigraph import OxigraphStore

DATA = "osteograph.nq"
REPORT = "build-report.json"


def default_folder() -> Path:
    """Where a build goes, and where it is looked for, when nobody says otherwise."""
    named = os.environ.get("OSTEOGRAPH_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("osteograph", appauthor=False) / "graph"


def recover(folder: Path) -> None:
    """Put the earlier build back where a build was killed between its two renamings."""
    if not folder.name:  # the root has no neighbours
        return
    previous = folder.with_name(f".{folder.name}.previous")
    if not folder.exists() and (previous / REPORT).is_file():
        previous.rename(folder)


def imports_folder(folder: Path) -> Path:
    """Where the imports of a build stand: beside it, so that another build leaves them alone."""
    return folder.with_name(f"{folder.name}.imports")


def open_graph(folder: Path | None = None) -> OxigraphStore:
    """Open the build in a folder, with what was imported beside it. Raises GraphMissing where none stands there."""
    place = (folder or default_folder()).absolute()
    recover(place)
    data = place / DATA
    if not data.is_file():
        raise GraphMissing(f"no built graph in {place}; run: osteograph build")
    return OxigraphStore.open(data, *sorted(imports_folder(place).glob("*.nq")))
