"""The tiny dataset of the compliance suite, and how its answers are read."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from osteograph.queries.stores.base import Answer, Solutions

DATA = r"""
<http://e/lung> <http://e/spreadsTo> <http://e/bone> <http://e/first> .
<http://e/lung> <http://e/spreadsTo> <http://e/liver> <http://e/first> .
<http://e/breast> <http://e/spreadsTo> <http://e/bone> <http://e/first> .
<http://e/breast> <http://e/common> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> <http://e/first> .
<http://e/lung> <http://e/spreadsTo> <http://e/bone> <http://e/second> .
<http://e/lung> <http://e/percent> "35.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://e/second> .
<http://e/lung> <http://e/rank> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/second> .
<http://e/lung> <http://e/seen> "2016-01-27"^^<http://www.w3.org/2001/XMLSchema#date> <http://e/second> .
<http://e/lung> <http://e/name> "lung" <http://e/names> .
<http://e/lung> <http://e/name> "lung"@en <http://e/names> .
<http://e/lung> <http://e/name> "Lunge"@de <http://e/names> .
<http://e/lung> <http://e/name> "a \"quoted\" back\\slash,\ttab\nand line {brace}"@en <http://e/names> .
<http://e/breast> <http://e/name> "Brust"@de <http://e/names> .
<http://e/bone> <http://e/name> "кость \uD83E\uDDB4"@ru <http://e/names> .
<http://e/bone> <http://e/size> "1.0E1"^^<http://www.w3.org/2001/XMLSchema#double> <http://e/names> .
""".replace(r"\uD83E\uDDB4", "🦴").encode()

XSD = "http://www.w3.org/2001/XMLSchema#"


def engine(request: pytest.FixtureRequest) -> str:
    """The engine that answers this test, in process or behind an endpoint: oxigraph, rdflib or virtuoso."""
    name: str = request.node.callspec.params["store"]
    return name.removesuffix("_serve")


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


def typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def rows(answer: Answer) -> list[tuple[object, ...]]:
    """The rows of a SELECT."""
    assert isinstance(answer, Solutions)
    return list(answer.rows)


def column(answer: Answer) -> list[object]:
    """The one column of a SELECT."""
    return [term for (term,) in rows(answer)]
