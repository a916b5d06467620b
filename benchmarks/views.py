"""How soon a page is ready: our views against pyvis's own pages of the same graphs, in one run of one browser.

python benchmarks/views.py [--rounds 3] [--nodes 1000] [--alone 3000]

Ready is when a picture that has come to rest is on the screen and takes clicks: for our pages, whose places are
computed beforehand, the mark that they set, or the browser's first contentful paint, if that is later; for pyvis, the
second frame after the end of its simulation (``stabilized``). The columns beside say when the panel of our page has
opened what a click in the first moment was on, when its canvas can be dragged and zoomed as well, and when pyvis first
shows the picture, still moving. Addresses outside the page are refused, as where there is no network. The made-up
graphs are Barabási-Albert graphs, three edges a node.
"""

from __future__ import annotations

import argparse
import math
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx as nx
from playwright.sync_api import sync_playwright
from pyvis.network import Network

from osteograph.knowledge_graph import load
from osteograph.visualizations.content import Content, Edge, Node, Statement
from osteograph.visualizations.html import draw_view, render_page
from osteograph.visualizations.layout import arrange
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import View, find_view

TASKS = ("overview", "spread", "bone_agents", "articles")
PATIENCE = 600.0  # seconds for one page
NOTE_READY = """(() => {
const note = (name) => { window[name] ??= performance.now(); };
const noteAfterTwoFrames = (name) => () => requestAnimationFrame(() => requestAnimationFrame(() => note(name)));
let drawn;
Object.defineProperty(window, 'network', {
  configurable: true,
  get: () => drawn,
  set: (network) => {
    drawn = network;
    network.once('stabilizationIterationsDone', noteAfterTwoFrames('shownAfter'));
    network.once('stabilized', noteAfterTwoFrames('readyAfter'));
  },
});
const paints = () => performance.getEntriesByName('first-contentful-paint');
new PerformanceObserver(() => noteReady()).observe({ type: 'paint', buffered: true });
let marked;
const noteReady = () => {
  const { shown, ready, canvas } = document.documentElement.dataset;
  if (shown) marked ??= performance.now();
  if (ready) note('answersAfter');
  if (canvas) note('shownAfter');
  if (marked && paints().length) window.readyAfter ??= Math.max(marked, paints()[0].startTime);
};
new MutationObserver(noteReady)
  .observe(document, { subtree: true, attributes: true, attributeFilter: ['data-shown', 'data-ready', 'data-canvas'] });
})();
"""


def made_up(count: int) -> Page:
    """A page of a made-up graph."""
    graph = nx.barabasi_albert_graph(count, 3, seed=7)
    names = {number: f"osteo:N{number}" for number in graph}
    nodes = tuple(Node(names[n], "", f"concept {n}", "other", "", (), ()) for n in graph)
    pairs = [(names[a], names[b], f"ost:s{index}") for index, (a, b) in enumerate(graph.edges)]
    statements = tuple(
        Statement(name, "", "stated", f"{a} joins {b}", "article", a, "joins", b, "", "") for a, b, name in pairs
    )
    edges = tuple(Edge(f"e{name}", a, b, "bmo:joins", "joins", "stated", 1, (name,)) for a, b, name in pairs)
    content = Content(nodes, edges, statements)
    view = View(f"{count} nodes", f"{count} nodes", "A made-up graph.", "")
    return Page(view, content, arrange(content, view))


def of_pyvis(page: Page) -> str:
    """pyvis's own page of the same nodes and edges, as it comes."""
    network = Network(directed=True, cdn_resources="in_line")
    for node in page.content.nodes:
        network.add_node(node.id, label=node.label, title=node.label)
    for edge in page.content.edges:
        network.add_edge(edge.source, edge.target, title=edge.label)
    return str(network.generate_html())


def seconds_until_ready(browser: Any, html: str, folder: Path, rounds: int) -> tuple[float, float, float]:
    """When the picture is shown (of ours: by its canvas), is ready, and answers; medians over rounds in new pages."""
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    times = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        page.add_init_script(NOTE_READY)
        page.goto(file.as_uri(), wait_until="commit")
        times.append(_times(page))
        page.close()
    shown, ready, answers = (statistics.median(column) / 1000 for column in zip(*times, strict=True))
    return shown, ready, answers


def _times(page: Any) -> list[float]:
    """When the picture was shown, came to rest and answers, in milliseconds; endless where patience ended before."""
    until = time.monotonic() + PATIENCE
    while not page.evaluate("window.readyAfter && window.shownAfter") and time.monotonic() < until:
        page.wait_for_timeout(50)
    return [found or math.inf for found in page.evaluate("[window.shownAfter, window.readyAfter, window.answersAfter]")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nodes", type=int, nargs="*", default=[1000], help="made-up graphs, against pyvis")
    parser.add_argument("--alone", type=int, nargs="*", default=[3000], help="made-up graphs, without pyvis")
    options = parser.parse_args(arguments)
    with load() as kg:
        against = [draw_view(kg.store, find_view(name)) for name in TASKS]
        whole = draw_view(kg.store, find_view("whole"))
    against += [made_up(count) for count in options.nodes]
    alone = [whole, *(made_up(count) for count in options.alone)]
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{platform.machine()}, Chromium {browser.version}\n")
        print(
            "| view | nodes | edges | ours, s | answers, s | canvas, s | pyvis shown, s | at rest, s | ours / pyvis |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for page in [*against, *alone]:
            canvas, ours, answers = seconds_until_ready(browser, render_page(page), Path(folder), options.rounds)
            size = f"{len(page.content.nodes)} | {len(page.content.edges)}"
            row = f"| {page.view.name} | {size} | {ours:.2f} | {answers:.2f} | {canvas:.2f} |"
            if page in alone:
                print(f"{row} | | |", flush=True)
                continue
            rounds = options.rounds if len(page.content.nodes) < 500 else 1
            shown, rests, _ = seconds_until_ready(browser, of_pyvis(page), Path(folder), rounds)
            print(f"{row} {shown:.1f} | {rests:.1f} | 1/{rests / ours:.1f} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
