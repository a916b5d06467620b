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
from collections.abc import Callable, Mapping
from functools import lru_cache

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, QueryRefused
from osteograph.ontology.namespaces import PREFIXES

from .base import Bindings, Term

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
      \#[^\r\n]*                                          # comment
    | '''(?:[^'\\]|\\.|'(?!''))*''' | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
    | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*"       # strings
    | <[^<>"{}|^`\\\x00-\x20]*>                           # IRI
    | [?$](?P<variable>\w+) | @[A-Za-z-]+                 # variable, language tag
    | (?P<prefix>[\w.\-]*):(?:[\w.\-%:]|\\.)*             # prefixed name
    | (?P<word>[\w.\-]+)                                 # keyword, function or number, also several run together
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


_BACKSLASH_U = re.compile(r"(?<!\\)((?:\\\\)+)([uU])")  # escaped backslashes, then the letter


def _words(text: str) -> set[str]:
    """What an engine may read as a keyword: words, and what stands before the colon of a prefixed name."""
    found = (match["word"] or match["prefix"] for match in _TOKEN.finditer(text))
    return {word.upper() for word in found if word}


@lru_cache(maxsize=256)
def refuse_outside_access(sparql: str) -> None:
    """Raise QueryRefused where the query calls another service, or might be read so.

    The word in a string, a comment, an IRI or a local name does no harm. Engines differ in when they resolve ``\\u``
    escapes and whether keywords may run together, so the text is looked at both ways, and any word that holds the
    letters is refused.
    """
    unescaped = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)
    if "SERVICE" not in (sparql + unescaped).upper():
        return  # most queries: no need to cut them into tokens
    if any("SERVICE" in word for text in (sparql, unescaped) for word in _words(text)):
        raise QueryRefused("SERVICE is not allowed: a query may not reach other endpoints")


def calls_services(sparql: str) -> bool:
    """Whether the query calls another service, or might be read so."""
    try:
        refuse_outside_access(sparql)
    except QueryRefused:
        return True
    return False


def redirect_services(sparql: str, stand_in: Callable[[str], str]) -> str:
    """The query with each SERVICE sent to what ``stand_in`` gives for its IRI.

    Raises QueryRefused where a service is named by anything but a plain IRI, or where the query might be read to call
    one in another way; ``stand_in`` may raise it too.

    >>> redirect_services("ASK { SERVICE SILENT <http://e/> { ?s ?p 'SERVICE' } }", lambda iri: iri + "gate")
    "ASK { SERVICE SILENT <http://e/gate> { ?s ?p 'SERVICE' } }"
    """
    tokens = [m for m in _TOKEN.finditer(sparql) if not m[0].isspace() and not m[0].startswith("#")]
    words = [(match["word"] or "").upper() for match in tokens]
    rewritten, rest, done = "", "", 0
    for i in (i for i, word in enumerate(words) if word == "SERVICE"):
        target = tokens[i + 1 + (words[i + 1 : i + 2] == ["SILENT"]) :][:1]
        iri = target[0][0] if target else ""
        if not re.fullmatch("<[A-Za-z][A-Za-z0-9+.-]*:[^>]*>", iri):
            raise QueryRefused(f"SERVICE takes the whole IRI of an endpoint in angle brackets, not {iri[:60]!r}")
        rewritten += f"{sparql[done : target[0].start()]}<{stand_in(iri[1:-1])}>"
        rest += f"{sparql[done : tokens[i].start()]} {sparql[tokens[i].end() : target[0].end()]}"
        done = target[0].end()
    refuse_outside_access(rest + sparql[done:])
    return rewritten + sparql[done:]


@lru_cache(maxsize=256)
def names_its_dataset(sparql: str) -> bool:
    """Whether the query has FROM clauses, which replace the union of all graphs."""
    return "FROM" in sparql.upper() and "FROM" in _words(sparql)


def prefixes_in(sparql: str) -> dict[str, str]:
    """Those of our prefixes that a query may use without declaring them; an engine reads each it is given anew.

    >>> sorted(prefixes_in("ASK { osteo:LungCancer a ?class } # rule:"))
    ['osteo', 'rule']
    """
    if "\\" in sparql:
        return dict(PREFIXES)  # an escape may stand for any letter
    return {name: iri for name, iri in PREFIXES.items() if f"{name}:" in sparql}


