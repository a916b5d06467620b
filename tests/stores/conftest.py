"""The servers that stand behind a RemoteStore in the tests, each started once a run when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from osteograph.queries.stores.remote import RemoteStore

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the suite that a server is known to fail have to fail, each for the reason written down."""
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        name = str(params.get("store", ""))
        reason = COMPLIANCE_FAULTS.get(name, {}).get(item.name.replace(f"[{name}]", "").replace(f"[{name}-", "["))
        if reason:
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))
