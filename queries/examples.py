"""The questions as SIB's SPARQL examples: ``sh:SPARQLExecutable`` descriptions that editors find in the graph itself.

A question with parameters is shown with their default values bound, so that every example runs as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, expand

from .catalog import Question
from .stores.base import Term
from .stores.tokens import bind

ENDPOINT = BASE + "sparql"
PREFIXES_NODE = BASE + "sparql-examples-prefixes"
_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
_SERVICE = re.compile(r"^\s*SERVICE\s+(?:SILENT\s+)?<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_FORMS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "DESCRIBE": (_SPEX + "SPARQLDescribeExecutable", _SPEX + "describe"),
}


def query_form(sparql: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE: the first of these words at the head of a line."""
    match = re.search(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", sparql, re.MULTILINE | re.IGNORECASE)
    if not match:
        raise ValueError("the query has no form at the head of a line")
    return match[1].upper()


def services_of(sparql: str) -> list[str]:
    """The endpoints that a query asks besides the one it is sent to: each SERVICE at the head of a line.

    >>> services_of("SELECT * {\\n  SERVICE <http://other/sparql> { ?s ?p ?o }\\n}")
    ['http://other/sparql']
    """
    return sorted(set(_SERVICE.findall(sparql)))


def runnable(question: Question) -> str:
    """The query of a question with its default values bound and without its header."""
    values: dict[str, Term] = {}
    for parameter in question.parameters:
        if parameter.default:
            make = ox.NamedNode if parameter.type == "iri" else ox.Literal
            values[parameter.variable] = make(parameter.default)
    body = "\n".join(line for line in question.sparql.splitlines() if not line.startswith("#+"))
    return bind(body, values) + "\n"


def example_triples(question: Question) -> Iterator[ox.Triple]:
    """The description of one question."""
    iri = ox.NamedNode(f"{ENDPOINT}/.well-known/sparql-examples/{question.name}")
    kind, text = _FORMS[query_form(question.sparql)]
    yield ox.Triple(iri, _node("rdf:type"), _node("sh:SPARQLExecutable"))
    yield ox.Triple(iri, _node("rdf:type"), _node(kind))
    yield ox.Triple(iri, _node("rdfs:label"), ox.Literal(question.summary, language="en"))
    yield ox.Triple(iri, _node("rdfs:comment"), ox.Literal(f"{question.summary} {question.description}", language="en"))
    yield ox.Triple(iri, _node("schema:target"), ox.NamedNode(ENDPOINT))
    yield ox.Triple(iri, _node("sh:prefixes"), ox.NamedNode(PREFIXES_NODE))
    yield ox.Triple(iri, _node(text), ox.Literal(runnable(question)))
    for endpoint in services_of(question.sparql):
        yield ox.Triple(iri, _node(_SPEX + "federatesWith"), ox.NamedNode(endpoint))
    for tag in question.tags:
        yield ox.Triple(iri, _node("schema:keywords"), ox.Literal(tag))


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if name.startswith("http") else expand(name))
