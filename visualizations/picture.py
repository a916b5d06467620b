"""Pictures without a page: a view as SVG with real text, in the positions that the page has, and as PNG.

The colours are those of the page's light theme, read from its style sheet.
"""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from osteograph.ontology.errors import ToolMissing
from osteograph.ontology.notice import NOTICE

from .boxes import LINE, SHAPE, Point, box_of
from .content import Edge, Node
from .curves import draw_line
from .kinds import KINDS, LOOKS, Look
from .page import Page
from .shapes import OUTLINES

_STYLE = Path(__file__).parent / "static" / "view.css"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KINDS = {kind.name: kind for kind in KINDS}
WIDE_LETTER = 10.0  # of a title, generously, in pixels
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"


@cache
def light_colors() -> dict[str, str]:
    """The colours of the light theme by name."""
    block = re.search(r":root \{(.*?)\}", _STYLE.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return dict(re.findall(r"(--[\w-]+): (#\w+);", block[1]))


def to_svg(page: Page) -> str:
    """The first picture of a view as SVG: its graph, its matrix or its body map."""
    from .body_picture import draw_body
    from .matrix_picture import draw_matrix

    draw = {"graph": _draw_graph, "matrix": draw_matrix, "body": draw_body}[page.view.pictures[0]]
    parts, (left, top, right, bottom) = draw(page)
    heading = textwrap.wrap(page.view.title, max(20, int((right - left) / WIDE_LETTER)), break_on_hyphens=False)
    left, top, right, bottom = left - 20, top - 40 - 20 * len(heading), right + 20, bottom + 20
    colors = light_colors()
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": " ".join(f"{n:.0f}" for n in (left, top, right - left, bottom - top)),
            "width": f"{right - left:.0f}",
            "height": f"{bottom - top:.0f}",
            "font-family": FONT,
            "font-size": "13",
            "role": "img",
        },
    )
    words(svg, "title", page.view.title)
    words(svg, "desc", f"{page.view.description} {NOTICE}")
    ET.SubElement(
        svg, "rect", numbers(x=left, y=top, width=right - left, height=bottom - top), fill=colors["--background"]
    )
    title = ET.SubElement(svg, "text", {"font-size": "16", "font-weight": "bold", "fill": colors["--text"]})
    for line, text in enumerate(heading):
        words(title, "tspan", text, numbers(x=left + 12, y=top + 24 + 20 * line))
    words(svg, "text", NOTICE, numbers(x=left + 12, y=top + 23 + 20 * len(heading)) | {"fill": colors["--quiet"]})
    svg.extend(parts)
    return ET.tostring(svg, encoding="unicode") + "\n"


def to_png(svg: str, *, zoom: float = 2.0, most: int = 6000) -> bytes:
    """An SVG picture as PNG, no side longer than ``most`` pixels. Raises ToolMissing where resvg is not installed."""
    try:
        import resvg_py
    except ImportError as error:
        raise ToolMissing("PNG needs resvg: install it with  pip install 'osteograph[png]'") from error
    root = ET.fromstring(svg)
    longest = max(float(root.attrib[side]) for side in ("width", "height"))
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=min(zoom, most / longest)))


def words(parent: ET.Element, tag: str, text: str, attributes: dict[str, str] | None = None) -> ET.Element:
    """A child that holds text which XML admits."""
    child = ET.SubElement(parent, tag, attributes or {})
    child.text = _NOT_XML.sub("\ufffd", text)
    return child


def numbers(**values: float) -> dict[str, str]:
    """Attributes with short numbers."""
    return {name: f"{value:.1f}".removesuffix(".0") for name, value in values.items()}


