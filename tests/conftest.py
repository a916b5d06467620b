"""What the tests share: the real graph, compiled once a run, on every store."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

import osteograph
from osteograph.graph_builder.compiler import compile_dataset
from osteograph.ontology.curation import load_curation
from osteograph.ontology.model import Curation
from osteograph.ontology.schema import load_schema
from osteograph.queries.inference.knowledge import Knowledge
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
def quads(curation: Curation) -> list[ox.Quad]:
    """The compiled graph."""
    return compile_dataset(curation, load_schema())


@pytest.fixture(scope="session")
def nquads(quads: list[ox.Quad]) -> bytes:
    """The compiled graph as N-Quads."""
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


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


@pytest.fixture(scope="session")
def built(osteograph_home: Path) -> Path:
    """The folder of a build of the real graph."""
    with osteograph.load() as kg:
        return kg.folder
