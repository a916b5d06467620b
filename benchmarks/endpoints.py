"""How many requests SPARQL endpoints answer: ours and others, the same queries, by wrk, one after another in one run.

python benchmarks/endpoints.py [--seconds 5] [--connections 8] [--endpoint NAME=URL ...] > table

Our server is started by this script; others are to be running, each with the same graph and its union as default graph.
"new" sends every query with a comment that no query had before, so that no answer can be kept; "again" repeats one.
Last, our server answers the first query while others send it endless, hostile and malformed ones.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from osteograph.queries.opening import default_folder

PREFIXES = "PREFIX bmo: <https://w3id.org/osteograph/schema/> PREFIX osteo: <https://w3id.org/osteograph/concept/> "
QUERIES = {
    "one hop": "SELECT ?site { osteo:LungCancer bmo:metastasizesTo ?site }",
    "evidence": "SELECT ?statement ?claim ?words ?passage ?start ?end { ?statement bmo:subject ?subject ; "
    "bmo:predicate ?predicate . ?claim bmo:states ?statement ; bmo:paraphrase ?words ; bmo:restsOn ?passage . "
    "?passage bmo:start ?start ; bmo:end ?end } LIMIT 150",
    "aggregate": "SELECT ?predicate ?standing (COUNT(DISTINCT ?statement) AS ?n) (COUNT(?claim) AS ?claims) "
    "{ ?statement bmo:predicate ?predicate ; bmo:standing ?standing . ?claim bmo:states ?statement } "
    "GROUP BY ?predicate ?standing ORDER BY DESC(?n) ?predicate ?standing",
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


@contextlib.contextmanager
def our_server(folder: Path) -> Iterator[str]:
    """``osteograph serve`` as users start it, without the log."""
    command = [sys.executable, "-m", "osteograph", "serve", "--graph", str(folder), "--port", "0", "--quiet"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found
        yield found[0] + "sparql"
    finally:
        process.terminate()
        process.wait()


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
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--graph", type=Path, default=default_folder())
    parser.add_argument("--endpoint", action="append", default=[], metavar="NAME=URL")
    options = parser.parse_args()

    def measure(url: str, query: str, new: bool) -> dict[str, float]:
        return wrk(url, query, new=new, seconds=options.seconds, connections=options.connections)

    with our_server(options.graph) as ours:
        print("| server | query | requests/s | p50 ms | p99 ms | not 200 |\n|---|---|---|---|---|---|")
        print_rows("osteograph serve, new", ours, True, measure)
        print_rows("osteograph serve, again", ours, False, measure)
        for endpoint in options.endpoint:
            name, _, url = endpoint.partition("=")
            print_rows(name, url, False, measure)
        print_mixed(ours, options.seconds, 16)


def print_rows(name: str, url: str, new: bool, measure: Callable[[str, str, bool], dict[str, float]]) -> None:
    for words, query in QUERIES.items():
        status, body = ask(url, query)
        assert status == 200, (name, status, body[:200])
        got = measure(url, query, new)
        print(
            f"| {name} | {words} | {got['rate']:.0f} | {got['p50']:.1f} | {got['p99']:.1f} | {got['bad']:.0f} |",
            flush=True,
        )


def print_mixed(url: str, seconds: int, connections: int) -> None:
    """The first query alone and among trouble, new and again; its answer is the same after all."""
    before = ask(url, QUERIES["one hop"])
    for new in (True, False):
        query = QUERIES["one hop"]
        alone = wrk(url, query, new=new, seconds=seconds, connections=connections)
        with trouble(url, connections) as statuses:
            time.sleep(0.5)
            among = wrk(url, query, new=new, seconds=4 * seconds, connections=connections)
        print(f"\none hop, {'new' if new else 'again'}: alone {words_of(alone)}; among trouble {words_of(among)}")
        print(f"the trouble got, by status: {dict(sorted(statuses.items()))}", flush=True)
    assert ask(url, QUERIES["one hop"]) == before


def words_of(got: dict[str, float]) -> str:
    times = f"p50 {got['p50']:.1f} ms, p99 {got['p99']:.1f} ms"
    return f"{got['rate']:.0f} requests/s, {times}, {got['bad']:.0f} not 200"


if __name__ == "__main__":
    main()
