"""The matrix, the body map, neighbourhoods and SPARQL in a browser, by clicks and keys."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from osteograph.ontology.namespaces import CONCEPT
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.page import Page
from osteograph.visualizations.picture import to_svg
from osteograph.visualizations.skeleton import REGIONS

from .conftest import NARROW

pytestmark = pytest.mark.browser

SITES = """
SELECT DISTINCT ?site {
  { ?statement bmo:subject ?site ; bmo:predicate bmo:commonSiteOf ; bmo:object osteo:LungCancerBoneMetastasis }
  UNION { ?statement bmo:subject osteo:LungCancer ; bmo:predicate bmo:metastasizesTo ; bmo:object ?site }
}"""
SHADES = """() => Object.fromEntries([...document.querySelectorAll('#body [data-region]')]
  .map((part) => [part.dataset.region, part.getAttribute('class').replace('region ', '')]))"""
SVG = "{http://www.w3.org/2000/svg}"


def test_the_body_map_colours_what_a_query_finds(visit: Any, oxigraph_store: OxigraphStore) -> None:
    """For lung cancer, coloured are exactly the regions that depict a site which the graph names for it."""
    here = visit("body_map")
    here.page.check('[name="scope"][value="lung"]')
    answer = oxigraph_store.query(SITES)
    assert isinstance(answer, Solutions)
    named = {row["site"].removeprefix(CONCEPT) for row in answer.dicts()}
    wanted = {region.name for region in REGIONS if named & set(region.depicts)}
    shades = here.run(SHADES)
    assert {name for name, shade in shades.items() if shade != "none"} == wanted
    assert (shades["thigh"], shades["hand"], shades["skull"], shades["jaw"]) == ("most", "named", "none", "none")
    assert "scope=lung" in here.page.url


def test_the_jaw_is_a_place_of_harm_only(visit: Any) -> None:
    """The jaw is coloured among the harms, by statements about osteonecrosis, and in no list of sites."""
    here = visit("body_map", "#scope=harm&region=jaw")
    assert "osteonecrosis of the jaw" in here.text("#panel")
    assert here.run(SHADES)["jaw"] == "harm"
    for scope in ("any", "lung", "fracture"):
        here.page.check(f'[name="scope"][value="{scope}"]')
        assert here.run(SHADES)["jaw"] == "none"
    assert "Not mentioned does not mean" in here.text("#panel")


def test_a_bone_opens_by_click_and_by_key(visit: Any) -> None:
    """A click and Enter on a region show the same; every coloured region shows a statement."""
    here = visit("body_map")
    here.page.click('[data-region="pelvis"]')
    clicked = here.text("#panel")
    assert "pelvis is a common site of bone metastasis" in clicked
    here.page.keyboard.press("Escape")
    here.page.focus('[data-region="pelvis"]')
    here.page.keyboard.press("Enter")
    assert here.text("#panel") == clicked
    assert here.run("getComputedStyle(document.querySelector('[data-region=pelvis] path')).strokeWidth") == "3px"
    for region, shade in here.run(SHADES).items():
        here.page.focus(f'[data-region="{region}"]')
        here.page.keyboard.press("Enter")
        assert (here.page.locator("#panel .card").count() > 0) == (shade != "none"), region


@pytest.mark.parametrize("name", ["cancers_and_sites", "treatments_and_conditions", "articles"])
def test_every_cell_says_who_says_so(visit: Any, drawn: dict[str, Page], name: str) -> None:
    """The matrix has the cells that its edges make, and each opens all statements of its row and column."""
    here = visit(name, "#picture=matrix" if name == "articles" else "")
    matrix, content = drawn[name].matrix, drawn[name].content
    assert here.page.locator("#matrix tbody tr").count() == len(matrix.rows)
    statements = {edge.id: set(edge.statements) for edge in content.edges}
    opened = here.run(
        """[...document.querySelectorAll('#matrix [data-cell]')].map((cell) => {
          cell.click();
          const cards = [...document.querySelectorAll('#panel [data-statement]')].map((card) => card.dataset.statement);
          return [cell.dataset.cell, cards, cell.ariaLabel];
        })"""
    )
    wanted = {f"{cell.row} {cell.column}": set().union(*map(statements.get, cell.edges)) for cell in matrix.cells}  # type: ignore[arg-type]
    assert {cell: set(cards) for cell, cards, _ in opened} == wanted
    assert all(label for _, _, label in opened)


def test_arrows_walk_through_the_matrix(visit: Any) -> None:
    """One cell is reached by Tab, the others by arrows; Enter opens; the address remembers the cell."""
    here = visit("treatments_and_conditions")
    here.page.focus('#matrix [data-cell][tabindex="0"]')
    first = here.run("document.activeElement.dataset.cell")
    here.page.keyboard.press("ArrowRight")
    here.page.keyboard.press("ArrowDown")
    cell = here.run("document.activeElement.dataset.cell")
    assert cell != first
    assert here.page.locator('#matrix [data-cell][tabindex="0"]').count() == 1
    here.page.keyboard.press("Enter")
    assert here.page.locator("#panel .card").count() >= 1
    again = visit("treatments_and_conditions", "#" + here.page.url.partition("#")[2])
    assert again.run("osteograph.state.cell") == cell


def test_neighbourhoods_open_and_fold(visit: Any) -> None:
    """Only what is around a node; expand a neighbour; collapse it again; back and forward; show all."""
    here = visit("overview")
    shown = "[...osteograph.inSight()].sort()"
    everything = here.run(shown)
    here.run("osteograph.openNode('osteo:LungCancer')")
    here.page.click('[data-do="around-1"]')
    around = here.run(shown)
    edges = here.run("[...osteograph.edges.values()].map((edge) => [edge.from, edge.to])")
    assert around == sorted({end for edge in edges if "osteo:LungCancer" in edge for end in edge})
    here.run("osteograph.openNode('osteo:Bone')")
    here.page.click('[data-do="expand"]')
    wider = here.run(shown)
    assert set(wider) == set(around) | {end for edge in edges if "osteo:Bone" in edge for end in edge}
    here.page.click('[data-do="collapse"]')
    assert here.run(shown) == around
    here.page.go_back()
    assert here.run(shown) == wider
    here.page.go_forward()
    assert here.run(shown) == around
    here.page.click('[data-do="all"]')
    assert here.run(shown) == everything


def test_leaves_fold_under_a_node_and_the_keyboard_does_it_too(visit: Any) -> None:
    """Minus folds what hangs on the node alone, plus brings it back; a double click folds as well."""
    here = visit("overview")
    shown = "osteograph.inSight().size"
    everything = here.run(shown)
    here.run("osteograph.openNode('osteo:LungCancer')")
    here.page.focus("#graph")
    here.page.keyboard.press("-")
    assert here.run("['osteo:HandBone', 'osteo:LungCancer'].map((id) => osteograph.inSight().has(id))") == [False, True]
    here.page.keyboard.press("+")
    assert here.run(shown) == everything
    spot = here.run("osteograph.network.canvasToDOM(osteograph.network.getPositions()['osteo:LungCancer'])")
    here.page.dblclick("#graph", position=spot)
    assert here.run(shown) < everything


def test_labels_thin_out_by_rank(visit: Any) -> None:
    """Zoomed far out, fewer labels are drawn, larger in the picture, none over another, and the busiest stays."""
    here = visit("overview")
    before = here.run("osteograph.currentPlan().ids.size")
    for _ in range(6):
        here.page.click("#zoom-out")
    plan = here.run(
        "(() => { const plan = osteograph.currentPlan(); return { ids: [...plan.ids], grow: plan.grow }; })()"
    )
    assert 3 <= len(plan["ids"]) < before
    assert plan["grow"] * here.run("osteograph.network.getScale()") == pytest.approx(0.7, abs=0.01)
    assert "osteo:BoneMetastasis" in plan["ids"]


def test_a_large_neighbourhood_opens_at_its_centre(visit: Any, opener: Any, oxigraph_store: OxigraphStore) -> None:
    """A concept with hundreds of things within two steps shows the first step, and says how much more there is."""
    from osteograph.visualizations.html import render_view
    from osteograph.visualizations.views import fill_view, find_view

    view = fill_view(oxigraph_store, find_view("concept"), {"concept": "hypercalcemia"}, depth=2)
    folder = opener.base.removeprefix("file://")
    with open(f"{folder}/deep.html", "w", encoding="utf-8") as file:
        file.write(render_view(oxigraph_store, view))
    here = visit("deep")
    seen, all_ = here.run("[osteograph.inSight().size, osteograph.nodes.size]")
    assert 1 < seen < all_ > 60
    here.page.click('[data-do="all"]')
    assert here.run("osteograph.inSight().size") == all_


def test_queries_can_be_copied_and_run(visit: Any, oxigraph_store: OxigraphStore) -> None:
    """The SPARQL of the view, of a concept, of a statement and of a part of a rule each finds something."""
    here = visit("treatment", permissions=[])
    queries = []
    for choice in (
        "osteograph.clear()",
        "osteograph.openNode('osteo:Denosumab')",
        "osteograph.openEdge([...osteograph.edges.values()].find((edge) => edge.look === 'hedged').id)",
        "osteograph.openEdge([...osteograph.edges.values()].find((edge) => edge.look === 'label').id)",
    ):
        here.run(choice)
        here.page.click("#panel .sparql summary >> nth=0")
        here.page.click('#panel [data-do="copy"] >> nth=0')
        here.page.wait_for_selector("#panel .sparql [role=status]:not(:empty)")
        queries.append(here.text("#panel .sparql pre >> nth=0"))
    for query in queries:
        answer = oxigraph_store.query(query)
        assert isinstance(answer, Solutions)
        assert answer.rows, query


def _lines(root: ET.Element) -> list[tuple[str, list[float]]]:
    """The first line of each edge, by the words of its title."""
    groups = [group for group in root.iter(SVG + "g") if group.find(SVG + "path") is not None]
    named = [(group.findtext(SVG + "title") or "", _numbers(group.find(SVG + "path"))) for group in groups]
    return sorted(named)


def _labels(root: ET.Element) -> list[tuple[str | None, str]]:
    """The lines of labels, each with where it stands; the title has larger letters."""
    texts = [text for text in root.iter(SVG + "text") if text.get("font-size") != "16"]
    return sorted((line.text, line.attrib["x"]) for text in texts for line in text.iter(SVG + "tspan"))


def _numbers(path: ET.Element | None) -> list[float]:
    return [] if path is None else [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]


@pytest.mark.parametrize("name", ["overview", "articles", "concept"])
def test_python_and_the_page_draw_the_same_places(look_at: Any, drawn: dict[str, Page], name: str) -> None:
    """The SVG of the command line has its shapes and lines where the page's own SVG has them."""
    ours, theirs = ET.fromstring(to_svg(drawn[name])), ET.fromstring(look_at(name).run("osteograph.svgText()"))
    for (name_here, line_here), (name_there, line_there) in zip(_lines(ours), _lines(theirs), strict=True):
        assert name_here == name_there
        assert line_here == pytest.approx(line_there, abs=0.11)
    assert _labels(ours) == _labels(theirs)


