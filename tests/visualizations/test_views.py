"""Views: each asks a query that answers, and what it shows is complete."""

from __future__ import annotations

import pytest

from osteograph.ontology.errors import UnknownName
from osteograph.queries.stores.base import Store
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.collecting import collect
from osteograph.visualizations.content import Content
from osteograph.visualizations.kinds import KINDS, LOOKS
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import View, find_view

from .pages import TASK_VIEWS, VIEWS


@pytest.fixture(params=VIEWS)
def content(request: pytest.FixtureRequest, drawn: dict[str, Page]) -> Content:
    """The content of each view in turn."""
    return drawn[request.param].content


@pytest.mark.parametrize("name", TASK_VIEWS)
def test_task_views_are_of_a_size_that_one_can_read(name: str, drawn: dict[str, Page]) -> None:
    """A task view has between 5 and 60 nodes."""
    assert 5 <= len(drawn[name].content.nodes) <= 60


def test_no_node_stands_alone(content: Content) -> None:
    """Every node is the end of an edge, and every edge has its nodes."""
    assert {node.id for node in content.nodes} == {end for edge in content.edges for end in (edge.source, edge.target)}


def test_every_edge_names_statements_of_the_page(content: Content) -> None:
    """Edges and statements belong together: none of either is without the other."""
    assert {statement.id for statement in content.statements} == {
        name for edge in content.edges for name in edge.statements
    }
    assert len({edge.id for edge in content.edges}) == len(content.edges)


def test_every_statement_rests_on_something(content: Content) -> None:
    """Behind each statement stand passages; behind each rule its citation, or the word that it is unverified."""
    for statement in content.statements:
        if statement.rule:
            assert statement.rule.citations or not statement.rule.verified, statement.id
        else:
            assert statement.weight or statement.says == "curators", statement.id


def test_rules_are_never_mistaken_for_articles(content: Content) -> None:
    """What labels say has the look of labels and no claims; what articles say has neither rule nor that look."""
    for statement in content.statements:
        assert (statement.rule is not None) == (statement.look == "label"), statement.id
        assert (statement.says == "article") == bool(statement.claims), statement.id
        assert bool(statement.proofs) == (statement.look == "derived"), statement.id


def test_what_is_contested_shows_the_other_side(content: Content) -> None:
    """A disputed or refuted statement names a conflict or a fault whose explanation is on the page."""
    conflicts = {conflict.id: conflict for conflict in content.conflicts}
    for statement in content.statements:
        assert set(statement.conflicts) <= set(conflicts)
        if statement.look == "contested":
            assert any(member.outcome for name in statement.conflicts for member in conflicts[name].members), (
                statement.id
            )


def test_positions_and_digests_are_whole(content: Content) -> None:
    """Each passage has a stretch and a SHA-256."""
    for passage in (p for s in content.statements for claim in s.claims for p in claim.passages):
        assert 0 <= passage.start < passage.end
        assert len(passage.sha256) == 64


def test_kinds_have_a_shape_of_their_own() -> None:
    """No two kinds share a shape, so that nothing hangs on colour."""
    assert len({kind.shape for kind in KINDS}) == len(KINDS)


def test_looks_cover_what_edges_have(content: Content) -> None:
    """Every look of an edge stands in the legend."""
    assert {edge.look for edge in content.edges} <= set(LOOKS)


def test_stores_agree(store: Store, oxigraph_store: OxigraphStore) -> None:
    """A view shows the same whatever store answers."""
    assert collect(store, find_view("conflicts")) == collect(oxigraph_store, find_view("conflicts"))


def test_names_of_views_forgive_dashes() -> None:
    """``bone-agents`` and ``bone_agents`` are one view; an unknown name brings suggestions."""
    assert find_view("bone-agents") is find_view("bone_agents")
    with pytest.raises(UnknownName, match="bone-agents"):
        find_view("bone-agent")


def test_a_view_names_only_kinds_and_layouts_that_exist() -> None:
    """A slip in a header is refused when the view is read."""
    with pytest.raises(ValueError, match="no kind is called 'cancr'"):
        View("slip", "t", "d", "SELECT * {}", columns=(("cancr",),), layout="columns")
    with pytest.raises(ValueError, match="no layout is called 'spiral'"):
        View("slip", "t", "d", "SELECT * {}", layout="spiral")
