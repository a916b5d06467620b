"""A real server for the tests: the command ``osteograph serve`` in a process of its own, on a port that is free."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from osteograph.queries.opening import DATA, REPORT

SECONDS = 60


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Live:
    """A running server."""

    url: str
    process: subprocess.Popen[str]

    @property
    def sparql(self) -> str:
        return self.url + "sparql"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request over a connection of its own; no header is added but Host and Content-Length."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str = "*/*", **headers: str) -> Reply:
        return self.request("GET", path, headers={"Accept": accept, **headers})

    def query(self, sparql: str, accept: str = "*/*") -> Reply:
        return self.get("/sparql?" + urlencode({"query": sparql}), accept)

    def workers(self) -> list[int]:
        """The processes that answer queries: forks of the one that holds the graph."""
        return [worker for holder in children(self.process.pid) for worker in children(holder)]


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Look until it holds; a busy machine needs longer."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, "this did not come about in time"
        time.sleep(0.02)


def children(parent: int) -> list[int]:
    """The child processes of a process."""
    lists = [path.read_text() for path in Path(f"/proc/{parent}/task").glob("*/children")]  # each thread has its own
    return [int(process) for processes in lists for process in processes.split()]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Live]:
    """A server over the build in a folder; stopped as Ctrl-C stops it."""
    command = [sys.executable, "-m", "osteograph", "serve", "--graph", str(folder), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        url = ""
        last = time.monotonic() + SECONDS
        while not url and time.monotonic() < last:
            line = process.stderr.readline()
            if not line:
                raise RuntimeError(f"the server ended with exit code {process.wait()}")
            found = re.search(r"http://\S+", line)
            url = found[0] if found else ""
        yield Live(url, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.stderr.close()


def write_build(folder: Path, nquads: bytes) -> Path:
    """The least that makes a folder a build: N-Quads and a report with their digest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_bytes(nquads)
    entry = {"bytes": len(nquads), "sha256": hashlib.sha256(nquads).hexdigest()}
    (folder / REPORT).write_text(json.dumps({"files": {DATA: entry}}))
    return folder
