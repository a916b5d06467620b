"""What the tests of views share: every view drawn once, and a browser."""

from __future__ import annotations

import pytest

from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.html import draw_view, render_page
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import find_view

from .pages import VIEWS


@pytest.fixture(scope="session")
def drawn(oxigraph_store: OxigraphStore) -> dict[str, Page]:
    """Every view over the real graph, parameters at their defaults."""
    return {name: draw_view(oxigraph_store, find_view(name)) for name in VIEWS}


@pytest.fixture(scope="session")
def rendered(drawn: dict[str, Page]) -> dict[str, str]:
    """The page of every view."""
    return {name: render_page(page) for name, page in drawn.items()}
