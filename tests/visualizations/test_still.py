"""The still picture: there at once, to be used, and the same that the canvas of vis-network then draws."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from osteograph.visualizations.page import Page
from tests.browsing import wait_frames, wait_until

from .conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

BESIDE_EDGE = """(id) => {
  const points = osteograph.curveOf(id), { x, y } = osteograph.toScreen(points[points.length >> 1]);
  return { x: x + 3, y: y + 3 };
}"""
PARTS = "[...new Set([...document.querySelectorAll('#still [data-node]')].map((part) => part.dataset.node))].sort()"
LATER = """document.addEventListener('DOMContentLoaded', () => {
  const run = window.runScript;
  const isOurs = (text) => text === document.getElementById('script-data').textContent;
  window.runScript = (text) => { if (isOurs(text)) window.runLater = () => run(text); else run(text); };
})"""
SHARE_THAT_DIFFERS = """async ([one, other]) => {
  const pixels = async (png) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + png;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.getContext('2d').getImageData(0, 0, image.width, image.height).data;
  };
  const [a, b] = [await pixels(one), await pixels(other)];
  return a.filter((value, index) => Math.abs(value - b[index]) > 64).length / a.length;
}"""


def seen(here: Any) -> str:
    """A screenshot of the picture, when the table below is there too; to take it may make the browser lay out anew."""
    here.page.wait_for_selector("#table tbody tr", state="attached")
    here.page.locator("#picture").screenshot()
    wait_frames(here.page, 10)
    return base64.b64encode(here.page.locator("#picture").screenshot()).decode()


def take_over(here: Any) -> None:
    """Let the canvas draw, as a page does when it has nothing else to do."""
    here.run("takeOver()")
    here.page.wait_for_selector("html[data-canvas]")


@pytest.mark.parametrize(
    ("name", "viewport", "address"),
    [
        ("overview", WIDE, ""),
        ("overview", WIDE, "#node=osteo:LungCancer"),
        ("overview", NARROW, "#hide=kind:harm"),
        ("statement", WIDE, ""),  # which opens with a doubled line chosen
        ("schema", WIDE, "#node=bmo:ClinicalCondition"),  # whose lines to itself stand all around it
    ],
)
def test_the_canvas_draws_the_very_same(
    visit: Any, browser: Any, name: str, viewport: dict[str, int], address: str
) -> None:
    """Not one in five hundred colour values differs when the canvas has taken over, whatever is chosen or filtered."""
    here = visit(name, address, is_still=True, viewport=viewport)
    assert here.run("osteograph.network") is None
    before = seen(here)
    take_over(here)
    here.page.wait_for_selector("#still", state="detached")
    judge = browser.new_page()
    assert judge.evaluate(SHARE_THAT_DIFFERS, [before, seen(here)]) < 0.002
    here.run("osteograph.openNode([...osteograph.nodes.keys()][1])")
    assert judge.evaluate(SHARE_THAT_DIFFERS, [before, seen(here)]) > 0.002, "what differs is seen to differ"
    judge.close()


def test_the_still_picture_can_be_used(visit: Any) -> None:
    """Before the canvas is there, clicks on nodes and lines, search, zoom, legend and keys do what they do later."""
    here = visit("conflicts", is_still=True)
    x, y = here.run("Object.values(osteograph.toScreen(osteograph.places['osteo:Prolia']))")
    here.page.click("#picture", position={"x": x, "y": y})
    assert here.text("#panel h2") == "Prolia"
    edge = here.run("[...osteograph.edges.values()].find((edge) => edge.to === 'osteo:IntravenousRoute').id")
    here.page.click("#picture", position=here.run(BESIDE_EDGE, edge))
    assert "refuted" in here.text("#panel")
    here.page.click("#picture", position={"x": 5, "y": 5})
    assert "Choose a node" in here.text("#panel")
    here.page.fill("#search", "Zometa")
    here.page.press("#search", "Enter")
    assert here.text("#panel h2") == "Zometa"
    everything = here.run(PARTS)
    here.page.uncheck('[data-filter="kind:harm"]')
    assert set(here.run(PARTS)) < set(everything)
    here.page.click("#zoom-in")
    here.page.focus("#graph")
    here.page.keyboard.press("ArrowRight")
    chosen, frame = here.text("#panel h2"), here.run("[osteograph.state.node, osteograph.frame()]")
    assert chosen != "Zometa"
    take_over(here)
    assert here.text("#panel h2") == chosen
    assert here.run("osteograph.network.getSelectedNodes()") == [frame[0]]
    assert here.run("osteograph.network.getScale()") == pytest.approx(frame[1]["scale"])
    assert here.run("osteograph.network.getViewPosition()") == pytest.approx(frame[1]["position"])


def test_a_crowd_waits_for_its_canvas(visit: Any) -> None:
    """The whole graph is drawn by the canvas from the start."""
    here = visit("whole")
    assert here.page.locator("#still").count() == 0
    assert here.page.locator("#graph canvas").count() == 1


def test_a_crowd_without_its_library_stays_still(browser: Any, opener: Any) -> None:
    """Where the library cannot be unpacked, even the whole graph is drawn, opens panels, and says what is missing."""
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"{opener.base}/whole.html")
    page.wait_for_selector("#panel p:has-text('cannot be dragged')")
    assert page.locator("#still g[data-node]").count() > 1000
    page.evaluate("osteograph.openNode('osteo:Xgeva')")
    assert page.inner_text("#panel h2") == "Xgeva"
    page.close()


def test_without_scripts_there_is_a_picture(browser: Any, opener: Any) -> None:
    """With scripts off, a page shows notice, title, picture with labels, a key, and no control that does nothing."""
    page = browser.new_page(java_script_enabled=False)
    for name, picture, words in (("overview", ".drawing.wide", "lung cancer"), ("body_map", "noscript svg", "pelvis")):
        page.goto(f"{opener.base}/{name}.html")
        assert page.locator(picture).is_visible()
        assert words in page.locator(picture).text_content()
        assert page.locator("#notice").is_visible()
        assert [control for control in page.locator("button, input").all() if control.is_visible()] == []
    page.goto(f"{opener.base}/overview.html")
    assert "stated as possible only" in page.locator("#key").text_content()
    assert page.locator("#key").is_visible()
    page.close()


@pytest.mark.parametrize(("viewport", "shown"), [(WIDE, "wide"), (NARROW, "narrow")], ids=["wide", "narrow"])
def test_the_picture_is_there_before_the_scripts(
    browser: Any, opener: Any, drawn: dict[str, Page], viewport: dict[str, int], shown: str
) -> None:
    """The page brings its picture along, and no control as yet; what is clicked is open when the scripts have run."""
    page = browser.new_page(viewport=viewport)
    page.add_init_script(LATER)
    page.goto(f"{opener.base}/conflicts.html")
    page.wait_for_selector("html[data-shown]")
    picture = page.locator(f".drawing.{shown}")
    assert picture.is_visible()
    assert page.locator(".drawing:visible").count() == 1
    content = drawn["conflicts"].content
    for kind, wanted in (("node", content.nodes), ("edge", content.edges)):
        parts = picture.locator(f"g[data-{kind}]").all()
        assert [part.get_attribute(f"data-{kind}") for part in parts] == [one.id for one in wanted]
    wait_until(page, "Boolean(window.runLater)")
    assert page.locator(":is(button, input, summary):visible").count() == 0, "none of them would answer"
    picture.locator("[data-node='osteo:Prolia'] polygon").click()
    page.evaluate("runLater()")
    page.wait_for_selector("html[data-canvas]")
    assert page.inner_text("#panel h2") == "Prolia"
    assert page.is_visible("#search")
    assert page.is_visible("#table")
    page.close()


@pytest.mark.parametrize(
    ("name", "part", "look", "heading"),
    [
        ("cancers_and_sites", "[data-cell='osteo:LungCancer osteo:ArmBone']", "", "lung cancer and arm bone"),
        ("body_map", "#body svg [data-region=skull]", "region most", "skull"),
        ("body_map", "#bones [data-region=jaw]", "inline", "jaw"),
    ],
)
def test_matrix_and_body_map_are_there_before_the_scripts(
    browser: Any, opener: Any, name: str, part: str, look: str, heading: str
) -> None:
    """Cells, shades and lists of bones are in the page; a click on one is answered as soon as the scripts have run."""
    page = browser.new_page()
    page.add_init_script(LATER)
    page.goto(f"{opener.base}/{name}.html")
    wait_until(page, "Boolean(window.runLater) && document.documentElement.dataset.shown")
    assert (page.locator(part).get_attribute("class") or "") == look
    page.click(part)
    page.evaluate("runLater()")
    page.wait_for_selector("html[data-canvas]")
    assert page.inner_text("#panel h2") == heading
    page.close()


def test_what_an_address_hides_is_never_shown(browser: Any, opener: Any) -> None:
    """Where the address asks for something, the picture waits for the scripts, which may leave parts of it out."""
    page = browser.new_page()
    page.add_init_script(LATER)
    page.goto(f"{opener.base}/overview.html#hide=kind:site")
    wait_until(page, "Boolean(window.runLater)")
    assert page.locator(".drawing:visible").count() == 0
    page.evaluate("runLater()")
    page.wait_for_selector("html[data-canvas]")
    page.close()
