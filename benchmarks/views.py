"""How soon a page is ready: our views against pyvis's own pages of the same graphs, in one run of one browser.

python benchmarks/views.py [--rounds 3] [--nodes 1000] [--alone 3000]

Ready is when a picture that has come to rest is on the screen and takes clicks: for our pages, whose places are
computed beforehand, the mark that they set, or the browser's first contentful paint, if that is later; for pyvis, the
second frame after the end of its simulation (``stabilized``). The columns beside say when the panel of our page has
opened what a click in the first moment was on, when its canvas can be dragged and zoomed as well, and when pyvis first
shows the picture, still moving. No address outside the page is found, as where there is no network. The first row is a
page with a word and nothing else, below which no page can come. The made-up graphs are Barabási-Albert graphs, three
edges a node.
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
from osteograph.visualizations.views import View, find_view, list_views

LARGE = ("whole", "schema")  # all other views are task views
EMPTY = '<!doctype html><html lang="en" data-shown="yes" data-ready="yes" data-canvas="yes"><title>word</title>word'
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]  # no address leads anywhere
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


def seconds_until_ready(browser: Any, files: Sequence[Path], rounds: int, patience: float) -> list[list[float]]:
    """Of each file, when its picture is shown (of ours: by its canvas), is ready, and answers; medians over rounds.

    The files take turns, so that what else the machine does falls on all of them.
    """
    times: list[list[list[float]]] = [[] for _ in files]
    for _ in range(rounds):
        for file, column in zip(files, times, strict=True):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(NOTE_READY)
            page.goto(file.as_uri(), wait_until="commit")
            column.append(_times(page, patience))
            page.close()
    return [[statistics.median(values) / 1000 for values in zip(*column, strict=True)] for column in times]


def _times(page: Any, patience: float) -> list[float]:
    """When the picture was shown, came to rest and answers, in milliseconds; endless where patience ended before."""
    until = time.monotonic() + patience
    while not page.evaluate("window.readyAfter && window.shownAfter") and time.monotonic() < until:
        page.wait_for_timeout(50)
    return [found or math.inf for found in page.evaluate("[window.shownAfter, window.readyAfter, window.answersAfter]")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nodes", type=int, nargs="*", default=[1000], help="made-up graphs, against pyvis")
    parser.add_argument("--alone", type=int, nargs="*", default=[3000], help="made-up graphs, without pyvis")
    parser.add_argument("--patience", type=float, default=600.0, help="seconds for one page")
    options = parser.parse_args(arguments)
    with load() as kg:
        against = [draw_view(kg.store, view) for view in list_views() if view.name not in LARGE]
        alone = [draw_view(kg.store, find_view(name)) for name in LARGE]
    against += map(made_up, options.nodes)
    alone += map(made_up, options.alone)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        print(f"{platform.machine()}, Chromium {browser.version}\n")
        print(
            "| view | nodes | edges | ours, s | answers, s | canvas, s | pyvis shown, s | at rest, s | ours / pyvis |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        ours, theirs = Path(folder, "ours.html"), Path(folder, "theirs.html")
        ours.write_text(EMPTY)
        ((_, floor, _),) = seconds_until_ready(browser, [ours], max(options.rounds, 3), options.patience)
        print(f"| a page with a word | | | {floor:.2f} | | | | | |", flush=True)
        for page in [*against, *alone]:
            ours.write_text(render_page(page), encoding="utf-8")
            theirs.write_text(of_pyvis(page), encoding="utf-8")
            rounds = options.rounds if len(page.content.nodes) < 500 or page in alone else 1
            files = [ours] if page in alone else [ours, theirs]
            (canvas, ready, answers), *of_theirs = seconds_until_ready(browser, files, rounds, options.patience)
            size = f"{len(page.content.nodes)} | {len(page.content.edges)}"
            rest = [f"{shown:.1f} | {rests:.1f} | 1/{rests / ready:.1f}" for shown, rests, _ in of_theirs] or ["| |"]
            print(
                f"| {page.view.name} | {size} | {ready:.2f} | {answers:.2f} | {canvas:.2f} | {rest[0]} |",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
