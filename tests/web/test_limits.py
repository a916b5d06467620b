"""The limits hold: nothing that a query or a request does lasts, leaks or keeps others out."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from osteograph.cli import main
from osteograph.queries.protocol.limits import MEBIBYTE

from .live import Live, children, serving, wait_until, write_build

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?z || ?d != ?g) }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?f) ?c ?a"
QUICK = "SELECT ?site { osteo:LungCancer bmo:metastasizesTo ?site }"


SLACK = 10
"""Seconds that a busy machine may take beyond those that a limit has."""


def ticks(server: Live) -> dict[int, int]:
    """What each worker has had of the processor since it was forked."""
    found = {}
    for worker in server.workers():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found[worker] = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[11])
    return found


def wait_until_it_computes(server: Live, before: dict[int, int]) -> None:
    """Until a worker has had a tenth of a second more than before, as one with an endless query soon has."""
    wait_until(lambda: any(now - before.get(worker, 0) > 10 for worker, now in ticks(server).items()))


def is_running(process: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture(scope="module")
def strict(built: Path) -> Iterator[Live]:
    """The real graph behind narrow limits."""
    limits = ["--timeout", "2", "--max-rows", "1000", "--max-mebibytes", "1", "--max-memory", "400", "--workers", "2"]
    with serving(built, "--quiet", *limits) as server:
        yield server


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build that a server has read at once, for what does not hang on the graph; endless queries do not end on it."""
    lines = [f"<urn:s{n % 100}> <urn:p{n % 7}> <urn:o{n}> <urn:g> .\n" for n in range(2000)]
    return write_build(tmp_path_factory.mktemp("small") / "graph", "".join(lines).encode())


def test_time(strict: Live) -> None:
    """A query is stopped at its time with an error status, and its process is gone."""
    before = set(strict.workers())
    start = time.monotonic()
    reply = strict.query(ENDLESS)
    took = time.monotonic() - start
    assert (reply.status, reply.text) == (504, "stopped: the query ran longer than 2 seconds\n")
    assert 2 <= took < 2 + SLACK
    wait_until(lambda: len(set(strict.workers()) - before) == 1 and len(strict.workers()) == 2)


@pytest.mark.parametrize("accept", ["application/json", "application/sparql-results+xml", "text/csv",
                                    "text/tab-separated-values"])  # fmt: skip
def test_rows(strict: Live, accept: str) -> None:
    """A thousand rows pass, one more does not; nothing of the answer is sent then."""
    query = "SELECT ?s {{ ?s ?p ?o }} LIMIT {}"
    assert strict.query(query.format(1000), accept).status == 200
    reply = strict.query(query.format(1001), accept)
    assert reply.status == 422
    assert reply.text.startswith("the answer has more than 1,000 rows")


def test_rows_without_values_count(strict: Live) -> None:
    """Rows in which nothing is bound are rows."""
    assert strict.query("SELECT ?none { ?s ?p ?o } LIMIT 1000").status == 200
    assert strict.query("SELECT ?none { ?s ?p ?o } LIMIT 1001").status == 422


def test_triples(strict: Live) -> None:
    """The same for graphs."""
    query = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {}"
    assert strict.query(query.format(1000)).status == 200
    assert strict.query(query.format(1001)).status == 422


def test_bytes(strict: Live) -> None:
    """Few rows may be too many bytes."""
    reply = strict.query("SELECT (GROUP_CONCAT(STR(?p)) AS ?all) { ?s ?p ?o }")
    assert reply.status == 422
    assert "more than 1,048,576 bytes" in reply.text


def test_memory(built: Path) -> None:
    """A query that sorts the product of the graph with itself ends at the memory limit, long before its time is up."""
    with serving(built, "--quiet", "--workers", "1", "--timeout", "120", "--max-memory", "100") as server:
        reply = server.query(GREEDY)
        assert (reply.status, "memory" in reply.text) == (422, True)
        assert server.query(QUICK).status == 200


