"""What the tests of views share: every view drawn once, and one browser in which every fault of a page is noted."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.html import draw_view, render_page
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import find_view
from tests.needs import CHROMIUM, need_program
from tests.sharing import Share

from .pages import VIEWS, hostile_page

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def drawn(oxigraph_store: OxigraphStore, share: Share) -> dict[str, Page]:
    """Every view over the real graph, parameters at their defaults; drawn by one worker for all."""

    def draw(file: Path) -> None:
        file.write_bytes(pickle.dumps({name: draw_view(oxigraph_store, find_view(name)) for name in VIEWS}))

    pages: dict[str, Page] = pickle.loads(share("drawn.pickle", draw).read_bytes())
    return pages


@pytest.fixture(scope="session")
def rendered(drawn: dict[str, Page]) -> dict[str, str]:
    """The page of every view, and one that is hostile in every field."""
    return {name: render_page(page) for name, page in drawn.items()} | {"hostile": hostile_page()}


@pytest.fixture(scope="session")
def files(rendered: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, html in rendered.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def loopback(files: Path) -> Iterator[str]:
    """The pages over HTTP on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(files)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Visit:
    """An open page and everything it did that it should not."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def run(self, script: str, argument: object = None) -> Any:
        return self.page.evaluate(script, argument)

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Headless Chromium, or a skip where none is installed; gone with the package, since it holds the event loop."""
    chromium = need_program(*CHROMIUM)
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Opener:
    """Opens pages by view name, and keeps those that only are looked at."""

    browser: Any
    base: str
    kept: dict[tuple[str, int], Visit] = field(default_factory=dict)

    def open(self, name: str, address: str = "", at: str = "", *, is_still: bool = False, **options: Any) -> Visit:
        """A page as its canvas has drawn it; or as it is before, with ``takeOver()`` to let the canvas draw."""
        page = self.browser.new_page(viewport=options.pop("viewport", WIDE), **options)
        if is_still:
            page.add_init_script("window.requestIdleCallback = (task) => { window.takeOver = task; };")
        here = Visit(page)
        url = f"{at or self.base}/{name}.html"
        page.on("console", lambda message: here.faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: here.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: here.faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: _note_request(here, request.url, url))
        page.goto(url + address)
        page.wait_for_selector("html[data-ready]" if is_still else "html[data-canvas]")
        return here

    def keep(self, name: str, viewport: dict[str, int]) -> Visit:
        key = name, viewport["width"]
        if key not in self.kept:
            self.kept[key] = self.open(name, viewport=viewport)
        return self.kept[key]


@pytest.fixture(scope="package")
def opener(browser: Any, files: Path) -> Opener:
    """One for all tests here, so that a page which is only looked at is opened once."""
    return Opener(browser, files.as_uri())


@pytest.fixture
def visit(opener: Opener) -> Iterator[Callable[..., Visit]]:
    """Opens a page anew; on leaving, nothing must have been fetched, logged or thrown."""
    visits: list[Visit] = []

    def open_page(*arguments: Any, **options: Any) -> Visit:
        visits.append(opener.open(*arguments, **options))
        return visits[-1]

    yield open_page
    for here in visits:
        here.page.close()
    assert [fault for here in visits for fault in here.faults] == []


@pytest.fixture
def look_at(opener: Opener) -> Iterator[Callable[..., Visit]]:
    """A page that other tests look at too, with nothing chosen; the same must hold on leaving."""
    visits: list[Visit] = []

    def keep_page(name: str, viewport: dict[str, int] = WIDE) -> Visit:
        visits.append(opener.keep(name, viewport))
        visits[-1].run("osteograph.state.picture = osteograph.page.view.pictures[0]; osteograph.clear()")
        return visits[-1]

    yield keep_page
    assert [fault for here in visits for fault in here.faults] == []


def _note_request(here: Visit, url: str, wanted: str) -> None:
    if url.partition("#")[0] != wanted and not url.startswith(("blob:", "data:")):
        here.faults.append(f"request: {url}")
