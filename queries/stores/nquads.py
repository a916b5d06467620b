"""Reading the N-Quads of a build, with a message where the file is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError


def read_nquads(path: Path) -> Iterator[ox.Quad]:
    """The quads of a file, as they come. Raises OsteographError where it is damaged."""
    with damage_told(path):
        yield from ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Turns what a parser says of a damaged file into a message that names it."""
    try:
        yield
    except SyntaxError as error:
        raise OsteographError(f"{path} is damaged or no N-Quads ({error.msg}); build or fetch it again") from error
