"""Pages and editor in a real browser: nothing fetched from elsewhere, nothing logged, and the editor works."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from osteograph.ontology.namespaces import BASE
from tests.browsing import wait_until

from ..conftest import ROOT
from ..needs import CHROMIUM, need_program
from ..visualizations.test_accessible import findings
from .live import Live

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
ANSWERED = "() => document.querySelector('.yasr_results table tbody tr')"
RUN = "(query) => { const y = editor.getTab().getYasqe(); y.setValue(query); return y.query().catch(() => null); }"
COMPLETE = """(query) => { const y = editor.getTab().getYasqe(); y.setValue(query);
  y.setCursor({ line: 0, ch: query.length }); y.focus(); y.autocomplete(); }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    program = need_program(*CHROMIUM)
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, live: Live, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of the server; on leaving, it has asked nobody else, and logged and thrown nothing."""
    faults: list[str] = []
    options = getattr(request, "param", {})
    made = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
    made.on("console", lambda message: faults.append(f"console: {message.text}"))
    made.on("pageerror", lambda error: faults.append(f"error: {error}"))
    made.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    made.on("request", lambda sent: faults.append(sent.url))
    made.faults = faults
    yield made
    made.close()
    assert [fault for fault in faults if not fault.startswith((live.url, "data:", "blob:"))] == []


PATHS = ["", "concept/Denosumab", "concept/", "conflict/X001", "rule/ZOL-01", "claim/C001", "reference.html", "api",
         "search?q=bone", "views/overview.html"]  # fmt: skip


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], ids=["script", "no-script"], indirect=True)
def test_pages_open_quietly(page: Any, live: Live) -> None:
    """With and without JavaScript: standards mode, one heading, the notice, no sideways scrolling."""
    for path in PATHS:
        page.goto(live.url + path)
        assert page.locator("h1").count() == 1, path
        assert "reviewed by no clinician" in page.inner_text("body"), path
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live.url + "concept/Denosumab")
    assert page.locator("article.statement").count() > 10


def test_the_page_fits_a_telephone(page: Any, live: Live) -> None:
    """At 390 pixels nothing scrolls sideways but what has a bar of its own."""
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PATHS[:6]:
        page.goto(live.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


KINDS = ["", "concept/SpinalColumn.html", "concept/LungCancer.html", "concept/", "conflict/X001.html",
         "issue/AI-01.html", "claim/C001.html", "passage/a-s002.html", "rule/ZOL-01.html", "rule/ZOL-07-2.html",
         "publication/ArticleB.html", "section/b.treatment.html", "inference/kind_of_kind.html",
         "schema/PrimaryCancer.html", "schema/metastasizesTo.html", "graph/concepts.html", "search?q=bone", "api",
         "concept/Nowhere"]  # fmt: skip
STATEMENTS = """SELECT ?s { { SELECT (MIN(?a) AS ?s) { ?a a bmo:DerivedStatement } } UNION
  { SELECT (MIN(?a) AS ?s) { ?a a bmo:Statement ; bmo:standing bmo:Refuted } } }"""


@pytest.mark.parametrize(
    ("page", "width", "step"),
    [({"color_scheme": "light"}, 1280, 1), ({"color_scheme": "dark"}, 390, 4)],
    indirect=["page"],
    ids=["wide-light", "narrow-dark"],
)
def test_every_kind_of_page_can_be_read_by_everybody(page: Any, live: Live, width: int, step: int) -> None:
    """With all that opens open: nothing serious by axe-core, no sideways scrolling; in the dark a fourth of them."""
    statements = [iri.removeprefix(BASE) + ".html" for iri in live.query(STATEMENTS, "text/csv").text.split()[1:]]
    assert len(statements) == 2
    page.set_viewport_size({"width": width, "height": 844})
    for path in [*KINDS[::step], *statements]:
        page.goto(live.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.faults[:] = [fault for fault in page.faults if "404" not in fault]  # of the page that is not there


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], ids=str, indirect=True)
def test_proofs_can_be_read_by_everybody(page: Any, live: Live, width: int) -> None:
    """Why a treatment is flagged: lines that open by keyboard, no sideways scrolling, nothing serious by axe-core."""
    live.get("/concept/Xgeva.html")  # the first page waits until the graph is read
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live.url + "concept/Xgeva.html")
    first = page.locator("section[aria-labelledby=why] details").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "because:" in first.inner_text()
    assert "on the word of:" in first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert findings(page) == []
    first.locator("text=This statement").click()
    page.wait_for_url("**/statement/*.html")
    assert page.locator("h2#why").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert findings(page) == []


def open_editor(page: Any, live: Live, address: str = "") -> None:
    page.goto(f"{live.url}editor{address}")
    page.wait_for_selector("html[data-ready]")


def test_an_example_runs_from_its_button(page: Any, live: Live) -> None:
    """One click fills the editor and the table; the filter finds it."""
    open_editor(page, live)
    page.fill("#filter", "where does a cancer spread")
    page.click("#examples li:not([hidden]) button")
    wait_until(page, ANSWERED)
    assert "arm bone" in page.inner_text(".yasr_results")


def test_a_wide_answer_fits_a_telephone(page: Any, live: Live) -> None:
    """The table scrolls in itself."""
    page.set_viewport_size({"width": 390, "height": 844})
    open_editor(page, live)
    page.evaluate(RUN, "SELECT * { osteo:LungCancer ?property ?value }")
    wait_until(page, ANSWERED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_iri_is_copied(page: Any, live: Live) -> None:
    """By its button; without the clipboard it is at least selected."""
    page.goto(live.url + "concept/LungCancer.html")
    button = page.locator(".iri button").first
    button.click()
    wait_until(page, "() => document.querySelector('.iri button').textContent !== 'Copy'")
    if button.inner_text() == "Selected":
        assert page.evaluate("getSelection().toString()") == BASE + "concept/LungCancer"
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator(".iri button").last.click()
    wait_until(page, "() => getSelection().toString() === 'osteo:LungCancer'")


def test_answers_are_shown_as_graph_and_chart(page: Any, live: Live) -> None:
    """A CONSTRUCT as a graph, counts as bars."""
    open_editor(page, live)
    page.evaluate(RUN, "CONSTRUCT WHERE { osteo:LungCancer bmo:metastasizesTo ?site }")
    page.wait_for_selector(".select_Graph:not(.disabled)")
    page.click(".select_Graph")
    page.wait_for_selector(".graph-view canvas")
    page.evaluate(RUN, "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) LIMIT 12")
    page.wait_for_selector(".select_Chart:not(.disabled)")
    page.click(".select_Chart")
    assert page.locator(".chart rect").count() == 12


def test_completion_proposes_terms_of_the_graph(page: Any, live: Live) -> None:
    """Classes by their names, and nothing that the VoID description does not have."""
    open_editor(page, live)
    page.evaluate(COMPLETE, "SELECT * { ?s a <lesion")
    page.wait_for_selector(".CodeMirror-hints li")
    hints = page.eval_on_selector_all(".CodeMirror-hints li", "items => items.map((item) => item.textContent)")
    assert hints == ["<https://w3id.org/osteograph/schema/LesionType>"]


def test_hostile_values_stay_text(page: Any, live: Live) -> None:
    """Markup in an answer is shown and never run."""
    open_editor(page, live)
    page.evaluate(RUN, "SELECT ('<img src=x onerror=alert(1)>' AS ?x) ('1'^^<javascript:alert(1)> AS ?y) {}")
    wait_until(page, ANSWERED)
    assert "<img" in page.inner_text(".yasr_results")
    assert page.locator(".yasr_results img, .yasr_results a[href^=javascript]").count() == 0
    # YASGUI parses each value as HTML before it shows it as text; the browser reports what the policy then blocks
    page.faults[:] = [fault for fault in page.faults if "Content Security Policy" not in fault]


def test_a_share_link_opens_its_query(page: Any, live: Live) -> None:
    """Query this, from the page of a concept, opens the editor with the query for it."""
    page.goto(live.url + "concept/Zometa.html")
    page.click("text=query this")
    page.wait_for_selector("html[data-ready]")
    assert "concept/Zometa" in page.evaluate("editor.getTab().getYasqe().getValue()")


def test_vendored_files_are_those_that_were_fetched() -> None:
    """Digests, and a licence for every package in them."""
    folder = ROOT / "visualizations" / "static" / "yasgui"
    record = json.loads((folder / "vendored.json").read_text(encoding="utf-8"))
    for name, entry in record["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
    texts = (folder / "LICENSES.txt").read_text(encoding="utf-8")
    assert [package for package in record["packages"] if f"== {package}: " not in texts] == []
