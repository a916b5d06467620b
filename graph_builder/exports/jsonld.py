"""JSON-LD in plain words: a context made from the schema, one node a line, named graphs kept. Nothing is fetched.

The context stands in the file itself. It gives each property of ours its bare name (``subject``, ``kindOf``), says
which of them lead to nodes, and of which datatype literals are; what comes from other vocabularies keeps its prefix.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.namespaces import PREFIXES, SCHEMA, expand, shorten
from osteograph.ontology.schema import Schema, load_schema

_encode = json.JSONEncoder(ensure_ascii=False).encode
_TYPE = expand("rdf:type")
_FIRST = {"@type": 0, "label": 1, "definition": 2}
_STRING = expand("xsd:string")
_SPECIAL = {
    "label": {"@id": "rdfs:label", "@language": "en"},
    "definition": {"@id": "obo:IAO_0000115", "@language": "en"},
    "exactMatch": {"@id": "skos:exactMatch", "@type": "@id"},
    "closeMatch": {"@id": "skos:closeMatch", "@type": "@id"},
    "broadMatch": {"@id": "skos:broadMatch", "@type": "@id"},
    "narrowMatch": {"@id": "skos:narrowMatch", "@type": "@id"},
    "subClassOf": {"@id": "rdfs:subClassOf", "@type": "@id"},
    "subPropertyOf": {"@id": "rdfs:subPropertyOf", "@type": "@id"},
}


def context(schema: Schema | None = None) -> dict[str, Any]:
    """The JSON-LD context: prefixes, then a term for each property of ours, typed as the schema says."""
    terms: dict[str, Any] = {}
    for prop in (schema or load_schema()).properties.values():
        if prop.iri.startswith(SCHEMA):
            terms[prop.name] = _term(prop.iri, prop.kind, prop.range)
    return dict(PREFIXES) | _SPECIAL | dict(sorted(terms.items()))


def _term(iri: str, kind: str, ranges: tuple[str, ...]) -> dict[str, str]:
    definition = {"@id": shorten(iri)}
    literal = any(name.startswith("xsd:") or name in ("rdf:langString", "rdfs:Literal") for name in ranges)
    if kind == "object" or (kind == "annotation" and not literal):
        return definition | {"@type": "@id"}
    if ranges == ("rdf:langString",):
        return definition | {"@language": "en"}
    if len(ranges) == 1 and ranges[0].startswith("xsd:") and ranges[0] != "xsd:string":
        return definition | {"@type": ranges[0]}
    return definition


def jsonld(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """Quads that are sorted by graph and subject, as JSON-LD, a node at a time."""
    writer = _Writer(context())
    terms = ",\n ".join(f"{json.dumps(term)}: {json.dumps(value)}" for term, value in writer.context.items())
    yield f'{{\n"@context": {{\n {terms}\n}},\n"@graph": ['
    for number, (graph, members) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        name = json.dumps(writer.reference(graph)) if isinstance(graph, ox.NamedNode) else None
        yield ("," if number else "") + (f'\n{{"@id": {name}, "@graph": [' if name else "\n")
        for place, (_, group) in enumerate(groupby(members, key=lambda quad: quad.subject)):
            node = writer.node([quad.triple for quad in group])
            yield (",\n " if place else "\n ") + _encode(node)
        yield "\n]}" if name else ""
    yield "\n]}\n"


class _Writer:
    """Turns subjects into node objects under the context."""

    def __init__(self, terms: dict[str, Any]) -> None:
        self.context = terms
        self._by_iri = {expand(value["@id"]): (term, value) for term, value in terms.items() if isinstance(value, dict)}

    def reference(self, term: ox.NamedNode | ox.BlankNode) -> str:
        return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def node(self, triples: list[ox.Triple]) -> dict[str, Any]:
        subject = triples[0].subject
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        node: dict[str, Any] = {"@id": self.reference(subject)}
        values: dict[str, list[Any]] = {}
        for _, predicate, obj in triples:
            key, value = self._pair(predicate.value, obj)
            values.setdefault(key, []).append(value)
        for key in sorted(values, key=lambda key: (_FIRST.get(key, 3), key)):
            found = values[key]
            node[key] = found[0] if len(found) == 1 else sorted(found, key=_encode)
        return node

    def _pair(self, iri: str, obj: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, Any]:
        if iri == _TYPE and isinstance(obj, ox.NamedNode):
            return "@type", self.reference(obj)
        term, definition = self._by_iri.get(iri) or (shorten(iri), {})
        if isinstance(obj, ox.Literal):
            return term, _literal(obj, definition)
        assert isinstance(obj, ox.NamedNode | ox.BlankNode)
        reference = self.reference(obj)
        return term, reference if definition.get("@type") == "@id" else {"@id": reference}


def _literal(literal: ox.Literal, definition: dict[str, str]) -> Any:
    """A literal as short as the term of its property allows, else as a value object that says everything."""
    if literal.language:
        plain = definition.get("@language") == literal.language
        return literal.value if plain else {"@value": literal.value, "@language": literal.language}
    datatype = literal.datatype.value
    if "@type" in definition and definition["@type"] != "@id" and expand(definition["@type"]) == datatype:
        return literal.value
    if datatype == _STRING:
        return literal.value if not {"@language", "@type"} & set(definition) else {"@value": literal.value}
    return {"@value": literal.value, "@type": shorten(datatype)}
