"""The workers: who waits, who is stopped, who is sent away.

A query that runs past its time has its worker killed, and a new worker takes the place. While others wait, no query
runs longer than ``Limits.patience``: the one that ran longest is stopped and told to come again, so that a few endless
queries cannot keep everybody out.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import struct
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .limits import MEBIBYTE, Limits
from .request import ProtocolError
from .served import ServedGraph

HEAD = struct.Struct(">cI")
START_SECONDS = 60.0


@dataclass(frozen=True)
class Outcome:
    """A whole answer: its media type, its bytes in memory or in a file, and their digest."""

    media: str
    volatile: bool
    size: int
    sha256: str
    content: bytes | IO[bytes]


class Busy(ProtocolError):
    """Too many queries at once."""

    def __init__(self, message: str) -> None:
        super().__init__(503, message, {"Retry-After": "2"})


@dataclass(eq=False)
class Worker:
    """A worker process and what it is doing."""

    process: Process
    since: float | None = None
    stopped_for_others: bool = field(default=False)

    @classmethod
    async def start(cls, graph: ServedGraph, limits: Limits) -> Worker:
        arguments = [str(graph.file), str(limits.memory_bytes), str(limits.seconds)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "osteograph.queries.protocol.worker", *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            pass_fds=(graph.file,),
        )
        worker = cls(process)
        async with asyncio.timeout(START_SECONDS):
            await worker._frame()
        return worker

    async def _frame(self) -> tuple[bytes, bytes]:
        assert self.process.stdout
        letter, length = HEAD.unpack(await self.process.stdout.readexactly(HEAD.size))
        return letter, await self.process.stdout.readexactly(length)

    async def answer(self, request: Mapping[str, Any]) -> Outcome:
        """The whole answer, or ProtocolError. A large one waits in a file until it is whole."""
        assert self.process.stdin
        data = json.dumps(request).encode()
        self.process.stdin.write(len(data).to_bytes(4, "big") + data)
        await self.process.stdin.drain()
        held: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(MEBIBYTE)  # noqa: SIM115 # an outcome may keep it
        digest, size = hashlib.sha256(), 0
        while True:
            letter, data = await self._frame()
            if letter == b"E":
                break
            held.write(data)
            digest.update(data)
            size += len(data)
        end = json.loads(data)
        if end["status"] != 200:
            raise ProtocolError(end["status"], end["message"])
        held.seek(0)
        content = held.read() if size <= MEBIBYTE else held
        return Outcome(end["media"], end["volatile"], size, digest.hexdigest(), content)

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class Pool:
    """Workers over one served graph. Start it before use, close it after."""

    def __init__(self, graph: ServedGraph, limits: Limits) -> None:
        self._graph = graph
        self._limits = limits
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        """Start all workers; raises OSError or EOFError where one does not come up."""
        self._idle = list(
            await asyncio.gather(*(Worker.start(self._graph, self._limits) for _ in range(self._limits.workers)))
        )
        self._spawn(self._make_room())

    async def close(self) -> None:
        """Wait for the queries that run, for as long as a query may, then end all workers."""
        self._closing = True
        last = time.monotonic() + self._limits.seconds
        while (self._busy or self._waiting) and time.monotonic() < last:
            await asyncio.sleep(0.02)
        await self.kill()

    async def kill(self) -> None:
        """End all workers at once."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(worker.kill() for worker in workers))

    async def answer(self, request: Mapping[str, Any]) -> Outcome:
        """The answer to a request, or ProtocolError: 4xx for the query, 503 when busy, 504 when out of time."""
        worker = await self._take()
        worker.since = time.monotonic()
        self._busy.add(worker)
        whole = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                outcome = await worker.answer(request)
            whole = True
            return outcome
        except ProtocolError:
            whole = True
            raise
        except TimeoutError:
            raise ProtocolError(504, f"stopped: the query ran longer than {self._limits.seconds:g} seconds") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._why_ended(worker) from None
        finally:
            self._busy.discard(worker)
            worker.since = None
            if whole:
                self._give(worker)
            else:
                self._spawn(self._replace(worker))

    def _why_ended(self, worker: Worker) -> ProtocolError:
        if worker.stopped_for_others:
            return Busy(f"stopped after {self._limits.patience:g} seconds, since others waited; try again later")
        if self._closing:
            return Busy("the server is closing")
        return ProtocolError(422, "the query ended the process that ran it: too much memory, or nested too deeply")

    async def _take(self) -> Worker:
        if self._closing:
            raise Busy("the server is closing")
        if self._idle:
            return self._idle.pop()
        if len(self._waiting) >= self._limits.waiting:
            raise Busy(f"{len(self._waiting)} queries wait already; try again later")
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise Busy(f"no worker was free for {self._limits.wait_seconds:g} seconds; try again later") from None
            raise

    def _give_up(self, turn: asyncio.Future[Worker]) -> None:
        """Wait no longer; a worker that came at the same moment goes to the next."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        if turn.done() and not turn.cancelled():
            self._give(turn.result())

    def _give(self, worker: Worker) -> None:
        """Hand a free worker to the one that waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    async def _replace(self, worker: Worker) -> None:
        await worker.kill()
        while not self._closing:
            try:
                fresh = await Worker.start(self._graph, self._limits)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.sleep(1)  # the machine is short of something; those who wait are told so in time
                continue
            if self._closing:
                await fresh.kill()
            else:
                self._give(fresh)
            return

    async def _make_room(self) -> None:
        """While others wait, stop the query that has run longest, if it has run for longer than is patient."""
        while True:
            await asyncio.sleep(min(0.1, self._limits.patience))
            running = [worker for worker in self._busy if worker.since and not worker.stopped_for_others]
            if not self._waiting or not running:
                continue
            longest = min(running, key=lambda worker: worker.since or 0.0)
            if time.monotonic() - (longest.since or 0.0) > self._limits.patience:
                longest.stopped_for_others = True
                longest.process.kill()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
