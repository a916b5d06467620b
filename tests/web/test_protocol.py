"""The W3C's protocol and service-description cases against the running server, and what they leave open."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import yaml

from ..conftest import ROOT
from .live import Live, Reply, serving, write_build

CASES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "tests/data/sparql-protocol.yaml").read_text("utf-8"))
DOCUMENT = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SD = "http://www.w3.org/ns/sparql-service-description#"
KINDS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "solutions": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "graph": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}


@pytest.fixture(scope="module")
def w3c(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The dataset of the suite, served."""
    lines = [f"<{d}> <{TYPE}> <http://xmlns.com/foaf/0.1/Document> <{d}> .\n" for d in map(DOCUMENT.format, range(4))]
    with serving(write_build(tmp_path_factory.mktemp("w3c") / "graph", "".join(lines).encode()), "--quiet") as server:
        yield server


def filled(text: str) -> str:
    for number in range(4):
        text = text.replace(f"{{{number}}}", DOCUMENT.format(number))
    return text


def send(server: Live, what: dict[str, Any]) -> Reply:
    """Send one case."""
    address = urlencode([(name, filled(value)) for name, value in what["url"]])
    headers = {"Content-Type": what["type"]} if "type" in what else {}
    body = filled(what["body"]).encode(what.get("encoding", "utf-8")) if "body" in what else None
    if "form" in what:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode([(name, filled(value)) for name, value in what["form"]]).encode()
    return server.request(what["method"], "/sparql?" + address if address else "/sparql", body, headers)


def test_all_cases_of_the_suite_are_here() -> None:
    """34 cases: 13 queries, 7 updates, 14 bad requests."""
    groups = [sum(name.startswith(start) for name in CASES) for start in ("query_", "update_", "bad_")]
    assert (len(CASES), groups) == (34, [13, 7, 14])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "want" in case])
def test_w3c_protocol(w3c: Live, name: str) -> None:
    """Status, media type and truth are as the suite wants them."""
    reply, want = send(w3c, CASES[name]["send"]), CASES[name]["want"]
    assert f"{reply.status // 100}xx" == want["status"], reply.text
    if "kind" in want:
        assert reply.media in KINDS[want["kind"]]
    if "answer" in want:
        assert json.loads(reply.body)["boolean"] is want["answer"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.get("update")])
def test_updates_change_nothing(w3c: Live, name: str) -> None:
    """Where the suite wants an update to succeed, this read-only server refuses it, and the graph is as it was."""
    before = w3c.query("SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").body
    reply = send(w3c, CASES[name]["send"])
    assert (reply.status, reply.text) == (403, "this endpoint is read-only: it takes no update\n")
    assert w3c.query("SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").body == before


def description(server: Live, media: str = "text/turtle") -> set[ox.Triple]:
    reply = server.get("/sparql", media)
    assert (reply.status, reply.media) == (200, media)
    form = ox.RdfFormat.from_media_type(media)
    assert form
    return {quad.triple for quad in ox.parse(reply.body, format=form)}


