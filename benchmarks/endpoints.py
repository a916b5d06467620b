"""How many requests SPARQL endpoints answer: ours and others, the same queries, by wrk, one after another in one run.

python -m benchmarks.endpoints [--seconds 3] [--rounds 3] [--connections 8] [--endpoint NAME=URL ...] > table

The servers are started by this script, each with the same graph and its union as default graph: ours, oxigraph in
memory and on disk, and rdflib-endpoint (which is to be installed) in one process and in two. Others may run elsewhere.
All are asked in turn, round by round; what is shown are the medians of the rounds. "new" sends every query with a
comment that no query had before, so that no answer can be kept; "again" repeats one. The processor time is that of the
server with all its processes, until it rests.

Last, our server answers the first query while others send it endless, hostile and malformed ones.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from osteograph.queries.opening import DATA, default_folder

PREFIXES = "PREFIX bmo: <https://w3id.org/osteograph/schema/> PREFIX osteo: <https://w3id.org/osteograph/concept/> "
QUERIES = {
    "one hop": "SELECT ?site { osteo:LungCancer bmo:metastasizesTo ?site }",
    "evidence": "SELECT ?statement ?claim ?words ?passage ?start ?end { ?statement bmo:subject ?subject ; "
    "bmo:predicate ?predicate . ?claim bmo:states ?statement ; bmo:paraphrase ?words ; bmo:restsOn ?passage . "
    "?passage bmo:start ?start ; bmo:end ?end } LIMIT 150",
    "aggregate": "SELECT ?predicate ?standing (COUNT(DISTINCT ?statement) AS ?n) (COUNT(?claim) AS ?claims) "
    "{ ?statement bmo:predicate ?predicate ; bmo:standing ?standing . ?claim bmo:states ?statement } "
    "GROUP BY ?predicate ?standing ORDER BY DESC(?n) ?predicate ?standing",
    "paths": "SELECT ?wider (COUNT(DISTINCT ?part) AS ?parts) (COUNT(DISTINCT ?reason) AS ?reasons) "
    "{ ?part bmo:ruleTreatment ?treatment ; bmo:ruleCondition ?condition . ?treatment bmo:kindOf* ?wider . "
    "?condition bmo:kindOf* ?reason } GROUP BY ?wider ORDER BY DESC(?parts) ?wider",
}
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d || ?d != ?g) }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?f) ?c ?a",
    "SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * {",
)
LUA = """
local n = {first}
request = function()
  n = n + 1
  return wrk.format("GET", "{path}?query={query}" .. ({new} and "%20%23" .. n or ""), {{["Accept"] = "application/sparql-results+json"}})
end
"""  # noqa: E501


def wrk(url: str, query: str, *, new: bool, seconds: int, connections: int) -> dict[str, float]:
    """Requests a second, the median and the 99th percentile of the time in milliseconds, and answers other than 200."""
    split = urlsplit(url)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        path = split.path or "/"
        first = int(time.time()) % 100_000 * 10_000_000  # Lua writes numbers with 14 digits
        text = LUA.format(
            first=first,
            path=path,
            query=quote(PREFIXES + query, safe="").replace("%", "%%"),
            new=str(new).lower(),
        )
        script.write(text.replace("%%", "%"))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name, url]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),  # type: ignore[index]
        "p50": _milliseconds(out, "50%"),
        "p99": _milliseconds(out, "99%"),
        "bad": float(bad[1]) if bad else 0.0,
    }


def _milliseconds(out: str, row: str) -> float:
    match = re.search(rf"{row}\s+([\d.]+)(us|ms|s)", out)
    assert match
    return float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]]


@dataclass(frozen=True)
class Server:
    """A running endpoint: what it is called, where it is, and its process, if it is one of ours to look at."""

    name: str
    url: str
    process: int = 0
    new: bool = True

    def ticks(self) -> dict[int, int]:
        """What each of its processes has taken of the processor so far."""
        found = {}
        for process in _family(self.process) if self.process else ():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                found[process] = int(fields[11]) + int(fields[12])
        return found

    def wait_until_it_rests(self) -> None:
        """Some go on with queries whose client has gone."""
        before = -10
        while (now := sum(self.ticks().values())) - before > 2:
            before = now
            time.sleep(0.5)


class Meter:
    """The processor time of a server in seconds, looked at often, since processes may come and end."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = server.ticks()
        self._latest = dict(self._before)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self._latest |= self._server.ticks()

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._latest |= self._server.ticks()

    @property
    def seconds(self) -> float:
        ticks = (now - self._before.get(process, 0) for process, now in self._latest.items())
        return sum(ticks) / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    with contextlib.suppress(OSError):
        for path in list(Path(f"/proc/{process}/task").glob("*/children")):
            for child in path.read_text().split():
                yield from _family(int(child))


