"""Other ways to meet a page: fingers, paper, forced colours, little room, and before the canvas has taken over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from osteograph.visualizations.content import Content, Edge, Node, Statement
from osteograph.visualizations.html import render_page
from osteograph.visualizations.layout import arrange
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import View
from tests.browsing import wait_frames

from .conftest import NARROW, WIDE
from .test_accessible import findings

pytestmark = pytest.mark.browser

LABELS = ("x" * 5000, "word " * 1000, "\u202egnol\u202c", "\u0000\u0007 end", "<b>bold</b>&amp;", "\u6f22" * 40, "loop")
OUT_OF_FRAME = """() => {
  const { clientWidth, clientHeight } = document.getElementById('graph'), { ids, grow } = osteograph.currentPlan();
  const { scale, position: { x, y } } = osteograph.frame();
  return osteograph.labelBoxes(grow).filter((box) => ids.has(box.id)).filter((box) =>
    (box.left - x) * scale < -clientWidth / 2 || (box.right - x) * scale > clientWidth / 2 ||
    (box.top - y) * scale < -clientHeight / 2 || (box.bottom - y) * scale > clientHeight / 2).map((box) => box.id);
}"""
ON_SCREEN = """(id) => {
  const { x, y } = osteograph.toScreen(osteograph.places[id]);
  const { left, top } = document.getElementById('graph').getBoundingClientRect();
  return [x + left, y + top];
}"""


@pytest.fixture
def fingers(browser: Any, opener: Any) -> Iterator[Any]:
    """The overview on a telephone."""
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{opener.base}/overview.html")
    page.wait_for_selector("html[data-canvas]")
    yield page
    context.close()


def _pinch(page: Any, start: int, end: int) -> None:
    """Two fingers, so far from the middle of the screen at first and in the end."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": 195 + side * apart, "y": 500, "id": side} for side in (-1, 1)] if kind != "touchEnd" else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for step in range(1, 9):
        touch("touchMove", start + (end - start) * step / 8)
    touch("touchEnd", end)
    wait_frames(page, 5)


def test_fingers_open_and_enlarge(fingers: Any) -> None:
    """A tap opens a node; two fingers enlarge the picture and make it small again, when it rests as before."""
    fingers.touchscreen.tap(*fingers.evaluate(ON_SCREEN, "osteo:LungCancer"))
    fingers.wait_for_selector("#panel h2:has-text('lung cancer')")
    fingers.evaluate("osteograph.clear(); scrollTo(0, 0)")
    before = fingers.evaluate("osteograph.frame().scale")
    _pinch(fingers, 40, 100)
    assert fingers.evaluate("osteograph.frame().scale") > 1.5 * before
    assert not fingers.evaluate("find('graph').matches('.still')")
    _pinch(fingers, 100, 40)
    assert fingers.evaluate("osteograph.frame().scale") == pytest.approx(before, rel=0.05)
    assert fingers.evaluate("find('graph').matches('.still')")


def test_paper_has_the_whole_graph_and_its_key(visit: Any) -> None:
    """Printed is an SVG as wide as the paper, without what is filtered away; on the screen it is gone again."""
    here = visit("overview", "#hide=kind:site", color_scheme="dark", viewport={"width": 760, "height": 1060})
    here.page.emulate_media(media="print")
    here.page.wait_for_selector(".paper")
    box = here.page.locator(".paper").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 760
    words = here.page.locator(".paper").text_content()
    assert "lung cancer" in words
    assert "femur" not in words
    assert here.page.locator(".paper text").first.get_attribute("fill") == "#1b1e23"
    assert "stated by an article" in here.page.locator("#key").text_content()
    assert here.page.locator("#key").is_visible()
    assert not here.page.locator("#graph canvas").is_visible()
    here.page.emulate_media(media="screen")
    here.page.wait_for_selector(".paper", state="detached")


