"""The SPARQL editor page: YASGUI from our own files, with the examples that the graph itself describes."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from osteograph.queries.files import read_query
from osteograph.queries.protocol.served import ServedGraph
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.tokens import prefixes_in

from ..html import LIBRARY
from ..pages.rendering import Site, render_editor
from .guard import POLICY
from .responses import tagged

# YASGUI writes style attributes; scripts come from our own files all the same
EDITOR_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self' data:", "img-src 'self' data: blob:"
)


async def editor(request: Request) -> Response:
    """The editor, with a button for every example."""
    graph: ServedGraph = request.app.state.endpoint.graph

    def write() -> bytes:
        return render_editor(Site(""), _examples(graph)).encode()

    html = await run_in_threadpool(request.app.state.pages.written, f"{graph.digest} editor", write)
    answer = tagged(request, html, "text/html")
    answer.headers["Content-Security-Policy"] = EDITOR_POLICY
    return answer


def _examples(graph: ServedGraph) -> list[tuple[str, str]]:
    """What each example asks, and its query; those that reach other services are left out, since they are refused."""
    answer = graph.store.query(read_query("protocol/examples.rq"))
    assert isinstance(answer, Solutions)
    return [(row["summary"], declared(row["query"].lstrip())) for row in answer.dicts()]


def declared(sparql: str) -> str:
    """The query with a declaration of each of our prefixes in it, since the editor marks what is not declared.

    >>> declared("ASK { ?s rdfs:label ?label }")
    'PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\\nASK { ?s rdfs:label ?label }'
    """
    missing = {name: iri for name, iri in prefixes_in(sparql).items() if f"PREFIX {name}:" not in sparql}
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in missing.items()) + sparql


async def library(request: Request) -> Response:
    """vis-network, out of the wheel of pyvis, for the graph view of answers."""
    content = (await run_in_threadpool(LIBRARY.read_bytes)).split(b"//# sourceMappingURL")[0]
    return tagged(request, content, "text/javascript")
