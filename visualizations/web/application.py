"""What answers at which address."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from osteograph.queries.protocol.endpoint import Endpoint
from osteograph.queries.protocol.limits import Limits
from osteograph.queries.protocol.request import ProtocolError
from osteograph.queries.protocol.served import ServedGraph

from . import api, editor, pages
from .guard import Access, Guard
from .repeats import Repeats
from .responses import error_as_json, error_as_text
from .sparql import describe, sparql


def make_application(
    folder: Path, limits: Limits | None = None, access: Access | None = None, repeats: Repeats | None = None
) -> ASGIApp:
    """The application over the build in a folder; ``repeats`` is told of reloads. Raises GraphMissing."""
    written = pages.Pages()

    def reloaded(graph: ServedGraph) -> None:
        if repeats:
            repeats.forget()
        written.prepare(graph)

    endpoint = Endpoint(folder, limits, on_reload=reloaded)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with endpoint:
            written.prepare(endpoint.graph)
            yield

    routes = [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/sparql/", sparql, methods=["GET", "POST"]),
        Route("/.well-known/void", void),
        Route("/healthz", health),
        Route("/api", api.overview),
        Route("/api/openapi.json", api.openapi),
        Route("/api/explain", api.with_problems(api.explain)),
        Route("/api/explain/between", api.with_problems(api.explain_between)),
        Route("/api/screen", api.with_problems(api.screen), methods=["POST"]),
        Route("/api/screen", _posted),  # which the pages would answer
        Route("/api/questions/{area}/{name}", api.with_problems(api.ask)),
        Route("/editor", editor.editor),
        Route("/static/vis-network.min.js", editor.library),
        Route("/search", pages.search),
        Route("/views/{name}.html", pages.view),
        Route("/static/{name:path}", pages.static),
        Route("/{path:path}", pages.page),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={ProtocolError: _as_text, 405: _methods})
    app.state.endpoint = endpoint
    app.state.pages = written
    return Guard(app, access or Access())


async def _as_text(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProtocolError)
    return error_as_text(error)


async def _posted(request: Request) -> Response:
    raise HTTPException(405, headers={"Allow": "POST"})


async def _methods(request: Request, error: Exception) -> Response:
    """What may be done with an address: the answer to OPTIONS, and to what cannot be done with it."""
    assert isinstance(error, HTTPException)
    allowed = {"Allow": ", ".join(sorted({*(error.headers or {})["Allow"].split(", "), "OPTIONS"}))}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allowed)
    refusal = ProtocolError(405, f"{request.method} is not for this address", allowed)
    return error_as_json(refusal) if request.url.path.startswith("/api/") else error_as_text(refusal)


async def void(request: Request) -> Response:
    """The VoID description, as ``/.well-known/void`` promises it."""
    return await describe(request, ", ".join(request.headers.getlist("accept")), html=False)


async def health(request: Request) -> Response:
    """That the server runs, and which graph it serves."""
    graph = request.app.state.endpoint.graph
    return JSONResponse({"status": "ok", "graph_sha256": graph.digest}, headers={"Cache-Control": "no-store"})
