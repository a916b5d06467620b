"""The VoID partitions of the graph: which classes there are, with which properties, and what those lead to.

Editors complete queries from them. They are laid out as SIB's editor reads them: from a graph by ``sd:graph`` to its
description, from there by ``void:classPartition`` to classes, by ``void:propertyPartition`` to properties, and on by
``void:classPartition`` or ``void-ext:datatypePartition`` to what stands at the other end. Only things of our own
classes are counted, over the union of all graphs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, expand, shorten

from .terms import Graph, integer

VOID_EXT = "http://ldf.fi/void-ext#"
_TYPE = ox.NamedNode(expand("rdf:type"))
_DATASET = ox.NamedNode(expand("void:Dataset"))  # what every partition is
Node = ox.NamedNode


Kinds = frozenset[Node]
Shape = tuple[Kinds, Node, "Kinds | Node"]
"""The classes of a subject, a predicate, and the classes or the datatype of an object."""


def partition_quads(graph: Graph, dataset: Node, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The partitions of the union of the quads, as descriptions of ``dataset``."""
    triples = {quad.triple for quad in quads}
    kinds = _kinds(triples)
    shapes = _shapes(triples, kinds)
    sizes = Counter(name for names in kinds.values() for name in names)
    yield graph.quad(dataset, "sd:graph", dataset)
    yield graph.quad(dataset, "void:classes", integer(len(sizes)))
    yield graph.quad(dataset, "void:properties", integer(len({predicate for _, predicate, _ in shapes})))
    for name, size in sizes.items():
        part = _part(dataset, "class", name)
        yield graph.quad(part, "rdf:type", _DATASET)
        yield graph.quad(dataset, "void:classPartition", part)
        yield graph.quad(part, "void:class", name)
        yield graph.quad(part, "void:entities", integer(size))
    uses, ends = _uses(shapes)
    for (name, predicate), size in uses.items():
        part = _part(_part(dataset, "class", name), "property", predicate)
        yield graph.quad(_part(dataset, "class", name), "void:propertyPartition", part)
        yield graph.quad(part, "rdf:type", _DATASET)
        yield graph.quad(part, "void:property", predicate)
        yield graph.quad(part, "void:triples", integer(size))
        yield from _ends(graph, part, ends[name, predicate])


def _kinds(triples: Iterable[ox.Triple]) -> dict[object, Kinds]:
    """Our own classes of each thing that has some; things of the same classes share one set, which is hashed once."""
    found: dict[object, list[Node]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.object, Node) and triple.object.value.startswith(BASE):
            found[triple.subject].append(triple.object)
    shared: dict[Kinds, Kinds] = {}
    return {thing: shared.setdefault(kinds := frozenset(names), kinds) for thing, names in found.items()}


def _shapes(triples: Iterable[ox.Triple], kinds: dict[object, Kinds]) -> Counter[Shape]:
    """How many triples there are of each shape, which are few."""
    none: Kinds = frozenset()
    return Counter(
        (kinds.get(s, none), p, o.datatype if isinstance(o, ox.Literal) else kinds.get(o, none)) for s, p, o in triples
    )


Uses = Counter[tuple[Node, Node]]
Ends = dict[tuple[Node, Node], Counter[tuple[str, Node]]]


def _uses(shapes: Counter[Shape]) -> tuple[Uses, Ends]:
    """How often things of a class have a property, and classes and datatypes of the values."""
    uses: Uses = Counter()
    ends: Ends = defaultdict(Counter)
    for (names, predicate, reached), size in shapes.items():
        for name in names:
            uses[name, predicate] += size
            if isinstance(reached, Node):
                ends[name, predicate]["datatype", reached] += size
                continue
            for end in reached:
                ends[name, predicate]["class", end] += size
    return uses, ends


def _ends(graph: Graph, part: Node, ends: Counter[tuple[str, Node]]) -> Iterator[ox.Quad]:
    for (kind, name), size in ends.items():
        end = _part(part, kind, name)
        yield graph.quad(end, "rdf:type", _DATASET)
        if kind == "class":
            yield graph.quad(part, "void:classPartition", end)
            yield graph.quad(end, "void:class", name)
        else:
            yield ox.Quad(part, Node(VOID_EXT + "datatypePartition"), end, graph.name)
            yield ox.Quad(end, Node(VOID_EXT + "datatype"), name, graph.name)
        yield graph.quad(end, "void:triples", integer(size))


def _part(whole: Node, kind: str, name: Node) -> Node:
    """The IRI of a partition: that of the whole, with the name of what it is cut out by."""
    return Node(f"{whole.value}/{kind}/" + re.sub(r"[^A-Za-z0-9._-]+", "-", shorten(name.value)))
