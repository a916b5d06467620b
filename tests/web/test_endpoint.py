"""The endpoint without HTTP: what is kept, and what equal queries share."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from osteograph.queries.protocol.connection import Worker
from osteograph.queries.protocol.endpoint import Endpoint
from osteograph.queries.protocol.fork_server import ForkServer
from osteograph.queries.protocol.limits import Limits
from osteograph.queries.protocol.request import ProtocolError, QueryRequest
from osteograph.queries.protocol.served import ServedGraph

from .live import write_build

ASKED = {"default_graphs": [], "named_graphs": [], "rows": 10, "bytes": 1000,
         "media": {"solutions": "text/csv", "boolean": None, "graph": None}}  # fmt: skip
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty triples."""
    data = "".join(f"<urn:s{n}> <urn:p> <urn:o{n}> <urn:g> .\n" for n in range(60))
    return write_build(tmp_path_factory.mktemp("endpoint") / "graph", data.encode())


def run(folder: Path, work: Callable[[Endpoint], Awaitable[None]]) -> None:
    async def within() -> None:
        async with Endpoint(folder, Limits(workers=1)) as endpoint:
            await work(endpoint)

    asyncio.run(within())


async def refusal(endpoint: Endpoint, query: str) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        await endpoint.answer(QueryRequest(query), None)
    return caught.value


def test_a_refusal_that_is_kept_does_not_grow(folder: Path) -> None:
    """The verdict is the same each time, and holds on to none of the requests that got it."""

    async def ask(endpoint: Endpoint) -> None:
        errors = [await refusal(endpoint, "SELECT * {") for _ in range(5)]
        assert {(error.status, error.message) for error in errors} == {(400, errors[0].message)}
        assert len({len(traceback.extract_tb(error.__traceback__)) for error in errors}) == 1

    run(folder, ask)


def test_equal_queries_are_run_once(folder: Path) -> None:
    """Those who ask while the first one runs are given its answer: one worker would need five times as long."""

    async def ask(endpoint: Endpoint) -> None:
        found = await asyncio.gather(*(endpoint.answer(QueryRequest(PRODUCT), "text/csv") for _ in range(5)))
        assert {id(outcome) for outcome in found} == {id(found[0])}
        assert found[0].content == b"n\r\n216000\r\n"

    run(folder, ask)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the processor time of processes in the way of Linux")
def test_a_query_has_the_time_of_the_processor_that_it_got(folder: Path) -> None:
    """A worker that is kept from the processor has had nothing; one that computes has."""

    async def look() -> None:
        graph = ServedGraph.open(folder)
        forks = ForkServer(graph, Limits())
        worker = await Worker.start(forks)
        os.kill(worker.process, signal.SIGSTOP)
        worker.begin()
        asked = asyncio.create_task(worker.answer({"query": PRODUCT, **ASKED}))
        await asyncio.sleep(0.2)
        assert worker.computed() < 0.01
        os.kill(worker.process, signal.SIGCONT)
        await asked
        assert 0.01 < worker.computed() < 5
        worker.kill()
        forks.close()
        graph.close()

    asyncio.run(look())


def test_who_stops_waiting_stops_nobody_else(folder: Path) -> None:
    """One who asks the same and goes leaves the answer to the one who asked first."""

    async def ask(endpoint: Endpoint) -> None:
        first = asyncio.create_task(endpoint.answer(QueryRequest(PRODUCT + " # again"), "text/csv"))
        await asyncio.sleep(0)
        second = asyncio.create_task(endpoint.answer(QueryRequest(PRODUCT + " # again"), "text/csv"))
        await asyncio.sleep(0)
        second.cancel()
        assert (await first).content == b"n\r\n216000\r\n"

    run(folder, ask)
