"""Any SPARQL 1.1 endpoint as a store, over HTTP with the standard library.

The endpoint has to serve **the union of its named graphs as its default graph**, since our questions name no graphs.
Virtuoso does so by itself, Oxigraph when started with ``oxigraph serve --union-default-graph``. Where an endpoint does
not, every question has an empty answer; this tells whether it does::

    RemoteStore("http://127.0.0.1:7878/query").query("ASK { ?claim bmo:states ?statement }")

What a server sends is not trusted: an answer has a largest size and a last moment and must be of a media type that was
asked for; a redirection is followed on the same host only; an answer that the server says it has cut short is refused
and not passed on. Only queries are sent, never updates. The engine behind the endpoint keeps its faults: those of
Virtuoso that our tests know, and how to write queries that it answers rightly, are in ``docs/explanation/engines.md``.

>>> RemoteStore("file:///etc/hostname")
Traceback (most recent call last):
    ...
osteograph.ontology.errors.BadParameter: an endpoint is an http or https address, not 'file:///etc/hostname'
>>> RemoteStore("http://127.0.0.1:9/sparql").query("DROP ALL")
Traceback (most recent call last):
    ...
osteograph.ontology.errors.QueryRefused: an endpoint is asked SELECT, ASK, CONSTRUCT and DESCRIBE, and this is none
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, QueryRefused, StoreUnavailable
from osteograph.ontology.namespaces import PREFIXES, expand

from .base import Answer, Bindings, Solutions, Term
from .tokens import bind, refuse_outside_access

MEBIBYTE = 2**20
_FORM = re.compile(
    r"(?: \s | \#[^\r\n]* | <[^>]*> | (?:BASE|PREFIX)\b | [\w.-]*: )*+ (?P<form>SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.VERBOSE | re.IGNORECASE,
)
_RESULTS = "application/sparql-results+json"
_TRIPLES = {"application/n-triples": ox.RdfFormat.N_TRIPLES, "text/turtle": ox.RdfFormat.TURTLE}
_ACCEPT = {
    "SELECT": _RESULTS,
    "ASK": _RESULTS,
    "CONSTRUCT": "application/n-triples, text/turtle;q=0.5",
    "DESCRIBE": "application/n-triples, text/turtle;q=0.5",
}
_MOVED = (301, 302, 307, 308)  # 303 would ask again without the query
_NOT_THE_QUERY = (401, 403, 404, 405, 407, 408, 410, 429)  # another query would be answered no better
_CUT_SHORT = ("X-SPARQL-MaxRows", "X-SQL-State")  # how Virtuoso says that rows are missing from a 200
_BOOLEAN = ox.NamedNode(expand("xsd:boolean"))
_TRUTH: dict[Term | None, Term] = {
    ox.Literal("1", datatype=_BOOLEAN): ox.Literal("true", datatype=_BOOLEAN),
    ox.Literal("0", datatype=_BOOLEAN): ox.Literal("false", datatype=_BOOLEAN),
}
_VIRTUOSO_BLANK = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


class RemoteStore:
    """A graph behind a SPARQL endpoint; each query is one request.

    ``timeout`` is in seconds, for each silence of the server and for the whole body of an answer.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        timeout: float = 60.0,
        user_agent: str = "osteograph (https://w3id.org/osteograph)",
        maximum_bytes: int = 256 * MEBIBYTE,
    ) -> None:
        self.endpoint = _checked(endpoint)
        self._timeout = timeout
        self._maximum = maximum_bytes
        self._headers = {"User-Agent": user_agent, "Content-Type": "application/x-www-form-urlencoded"}
        self._opener = build_opener(_NoRedirection)

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        """Ask the endpoint. Raises QueryRefused where it refuses, StoreUnavailable where no whole answer comes."""
        refuse_outside_access(sparql)
        match = _FORM.match(sparql)
        if not match:
            raise QueryRefused("an endpoint is asked SELECT, ASK, CONSTRUCT and DESCRIBE, and this is none")
        form = match["form"].upper()
        media_type, body = self._post(_with_prefixes(bind(sparql, bindings or {})), _ACCEPT[form])
        try:
            return _read_answer(form, media_type, body)
        except (SyntaxError, ValueError) as error:
            raise self._unavailable(f"sent what cannot be read: {_words(str(error))}", "ask whoever runs it") from error

    def close(self) -> None:
        """Nothing is held between two queries."""

    def _post(self, sparql: str, accept: str) -> tuple[str, bytes]:
        """The media type and the body of the answer."""
        try:
            data = urlencode({"query": sparql}).encode()
        except UnicodeEncodeError as error:
            raise QueryRefused(f"the query is not Unicode text: {error.reason}") from error
        address = self.endpoint
        deadline = time.monotonic() + self._timeout
        try:
            for _ in range(5):
                request = Request(address, data, {**self._headers, "Accept": accept})
                try:
                    with self._opener.open(request, timeout=self._timeout) as response:
                        return self._whole(response, deadline)
                except HTTPError as error:
                    with error:
                        address = self._after(error, address, deadline)
        except (OSError, HTTPException) as error:
            raise self._silence(error) from error
        raise self._unavailable("sends the query round in circles", "check the address")

    def _whole(self, response: HTTPResponse, deadline: float) -> tuple[str, bytes]:
        """The answer, if it is all there."""
        if response.status != 200 or any(name in response.headers for name in _CUT_SHORT):
            raise self._unavailable("cut its answer short", "ask for less (LIMIT), or have its limit raised")
        body = bytearray()
        for part in _parts(response, deadline):
            body += part
            if len(body) > self._maximum:
                size = self._maximum // MEBIBYTE
                raise self._unavailable(f"sent more than {size} MiB", "ask for less (LIMIT), or raise maximum_bytes")
        return response.headers.get_content_type(), bytes(body)

    def _after(self, error: HTTPError, address: str, deadline: float) -> str:
        """Where to ask again after a redirection; raises for every other status."""
        if error.code in _MOVED:
            return self._moved(address, error.headers.get("Location", ""))
        html = error.headers.get_content_type() in ("text/html", "application/xhtml+xml")
        said = "" if html or not isinstance(error.fp, HTTPResponse) else _beginning(error.fp, deadline)
        words = _words(said) or _words(str(error.reason))
        if 400 <= error.code < 500 and error.code not in _NOT_THE_QUERY:
            raise QueryRefused(f"{self.endpoint} refuses the query: {words}")
        remedy = "ask something simpler, or ask whoever runs it" if error.code >= 500 else "check the address"
        raise self._unavailable(f"answered {error.code}: {words}", remedy)

    def _moved(self, old: str, location: str) -> str:
        """The new address, if it is on the same host and no less safe."""
        new = urljoin(old, location)
        here, there = urlsplit(old), urlsplit(new)
        if there.netloc != here.netloc or there.scheme not in (here.scheme, "https"):
            raise self._unavailable(
                f"sends queries on to {_words(new)}", "if you trust that address, give it as the endpoint"
            )
        return new

    def _silence(self, error: OSError | HTTPException) -> StoreUnavailable:
        """What the failure of a connection means."""
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return self._unavailable(f"gave no answer in {self._timeout:g} s", "ask for less, or allow more time")
        words = _words(str(reason)) or type(reason).__name__
        return self._unavailable(f"cannot be reached: {words}", "check the address and that the server runs")

    def _unavailable(self, what: str, remedy: str) -> StoreUnavailable:
        return StoreUnavailable(f"{self.endpoint} {what}; {remedy}")


