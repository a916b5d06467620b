"""Boxes of nodes, a shape with its label below, and how they are pushed apart until none covers another.

>>> boxes = {"a": Box(10, 10, 10), "b": Box(10, 10, 10)}
>>> places = push_apart({"a": (0.0, 0.0), "b": (4.0, 0.0)}, boxes)
>>> places["b"][0] - places["a"][0] > 20
True
"""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SHAPE = 11  # half the height of a node's shape
LINE = 15  # height of a line of a label
CHARACTER = 7.4  # width of a character of a label, generously
WIDEST = 16  # characters in a line of a label
MOST_LINES = 4
MARGIN = 6
CROWD = 150  # so many nodes need room before they are pushed apart

Point = tuple[float, float]
Place = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """What a node covers around its place: half its width, and how far it reaches up and down."""

    half: float
    up: float
    down: float


def wrap_label(label: str) -> tuple[str, ...]:
    """A label in lines for the picture; what is too long ends in an ellipsis (the panel has it whole).

    >>> wrap_label("multiple vertebral fractures after stopping")
    ('multiple', 'vertebral', 'fractures after', 'stopping')
    """
    lines = textwrap.wrap(label, WIDEST, max_lines=MOST_LINES, placeholder=" …")
    return tuple(lines) or (label[:1],)


def box_of(lines: Sequence[str]) -> Box:
    """The box of a node with this label."""
    widest = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)
    half = max(SHAPE + 4, widest * CHARACTER / 2)
    return Box(half + MARGIN / 2, SHAPE + MARGIN, SHAPE + MARGIN + LINE * len(lines))


def push_apart(points: Mapping[str, Point], boxes: Mapping[str, Box]) -> dict[str, Place]:
    """Move boxes, as little as is easy, until none covers another; then round."""
    places = _with_room({name: points[name] for name in sorted(points)}, boxes)
    patience = 50 if len(places) < CROWD else 10
    for turn in range(2000):
        moves = _moves(places, boxes)
        if not moves:
            break
        for name, (dx, dy) in moves.items():
            x, y = places[name]
            places[name] = (x + dx, y + dy)
        if turn % patience == patience - 1:  # a crowd that cannot part gets room
            places = {name: (x * 1.08, y * 1.08) for name, (x, y) in places.items()}
    return {name: (round(x), round(y)) for name, (x, y) in places.items()}


def _with_room(places: dict[str, Point], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Places drawn out until the whole has room for all boxes, where it has not."""
    if len(places) < CROWD:
        return places
    needed = math.fsum((box.up + box.down) * 2 * box.half for box in boxes.values()) * 2.2
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*places.values(), strict=True))
    factor = max(1.0, math.sqrt(needed / max((right - left) * (bottom - top), 1.0)))
    return {name: (x * factor, y * factor) for name, (x, y) in places.items()}


def _moves(places: Mapping[str, Point], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Half of each overlap for each of the two, along the shorter way out; rounding must not bring it back."""
    moves: dict[str, list[Point]] = {}
    for a, b in _near_pairs(places, boxes):
        if abs(places[a][0] - places[b][0]) >= boxes[a].half + boxes[b].half + 2:
            continue  # as most are; this spares them the rest
        over_x, over_y, right, below = _overlap(places[a], boxes[a], places[b], boxes[b])
        if over_x <= -2 or over_y <= -2:
            continue
        sideways = over_x < over_y
        shift = ((over_x + 4) / 2 * right, 0.0) if sideways else (0.0, (over_y + 4) / 2 * below)
        moves.setdefault(a, []).append((-shift[0], -shift[1]))
        moves.setdefault(b, []).append(shift)
    return {name: (math.fsum(x for x, _ in all_), math.fsum(y for _, y in all_)) for name, all_ in moves.items()}


def _near_pairs(places: Mapping[str, Point], boxes: Mapping[str, Box]) -> Iterator[tuple[str, str]]:
    """Pairs, in order, whose boxes may overlap: those in one cell of a grid, or in cells side by side."""
    wide = 2 * max((box.half for box in boxes.values()), default=1.0) + 4
    high = max((box.up + box.down for box in boxes.values()), default=1.0) + 4
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for name, (x, y) in places.items():
        column, row = math.floor(x / wide), math.floor(y / high)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for other in cells.get((column + dx, row + dy), ()):
                    yield other, name
        cells[column, row].append(name)


def _overlap(place: Point, box: Box, other: Point, others: Box) -> tuple[float, float, int, int]:
    """How far two boxes overlap in width and height, and on which side of the first the second stands."""
    over_x = box.half + others.half - abs(other[0] - place[0])
    top = max(place[1] - box.up, other[1] - others.up)
    bottom = min(place[1] + box.down, other[1] + others.down)
    return over_x, bottom - top, 1 if other[0] >= place[0] else -1, 1 if other[1] >= place[1] else -1


def find_overlaps(places: Mapping[str, Place], labels: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Pairs of nodes whose boxes overlap; empty for every layout that ``arrange`` makes."""
    boxes = {name: box_of(lines) for name, lines in labels.items()}
    return sorted(
        (min(a, b), max(a, b))
        for a, b in _near_pairs(places, boxes)
        if min(_overlap(places[a], boxes[a], places[b], boxes[b])[:2]) > 0
    )
