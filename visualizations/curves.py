"""The lines between nodes, as vis-network draws them in a page: quadratic curves whose bow is their bend.

A line runs from the middle of its first node to where its arrowhead begins; the head touches the second node. A line
from a node to itself is a circle behind the node, and its bend says where around the node it stands: in turns,
anticlockwise from the right.

>>> line = draw_line((0, 0), (100, 0), bend=0.0, width=1.0, head=10.0)
>>> line.end
(76.3, 0.0)
>>> line.head[0]
(88.0, 0.0)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .boxes import SHAPE, Point

_HEAD = ((0.0, 0.0), (-1.0, 0.3), (-0.9, 0.0), (-1.0, -0.3))  # an arrowhead of length 1 that points to the right
_BORDER = 1  # vis-network keeps so far from a shape
_HALVINGS = 12
_RADIUS = 20  # of a line from a node to itself


@dataclass(frozen=True)
class Line:
    """A line as SVG writes its path, where it ends, and the corners of its arrowhead."""

    path: str
    end: Point
    head: tuple[Point, ...]


def draw_line(start: Point, end: Point, *, bend: float, width: float, head: float) -> Line:
    """The line between two places; ``head`` is how much longer its arrowhead is than three widths."""
    length = head + 3 * width
    if start == end:
        return _loop(start, bend, length)
    via = _control_point(start, end, bend)
    entry = _entry(start, via, end)
    tip = _point_at(start, via, end, entry)
    x, y = _point_at(start, via, end, entry - length / math.dist(start, end))
    corners = _corners(tip, math.atan2(tip[1] - y, tip[0] - x), length)
    return Line(f"M{_pair(start)}Q{_pair(via)} {_pair(corners[2])}", corners[2], corners)


def _loop(place: Point, bend: float, length: float) -> Line:
    """The circle behind a node that leads to itself."""
    x, y = _on_circle(place, _to_border(2 * math.pi * bend), bend)
    arcs = "".join(f"a{_RADIUS} {_RADIUS} 0 1 0 {step} 0" for step in (2 * _RADIUS, -2 * _RADIUS))
    turn = _loop_entry(place, (x, y), 2 * math.pi * bend)
    corners = _corners(_on_circle((x, y), _RADIUS, turn), (0.4 - 2 * turn) * math.pi, length)
    return Line(f"M{_pair((x - _RADIUS, y))}{arcs}", corners[2], corners)


def _loop_entry(place: Point, middle: Point, angle: float) -> float:
    """How far around its circle a loop enters its node, searched from where and as long as vis-network does."""
    low, high = angle, angle + math.pi
    turn = (low + high) / 2
    for _ in range(10):
        turn = (low + high) / 2
        x, y = _on_circle(middle, _RADIUS, turn)
        inside = _to_border(math.atan2(place[1] - y, place[0] - x)) - math.dist((x, y), place)
        if abs(inside) < 0.05:
            break
        low, high = (turn, high) if inside > 0 else (low, turn)
    return turn


def _to_border(angle: float) -> float:
    """How far the square around a shape reaches in a direction."""
    reaches = (SHAPE / abs(part) for part in (math.cos(angle), math.sin(angle)) if part)
    return min(reaches) + _BORDER


def _on_circle(middle: Point, radius: float, turn: float) -> Point:
    return middle[0] + radius * math.cos(2 * math.pi * turn), middle[1] - radius * math.sin(2 * math.pi * turn)


def _pair(point: Point) -> str:
    return " ".join(map(short, point))


def short(number: float) -> str:
    """A number as SVG may write it: to a tenth, without what says nothing.

    >>> short(2.0), short(-0.04), short(1.25)
    ('2', '0', '1.2')
    """
    return f"{round(number, 1) + 0.0:g}"


def _control_point(start: Point, end: Point, bend: float) -> Point:
    """The middle point of the curve that vis-network draws for a bend."""
    bow = abs(bend)
    angle = math.atan2(start[1] - end[1], end[0] - start[0])
    angle += ((0.5 - bow * 0.5) if bend < 0 else (0.5 + bow * 0.5)) * math.pi
    reach = (bow * 0.5 + 0.5) * math.dist(start, end)
    return start[0] + reach * math.sin(angle), start[1] + reach * math.cos(angle)


def _entry(start: Point, via: Point, end: Point) -> float:
    """How far along a curve the square around the shape at its end begins."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        x, y = _point_at(start, via, end, middle)
        is_outside = max(abs(x - end[0]), abs(y - end[1])) > SHAPE + _BORDER
        low, high = (middle, high) if is_outside else (low, middle)
    return high


def _point_at(start: Point, via: Point, end: Point, t: float) -> Point:
    s = 1 - t
    x, y = (s * s * a + 2 * s * t * b + t * t * c for a, b, c in zip(start, via, end, strict=True))
    return x, y


def _corners(tip: Point, angle: float, length: float) -> tuple[Point, ...]:
    """The corners of an arrowhead; rounded, so that machines agree."""
    cos, sin = math.cos(angle), math.sin(angle)
    turned = ((x * cos - y * sin, x * sin + y * cos) for x, y in _HEAD)
    return tuple((round(tip[0] + length * x, 1) + 0.0, round(tip[1] + length * y, 1) + 0.0) for x, y in turned)
