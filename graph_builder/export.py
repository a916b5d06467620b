"""The graph in the formats of RDF: one function a selection, and the same bytes for the same graph.

================  ==============================================================================
``osteograph.nq``      N-Quads, all named graphs; what the stores open
``osteograph.trig``    the same, grouped and with prefixes
``osteograph.jsonld``  the same as JSON-LD
``osteograph.ttl``     the union of the graphs as Turtle
``osteograph.owl``     the ontology as RDF/XML: schema, concepts, statement nodes, plain and derived triples;
                       OWL 2 DL. The triple of a statement is an axiom annotated with the statement
================  ==============================================================================
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError
from osteograph.ontology.namespaces import GRAPH, ONTOLOGY, PREFIXES, RULE

from .exports.axioms import axiom_annotations, concluded, derived_statements, projections
from .exports.carries import loss
from .exports.jsonld import jsonld
from .exports.turtle import trig, turtle
from .terms import english, node, subject_order, within_subject

ONTOLOGY_GRAPHS = ("schema", "concepts", "statements", "asserted")


@dataclass(frozen=True)
class Format:
    """A format of the whole graph: how the command line calls it, its file, and whether it keeps named graphs."""

    name: str
    file: str
    media_type: str
    rdf_format: ox.RdfFormat
    keeps_graphs: bool


FORMATS = {
    form.name: form
    for form in (
        Format("turtle", "osteograph.ttl", "text/turtle", ox.RdfFormat.TURTLE, False),
        Format("trig", "osteograph.trig", "application/trig", ox.RdfFormat.TRIG, True),
        Format("nquads", "osteograph.nq", "application/n-quads", ox.RdfFormat.N_QUADS, True),
        Format("ntriples", "osteograph.nt", "application/n-triples", ox.RdfFormat.N_TRIPLES, False),
        Format("jsonld", "osteograph.jsonld", "application/ld+json", ox.RdfFormat.JSON_LD, True),
        Format("rdfxml", "osteograph.rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML, False),
        Format("owl", "osteograph.owl", "application/rdf+xml", ox.RdfFormat.RDF_XML, False),
    )
}
BUILT = ("turtle", "trig", "nquads", "jsonld", "owl")
"""The formats that a build writes; the others are made on request."""


def serialize(quads: Sequence[ox.Quad], form: Format) -> bytes:
    """The graph in one format, as UTF-8 bytes. ``quads`` come sorted."""
    return b"".join(chunks(quads, form))


def chunks(quads: Sequence[ox.Quad], form: Format) -> Iterator[bytes]:
    """The graph in one format, piece by piece. ``quads`` come sorted."""
    if form.keeps_graphs:
        return quad_chunks(quads, form)
    return triple_chunks(union(ontology_quads(quads) if form.name == "owl" else quads), form)


def quad_chunks(quads: Iterable[ox.Quad], form: Format) -> Iterator[bytes]:
    """Sorted quads in a format that keeps named graphs; one subject is held at a time."""
    written = {"trig": trig, "jsonld": jsonld}.get(form.name, _lines)
    return (piece.encode() for piece in written(quads))


def triple_chunks(triples: Iterable[ox.Triple], form: Format) -> Iterator[bytes]:
    """Triples, sorted by subject, in a format of triples."""
    if form.rdf_format == ox.RdfFormat.RDF_XML:
        return _rdf_xml(triples)
    written = turtle(triples, comments=_COMMENTS) if form.name == "turtle" else _lines(triples)
    return (piece.encode() for piece in written)


def _lines(statements: Iterable[ox.Quad] | Iterable[ox.Triple]) -> Iterator[str]:
    return (f"{statement} .\n" for statement in statements)


def _rdf_xml(triples: Iterable[ox.Triple]) -> Iterator[bytes]:
    """What stands between head and end of documents of some subjects each, between one head and one end."""

    def document(part: Iterable[ox.Triple]) -> bytes:
        return ox.serialize(part, format=ox.RdfFormat.RDF_XML, prefixes=dict(PREFIXES)) or b""

    head, *end = document(()).partition(b"</rdf:RDF>")
    subjects = (list(group) for _, group in groupby(triples, key=lambda triple: triple.subject))
    yield head
    while some := list(chain.from_iterable(islice(subjects, 500))):
        yield document(some)[len(head) : -len(b"".join(end))]
    yield b"".join(end)


_COMMENTS = (
    "osteograph, an evidence-backed knowledge graph of bone metastases. https://w3id.org/osteograph",
    "CC BY 4.0. Educational, not medical advice; reviewed by no clinician.",
    loss("turtle"),
)


def union(quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
    """The triples of all graphs, each once; our own subjects first, the terms of others after them."""
    by_subject: dict[str, set[ox.Triple]] = defaultdict(set)
    for quad in quads:
        by_subject[str(quad.subject)].add(quad.triple)
    for subject in sorted(by_subject, key=subject_order):
        yield from sorted(by_subject[subject], key=within_subject)


def ontology_quads(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """What the OWL file holds: no evidence, safety rules, mappings or description, and no note on the prefixes.

    Each plain triple that is the projection of a statement gets an axiom annotation with the IRI of the statement, and
    so does each derived triple between concepts that is a statement. What is derived of rule parts stays out with them.
    """
    graphs = {node(f"graph:{name}") for name in ONTOLOGY_GRAPHS}
    chosen = [quad for quad in quads if quad.graph_name in graphs]
    derived = [
        quad
        for quad in quads
        if quad.graph_name == node("graph:derived") and not str(quad.subject).startswith(f"<{RULE}")
    ]
    nodes = derived_statements(quads)
    words = ox.Quad(ox.NamedNode(ONTOLOGY), node("rdfs:comment"), english(loss("owl")), node("graph:schema"))
    annotations = [*axiom_annotations(projections(chosen)), *axiom_annotations(concluded(nodes), "derivations")]
    return [*chosen, *derived, *nodes, words, *annotations]


def graph_counts(quads: Iterable[ox.Quad]) -> dict[str, int]:
    """Triples by name of the graph."""
    counts: dict[str, int] = {}
    for quad in quads:
        name = str(quad.graph_name.value).removeprefix(GRAPH) if isinstance(quad.graph_name, ox.NamedNode) else ""
        counts[name] = counts.get(name, 0) + 1
    return counts


def write_aside(path: Path, data: bytes | Iterator[bytes]) -> None:
    """Write a file whole or not at all, at once or piece by piece: beside its place first, then by renaming."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}.", delete=False) as aside:
            try:
                aside.writelines([data] if isinstance(data, bytes) else data)
            except BaseException:
                os.unlink(aside.name)
                raise
        os.chmod(aside.name, 0o666 & ~current_umask())
        os.replace(aside.name, path)
    except OSError as error:
        raise OsteographError(f"cannot write {path}: {error}") from error


def current_umask() -> int:
    """The permissions that new files are not given."""
    current = os.umask(0)
    os.umask(current)
    return current
