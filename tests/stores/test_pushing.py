"""A graph on a real server, in batches: whole, once, and resumed where it was broken off."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pyoxigraph as ox
import pytest

from osteograph.cli import main
from osteograph.graph_builder.pushing import GraphStore, Login, push
from osteograph.ontology.errors import BadParameter, OsteographError, StoreUnavailable
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.remote import RemoteStore

from .conftest import Serve

NUMBERED = [f"<http://e/s{n}> <http://e/p> <http://e/o{n % 3}> <http://e/many> .\n" for n in range(25)]
BLANK = [
    "<http://e/list> <http://e/is> _:one <http://e/blank> .\n",
    "<http://e/list> <http://e/says> <http://e/nothing> <http://e/blank> .\n",
    "_:one <http://e/next> _:two <http://e/blank> .\n",
    '_:two <http://e/value> "a \'quoted\' \\"word\\" 🦴"@en <http://e/blank> .\n',
]
COUNTS = {"http://e/blank": 4, "http://e/many": 25}
LOGINS = {"oxigraph_serve": None, "virtuoso": Login("dba", "dba")}
STORES = {"oxigraph_serve": "/store", "virtuoso": "/sparql-graph-crud-auth"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two graphs, one of them with blank nodes."""
    path = tmp_path / "data.nq"
    path.write_text("".join(BLANK + NUMBERED), encoding="utf-8")
    return path


@pytest.fixture(params=sorted(STORES))
def server(request: pytest.FixtureRequest, serve: Serve) -> tuple[GraphStore, RemoteStore]:
    """The graph store and the endpoint of a server that holds one foreign triple."""
    name = request.param
    endpoint = serve(name, f"<http://e/a> <http://e/b> <http://e/c> <urn:uuid:{uuid4()}> .\n".encode())
    return GraphStore(graph_store(name, endpoint), LOGINS[name]), endpoint


def graph_store(name: str, endpoint: RemoteStore) -> str:
    return endpoint.endpoint.rpartition("/")[0] + STORES[name]


def rows(endpoint: RemoteStore, query: str) -> list[dict[str, str]]:
    answer = endpoint.query(query)
    assert isinstance(answer, Solutions)
    return answer.dicts()


CHAIN = (
    "SELECT ?v WHERE { GRAPH <http://e/blank> { <http://e/list> <http://e/is>/<http://e/next>/<http://e/value> ?v } }"
)


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_it_is_there_whole_and_once(server: tuple[GraphStore, RemoteStore], data: Path, batch: int) -> None:
    """In batches of any size, and when pushed twice; blank nodes that belong together stay together."""
    store, endpoint = server
    assert push(data, store, endpoint, batch=batch) == COUNTS
    assert push(data, store, endpoint, batch=batch) == COUNTS
    assert rows(endpoint, CHAIN) == [{"v": "a 'quoted' \"word\" 🦴"}]
    foreign = "SELECT ?g WHERE { GRAPH ?g { <http://e/a> <http://e/b> <http://e/c> } }"
    assert len(rows(endpoint, foreign)) == 1


def test_a_push_that_broke_off_is_resumed(server: tuple[GraphStore, RemoteStore], data: Path) -> None:
    """Only what is missing is sent again; a batch that came in part is sent whole."""
    store, endpoint = server

    class Broken(Exception):
        pass

    def break_off(graph: str, done: int, total: int) -> None:
        if graph.endswith("many") and done >= 14:
            raise Broken

    with pytest.raises(Broken):
        push(data, store, endpoint, batch=7, progress=break_off)
    store.send("POST", "http://e/many", [ox.Triple(*_iris("s14", "p", "o2"))])  # part of the third batch
    methods: list[tuple[str, str, int]] = []
    send = store.send

    def noted(method: str, graph: str, triples: list[ox.Triple]) -> None:
        methods.append((method, graph, len(triples)))
        send(method, graph, triples)

    store.send = noted  # type: ignore[method-assign]
    assert push(data, store, endpoint, batch=7, resume=True) == COUNTS
    assert methods == [("POST", "http://e/many", 7), ("POST", "http://e/many", 4)]


def test_what_an_older_version_left_is_never_taken_for_sent(server: tuple[GraphStore, RemoteStore], data: Path) -> None:
    """A corrected triple in a graph of as many triples as before, pushed, broken off before it, and resumed."""
    store, endpoint = server
    push(data, store, endpoint)
    data.write_text(data.read_text("utf-8").replace("<http://e/s24>", "<http://e/corrected>"), encoding="utf-8")

    def break_off(graph: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(data, store, endpoint, progress=break_off)
    assert push(data, store, endpoint, resume=True) == COUNTS
    assert rows(endpoint, "SELECT ?p WHERE { GRAPH <http://e/many> { <http://e/corrected> ?p ?o } }")


def _iris(*names: str) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
    subject, predicate, obj = (ox.NamedNode(f"http://e/{name}") for name in names)
    return subject, predicate, obj


def test_another_number_of_triples_is_an_error(server: tuple[GraphStore, RemoteStore], data: Path) -> None:
    """What stands in a graph of ours and is not ours is found by counting, and replaced without --resume."""
    store, endpoint = server
    push(data, store, endpoint)
    store.send("POST", "http://e/many", [ox.Triple(*_iris("not", "of", "ours"))])
    with pytest.raises(OsteographError, match="http://e/many 26 for 25; push without --resume"):
        push(data, store, endpoint, resume=True)
    assert push(data, store, endpoint) == COUNTS


def test_virtuoso_wants_a_password(serve: Serve, data: Path) -> None:
    """A wrong one, or none, and nothing is sent."""
    endpoint = serve("virtuoso", b"<http://e/a> <http://e/b> <http://e/c> <http://e/d> .\n")
    for login in (None, Login("dba", "wrong")):
        with pytest.raises(StoreUnavailable, match=r"401.*--user"):
            push(data, GraphStore(graph_store("virtuoso", endpoint), login), endpoint)


def test_nobody_there(data: Path) -> None:
    """The error names the address and what to do."""
    with pytest.raises(StoreUnavailable, match=r"127.0.0.1:9/store broke off.*--resume"):
        push(data, GraphStore("http://127.0.0.1:9/store"), RemoteStore("http://127.0.0.1:9/query"))
    with pytest.raises(BadParameter, match="http or https"):
        GraphStore("file:///etc/hostname")


def test_triples_in_no_named_graph_are_refused(tmp_path: Path, serve: Serve) -> None:
    """They would be lost among those of others."""
    path = tmp_path / "data.nq"
    path.write_text("<http://e/a> <http://e/b> <http://e/c> .\n")
    with pytest.raises(OsteographError, match="no named graph"):
        push(path, GraphStore("http://127.0.0.1:9/store"), RemoteStore("http://127.0.0.1:9/query"))


def test_the_command_pushes_the_build(built: Path, serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    """All ten graphs, counted by the server."""
    endpoint = serve("oxigraph_serve", b"<http://e/a> <http://e/b> <http://e/c> <http://e/d> .\n")
    store = graph_store("oxigraph_serve", endpoint)
    assert main(["push", "--endpoint", endpoint.endpoint, "--store", store, "--graph", str(built)]) == 0
    total = (built / "osteograph.nq").read_bytes().count(b"\n")
    assert f"{total} triples in 10 graphs" in capsys.readouterr().out
