"""Answers as text: a table for people, and the W3C's result formats for programs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import PREFIXES, shorten

from .stores.base import Answer, Solutions, Term

_GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
TABLE_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")
FORMATS = (*TABLE_FORMATS, *_GRAPH_FORMATS)


def render(answer: Answer, form: str = "table") -> str:
    """An answer in a format; ``table`` shows triples as Turtle. Ends in a line feed.

    >>> render(Solutions(("n",), ((ox.Literal("a\\tb"),),)), "tsv")
    '?n\\n"a\\\\tb"\\n'
    """
    if form not in FORMATS:
        raise BadParameter(f"no format is called {form!r}; there are {', '.join(FORMATS)}")
    if form in _GRAPH_FORMATS and not isinstance(answer, tuple):
        raise BadParameter(f"{form} is for graphs; rows can be had as {', '.join(TABLE_FORMATS)}")
    if isinstance(answer, tuple):
        return _triples(answer, "turtle" if form in TABLE_FORMATS else form)
    if isinstance(answer, bool):
        return _boolean(answer, form)
    if form == "xml":
        from .results_xml import solutions_as_xml

        return solutions_as_xml(answer)
    writers = {"csv": _csv, "tsv": _tsv, "json": _json, "markdown": _markdown}
    return writers.get(form, _table)(answer)


def _triples(triples: Sequence[ox.Triple], form: str) -> str:
    data = ox.serialize(triples, format=_GRAPH_FORMATS[form], prefixes=dict(PREFIXES))
    return (data or b"").decode()


def _boolean(value: bool, form: str) -> str:
    word = "true" if value else "false"
    if form == "json":
        return f'{{"head": {{}}, "boolean": {word}}}\n'
    if form == "xml":
        from .results_xml import xml_document

        return xml_document((), f"<boolean>{word}</boolean>")
    return word + "\n"


def _csv(solutions: Solutions) -> str:
    """SPARQL 1.1 CSV: values without their types, line ends CR LF."""

    def cell(term: Term | None) -> str:
        value = "" if term is None else f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value
        return '"' + value.replace('"', '""') + '"' if re.search(r'[",\r\n]', value) else value

    rows = [solutions.variables, *(tuple(map(cell, row)) for row in solutions.rows)]
    return "".join(",".join(row) + "\r\n" for row in rows)


def _tsv(solutions: Solutions) -> str:
    """SPARQL 1.1 TSV: whole terms in Turtle syntax."""

    def cell(term: Term | None) -> str:
        return "" if term is None else str(term).replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

    rows = [tuple(f"?{name}" for name in solutions.variables), *(tuple(map(cell, row)) for row in solutions.rows)]
    return "".join("\t".join(row) + "\n" for row in rows)


def _json(solutions: Solutions) -> str:
    """SPARQL 1.1 Query Results JSON."""
    import json

    bindings = [
        {name: _json_term(term) for name, term in zip(solutions.variables, row, strict=True) if term is not None}
        for row in solutions.rows
    ]
    document = {"head": {"vars": list(solutions.variables)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def plain(term: Term | None) -> str:
    """A term for people: IRIs as CURIEs, literals by their value, control characters as blanks."""
    if term is None:
        return ""
    words = shorten(term.value) if isinstance(term, ox.NamedNode) else term.value
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", words)


def _markdown(solutions: Solutions) -> str:
    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |\n"

    body = "".join(row([plain(term) for term in line]) for line in solutions.rows)
    return row(solutions.variables) + row(["---"] * len(solutions.variables)) + body


def _table(solutions: Solutions) -> str:
    """Aligned columns; a column that is empty throughout is left out."""
    cells = [[plain(term) for term in row] for row in solutions.rows]
    kept = [index for index in range(len(solutions.variables)) if not cells or any(row[index] for row in cells)]
    header = [solutions.variables[index].replace("_", " ") for index in kept]
    body = [[row[index] for index in kept] for row in cells]
    widths = [max(map(len, column)) for column in zip(header, *body, strict=True)]

    def line(row: Sequence[str]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"

    count = len(cells)
    footer = f"({count} row{'' if count == 1 else 's'})\n"
    return line(header) + line(["─" * width for width in widths]) + "".join(map(line, body)) + footer
