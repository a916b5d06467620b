"""From method, address, headers and body to the one query that is asked (SPARQL 1.1 Protocol, section 2).

>>> read_request("GET", b"query=ASK+%7B%7D&surprise=1")
QueryRequest(query='ASK {}', default_graphs=(), named_graphs=())
>>> read_request("GET", b"query=ASK+%7B%7D&query=ASK+%7B%7D")
Traceback (most recent call last):
...
osteograph.queries.protocol.request.ProtocolError: a request asks one query; this one has 2
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

import pyoxigraph as ox

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_MOST_PARAMETERS = 200
Parameters = list[tuple[str, str]]


class ProtocolError(Exception):
    """A request that is not answered: the status, the words for the client, further headers, single findings."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        problems: Sequence[Mapping[str, str | int]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.problems = list(problems)


@dataclass(frozen=True)
class QueryRequest:
    """A query and the dataset it is asked of; without any graph the whole dataset, its union as default graph."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def read_request(method: str, query_string: bytes, content_type: str = "", body: bytes = b"") -> QueryRequest | None:
    """The query of a request, or None where none is asked: a GET of the bare endpoint wants its description.

    Raises ProtocolError with status 400, 403, 405 or 415.
    """
    parameters = _parameters(query_string, "the query string")
    if method in ("GET", "HEAD"):
        if any(name == "update" for name, _ in parameters):
            raise ProtocolError(400, "an update is never asked by GET")
    elif method == "POST":
        parameters += _posted(content_type, body)
    else:
        raise ProtocolError(405, f"{method} asks no query", {"Allow": ", ".join(METHODS)})
    return _query(parameters, needed=method == "POST")


def _parameters(text: bytes, place: str) -> Parameters:
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise ProtocolError(400, f"{place} is not UTF-8") from None
    except ValueError:
        raise ProtocolError(400, f"{place} has more than {_MOST_PARAMETERS} parameters") from None


def _posted(content_type: str, body: bytes) -> Parameters:
    """What a body says: a form, or the query itself."""
    media, charset = media_type(content_type)
    if media not in (FORM, QUERY, UPDATE):
        said = f"not {media}" if media else "and this request names no media type"
        raise ProtocolError(415, f"a query is posted as {FORM} or {QUERY}, {said}", {"Accept-Post": f"{FORM}, {QUERY}"})
    if charset not in ("utf-8", "utf8"):
        raise ProtocolError(415, f"a query is posted in UTF-8, not in {charset}")
    if media == FORM:
        return _parameters(body, "the form")
    try:
        # some editors begin a file with a mark
        return [("query" if media == QUERY else "update", body.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        raise ProtocolError(400, "the query is not UTF-8") from None


def media_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type header."""
    if not header.strip():
        return "", "utf-8"
    message = Message()
    message["Content-Type"] = header
    return header.partition(";")[0].strip().lower(), (message.get_content_charset() or "utf-8").lower()


def _query(parameters: Parameters, *, needed: bool) -> QueryRequest | None:
    queries = [value for name, value in parameters if name == "query"]
    updates = [value for name, value in parameters if name == "update"]
    if len(queries) + len(updates) > 1:
        raise ProtocolError(400, f"a request asks one query; this one has {len(queries) + len(updates)}")
    if updates:
        raise ProtocolError(403, "this endpoint is read-only: it takes no update")
    if not queries and not needed:
        return None
    if not queries:
        raise ProtocolError(400, "the request has no parameter named query")
    if not queries[0].strip():
        raise ProtocolError(400, "the query is empty")
    return QueryRequest(queries[0], _graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri"))


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for parameter, value in parameters if parameter == name))
    for iri in found:
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise ProtocolError(400, f"{name} takes an absolute IRI, not {iri[:200]!r}") from None
    return found
