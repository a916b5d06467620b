"""The graph of a view as SVG: alone in a file, and as it stands in a page before any script has run.

In a page its colours are those of the style sheet, by name, so that they follow the theme, and it is there twice, for
wide and for narrow screens.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .boxes import CROWD, LINE, MARGIN, SHAPE, Place, box_of
from .content import Edge, Node
from .curves import draw_line
from .kinds import KINDS, LOOKS, Kind, Look
from .page import Page
from .picture import Bounds, Colors, light_colors, numbers, outline, pairs, words

LARGEST = 1.25  # how far the page enlarges a small graph on a wide screen
LARGE = 60  # nodes; of a larger neighbourhood the page opens its middle only
_KINDS = {kind.name for kind in KINDS}
_THEME = {name: f"var({name})" for name in light_colors()}
_SAID_OF_LINES = (
    ("fill", "none"),
    ("stroke-dasharray", "none"),
    ("stroke-width", "1.8"),
    ("stroke", _THEME["--background"]),
)


def draw_graph(page: Page) -> tuple[list[ET.Element], Bounds]:
    """Edges below, nodes above, a key of the lines and shapes at the foot; and how far it all reaches."""
    drawing = _Drawing(page, page.layout.wide, light_colors())
    left, top, right, bottom = drawing.bounds
    left, top, right = left - MARGIN / 2, top - MARGIN, max(right + MARGIN / 2, left - MARGIN / 2 + 640)
    edges = [drawing.edge(edge) for edge in page.content.edges]
    shapes = [drawing.shape(node) for node in page.content.nodes]
    texts = ET.Element("g", drawing.lettering())
    texts.extend(drawing.label(node) for node in page.content.nodes)
    key, foot = drawing.key(left, right, bottom + 34)
    return [*edges, *shapes, texts, *key], (left, top, right, foot)


def draw_still(page: Page) -> str:
    """The graph as it stands in its page; nothing where the page opens with something else, or draws faster itself."""
    count = len(page.content.nodes)
    is_part_only = bool(page.view.centre) and count > LARGE
    if page.view.pictures[0] != "graph" or page.report or is_part_only or not 0 < count < CROWD:
        return ""
    wide, narrow = (_Drawing(page, places, _THEME) for places in (page.layout.wide, page.layout.narrow))
    pictures = [wide.picture("drawing wide", LARGEST), narrow.picture("drawing narrow", 1.0), wide.key_picture()]
    return "\n".join(ET.tostring(picture, encoding="unicode") for picture in pictures)


@dataclass(frozen=True)
class _Drawing:
    """The parts of a picture of a graph, in these places and colours."""

    page: Page
    places: Mapping[str, Place]
    colors: Colors

    @cached_property
    def names(self) -> dict[str, str]:
        return {node.id: node.label for node in self.page.content.nodes}

    @cached_property
    def bounds(self) -> Bounds:
        """How far shapes and labels reach."""
        boxes = [(box_of(lines), *self.places[name]) for name, lines in self.page.layout.labels.items()]
        left, right = min(x - box.half for box, x, _ in boxes), max(x + box.half for box, x, _ in boxes)
        top, bottom = min(y - SHAPE for _, _, y in boxes), max(y + box.down for box, _, y in boxes)
        return left + MARGIN / 2, top, right - MARGIN / 2, bottom

    def picture(self, name: str, zoom: float) -> ET.Element:
        """The whole as an SVG element of this class, that wide and high where there is room."""
        left, top, right, bottom = self.bounds
        svg = _svg(self.bounds) | {"class": name, "aria-hidden": "true"}
        svg |= {"width": f"{(right - left) * zoom:.0f}", "height": f"{(bottom - top) * zoom:.0f}"}
        whole = ET.Element("svg", svg)
        group = ET.SubElement(whole, "g", {"class": "brought"})
        group.extend(
            _brought_edge(self.edge(edge), edge.id, self.colors[LOOKS[edge.look].color])
            for edge in self.page.content.edges
        )
        group.extend(_brought_node(self.shape(node), node.id, self.label(node)) for node in self.page.content.nodes)
        return whole

    def key_picture(self) -> ET.Element:
        """What lines and shapes say, for paper and for those without scripts, where no legend stands beside."""
        parts, foot = self.key(0.0, 640.0, 14.0)
        svg = ET.Element("svg", _svg((0.0, 0.0, 640.0, foot)) | {"id": "key", "width": "640", "height": f"{foot:.0f}"})
        svg.extend(parts)
        return svg

    def edge(self, edge: Edge) -> ET.Element:
        group = ET.Element("g")
        words(group, "title", f"{self.names[edge.source]} {edge.label} {self.names[edge.target]}")
        look, bend = LOOKS[edge.look], self.page.layout.bends[edge.id]
        width = 1 + 0.5 * min(max(edge.weight, 1) - 1, 5) + (3.5 if look.double else 0)
        head = 2.25 if look.double else 7.5
        line = draw_line(self.places[edge.source], self.places[edge.target], bend=bend, width=width, head=head)
        group.extend(self._line({"d": line.path}, "path", look, width))
        ET.SubElement(group, "polygon", points=pairs(line.head), fill=self.colors[look.color])
        return group

    def _line(self, shape: dict[str, str], tag: str, look: Look, width: float) -> Iterator[ET.Element]:
        """A line in a look; a doubled one has a second line inside."""
        plain = shape | {"fill": "none", "stroke-dasharray": " ".join(map(str, look.dashes)) or "none"}
        yield ET.Element(tag, plain | {"stroke": self.colors[look.color], "stroke-width": f"{width:g}"})
        if look.double:
            yield ET.Element(tag, plain | {"stroke": self.colors["--background"], "stroke-width": "1.8"})

    def shape(self, node: Node) -> ET.Element:
        group = ET.Element("g")
        words(group, "title", node.label)
        group.append(outline(node.kind, *self.places[node.id], SHAPE, self.colors))
        return group

    def lettering(self) -> dict[str, str]:
        """How all labels are written: in the middle below their shapes, with a halo in the colour of the ground."""
        halo = {"stroke": self.colors["--background"], "stroke-width": "3", "paint-order": "stroke"}
        return {"text-anchor": "middle", "fill": self.colors["--text"]} | halo

    def label(self, node: Node) -> ET.Element:
        x, y = self.places[node.id]
        text = ET.Element("text")
        for index, line in enumerate(self.page.layout.labels[node.id]):
            words(text, "tspan", line, numbers(x=x, y=y + SHAPE + 13 + LINE * index))
        return text

    def key(self, left: float, right: float, top: float) -> tuple[list[ET.Element], float]:
        """What the lines and shapes say, in rows; and where that ends."""
        content = self.page.content
        looks = [look for name, look in LOOKS.items() if any(edge.look == name for edge in content.edges)]
        kinds = [kind for kind in KINDS if any(node.kind == kind.name for node in content.nodes)]
        parts: list[ET.Element] = []
        x, y = left, top
        rows: list[Kind | Look] = [*kinds, *looks]
        for one in rows:
            width = 46 + 7.4 * len(one.label)
            if x + width > right and x > left:
                x, y = left, y + 22
            parts.extend(self._swatch(one.name, x, y))
            group = ET.Element("g")
            words(group, "text", one.label, numbers(x=x + 38, y=y) | {"fill": self.colors["--quiet"]})
            parts.append(group)
            x += width
        return parts, y + 4

    def _swatch(self, name: str, x: float, y: float) -> Iterator[ET.Element]:
        if name in _KINDS:
            yield outline(name, x + 18, y - 4, 8, self.colors)
        else:
            line = numbers(x1=x, y1=y - 4, x2=x + 32, y2=y - 4)
            yield from self._line(line, "line", LOOKS[name], 5 if LOOKS[name].double else 2)


def _svg(bounds: Bounds) -> dict[str, str]:
    left, top, right, bottom = bounds
    return {"viewBox": " ".join(f"{number:g}" for number in (left, top, right - left, bottom - top))}


def _brought_edge(drawn: ET.Element, name: str, color: str) -> ET.Element:
    """A line as it stands in a page, whose style sheet says what all lines have; a click on it opens its edge."""
    group = ET.Element("g", {"data-edge": name, "color": color})
    for part in drawn[1:]:
        said = [("stroke", color), ("fill", color), ("stroke-width", "1"), *_SAID_OF_LINES]
        group.append(ET.Element(part.tag, {key: value for key, value in part.items() if (key, value) not in said}))
    return group


def _brought_node(drawn: ET.Element, name: str, label: ET.Element) -> ET.Element:
    """A node as it stands in a page: its shape, and its label line by line."""
    group = ET.Element("g", {"data-node": name})
    for shape in drawn[1:]:
        ET.SubElement(group, shape.tag, {key: shape.attrib[key] for key in ("points", "fill")})
    for line in label:
        words(group, "text", line.text or "", dict(line.attrib))
    return group
