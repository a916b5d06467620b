"""The rules over the real graph, derived once."""

from __future__ import annotations

import pytest

from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.screening import Screener
from osteograph.queries.stores.oxigraph import OxigraphStore


@pytest.fixture(scope="session")
def knowledge(oxigraph_store: OxigraphStore) -> Knowledge:
    """All sources, everywhere."""
    return Knowledge(oxigraph_store)


@pytest.fixture(scope="session")
def screener(knowledge: Knowledge) -> Screener:
    """The rule engine for single patients: the oracle of all cohorts."""
    return Screener(knowledge)
