"""The body map of a view as SVG: a skeleton for each scope, side by side."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .body import LEVELS, SCOPES
from .page import Page
from .picture import Bounds, light_colors, numbers, words
from .skeleton import HEIGHT, WIDTH

APART, HEAD = 30, 34


def draw_body(page: Page) -> tuple[list[ET.Element], Bounds]:
    """The skeletons, and what their shades say; and how far it reaches."""
    colors = light_colors()
    defs = ET.Element("defs")
    hatch = {"id": "hatch", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    pattern = ET.SubElement(defs, "pattern", hatch | {"patternTransform": "rotate(45)"})
    ET.SubElement(pattern, "rect", numbers(width=6, height=6), fill=colors["--background"])
    ET.SubElement(pattern, "path", {"d": "M0 0V6", "stroke": colors["--edge-light"], "stroke-width": "2"})
    parts = [defs]
    for place, scope in enumerate(SCOPES):
        parts.append(_skeleton(page, scope, place * (WIDTH + APART)))
    right = len(SCOPES) * (WIDTH + APART) - APART
    group = ET.Element("g", {"fill": colors["--text"]})
    for place, (level, label) in enumerate(LEVELS.items()):
        x, y = (place % 2) * right / 2, HEAD + HEIGHT + 26 + 24 * (place // 2)
        box = numbers(x=x, y=y - 12, width=16, height=16) | {"stroke": colors["--outline"]}
        ET.SubElement(group, "rect", box | {"fill": _fill(level)})
        words(group, "text", label, numbers(x=x + 24, y=y))
    return [*parts, group], (0.0, 0.0, right, HEAD + HEIGHT + 56.0)


def _fill(level: str) -> str:
    return "url(#hatch)" if level == "none" else light_colors()[f"--{level}"]


def _skeleton(page: Page, scope: str, left: float) -> ET.Element:
    colors = light_colors()
    whole = ET.Element("g", {"transform": f"translate({left:g} {HEAD})", "stroke": colors["--outline"]})
    label = {"text-anchor": "middle", "stroke": "none", "fill": colors["--text"], "font-weight": "bold"}
    words(whole, "text", SCOPES[scope], numbers(x=WIDTH / 2, y=-12) | label)
    for region in page.body.regions:
        level = page.body.finding(scope, region.name).level
        part = ET.SubElement(whole, "g", {"fill": _fill(level), "data-region": region.name, "data-level": level})
        words(part, "title", f"{region.label}: {LEVELS[level]}")
        for path in region.paths:
            ET.SubElement(part, "path", d=path)
            if region.paired:
                ET.SubElement(part, "path", d=path, transform=f"matrix(-1 0 0 1 {WIDTH} 0)")
    return whole
