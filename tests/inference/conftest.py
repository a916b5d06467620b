"""The real graph with all that rules derive of it, made once for all tests of inference."""

from __future__ import annotations

import pytest

from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.stores.oxigraph import OxigraphStore


@pytest.fixture(scope="session")
def knowledge(oxigraph_store: OxigraphStore) -> Knowledge:
    """What the graph says and what follows."""
    return Knowledge(oxigraph_store)


@pytest.fixture(scope="session")
def engine(knowledge: Knowledge) -> Engine:
    """The engine of that."""
    return knowledge.engine
