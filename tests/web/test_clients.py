"""Clients that others wrote, unchanged: curl, SPARQLWrapper, rdflib, Comunica, Virtuoso, editors."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.queries.stores.remote import RemoteStore

from ..needs import lacking, need_program
from ..stores.servers import virtuoso
from .live import Live

PROLOGUE = "PREFIX bmo: <https://w3id.org/osteograph/schema/> PREFIX osteo: <https://w3id.org/osteograph/concept/> "
SITES = PROLOGUE + "SELECT ?site WHERE { osteo:LungCancer bmo:metastasizesTo ?site } ORDER BY ?site"


@pytest.fixture
def sites(oxigraph_store: OxigraphStore) -> list[str]:
    """What every client has to get."""
    answer = oxigraph_store.query(SITES)
    assert isinstance(answer, Solutions)
    found = [row["site"] for row in answer.dicts()]
    assert len(found) == 3
    return found


def test_curl(live: Live, sites: list[str]) -> None:
    """By GET and by form, in CSV."""
    curl = need_program("curl")
    for options in (["--get", "--data-urlencode"], ["--data-urlencode"]):
        command = [curl, "-sf", "-H", "Accept: text/csv", live.sparql, *options, f"query={SITES}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["site", *sites]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper(live: Live, sites: list[str], method: str, form: str) -> None:
    """Every result format by both methods."""
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(live.sparql)
    client.setQuery(SITES)
    client.setMethod(method)
    client.setReturnFormat(form)
    answer: Any = client.queryAndConvert()
    if form == "json":
        found = [row["site"]["value"] for row in answer["results"]["bindings"]]
    elif form == "xml":
        found = [node.firstChild.data for node in answer.getElementsByTagName("uri")]
    else:
        found = [line.strip("<>") for line in answer.decode().split()[1:]]
    assert found == sites


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(live: Live, sites: list[str], method: str) -> None:
    """rdflib's SPARQLStore: a query, the triples of a subject, a named graph, a CONSTRUCT."""
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(live.sparql, method=method, returnFormat="json"))
    assert [str(row[0]) for row in graph.query(SITES)] == sites  # type: ignore[index]
    cancer = rdflib.URIRef("https://w3id.org/osteograph/concept/LungCancer")
    assert "lung cancer" in {str(label) for label in graph.objects(cancer, rdflib.RDFS.label)}
    named = rdflib.Graph(
        SPARQLStore(live.sparql, method=method, context_aware=True),
        identifier="https://w3id.org/osteograph/graph/concepts",
    )
    assert len(list(named.objects(cancer, rdflib.RDFS.label))) == 1
    plain = rdflib.Graph(SPARQLStore(live.sparql, method=method))  # asks for XML, which graphs have too
    constructed = plain.query(PROLOGUE + "CONSTRUCT WHERE { osteo:LungCancer bmo:metastasizesTo ?s }").graph
    assert constructed is not None
    assert len(constructed) == 3


def test_our_own_remote_store(live: Live, sites: list[str]) -> None:
    """``osteograph ask --endpoint`` on our own server."""
    answer = RemoteStore(live.sparql).query(SITES)
    assert isinstance(answer, Solutions)
    assert [row["site"] for row in answer.dicts()] == sites


