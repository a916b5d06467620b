"""A worker as the server sees it: a process and a connection to it, and the answers that come over it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from .fork_server import ForkServer
from .limits import MEBIBYTE
from .request import ProtocolError
from .worker import HEAD, LENGTHS

_SCHEDULED = 2  # CPUCLOCK_SCHED of Linux: the processor time that the scheduler has counted
FOR_OTHERS, LATE = "others wait", "out of time"
"""Why a worker is stopped."""


@dataclass(frozen=True)
class Outcome:
    """A whole answer: its media type, its bytes in memory or in a file, and their digest."""

    media: str
    volatile: bool
    size: int
    sha256: str
    content: bytes | IO[bytes]


def _spilled(held: IO[bytes]) -> IO[bytes]:
    """A file that begins with what was held; it has no name and goes with the last who reads it."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 # an outcome keeps it
    held.seek(0)
    file.write(held.read())
    return file


@dataclass(eq=False)
class Worker:
    """A worker process and what it is doing."""

    process: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    since: float = 0.0
    """When it began with its query, by the clock."""
    _had: float = 0.0
    slow: bool = False
    stopped: str = ""
    """Why it was killed in the middle of a query, if it was."""
    is_whole: bool = True
    """Whether all of its last answer was read, so that it can be given another request."""

    @classmethod
    async def start(cls, forks: ForkServer) -> Worker:
        process, connection = await forks.fork()
        reader, writer = await asyncio.open_connection(sock=connection)
        return cls(process, reader, writer)

    def begin(self) -> None:
        """Note the time, from which the time of a query is counted."""
        self.since, self._had = time.monotonic(), self._processor_seconds()

    def computed(self) -> float:
        """The seconds of processor time that its query has had: on a busy machine much less than by the clock."""
        return self._processor_seconds() - self._had

    def _processor_seconds(self) -> float:
        """Of the process so far, by its own clock (see ``clock_getcpuclockid``); else by that on the wall."""
        with contextlib.suppress(OSError):
            return time.clock_gettime(~self.process << 3 | _SCHEDULED)
        return time.monotonic()

    async def answer(self, request: Mapping[str, Any], body: bytes = b"", *, spill: bool = True) -> Outcome:
        """The whole answer, or ProtocolError. With ``spill``, a large one waits in a file until it is whole."""
        self.is_whole = False
        data = json.dumps(request).encode()
        self.writer.write(LENGTHS.pack(len(data), len(body)) + data + body)
        await self.writer.drain()
        held: IO[bytes] = BytesIO()
        digest, size = hashlib.sha256(), 0
        while True:
            letter, data = await self._frame()
            if letter == b"E":
                break
            if spill and size <= MEBIBYTE < size + len(data):
                held = _spilled(held)
            held.write(data)
            digest.update(data)
            size += len(data)
        self.is_whole = True
        end = json.loads(data)
        if end["status"] != 200:
            raise ProtocolError(end["status"], end["message"], problems=end.get("problems", ()))
        held.flush()
        content = held.getvalue() if isinstance(held, BytesIO) else held
        return Outcome(end["media"], end.get("volatile", True), size, digest.hexdigest(), content)

    async def _frame(self) -> tuple[bytes, bytes]:
        letter, length = HEAD.unpack(await self.reader.readexactly(HEAD.size))
        return letter, await self.reader.readexactly(length)

    def stop(self, reason: str) -> None:
        """Kill it in the middle of its query; who waits for the answer learns of it by the connection."""
        self.stopped = reason
        self._signal()

    @property
    def has_gone(self) -> bool:
        """Whether it has ended; then its number may be another's."""
        return self.reader.at_eof()

    def kill(self) -> None:
        """End it and the connection to it."""
        if not self.has_gone:
            self._signal()
        self.writer.close()

    def _signal(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
