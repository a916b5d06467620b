"""Any endpoint as a store: real servers answer as the engines at hand do, and hostile ones do no harm."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from osteograph.ontology.errors import BadParameter, OsteographError, QueryRefused, StoreUnavailable
from osteograph.queries.catalog import ask, find_question, list_questions
from osteograph.queries.stores.base import Answer, Bindings, Solutions, Store
from osteograph.queries.stores.remote import MEBIBYTE, RemoteStore

from ..golden_files import Golden, all_golden
from ..test_golden import rows_of
from .conftest import Serve
from .servers import SERVERS

# Questions


class Remembering:
    """A store that asks another the same thing only once, so that the names of all concepts are not sent every time."""

    def __init__(self, store: Store, answers: dict[str, Answer]) -> None:
        self._store = store
        self._answers = answers

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        key = f"{sparql} {bindings}"
        if key not in self._answers:
            self._answers[key] = self._store.query(sparql, bindings)
        return self._answers[key]

    def close(self) -> None:
        self._store.close()


@pytest.fixture(scope="module")
def remembered() -> dict[str, dict[str, Answer]]:
    """What each server has answered."""
    return {"oxigraph_serve": {}, "virtuoso": {}}


@pytest.fixture
def oxigraph_serve(serve: Serve, nquads: bytes, remembered: dict[str, dict[str, Answer]]) -> Store:
    """The real graph in ``oxigraph serve``."""
    return Remembering(serve("oxigraph_serve", nquads), remembered["oxigraph_serve"])


@pytest.fixture
def virtuoso(serve: Serve, nquads: bytes, remembered: dict[str, dict[str, Answer]]) -> Store:
    """The real graph in Virtuoso."""
    return Remembering(serve("virtuoso", nquads, alone=True), remembered["virtuoso"])


def name_of(golden: Golden) -> str:
    return f"{golden.question}.{golden.case}".rstrip(".")


def found_by(golden: Golden, store: Store) -> frozenset[tuple[str, ...]]:
    """The rows of a golden question's answer; of a golden file that lists only some, those that it lists."""
    found = rows_of(ask(store, find_question(golden.question), golden.parameters), golden.columns)
    return golden.rows & found if golden.at_least else frozenset(found)


def check(golden: Golden, name: str, store: Store) -> None:
    """The server gives the golden rows, or, where the question says not_on of it, other rows or an error."""
    if name not in find_question(golden.question).not_on:
        assert found_by(golden, store) == golden.rows
        return
    try:
        found = found_by(golden, store)
    except OsteographError:
        return
    assert found != golden.rows, f"{golden.question} is right on {name}: not_on is out of date"


@pytest.mark.parametrize("golden", all_golden(), ids=name_of)
def test_oxigraph_serve_gives_the_golden_rows(golden: Golden, oxigraph_serve: Store) -> None:
    """A question asked over HTTP has the answer that it has in process."""
    check(golden, "oxigraph_serve", oxigraph_serve)


@pytest.mark.parametrize("golden", all_golden(), ids=name_of)
def test_virtuoso_gives_the_golden_rows_but_for_its_known_faults(golden: Golden, virtuoso: Store) -> None:
    """Another engine, the same rows; where it is wrong, the question says so."""
    check(golden, "virtuoso", virtuoso)


def test_every_known_fault_is_that_of_a_server_and_a_golden_question() -> None:
    """A not_on names a server that is tested, on a question with golden rows."""
    known = {question.id: set(question.not_on) for question in list_questions() if question.not_on}
    assert set(known) <= {golden.question for golden in all_golden()}
    assert set().union(*known.values()) <= set(SERVERS)


# What is sent


@pytest.fixture
def small(serve: Serve) -> RemoteStore:
    """Three triples in two graphs of an ``oxigraph serve``."""
    return serve("oxigraph_serve", SMALL)


SMALL = b"""
<http://e/lung> <http://e/spreadsTo> <http://e/bone> <http://e/one> .
<http://e/bone> <http://e/name> "bone"@en <http://e/two> .
_:site <http://e/partOf> <http://e/bone> <http://e/two> .
"""


