"""The workers: who waits, who is stopped, who is sent away.

A query that runs past its time has its worker killed; a new one takes the place within milliseconds. Queries that take
long must not keep the quick ones out, and nobody knows before which is which. So every query starts in the quick lane.
One that has had ``QUANTUM`` of the processor while others wait goes over to the slow lane, which never has more than
half of the workers: if there is room it just goes on, with less of the processor; if not, it is stopped, and started
again when there is. In the slow lane, too, nobody runs for longer than ``Limits.patience`` while others wait for it.

One task looks at all that run and wait every few hundredths of a second, and keeps every limit of time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from .connection import FOR_OTHERS, LATE, Outcome, Worker
from .fork_server import QUERIES, ForkServer
from .limits import Limits
from .request import ProtocolError
from .served import ServedGraph

QUANTUM = 0.05
"""Seconds of processor time that a query may have in the quick lane while others wait."""
_BY_THE_CLOCK = 5
"""How many times as long it may take by the clock, be it that it waits or that the machine is busy."""
_NICENESS = 10
_LOOK = 0.03  # seconds between looks at what runs


class Busy(ProtocolError):
    """Too many queries at once."""

    def __init__(self, message: str) -> None:
        super().__init__(503, message, {"Retry-After": "2"})


class Lost(ProtocolError):
    """The process of a query ended: most likely, but not surely, by what the query did."""


class _Lane:
    """Those who wait for a worker, the first come first."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[asyncio.Future[Worker], float]] = deque()

    def __bool__(self) -> bool:
        while self.waiting and self.waiting[0][0].done():
            self.waiting.popleft()
        return bool(self.waiting)

    def __len__(self) -> int:
        return sum(not turn.done() for turn, _ in self.waiting)

    def turn(self, last: float) -> asyncio.Future[Worker]:
        """A place at the end; it is good until ``last``."""
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append((turn, last))
        return turn

    def hand(self, worker: Worker) -> bool:
        """Give a worker to the one that waited longest, if anybody waits."""
        if not self:
            return False
        self.waiting.popleft()[0].set_result(worker)
        return True

    def send_away(self, now: float, error: Callable[[], Busy]) -> None:
        """Refuse those who waited for as long as one may."""
        for turn, last in self.waiting:
            if now > last and not turn.done():
                turn.set_exception(error())


