"""All export formats in one table: how the command line calls each, the files it writes, who defined it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from osteograph.ontology.errors import OsteographError

from ..export import FORMATS, chunks, quad_chunks, triple_chunks, write_aside
from .classes import class_view
from .kgx import EDGE_COLUMNS, NODE_COLUMNS, edges, json_lines, nodes, tsv
from .material import Material
from .nanopubs import nanopubs
from .networks import gexf, graphml
from .obo import obo, obo_graphs
from .rdf12 import ntriples12, turtle12
from .sssom import sssom
from .tables import TABLES, to_csv, to_parquet

Pieces = Iterator[str] | Iterator[bytes]
Writer = Callable[[Material], Pieces]


@dataclass(frozen=True)
class Export:
    """A format: its name, what it is, the document that defines it, its files with media type and writer."""

    name: str
    words: str
    standard: str
    files: Mapping[str, tuple[str, Writer]]


def _rdf(name: str) -> Writer:
    form = FORMATS[name]
    if form.keeps_graphs:
        return lambda material: quad_chunks(material.quads(), form)
    if name == "owl":
        return lambda material: chunks(list(material.quads()), form)
    return lambda material: triple_chunks(material.triples(), form)


def _one(name: str, words: str, standard: str, file: str, media_type: str, writer: Writer) -> Export:
    return Export(name, words, standard, {file: (media_type, writer)})


def _rdf_form(name: str, words: str, standard: str) -> Export:
    form = FORMATS[name]
    return _one(name, words, standard, form.file, form.media_type, _rdf(name))


def _table(name: str, kind: str) -> Writer:
    table = TABLES[name]
    return lambda material: to_csv(table(material)) if kind == "csv" else to_parquet(table(material))


_TABULAR = {
    kind: {f"osteograph_{name}.{kind}": (media_type, _table(name, kind)) for name in TABLES}
    for kind, media_type in (("csv", "text/csv"), ("parquet", "application/vnd.apache.parquet"))
}

EXPORTS: Mapping[str, Export] = {
    export.name: export
    for export in (
        _rdf_form("turtle", "the union of the graphs as Turtle", "https://www.w3.org/TR/turtle/"),
        _rdf_form("trig", "all named graphs as TriG", "https://www.w3.org/TR/trig/"),
        _rdf_form("nquads", "all named graphs as N-Quads; what the stores open", "https://www.w3.org/TR/n-quads/"),
        _rdf_form("ntriples", "the union of the graphs as N-Triples", "https://www.w3.org/TR/n-triples/"),
        _rdf_form("jsonld", "all named graphs as JSON-LD with a context", "https://www.w3.org/TR/json-ld11/"),
        _rdf_form("rdfxml", "the union of the graphs as RDF/XML", "https://www.w3.org/TR/rdf-syntax-grammar/"),
        _rdf_form("owl", "the ontology, OWL 2 DL, axioms annotated", "https://www.w3.org/TR/owl2-overview/"),
        _one(
            "classes", "concepts as classes, OWL 2 EL", "https://www.w3.org/TR/owl2-profiles/",
            "osteograph-classes.owl", "application/rdf+xml", lambda material: iter([class_view(material)]),
        ),
        _one(
            "obo", "the class view in OBO format 1.4", "https://owlcollab.github.io/oboformat/doc/obo-syntax.html",
            "osteograph.obo", "text/obo", obo,
        ),
        _one(
            "obographs", "the class view as OBO Graphs JSON", "https://github.com/geneontology/obographs",
            "osteograph-obographs.json", "application/json", obo_graphs,
        ),
        Export(
            "rdf12", "statements as reifiers of RDF 1.2", "https://www.w3.org/TR/rdf12-turtle/",
            {
                "osteograph-rdf12.ttl": ("text/turtle", turtle12),
                "osteograph-rdf12.nt": ("application/n-triples", ntriples12),
            },
        ),
        _one(
            "nanopubs", "a nanopublication for each statement, unsigned", "https://nanopub.net/guidelines/",
            "osteograph-nanopubs.trig", "application/trig", nanopubs,
        ),
        Export(
            "kgx", "nodes and edges of Biolink, TSV and JSON Lines", "https://github.com/biolink/kgx",
            {
                "osteograph_nodes.tsv": ("text/tab-separated-values", lambda m: tsv(nodes(m), NODE_COLUMNS)),
                "osteograph_edges.tsv": ("text/tab-separated-values", lambda m: tsv(edges(m), EDGE_COLUMNS)),
                "osteograph_nodes.jsonl": ("application/jsonl", lambda m: json_lines(nodes(m))),
                "osteograph_edges.jsonl": ("application/jsonl", lambda m: json_lines(edges(m))),
            },
        ),
        _one(
            "sssom", "mappings as an SSSOM table", "https://mapping-commons.github.io/sssom/",
            "osteograph.sssom.tsv", "text/tab-separated-values", sssom,
        ),
        _one(
            "graphml", "statements as a network, GraphML", "http://graphml.graphdrawing.org/",
            "osteograph.graphml", "application/graphml+xml", graphml,
        ),
        _one(
            "gexf", "statements as a network, GEXF", "https://gexf.net/",
            "osteograph.gexf", "application/gexf+xml", gexf,
        ),
        Export("csv", "tables", "https://www.rfc-editor.org/rfc/rfc4180", _TABULAR["csv"]),
        Export("parquet", "tables; needs pyarrow", "https://parquet.apache.org/docs/", _TABULAR["parquet"]),
    )
}  # fmt: skip
"""Every format by its name on the command line."""


def write_export(export: Export, material: Material, output: Path) -> list[Path]:
    """Write a format: to a file where it has one, else into a folder. Each file is written aside and renamed."""
    if len(export.files) == 1:
        ((_, writer),) = export.files.values()
        targets: Sequence[tuple[Path, Writer]] = [(output, writer)]
    else:
        if output.exists() and not output.is_dir():
            raise OsteographError(f"{export.name} has several files, and {output} is no folder; name one with --output")
        output.mkdir(parents=True, exist_ok=True)
        targets = [(output / name, writer) for name, (_, writer) in export.files.items()]
    for path, writer in targets:
        write_aside(path, as_bytes(writer(material)))
    return [path for path, _ in targets]


def as_bytes(pieces: Pieces) -> Iterator[bytes]:
    """Pieces of text or bytes as bytes in UTF-8."""
    return (piece.encode() if isinstance(piece, str) else piece for piece in pieces)
