"""What the tests share: the real graph, built once a run, on every store."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from osteograph.ontology.curation import load_curation
from osteograph.ontology.model import Curation
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.opening import DATA
from osteograph.queries.screening.screening import Screener
from osteograph.queries.stores.base import Store
from osteograph.queries.stores.memory import RdflibStore
from osteograph.queries.stores.oxigraph import OxigraphStore

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def curation() -> Curation:
    """The curated tables."""
    return load_curation()


@pytest.fixture(scope="session")
def nquads(built: Path) -> bytes:
    """The built graph as N-Quads."""
    return (built / DATA).read_bytes()


@pytest.fixture(scope="session")
def quads(nquads: bytes) -> list[ox.Quad]:
    """The built graph."""
    return list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="session")
def oxigraph_store(nquads: bytes) -> OxigraphStore:
    """The graph in Oxigraph."""
    return OxigraphStore.from_nquads(nquads)


@pytest.fixture(scope="session")
def knowledge(oxigraph_store: OxigraphStore) -> Knowledge:
    """What the graph says and what follows, by all sources, everywhere; derived once."""
    return Knowledge(oxigraph_store)


@pytest.fixture(scope="session")
def screener(knowledge: Knowledge) -> Screener:
    """The rule engine for single patients."""
    return Screener(knowledge)


@pytest.fixture(scope="session")
def rdflib_store(nquads: bytes) -> RdflibStore:
    """The graph in rdflib's memory store."""
    return RdflibStore.from_nquads(nquads)


@pytest.fixture(params=["oxigraph", "rdflib"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each store in turn."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture(scope="session")
def articles() -> Path:
    """The folder with the two article files, or a skip where it is not at hand."""
    folder = os.environ.get("OSTEOGRAPH_SOURCES")
    if not folder:
        pytest.skip("the article files are not at hand: OSTEOGRAPH_SOURCES names no folder")
    return Path(folder)
