"""Put a graph on a server: its named graphs, in batches, over the SPARQL 1.1 Graph Store HTTP Protocol.

Unless a push is resumed, it first empties the graphs on the server, so that what an older version left there is never
counted as sent. The first batch of a graph replaces what the server has of it (PUT) and holds all its blank nodes, the
others add to it (POST) and hold none, so that a batch that is sent twice changes nothing. The order is that of the
file: how far a server has come is told by the number of triples it has, and nothing needs to be remembered here. At the
end the server is asked how many each graph has; other numbers than ours are an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import groupby
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, OsteographError, StoreUnavailable
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.remote import RemoteStore

BATCH = 10_000
Progress = Callable[[str, int, int], None]
"""Told the IRI of a graph, how many of its triples the server has, and how many there are."""


@dataclass(frozen=True)
class Login:
    """A name and its password; they are sent to the graph store alone."""

    user: str
    password: str = field(repr=False)


class GraphStore:
    """The graph store of a server, by its address (``http://127.0.0.1:7878/store``, ``…/sparql-graph-crud-auth``)."""

    def __init__(self, address: str, login: Login | None = None, *, timeout: float = 300.0) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise BadParameter(f"a graph store is an http or https address, not {address!r}")
        self.address, self._timeout = address, timeout
        self._opener = _opener(address, login)

    def send(self, method: str, graph: str, triples: list[ox.Triple]) -> None:
        """PUT or POST triples to a graph. Raises StoreUnavailable where the server does not take them."""
        data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        address = f"{self.address}{'&' if urlsplit(self.address).query else '?'}{urlencode({'graph': graph})}"
        request = Request(address, data, {"Content-Type": "text/turtle"}, method=method)  # of which N-Triples is a part
        try:
            with self._opener.open(request, timeout=self._timeout):
                pass
        except HTTPError as error:
            with error:
                said = " ".join(error.read(300).decode(errors="replace").split())
            remedy = "give --user" if error.code in (401, 403) else "push again with --resume"
            raise StoreUnavailable(f"{self.address} answered {error.code}: {said}; {remedy}") from error
        except ValueError as error:  # so says urllib's Basic login where Digest, of another sort, has failed
            raise StoreUnavailable(f"{self.address} answered 401: unauthorized; give --user") from error
        except (OSError, HTTPException) as error:
            raise StoreUnavailable(f"{self.address} broke off: {error}; push again with --resume") from error


class _NoRedirection(HTTPRedirectHandler):
    """What is sent stays with the server that was named."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(address: str, login: Login | None) -> OpenerDirector:
    passwords = HTTPPasswordMgrWithDefaultRealm()
    if login:
        passwords.add_password(None, address, login.user, login.password)
    return build_opener(_NoRedirection, HTTPDigestAuthHandler(passwords), HTTPBasicAuthHandler(passwords))


def push(
    data: Path,
    store: GraphStore,
    endpoint: RemoteStore,
    *,
    batch: int = BATCH,
    resume: bool = False,
    progress: Progress = lambda graph, done, total: None,
) -> dict[str, int]:
    """Send the graphs of an N-Quads file, which are sorted by graph as builds are; the triples of each by its IRI.

    With ``resume`` a graph goes on where the server has left off. Raises StoreUnavailable where the server does not
    take what is sent, OsteographError where it has other numbers of triples in the end.
    """
    if batch < 1:
        raise BadParameter(f"a batch holds one triple or more, not {batch}")
    for graph in () if resume else dict.fromkeys(map(_graph, _quads(data))):
        store.send("PUT", graph, [])
    sent: dict[str, int] = {}
    for graph, triples in _graphs(data):
        have = _count(endpoint, graph) if resume else 0
        _send(store, graph, triples, batch, have, progress)
        sent[graph] = len(triples)
    wrong = {graph: found for graph in sent if (found := _count(endpoint, graph)) != sent[graph]}
    if wrong:
        told = ", ".join(f"{graph} {found} for {sent[graph]}" for graph, found in wrong.items())
        raise OsteographError(f"{endpoint.endpoint} has other numbers of triples: {told}; push without --resume")
    return sent


def _quads(data: Path) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(data), format=ox.RdfFormat.N_QUADS):
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise OsteographError(f"{data} has triples in no named graph; only named graphs are pushed")
        yield quad


def _graph(quad: ox.Quad) -> str:
    assert isinstance(quad.graph_name, ox.NamedNode)
    return quad.graph_name.value


def _graphs(data: Path) -> Iterator[tuple[str, list[ox.Triple]]]:
    """The graphs of a file with their triples, those with blank nodes first."""
    for graph, group in groupby(_quads(data), key=_graph):
        yield graph, sorted((quad.triple for quad in group), key=_has_no_blank_node)


def _has_no_blank_node(triple: ox.Triple) -> bool:
    return not any(isinstance(term, ox.BlankNode) for term in (triple.subject, triple.object))


def _send(store: GraphStore, graph: str, triples: list[ox.Triple], batch: int, have: int, progress: Progress) -> None:
    """Send the batches that the server has not got whole."""
    first = max(batch, sum(1 for triple in triples if not _has_no_blank_node(triple)))
    starts = [0, *range(first, len(triples), batch)]
    for start, end in zip(starts, [*starts[1:], len(triples)], strict=True):
        if have < end:
            store.send("POST" if start else "PUT", graph, triples[start:end])
        progress(graph, end, len(triples))


def _count(endpoint: RemoteStore, graph: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
    answer = endpoint.query(query)
    assert isinstance(answer, Solutions)
    return int(answer.dicts()[0]["n"])
