"""Still pictures: matrix, body map and SVG as data, hostile text in them, and the pictures of the documentation."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.body import LEVELS, SCOPES
from osteograph.visualizations.boxes import box_of
from osteograph.visualizations.kinds import KINDS, LOOKS
from osteograph.visualizations.layout import arrange
from osteograph.visualizations.matrix import tabulate
from osteograph.visualizations.page import Page
from osteograph.visualizations.picture import light_colors, to_png, to_svg
from osteograph.visualizations.shapes import OUTLINES
from osteograph.visualizations.views import View
from tests.conftest import ROOT
from tests.test_docs import load_script

from .pages import HOSTILE, TASK_VIEWS, hostile_content

SVG = "{http://www.w3.org/2000/svg}"
QUIET = {"svg", "title", "desc", "rect", "text", "tspan", "g", "path", "polygon", "line", "defs", "pattern"}


@pytest.mark.parametrize("name", TASK_VIEWS)
def test_a_picture_holds_every_label_as_text(name: str, drawn: dict[str, Page]) -> None:
    """Title, notice and labels are text; nothing in the file is a script, a link or a style."""
    page = drawn[name]
    svg = to_svg(page)
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= QUIET
    assert not re.search(r"\son\w+=|href|javascript:", svg)
    words = [" ".join(text.itertext()).strip() for text in root.iter(SVG + "text")]
    assert page.view.title in words
    if page.view.pictures[0] == "graph":
        wanted = [" ".join(page.layout.labels[node.id]) for node in page.content.nodes]
        assert sorted(wanted) == sorted(set(wanted) & set(words))


def test_a_picture_reaches_as_far_as_its_labels(drawn: dict[str, Page]) -> None:
    """Every box of a node lies within the field of the picture."""
    page = drawn["overview"]
    left, top, width, height = map(float, ET.fromstring(to_svg(page)).attrib["viewBox"].split())
    for node, (x, y) in page.layout.wide.items():
        box = box_of(page.layout.labels[node])
        assert left <= x - box.half <= x + box.half <= left + width
        assert top <= y - box.up <= y + box.down <= top + height


@pytest.mark.parametrize("pictures", [("graph",), ("matrix",)])
def test_hostile_text_stays_text_in_pictures(pictures: tuple[str, ...]) -> None:
    """Markup in names is escaped, and control characters that XML does not admit are replaced."""
    content = hostile_content()
    content = replace(content, nodes=tuple(replace(n, label=n.label + "\x00\ud800") for n in content.nodes))
    view = View("hostile", HOSTILE, HOSTILE, "", pictures=pictures, rows=("other",), across=("other",))
    svg = to_svg(Page(view, content, arrange(content, view), tabulate(content, view)))
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= QUIET
    assert HOSTILE in [" ".join(text.itertext()) for text in root.iter(SVG + "text")]
    assert svg.count("\ufffd") >= 2


def test_a_long_title_is_whole(drawn: dict[str, Page]) -> None:
    """It takes as many lines as it needs; none reaches beyond the picture."""
    page = drawn["lesions"]
    title = "Screening of somebody with a long name (" + "labels and guidelines alone; " * 6 + "verified rules alone)"
    root = ET.fromstring(to_svg(replace(page, view=replace(page.view, title=title))))
    lines = root.findall(f"{SVG}text/{SVG}tspan")
    assert " ".join(line.text or "" for line in lines) == title
    assert all(len(line.text or "") * 10 <= float(root.attrib["width"]) for line in lines)
    assert len({line.attrib["y"] for line in lines}) == len(lines) > 1


def test_a_png_has_twice_the_size_of_its_svg(drawn: dict[str, Page]) -> None:
    """Width and height stand in the header of the file."""
    pytest.importorskip("resvg_py", reason="resvg-py is not installed")
    svg = to_svg(drawn["lesions"])
    root = ET.fromstring(svg)
    png = to_png(svg)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(png[start : start + 4], "big") for start in (16, 20)]
    assert size == [round(2 * float(root.attrib[side])) for side in ("width", "height")]
    small = to_png(svg, most=300)
    assert max(int.from_bytes(small[start : start + 4], "big") for start in (16, 20)) == 300


def test_the_pictures_of_the_documentation_are_fresh(oxigraph_store: OxigraphStore) -> None:
    """They are what the graph gives now; run scripts/write_pictures.py where not."""
    wanted = load_script("write_pictures").pictures(oxigraph_store)
    assert {path.name for path in wanted} == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    for path, data in wanted.items():
        assert path.read_bytes() == data, "run scripts/write_pictures.py"


def test_the_matrix_says_who_and_how_strongly(drawn: dict[str, Page]) -> None:
    """Zometa is contraindicated in breast-feeding by its label; both articles say that lung cancer reaches bone."""
    treatments, cancers = drawn["treatments_and_conditions"].matrix, drawn["cancers_and_sites"].matrix
    cells = {(cell.row, cell.column): [tag.text for tag in cell.tags] for cell in (*treatments.cells, *cancers.cells)}
    assert cells["osteo:Zometa", "osteo:BreastFeeding"] == ["contra"]
    assert cells["osteo:Xgeva", "osteo:UnhealedOralSurgeryWound"] == ["contra"]
    assert cells["osteo:LungCancer", "osteo:Bone"] == ["1", "2"]
    assert cells["osteo:LungCancer", "osteo:ArmBone"] == ["2?"]
    assert ("osteo:BreastCancer", "osteo:Pelvis") not in cells
    assert ("contra", "contraindicated") in treatments.key
    assert ("∴", "derived by a rule") in treatments.key


def test_a_cell_tells_what_a_treatment_inherits_by_form(drawn: dict[str, Page]) -> None:
    """What rules derive has a mark, a look and proofs; what a label says of the treatment itself has none of them."""
    page = drawn["treatments_and_conditions"]
    statements, edges = {s.id: s for s in page.content.statements}, {edge.id: edge for edge in page.content.edges}
    derived = [(cell, tag) for cell in page.matrix.cells for tag in cell.tags if tag.look == "derived"]
    assert derived
    for cell, tag in derived:
        assert tag.text.endswith(" ∴")
        told = [statements[name] for edge in cell.edges for name in edges[edge].statements]
        assert any(one.proofs and one.look == "derived" for one in told)
    own = {(cell.row, cell.column): cell.tags for cell in page.matrix.cells}["osteo:Zometa", "osteo:BreastFeeding"]
    assert [tag.look for tag in own] == ["label"]


def test_no_region_is_shaded_without_a_statement(drawn: dict[str, Page]) -> None:
    """Each finding has statements of the page, and levels and scopes are those of the legend."""
    page = drawn["body_map"]
    known = {statement.id for statement in page.content.statements}
    for scope, found in page.body.findings:
        assert scope in SCOPES
        for finding in found.values():
            assert finding.level in LEVELS
            assert finding.statements
            assert set(finding.statements) <= known
    assert page.body.finding("any", "jaw").level == "none"
    assert page.body.finding("harm", "jaw").level == "harm"
    assert page.body.finding("harm", "thigh").level == "label_harm"  # atypical fractures: no article names them


def test_every_shape_and_colour_exists() -> None:
    """Kinds name outlines, looks name colours of the style sheet."""
    assert {kind.shape for kind in KINDS} == set(OUTLINES)
    assert {look.color for look in LOOKS.values()} <= set(light_colors())