def test_nesting(strict: Live) -> None:
    """Brackets that overflow the parser's stack end a worker, not the server."""
    depth = 50_000
    body = f"SELECT * {{ FILTER({'(' * depth}1{')' * depth}) }}".encode()
    reply = strict.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"})
    assert (reply.status, "nested too deeply" in reply.text) == (422, True)
    assert strict.query(QUICK).status == 200


def test_request_size(strict: Live) -> None:
    """Bodies are bounded whether their length is told or not, and so are query strings."""
    headers = {"Content-Type": "application/sparql-query"}
    assert strict.request("POST", "/sparql", b" " * (2**20 + 1), headers).status == 413
    with socket.create_connection(("127.0.0.1", urlsplit(strict.url).port or 0)) as connection:
        start = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        connection.sendall(start + b"Transfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
    assert strict.query(QUICK).status == 200


def test_a_long_address_is_refused_as_such(strict: Live) -> None:
    """A query of 60,000 letters passes by GET; with more the client is told to post it, whatever pieces it comes in."""
    assert strict.get("/sparql?query=ASK%7B%7D%23" + "x" * 60_000).status == 200
    for length in (66_000, 500_000):
        reply = strict.get("/sparql?query=ASK%7B%7D%23" + "x" * length)
        assert (reply.status, reply.media) == (414, "text/plain")
        assert "post the query" in reply.text
    body = b"ASK {} #" + b"x" * 500_000
    assert strict.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"}).status == 200


def test_what_is_no_request_is_refused(strict: Live) -> None:
    """Whatever comes first."""
    for garbage in (b"\0\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0"):
        assert send_slowly(strict, garbage).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_body_in_another_transfer_coding_is_refused(strict: Live) -> None:
    """It is not taken for the query."""
    start = GET.partition(b"\r\n\r\n")[0].replace(b"GET /healthz", b"POST /sparql")
    codings = (
        b"\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n"
    )
    reply = send_slowly(strict, start + codings + b"6\r\nASK {}\r\n0\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 415 ")


def send_slowly(server: Live, start: bytes, seconds: float = 30) -> bytes:
    """All that comes back until the other side closes, when a request begins and goes on with a byte now and then."""
    came, last = b"", time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0)) as connection:
        connection.settimeout(0.2)
        connection.sendall(start)
        while time.monotonic() < last:
            try:
                piece = connection.recv(1000)
                if not piece:
                    return came
                came += piece
            except TimeoutError:
                with contextlib.suppress(ConnectionError):
                    connection.sendall(b"x" if start else b"")
            except ConnectionError:
                return came
    pytest.fail("the connection was left open")


POST = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 900\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize("start", [b"", b"GET /", POST + b"X-Slow: ", GET + b"GET /"])
def test_heads_that_come_slowly_are_cut_off(strict: Live, start: bytes) -> None:
    """Whether nothing comes, a line or a header, or one after a request that was answered."""
    assert send_slowly(strict, start).count(b"HTTP/1.1 ") == start.count(GET)


def test_a_body_that_comes_slowly_is_refused(strict: Live) -> None:
    """With a status, and the end of the connection."""
    came = send_slowly(strict, POST + b"\r\nASK")
    assert came.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in came.lower()
    assert came.endswith(b"the body of the request took longer than 2 seconds\n")


