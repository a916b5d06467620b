"""SPARQL 1.1 Query Results in CSV, TSV, JSON and XML, as the running server sends them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import hypothesis.strategies as st
import pyoxigraph as ox
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from ..conftest import ROOT
from .live import Live, Reply, serving, write_build

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "tests/data/sparql-results.yaml").read_text("utf-8"))
CASES: dict[str, dict[str, Any]] = DOCUMENT["cases"]
PROLOGUE = "PREFIX : <http://example.org/> "
MEDIA = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}
SPACE = "{http://www.w3.org/2005/sparql-results#}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The data of the cases, served."""
    triples = ox.parse(DOCUMENT["data"].encode(), format=ox.RdfFormat.TURTLE)
    quads = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("http://example.org/g")) for q in triples]
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    folder = write_build(tmp_path_factory.mktemp("results") / "graph", data)
    with serving(folder, "--quiet", "--workers", "1") as server:
        yield server


def ask(server: Live, query: str, form: str) -> Reply:
    reply = server.query(PROLOGUE + query, MEDIA[form])
    assert (reply.status, reply.media) == (200, MEDIA[form]), reply.text
    return reply


def having(form: str) -> list[str]:
    return [name for name, case in CASES.items() if form in case]


@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("name", having("csv"))
def test_lines_are_as_they_should_be(small: Live, name: str, form: str) -> None:
    """To the byte: header, quotes, line ends, empty and unbound values."""
    wanted = CASES[name][form].replace("{crlf}", "\r\n").replace("{nl}", "\n").replace("{tab}", "\t")
    assert ask(small, CASES[name]["query"], form).text == wanted


@pytest.mark.parametrize("name", having("json"))
def test_json_bindings(small: Live, name: str) -> None:
    """Head with all variables in order, bindings with type, value, language or datatype; unbound ones left out."""
    found = json.loads(ask(small, CASES[name]["query"], "json").body)
    projected = re.findall(r"\?(\w+)", CASES[name]["query"].partition("{")[0])
    assert found["head"]["vars"] == projected
    assert found["results"]["bindings"] == CASES[name]["json"]


def xml_rows(text: bytes) -> list[dict[str, list[str | None]]]:
    """Rows by variable: kind of term, value, and language or datatype if there is one."""
    rows = []
    for result in ElementTree.fromstring(text).iter(SPACE + "result"):
        row: dict[str, list[str | None]] = {}
        for binding in result:
            (term,) = binding
            note = term.get("{http://www.w3.org/XML/1998/namespace}lang") or term.get("datatype")
            row[binding.get("name") or ""] = [term.tag.removeprefix(SPACE), term.text or "", *([note] if note else [])]
        rows.append(row)
    return rows


@pytest.mark.parametrize("name", having("xml"))
def test_xml_bindings(small: Live, name: str) -> None:
    """The same in XML, with the variables in the head."""
    body = ask(small, CASES[name]["query"], "xml").body
    assert xml_rows(body) == CASES[name]["xml"]
    names = [variable.get("name") for variable in ElementTree.fromstring(body).iter(SPACE + "variable")]
    assert names == re.findall(r"\?(\w+)", CASES[name]["query"].partition("{")[0])


@pytest.mark.parametrize("name", having("boolean"))
def test_truth_values(small: Live, name: str) -> None:
    """ASK in JSON and in XML."""
    case = CASES[name]
    assert json.loads(ask(small, case["query"], "json").body)["boolean"] is case["boolean"]
    (value,) = ElementTree.fromstring(ask(small, case["query"], "xml").body).iter(SPACE + "boolean")
    assert value.text == str(case["boolean"]).lower()


def test_one_blank_node_is_one_in_an_answer(small: Live) -> None:
    """The same label for the same node, and nothing but a blank node, in every format."""
    query = CASES["blank_nodes"]["query"]
    row = json.loads(ask(small, query, "json").body)["results"]["bindings"][0]
    assert row["b"] == row["same"]
    assert row["b"]["type"] == "bnode"
    (xml,) = xml_rows(ask(small, query, "xml").body)
    assert xml["b"] == xml["same"]
    assert xml["b"][0] == "bnode"
    for form, mark in (("csv", ","), ("tsv", "\t")):
        one, same = ask(small, query, form).text.splitlines()[1].split(mark)
        assert one == same
        assert one.startswith("_:")


def test_what_xml_cannot_hold_is_replaced(small: Live) -> None:
    """Control characters would make a document that no parser reads; a carriage return would become a line feed."""
    words = '"a\\u0001b\\u000Bc\\uFFFEd\\re\\nf&<"'
    found = xml_rows(ask(small, f"SELECT ?x {{ VALUES ?x {{ {words} }} }}", "xml").body)
    assert found == [{"x": ["literal", "a\ufffdb\ufffdc\ufffdd\re\nf&<"]}]
    graph = small.query(f"CONSTRUCT {{ <urn:s> <urn:p> {words} }} {{}}", "application/rdf+xml")
    (value,) = ElementTree.fromstring(graph.body).iter("{urn:}p")
    assert value.text == "a\ufffdb\ufffdc\ufffdd\re\nf&<"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t,\"'<>&\\"))
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    TEXT.map(lambda text: ox.Literal(text, language="en")),
    TEXT.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://example.org/kind"))),
    st.integers(-(10**15), 10**15).map(ox.Literal),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LITERALS, min_size=1, max_size=4))
def test_any_literal_comes_back(small: Live, terms: list[ox.Literal]) -> None:
    """Whatever a text holds: the same terms from JSON, XML and TSV, the same strings from CSV."""
    query = f"SELECT ?x {{ VALUES ?x {{ {' '.join(map(str, terms))} }} }}"
    headers = {"Content-Type": "application/sparql-query"}
    for form, media in MEDIA.items():
        reply = small.request("POST", "/sparql", query.encode(), {**headers, "Accept": media})
        assert reply.status == 200, reply.text
        if form == "csv":
            rows = list(csv.reader(io.StringIO(reply.text, newline="")))[1:]
            assert [row[0] if row else "" for row in rows] == [term.value for term in terms]
        else:
            read = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.from_media_type(media))
            assert isinstance(read, ox.QuerySolutions)
            assert [row["x"] for row in read] == terms


@pytest.mark.parametrize("shift", range(3))
def test_what_xml_cannot_hold_is_replaced_wherever_a_piece_ends(small: Live, shift: int) -> None:
    """A large value of nothing else, so that pieces of the answer end within characters."""
    query = f"SELECT ?x {{ BIND(CONCAT('{'a' * shift}', REPLACE('{'x' * 50_000}', 'x', '\ufffe')) AS ?x) }}"
    reply = small.request("POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query", "Accept": MEDIA["xml"]})  # fmt: skip  # noqa: E501
    assert xml_rows(reply.body)[0]["x"][1] == "a" * shift + "\ufffd" * 50_000
