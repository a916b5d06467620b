"""Connections: repeated requests have the answers that they had, in the same bytes, and no others have them."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import uvicorn

from osteograph.visualizations.web.repeating import repeating_connections
from osteograph.visualizations.web.repeats import REPEATABLE, Kept, Repeats, note_body, note_headers

from .live import Live, serving, wait_until, write_build

QUERY = quote("SELECT ?o { ?s ?p ?o }")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One triple, served with a log."""
    folder = write_build(tmp_path_factory.mktemp("one") / "graph", b"<urn:s> <urn:p> <urn:o1> <urn:g> .\n")
    with serving(folder, "--workers", "1") as server:
        assert server.process.stderr
        server.process.stderr.readline()
        yield server


def head(server: Live, path: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    first = (f"{method} {path} HTTP/{version}", f"Host: {urlsplit(server.url).netloc}")
    return "\r\n".join((*first, *lines, "", "")).encode()


class Talk:
    """One connection, and what comes over it."""

    def __init__(self, server: Live) -> None:
        self._socket = socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), timeout=60)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def takes(self, data: bytes) -> bool:
        """Send, if the other side is still there."""
        try:
            self._socket.sendall(data)
        except ConnectionError:
            return False
        return True

    def read(self, *, body: bool = True) -> tuple[bytes, bytes]:
        """The head of the next answer without its date, and its body."""
        lines = []
        while (line := self._file.readline()) not in (b"\r\n", b""):
            lines.append(line)
        text = b"".join(lines)
        length = re.search(rb"content-length: (\d+)", text)
        return re.sub(rb"date: [^\r]+", b"", text), self._file.read(int(length[1])) if body and length else b""

    def has_ended(self) -> bool:
        return self._file.read(1) == b""