def test_endless_headers_are_cut_off(strict: Live) -> None:
    """They would be kept in memory."""
    sent = 0
    with socket.create_connection(("127.0.0.1", urlsplit(strict.url).port or 0)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 50 * MEBIBYTE:
                connection.sendall(b"X-Header: " + b"x" * 0xFFFF + b"\r\n")
                sent += 0x10000
    assert sent < 40 * MEBIBYTE  # some of it waits in buffers of the machine
    assert strict.query(QUICK).status == 200


def test_endless_queries_keep_nobody_out(small: Path) -> None:
    """While endless queries hold all workers, a good one is answered, and some of the endless ones are sent away.

    They may run for longer than a query waits, so that it would get 503 if it had to wait for their end.
    """
    with serving(small, "--quiet", "--workers", "2", "--timeout", "60") as server, ThreadPoolExecutor(8) as threads:
        before = ticks(server)
        endless = [threads.submit(server.query, f"{ENDLESS} # {number}") for number in range(4)]
        wait_until_it_computes(server, before)
        reply = server.query("SELECT ?o { <urn:s1> ?p ?o }")
        still = [waiting for waiting in endless if not waiting.done()]
        end = next(as_completed(endless)).result()
        server.process.kill()
    assert reply.status == 200
    assert still
    assert (end.status, end.headers["retry-after"]) == (503, "2")


def test_too_many_are_refused(small: Path) -> None:
    """Beyond the workers and the places to wait, a query is refused at once, and told when to come again."""
    with serving(small, "--quiet", "--workers", "1", "--timeout", "5") as server, ThreadPoolExecutor(80) as threads:
        running = [threads.submit(server.query, f"{ENDLESS} # {n}") for n in range(70)]
        reply = next(as_completed(running)).result()
        server.process.kill()
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    assert "64 queries wait already" in reply.text


def test_a_killed_worker_is_replaced(strict: Live) -> None:
    """kill -9 of every worker, in the middle of a query and between queries: the next query is answered the same."""
    expected = strict.query(QUICK + " ORDER BY ?site").body
    with ThreadPoolExecutor(1) as thread:
        before = ticks(strict)
        running = thread.submit(strict.query, ENDLESS + " # killed")
        wait_until_it_computes(strict, before)
        for worker in strict.workers():
            os.kill(worker, signal.SIGKILL)
        assert running.result().status == 422
    tries = count()  # until the server has seen that they have gone
    wait_until(lambda: strict.query(f"{QUICK} # try {next(tries)}").status == 200)
    for number in range(4):
        reply = strict.query(f"{QUICK} ORDER BY ?site # {number}")
        assert (reply.status, reply.body) == (200, expected)


def test_a_killed_worker_is_not_held_against_its_query(small: Path) -> None:
    """Who asks again what a worker was killed over is answered: the verdict is not kept."""
    product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) }"
    with serving(small, "--quiet", "--workers", "1", "--timeout", "120") as server, ThreadPoolExecutor(1) as thread:
        before = ticks(server)
        running = thread.submit(server.query, product)
        wait_until_it_computes(server, before)
        os.kill(server.workers()[0], signal.SIGKILL)
        assert running.result().status == 422
        assert server.query(product).status == 200


def test_the_process_that_holds_the_graph_is_replaced(strict: Live) -> None:
    """kill -9 of it takes its workers along; the next query starts another, and the answers are the same."""
    expected = strict.query(QUICK + " ORDER BY ?site").body
    (holder,) = children(strict.process.pid)
    workers = strict.workers()
    os.kill(holder, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, workers)))
    again = QUICK + " ORDER BY ?site # after the holder"
    wait_until(lambda: strict.query(again).status == 200, 60)  # until then 503: another has to read the graph first
    assert strict.query(again).body == expected


def test_a_killed_server_leaves_no_worker(small: Path) -> None:
    """Its workers end by themselves, in the middle of a query; the next server serves the same bytes."""
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 500"
    with serving(small, "--quiet", "--workers", "2") as server:
        first = server.query(query).body
        workers = [*children(server.process.pid), *server.workers()]
        before = ticks(server)
        threading.Thread(target=_ask, args=(server,), daemon=True).start()
        wait_until_it_computes(server, before)
        server.process.kill()
        wait_until(lambda: not any(map(is_running, workers)))
    with serving(small, "--quiet", "--workers", "2") as server:
        assert server.query(query).body == first


