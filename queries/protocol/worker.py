"""The process that answers one query at a time, and may be killed.

It is forked from a process that holds the graph (:mod:`.fork_server`), and reads requests from a socket: two lengths of
four bytes, so many bytes of JSON, and so many bytes of a body. It writes frames: a letter, a length of four bytes, and
that many bytes. ``D`` brings a piece of an answer, ``E`` ends it and says how it went. Nothing of an answer may be used
before its ``E``.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from io import BufferedWriter
from itertools import islice
from typing import IO, Any

import pyoxigraph as ox

from osteograph.ontology.errors import QueryRefused
from osteograph.ontology.namespaces import PREFIXES

from ..examples import ENDPOINT
from ..stores.oxigraph import show_place
from ..stores.tokens import (
    calls_services,
    graphs_named_by_from,
    is_volatile,
    prefixes_in,
    refuse_outside_access,
)
from .negotiation import CSV, OFFERED, PLAIN_XML, RDF_XML, TSV, XML
from .services import Gate

HEAD = struct.Struct(">cI")
LENGTHS = struct.Struct(">II")
Handler = Callable[[dict[str, Any], bytes, IO[bytes]], dict[str, Any]]
"""Takes a request, its body and where to write ``D`` frames; returns the status, and what else its ``E`` tells."""
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_PREFIXES = dict(PREFIXES)
_PIECE = 1 << 16
_RESULTS = {
    XML: (ox.QueryResultsFormat.XML, b"<result>", 0),
    PLAIN_XML: (ox.QueryResultsFormat.XML, b"<result>", 0),
    CSV: (ox.QueryResultsFormat.CSV, b"\r\n", 1),
    TSV: (ox.QueryResultsFormat.TSV, b"\n", 1),
}
"""Format of solutions, bytes that stand once for each row, and how many more there are of them; JSON is the rule.

A text that holds the same bytes is counted as another row: in CSV and JSON the limit may come early, never late.
"""
_JSON = (ox.QueryResultsFormat.JSON, b"},{", -1)


_NOT_AS_IT_IS = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")
"""UTF-8 of what XML 1.0 has no character for, and of the carriage return, which a reader would make a line feed."""


class TooLarge(Exception):
    """The answer is larger than allowed."""


class Sink:
    """A file for serialisers that hands on in pieces: counts bytes and rows, and stops where there are too many.

    With ``xml``, characters that cannot stand in XML become U+FFFD; the serialiser would write them as they are.
    What it holds at the end is handed on by ``finish``.
    """

    def __init__(
        self, out: IO[bytes], most: dict[str, int], mark: bytes = b"", extra: int = 0, *, xml: bool = False
    ) -> None:
        self._out = out
        self._mark = mark
        self._most = most
        self._left = {"bytes": most["bytes"], "rows": most["rows"] + extra}
        self._tail = b""
        self._xml = xml
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        if len(self._held) > _PIECE:
            self._hand_on(_last_character(self._held))
        return len(data)

    def flush(self) -> None:
        """Nothing: serialisers ask for it at the end, where all goes out with the end of the answer."""

    def finish(self) -> None:
        self._hand_on(len(self._held))

    def _hand_on(self, length: int) -> None:
        data = bytes(self._held[:length])
        del self._held[:length]
        if self._xml:
            data = _NOT_AS_IT_IS.sub(lambda match: b"&#13;" if match[0] == b"\r" else b"\xef\xbf\xbd", data)
        self.spend("bytes", len(data))
        if self._mark:
            seen = self._tail + data
            self.spend("rows", seen.count(self._mark))
            self._tail = seen[len(seen) - len(self._mark) + 1 :] if len(self._mark) > 1 else b""
        write_piece(self._out, data)

    def spend(self, what: str, count: int) -> None:
        self._left[what] -= count
        if self._left[what] < 0:
            raise TooLarge(f"the answer has more than {self._most[what]:,} {what}; ask for less, or for pages by LIMIT")


def _last_character(utf8: bytearray) -> int:
    """Where the last character begins, of which there may be more to come."""
    place = len(utf8) - 1
    while utf8[place] & 0xC0 == 0x80:
        place -= 1
    return place


def write_piece(out: IO[bytes], data: bytes) -> None:
    """One ``D`` frame."""
    out.write(HEAD.pack(b"D", len(data)) + data)


def prepare(store: ox.Store, services: Sequence[str] = ()) -> Handler:
    """What answers queries over a store, which may call the listed services."""
    graphs = {str(graph.value) for graph in store.named_graphs()}

    def handle(request: dict[str, Any], body: bytes, out: IO[bytes]) -> dict[str, Any]:
        if services and calls_services(request["query"]):
            return _answer_through_gate(store, graphs, request, out, Gate(frozenset(services)))
        return answer(store, graphs, request, out)

    return handle


def _answer_through_gate(
    store: ox.Store, graphs: set[str], request: dict[str, Any], out: IO[bytes], gate: Gate
) -> dict[str, Any]:
    """The same for a query that calls services; its answer is never kept, since theirs may change."""
    try:
        with gate.opened(request["query"]) as sparql:
            told = answer(store, graphs, {**request, "query": sparql}, out, outside=True)
    except QueryRefused as error:
        return refusal(403, str(error))
    if told["status"] == 400 and gate.failure:
        return refusal(502, gate.failure)
    return told | {"volatile": True}


def work(handle: Handler, connection: socket.socket, memory: int, seconds: float) -> None:
    """Answer requests until the connection ends; ``memory`` in bytes and ``seconds`` are limits for each."""
    _limit_memory(memory)
    watch = Watch(os.getppid(), seconds)
    with connection.makefile("rb") as requests, BufferedWriter(connection.makefile("wb", 0), 2 * _PIECE) as out:
        for request, body in _requests(requests):
            with watch:
                outcome = handle(request, body, out)
            data = json.dumps(outcome).encode()
            out.write(HEAD.pack(b"E", len(data)) + data)
            out.flush()


def _requests(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    while head := stream.read(LENGTHS.size):
        length, more = LENGTHS.unpack(head)
        yield json.loads(stream.read(length)), stream.read(more)


def _limit_memory(more: int) -> None:
    """Let the address space grow by no more than this from now on, where the system can say how large it is."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + more, used + more))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return  # not Linux: time, rows and bytes are limited all the same


