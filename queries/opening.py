"""Finding and opening a built graph.

A build stands in a folder with ``osteograph.nq`` and ``build-report.json``. Without another word it is the folder
that the environment variable ``OSTEOGRAPH_HOME`` names, else one in the user's data folder.

It is opened in memory, or on disk: then from a store beside the build (``graph.store`` beside ``graph``) that is made
of the files when it is first wanted and again when they have changed, so that a single question need not wait for the
files to be read (decision record 0014).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from osteograph.ontology.errors import GraphMissing

from .folders import remove
from .stores.on_disk import open_on_disk, state_of
from .stores.oxigraph import Build, OxigraphStore

DATA = "osteograph.nq"
REPORT = "build-report.json"
MUCH = 256 * 2**20  # bytes of N-Quads: more than a million triples, and some 2 GiB of memory


def default_folder() -> Path:
    """Where a build goes, and where it is looked for, when nobody says otherwise."""
    named = os.environ.get("OSTEOGRAPH_HOME")
    if named:
        return Path(named)
    if sys.platform == "linux":  # what platformdirs gives there, which takes longer to load than a question to answer
        data = Path(os.environ.get("XDG_DATA_HOME", ""))
        return (data if data.is_absolute() else Path.home() / ".local" / "share") / "osteograph" / "graph"
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


def store_folder(folder: Path) -> Path:
    """Where the store on disk of a build and its imports stands: beside the build."""
    return folder.with_name(f"{folder.name}.store")


def rules_folder(folder: Path) -> Path:
    """Where the compiled rules of a build are kept: beside the build."""
    return folder.with_name(f"{folder.name}.rules")


def forget_what_follows(folder: Path) -> None:
    """Remove what is made of a build and its imports and kept beside them; whoever wants it makes it anew."""
    for made in (store_folder(folder), rules_folder(folder)):
        remove(made)


def open_graph(folder: Path | None = None, *, on_disk: bool | None = None) -> OxigraphStore:
    """Open the build in a folder, with what was imported beside it.

    In memory a question takes a third of the time, on disk the graph is open at once; on disk is the way too where so
    much is imported that memory would not hold it. Raises GraphMissing where no build stands there.
    """
    place = (folder or default_folder()).absolute()
    files = files_of(place)
    build = Build(state_of(files), rules_folder(place))
    store = _open(files, place, on_disk)
    store.build = build
    return store


def _open(files: list[Path], place: Path, on_disk: bool | None) -> OxigraphStore:
    if on_disk or (on_disk is None and sum(path.stat().st_size for path in files[1:]) > MUCH):
        store = open_on_disk(files, store_folder(place))
        if store is not None:
            return OxigraphStore(store)
    return OxigraphStore.open(*files)


def files_of(place: Path) -> list[Path]:
    """The N-Quads of the build in a folder, then those of its imports. Raises GraphMissing where no build is."""
    recover(place)
    data = place / DATA
    if not data.is_file():
        raise GraphMissing(f"no built graph in {place}; run: osteograph build")
    return [data, *sorted(imports_folder(place).glob("*.nq"))]
