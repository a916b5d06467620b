"""Layout: no label covers another, edges between the same two nodes lie apart, and hash seeds change nothing."""

from __future__ import annotations

import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.visualizations.boxes import box_of, find_overlaps, push_apart, wrap_label
from osteograph.visualizations.distances import stress_layout
from osteograph.visualizations.page import Page

from .pages import VIEWS


@pytest.mark.parametrize("name", VIEWS)
def test_no_label_covers_another(name: str, drawn: dict[str, Page]) -> None:
    """In every view, on a wide and on a narrow screen, boxes of shape and label are apart."""
    layout = drawn[name].layout
    assert find_overlaps(layout.wide, layout.labels) == []
    assert find_overlaps(layout.narrow, layout.labels) == []


@pytest.mark.parametrize("name", VIEWS)
def test_edges_between_two_nodes_lie_apart(name: str, drawn: dict[str, Page]) -> None:
    """No two edges between the same two nodes have the same bow, seen from the same end."""
    content, bends = drawn[name].content, drawn[name].layout.bends
    bows = [(*sorted((e.source, e.target)), bends[e.id] * (1 if e.source < e.target else -1)) for e in content.edges]
    assert len(set(bows)) == len(bows)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.text("abc ", min_size=1)), max_size=25))
def test_any_crowd_is_pushed_apart(crowd: list[tuple[int, int, str]]) -> None:
    """However close nodes start, even in one spot, they end without overlap."""
    labels = {f"n{index}": wrap_label(label) for index, (_, _, label) in enumerate(crowd)}
    points = {f"n{index}": (float(x), float(y)) for index, (x, y, _) in enumerate(crowd)}
    places = push_apart(points, {name: box_of(lines) for name, lines in labels.items()})
    assert find_overlaps(places, labels) == []


def test_near_nodes_stand_near() -> None:
    """On a path, the stress layout keeps the order: two steps are farther than one."""
    graph: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "c")])
    points = stress_layout(graph)

    def apart(one: str, other: str) -> float:
        return math.dist(points[one], points[other])

    assert apart("a", "c") > 1.5 * apart("a", "b")


def test_long_labels_end_in_an_ellipsis() -> None:
    """A label takes four lines at most."""
    lines = wrap_label("word " * 50)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
