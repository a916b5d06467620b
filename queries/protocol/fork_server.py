"""A process that holds the graph and forks a worker whenever one is asked for.

Loading a graph takes much longer than forking a process that has it: a worker that had to be killed is replaced within
milliseconds, and all workers share the memory of one graph. The process has one thread and runs no query itself, so
that there is nothing that a fork could tear. It ends when the server does, and its workers with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys

from . import records, worker
from .limits import Limits
from .served import ServedGraph, load, read_all

_READY = b"R"
_START_SECONDS = 60.0
QUERIES, RECORDS = "queries", "records"
"""What workers may be for."""


def main() -> None:
    """Fork a worker for every socket that comes over the control socket; answer with the number of its process."""
    control = socket.socket(fileno=int(sys.argv[1]))
    file, memory, seconds = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system clears away workers that have ended
    store, services = load(read_all(file)), sys.argv[6:]
    handle = worker.prepare(store, services) if sys.argv[5] == QUERIES else records.prepare(store)
    gc.freeze()  # what is there now is shared with all workers, and no collection touches it
    control.sendall(_READY)
    while True:
        message, files, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        connection = socket.socket(fileno=files[0])
        child = os.fork()
        if child == 0:
            control.close()
            with contextlib.suppress(OSError):
                worker.work(handle, connection, memory, seconds)
            os._exit(0)
        connection.close()
        control.sendall(child.to_bytes(8, "big"))


class ForkServer:
    """The server's side of such a process; it is started when the first worker is asked for, and again if it dies."""

    def __init__(self, graph: ServedGraph, limits: Limits, task: str = QUERIES) -> None:
        self._graph = graph
        self._task = task
        self._limits = limits
        self._lock = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def fork(self) -> tuple[int, socket.socket]:
        """The process number of a new worker, and our end of the connection to it. Raises OSError if that fails."""
        async with self._lock:
            return await asyncio.to_thread(self._fork)

    def _fork(self) -> tuple[int, socket.socket]:
        if self._process is None or self._process.poll() is not None or self._control is None:
            self._start()
        assert self._control
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
                return int.from_bytes(_exactly(self._control, 8), "big"), ours
        except OSError:
            ours.close()
            self.close()
            raise

    def _start(self) -> None:
        self.close()
        ours, theirs = socket.socketpair()
        numbers = [str(theirs.fileno()), str(self._graph.file)]
        numbers += [str(self._limits.memory_bytes), str(self._limits.seconds), self._task, *self._limits.services]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "osteograph.queries.protocol.fork_server", *numbers],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), self._graph.file),
            )
        ours.settimeout(_START_SECONDS)
        self._control = ours
        _exactly(ours, len(_READY))

    def close(self) -> None:
        """End the process; its workers end once they see that it has gone, unless they were killed before."""
        if self._control:
            self._control.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _exactly(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise ConnectionError("the process that holds the graph has ended")
        data += piece
    return data


if __name__ == "__main__":
    main()