def test_select_over_the_union_of_graphs(small: RemoteStore) -> None:
    """Triples of two graphs join."""
    answer = small.query("SELECT ?o ?n { ?s <http://e/spreadsTo> ?o . ?o <http://e/name> ?n }")
    bone = ox.NamedNode("http://e/bone")
    assert answer == Solutions(("o", "n"), ((bone, ox.Literal("bone", language="en")),))


def test_blank_nodes_stay_blank_nodes(small: RemoteStore) -> None:
    """What has no name comes as a blank node."""
    answer = small.query("SELECT ?s { ?s <http://e/partOf> ?o }")
    assert isinstance(answer, Solutions)
    assert isinstance(answer.rows[0][0], ox.BlankNode)


def test_ask(small: RemoteStore) -> None:
    """ASK gives a bool."""
    answers = [small.query(f"ASK {{ ?s <http://e/{name}> ?o }}") for name in ("name", "nothing")]
    assert answers == [True, False]


@pytest.mark.parametrize("form", ["CONSTRUCT WHERE { ?s <http://e/name> ?o }", "DESCRIBE <http://e/bone>"])
def test_construct_and_describe(form: str, small: RemoteStore) -> None:
    """Both give triples."""
    expected = ox.Triple(
        ox.NamedNode("http://e/bone"), ox.NamedNode("http://e/name"), ox.Literal("bone", language="en")
    )
    assert small.query(form) == (expected,)


@pytest.mark.parametrize(
    "prologue",
    [
        "",
        "# SELECT\n",
        "BASE <http://e/>\n",
        "PREFIX select: <http://e/>",
        "PREFIX:<http://e/>PREFIX e.x-y:<http://e/#>",
    ],
)
def test_the_form_is_found_behind_any_prologue(prologue: str, small: RemoteStore) -> None:
    """Comments, BASE and prefixes of any name come before the word that says what is asked."""
    assert small.query(f"{prologue} ask{{}}") is True


def test_a_long_prologue_takes_no_long_time(small: RemoteStore) -> None:
    """No prologue makes the search for the form try everything twice over."""
    began = time.monotonic()
    with pytest.raises(QueryRefused):
        small.query("PREFIX:" * 50_000 + "<")
    assert time.monotonic() - began < 5


def test_a_syntax_error_is_refused_in_the_words_of_the_server(small: RemoteStore) -> None:
    """The message names the endpoint and says what the server said."""
    with pytest.raises(QueryRefused, match=rf"{small.endpoint} refuses the query: .*error at 1:\d+: expected"):
        small.query("SELECT * WHERE { ?s ?p }")


def test_text_that_is_no_unicode_is_refused(small: RemoteStore) -> None:
    """Half of a surrogate pair cannot be sent."""
    with pytest.raises(QueryRefused, match="not Unicode"):
        small.query('ASK { ?s ?p "\ud800" }')


@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:b> <a:c> }", "define get:soft 'replace' SELECT * {}", ""])
def test_only_queries_are_sent(update: str, hostile: Hostile) -> None:
    """Updates, and what Virtuoso takes for orders, never leave this machine."""
    with pytest.raises(QueryRefused, match="and this is none"):
        hostile.store("html").query(update)
    assert hostile.visits == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "file:///etc/hostname",
        "ftp://h/",
        "h/sparql",
        "http://",
        "http://[::1/",
        "http://h:port/",
        "http://h/\n",
        "http://ö/",
    ],
)
def test_only_web_addresses_are_endpoints(endpoint: str) -> None:
    """Files and half addresses are refused before anything is asked."""
    with pytest.raises(BadParameter, match="an endpoint is an http or https address"):
        RemoteStore(endpoint)


