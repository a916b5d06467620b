"""axe-core on every view, in every picture of it: no finding that is serious or critical."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import NARROW, WIDE
from .pages import TASK_VIEWS

pytestmark = pytest.mark.browser


def findings(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds serious or critical: rule and element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], node["html"][:200]) for one in serious for node in one["nodes"]]


def test_axe_would_find_it(browser: Any) -> None:
    """On a page with a button that has no name, and with pale text, axe-core finds both."""
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><h1>h</h1><button></button><p style="color:#ccc">pale</p>')
    assert {rule for rule, _ in findings(page)} == {"button-name", "color-contrast"}
    page.close()


@pytest.mark.parametrize("name", [*TASK_VIEWS, "schema", "hostile"])
def test_axe_finds_nothing_serious(look_at: Any, name: str) -> None:
    """In each picture, with a statement open."""
    here = look_at(name)
    here.run("osteograph.openEdge([...osteograph.edges.keys()][0])")
    assert findings(here.page) == []
    for picture in here.run("osteograph.page.view.pictures.slice()"):
        if picture != "graph":
            here.page.click(f'[data-tab="{picture}"]')
            assert findings(here.page) == []


@pytest.mark.parametrize(
    ("name", "viewport"), [("articles", WIDE), ("body_map", NARROW), ("treatments_and_conditions", WIDE)]
)
def test_axe_finds_nothing_serious_in_the_dark(visit: Any, name: str, viewport: dict[str, int]) -> None:
    """Dark mode, on wide and narrow screens."""
    here = visit(name, viewport=viewport, color_scheme="dark")
    assert findings(here.page) == []
