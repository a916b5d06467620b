"""Answers by cache or by pool, and the change to a new build without a request lost.

The graph does not change between builds, so an answer is good for as long as the build is served: it is kept for the
next who asks the same, and so is the verdict on a query that is refused or too large. Queries that ask for the time or
for chance (NOW, RAND, UUID) are always run. Equal queries that come while the first one runs wait for its answer.

Records of patients are screened beside that, by workers of their own that start with the first record; there, nothing
is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from osteograph.ontology.errors import OsteographError

from ..opening import REPORT
from .connection import Outcome
from .fork_server import RECORDS
from .limits import MEBIBYTE, Limits
from .negotiation import Offer, offer
from .pool import Busy, Lost, Pool
from .records import ScreenRequest
from .request import ProtocolError, QueryRequest
from .served import ServedGraph

Key = tuple[QueryRequest, Offer]
_REMEMBERED = (400, 403, 406, 422)
_RECORD_QUANTUM, _RECORD_PATIENCE = 1.0, 5.0
"""Seconds that the screening of a record may have while others wait, in the quick lane and in the slow one."""


@dataclass
class Cache:
    """The latest answers and verdicts, up to a number of bytes in memory."""

    most: int
    _held: OrderedDict[Key, Outcome | ProtocolError] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, key: Key) -> Outcome | ProtocolError | None:
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Key, value: Outcome | ProtocolError) -> None:
        if isinstance(value, Outcome) and (value.volatile or value.size > MEBIBYTE):
            return
        if key in self._held:
            self._size -= _weight(key, self._held.pop(key))
        self._held[key] = value
        self._size += _weight(key, value)
        while self._size > self.most:
            self._size -= _weight(*self._held.popitem(last=False))


def _weight(key: Key, value: Outcome | ProtocolError) -> int:
    return 500 + 2 * len(key[0].query) + (value.size if isinstance(value, Outcome) else len(value.message))


@dataclass
class _Serving:
    """One build with its workers and what is remembered of it."""

    graph: ServedGraph
    pool: Pool
    cache: Cache
    limits: Limits
    running: dict[Key, asyncio.Future[Outcome | ProtocolError]] = field(default_factory=dict)
    _records: Pool | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def start(cls, graph: ServedGraph, limits: Limits) -> _Serving:
        """Start the workers. Raises OSError where the machine has no room for them, with nothing left behind."""
        pool = Pool(graph, limits)
        try:
            await pool.start()
        except OSError:
            await pool.kill()
            raise
        return cls(graph, pool, Cache(limits.cache_bytes), limits)

    async def records(self) -> Pool:
        """The workers for records of patients, started where they are not yet. Raises Busy where that fails."""
        async with self._starting:
            if self._records is None:
                workers = max(1, self.limits.workers // 2)
                patience = max(self.limits.patience, _RECORD_PATIENCE)
                limits = replace(self.limits, workers=workers, patience=patience)
                pool = Pool(self.graph, limits, RECORDS, private=True, quantum=_RECORD_QUANTUM)
                try:
                    await pool.start()
                except OSError:
                    await pool.kill()
                    raise Busy("the machine has no room for the process that screens records") from None
                self._records = pool
            return self._records

    async def close(self) -> None:
        """Wait for what runs, for as long as it may, then end all workers."""
        pools = (self.pool, self._records) if self._records else (self.pool,)
        await asyncio.gather(*(pool.close() for pool in pools))

    async def kill(self) -> None:
        """End all workers at once."""
        for pool in filter(None, (self.pool, self._records)):
            await pool.kill()


class Endpoint:
    """A SPARQL endpoint over the build in a folder. Use it in ``async with``.

    ``on_reload`` is called with the new graph whenever a new build has taken its place.
    """

    def __init__(
        self, folder: Path, limits: Limits | None = None, on_reload: Callable[[ServedGraph], None] | None = None
    ) -> None:
        self.folder = folder
        self.limits = limits or Limits()
        self._on_reload = on_reload or (lambda graph: None)
        self._seen = _stamp(folder)  # before it is opened: a build that comes between the two is seen to be another
        self._first: ServedGraph | None = ServedGraph.open(folder)
        self._serving: _Serving | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def graph(self) -> ServedGraph:
        """The graph that is served now."""
        found = self._serving.graph if self._serving else self._first
        assert found
        return found

    async def __aenter__(self) -> Endpoint:
        assert self._first
        self._serving = await _Serving.start(self._first, self.limits)
        self._keep(asyncio.create_task(self._watch()))
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._serving
        for task in self._tasks:
            task.cancel()
        await self._serving.kill()

    async def answer(self, request: QueryRequest, accept: str | None) -> Outcome:
        """The answer to a query in a media type that the client accepts, or ProtocolError."""
        serving = self._serving
        assert serving
        key = (request, offer(accept))
        found = serving.cache.get(key) or await self._run(serving, key)
        if isinstance(found, ProtocolError):
            raise ProtocolError(found.status, found.message, found.headers)  # tracebacks grow on one that is kept
        return found

    async def screen(self, request: ScreenRequest) -> Outcome:
        """The outcome of screening a record, held in memory alone, or ProtocolError."""
        assert self._serving
        pool = await self._serving.records()
        return await pool.answer(request.message(), request.record)

    async def _run(self, serving: _Serving, key: Key) -> Outcome | ProtocolError:
        """Ask the pool; where somebody asks the same already, wait for that answer."""
        running = serving.running.get(key)
        if running is not None:
            return await asyncio.shield(running)
        running = serving.running[key] = asyncio.get_running_loop().create_future()
        try:
            running.set_result(await self._ask(serving, key))
        finally:
            del serving.running[key]
            running.cancel()  # without effect where there is a result
        return running.result()

    async def _ask(self, serving: _Serving, key: Key) -> Outcome | ProtocolError:
        try:
            outcome = await serving.pool.answer(_message(key, self.limits))
        except ProtocolError as error:
            if error.status in _REMEMBERED and not isinstance(error, Lost):
                serving.cache.put(key, error.with_traceback(None))
            return error
        serving.cache.put(key, outcome)
        return outcome

    async def reload(self) -> bool:
        """Serve the build that is in the folder now, if it is another; the old one answers what it was asked."""
        graph = await asyncio.to_thread(ServedGraph.open, self.folder)
        old = self._serving
        assert old
        if graph.digest == old.graph.digest:
            graph.close()
            return False
        try:
            self._serving = await _Serving.start(graph, self.limits)
        except OSError:
            graph.close()
            raise
        self._on_reload(graph)
        self._keep(asyncio.create_task(_retire(old)))
        return True

    async def _watch(self) -> None:
        """Look every second whether a new build has taken the place of the old one."""
        while True:
            await asyncio.sleep(1)
            stamp = _stamp(self.folder)
            if stamp in (None, self._seen):
                continue
            with contextlib.suppress(OsteographError, OSError):  # caught in the middle of a build: look again
                await self.reload()
                self._seen = stamp

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _stamp(folder: Path) -> tuple[int, int] | None:
    """What changes when another build takes the folder's place."""
    try:
        found = os.stat(folder / REPORT)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _message(key: Key, limits: Limits) -> dict[str, Any]:
    request, media = key
    return {
        "query": request.query,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "media": {"solutions": media.solutions, "boolean": media.boolean, "graph": media.graph},
        "rows": limits.rows,
        "bytes": limits.answer_bytes,
    }


async def _retire(serving: _Serving) -> None:
    await serving.close()
    serving.graph.close()
