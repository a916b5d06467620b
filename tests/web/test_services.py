"""SERVICE: off by default, and with a list only what is on it, without redirections and within limits."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hypothesis.strategies as st
import pytest
from hypothesis import given

from osteograph.cli import main
from osteograph.ontology.errors import BadParameter, QueryRefused
from osteograph.queries.protocol import services
from osteograph.queries.protocol.services import ServiceFailed, ask_service, service_address
from osteograph.queries.stores.tokens import redirect_services

from .live import Live, Reply, serving, write_build

JSON = "application/sparql-results+json"
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "far"}}]}})


class _Odd(BaseHTTPRequestHandler):
    """An endpoint that does what its path says."""

    def __init__(self, seen: list[str], *arguments: object) -> None:
        self._seen = seen
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        self._seen.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        status = {"/moved": 307, "/broken": 500}.get(self.path, 200)
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "/good")
        self.send_header("Content-Type", "text/html" if self.path == "/page" else JSON)
        self.end_headers()
        body = ROWS.encode()
        try:
            if self.path == "/slow":
                for byte in body * 100:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            self.wfile.write(body + b" " * (3_000_000 if self.path == "/huge" else 0))
        except OSError:
            return  # the caller has had enough

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def seen() -> list[str]:
    """The paths that were asked for."""
    return []


@pytest.fixture(scope="module")
def odd(seen: list[str]) -> Iterator[str]:
    """The address of such endpoints."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Odd, seen)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Another server of ours, with a graph of its own."""
    folder = write_build(tmp_path_factory.mktemp("far") / "graph", b'<urn:a> <urn:name> "far away" <urn:g> .\n')
    with serving(folder, "--quiet", "--workers", "1") as server:
        yield server


@pytest.fixture(scope="module")
def near(far: Live, odd: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that may call the other one, and some of the odd endpoints."""
    folder = write_build(tmp_path_factory.mktemp("near") / "graph", b"<urn:b> <urn:knows> <urn:a> <urn:g> .\n")
    listed = [far.sparql, *(f"{odd}/{name}" for name in ("moved", "broken", "page"))]
    options = [part for url in listed for part in ("--allow-service", url)]
    with serving(folder, "--quiet", "--workers", "2", "--timeout", "20", *options) as server:
        yield server


def called(server: Live, service: str, silent: str = "") -> Reply:
    return server.query(
        f"SELECT ?who ?name {{ ?who <urn:knows> ?a SERVICE {silent} <{service}> {{ ?a <urn:name> ?name }} }}"
    )


def test_a_listed_service_is_called(near: Live, far: Live) -> None:
    """Rows of both graphs together, by GET and by POST; the answer is not kept, for the other may change."""
    reply = called(near, far.sparql)
    assert reply.status == 200, reply.text
    (row,) = json.loads(reply.body)["results"]["bindings"]
    assert (row["who"]["value"], row["name"]["value"]) == ("urn:b", "far away")
    posted = f"ASK {{ SERVICE <{far.sparql}> {{ ?s <urn:name> 'SERVICE <http://e/>' }} }}"
    direct = near.request("POST", "/sparql", posted.encode(), {"Content-Type": "application/sparql-query"})
    assert (direct.status, json.loads(direct.body)["boolean"]) == (200, False)


def test_nothing_else_is_called(near: Live, far: Live, odd: str, seen: list[str]) -> None:
    """Not another path of the same host, another way to write it, a variable, or a prefixed name."""
    before = list(seen)
    others = [f"{odd}/good", far.sparql + "/", far.sparql + "?x=1", far.sparql.replace("127.0.0.1", "localhost")]
    for other in others:
        reply = called(near, other)
        assert (reply.status, "is not allowed" in reply.text) == (403, True), other
    for query in (
        f"PREFIX e: <{far.sparql}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND(<{far.sparql}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
        f"BASE <{odd}/> SELECT * {{ SERVICE <good> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\u0053ERVICE <{odd}/good> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE <{far.sparql}> {{ ?s ?p ?o }} SERVICE <{odd}/good> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE <{far.sparql}> {{ SERVICE <{odd}/good> {{ ?s ?p ?o }} }} }}",
    ):
        assert near.query(query).status == 403, query
    assert seen == before


def test_without_a_list_nothing_is_called(far: Live, odd: str) -> None:
    """The default."""
    reply = called(far, f"{odd}/good")
    assert (reply.status, reply.text) == (403, "SERVICE is not allowed: a query may not reach other endpoints\n")


@pytest.mark.parametrize(
    ("path", "words"), [("moved", "no redirection"), ("broken", "status 500"), ("page", "text/html")]
)
def test_a_service_that_fails_is_a_reason(near: Live, odd: str, seen: list[str], path: str, words: str) -> None:
    """502 with the reason; a redirection is not followed; SILENT goes on without."""
    reply = called(near, f"{odd}/{path}")
    assert (reply.status, words in reply.text) == (502, True), reply.text
    assert called(near, f"{odd}/{path}", "SILENT").status == 200
    assert "/good" not in seen
    assert called(near, near.sparql).status == 403  # and it goes on as before


def test_time_and_size_are_limited(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly an answer trickles, and however long it is."""
    assert ask_service(f"{odd}/good", b"ASK {}") == (JSON, ROWS.encode())
    monkeypatch.setattr(services, "SECONDS", 0.5)
    with pytest.raises(ServiceFailed, match=r"longer than 0\.5 seconds"):
        ask_service(f"{odd}/slow", b"ASK {}")
    monkeypatch.setattr(services, "MOST_BYTES", 1_000_000)
    with pytest.raises(ServiceFailed, match="larger than 1,000,000 bytes"):
        ask_service(f"{odd}/huge", b"ASK {}")
    with pytest.raises(ServiceFailed, match="cannot be reached"):
        ask_service("http://127.0.0.1:9/", b"ASK {}")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1"]
)
def test_a_public_name_leads_to_no_private_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the name could send us anywhere; what is looked at is the address that is then connected to."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    entry = (family, socket.SOCK_STREAM, 0, "", (address, 80))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: [entry])
    with pytest.raises(ServiceFailed, match="not public"):
        ask_service("http://endpoint.example/sparql", b"ASK {}")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://e.example/", "http://", "http://u:p@e.example/",
                                 "http://e.example/#x", "http://e.example/a b", "http://e.example:99999/"])  # fmt: skip
def test_a_list_takes_addresses_only(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a message, before the server starts."""
    with pytest.raises(BadParameter):
        service_address(url)
    assert main(["serve", "--allow-service", url, "--port", "0"]) == 1
    assert "address" in capsys.readouterr().err


PIECES = st.sampled_from(
    ["SERVICE", "service", "SILENT", "<http://e/>", "<http://x/>", "?v", "p:x", "'", '"', '"""', "#", "\n", "{", "}",
     "\\u0053", "<", ">", "x", "SERVICESILENT", " "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_what_is_rewritten_calls_nothing_but_the_gate(pieces: list[str]) -> None:
    """Any text is refused, or comes out with the gate behind each SERVICE that stands outside of texts and comments."""
    text = "".join(pieces)
    gone: list[str] = []

    def stand_in(iri: str) -> str:
        if iri != "http://e/":
            raise QueryRefused(iri)
        gone.append(iri)
        return "http://gate/"

    try:
        rewritten = redirect_services(text, stand_in)
    except QueryRefused:
        return
    seen_again: list[str] = []
    assert redirect_services(rewritten, lambda iri: seen_again.append(iri) or iri) == rewritten  # type: ignore[func-returns-value]
    assert seen_again == ["http://gate/"] * len(gone)
