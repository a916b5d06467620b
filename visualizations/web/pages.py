"""The pages over HTTP: 303 from a thing to a document about it, documents with entity tags, 404 for the rest."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import BASE, ONTOLOGY, PREFIXES, expand
from osteograph.queries.protocol.negotiation import PLAIN_XML, negotiate
from osteograph.queries.protocol.request import ProtocolError
from osteograph.queries.protocol.served import ServedGraph

from ..html import render_view
from ..pages.addresses import RDF, SUFFIXES, path_of, read_path
from ..pages.documents import write_document, write_ontology
from ..pages.knowledge import SECTIONS, Knowledge
from ..pages.rendering import (
    Site,
    render_home,
    render_list,
    render_missing,
    render_reference,
    render_search,
    render_thing,
)
from ..views import list_views, titled_views
from .responses import tagged

_KEPT = 500
_VERSION = version("osteograph")
_META_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
_MEDIA = {media: suffix for suffix, media in SUFFIXES.items()} | {PLAIN_XML: ".rdf"}


class Pages:
    """The pages of the graph that is served, written when first asked for, and kept until another graph is served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._digest = ""
        self._known: Knowledge | None = None
        self._written: OrderedDict[str, bytes] = OrderedDict()

    def knowledge(self, graph: ServedGraph) -> Knowledge:
        with self._lock:
            if self._known is None or self._digest != graph.digest:
                self._known = Knowledge.of(graph.store)
                self._digest = graph.digest
                self._written.clear()
            return self._known

    def prepare(self, graph: ServedGraph) -> None:
        """Read the graph and derive what pages prove, beside what else runs, so that no page waits for it."""
        threading.Thread(target=lambda: self.knowledge(graph).prepare(), daemon=True).start()

    def written(self, key: str, write: Callable[[], bytes]) -> bytes:
        """A page that was written before, or is now."""
        found = self._written.get(key)
        if found is None:
            found = write()
            with self._lock:
                self._written[key] = found
                while len(self._written) > _KEPT:
                    self._written.popitem(last=False)
        return found


async def page(request: Request) -> Response:
    """Whatever a path below the root is about: a list, a document, or a thing."""
    return await run_in_threadpool(_page, request, request.path_params["path"])


def _page(request: Request, path: str) -> Response:
    graph: ServedGraph = request.app.state.endpoint.graph
    pages: Pages = request.app.state.pages
    known = pages.knowledge(graph)
    root = "../" * path.count("/")
    tag = hashlib.sha256(f"{graph.digest} {_VERSION} {path}".encode()).hexdigest()[:32]

    def answer(media: str, write: Callable[[], bytes]) -> Response:
        return tagged(request, pages.written(f"{graph.digest} {path}", write), media, tag)

    if path == "" and _wishes(request) not in ("text/html", None):  # the ontology has the address of the front page
        return _see_other(request, "reference")
    if path == "":
        views = list(titled_views(graph.store))
        return answer("text/html", lambda: render_home(known, Site(""), views).encode())
    if path == "reference.html":
        return answer("text/html", lambda: render_reference(known, Site("")).encode())
    if path.endswith("/") and path[:-1] in SECTIONS:
        return answer("text/html", lambda: render_list(known, path[:-1], Site()).encode())
    if path in SECTIONS:
        return RedirectResponse(f"/{path}/", 308)
    if path.startswith("reference.") and path.removeprefix("reference") in RDF:
        suffix = path.removeprefix("reference")
        return answer(SUFFIXES[suffix], lambda: write_ontology(known, suffix))
    place = read_path(path)
    if place and not place.suffix and place.iri == known.text(ONTOLOGY, expand("owl:versionIRI")):
        return _see_other(request, "reference")
    if place is None or not known.knows(place.iri):
        return HTMLResponse(render_missing(Site(root), path), 404)
    if not place.suffix:
        return _see_other(request, path)
    if place.suffix == ".html":
        return answer("text/html", lambda: render_thing(known, place.iri, Site()).encode())
    return answer(SUFFIXES[place.suffix], lambda: write_document(known, place.iri, place.suffix))


def _wishes(request: Request) -> str | None:
    """The media type of a document that the client likes best; None where it likes none."""
    return negotiate(", ".join(request.headers.getlist("accept")) or None, list(_MEDIA))


def _see_other(request: Request, path: str) -> Response:
    """A thing is no document: 303 with the address of the one that the client likes best."""
    media = _wishes(request)
    if media is None:
        raise ProtocolError(406, f"there are documents about it as {', '.join(_MEDIA)}")
    return RedirectResponse(f"/{path}{_MEDIA[media]}", 303, {"Vary": "Accept"})


async def search(request: Request) -> Response:
    """Search by name; an IRI or CURIE of the graph leads straight to its page."""
    words = request.query_params.get("q", "")[:200]
    graph: ServedGraph = request.app.state.endpoint.graph
    known = await run_in_threadpool(request.app.state.pages.knowledge, graph)
    iri = _named(words.strip())
    if iri and known.knows(iri):
        return RedirectResponse(f"/{path_of(iri)}.html", 303)
    return HTMLResponse(await run_in_threadpool(render_search, known, Site(""), words))


def _named(words: str) -> str:
    prefix, colon, local = words.partition(":")
    if words.startswith(BASE):
        return words
    return expand(words) if colon and local and prefix in PREFIXES else ""


async def view(request: Request) -> Response:
    """A graph view; its own policy admits its scripts by their digests."""
    found = next((view for view in list_views() if view.name == request.path_params["name"]), None)
    if found is None:
        return HTMLResponse(render_missing(Site("../"), request.url.path), 404)
    graph: ServedGraph = request.app.state.endpoint.graph
    pages: Pages = request.app.state.pages

    def write() -> bytes:
        return render_view(graph.store, found).encode()

    try:
        html = await run_in_threadpool(pages.written, f"{graph.digest} views/{found.name}", write)
    except BadParameter:  # the graph has nothing that the view shows
        return HTMLResponse(render_missing(Site("../"), request.url.path), 404)
    answer = tagged(request, html, "text/html", hashlib.sha256(html).hexdigest()[:32])
    policy = _META_POLICY.search(html[:4000].decode("utf-8", "ignore"))
    if policy:
        answer.headers["Content-Security-Policy"] = policy[1].replace("&#39;", "'") + "; frame-ancestors 'none'"
    return answer


STATIC = Path(__file__).parents[1] / "static"
_STATIC_MEDIA = {".css": "text/css", ".js": "text/javascript"}


async def static(request: Request) -> Response:
    """Our own style and scripts; no name reaches another folder."""
    name = request.path_params["name"]
    path = STATIC / name
    media = _STATIC_MEDIA.get(path.suffix)
    if not re.fullmatch(r"(?:yasgui/)?[a-z0-9-]+(?:\.min)?\.(?:css|js)", name) or media is None or not path.is_file():
        return HTMLResponse(render_missing(Site("../"), request.url.path), 404)
    content = await run_in_threadpool(path.read_bytes)
    return tagged(request, content, media, hashlib.sha256(content).hexdigest()[:32])
