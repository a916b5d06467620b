"""Answers in the SPARQL Query Results XML Format; a module of its own, since few answers need what it loads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from .stores.base import Solutions, Term

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 has no such characters


def solutions_as_xml(solutions: Solutions) -> str:
    """Rows with their terms."""
    results = "".join(
        "<result>"
        + "".join(
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(solutions.variables, row, strict=True)
            if term is not None
        )
        + "</result>\n"
        for row in solutions.rows
    )
    return xml_document(solutions.variables, f"<results>\n{results}</results>")


def xml_document(variables: Sequence[str], body: str) -> str:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    namespace = "http://www.w3.org/2005/sparql-results#"
    return f'<?xml version="1.0"?>\n<sparql xmlns="{namespace}">\n<head>{head}</head>\n{body}\n</sparql>\n'


def _xml_term(term: Term) -> str:
    words = escape(_NOT_XML.sub("\ufffd", term.value)).replace("\r", "&#13;")
    if isinstance(term, ox.NamedNode):
        return f"<uri>{words}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{words}</bnode>"
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{words}</literal>"
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return f"<literal>{words}</literal>"
    return f"<literal datatype={quoteattr(term.datatype.value)}>{words}</literal>"