class Pool:
    """Workers over one served graph. Start it before use, close it after.

    A ``private`` pool is for what belongs to somebody: a worker answers once and ends, and no answer goes into a file.
    """

    def __init__(
        self,
        graph: ServedGraph,
        limits: Limits,
        task: str = QUERIES,
        *,
        private: bool = False,
        quantum: float = QUANTUM,
    ) -> None:
        self._limits = limits
        self._private = private
        self._what = "screening" if private else "query"
        self._quantum = quantum
        self._forks = ForkServer(graph, limits, task)
        self._most_slow = max(1, limits.workers // 2)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._quick, self._slow = _Lane(), _Lane()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        """Start all workers; raises OSError where that is not possible."""
        for _ in range(self._limits.workers):
            self._idle.append(await Worker.start(self._forks))
        self._spawn(self._look_after())

    async def close(self) -> None:
        """Wait for the queries that run, for as long as a query may, then end all workers."""
        self._closing = True
        last = time.monotonic() + self._limits.seconds
        while (self._busy or self._quick or self._slow) and time.monotonic() < last:
            await asyncio.sleep(0.02)
        await self.kill()

    async def kill(self) -> None:
        """End all workers at once."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        for worker in (*self._idle, *self._busy):
            worker.kill()
        self._idle.clear()
        await asyncio.to_thread(self._forks.close)

    async def answer(self, request: Mapping[str, Any], body: bytes = b"") -> Outcome:
        """The answer to a request, or ProtocolError: 4xx for the query, 503 when busy, 504 when out of time."""
        if self._closing:
            raise Busy("the server is closing")
        if self._waiting() >= self._limits.waiting and not self._idle:
            raise Busy(f"{self._waiting()} queries wait already; try again later")
        last = time.monotonic() + self._limits.wait_seconds
        worker = await self._take(self._quick, last)
        outcome = await self._run(worker, request, body)
        if outcome is None:  # stopped for others: again, in the slow lane
            worker = await self._take(self._slow, last)
            worker.slow = True
            outcome = await self._run(worker, request, body)
        if outcome is None:
            raise Busy(f"stopped after {self._limits.patience:g} seconds, since others waited; try again later")
        return outcome

    async def _run(self, worker: Worker, request: Mapping[str, Any], body: bytes) -> Outcome | None:
        """The answer of a worker; None where it was stopped for others."""
        worker.begin()
        self._busy.add(worker)
        if worker.slow:
            _make_nice(worker)
        try:
            return await worker.answer(request, body, spill=not self._private)
        except (asyncio.IncompleteReadError, ConnectionError):
            if worker.stopped == LATE:
                words = f"stopped: the {self._what} ran longer than {self._limits.seconds:g} seconds"
                raise ProtocolError(504, words) from None
            if worker.stopped == FOR_OTHERS:
                return None
            if self._closing:
                raise Busy("the server is closing") from None
            words = f"the {self._what} ended the process that ran it: too much memory, or nested too deeply"
            raise Lost(422, words) from None
        finally:
            self._busy.discard(worker)
            if worker.is_whole and not worker.slow and not self._private:
                self._give(worker)
            else:
                worker.kill()
                self._spawn(self._replace())

    def _waiting(self) -> int:
        return len(self._quick) + len(self._slow)

    def _slow_running(self) -> int:
        return sum(worker.slow for worker in self._busy)

    async def _take(self, lane: _Lane, last: float) -> Worker:
        while self._idle and (lane is self._quick or self._slow_running() < self._most_slow):
            worker = self._idle.pop()
            if not worker.has_gone:
                return worker
            worker.kill()
            self._spawn(self._replace())
        return await lane.turn(last)

    def _waited_in_vain(self) -> Busy:
        return Busy(f"no worker was free for {self._limits.wait_seconds:g} seconds; try again later")

    def _give(self, worker: Worker) -> None:
        """A free worker goes to the quick lane, else to the slow one if that has room, else it waits."""
        if self._quick.hand(worker):
            return
        if self._slow_running() < self._most_slow and self._slow.hand(worker):
            return
        self._idle.append(worker)

    async def _replace(self) -> None:
        while not self._closing:
            try:
                fresh = await Worker.start(self._forks)
            except OSError:
                await asyncio.sleep(0.5)  # the machine is short of something; those who wait are told so in time
                continue
            if self._closing:
                fresh.kill()
            else:
                self._give(fresh)
            return

    async def _look_after(self) -> None:
        """Stop what has run too long, send away who has waited too long, move long queries out of the way."""
        while True:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            for worker in self._busy:
                if now - worker.since > self._limits.seconds and not worker.stopped:
                    worker.stop(LATE)
            for lane in (self._quick, self._slow):
                lane.send_away(now, self._waited_in_vain)
            running = sorted((w for w in self._busy if not w.stopped), key=lambda worker: worker.since)
            if self._quick:
                for worker in (w for w in running if not w.slow and self._is_long(w, now)):
                    self._move_over(worker)
            if self._slow:
                late = [w for w in running if w.slow and now - w.since > self._limits.patience]
                for worker in late[: len(self._slow)]:
                    worker.stop(FOR_OTHERS)

    def _is_long(self, worker: Worker, now: float) -> bool:
        took = now - worker.since
        return took > self._quantum and (worker.computed() > self._quantum or took > _BY_THE_CLOCK * self._quantum)

    def _move_over(self, worker: Worker) -> None:
        if self._slow_running() < self._most_slow:
            worker.slow = True
            _make_nice(worker)
        else:
            worker.stop(FOR_OTHERS)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _make_nice(worker: Worker) -> None:
    """Let the worker have what the others leave of the processor; for good, so it is replaced after its query."""
    with contextlib.suppress(OSError):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, worker.process, min(own + _NICENESS, 19))
