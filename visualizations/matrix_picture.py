"""The matrix of a view as SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .kinds import LOOKS
from .page import Page
from .picture import Bounds, light_colors, numbers, outline, words

WIDE, HIGH, ROW_HEAD = 66, 30, 230


def draw_matrix(page: Page) -> tuple[list[ET.Element], Bounds]:
    """Heads of rows and columns, cells that say something, and what their words mean; and how far it reaches."""
    matrix = page.matrix
    names = {node.id: node for node in page.content.nodes}
    head = 24 + 6.3 * max(len(label) for _, label in matrix.columns)  # the labels lean
    rows = {row: head + HIGH * place for place, row in enumerate(matrix.rows)}
    columns = {column: ROW_HEAD + WIDE * place for place, (column, _) in enumerate(matrix.columns)}
    right, bottom = ROW_HEAD + WIDE * len(columns), head + HIGH * len(rows)
    colors = light_colors()
    group = ET.Element("g", {"fill": colors["--text"]})
    for row, y in rows.items():
        group.append(outline(names[row].kind, 12, y + HIGH / 2, 8))
        words(group, "text", names[row].label, numbers(x=28, y=y + HIGH / 2 + 5))
        ET.SubElement(group, "line", numbers(x1=0, y1=y, x2=right, y2=y), stroke=colors["--rule"])
    for column, label in matrix.columns:
        x = columns[column] + WIDE / 2 + 5
        leaning = {"transform": f"rotate(-60 {x:g} {head - 8:g})"}
        words(group, "text", label, numbers(x=x, y=head - 8) | leaning)
    for cell in matrix.cells:
        x, y = columns[cell.column], rows[cell.row]
        for place, tag in enumerate(cell.tags):
            height = (HIGH - 4) / len(cell.tags)
            look = LOOKS[tag.look]
            box = numbers(x=x + 2, y=y + 2 + place * height, width=WIDE - 4, height=height - 1)
            ET.SubElement(group, "rect", box, fill=colors["--card"])
            bar = numbers(x=x + 2, y=y + 2 + place * height, width=6 if look.double else 4, height=height - 1)
            ET.SubElement(group, "rect", bar, fill=colors[look.color])
            middle = numbers(x=x + WIDE / 2 + 2, y=y + 2 + (place + 0.5) * height + 4)
            words(group, "text", tag.text, middle | {"text-anchor": "middle", "font-size": "11"})
    for line, (word, says) in enumerate(matrix.key):
        words(group, "text", f"{word}: {says}", numbers(x=0, y=bottom + 24 + 18 * line) | {"fill": colors["--quiet"]})
    reach = max(right + 90.0, max((8.0 * len(f"{word}: {says}") for word, says in matrix.key), default=0.0))
    return [group], (0.0, 0.0, reach, bottom + 24 + 18.0 * len(matrix.key))
