"""SPARQL text cut into tokens, for the two things that must not be done with string replacement: guarding and binding.

>>> refuse_outside_access("SELECT * WHERE { ?s rdfs:label 'SERVICE' } # SERVICE")
>>> refuse_outside_access("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }")
Traceback (most recent call last):
    ...
osteograph.ontology.errors.QueryRefused: SERVICE is not allowed: a query may not reach other endpoints
>>> bind("SELECT * { ?s ?p ?_x } # ?_x", {"_x": ox.Literal('" } #')})
'SELECT * { ?s ?p "\\\\" } #" } # ?_x'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, QueryRefused

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
      \#[^\r\n]*                                          # comment
    | '''(?:[^'\\]|\\.|'(?!''))*''' | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
    | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*"       # strings
    | <[^<>"{}|^`\\\x00-\x20]*>                           # IRI
    | [?$](?P<variable>\w+) | @[A-Za-z-]+                 # variable, language tag
    | [\w.\-%\\]*:[\w.\-%\\:]*                            # prefixed name
    | (?P<word>[A-Za-z_]\w*)                              # keyword or function
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=256)
def refuse_outside_access(sparql: str) -> None:
    """Raise QueryRefused where the query calls another service.

    The word in a string, a comment, an IRI or a prefixed name does no harm; spelled with ``\\u`` escapes it is found.
    """
    unescaped = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)
    words = {match["word"].upper() for match in _TOKEN.finditer(unescaped) if match["word"]}
    if "SERVICE" in words:
        raise QueryRefused("SERVICE is not allowed: a query may not reach other endpoints")


def bind(sparql: str, bindings: Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
    """The query with variables replaced by terms, wherever they stand as variables.

    The terms are written by the RDF library, so that no value can end a string or an IRI early. Engines bind variables
    each in their own way (projected ones only, not inside sub-selects); a term in the text means the same to all.
    """
    if any(isinstance(term, ox.BlankNode) for term in bindings.values()):
        raise BadParameter("a blank node cannot be bound: in a query it is a variable")

    def replace(match: re.Match[str]) -> str:
        term = bindings.get(match["variable"] or "")
        return match[0] if term is None else str(term)

    return _TOKEN.sub(replace, sparql) if bindings else sparql