@pytest.mark.parametrize("endpoint", ["http://me:secret@h/", "http://h/#part"])
def test_an_address_carries_no_password(endpoint: str) -> None:
    """A password would stand in every message; the refusal does not show it."""
    with pytest.raises(BadParameter) as caught:
        RemoteStore(endpoint)
    assert "secret" not in str(caught.value)


# Servers that are gone or hostile


def test_a_server_that_is_gone() -> None:
    """The message says which, why, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(StoreUnavailable, match=rf"127.0.0.1:{port}/sparql cannot be reached: .*refused; check the"):
        RemoteStore(f"http://127.0.0.1:{port}/sparql").query("ASK {}")


def test_a_name_that_nobody_has() -> None:
    """A host that cannot be found is a server that cannot be reached."""
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        RemoteStore("http://osteograph.invalid/sparql", timeout=5).query("ASK {}")


JSON = "application/sparql-results+json"
Behaviour = Callable[["Handler"], None]


def says(body: bytes, media_type: str = JSON, status: int = 200, length: int | None = None, **more: str) -> Behaviour:
    """A server that answers this."""

    def answer(handler: Handler) -> None:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        headers |= {"Content-Type": media_type, "Content-Length": str(len(body) if length is None else length)}
        handler.start(status, headers)
        handler.wfile.write(body)

    return answer


def sends(part: bytes, pause: float, status: int = 200) -> Behaviour:
    """A server that sends the same thing again and again."""

    def answer(handler: Handler) -> None:
        handler.start(status, {"Content-Type": JSON})
        while not handler.server.over.wait(pause):
            handler.wfile.write(part)

    return answer


def is_silent(handler: Handler) -> None:
    handler.server.over.wait(30)


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


def redirects(status: int, location: str) -> Behaviour:
    """A server that sends on, with an endless page that a client must not read."""

    def answer(handler: Handler) -> None:
        handler.start(status, {"Location": location.replace("PORT", str(handler.server.server_port))})
        while not handler.server.over.is_set():
            handler.wfile.write(b"moved " * 10_000)

    return answer


ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[%s]}}'
BEHAVIOURS: dict[str, tuple[Behaviour, str]] = {
    "html": (says(b"<html>Welcome!</html>", "text/html"), "text/html where application/sparql-results.json was asked"),
    "csv": (says(b"s\r\n1\r\n", "text/csv"), "text/csv where"),
    "xml": (says(b"<sparql/>", "application/sparql-results+xml"), "sent what cannot be read"),
    "triples": (says(b"<a:a> <a:b> <a:c> .", "application/n-triples"), "application/n-triples where"),
    "no type": (says(ROWS % b"", ""), "sent what cannot be read"),
    "nothing": (says(b""), "sent what cannot be read"),
    "no JSON": (says(b"{'head': True}"), "sent what cannot be read"),
    "no UTF-8": (says(ROWS % b'{"s":{"type":"literal","value":"\xff"}}'), "sent what cannot be read"),
    "no results": (says(b'{"head":{"vars":["s"]}}'), "sent what cannot be read"),
    "no IRI": (says(ROWS % b'{"s":{"type":"uri","value":"not an IRI"}}'), "sent what cannot be read"),
    "deep": (says(b'{"a":' * 100_000), "sent what cannot be read"),
    "another kind": (says(b'{"head":{},"boolean":true}'), "the answer to a SELECT is of another kind"),
    "half": (says(ROWS[:20]), "sent what cannot be read"),
    "less than promised": (says(ROWS % b"", length=1000), "cannot be reached: IncompleteRead"),
    "cut short": (says(ROWS % b"", X_SPARQL_MaxRows="1"), "cut its answer short; ask for less"),
    "timed out in the middle": (says(ROWS % b"", X_SQL_State="S1TAT"), "cut its answer short"),
    "partial": (says(ROWS % b"", status=206), "cut its answer short"),
    "no content": (says(b"", status=204), "cut its answer short"),
    "endless": (sends(b" " * MEBIBYTE, 0), "sent more than 2 MiB; ask for less"),
    "dripping": (sends(b" ", 0.05), "gave no answer in 0.5 s; ask for less, or allow more time"),
    "silent": (is_silent, "gave no answer in 0.5 s"),
    "hanging up": (hangs_up, "cannot be reached: Remote end closed connection"),
    "elsewhere": (
        redirects(302, "http://localhost:PORT/good"),
        "sends queries on to http://localhost:.*; if you trust",
    ),
    "to a file": (redirects(307, "file:///etc/hostname"), "sends queries on to file:///etc/hostname"),
    "to another port": (redirects(308, "http://127.0.0.1:9/"), "sends queries on to http://127.0.0.1:9/"),
    "in circles": (redirects(301, "/in%20circles"), "in circles"),
    "nowhere": (redirects(303, "/good"), "answered 303"),
    "login": (says(b"who are you", "text/plain", 401), "answered 401: who are you; check the address"),
    "not there": (says(b"<h1>Not here</h1>", "text/html", 404), "answered 404: Not Found"),
    "failing": (
        says(b"\x1b[31mout\nof \xe2\x80\xaememory" + b"x" * 9000, "text/plain", 500),
        "500: .31mout of memoryx+…;",
    ),
    "failing endlessly": (sends(b"no " * MEBIBYTE, 0, 500), "answered 500: no no no"),
    "failing in drops": (sends(b".", 0.05, 500), r"answered 500: \.+; ask something simpler"),
}
SLOW = {"dripping", "silent", "failing in drops"}  # which time alone brings to an end


class Handler(BaseHTTPRequestHandler):
    """Behaves as the path says."""

    server: Hostile

    def do_POST(self) -> None:
        path = self.path[1:].replace("%20", " ")
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.visits.append((path, self.headers["Accept"], query))
        try:
            self.server.behaviours[path](self)
        except OSError:
            self.close_connection = True  # the client has had enough

    do_GET = do_POST

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


class Hostile(ThreadingHTTPServer):
    """A web server on this machine that misbehaves in a way for each path, and remembers who came with what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.over = threading.Event()
        self.visits: list[tuple[str, str, dict[str, list[str]]]] = []
        self.behaviours = {path: behaviour for path, (behaviour, _) in BEHAVIOURS.items()}

    def store(self, path: str) -> RemoteStore:
        address = f"http://127.0.0.1:{self.server_port}/{path.replace(' ', '%20')}"
        return RemoteStore(address, timeout=0.5 if path in SLOW else 20, maximum_bytes=2 * MEBIBYTE)


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    """The hostile server, as long as a test lasts."""
    with Hostile() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.mark.parametrize("path", BEHAVIOURS)
