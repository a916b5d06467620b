"""Pages in a real browser: what a reader does, with every request outside the page counted."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from typing import Any

import networkx as nx
import pytest

from tests.browsing import wait_frames, wait_until

from .conftest import NARROW, WIDE
from .pages import HOSTILE, TASK_VIEWS, VIEWS

pytestmark = pytest.mark.browser

# What tests ask of a page, in its own language
FROM_CENTRE = """(id) => {
  const place = osteograph.network.canvasToDOM(osteograph.network.getPositions()[id]);
  const graph = document.getElementById('graph');
  return Math.hypot(place.x - graph.clientWidth / 2, place.y - graph.clientHeight / 2);
}"""
OPEN_ALL_EDGES = """() => [...osteograph.edges.values()].map((edge) => {
  const under = (point) => osteograph.network.getEdgeAt(osteograph.network.canvasToDOM(point));
  const reached = osteograph.curveOf(edge.id).some((point) => under(point) === edge.id);
  osteograph.openEdge(edge.id, { centre: false });
  const cards = [...document.querySelectorAll('#panel [data-statement]')].map((card) => card.dataset.statement);
  const text = document.getElementById('panel').textContent;
  return { id: edge.id, reached, wanted: edge.statements, look: edge.look, cards, text };
})"""
REACHED_LOOPS = """() => [...osteograph.edges.values()].filter((edge) => edge.from === edge.to).map((edge) => {
  const under = (point) => osteograph.network.getEdgeAt(osteograph.network.canvasToDOM(point));
  return [edge.id, osteograph.curveOf(edge.id).some((point) => under(point) === edge.id)];
})"""
MIDDLE_OF_EDGE = """(id) => {
  const points = osteograph.curveOf(id);
  return osteograph.network.canvasToDOM(points[points.length >> 1]);
}"""
SHOWN_EDGES = """() => osteograph.network.body.data.edges.get({ filter: (edge) => !edge.hidden })
  .map((edge) => osteograph.edges.get(edge.id))
  .map((edge) => ({ look: edge.look, kinds: [edge.from, edge.to].map((end) => osteograph.nodes.get(end).kind) }))"""
UNNAMED_CONTROLS = """() => [...document.querySelectorAll('button, input, a')]
  .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
  .map((element) => element.outerHTML)"""
PNG_FITS = """async () => {
  const png = await osteograph.pngCanvas(), seen = document.querySelector('#graph canvas');
  return png.width === seen.width && png.height === seen.height && png.toDataURL().length > 20000;
}"""


@pytest.mark.parametrize("name", [*VIEWS, "hostile"])
def test_pages_open_quietly_over_loopback(visit: Any, loopback: str, name: str) -> None:
    """Over HTTP too, a page asks for nothing but itself and says nothing; a large one is ready within five seconds."""
    here = visit(name, at=loopback)
    assert here.run("document.compatMode") == "CSS1Compat"
    assert here.run("document.querySelectorAll('h1').length") == 1
    assert here.page.is_visible("#notice")


@pytest.mark.parametrize("name", [*TASK_VIEWS, "hostile"])
def test_pages_keep_their_size(look_at: Any, name: str) -> None:
    """From a file, a page has the same height when it has drawn thirty frames more."""
    here = look_at(name)
    size = here.run("[innerWidth, document.documentElement.scrollHeight]")
    wait_frames(here.page, 30)
    assert here.run("[innerWidth, document.documentElement.scrollHeight]") == size


@pytest.mark.parametrize("name", TASK_VIEWS)
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_first_paint_can_be_read(look_at: Any, name: str, viewport: dict[str, int]) -> None:
    """Everything is in the frame at 0.7 or larger, nothing scrolls sideways, and no label as drawn covers another."""
    here = look_at(name, viewport=viewport)
    assert here.run("document.documentElement.scrollWidth") <= viewport["width"]
    if here.page.locator('[data-tab="graph"]').count():
        here.page.click('[data-tab="graph"]')
        here.page.click("#fit")
    assert here.run("osteograph.network.getScale()") >= 0.7
    boxes = here.run("osteograph.labelBoxes()")
    overlaps = [
        (a["id"], b["id"])
        for index, a in enumerate(boxes)
        for b in boxes[index + 1 :]
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]
    assert overlaps == []
    assert here.run("osteograph.currentPlan().ids.size") == len(boxes)


def test_a_synonym_finds_the_product(visit: Any) -> None:
    """Typing ``xgeva`` and Enter opens Xgeva, centred, with its panel."""
    here = visit("bone_agents")
    here.page.fill("#search", "XGEVA inj")
    assert "Xgeva injection" in here.text("#hits")
    here.page.press("#search", "Enter")
    assert here.text("#panel h2") == "Xgeva"
    assert here.run(FROM_CENTRE, "osteo:Xgeva") < 5
    here.page.fill("#search", "osteo:Zometa")
    here.page.press("#search", "Enter")
    assert here.text("#panel h2") == "Zometa"
    assert "zoledronic" in here.text("#panel")


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("LUNG CANCERS", "lung cancer"),  # case, plural
        ("Zométa", "Zometa"),  # a mark that the name has not
        ("osteonecroses of jaw", "osteonecrosis of the jaw"),  # another plural, small words
        ("jaw osteonec", "osteonecrosis of the jaw"),  # parts, in any order
        ("hypocalcæmia", "hypocalcemia"),
        ("hypocalcaemia", "hypocalcemia"),
        ("osteo:KidneyDamage", "kidney damage"),
        ("vertebrae", "vertebra"),
    ],
)
def test_a_name_is_found_as_people_write_it(look_at: Any, wanted: str, first: str) -> None:
    """Case, accents, plurals, British spelling, parts of words and the order of words do not matter."""
    here = look_at("overview")
    hits = here.run("(text) => osteograph.search(text).map((hit) => osteograph.nodes.get(hit.id).label)", wanted)
    assert hits[0].replace("\n", " ") == first
    assert here.run("osteograph.search('zzz of')") == []


@pytest.mark.parametrize("name", TASK_VIEWS)
def test_every_edge_opens_its_statements(look_at: Any, name: str) -> None:
    """Each edge can be hit with the pointer, and shows each of its statements with what it rests on."""
    here = look_at(name)
    shown = here.run(OPEN_ALL_EDGES)
    for edge in shown:
        assert edge["reached"], edge["id"]
        assert edge["cards"] == edge["wanted"]
        if edge["look"] == "label":
            assert "From a label or guideline, not from an article." in edge["text"]
            assert "Jurisdiction" in edge["text"]
            assert "Verified" in edge["text"]
        elif edge["look"] == "curated":
            assert "set by the curators" in edge["text"]
        elif edge["look"] == "derived":
            assert "because:" in edge["text"]
            assert "label or guideline" in edge["text"]
        else:
            assert "SHA-256" in edge["text"]
            assert "Polarity" in edge["text"]


def test_every_line_from_a_node_to_itself_is_reached(look_at: Any) -> None:
    """However many there are at one node, each has a place around it where the pointer hits it and no other."""
    here = look_at("schema")
    reached = here.run(REACHED_LOOPS)
    assert len(reached) > 10
    assert [name for name, is_reached in reached if not is_reached] == []


def test_a_click_on_the_picture_opens_what_lies_there(visit: Any) -> None:
    """The mouse opens a node, and a line halfway along."""
    here = visit("conflicts")
    spot = here.run("osteograph.network.canvasToDOM(osteograph.network.getPositions()['osteo:Prolia'])")
    here.page.click("#graph", position=spot)
    assert here.text("#panel h2") == "Prolia"
    here.run("osteograph.clear()")
    edge = here.run("[...osteograph.edges.values()].find((edge) => edge.to === 'osteo:IntravenousRoute').id")
    spot = here.run(MIDDLE_OF_EDGE, edge)
    here.page.click("#graph", position=spot)
    assert "refuted" in here.text("#panel")
    assert "contradiction" in here.text("#panel")
    assert "subcutaneous route" in here.text("#panel .conflict")


def test_on_a_narrow_screen_what_was_chosen_is_in_sight(visit: Any) -> None:
    """A tap on a node shows its panel at the foot of the screen; nothing covers the picture while nothing is chosen."""
    here = visit("overview", viewport=NARROW)
    assert here.page.locator("#panel").bounding_box()["y"] > NARROW["height"]
    spot = here.run("osteograph.network.canvasToDOM(osteograph.network.getPositions()['osteo:LungCancer'])")
    here.page.click("#graph", position=spot)
    heading = here.page.locator("#panel h2").bounding_box()
    assert NARROW["height"] / 2 < heading["y"] < NARROW["height"] - heading["height"]
    here.page.keyboard.press("Escape")
    assert here.page.locator("#panel").bounding_box()["y"] > NARROW["height"]


@pytest.mark.parametrize("name", ["spread", "bone_agents", "concept"])
def test_the_table_is_an_equal_path(visit: Any, name: str) -> None:
    """The table has a row for each statement, and each row opens its statement."""
    here = visit(name)
    wanted = here.run("osteograph.page.statements.map((statement) => statement.id)")
    opened = here.run(
        """[...document.querySelectorAll('#table tbody tr')].map((row) => {
          const button = row.querySelector('button');
          button.click();
          const cards = [...document.querySelectorAll('#panel [data-statement]')].map((card) => card.dataset.statement);
          return cards.includes(button.dataset.statement) ? button.dataset.statement : null;
        })"""
    )
    assert opened == wanted
    assert here.run("osteograph.csvText().trim().split('\\r\\n').length") == len(wanted) + 1


def test_the_legend_hides_kinds_lines_and_relations(visit: Any) -> None:
    """Unchecking takes nodes and their edges out of the picture, and the address remembers it."""
    here = visit("overview")
    count = "osteograph.network.body.data.nodes.get({ filter: (node) => !node.hidden }).length"
    before = here.run(count)
    here.page.uncheck('[data-filter="kind:site"]')
    sites = here.run("[...osteograph.nodes.values()].filter((node) => node.kind === 'site').length")
    assert here.run(count) == before - sites
    assert not any("site" in edge["kinds"] for edge in here.run(SHOWN_EDGES))
    here.page.uncheck('[data-filter="look:label"]')
    assert not any(edge["look"] == "label" for edge in here.run(SHOWN_EDGES))
    assert "hide=" in here.page.url
    here.page.check('[data-filter="kind:site"]')
    here.page.check('[data-filter="look:label"]')
    assert here.run(count) == before


def test_a_permalink_restores_what_was_seen(visit: Any) -> None:
    """An address opens the same node, statement and filter again; back and forward walk between them."""
    here = visit("conflicts")
    here.run("osteograph.openNode('osteo:Prolia')")
    here.run("osteograph.openEdge([...osteograph.edges.values()].find((edge) => edge.look === 'contested').id)")
    here.page.uncheck('[data-filter="look:hedged"]')
    panel, address = here.text("#panel"), here.page.url.partition("#")[2]
    again = visit("conflicts", "#" + address)
    assert again.text("#panel") == panel
    assert not again.page.is_checked('[data-filter="look:hedged"]')
    here.page.go_back()
    here.page.go_back()
    wait_until(here.page, "document.querySelector('#panel h2')?.textContent === 'Prolia'")
    here.page.go_forward()
    wait_until(here.page, "document.querySelector('#panel .card') !== null")


def test_a_foreign_address_does_no_harm(visit: Any) -> None:
    """An address that names nothing of the page opens it as new."""
    here = visit("overview", "#node=osteo:None&edge=%3Cimg%3E&path=x|y&hide=kind:none,%22%5D")
    assert "Choose a node" in here.text("#panel")


def test_the_keyboard_reaches_everything(visit: Any) -> None:
    """Arrows walk, Enter opens one statement after another, Escape clears, and the focus can be seen."""
    here = visit("overview")
    here.page.focus("#graph")
    here.page.keyboard.press("ArrowRight")
    first = here.text("#panel h2")
    here.page.keyboard.press("ArrowLeft")
    assert here.text("#panel h2") != first
    here.page.keyboard.press("Enter")
    one = here.run("osteograph.state.edge")
    here.page.keyboard.press("Enter")
    assert None not in (one, here.run("osteograph.state.edge"))
    here.page.keyboard.press("Escape")
    assert here.run("[osteograph.state.edge, osteograph.state.node]") == [None, None]
    assert here.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert here.run(UNNAMED_CONTROLS) == []


def test_paths_are_the_shortest(visit: Any) -> None:
    """The path between two concepts is as long as networkx finds it, and every step shows its evidence."""
    here = visit("overview")
    edges = here.run("[...osteograph.edges.values()].map((edge) => [edge.from, edge.to])")
    wanted = nx.shortest_path_length(nx.Graph(edges), "osteo:LungCancer", "osteo:KidneyDamage")
    here.page.click("#path-box summary")
    here.page.fill("#path-from", "lung cancer")
    here.page.fill("#path-to", "kidney damage")
    here.page.click("#path-form button")
    assert here.run("osteograph.state.path.length") == wanted
    assert here.page.locator("#panel .step .card").count() >= wanted


@pytest.mark.parametrize("name", [*TASK_VIEWS, "hostile"])
def test_the_svg_is_xml_with_its_labels_as_text(look_at: Any, name: str) -> None:
    """The title and every visible label stand in the SVG as text, and nothing in it runs."""
    here = look_at(name)
    if here.page.locator('[data-tab="graph"]').count():
        here.page.click('[data-tab="graph"]')
    root = ET.fromstring(here.run("osteograph.svgText()"))
    words = [
        " ".join(span.text or "" for span in text)
        for text in root.iter("{http://www.w3.org/2000/svg}text")
        if len(text)
    ]
    labels = here.run("[...osteograph.nodes.values()].map((node) => node.label.replaceAll('\\n', ' '))")
    assert sorted(words) == sorted([*labels, here.run("osteograph.page.view.title")])
    assert not {element.tag.rpartition("}")[2] for element in root.iter()} - {
        "svg", "title", "desc", "rect", "text", "tspan", "g", "path", "polygon"
    }  # fmt: skip


def test_the_png_is_as_large_as_the_picture(visit: Any) -> None:
    """The PNG has the size of the canvas and is not empty."""
    assert visit("overview").run(PNG_FITS)


def test_hostile_text_is_shown_and_never_run(visit: Any) -> None:
    """In every panel, the table, the search and the legend, hostile text stays text and hostile IRIs stay unlinked."""
    here = visit("hostile")
    for script in (
        "openNode([...osteograph.nodes.keys()][0])",
        *(f"openEdge([...osteograph.edges.keys()][{i}])" for i in (0, 1, 2)),
    ):
        here.run(
            f"osteograph.{script}; document.querySelectorAll('#panel details').forEach((one) => {{ one.open = true; }})"
        )
        assert "</script><img src=x" in here.text("#panel")
        wait_frames(here.page, 2)
    here.page.click('[data-tab="matrix"]')
    here.page.click("#matrix [data-cell]")
    assert "</script><img src=x" in here.text("#panel")
    assert "</script><img src=x" in here.text("#matrix")
    here.run("svg = new DOMParser().parseFromString(osteograph.svgText(), 'image/svg+xml'); 0")
    assert here.run("svg.querySelectorAll('script, img, image, a, [onload], [onerror]').length") == 0
    here.page.click('[data-tab="graph"]')
    again = visit(
        "hostile", "#" + here.page.url.partition("#")[2] + "&near=1+%3Cimg%3E&fold=x&cell=%22&scope=__proto__"
    )
    assert again.run("osteograph.inSight().size") == 2
    here.page.fill("#search", "onerror")
    assert "<img" in here.text("#hits")
    here.page.hover(
        "#graph",
        position=here.run(
            "osteograph.network.canvasToDOM(osteograph.network.getPositions()[[...osteograph.nodes.keys()][0]])"
        ),
    )
    here.page.wait_for_selector("div.vis-tooltip", state="visible")
    assert here.text("h1").replace("\u202e", "") == HOSTILE.replace("\u202e", "")
    assert here.run("window.ran") is None
    assert here.page.locator("img, #panel svg[onload], [onerror]").count() == 0
    links = here.run("[...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))")
    assert [link for link in links if not link.startswith(("http://", "https://"))] == []
    assert "'=1+1" in here.run("osteograph.csvText()")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "\uff1d1+1"])
def test_a_spreadsheet_computes_no_cell(look_at: Any, formula: str) -> None:
    """What a spreadsheet would take for a formula, however it is led or written, begins with an apostrophe."""
    rows = list(csv.reader([look_at("statement").run("(text) => csvCell(text)", formula)]))
    assert rows[0][0].startswith("'")
    assert look_at("statement").run("csvCell('lung cancer - 1')") == "lung cancer - 1"


def test_modes_change_what_they_should(visit: Any) -> None:
    """Dark follows the system and the button; print leaves the controls out."""
    here = visit("overview", color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = here.run(background)
    here.page.click("#theme")
    assert here.run(background) == "rgb(255, 255, 255)" != dark
    here.page.emulate_media(media="print")
    assert not here.page.is_visible("#tools")
    assert here.page.is_visible("#table")


def test_paper_is_light_and_as_wide_as_the_matrix(visit: Any) -> None:
    """A dark page is printed light and dark again afterwards; no column of a matrix and no row falls off the paper."""
    here = visit("treatments_and_conditions", color_scheme="dark", viewport={"width": 760, "height": 1060})
    assert here.run("document.documentElement.dataset.theme") == "dark"
    here.page.emulate_media(media="print", color_scheme="light")  # as browsers print
    here.page.wait_for_selector("[data-theme=light] .paper", state="attached")
    table = here.page.locator("#matrix table").bounding_box()
    picture = here.page.locator("#picture").bounding_box()
    assert table["x"] + table["width"] <= 760
    assert table["y"] + table["height"] <= picture["y"] + picture["height"]
    here.page.emulate_media(media="screen", color_scheme="dark")
    here.page.wait_for_selector("[data-theme=dark]:not(:has(.paper))")


def _contrast(one: str, other: str) -> float:
    """The contrast of two #rrggbb colours after WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_outlines_lines_and_text_stand_out(visit: Any, scheme: str) -> None:
    """Outlines and lines have a contrast of 3 to 1 with the ground, text of 4.5 to 1."""
    here = visit("overview", color_scheme=scheme)
    names = [
        "--background",
        "--outline",
        "--edge",
        "--edge-light",
        "--edge-label",
        "--edge-derived",
        "--contested",
        "--text",
        "--quiet",
        "--card",
        "--accent",
        "--contested-text",
    ]
    colors = dict(
        zip(
            names,
            here.run(f"{names!r}.map((n) => getComputedStyle(document.documentElement).getPropertyValue(n).trim())"),
            strict=True,
        )
    )
    for name in ("--outline", "--edge", "--edge-light", "--edge-label", "--edge-derived", "--contested"):
        assert _contrast(colors[name], colors["--background"]) >= 3, name
    for name in ("--text", "--quiet", "--accent", "--contested-text"):
        for ground in ("--background", "--card"):
            assert _contrast(colors[name], colors[ground]) >= 4.5, (name, ground)
