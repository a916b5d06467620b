"""The servers that stand behind a RemoteStore in the tests, each started once a run when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from osteograph.queries.stores.base import Store
from osteograph.queries.stores.memory import RdflibStore
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.queries.stores.remote import RemoteStore

from .compliance import DATA
from .servers import COMPLIANCE_FAULTS, SERVERS, Server


class Serve(Protocol):
    """What the fixture ``serve`` is."""

    def __call__(self, name: str, nquads: bytes, *, alone: bool = False) -> RemoteStore: ...


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """``serve("virtuoso", nquads)`` is a store on that server with these quads and no others, until the next call.

    With ``alone`` the server is one that never held anything else: Virtuoso goes on planning by the statistics of what
    it held before, and then gets some answers wrong.
    """
    running: dict[tuple[str, bytes], Server] = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")

        def start(name: str, nquads: bytes, *, alone: bool = False) -> RemoteStore:
            key = (name, nquads if alone else b"")
            if key not in running:
                running[key] = stack.enter_context(SERVERS[name](tmp_path_factory.mktemp(name)))
            return running[key].holding(nquads)

        yield start


@pytest.fixture(scope="module", params=["oxigraph", "rdflib", "oxigraph_serve", "virtuoso"])
def store(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Store]:
    """Each store in turn, holding the tiny dataset; the last two are endpoints of real servers."""
    name = request.param
    at_hand: dict[str, Callable[[bytes], Store]] = {
        "oxigraph": OxigraphStore.from_nquads,
        "rdflib": RdflibStore.from_nquads,
    }
    opened = at_hand[name](DATA) if name in at_hand else serve(name, DATA)
    yield opened
    opened.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the suite that a server is known to fail have to fail, each for the reason written down."""
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        name = str(params.get("store", ""))
        reason = COMPLIANCE_FAULTS.get(name, {}).get(item.name.replace(f"[{name}]", "").replace(f"[{name}-", "["))
        if reason:
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))
