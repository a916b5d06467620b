"""The store on disk: the same answers as in memory, made again when a file changes, never half made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from osteograph.graph_builder.importing import import_file, remove_import
from osteograph.knowledge_graph import load
from osteograph.ontology.errors import GraphMissing, OsteographError
from osteograph.queries.catalog import ask, find_question
from osteograph.queries.opening import open_graph, store_folder
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.on_disk import is_made_of, make_store, open_on_disk

from ..golden_files import Golden, all_golden
from ..test_golden import rows_of

ONE = b"<http://e/s> <http://e/p> <http://e/one> <http://e/g> .\n"
TWO = b"<http://e/s> <http://e/p> <http://e/two> <http://e/g> .\n"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two small files of quads."""
    paths = [tmp_path / "ours.nq", tmp_path / "theirs.nq"]
    for path, data in zip(paths, (ONE, TWO), strict=True):
        path.write_bytes(data)
    return paths


def count(files: list[Path], folder: Path) -> str:
    """How many quads the store on disk has."""
    store = open_on_disk(files, folder)
    assert store is not None
    (row,) = store.query(COUNT)  # type: ignore[misc]
    return str(row["n"].value)


def one_of_each_area() -> list[Golden]:
    """The first golden answer of each area of the library."""
    return list({golden.question.partition("/")[0]: golden for golden in reversed(all_golden())}.values())


@pytest.fixture(scope="module")
def home(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the build, with room beside it."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("home") / "graph"))


@pytest.mark.parametrize("golden", one_of_each_area(), ids=lambda golden: golden.question)
def test_rows_are_those_a_reader_expects(golden: Golden, home: Path) -> None:
    """The golden answers hold on disk too."""
    with load(home, on_disk=True) as kg:
        found = rows_of(ask(kg.store, find_question(golden.question), golden.parameters), golden.columns)
    assert golden.rows <= found if golden.at_least else golden.rows == found


def test_no_build_is_told_as_in_memory(tmp_path: Path) -> None:
    """Nothing is made where there is nothing to make it of."""
    with pytest.raises(GraphMissing, match="osteograph build"):
        open_graph(tmp_path / "none", on_disk=True)
    assert list(tmp_path.iterdir()) == []


def test_it_is_made_once_and_again_when_a_file_changes(files: list[Path], tmp_path: Path) -> None:
    """A file that grew, or that is gone, is noticed; one that stayed costs nothing."""
    folder = tmp_path / "store"
    assert count(files, folder) == "2"
    made = (folder / "made-of.txt").stat().st_mtime_ns
    assert count(files, folder) == "2"
    assert (folder / "made-of.txt").stat().st_mtime_ns == made
    files[1].write_bytes(TWO + TWO.replace(b"two", b"three"))
    assert is_made_of(files, folder) is False
    assert count(files, folder) == "3"
    assert count(files[:1], folder) == "1"


def test_it_is_for_its_owner_alone_and_leaves_nothing_beside_it(files: list[Path], tmp_path: Path) -> None:
    """Imports may tell of patients."""
    folder = tmp_path / "store"
    make_store(files, folder)
    assert folder.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.nq", "store", "theirs.nq"]


def test_progress_ends_at_the_size_of_the_imports(files: list[Path], tmp_path: Path) -> None:
    """It counts bytes, upwards, to the last one."""
    told: list[tuple[int, int]] = []
    make_store(files, tmp_path / "store", lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (len(TWO), len(TWO))


def test_what_fails_leaves_the_earlier_store(files: list[Path], tmp_path: Path) -> None:
    """A file that is no N-Quads: it is named, and what was there stays."""
    folder = tmp_path / "store"
    make_store(files, folder)
    files[1].write_text("no quads\n")
    with pytest.raises(OsteographError, match=r"theirs\.nq is damaged"):
        make_store(files, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.nq", "store", "theirs.nq"]
    files[1].write_bytes(TWO)
    assert count(files, folder) == "2"


KILLED = """
import os, signal, sys
from pathlib import Path
from osteograph.queries.stores.on_disk import make_store
files = [Path(name) for name in sys.argv[2:]]
make_store(files, Path(sys.argv[1]), lambda done, total: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_killed_process_leaves_no_half_of_one(files: list[Path], tmp_path: Path) -> None:
    """The next one makes it, and removes what the killed one left."""
    folder = tmp_path / "store"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), *map(str, files)], check=False)
    assert done.returncode == -9
    assert not folder.exists()
    assert len(list(tmp_path.glob(".store.new-*"))) == 1
    assert count(files, folder) == "2"
    assert list(tmp_path.glob(".store.new-*")) == []


def test_a_damaged_store_is_made_anew(files: list[Path], tmp_path: Path) -> None:
    """Such as one whose files are gone."""
    folder = tmp_path / "store"
    make_store(files, folder)
    (folder / "data" / "CURRENT").unlink()
    assert count(files, folder) == "2"


def test_where_none_can_be_made_memory_serves(files: list[Path], tmp_path: Path) -> None:
    """A place that is no folder stands for one that is read-only."""
    assert open_on_disk(files, files[0] / "store") is None


def test_an_import_that_is_removed_leaves_the_disk(home: Path, tmp_path: Path) -> None:
    """What was imported is seen on disk, and gone from there at once when it is removed."""
    file = tmp_path / "mine.ttl"
    file.write_text("<http://e/patient> <http://e/has> <http://e/something> .\n")
    import_file(file, folder=home)
    with load(home, on_disk=True) as kg:
        assert kg.sparql("ASK { <http://e/patient> ?p ?o }") is True
    remove_import("mine", home)
    assert not store_folder(home).exists()
    with load(home, on_disk=True) as kg:
        assert kg.sparql("ASK { <http://e/patient> ?p ?o }") is False


def test_it_can_be_read_while_it_is_replaced(files: list[Path], tmp_path: Path) -> None:
    """Who opened the old one goes on reading it."""
    folder = tmp_path / "store"
    old = open_on_disk(files, folder)
    assert old is not None
    files[1].write_bytes(b"")
    make_store(files, folder)
    (row,) = old.query(COUNT)  # type: ignore[misc]
    assert row["n"].value == "2"


def test_a_lot_that_is_imported_stays_on_disk(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a wish of the caller, the size of the imports decides."""
    monkeypatch.setattr("osteograph.queries.opening.MUCH", 10)
    file = tmp_path / "mine.ttl"
    file.write_text("<http://e/patient> <http://e/has> <http://e/something> .\n")
    import_file(file, folder=home, replace=True)
    with load(home) as kg:
        answer = kg.sparql("SELECT ?o WHERE { <http://e/patient> ?p ?o }")
    assert isinstance(answer, Solutions)
    assert answer.dicts() == [{"o": "http://e/something"}]
    assert store_folder(home).is_dir()
    remove_import("mine", home)
