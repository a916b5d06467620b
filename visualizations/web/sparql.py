"""The SPARQL 1.1 Protocol over HTTP: every fault of a request has its status, and its reason as text."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from osteograph.queries.protocol.description import describe_service
from osteograph.queries.protocol.endpoint import Endpoint
from osteograph.queries.protocol.negotiation import GRAPH, negotiate
from osteograph.queries.protocol.request import ProtocolError, read_request
from osteograph.queries.protocol.served import ServedGraph

from .responses import answered, read_body, tagged


async def sparql(request: Request) -> Response:
    """Answer a query, or describe the service where none is asked; a browser without a query is shown the editor."""
    endpoint: Endpoint = request.app.state.endpoint
    query_string: bytes = request.scope["query_string"]
    limits = endpoint.limits
    body = await read_body(request, limits.request_bytes, limits.seconds) if request.method == "POST" else b""
    accept = ", ".join(request.headers.getlist("accept")) or None
    asked = read_request(request.method, query_string, request.headers.get("content-type", ""), body)
    if asked is None:
        return await describe(request, accept)
    return answered(request, await endpoint.answer(asked, accept))


async def describe(request: Request, accept: str | None, *, html: bool = True) -> Response:
    """The service description with VoID, negotiated; ``text/html`` leads to the editor."""
    graph: ServedGraph = request.app.state.endpoint.graph
    media = negotiate(accept, (*GRAPH, "text/html") if html else GRAPH)
    if media is None:
        raise ProtocolError(406, f"the description is offered as {', '.join(GRAPH)}")
    if media == "text/html":
        return RedirectResponse("/editor", 303, {"Vary": "Accept"})
    address = str(request.url.replace(path="/sparql", query="", fragment=""))
    key = f"{graph.digest} {address} {media}"
    write = partial(describe_service, graph, address, media)
    content = await run_in_threadpool(request.app.state.pages.written, key, write)
    return tagged(request, content, media)