class Watch:
    """Ends the process where a query runs much too long or the parent has gone; works while a query runs.

    The parent kills a worker at its time limit. This is for the time after the parent itself was killed.
    """

    def __init__(self, parent: int, seconds: float) -> None:
        self._parent = parent
        self._seconds = 2 * seconds + 5
        self._since: float | None = None
        threading.Thread(target=self._look, daemon=True).start()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *error: object) -> None:
        self._since = None

    def _look(self) -> None:
        while True:
            time.sleep(0.5)
            since = self._since
            late = since is not None and time.monotonic() - since > self._seconds
            if late or os.getppid() != self._parent:
                os._exit(3)


def answer(
    store: ox.Store, graphs: set[str], request: dict[str, Any], out: IO[bytes], *, outside: bool = False
) -> dict[str, Any]:
    """Write the answer in ``D`` frames; return its status and media type, or what is wrong with the query."""
    sparql = request["query"]
    try:
        if not outside:
            refuse_outside_access(sparql)
        _refuse_unknown_graphs(sparql, request, graphs)
        result = _run(store, sparql, request)
        media = request["media"][_kind(result)]
        if media is None:
            return refusal(406, f"this answer is offered as {', '.join(OFFERED[_kind(result)])}")
        _write(result, media, request, out)
    except SyntaxError as error:
        return refusal(400, show_place(sparql, str(error)))
    except QueryRefused as error:
        return refusal(403, str(error))
    except TooLarge as error:
        return refusal(422, str(error))
    except MemoryError:
        return refusal(422, "the query needs more memory than a query may take")
    except (ValueError, OSError, RuntimeError, RecursionError) as error:
        return refusal(400, f"the query cannot be answered: {error}")
    return {"status": 200, "media": media, "volatile": is_volatile(sparql)}


def refusal(status: int, message: str) -> dict[str, Any]:
    """The end of a request that is not answered."""
    return {"status": status, "message": message}


def _refuse_unknown_graphs(sparql: str, request: dict[str, Any], graphs: set[str]) -> None:
    """A graph that the dataset does not have is never fetched; to say so is better than an empty answer."""
    wanted = [*request["default_graphs"], *request["named_graphs"]]
    unknown = sorted({*(wanted or graphs_named_by_from(sparql))} - graphs)
    if unknown:
        known = ", ".join(f"<{graph}>" for graph in sorted(graphs)[:20])
        raise QueryRefused(f"the dataset has no graph <{unknown[0][:200]}>, and none is fetched; it has {known}")


def _run(store: ox.Store, sparql: str, request: dict[str, Any]) -> Result:
    """The dataset of the request replaces that of the query; without either it is the union of all graphs."""
    options: dict[str, Any] = {"base_iri": ENDPOINT, "prefixes": prefixes_in(sparql)}
    if request["default_graphs"] or request["named_graphs"]:
        options["default_graph"] = [ox.NamedNode(iri) for iri in request["default_graphs"]]
        options["named_graphs"] = [ox.NamedNode(iri) for iri in request["named_graphs"]]
    elif not graphs_named_by_from(sparql):
        options["use_default_graph_as_union"] = True
    return store.query(sparql, **options)


def _kind(result: Result) -> str:
    return {ox.QuerySolutions: "solutions", ox.QueryBoolean: "boolean"}.get(type(result), "graph")


def _write(result: Result, media: str, request: dict[str, Any], out: IO[bytes]) -> None:
    """Serialise in a media type of this kind of answer."""
    most = {"bytes": request["bytes"], "rows": request["rows"]}
    if isinstance(result, ox.QueryTriples):
        sink = Sink(out, most, xml=media in (RDF_XML, PLAIN_XML))
        form = ox.RdfFormat.from_media_type(media)
        ox.serialize(_counted(result, sink), sink, form, prefixes=_PREFIXES)  # type: ignore[arg-type]  # a sink is written to only
    else:
        results_format, mark, extra = _RESULTS.get(media, _JSON)
        sink = Sink(
            out, most, mark if isinstance(result, ox.QuerySolutions) else b"", extra, xml=media in (XML, PLAIN_XML)
        )
        result.serialize(sink, results_format)  # type: ignore[arg-type]
    sink.finish()


def _counted(triples: Iterator[ox.Triple], sink: Sink) -> Iterator[ox.Triple]:
    """Triples in pieces, so that a large graph is never in memory at once."""
    while piece := list(islice(triples, 1000)):
        sink.spend("rows", len(piece))
        yield from piece