def _ask(server: Live) -> None:
    with contextlib.suppress(OSError, Exception):
        server.query(ENDLESS)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_closes_cleanly(small: Path, how: signal.Signals) -> None:
    """It ends within its grace, workers and all; who waits for a query or still sends one is told so."""
    with serving(small, "--quiet", "--workers", "2") as server, ThreadPoolExecutor(1) as thread:
        workers, before = server.workers(), ticks(server)
        running = thread.submit(server.query, ENDLESS)
        with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), timeout=60) as sending:
            sending.sendall(POST + b"\r\nASK")
            wait_until_it_computes(server, before)
            start = time.monotonic()
            server.process.send_signal(how)
            assert server.process.wait(60) in (0, 130, -how)
            assert time.monotonic() - start < 25  # the query might run for 30
            assert sending.recv(1000).startswith(b"HTTP/1.1 503")
        reply = running.result()
        assert server.process.stderr
        assert "Traceback" not in server.process.stderr.read()
    assert (reply.status, reply.text) == (503, "the server is closing\n")
    wait_until(lambda: not any(map(is_running, workers)))


def test_a_new_build_is_served_without_a_request_lost(tmp_path: Path) -> None:
    """While a build takes the place of another, every request is answered from the one or the other."""
    folder = tmp_path / "graph"

    def build(number: int) -> None:
        aside = write_build(tmp_path / f"aside{number}", f"<urn:s> <urn:p> <urn:o{number}> <urn:g> .\n".encode())
        if folder.exists():
            folder.rename(tmp_path / f"old{number}")
        aside.rename(folder)

    build(1)
    with serving(folder, "--quiet", "--workers", "2") as server:
        seen: list[str] = []
        build_at = time.monotonic() + 0.5
        last = time.monotonic() + 60
        while time.monotonic() < last and not (seen and "urn:o2" in seen[-1]):
            if build_at and time.monotonic() > build_at:
                build(2)
                build_at = 0.0
            reply = server.query("SELECT ?o { ?s ?p ?o }", "text/csv")
            assert reply.status == 200
            seen.append(reply.text)
            time.sleep(0.01)
    assert set(seen) == {"o\r\nurn:o1\r\n", "o\r\nurn:o2\r\n"}


# Who may ask


def test_foreign_names_and_pages_are_refused(live: Live) -> None:
    """A Host that is not ours (DNS rebinding) and an Origin of another page; our own page is let in."""
    host = urlsplit(live.url).netloc
    path = "/sparql?" + urlencode({"query": QUICK})
    assert live.request("GET", path, headers={"Host": "evil.example"}).status == 421
    assert live.request("GET", path, headers={"Host": "127.0.0.1.evil.example:80"}).status == 421
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"http://{host}.evil.example", "http://["):
        reply = live.request("GET", path, headers={"Host": host, "Origin": origin})
        assert reply.status == 403
        assert not [name for name in reply.headers if name.startswith("access-control")]
    assert live.request("GET", path, headers={"Host": host, "Origin": f"http://{host}"}).status == 200
    port = host.rpartition(":")[2]
    assert live.request("GET", path, headers={"Host": f"localhost:{port}"}).status == 200


def test_cors_is_for_those_who_ask_for_it(small: Path) -> None:
    """With ``--cors`` other pages may read answers and their entity tags; the host is checked all the same."""
    with serving(small, "--quiet", "--workers", "1", "--cors") as server:
        reply = server.get("/sparql?query=ASK%7B%7D", Origin="http://other.example")
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "*")
        asked = {"Origin": "http://other.example", "Access-Control-Request-Method": "POST"}
        assert server.request("OPTIONS", "/sparql", headers=asked).headers["access-control-allow-headers"]
        assert server.request("GET", "/sparql", headers={"Host": "evil.example"}).status == 421


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/sparql", "/sparql?query=x", "/nothing", "/healthz"])
def test_every_answer_has_the_security_headers(live: Live, path: str) -> None:
    """Errors too; and nothing tells a path of the machine or a version."""
    reply = live.get(path)
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "server" not in reply.headers
    assert "/home" not in reply.text
    assert "/tmp" not in reply.text


