"""Pictures without a page: a view as SVG with real text, in the positions that the page has, and as PNG.

The colours are those of the page's light theme, read from its style sheet.
"""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from osteograph.ontology.errors import ToolMissing
from osteograph.ontology.notice import NOTICE

from .boxes import Point
from .curves import short
from .kinds import KINDS
from .page import Page
from .shapes import OUTLINES

_STYLE = Path(__file__).parent / "static" / "view.css"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KINDS = {kind.name: kind for kind in KINDS}
Bounds = tuple[float, float, float, float]
Colors = Mapping[str, str]
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
    from .graph_picture import draw_graph
    from .matrix_picture import draw_matrix

    draw = {"graph": draw_graph, "matrix": draw_matrix, "body": draw_body}[page.view.pictures[0]]
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
    return {name: short(value) for name, value in values.items()}


def pairs(points: Sequence[Point]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)


def swatch(kind: str) -> str:
    """The shape of a kind as a small picture of its own, in the colours of the page's style sheet."""
    svg = ET.Element(
        "svg", {"class": "swatch", "viewBox": "0 0 20 20", "aria-hidden": "true"} | numbers(width=20, height=20)
    )
    ET.SubElement(svg, "polygon", {"class": "outline", "points": _corners(kind, 10, 10, 8), "fill": _KINDS[kind].color})
    return ET.tostring(svg, encoding="unicode")


def outline(kind: str, x: float, y: float, size: float, colors: Colors | None = None) -> ET.Element:
    """The shape of a kind."""
    stroke = {"fill": _KINDS[kind].color, "stroke": (colors or light_colors())["--outline"], "stroke-width": "1.5"}
    return ET.Element("polygon", {"points": _corners(kind, x, y, size)} | stroke)


def _corners(kind: str, x: float, y: float, size: float) -> str:
    return pairs([(x + dx * size, y + dy * size) for dx, dy in OUTLINES[_KINDS[kind].shape]])
