"""Turtle and TriG to be read and compared by people: our prefixes in our order, one object a line, type and name first.

>>> bone, rank = ox.NamedNode("http://example.org/Bone"), ox.NamedNode("http://example.org/rank")
>>> three = ox.Literal("3", datatype=ox.NamedNode(expand("xsd:integer")))
>>> print("".join(turtle([ox.Triple(bone, rank, three)], {"ex": "http://example.org/"})), end="")
@prefix ex: <http://example.org/> .
<BLANKLINE>
ex:Bone ex:rank 3 .

What comes in sorted by subject goes out a block a subject, so that writing holds one subject at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

import pyoxigraph as ox

from osteograph.ontology.namespaces import PREFIXES, expand

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_XSD = expand("xsd:")
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_TYPE = expand("rdf:type")
_FIRST = {_TYPE: 0, expand("rdfs:label"): 1, expand("obo:IAO_0000115"): 2}


class Names:
    """IRIs as prefixed names, literals in their short form. Namespaces end in ``/`` or ``#``."""

    def __init__(self, prefixes: Mapping[str, str] = PREFIXES) -> None:
        self.prefixes = prefixes
        self._by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
        self.iri = lru_cache(maxsize=10_000)(self._iri)  # a tenth of all IRIs makes nine tenths of a file
        self.place = lru_cache(maxsize=10_000)(self._place)

    def term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        """A term as Turtle writes it; a triple as an RDF 1.2 triple term."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.Triple):
            return f"<<( {self.term(term.subject)} {self.term(term.predicate)} {self.term(term.object)} )>>"
        return self.literal(term) if isinstance(term, ox.Literal) else str(term)

    def _iri(self, iri: str) -> str:
        local = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:local])
        return f"{prefix}:{iri[local:]}" if prefix is not None and _LOCAL.fullmatch(iri, local) else f"<{iri}>"

    def _place(self, predicate: str) -> tuple[int, str]:
        """Where a predicate stands among others."""
        return _FIRST.get(predicate, 3), self.iri(predicate)

    def literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        if datatype in _BARE and _BARE[datatype].fullmatch(literal.value):
            return literal.value
        words = str(literal)
        head, caret, _ = words.rpartition("^^")
        return f"{head}^^{self.iri(datatype)}" if caret and words.endswith(f"<{datatype}>") else words

    def header(self, comments: Iterable[str] = ()) -> str:
        return "".join(f"# {comment}\n" for comment in comments) + "".join(
            f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in self.prefixes.items()
        )


def turtle(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES, comments: Iterable[str] = ()
) -> Iterator[str]:
    """Triples that are sorted by subject, as Turtle, a block at a time."""
    names = Names(prefixes)
    yield names.header(comments)
    for _, group in groupby(triples, key=lambda triple: triple.subject):
        yield "\n" + _block(list(group), names, "")


def trig(
    quads: Iterable[ox.Quad], prefixes: Mapping[str, str] = PREFIXES, comments: Iterable[str] = ()
) -> Iterator[str]:
    """Quads that are sorted by graph and subject, as TriG, a block at a time; the default graph stands open."""
    names = Names(prefixes)
    yield names.header(comments)
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        named = not isinstance(graph, ox.DefaultGraph)
        yield f"\n{names.term(graph)} {{\n" if isinstance(graph, ox.NamedNode | ox.BlankNode) else "\n"
        for number, (_, group) in enumerate(groupby(members, key=lambda quad: quad.subject)):
            gap = "\n" if number else ""
            yield gap + _block([quad.triple for quad in group], names, "    " if named else "")
        yield "}\n" if named else ""


def _block(triples: list[ox.Triple], names: Names, margin: str) -> str:
    """All that is said of one subject: one predicate a line, several objects one below another."""
    by_predicate: dict[str, list[str]] = {}
    for _, predicate, obj in triples:
        by_predicate.setdefault(predicate.value, []).append(names.term(obj))
    ordered = sorted(by_predicate, key=names.place)
    parts = [_predicate(iri, sorted(set(by_predicate[iri])), names, margin) for iri in ordered]
    separator = f" ;\n{margin}    "
    return f"{margin}{names.term(triples[0].subject)} {separator.join(parts)} .\n"


def _predicate(iri: str, kept: list[str], names: Names, margin: str) -> str:
    """Types, or one object, stand behind the predicate; more stand below it, so that a difference is one line."""
    if iri == _TYPE:
        return f"a {' , '.join(kept)}"
    if len(kept) == 1:
        return f"{names.iri(iri)} {kept[0]}"
    line = f"\n{margin}        "
    return f"{names.iri(iri)}{line}" + f" ,{line}".join(kept)