def test_a_hostile_answer_is_an_error_with_a_reason(path: str, hostile: Hostile) -> None:
    """Whatever comes, the store says what was wrong, and soon."""
    hostile.behaviours["good"] = says(ROWS % b"")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match=BEHAVIOURS[path][1]):
        hostile.store(path).query("SELECT ?s { ?s ?p ?o }")
    assert time.monotonic() - began < 10
    assert "good" not in [visited for visited, _, _ in hostile.visits]


@pytest.mark.parametrize("media_type", ["text/html", "application/sparql-results+json", "application/rdf+xml"])
def test_what_are_no_triples_is_an_error(media_type: str, hostile: Hostile) -> None:
    """A CONSTRUCT is answered with triples in a format that was asked for."""
    hostile.behaviours["odd"] = says(ROWS % b"", media_type)
    with pytest.raises(StoreUnavailable, match="where triples were asked for"):
        hostile.store("odd").query("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize("body", [b"<a:a> <a:b> ", b"<a:a> <a:b> <a:c> <a:d> .", b"\xff"])
def test_broken_triples_are_an_error(body: bytes, hostile: Hostile) -> None:
    """Half a graph is none."""
    hostile.behaviours["odd"] = says(b"<a:a> <a:b> <a:c> .\n" + body, "application/n-triples")
    with pytest.raises(StoreUnavailable, match="sent what cannot be read"):
        hostile.store("odd").query("DESCRIBE <a:a>")


def test_turtle_is_read_where_n_triples_are_not_spoken(hostile: Hostile) -> None:
    """The second choice is as good."""
    hostile.behaviours["turtle"] = says(b"@prefix a: <a:> . a:a a:b a:d, a:c .", "text/turtle; charset=utf-8")
    a, b, c, d = (ox.NamedNode(f"a:{letter}") for letter in "abcd")
    assert hostile.store("turtle").query("DESCRIBE <a:a>") == (ox.Triple(a, b, c), ox.Triple(a, b, d))
    assert hostile.visits[0][1] == "application/n-triples, text/turtle;q=0.5"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_on_the_same_host_is_followed_with_the_query(status: int, hostile: Hostile) -> None:
    """The query is asked again at the new address."""
    hostile.behaviours |= {"old": redirects(status, "good"), "good": says(ROWS % b"")}
    assert hostile.store("old").query("SELECT ?s { ?s ?p ?o }") == Solutions(("s",), ())
    assert [(path, query) for path, _, query in hostile.visits] == [
        ("old", {"query": ["SELECT ?s { ?s ?p ?o }"]}),
        ("good", {"query": ["SELECT ?s { ?s ?p ?o }"]}),
    ]


def test_our_prefixes_are_declared_where_they_are_used(hostile: Hostile) -> None:
    """The endpoint knows none of them, and lines keep their numbers."""
    hostile.behaviours["good"] = says(ROWS % b"")
    hostile.store("good").query("SELECT ?s\n{ ?s a bmo:Claim }")
    sent = hostile.visits[0][2]["query"]
    assert sent == ["PREFIX bmo: <https://w3id.org/osteograph/schema/> SELECT ?s\n{ ?s a bmo:Claim }"]


@pytest.mark.parametrize(("status", "error"), [(400, QueryRefused), (422, QueryRefused), (503, StoreUnavailable)])
def test_a_status_tells_the_query_from_the_server(status: int, error: type[Exception], hostile: Hostile) -> None:
    """What is wrong with the query is QueryRefused, what is wrong with the server StoreUnavailable."""
    hostile.behaviours["odd"] = says(b"because", "text/plain", status)
    with pytest.raises(error, match="because"):
        hostile.store("odd").query("ASK {}")


@pytest.mark.parametrize(
    ("row", "expected"), [(b'{"__ASK_RETVAL":{"type":"literal","value":"1"}}', True), (b"", False)]
)
def test_virtuoso_answers_ask_with_a_row_or_none(row: bytes, expected: bool, hostile: Hostile) -> None:
    """Virtuoso 7.2 gives no boolean."""
    body = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[%s]}}'
    hostile.behaviours["virtuoso"] = says(body % row)
    assert hostile.store("virtuoso").query("ASK {}") is expected


def test_virtuoso_names_blank_nodes_as_no_one_else(hostile: Hostile) -> None:
    """nodeID://b1 is the blank node b1; in a literal the words stay."""
    terms = (
        b'{"s":{"type": "bnode", "value": "nodeID://b1"}},'
        b'{"s":{"type": "literal", "value": "\\"type\\": \\"bnode\\", \\"value\\": \\"nodeID://b1"}}'
    )
    hostile.behaviours["virtuoso"] = says(ROWS % terms)
    literal = ox.Literal('"type": "bnode", "value": "nodeID://b1')
    assert hostile.store("virtuoso").query("SELECT ?s {}") == Solutions(("s",), ((ox.BlankNode("b1"),), (literal,)))


@pytest.mark.parametrize("name", ["oxigraph_serve", "virtuoso"])
def test_blank_nodes_of_real_servers(name: str, serve: Serve) -> None:
    """Every server's blank nodes come as blank nodes."""
    answer = serve(name, SMALL).query("SELECT ?s { ?s <http://e/partOf> ?o }")
    assert isinstance(answer, Solutions)
    assert [type(term) for row in answer.rows for term in row] == [ox.BlankNode]
