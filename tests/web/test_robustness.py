"""Whatever is sent, the server answers with a reason and goes on: fuzzing of protocol and API."""

from __future__ import annotations

import string
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis.strategies as st
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from osteograph.queries.protocol.negotiation import GRAPH, SOLUTIONS, negotiate
from osteograph.queries.protocol.request import ProtocolError, read_request

from .live import Live

BYTES = st.binary(max_size=60)
NAMES = st.sampled_from(["query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "x", ""])
PIECES = st.sampled_from(
    ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "*", "?s", "$p", "{", "}", "(", ")", "WHERE", "FILTER", "<http://e/>",
     "FROM", "NAMED", "SERVICE", "<x>", "'a'", '"', "\\u0053", "#", "\n", "PREFIX", "e:", "e:x", "VALUES", "UNDEF",
     ".", ";", "LIMIT", "1", "GROUP BY", "1e400", "BIND", "AS", "OPTIONAL", "MINUS", "\x00", "\u202e", "\U0010ffff",
     "<<", ">>", "bmo:kindOf*", "a", "GRAPH", "COUNT(*)", "REGEX(?s, '(((')", "REPLACE('a','(','$1')", "BASE", "@en"]
)  # fmt: skip
QUERIES = st.lists(PIECES, max_size=14).map(" ".join)
MEDIA = st.sampled_from(["application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update",
                         "text/plain", "", ";;;", "application/sparql-query; charset=utf-16",
                         "a/b; charset=\"x"])  # fmt: skip
RANGES = st.sampled_from([*SOLUTIONS, *GRAPH, "*/*", "text/*", "q", ";", "a/b;q=9", "*/*;q=0"])
LETTERS = string.digits + string.ascii_letters + string.punctuation + " "
ACCEPT = st.one_of(st.lists(RANGES, max_size=4).map(",".join), st.text(LETTERS, max_size=30))
GOOD = {200, 204, 303, 304, 308, 400, 403, 404, 405, 406, 411, 413, 414, 415, 422}
SERVER = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", ""]), BYTES, st.one_of(MEDIA, st.text(max_size=20)), BYTES
)
def test_reading_a_request_raises_nothing_else(method: str, query_string: bytes, media: str, body: bytes) -> None:
    """Any bytes are a request, a description, or a ProtocolError with a 4xx status."""
    status = 200
    try:
        read_request(method, query_string, media, body)
    except ProtocolError as error:
        status = error.status
    assert status == 200 or 400 <= status < 500


@given(st.one_of(ACCEPT, st.text(max_size=40)))
def test_any_accept_header_is_read(accept: str) -> None:
    """What is chosen is on offer."""
    assert negotiate(accept, SOLUTIONS) in (*SOLUTIONS, None)


@SERVER
@given(
    st.sampled_from(["GET", "POST", "HEAD"]), st.lists(st.tuples(NAMES, QUERIES), max_size=3), MEDIA, QUERIES, ACCEPT
)
def test_any_request_is_answered(
    live: Live, method: str, parameters: list[tuple[str, str]], media: str, body: str, accept: str
) -> None:
    """Random requests of parts of queries, by every method, in every media type: never 500, and no traceback."""
    headers = {"Accept": accept.strip(), "Content-Type": media}
    sent = body.encode() if method == "POST" else None
    reply = live.request(method, "/sparql?" + urlencode(parameters), sent, headers)
    assert reply.status in GOOD, reply.text
    assert b"Traceback" not in reply.body


@SERVER
@given(st.text(max_size=40))
def test_any_path_is_answered(live: Live, path: str) -> None:
    """Random paths lead to a page, a document, a better address or 404."""
    assert live.get("/" + quote(path, safe="/?&=")).status in GOOD


def test_the_server_is_as_before(live: Live) -> None:
    """After all that it answers, with the same graph and workers."""
    assert live.get("/healthz").status == 200
    assert live.query("ASK {}").status == 200
    assert live.workers()


def test_the_api_keeps_to_its_description(live: Live) -> None:
    """schemathesis asks every tenth path of the OpenAPI document: statuses, media types and schemas are as said."""
    live.request("POST", "/api/screen", b"{}", {"Content-Type": "application/json"})  # the first record takes seconds
    schema = schemathesis.openapi.from_url(live.url + "api/openapi.json")
    operations: list[Any] = [operation.ok() for operation in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) > 150
    for number, operation in enumerate(sorted(operations, key=lambda operation: str(operation.path))):
        if number % 10 == 0 or not operation.path.startswith("/api/questions"):
            _examine(operation)


NO_SCHEMA = [positive_data_acceptance, negative_data_rejection]
"""What a record may say is more than a schema tells: a number may be too long, and FHIR has more than is described."""


def _examine(operation: Any) -> None:
    excluded = NO_SCHEMA if operation.path == "/api/screen" else []

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(excluded_checks=excluded)

    ask()