@pytest.mark.parametrize("media", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_w3c_service_description_returns_rdf(w3c: Live, media: str) -> None:
    """A GET of the bare endpoint returns RDF, the same in each format."""
    assert description(w3c, media) == description(w3c)
    assert len(description(w3c)) > 10


def test_w3c_service_description_has_the_endpoint(w3c: Live) -> None:
    """``sd:endpoint`` is the address that was asked."""
    found = {t.object.value for t in description(w3c) if t.predicate.value == SD + "endpoint"}  # type: ignore[union-attr]
    assert found == {w3c.sparql}


def test_w3c_service_description_conforms_to_the_schema(w3c: Live) -> None:
    """What the vocabulary says of domains, ranges and functional properties holds."""
    triples = description(w3c)
    types: dict[object, set[str]] = {}
    for t in triples:
        if t.predicate.value == TYPE:
            types.setdefault(t.subject, set()).add(t.object.value)  # type: ignore[union-attr]
    domains = {"endpoint": "Service", "resultFormat": "Service", "defaultDataset": "Service"}
    domains |= {"defaultGraph": "Dataset", "namedGraph": "Dataset", "name": "NamedGraph", "graph": "NamedGraph"}
    ranges = {"defaultDataset": "Dataset", "defaultGraph": "Graph", "namedGraph": "NamedGraph", "graph": "Graph"}
    used = {t.predicate.value.removeprefix(SD) for t in triples if t.predicate.value.startswith(SD)}
    assert used == {*domains, *ranges, "supportedLanguage", "feature"}
    for t in triples:
        name = t.predicate.value.removeprefix(SD)
        assert name not in domains or SD + domains[name] in types[t.subject]
        assert name not in ranges or SD + ranges[name] in types[t.object]
    named = {t.object.value for t in triples if t.predicate.value == SD + "name"}  # type: ignore[union-attr]
    assert named == {DOCUMENT.format(number) for number in range(4)}


# What the suite leaves open


def test_without_from_the_default_graph_is_the_union(w3c: Live) -> None:
    """Also where FROM stands in a string, a comment or an IRI only."""
    query = "# FROM <http://e/>\nSELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(STR(?o) != 'FROM <x>') }"
    assert w3c.query(query, "text/csv").text == "n\r\n4\r\n"


def test_from_in_the_query_is_its_dataset(w3c: Live) -> None:
    """FROM gives the default graph, and then there is no named graph."""
    one = DOCUMENT.format(1)
    assert w3c.query(f"SELECT ?s FROM <{one}> {{ ?s ?p ?o }}", "text/csv").text == f"s\r\n{one}\r\n"
    assert json.loads(w3c.query(f"ASK FROM <{one}> {{ GRAPH ?g {{ ?s ?p ?o }} }}").body)["boolean"] is False
    prefixed = f"PREFIX d: <{one.removesuffix('data1.rdf')}> SELECT ?g FROM NAMED d:data1.rdf {{ GRAPH ?g {{ }} }}"
    assert w3c.query(prefixed, "text/csv").text == f"g\r\n{one}\r\n"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/elsewhere> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }",
        "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/p\\u0061sswd> { ?s ?p ?o }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/> AS ?e) SERVICE SILENT ?e { ?s ?p ?o } }",
    ],
)
def test_nothing_outside_is_reached(w3c: Live, query: str) -> None:
    """Graphs that the dataset has not, and other services, are refused by name."""
    reply = w3c.query(query)
    assert reply.status == 403
    assert "root:" not in reply.text


def test_unknown_parameters_are_ignored(w3c: Live) -> None:
    """As SIB's editor sends them."""
    assert w3c.get("/sparql?ac=1&" + urlencode({"query": "ASK {}"})).status == 200


def test_a_percent_in_a_literal_is_decoded_once(w3c: Live) -> None:
    """By GET, by form and directly."""
    query = 'SELECT ("%25" AS ?x) {}'
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv"}
    direct = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    replies = [
        w3c.query(query, "text/csv"),
        w3c.request("POST", "/sparql", urlencode({"query": query}).encode(), form),
        w3c.request("POST", "/sparql", query.encode(), direct),
    ]
    assert [reply.text for reply in replies] == ["x\r\n%25\r\n"] * 3


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.8", "text/tab-separated-values"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("application/*;q=0.5, text/csv;q=0.4", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("TEXT/CSV ; Q=1", "text/csv"),
        ("nonsense, text/csv", "text/csv"),
        ("text/csv;q=.1, text/tab-separated-values;q=.2", "text/tab-separated-values"),
        ("text/html, image/gif, *; q=.2", "application/sparql-results+json"),
        ("text/csv;q=wrong", "text/csv"),
    ],
)
def test_solutions_come_as_the_client_likes_best(w3c: Live, accept: str, media: str) -> None:
    """By quality, by precision, then by our order."""
    assert w3c.query("SELECT * { ?s ?p ?o }", accept).media == media


@pytest.mark.parametrize("media", ["text/turtle", "application/n-triples", "application/rdf+xml",
                                   "application/ld+json", "application/trig", "application/n-quads"])  # fmt: skip
def test_graphs_come_in_six_formats(w3c: Live, media: str) -> None:
    """Each is read back to the same triples."""
    reply = w3c.query("CONSTRUCT WHERE { ?s ?p ?o }", media)
    form = ox.RdfFormat.from_media_type(media)
    assert form
    assert reply.media == media
    assert {quad.subject.value for quad in ox.parse(reply.body, format=form)} == {
        DOCUMENT.format(number) for number in range(4)
    }


def test_weights_may_begin_with_the_point(w3c: Live) -> None:
    """Java's clients write them so: what is named stands before what is not."""
    assert w3c.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml, */*; q=.2").media == "application/rdf+xml"


