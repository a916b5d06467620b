"""The pages over HTTP: 303 from a thing to a document about it, documents with entity tags, 404 for the rest."""

from __future__ import annotations

import gc
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import BASE, ONTOLOGY, PREFIXES, expand
from osteograph.queries.protocol.negotiation import PLAIN_JSON, PLAIN_XML, negotiate
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
from .responses import error_as_json, tagged

_KEPT_BYTES = 64 * 2**20
_VERSION = version("osteograph")
_META_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
_MEDIA = {media: suffix for suffix, media in SUFFIXES.items()} | {PLAIN_JSON: ".jsonld", PLAIN_XML: ".rdf"}


class Pages:
    """The pages of the graph that is served, written when first asked for; the latest are kept until another is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()  # several at a time would be no sooner ready, and keep queries waiting longer
        self._digest = ""
        self._known: Knowledge | None = None
        self._written: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def knowledge(self, graph: ServedGraph) -> Knowledge:
        with self._lock:
            if self._known is None or self._digest != graph.digest:
                self._known = Knowledge.of(graph.store)
                self._digest = graph.digest
                with self._writing:
                    self._written.clear()
                    self._size = 0
            return self._known

    def prepare(self, graph: ServedGraph) -> None:
        """Read the graph and derive what pages prove, beside what else runs, so that no page waits for it."""
        threading.Thread(target=self._prepare, args=(graph,), daemon=True).start()

    def _prepare(self, graph: ServedGraph) -> None:
        """Without the collector of reference cycles: looking at 300,000 new objects, which have none, took a fifth."""
        gc.disable()
        try:
            self.knowledge(graph).prepare()
        finally:
            gc.freeze()
            gc.enable()

    def written(self, key: str, write: Callable[[], bytes]) -> bytes:
        """A page that was written before, or is now."""
        found = self._written.get(key)
        return found if found is not None else self._write(key, write)

    def _write(self, key: str, write: Callable[[], bytes]) -> bytes:
        """A page that is written now, unless somebody else has written it in the meantime."""
        with self._writing:
            found = self._written.get(key)
            if found is None:
                found = self._written[key] = write()
                self._size += len(found)
                while self._size > _KEPT_BYTES:
                    self._size -= len(self._written.popitem(last=False)[1])
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
    if known.describes(BASE + path):
        return RedirectResponse(f"/sparql?query={quote(f'DESCRIBE <{BASE}{path}>')}", 303)
    place = read_path(path)
    if place and not place.suffix and place.iri == known.text(ONTOLOGY, expand("owl:versionIRI")):
        return _see_other(request, "reference")
    if path.startswith("api/"):
        return error_as_json(ProtocolError(404, f"the API has no address /{path[:200]}"))
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
    iri = _named(known, words.strip())
    if iri:
        return RedirectResponse(f"/{path_of(iri)}.html", 303)
    return HTMLResponse(await run_in_threadpool(render_search, known, Site(""), words))


def _named(known: Knowledge, words: str) -> str:
    """The thing of ours that is called so, by IRI, by CURIE or, if it is no concept, by the last part of either."""
    prefix, colon, local = words.partition(":")
    iri = expand(words) if colon and local and prefix in PREFIXES else words
    sections = (section for section in SECTIONS if section not in ("concept", "schema"))
    return next(
        (name for name in (iri, *(f"{BASE}{section}/{words}" for section in sections)) if known.knows(name)), ""
    )


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
    answer = tagged(request, html, "text/html")
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
    return tagged(request, content, media)
