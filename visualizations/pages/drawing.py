"""The neighbours of a concept as a small picture: plain SVG with links, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osteograph.ontology.namespaces import SCHEMA

from ..kinds import LOOKS
from .knowledge import Knowledge

ROW, BOX, GAP, TOP = 30, 200, 130, 8
MOST = 8  # neighbours on each side
LETTERS = 28


@dataclass(frozen=True)
class Box:
    """A concept in the picture; ``x`` and ``y`` are its left upper corner in pixels."""

    iri: str
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """A relation in the picture."""

    label: str
    look: str
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True)
class Drawing:
    """Boxes and lines, the size of the picture, and how many neighbours it leaves out."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int


def draw_neighbours(known: Knowledge, iri: str) -> Drawing | None:
    """What leads to a concept on its left, what it leads to on its right; None where there is nothing."""
    inward = _neighbours(known, iri, incoming=True)
    outward = _neighbours(known, iri, incoming=False)
    if not inward and not outward:
        return None
    rows = max(len(inward[:MOST]), len(outward[:MOST]), 1)
    height = TOP * 2 + rows * ROW
    middle = Box(iri, _short(known.title(iri)), BOX + GAP, height // 2 - ROW // 2 + 3)
    boxes, lines = [middle], []
    for side, neighbours in ((-1, inward[:MOST]), (1, outward[:MOST])):
        top = TOP + (rows - len(neighbours)) * ROW // 2
        for index, (other, label, look) in enumerate(neighbours):
            box = Box(other, _short(known.title(other)), 0 if side < 0 else 2 * (BOX + GAP), top + index * ROW + 3)
            boxes.append(box)
            lines.append(_line(box, middle, label, look) if side < 0 else _line(middle, box, label, look))
    left_out = max(0, len(inward) - MOST) + max(0, len(outward) - MOST)
    return Drawing(tuple(boxes), tuple(lines), 3 * BOX + 2 * GAP, height, left_out)


def _neighbours(known: Knowledge, iri: str, *, incoming: bool) -> list[tuple[str, str, str]]:
    """Other concepts with the relation and its look, each once."""
    groups, names = (known.by_object, ("subject",)) if incoming else (known.by_subject, ("object",))
    found = {
        (other, statement.relation, statement.look)
        for statement in groups.get(iri, ())
        for other in _ends(known, statement.iri, names)
        if other != iri
    }
    return sorted(found, key=lambda entry: (entry[1], known.title(entry[0]), entry[2]))


def _ends(known: Knowledge, statement: str, names: Sequence[str]) -> list[str]:
    found = [str(term.value) for name in names for term in known.values(statement, SCHEMA + name)]
    return [iri for iri in found if known.knows(iri)]


def _line(left: Box, right: Box, label: str, look: str) -> Line:
    return Line(f"{label} ({LOOKS[look].label})", look, (left.x + BOX, left.y + 12), (right.x, right.y + 12))


def _short(label: str) -> str:
    return label if len(label) <= LETTERS else label[: LETTERS - 1].rstrip() + "…"