@pytest.mark.parametrize("name", ["body_map", "cancers_and_sites"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, NARROW], ids=["wide", "narrow"])
def test_other_pictures_can_be_saved(visit: Any, name: str, viewport: dict[str, int]) -> None:
    """The SVG and the PNG of a matrix or body map are whole."""
    here = visit(name, viewport=viewport)
    root = ET.fromstring(here.run("osteograph.svgText()"))
    assert root.findall(SVG + "text")
    assert not list(root.iter(SVG + "script"))
    with here.page.expect_download() as download:
        here.page.click("#save-png")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_statements_of_other_makers_are_told_apart(visit: Any) -> None:
    """A link of the hierarchy says that the curators set it, and has no passage."""
    here = visit("treatment")
    here.run("osteograph.openEdge([...osteograph.edges.values()].find((edge) => edge.look === 'curated').id)")
    assert "set by the curators" in here.text("#panel")
    assert "SHA-256" not in here.text("#panel")


def test_a_statement_opens_with_its_evidence(visit: Any) -> None:
    """The page of one statement shows at once what it rests on, and what contradicts it."""
    here = visit("statement")
    text = here.text("#panel")
    assert "SHA-256" in text
    assert "contradiction" in text
    assert "denosumab has dosing interval every four weeks" in text
    here.page.keyboard.press("Escape")
    assert "One statement with all it rests on" in here.text("#panel")


def test_a_newcomer_finds_answers_on_the_page(visit: Any) -> None:
    """Where lung cancer spreads, why denosumab is flagged for the jaw, and what the sources disagree on."""
    here = visit("spread")
    here.page.fill("#search", "lung cancer")
    here.page.press("#search", "Enter")
    answer = here.page.locator("#panel .relation").first
    assert answer.locator("h3").inner_text() == "metastasizes to"
    assert {"hand bone", "foot bone", "bone"} <= set(answer.locator("[data-node]").all_inner_texts())
    assert answer.bounding_box()["y"] + answer.bounding_box()["height"] < 800, "in sight, though it has many names"
    here = visit("treatment")
    here.page.fill("#search", "ONJ")
    here.page.press("#search", "Enter")
    here.page.click('#panel [aria-label^="Evidence"] >> text=citation')
    assert "From a label or guideline, not from an article." in here.text("#panel")
    assert "osteonecrosis of the jaw" in here.text("#panel")
    here = visit("conflicts")
    here.page.click("#panel .disagreements button >> nth=0")
    assert "contradiction" in here.text("#panel .conflict")
