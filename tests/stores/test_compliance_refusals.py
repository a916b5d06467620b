"""Every store refuses the same things: what is not SPARQL, updates, files and other services."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pyoxigraph as ox
import pytest

from osteograph.ontology.errors import OsteographError, QueryRefused, StoreUnavailable
from osteograph.queries.stores.base import Store

from .compliance import rows

# Refusals


@pytest.mark.parametrize(
    "sparql",
    [
        "",
        "SELECT",
        "SELECT * { ?s ?p }",
        "SELECT * WHERE { ?s ?p ?o ",
        "SELEKT * { ?s ?p ?o }",
        'SELECT * { ?s ?p "open }',
        "SELECT * { ?s ?p ?o } LIMIT many",
        "<http://e/lung>",
    ],
)
def test_what_is_not_sparql_is_refused(sparql: str, store: Store) -> None:
    """A syntax error is QueryRefused, whatever the engine calls it."""
    with pytest.raises(QueryRefused):
        store.query(sparql)


def test_an_unknown_prefix_is_refused(store: Store) -> None:
    """A prefix that the query does not declare is an error of the query."""
    with pytest.raises(QueryRefused):
        store.query("SELECT * { ?s nowhere:p ?o }")


def test_a_bad_pattern_is_an_error_of_the_filter(store: Store) -> None:
    """A regular expression that is none makes the filter fail, as SPARQL says, or the query refused; nothing else."""
    with suppress(QueryRefused, StoreUnavailable):
        assert rows(store.query('SELECT ?s { ?s <http://e/name> ?o FILTER(REGEX(?o, "(")) }')) == []


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://e/a> <http://e/b> <http://e/c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <http://e/first>",
        "CREATE GRAPH <http://e/new>",
        "LOAD <file:///etc/hostname>",
        "LOAD SILENT <file:///etc/hostname> INTO GRAPH <http://e/new>",
        "COPY <http://e/first> TO <http://e/second>",
        "SELECT * { ?s ?p ?o } ; DROP ALL",
        "PREFIX e: <http://e/> INSERT { e:a e:b e:c } WHERE {}",
    ],
)
def test_updates_are_refused_and_change_nothing(update: str, store: Store) -> None:
    """A store only reads."""
    before = rows(store.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"))
    with pytest.raises(QueryRefused):
        store.query(update)
    assert rows(store.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o")) == before
    assert len(before) == 15


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_from_a_file_reads_no_file(clause: str, store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file that a query names as its graph is not read: nothing it says is found."""
    path = tmp_path_factory.mktemp("from") / "secret.nt"
    path.write_text('<http://e/secret> <http://e/secret> "secret" .\n')
    with suppress(QueryRefused):
        anywhere = "{ ?s <http://e/secret> ?o } UNION { GRAPH ?g { ?s <http://e/secret> ?o } }"
        assert rows(store.query(f"SELECT ?s {clause} <{path.as_uri()}> {{ {anywhere} }}")) == []


def test_from_a_graph_that_is_not_there_finds_nothing(store: Store) -> None:
    """FROM <file:///etc/hostname> has no triples, or is refused; it is never read as all the data."""
    with suppress(QueryRefused):
        assert rows(store.query("SELECT ?s FROM <file:///etc/hostname> { ?s ?p ?o }")) == []


