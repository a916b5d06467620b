"""A build held open: its bytes, digest and graphs stay the same whatever happens to its folder.

Workers are started for as long as the build is served, also after a newer one has taken its place on disk. So the file
is opened once, and workers inherit it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.errors import GraphMissing

from ..opening import DATA, REPORT, recover
from ..stores.oxigraph import OxigraphStore


@dataclass(frozen=True)
class ServedGraph:
    """A build in memory, with the open file it came from."""

    file: int
    """A file descriptor of the N-Quads."""
    digest: str
    """The SHA-256 of the N-Quads in hexadecimal digits; whatever is served is the same as long as this is."""
    graphs: frozenset[str]
    """The IRIs of the named graphs."""
    store: OxigraphStore
    report: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> ServedGraph:
        """Open the build in a folder.

        Raises GraphMissing where none stands there, or where file and report are not of one build.
        """
        recover(folder)
        try:
            report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
            file = os.open(folder / DATA, os.O_RDONLY)
        except (OSError, ValueError) as error:
            raise GraphMissing(f"no built graph in {folder}; run: osteograph build") from error
        try:
            data = read_all(file)
            digest = hashlib.sha256(data).hexdigest()
            if report.get("files", {}).get(DATA, {}).get("sha256", digest) != digest:
                raise GraphMissing(f"{DATA} and {REPORT} in {folder} are not of one build; run: osteograph build")
            store = load(data)
        except BaseException:
            os.close(file)
            raise
        graphs = frozenset(str(graph.value) for graph in store.named_graphs())
        return cls(file, digest, graphs, OxigraphStore(store), report)

    def close(self) -> None:
        """Give the file back; the store goes with the last who holds it."""
        os.close(self.file)


def read_all(file: int) -> bytes:
    """All bytes of an open file, wherever others have read to."""
    if not os.fstat(file).st_size:
        return b""
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as view:
        return view[:]


def load(nquads: bytes) -> ox.Store:
    """A store with rows in the same order in every process.

    ``bulk_load`` would parse on several threads and rename blank nodes, and then two workers would answer a query
    without ORDER BY each in its own order: its pages would not fit together.
    """
    store = ox.Store()
    store.bulk_extend(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    return store