def test_forced_colours_keep_what_is_pressed_and_what_shades_say(visit: Any) -> None:
    """With the colours of the system, the tab in sight and the levels of the body map still differ."""
    here = visit("body_map", forced_colors="active")
    paint = "(one) => getComputedStyle(one).backgroundColor"
    tabs = {here.page.locator(f'[data-tab="{name}"]').evaluate(paint) for name in ("body", "graph")}
    assert len(tabs) == 2
    assert here.page.locator(".level.most").evaluate(paint) == "rgb(8, 81, 156)"


@pytest.mark.parametrize("name", ["overview", "treatments_and_conditions", "body_map", "hostile"])
def test_nothing_scrolls_sideways_at_320_pixels(visit: Any, name: str) -> None:
    """As wide as 1,280 pixels are at four times their size, the page itself needs one direction of scrolling only."""
    assert visit(name, viewport={"width": 320, "height": 256}).run("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_labels_at_the_edge_are_whole(visit: Any, viewport: dict[str, int]) -> None:
    """The whole graph is seen small, with large labels, and none of those drawn is cut off."""
    here = visit("whole", viewport=viewport)
    assert here.run("osteograph.currentPlan().ids.size") >= 10
    assert here.run("osteograph.currentPlan().grow * osteograph.frame().scale") == pytest.approx(0.7, abs=0.01)
    assert here.run(OUT_OF_FRAME) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_before_the_canvas(visit: Any, scheme: str) -> None:
    """Right after the page has opened, while the picture is the one that it brought along."""
    for viewport in (WIDE, NARROW):
        here = visit("overview", is_still=True, viewport=viewport, color_scheme=scheme)
        assert here.page.locator(".drawing .brought").count() == 1
        assert findings(here.page) == []


def test_a_filter_that_leaves_nothing_leaves_the_page_at_work(visit: Any) -> None:
    """With every kind unchecked, keys, the SVG and the frame still answer, and one check brings nodes back."""
    here = visit("conflicts")
    here.run("document.querySelectorAll('[data-filter^=\"kind\"]').forEach((box) => box.click())")
    here.page.focus("#graph")
    here.page.keyboard.press("ArrowRight")
    here.page.click("#fit")
    assert "Infinity" not in here.run("osteograph.svgText()")
    here.page.check('[data-filter="kind:treatment"]')
    here.page.focus("#graph")
    here.page.keyboard.press("ArrowRight")
    assert here.run("osteograph.state.node") is not None


def test_odd_labels_stay_small(browser: Any, tmp_path: Any) -> None:
    """Labels of 5,000 characters, of controls and of other directions leave a page as small as any."""
    nodes = tuple(Node(f"e:{i}", "", label, "other", "", (), ()) for i, label in enumerate(LABELS))
    pairs = [(i, i + 1) for i in range(len(nodes) - 1)] + [(6, 6), (0, 1), (1, 0)]
    statements = tuple(
        Statement(f"e:s{i}", "", "stated", "words", "article", nodes[a].label, "joins", nodes[b].label, "", "")
        for i, (a, b) in enumerate(pairs)
    )
    edges = tuple(
        Edge(f"e{i}", f"e:{a}", f"e:{b}", "e:joins", "joins", "contested", 1, (f"e:s{i}",))
        for i, (a, b) in enumerate(pairs)
    )
    view, content = View("odd", "Odd", "Made up.", ""), Content(nodes, edges, statements)
    file = tmp_path / "odd.html"
    file.write_text(render_page(Page(view, content, arrange(content, view))), encoding="utf-8")
    for viewport in (WIDE, NARROW):
        page = browser.new_page(viewport=viewport)
        errors: list[str] = []
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-canvas]")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.evaluate("document.documentElement.scrollHeight") < 6000
        assert page.evaluate(OUT_OF_FRAME) == []
        page.evaluate("osteograph.openNode('e:0')")
        assert len(page.inner_text("#panel h2")) == 5000
        assert page.locator("#panel b").count() == 0
        assert errors == []
        page.close()