def pairs(points: Sequence[Point]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def outline(kind: str, x: float, y: float, size: float) -> ET.Element:
    """The shape of a kind."""
    points = [(x + dx * size, y + dy * size) for dx, dy in OUTLINES[_KINDS[kind].shape]]
    stroke = {"fill": _KINDS[kind].color, "stroke": light_colors()["--outline"], "stroke-width": "1.5"}
    return ET.Element("polygon", {"points": pairs(points)} | stroke)


Bounds = tuple[float, float, float, float]


def _draw_graph(page: Page) -> tuple[list[ET.Element], Bounds]:
    """Edges below, nodes above, a key of the lines and shapes at the foot; and how far it all reaches."""
    places, labels = page.layout.wide, page.layout.labels
    boxes = {name: box_of(lines) for name, lines in labels.items()}
    left = min(x - boxes[name].half for name, (x, _) in places.items())
    right = max(max(x + boxes[name].half for name, (x, _) in places.items()), left + 640)
    top = min(y - boxes[name].up for name, (_, y) in places.items())
    bottom = max(y + boxes[name].down for name, (_, y) in places.items())
    names = {node.id: node.label for node in page.content.nodes}
    edges = [_edge(edge, page, names) for edge in page.content.edges]
    shapes = [_shape(node, places[node.id]) for node in page.content.nodes]
    texts = ET.Element("g", _lettering())
    texts.extend(_label(places[node.id], labels[node.id]) for node in page.content.nodes)
    key, foot = _key(page, left, right, bottom + 34)
    return [*edges, *shapes, texts, *key], (left, top, right, foot)


def _edge(edge: Edge, page: Page, names: dict[str, str]) -> ET.Element:
    group = ET.Element("g")
    words(group, "title", f"{names[edge.source]} {edge.label} {names[edge.target]}")
    look, places = LOOKS[edge.look], page.layout.wide
    width = 1 + 0.5 * min(max(edge.weight, 1) - 1, 5) + (3.5 if look.double else 0)
    head = 2.25 if look.double else 7.5
    line = draw_line(places[edge.source], places[edge.target], bend=page.layout.bends[edge.id], width=width, head=head)
    group.extend(_line({"d": line.path}, "path", look, width))
    ET.SubElement(group, "polygon", points=pairs(line.head), fill=light_colors()[look.color])
    return group


def _line(shape: dict[str, str], tag: str, look: Look, width: float) -> Iterator[ET.Element]:
    """A line in a look; a doubled one has a second line inside."""
    colors = light_colors()
    plain = shape | {"fill": "none", "stroke-dasharray": " ".join(map(str, look.dashes)) or "none"}
    yield ET.Element(tag, plain | {"stroke": colors[look.color], "stroke-width": f"{width:g}"})
    if look.double:
        yield ET.Element(tag, plain | {"stroke": colors["--background"], "stroke-width": "1.8"})


def _shape(node: Node, place: Point) -> ET.Element:
    group = ET.Element("g")
    words(group, "title", node.label)
    group.append(outline(node.kind, *place, SHAPE))
    return group


def _lettering() -> dict[str, str]:
    """How all labels are written: in the middle below their shapes, with a halo in the colour of the ground."""
    colors = light_colors()
    halo = {"stroke": colors["--background"], "stroke-width": "3", "paint-order": "stroke"}
    return {"text-anchor": "middle", "fill": colors["--text"]} | halo


def _label(place: Point, lines: Sequence[str]) -> ET.Element:
    x, y = place
    text = ET.Element("text")
    for index, line in enumerate(lines):
        words(text, "tspan", line, numbers(x=x, y=y + SHAPE + 13 + LINE * index))
    return text


def _key(page: Page, left: float, right: float, top: float) -> tuple[list[ET.Element], float]:
    """What the lines and shapes say, in rows; and where that ends."""
    looks = [look for name, look in LOOKS.items() if any(edge.look == name for edge in page.content.edges)]
    kinds = [kind for kind in KINDS if any(node.kind == kind.name for node in page.content.nodes)]
    parts: list[ET.Element] = []
    x, y = left, top
    for swatch, label in [*((kind.name, kind.label) for kind in kinds), *((look.name, look.label) for look in looks)]:
        width = 46 + 7.4 * len(label)
        if x + width > right and x > left:
            x, y = left, y + 22
        if swatch in _KINDS:
            parts.append(outline(swatch, x + 18, y - 4, 8))
        else:
            line = numbers(x1=x, y1=y - 4, x2=x + 32, y2=y - 4)
            parts.extend(_line(line, "line", LOOKS[swatch], 5 if LOOKS[swatch].double else 2))
        group = ET.Element("g")
        words(group, "text", label, numbers(x=x + 38, y=y) | {"fill": light_colors()["--quiet"]})
        parts.append(group)
        x += width
    return parts, y + 4