class Listener:
    """A web server on this machine that counts who comes and helps nobody."""

    def __init__(self) -> None:
        self.visits: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    self.visits.append(connection.recv(200))
                    connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener that lives as long as the test."""
    opened = Listener()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { service <URL> { ?s ?p ?o } }",
        "SELECT * { SerVice SILENT <URL> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { S\\U00000045RVICE <URL> { ?s ?p ?o } }",
        "SELECT * { # a comment\nSERVICE#another\n<URL> { ?s ?p ?o } }",
        "SELECT * { SERVICE<URL>{?s ?p ?o}}",
        'SELECT * { ?a ?b "\\"" . SERVICE <URL> { ?s ?p ?o } } # "',
        "SELECT * { ?a ?b '''it's''' . SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(1 < 2) SERVICE <URL> { ?s ?p ?o } FILTER(2 > 1) }",
        "PREFIX service: <URL> SELECT * { SERVICE service:x { ?s ?p ?o } }",
        "PREFIX service: <URL> ASK { ?s service:p ?o }",  # a prefix of that name could hide the keyword
        "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
        "ASK { SERVICE <URL> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
        "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { { SELECT ?s { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } } } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    ],
)
def test_service_is_refused_by_name(sparql: str, store: Store, listener: Listener) -> None:
    """However the word is spelled, the query is refused before anybody is called, and the message says why."""
    with pytest.raises(QueryRefused, match="SERVICE is not allowed"):
        store.query(sparql.replace("URL", listener.url))
    assert listener.visits == []


STICKING = {  # what pyoxigraph 0.5.13 takes for the keyword and the tokens of stores/tokens.py do not
    "stuck to SILENT": "SELECT * { SERVICESILENT <URL> { ?a ?b ?c } }",
    "stuck to true": "SELECT * { ?s ?p trueSERVICE <URL> { ?a ?b ?c } }",
    "stuck to a double": "SELECT * { <http://e/bone> <http://e/size> 1.0E1SERVICE <URL> { ?a ?b ?c } }",
    "before an empty prefix": "PREFIX : <URL> SELECT * { ?s ?p ?o . SERVICE:a { ?a ?b ?c } }",
    "after a full stop, before an empty prefix": "PREFIX : <URL> SELECT * { ?s ?p ?o .SERVICE:a { ?a ?b ?c } }",
    "after an escaped quote": 'SELECT * { ?s ?p ?o BIND("\\u0022" AS ?q) SERVICE <URL> { ?a ?b ?c } } #"""',
    "after an escaped backslash": "SELECT * { ?s ?p ?o BIND('\\u005C' AS ?q) SERVICE <URL> { ?a ?b ?c } } #'",
    "after an escaped quote in a name": (
        "PREFIX e: <http://e/> SELECT * { ?s ?p ?o OPTIONAL { e:it\\'s ?p ?o } SERVICE <URL> { ?a ?b ?c } } #'"
    ),
}


@pytest.mark.parametrize("name", STICKING)
def test_no_spelling_of_service_reaches_another_server(name: str, store: Store, listener: Listener) -> None:
    """What an engine takes for SERVICE is refused, even where the tokens of SPARQL say otherwise."""
    with suppress(OsteographError, OSError):
        store.query(STICKING[name].replace("URL", listener.url))
    assert listener.visits == []


def test_the_listener_would_notice(listener: Listener) -> None:
    """The tests above can fail: Oxigraph without our guard does call."""
    with suppress(OSError, RuntimeError, SyntaxError):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert len(listener.visits) > 0


@pytest.mark.parametrize(
    "sparql",
    [
        'ASK { ?s ?p "SERVICE <http://e/> { }" }',
        "ASK { ?s ?p '''SERVICE\n<http://e/> { }''' }",
        "ASK { ?s ?p ?o } # SERVICE <http://e/> { }",
        "# SERVICE\nASK { ?s ?p ?o }",
        "ASK { ?s <http://e/SERVICE> ?o }",
        "ASK { ?s <http://e/#SERVICE> ?o }",
        "PREFIX e: <http://e/> ASK { ?s e:SERVICE ?o }",
        "ASK { ?SERVICE ?service $Service }",
        "ASK { ?s ?p 'x'@service }",
        "SELECT (1 AS ?SERVICES) {}",
    ],
)
def test_the_word_service_does_no_harm_elsewhere(sparql: str, store: Store) -> None:
    """In a string, a comment, an IRI, a name, a variable or a language tag it is a word like any other."""
    store.query(sparql)


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_from_an_outside_graph_calls_nobody(clause: str, store: Store, listener: Listener) -> None:
    """A graph that the store does not hold is not fetched."""
    with suppress(QueryRefused):
        store.query(f"SELECT * {clause} <{listener.url}> {{ ?s ?p ?o }}")
    assert listener.visits == []