def test_others_are_let_in_only_on_purpose(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An address that others can reach wants ``--allow-remote``, and the message says what it means."""
    assert main(["serve", "--graph", str(built), "--host", "0.0.0.0", "--port", "0"]) == 1
    message = capsys.readouterr().err
    assert "--allow-remote" in message
    assert "without a password" in message


def test_a_port_in_use_is_a_message(built: Path, live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback."""
    assert main(["serve", "--graph", str(built), "--port", str(urlsplit(live.url).port)]) == 1
    message = capsys.readouterr().err
    assert "cannot listen at 127.0.0.1" in message
    assert "choose another --port" in message


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "99999"],
        ["--port", "-1"],
        ["--name", "a.example:80"],
        ["--name", "a/b"],
        ["--workers", "65"],
        ["--workers", "0"],
        ["--timeout", "inf"],
        ["--timeout", "nan"],
        ["--timeout", "86401"],
        ["--max-memory", "2000000"],
        ["--max-record", "1025"],
    ],
)
def test_what_cannot_be_is_a_message(built: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A port that there is not, a name that no Host header has, a limit that nothing could keep."""
    assert main(["serve", "--graph", str(built), *options]) == 1
    message = capsys.readouterr().err
    assert options[1] in message or "at most" in message
    assert message.count("\n") == 1


def test_a_proxy_on_this_machine_may_hand_on_its_name(small: Path) -> None:
    """A name that is given is known on loopback too, and no other."""
    with serving(small, "--quiet", "--workers", "1", "--name", "Graph.example.org") as server:
        page = {"Host": "graph.example.org", "Origin": "https://graph.example.org"}
        assert server.request("GET", "/healthz", headers=page).status == 200
        assert server.request("GET", "/healthz", headers={"Host": "other.example.org"}).status == 421


def test_the_log_keeps_what_was_asked_to_itself(small: Path) -> None:
    """Method, path, status, size and time; the query only with ``--log-queries``."""
    for options, shown in (([], False), (["--log-queries"], True)):
        with serving(small, "--workers", "1", *options) as server:
            assert server.process.stderr
            server.process.stderr.readline()  # the notice
            server.query("ASK { ?secret ?p ?o }")
            line = server.process.stderr.readline()
            assert line.startswith("GET /sparql?")
            assert " 200 " in line
            assert ("secret" in line) is shown


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes in the way of Linux")
def test_a_large_answer_takes_no_memory(built: Path) -> None:
    """More than 50 MB of rows pass through worker and server, and the peak of neither grows by a tenth of that."""
    product = "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . { SELECT * { ?d ?e ?f } LIMIT 2 } } LIMIT 150000"
    options = ["--workers", "1", "--max-rows", "1000000", "--max-mebibytes", "400"]
    with serving(built, "--quiet", *options) as server:
        server.query(QUICK, "text/csv")
        assert server.request("GET", "/concept/Xgeva.html").status == 200  # pages are prepared, which takes memory too
        processes = [server.process.pid, *server.workers()]
        before = [peak(process) for process in processes]
        size = _size(server, product)
        assert server.workers() == processes[1:]
        grown = [peak(process) - at_first for process, at_first in zip(processes, before, strict=True)]
    assert size > 50_000_000
    assert max(grown) < size / 10, grown


def peak(process: int) -> int:
    """The most memory that a process has had, in bytes."""
    (line,) = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def _size(server: Live, query: str) -> int:
    """The length of an answer, which is read and not kept."""
    address = server.sparql + "?" + urlencode({"query": query})
    with urlopen(Request(address, headers={"Accept": "application/sparql-results+json"}), timeout=120) as answer:
        return sum(len(piece) for piece in iter(lambda: answer.read(2**20), b""))


def test_a_large_answer_comes_whole(live: Live) -> None:
    """An answer that waits in a file: its length is told, every byte of it comes, and two may read it at once."""
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 90000"
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(live.query, [query, query])
    assert first.status == 200
    assert len(first.body) == int(first.headers["content-length"]) > 5_000_000
    assert first.body == second.body
    assert first.body.endswith(b"]}}")
