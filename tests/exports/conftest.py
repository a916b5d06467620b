"""What the tests of exports share."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from osteograph.graph_builder.exports.material import Material


@pytest.fixture(scope="session")
def material(quads: list[ox.Quad]) -> Material:
    """The real graph, ready to be exported."""
    return Material.from_quads(quads)