def test_comunica(live: Live, sites: list[str]) -> None:
    """Comunica's command line, which reads the service description first."""
    program = need_program("comunica-sparql")
    done = subprocess.run(
        [program, f"sparql@{live.sparql}", SITES, "-t", "application/sparql-results+json"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-500:]
    found = [row["site"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]]
    assert sorted(found) == sites


def test_virtuoso_calls_us_by_service(live: Live, sites: list[str], tmp_path: Path) -> None:
    """A federated query from Virtuoso, where its SPARQL user may use SERVICE."""
    curl = need_program("curl")
    with virtuoso(tmp_path) as server:
        store = server.holding(b"<urn:a> <urn:p> <urn:b> <urn:g> .\n")
        ini = (tmp_path / "virtuoso.ini").read_text()
        port = ini.partition("ServerPort = 127.0.0.1:")[2].partition("\n")[0]
        grant = (
            'GRANT SPARQL_SELECT_FED TO "SPARQL"; GRANT SELECT ON DB.DBA.SPARQL_SINV_2 TO "SPARQL"; '
            'GRANT EXECUTE ON DB.DBA.SPARQL_SINV_IMP TO "SPARQL";'
        )
        client = [need_program("isql-vt", "isql-v"), f"127.0.0.1:{port}", "dba", "dba", f"exec={grant}"]
        subprocess.run(client, capture_output=True, timeout=60, check=False)
        query = f"SELECT ?site WHERE {{ SERVICE <{live.sparql}> {{ <https://w3id.org/osteograph/concept/LungCancer> "
        query += "<https://w3id.org/osteograph/schema/metastasizesTo> ?site } }"
        done = subprocess.run(
            [
                curl,
                "-s",
                "-H",
                "Accept: text/csv",
                "--data-urlencode",
                f"query={query}",
                store.endpoint,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    if "SPARQL_SINV" in done.stdout or "privileges" in done.stdout:
        lacking(f"this Virtuoso lets nobody use SERVICE: {done.stdout[:200]}")
    assert sorted(line.strip('"') for line in done.stdout.split()[1:]) == sites


# What SPARQL editors ask an endpoint about itself


def select(live: Live, query: str) -> list[dict[str, str]]:
    reply = live.query(query, "application/sparql-results+json")
    assert reply.status == 200, reply.text
    return [
        {name: term["value"] for name, term in row.items()} for row in json.loads(reply.body)["results"]["bindings"]
    ]


def test_an_editor_finds_the_prefixes(live: Live) -> None:
    """``sh:declare`` with prefix and namespace."""
    rows = select(
        live,
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?prefix ?namespace "
        "WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix",
    )
    assert {"prefix": "bmo", "namespace": "https://w3id.org/osteograph/schema/"} in rows


def test_an_editor_finds_the_examples(live: Live) -> None:
    """``sh:SPARQLExecutable`` with comment and query; each is served."""
    rows = select(
        live,
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?comment ?query WHERE { ?q a sh:SPARQLExecutable ; "
        "<http://www.w3.org/2000/01/rdf-schema#comment> ?comment ; sh:select|sh:ask|sh:construct ?query . }",
    )
    assert len(rows) > 100
    for row in rows[::12]:
        assert live.query(row["query"]).status in (200, 403 if "SERVICE" in row["query"] else 200)


def test_an_editor_finds_classes_and_properties(live: Live) -> None:
    """From a graph by ``sd:graph`` to class partitions, property partitions, and what they lead to."""
    rows = select(
        live,
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#> "
        "SELECT DISTINCT ?class ?property ?n ?object ?datatype WHERE { ?graph sd:graph ?description . "
        "?description void:classPartition ?cp . ?cp void:class ?class ; void:propertyPartition ?pp . "
        "?pp void:property ?property ; void:triples ?n . "
        "OPTIONAL { ?pp void:classPartition/void:class ?object } "
        "OPTIONAL { ?pp <http://ldf.fi/void-ext#datatypePartition>/<http://ldf.fi/void-ext#datatype> ?datatype } }",
    )
    schema = "https://w3id.org/osteograph/schema/"
    found = {(r["class"], r["property"], r.get("object")) for r in rows}
    assert (schema + "Claim", schema + "restsOn", schema + "Passage") in found
    (states,) = [r["n"] for r in rows if r["property"] == schema + "states" and r.get("object") == schema + "Statement"]
    assert states == "734"  # every claim states one statement


def test_void_stands_where_it_is_looked_for(live: Live) -> None:
    """``/.well-known/void`` and the bare endpoint hold the same partitions."""
    counts = []
    for path in ("/.well-known/void", "/sparql"):
        reply = live.get(path, "application/n-triples")
        triples = list(ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES))
        counts.append(sum(quad.predicate.value == "http://rdfs.org/ns/void#propertyPartition" for quad in triples))
    assert counts[0] == counts[1] > 500


def test_the_address_in_the_description_is_the_one_that_was_called(live: Live) -> None:
    """By each name of this machine."""
    port = urlsplit(live.url).port
    reply = live.request("GET", "/sparql", headers={"Host": f"localhost:{port}", "Accept": "application/n-triples"})
    assert f"#endpoint> <http://localhost:{port}/sparql>" in reply.text