class _NoRedirection(HTTPRedirectHandler):
    """Leaves redirections to us: urllib's own would follow anywhere, drop the query and read an endless body first."""

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message) -> None:
        return None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _checked(endpoint: str) -> str:
    """The endpoint, if it is an address that can be asked."""
    try:
        parts = urlsplit(endpoint)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise BadParameter(f"an endpoint is an http or https address, not {endpoint!r}")
    if "@" in parts.netloc or parts.fragment:
        raise BadParameter("an endpoint's address has no user name, password or # in it")
    return endpoint


def _with_prefixes(sparql: str) -> str:
    """The query with our prefixes that occur in it declared, on its own first line so that lines keep their numbers.

    >>> _with_prefixes("ASK { ?s a bmo:Claim }")
    'PREFIX bmo: <https://w3id.org/osteograph/schema/> ASK { ?s a bmo:Claim }'
    """
    used = (f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if re.search(rf"(?<!\w){name}:", sparql))
    return "".join(used) + sparql


def _parts(response: HTTPResponse, deadline: float) -> Iterator[bytes]:
    """The body in parts. Raises TimeoutError after the deadline, IncompleteRead where the server stops too early."""
    while part := response.read1(MEBIBYTE):
        if time.monotonic() > deadline:
            raise TimeoutError
        yield part
    if response.length:
        raise IncompleteRead(b"", response.length)


def _beginning(response: HTTPResponse, deadline: float) -> str:
    """The first bytes of a body as text, for a message."""
    body = bytearray()
    try:
        for part in _parts(response, deadline):
            body += part
            if len(body) > 2000:
                break
    except (OSError, HTTPException):
        pass  # the status says enough
    return body[:2000].decode(errors="replace")


def _words(text: str, limit: int = 300) -> str:
    """A message of a server on one line, without characters that do something to a terminal, and not too long."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _read_answer(form: str, media_type: str, body: bytes) -> Answer:
    """The answer in RDF terms. Raises SyntaxError or ValueError for what is none."""
    if _ACCEPT[form] != _RESULTS:
        if media_type not in _TRIPLES:
            raise ValueError(f"{media_type} where triples were asked for")
        quads = ox.parse(body, _TRIPLES[media_type])
        return tuple(sorted({quad.triple for quad in quads}, key=str))
    if media_type not in (_RESULTS, "application/json"):
        raise ValueError(f"{media_type} where {_RESULTS} was asked for")
    answer = _read_results(body)
    if isinstance(answer, bool) != (form == "ASK"):
        raise ValueError(f"the answer to a {form} is of another kind")
    return answer


def _read_results(body: bytes) -> Solutions | bool:
    """Solutions or a truth value.

    Three habits of Virtuoso are put right: its names of blank nodes, an ASK answered as a row, and true written as 1.
    """
    results = ox.parse_query_results(_VIRTUOSO_BLANK.sub(rb"\1", body), ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = tuple(variable.value for variable in results.variables)
    rows = tuple(tuple(_TRUTH.get(row[index], row[index]) for index in range(len(names))) for row in results)
    if names == ("__ASK_RETVAL",):
        return any(term is not None and term.value != "0" for (term,) in rows)
    return Solutions(names, rows)