_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID"}


@lru_cache(maxsize=256)
def is_volatile(sparql: str) -> bool:
    """Whether the answer may change from one moment to the next though the graph does not: by time or by chance.

    >>> is_volatile("SELECT (NOW() AS ?t) {}"), is_volatile("SELECT ?now { ?now a 'NOW()' }")
    (True, False)
    """
    unescaped = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)
    letters = unescaped.upper()
    if not any(name in letters for name in _VOLATILE):
        return False
    return any(name in word for word in _words(unescaped) for name in _VOLATILE)


_PROLOGUE = {"PREFIX", "BASE", "VERSION"}
_UPDATES = {"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}


def is_update(sparql: str) -> bool:
    """Whether the text begins as an update does.

    >>> is_update("# SELECT\\nPREFIX e: <http://e/> CLEAR ALL"), is_update("SELECT * { ?clear ?p 'CLEAR' }")
    (True, False)
    """
    words = (match["word"].upper() for match in _TOKEN.finditer(sparql) if match["word"])
    return next((word for word in words if word not in _PROLOGUE), "") in _UPDATES


def graphs_named_by_from(sparql: str) -> list[str]:
    """The IRIs in FROM and FROM NAMED clauses. Raises QueryRefused where one is not a plain absolute name.

    >>> graphs_named_by_from("PREFIX e: <http://e/> SELECT * FROM e:a FROM NAMED <http://e/b> { ?s ?p 'FROM <c>' }")
    ['http://e/a', 'http://e/b']
    """
    if "FROM" not in sparql.upper():
        return []
    tokens = [m for m in _TOKEN.finditer(sparql) if not m[0].isspace() and not m[0].startswith("#")]
    words = [(match["word"] or "").upper() for match in tokens]
    prefixes = {
        tokens[i + 1]["prefix"]: tokens[i + 2][0][1:-1]
        for i in range(len(tokens) - 2)
        if words[i] == "PREFIX" and tokens[i + 1]["prefix"] is not None
    }
    found = []
    for i in (i for i, word in enumerate(words) if word == "FROM"):
        following = tokens[i + 1 + (words[i + 1 : i + 2] == ["NAMED"]) :][:1]
        found.append(_absolute(following[0], {**PREFIXES, **prefixes}) if following else "")
    return found


def _absolute(token: re.Match[str], prefixes: Mapping[str, str]) -> str:
    """The IRI that a token stands for."""
    if token["prefix"] is not None and token["prefix"] in prefixes:
        return prefixes[token["prefix"]] + token[0].partition(":")[2]
    if re.match("<[A-Za-z][A-Za-z0-9+.-]*:", token[0]):
        return token[0][1:-1]
    raise QueryRefused(f"FROM takes the IRI of a graph of this dataset, not {token[0]}")


def bind(sparql: str, bindings: Bindings) -> str:
    """The query with variables replaced by terms, wherever they stand as variables.

    >>> bind("SELECT * { VALUES ?x { ?_several } }", {"_several": (ox.Literal("a"), ox.Literal("b"))})
    'SELECT * { VALUES ?x { "a" "b" } }'

    The terms are written by the RDF library, so that no value can end a string or an IRI early. Engines bind variables
    each in their own way (projected ones only, not inside sub-selects); a term in the text means the same to all.
    """
    terms = {name: term if isinstance(term, tuple) else (term,) for name, term in bindings.items()}
    if any(isinstance(term, ox.BlankNode) for several in terms.values() for term in several):
        raise BadParameter("a blank node cannot be bound: in a query it is a variable")

    def replace(match: re.Match[str]) -> str:
        several = terms.get(match["variable"] or "")
        return match[0] if several is None else " ".join(map(_written, several))

    return _TOKEN.sub(replace, sparql) if bindings else sparql


def _written(term: Term) -> str:
    """A term in SPARQL syntax; a backslash before u must not look like an escape to engines that resolve it early."""
    return _BACKSLASH_U.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04x}", str(term))
