"""A store on disk, made of N-Quads files and opened at once for reading; made again when a file has changed.

It is no more than another form of the files: it may be removed at any time. It is written aside and renamed, so that a
process that is killed leaves no half of one, and it is readable by its owner alone, since imports may tell of patients.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path

import pyoxigraph as ox

from ..folders import folder_aside, remove, swap_in
from .nquads import damage_told, read_nquads

Progress = Callable[[int, int], None]
"""Told the bytes that are read, and those that there are."""
_MADE_OF = "made-of.txt"
_DATA = "data"


def open_on_disk(files: Sequence[Path], folder: Path, progress: Progress | None = None) -> ox.Store | None:
    """The store in a folder, made first where it is missing or not of these files as they are now.

    None where none can be made or read there: the place may be read-only, or the disk full.
    """
    try:
        if is_made_of(files, folder):
            with suppress(OSError):  # damaged, or written by another version of Oxigraph: made anew
                return ox.Store.read_only(str(folder / _DATA))
        make_store(files, folder, progress)
        return ox.Store.read_only(str(folder / _DATA))
    except OSError:
        return None


def is_made_of(files: Sequence[Path], folder: Path) -> bool:
    """Whether the folder has a store of these files as they are now, by name, size and time of change."""
    try:
        return (folder / _MADE_OF).read_text(encoding="utf-8") == state_of(files)
    except FileNotFoundError:
        return False


def make_store(files: Sequence[Path], folder: Path, progress: Progress | None = None) -> None:
    """Load files into a store and put it in the place of the folder.

    Raises OSError where it cannot be written, OsteographError for what is no N-Quads.
    """
    state = state_of(files)
    aside = folder_aside(folder)
    try:
        _load(files, aside / _DATA, progress)
        (aside / _MADE_OF).write_text(state, encoding="utf-8")
        swap_in(aside, folder)
    finally:
        remove(aside)


def _load(files: Sequence[Path], data: Path, progress: Progress | None) -> None:
    store = ox.Store(str(data))
    ours, *others = files
    # not bulk_load: it renames blank nodes, and ours are to bear the same names in memory and on disk
    store.bulk_extend(read_nquads(ours))
    total = sum(path.stat().st_size for path in others)
    done = 0
    for path in others:
        with damage_told(path), _Watched(path, done, total, progress) as stream:
            store.bulk_load(stream, format=ox.RdfFormat.N_QUADS)
        done += path.stat().st_size
    store.optimize()
    store.flush()


class _Watched(FileIO):
    """A file that tells how far it is read."""

    def __init__(self, path: Path, done: int, total: int, progress: Progress | None) -> None:
        super().__init__(path)
        self._done, self._total, self._progress = done, total, progress

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._done += len(data)
        if self._progress:
            self._progress(self._done, self._total)
        return data


def state_of(files: Sequence[Path]) -> str:
    """Files by name, size and time of change."""
    found = ((path, os.stat(path)) for path in files)
    return "".join(f"{path.name}\t{at.st_size}\t{at.st_mtime_ns}\n" for path, at in found)
