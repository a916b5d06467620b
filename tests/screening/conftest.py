"""Readers over the real graph."""

from __future__ import annotations

import pytest

from osteograph.queries.screening.intake import Knowledge
from osteograph.queries.screening.reading import read_record
from osteograph.queries.screening.record import Record
from osteograph.queries.stores.oxigraph import OxigraphStore

from .records import TODAY, Read


@pytest.fixture(scope="session")
def readers_knowledge(oxigraph_store: OxigraphStore) -> Knowledge:
    """What readers know of the graph."""
    return Knowledge.of(oxigraph_store)


@pytest.fixture(scope="session")
def read(oxigraph_store: OxigraphStore) -> Read:
    """Reads a record on a fixed day."""

    def read_on_that_day(source: str | bytes) -> Record:
        data = source.encode() if isinstance(source, str) else source
        return read_record(data, oxigraph_store, today=TODAY)

    return read_on_that_day
