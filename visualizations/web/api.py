"""The questions and the explanations over HTTP, for programs; what may go wrong comes as JSON problem details."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from osteograph.ontology.errors import BadParameter, NotAnIri, OsteographError, UnknownName
from osteograph.queries.catalog import Question, bindings_of, find_question, list_questions
from osteograph.queries.explanation import explain as explain_parts
from osteograph.queries.openapi import describe_api
from osteograph.queries.protocol.endpoint import Endpoint
from osteograph.queries.protocol.records import read_screen_request, refuse_other_media
from osteograph.queries.protocol.request import ProtocolError, QueryRequest
from osteograph.queries.protocol.served import ServedGraph
from osteograph.queries.stores.tokens import bind

from ..pages.rendering import Site, render_api
from .pages import Pages
from .responses import answered, error_as_json, read_body, tagged

Handler = Callable[[Request], Awaitable[Response]]


def with_problems(handler: Handler) -> Handler:
    """The handler, with errors as JSON problem details."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except ProtocolError as error:
            return error_as_json(error)
        except UnknownName as error:
            return error_as_json(ProtocolError(404, str(error)))
        except (OsteographError, ValueError) as error:
            return error_as_json(ProtocolError(400, str(error)))

    return handle


def _values(request: Request) -> dict[str, str]:
    """The parameters of a request; none may stand twice."""
    pairs = request.query_params.multi_items()
    twice = sorted({name for name, _ in pairs if len(request.query_params.getlist(name)) > 1})
    if twice:
        raise BadParameter(f"{', '.join(twice)} stands more than once")
    if any("\ufffd" in value for _, value in pairs):
        raise BadParameter("the parameters are not UTF-8")
    return dict(pairs)


async def ask(request: Request) -> Response:
    """Answer a named question through the endpoint, so that its limits hold and its answers are kept."""
    endpoint: Endpoint = request.app.state.endpoint
    question = find_question(f"{request.path_params['area']}/{request.path_params['name']}")
    if "federation" in question.tags:
        raise ProtocolError(404, "this question reaches other services, which this server does not")
    values = _values(request)
    text = await run_in_threadpool(_bound, endpoint.graph, question, values)
    accept = ", ".join(request.headers.getlist("accept")) or None
    return answered(request, await endpoint.answer(QueryRequest(text), accept))


def _bound(graph: ServedGraph, question: Question, values: dict[str, str]) -> str:
    try:
        return bind(question.sparql, bindings_of(graph.store, question, values))
    except NotAnIri as error:
        raise ProtocolError(404, str(error)) from error  # nothing is called so


async def explain(request: Request) -> Response:
    """Explain a statement, claim or rule part."""
    return await _explain(request, "statement")


async def explain_between(request: Request) -> Response:
    """Explain all statements with a subject, predicate and object."""
    return await _explain(request, "subject", "predicate", "object")


async def _explain(request: Request, *names: str) -> Response:
    values = _values(request)
    if set(values) != set(names):
        raise BadParameter(f"explain takes {', '.join(names)}")
    graph: ServedGraph = request.app.state.endpoint.graph
    try:
        found = await run_in_threadpool(explain_parts, graph.store, *(values[name] for name in names))
    except (BadParameter, ValueError) as error:
        raise ProtocolError(404, f"the graph has no such thing: {error}") from error
    return JSONResponse([json.loads(explanation.to_json()) for explanation in found])


async def screen(request: Request) -> Response:
    """Screen the record in the body. Nothing of it is kept, neither here nor, as the header asks, on the way."""
    endpoint: Endpoint = request.app.state.endpoint
    refuse_other_media(request.headers.get("content-type", ""))
    pairs = request.query_params.multi_items()
    accept = ", ".join(request.headers.getlist("accept")) or None
    read_screen_request(pairs, accept, b"")  # so that what is wrong is told before the record is sent
    record = await read_body(request, endpoint.limits.record_bytes, endpoint.limits.seconds)
    outcome = await endpoint.screen(read_screen_request(pairs, accept, record))
    kind = f"{outcome.media}; charset=utf-8"
    return Response(outcome.content, media_type=kind, headers={"Cache-Control": "no-store", "Vary": "Accept"})


async def openapi(request: Request) -> Response:
    """The OpenAPI description."""
    return await _written(request, "openapi", "application/json", lambda: json.dumps(describe_api()))


async def overview(request: Request) -> Response:
    """The questions for people: what each asks, and an address to try."""
    questions = [question for question in list_questions() if "federation" not in question.tags]
    return await _written(request, "api", "text/html", lambda: render_api(Site(""), questions))


async def _written(request: Request, name: str, media: str, write: Callable[[], str]) -> Response:
    """What is written once, and kept as pages are."""
    pages: Pages = request.app.state.pages
    content = await run_in_threadpool(pages.written, name, lambda: write().encode())
    return tagged(request, content, media)