def test_who_asks_for_plain_xml_gets_it(w3c: Live) -> None:
    """Rows and truth in the SPARQL results format, graphs and the description in RDF/XML; by quality as all else."""
    rows = w3c.query("SELECT ?s { ?s ?p ?o }", "application/xml")
    assert (rows.status, rows.media) == (200, "application/xml")
    root = ElementTree.fromstring(rows.body)
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert len(root.findall(".//{*}result")) == 4
    assert b"<boolean>true</boolean>" in w3c.query("ASK {}", "application/xml").body
    for reply in (w3c.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/xml"), w3c.get("/sparql", "application/xml"),
                  w3c.get("/.well-known/void", "application/xml")):  # fmt: skip
        assert (reply.status, reply.media) == (200, "application/xml")
        assert len(list(ox.parse(reply.body, format=ox.RdfFormat.RDF_XML))) >= 4
    control = w3c.query("SELECT (1 AS ?n) ('a\\u0001' AS ?x) {}", "application/xml")
    assert "a\ufffd" in control.text
    assert w3c.query("ASK {}", "application/xml;q=0.5, text/csv").media == "application/xml"
    assert w3c.query("ASK {}", "application/*").media == "application/sparql-results+json"


def test_what_fits_no_wish_is_406(w3c: Live) -> None:
    """For each kind of answer, and for the description."""
    assert w3c.query("SELECT * { ?s ?p ?o }", "text/turtle").status == 406
    assert w3c.query("ASK {}", "text/csv").status == 406
    told = w3c.query("ASK {}", "text/csv").text
    assert "application/sparql-results+json, application/sparql-results+xml" in told
    assert "text/csv" not in told
    assert "text/turtle" in w3c.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/html").text
    assert w3c.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406
    assert w3c.get("/sparql", "image/png").status == 406


def test_a_syntax_error_shows_the_place(w3c: Live) -> None:
    """Line, column and caret, as plain text."""
    reply = w3c.query("SELECT *\nWHERE { ?s }")
    assert (reply.status, reply.media) == (400, "text/plain")
    found = re.search(r"line 2, column (\d+): .+\n  WHERE { \?s }\n( +)\^\n$", reply.text)
    assert found
    assert len(found[2]) == int(found[1]) + 1


def test_a_syntax_error_says_what_is_wrong(w3c: Live) -> None:
    """Without the parser's sets of characters, and with no more of a long line than what is around the place."""
    twice = w3c.query("SELECT ?s ?s { ?s ?p ?o }").text
    assert re.search(r"column \d+: Duplicated variable name in SELECT\n", twice)
    assert ": this prefix is not declared\n" in w3c.query("ASK { ?s nobody:knows ?o }").text
    unfinished = w3c.query("SELECT * { ?s ?p ?o }\nORDER BY").text
    assert "line 2, column 9: expected one of" in unfinished
    assert "[" not in unfinished
    long = w3c.query("ASK { " + "?s ?p ?o . " * 500 + "% " + "?s ?p ?o . " * 500 + "}").text
    line, caret = long.splitlines()[1:]
    assert len(line) < 300
    assert "%" in line[: len(caret)]


@pytest.mark.parametrize(
    "update", ["CLEAR ALL", "PREFIX e: <http://e/> INSERT DATA { e:a e:b e:c }", "load <http://e/>"]
)
def test_an_update_as_a_query_is_called_so(w3c: Live, update: str) -> None:
    """The parser of queries would only say that it expected another word."""
    reply = w3c.query(update)
    assert (reply.status, reply.text) == (400, "this is an update, and only queries are answered\n")


def test_a_query_from_a_file_may_begin_with_a_mark(w3c: Live) -> None:
    """The byte order mark that some editors write is no part of the query."""
    body, direct = "\ufeffASK {}".encode(), {"Content-Type": "application/sparql-query"}
    assert w3c.request("POST", "/sparql", body, direct).status == 200