@contextlib.contextmanager
def running(*command: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A program that is told to end afterwards."""
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def our_server(folder: Path) -> Iterator[Server]:
    """``osteograph serve`` as users start it, without the log."""
    command = (sys.executable, "-m", "osteograph", "serve", "--graph", str(folder), "--port", "0", "--quiet")
    with running(*command, stderr=subprocess.PIPE) as process:
        assert process.stderr
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found
        yield Server("osteograph serve, new", found[0] + "sparql", process.pid)


@contextlib.contextmanager
def other_servers(folder: Path) -> Iterator[list[Server]]:
    """The others, loaded and ready."""
    data = str(folder / DATA)
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(tempfile.TemporaryDirectory())
        subprocess.run(["oxigraph", "load", "--location", disk, "--file", data], check=True, **quiet)
        addresses = [f"127.0.0.1:{_free_port()}" for _ in range(4)]
        union = "--union-default-graph"
        commands = {
            "oxigraph serve, memory": ("oxigraph", "serve", "--bind", addresses[0], union),
            "oxigraph serve-read-only, disk": ("oxigraph", "serve-read-only", "-l", disk, "-b", addresses[1], union),
            "rdflib-endpoint, one process": _rdflib(addresses[2], 1),
            "rdflib-endpoint, two processes": _rdflib(addresses[3], 2),
        }
        environment = os.environ | {"OSTEOGRAPH_BENCHMARK": data}
        paths = ("query", "query", "", "")
        servers = []
        for (name, command), address, path in zip(commands.items(), addresses, paths, strict=True):
            process = stack.enter_context(running(*command, env=environment, **quiet))
            servers.append(Server(name, f"http://{address}/{path}", process.pid))
        _load(f"http://{addresses[0]}/store", Path(data).read_bytes())
        for server in servers:
            _wait_until_ready(server)
        yield servers


def _rdflib(address: str, processes: int) -> tuple[str, ...]:
    host, _, port = address.partition(":")
    quick = ("--log-level", "error", "--no-access-log", "--workers", str(processes))
    return (sys.executable, "-m", "uvicorn", "benchmarks.rdflib_served:app", "--host", host, "--port", port, *quick)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _load(url: str, nquads: bytes) -> None:
    request = Request(url, nquads, {"Content-Type": "application/n-quads"})
    for _ in range(100):
        with contextlib.suppress(URLError), urlopen(request):
            return
        time.sleep(0.1)
    raise SystemExit(f"{url} cannot be reached")


def _wait_until_ready(server: Server, seconds: float = 600) -> None:
    """Until it gives rows and rests: some listen before all of their processes have read the graph."""
    last, before = time.monotonic() + seconds, -10
    while time.monotonic() < last:
        now = sum(server.ticks().values())
        if now - before < 10 and _gives_rows(server):
            return
        before = now
        time.sleep(3)
    raise SystemExit(f"{server.name} does not answer")


def _gives_rows(server: Server) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return b"concept/" in ask(server.url, QUERIES["one hop"])[1]
    return False


def ask(url: str, query: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    body = (PREFIXES + query).encode()
    try:
        connection.request("POST", urlsplit(url).path, body, {"Content-Type": "application/sparql-query"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextlib.contextmanager
def trouble(url: str, threads: int) -> Iterator[dict[int, int]]:
    """Clients that send hostile queries without end; the statuses that they get are counted."""
    statuses: dict[int, int] = {}
    stop = threading.Event()

    def pester(number: int) -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, _ = ask(url, HOSTILE[number % len(HOSTILE)] + f" # {number} {time.monotonic_ns()}")
                statuses[status] = statuses.get(status, 0) + 1
            time.sleep(0.05)

    running = [threading.Thread(target=pester, args=(number,), daemon=True) for number in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--graph", type=Path, default=default_folder())
    parser.add_argument("--alone", action="store_true", help="only our server, among trouble")
    parser.add_argument("--endpoint", action="append", default=[], metavar="NAME=URL")
    options = parser.parse_args()
    with our_server(options.graph) as ours:
        _wait_until_ready(ours)  # with its pages too
        if not options.alone:
            with other_servers(options.graph) as others:
                elsewhere = [Server(*named.split("=", 1)) for named in options.endpoint]
                servers = [ours, replace(ours, name="osteograph serve, again", new=False), *others, *elsewhere]
                compare(servers, options.seconds, options.rounds, options.connections)
        print_mixed(ours.url, max(1, options.seconds), 16)


def compare(servers: list[Server], seconds: int, rounds: int, connections: int) -> None:
    """Ask all servers all queries in turn, and print the medians of the rounds."""
    got: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for _ in range(rounds):
        for server in servers:
            for words, query in QUERIES.items():
                got[server.name, words].append(measure(server, query, seconds, connections))
    print("| server | query | requests/s | p50 ms | p99 ms | processor ms a request | not 200 |")
    print("|---|---|---|---|---|---|---|")
    for (name, words), runs in got.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(
            f"| {name} | {words} | {middle['rate']:.0f} | {middle['p50']:.1f} | {middle['p99']:.1f} "
            f"| {middle['processor']:.2f} | {max(run['bad'] for run in runs):.0f} |",
            flush=True,
        )


def measure(server: Server, query: str, seconds: int, connections: int) -> dict[str, float]:
    """One run of wrk, with the processor time of the server in milliseconds a request."""
    status, body = ask(server.url, query)
    assert status == 200, (server.name, status, body[:200])
    with Meter(server) as meter:
        got = wrk(server.url, query, new=server.new, seconds=seconds, connections=connections)
        server.wait_until_it_rests()
    begun = got["rate"] * seconds + connections  # what wrk left open at the end is answered all the same
    return got | {"processor": 1000 * meter.seconds / begun}


def print_mixed(url: str, seconds: int, connections: int) -> None:
    """The first query alone and among trouble, new and again; its answer is the same after all."""
    before = ask(url, QUERIES["one hop"])
    for new in (True, False):
        query = QUERIES["one hop"]
        alone = wrk(url, query, new=new, seconds=seconds, connections=connections)
        with trouble(url, connections) as statuses:
            time.sleep(0.5)
            among = wrk(url, query, new=new, seconds=20, connections=connections)
        print(f"\none hop, {'new' if new else 'again'}: alone {words_of(alone)}; among trouble {words_of(among)}")
        print(f"the trouble got, by status: {dict(sorted(statuses.items()))}", flush=True)
    assert ask(url, QUERIES["one hop"]) == before


def words_of(got: dict[str, float]) -> str:
    times = f"p50 {got['p50']:.1f} ms, p99 {got['p99']:.1f} ms"
    return f"{got['rate']:.0f} requests/s, {times}, {got['bad']:.0f} not 200"


if __name__ == "__main__":
    main()
