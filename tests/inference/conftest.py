"""The engine over the real graph, with all that rules derive of it."""

from __future__ import annotations

import pytest

from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.knowledge import Knowledge


@pytest.fixture(scope="session")
def engine(knowledge: Knowledge) -> Engine:
    """The engine of that."""
    return knowledge.engine