def test_a_repeated_request_has_the_same_answer(one: Live) -> None:
    """In the same bytes, on one connection and on another; a log line each."""
    request = head(one, f"/sparql?query={QUERY}", "Accept: text/csv")
    answers = []
    for _ in range(2):
        with Talk(one) as talk:
            for _ in range(3):
                talk.send(request)
                answers.append(talk.read())
    assert answers[0][0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert answers[0][1] == b"o\r\nurn:o1\r\n"
    assert b"content-security-policy" in answers[0][0]
    assert answers == answers[:1] * 6
    assert one.process.stderr
    lines = [one.process.stderr.readline() for _ in range(6)]
    assert [re.fullmatch(r"GET /sparql\?… 200 11 [0-9.]+ms\n", line) is None for line in lines] == [False] * 6


@pytest.mark.parametrize(
    ("line", "status"),
    [("Origin: http://evil.example", 403), ("Host: other.example", 400), ('If-None-Match: *', 304),
     ('If-None-Match: "x"\r\nIf-None-Match: *', 304), ("Accept: text/turtle", 406), ("X-Other: 1", 200)],
)  # fmt: skip
def test_another_request_has_its_own_answer(one: Live, line: str, status: int) -> None:
    """One header more is another request."""
    path = f"/sparql?query={QUERY}"
    with Talk(one) as talk:
        for _ in range(2):
            talk.send(head(one, path))
            assert talk.read()[0].startswith(b"HTTP/1.1 200")
            talk.send(head(one, path, line))
            assert talk.read()[0].startswith(f"HTTP/1.1 {status}".encode())
        talk.send(head(one, path, method="HEAD"))
        assert talk.read(body=False)[0].startswith(b"HTTP/1.1 200")
        talk.send(head(one, path))
        assert b"urn:o1" in talk.read()[1]


def test_requests_in_any_pieces_are_answered_in_turn(one: Live) -> None:
    """Two at once, one in two pieces, one behind a half: each has its answer, also where it was kept before."""
    request, other = head(one, f"/sparql?query={QUERY}"), head(one, "/healthz")
    with Talk(one) as talk:
        for sent in ([request], [request + other], [request + request], [request[:30], request[30:]],
                     [other + request[:30], request[30:]], [other[:9], other[9:] + request], [request]):  # fmt: skip
            for piece in sent:
                talk.send(piece)
            for asked in re.findall(rb"GET /(\w+)", b"".join(sent)):
                assert (b"urn:o1" if asked == b"sparql" else b"graph_sha256") in talk.read()[1]


@pytest.mark.parametrize(("lines", "version"), [(["Connection: close"], "1.1"), ([], "1.0")])
def test_who_wants_the_connection_closed_gets_that_each_time(one: Live, lines: list[str], version: str) -> None:
    """Such an answer ends with its connection."""
    for _ in range(3):
        with Talk(one) as talk:
            talk.send(head(one, f"/sparql?query={QUERY}", *lines, version=version))
            assert b"urn:o1" in talk.read()[1]
            assert talk.has_ended()


def test_what_depends_on_chance_is_not_repeated(one: Live) -> None:
    """Nor is what no query asks."""
    with Talk(one) as talk:
        request = head(one, "/sparql?query=" + quote("SELECT (STRUUID() AS ?u) {}"))
        talk.send(request)
        first = talk.read()
        talk.send(request)
        assert talk.read()[1] != first[1]


def test_another_build_has_its_own_answers(tmp_path: Path) -> None:
    """A request that was kept is answered from the new build once that is served."""

    def build(number: int) -> Path:
        return write_build(tmp_path / f"{number}", f"<urn:s> <urn:p> <urn:o{number}> <urn:g> .\n".encode())

    folder = build(1).rename(tmp_path / "graph")
    with serving(folder, "--quiet", "--workers", "1") as server, Talk(server) as talk:
        request = head(server, f"/sparql?query={QUERY}")

        def answer() -> bytes:
            talk.send(request)
            return talk.read()[1]

        assert [b"urn:o1" in answer() for _ in range(3)] == [True] * 3
        folder.rename(tmp_path / "old")
        build(2).rename(folder)
        wait_until(lambda: b"urn:o2" in answer())


def test_a_body_that_was_refused_does_not_go_on_for_ever(tmp_path: Path) -> None:
    """After 413 the rest of it is dropped, for as long as a request may take; then the connection ends."""
    folder = write_build(tmp_path / "graph", b"<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    with serving(folder, "--quiet", "--workers", "1", "--timeout", "1") as server, Talk(server) as talk:
        post = ("Content-Type: application/sparql-query", "Content-Length: 900000000000")
        talk.send(head(server, "/sparql", *post, method="POST"))
        assert talk.read()[0].startswith(b"HTTP/1.1 413")
        wait_until(lambda: not talk.takes(b" " * 1000))


# The protocol over an application that counts


async def counted(asked: Callable[[int], Awaitable[None]]) -> list[str]:
    """The paths that came to an application, while ``asked`` talks to it over its port."""
    came: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        came.append(scope["path"])
        scope[REPEATABLE] = scope["path"] == "/again"
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
        note_headers(scope, start)
        body = {"type": "http.response.body", "body": b"ok"}
        note_body(scope, body, str)
        await send(start)
        await send(body)

    protocol = repeating_connections(5, Repeats())
    server = uvicorn.Server(uvicorn.Config(application, http=protocol, log_level="error", lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve([listener]))
    try:
        await asked(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await running
    return came


def test_only_what_is_repeatable_is_kept_from_the_application() -> None:
    """Of five equal requests one arrives; of others all."""

    async def ask(port: int) -> None:
        for path in (b"/again", b"/new"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(5):
                writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readuntil(b"\r\n\r\nok")).startswith(b"HTTP/1.1 200 OK\r\n")
            writer.close()

    assert asyncio.run(counted(ask)) == ["/again", *["/new"] * 5]


def test_what_is_kept_is_bounded_and_goes_with_its_build() -> None:
    """The oldest goes first; a long request is not kept; nor is an answer that comes when its build has gone."""
    repeats, answer = Repeats(), Kept(b"", b"x" * 2**20, "")
    for number in range(20):
        repeats.put(b"%d" % number, answer, 0)
    assert [number for number in range(20) if repeats.get(b"%d" % number)] == list(range(5, 20))
    repeats.put(b"x" * 10_000, answer, 0)
    assert repeats.get(b"x" * 10_000) is None
    repeats.forget()
    repeats.put(b"late", answer, 0)
    assert [repeats.get(request) for request in (b"19", b"late")] == [None, None]
    repeats.put(b"new", answer, 1)
    assert repeats.get(b"new") is answer