@pytest.mark.parametrize(
    ("path", "allowed"), [("/sparql", "GET, HEAD, OPTIONS, POST"), ("/api/screen", "OPTIONS, POST")]
)
@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PUT", "PATCH"])
def test_other_methods_are_told_the_right_ones(live: Live, path: str, allowed: str, method: str) -> None:
    """Also methods that hardly anybody sends; the API tells it as JSON."""
    reply = live.request(method, path)
    assert (reply.status, reply.headers["allow"]) == (405, allowed)
    assert reply.media == ("application/problem+json" if path.startswith("/api/") else "text/plain")


def test_an_empty_query_is_called_so(w3c: Live) -> None:
    """By GET, by form and directly."""
    direct = w3c.request("POST", "/sparql", b" \n", {"Content-Type": "application/sparql-query"})
    form = w3c.request("POST", "/sparql", b"query=", {"Content-Type": "application/x-www-form-urlencoded"})
    for reply in (w3c.get("/sparql?query="), form, direct):
        assert (reply.status, reply.text) == (400, "the query is empty\n")


@pytest.mark.parametrize("path", ["/sparql", "/api/screen"])
def test_compressed_bodies_are_refused_as_such(live: Live, path: str) -> None:
    """They are not taken for text in another encoding."""
    media = "application/json" if path == "/api/screen" else "application/sparql-query"
    reply = live.request("POST", path, gzip.compress(b"ASK {}"), {"Content-Type": media, "Content-Encoding": "gzip"})
    assert (reply.status, reply.headers["accept-encoding"]) == (415, "identity")
    assert "gzip" in reply.text


def test_head_and_options(w3c: Live) -> None:
    """HEAD is GET without its body; OPTIONS tells the methods."""
    get = w3c.get("/sparql?query=ASK%7B%7D")
    head = w3c.request("HEAD", "/sparql?query=ASK%7B%7D")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", get.headers["etag"])
    assert head.headers["content-length"] == str(len(get.body))
    options = w3c.request("OPTIONS", "/sparql")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_an_answer_is_not_sent_twice(w3c: Live) -> None:
    """Its entity tag gives 304; another format or query has another tag; what depends on the moment is always run."""
    first = w3c.query("SELECT * { ?s ?p ?o }", "text/csv")
    tag = first.headers["etag"]
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o }"})
    for header in (tag, f'"other", W/{tag}', "*"):
        again = w3c.request("GET", path, headers={"Accept": "text/csv", "If-None-Match": header})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert w3c.query("SELECT * { ?s ?p ?o }", "application/json").headers["etag"] != tag
    chance = "SELECT (STRUUID() AS ?u) {}"
    assert w3c.query(chance).body != w3c.query(chance).body


@pytest.mark.parametrize("path", ["/sparql?query=" + quote("CONSTRUCT WHERE { ?s a ?o }"), "/sparql", "/reference.ttl",
                                  "/concept/LungCancer.html", "/static/pages.css", "/api/openapi.json"])  # fmt: skip
def test_who_takes_gzip_gets_it(live: Live, path: str) -> None:
    """The same content with a tag of its own, by GET and HEAD, again and again; a tag is good for its own form only."""
    plain = live.get(path)
    packed = [live.get(path, **{"Accept-Encoding": "br, gzip;q=.5"}) for _ in range(3)]
    assert {gzip.decompress(reply.body) for reply in packed} == {plain.body}
    assert {reply.headers["content-encoding"] for reply in packed} == {"gzip"}
    assert "content-encoding" not in plain.headers
    assert len(packed[0].body) < len(plain.body) / 2
    tag, other = packed[0].headers["etag"], plain.headers["etag"]
    assert tag != other
    head = live.request("HEAD", path, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
    assert (head.headers["etag"], head.headers["content-length"]) == (tag, str(len(packed[0].body)))
    assert all("accept-encoding" in reply.headers["vary"].lower() for reply in (plain, head, *packed))
    for asked, known, status in (("gzip", tag, 304), ("gzip", other, 200), ("identity", other, 304), ("br", tag, 200)):
        assert live.get(path, **{"Accept-Encoding": asked, "If-None-Match": known}).status == status


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip;q=0.0, *", "identity", "gzipped"])
def test_who_takes_no_gzip_gets_none(live: Live, accepted: str) -> None:
    """Nor is a short answer compressed for anybody."""
    assert "content-encoding" not in live.get("/concept/LungCancer.html", **{"Accept-Encoding": accepted}).headers
    assert "content-encoding" not in live.get("/sparql?query=ASK%7B%7D", **{"Accept-Encoding": "gzip"}).headers
