"""The lines between nodes, as vis-network draws them in a page: quadratic curves whose bow is their bend.

A line runs from the middle of its first node to where its arrowhead begins; the head touches the second node.

>>> line = draw_line((0, 0), (100, 0), bend=0.0, width=1.0, head=10.0)
>>> line.end
(79.0, 0.0)
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


@dataclass(frozen=True)
class Line:
    """A quadratic curve by its three points, and the corners of its arrowhead."""

    start: Point
    via: Point
    end: Point
    head: tuple[Point, ...]


def draw_line(start: Point, end: Point, *, bend: float, width: float, head: float) -> Line:
    """The line between two places that are not the same; ``head`` is how much longer its head is than three widths."""
    via = _control_point(start, end, bend)
    entry = _entry(start, via, end)
    tip = _point_at(start, via, end, entry)
    length = head + 3 * width
    x, y = _point_at(start, via, end, entry - length / math.dist(start, end))
    angle = math.atan2(tip[1] - y, tip[0] - x)
    corners = tuple(_turned(tip, length, angle, corner) for corner in _HEAD)
    return Line(start, via, corners[2], corners)


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


def _turned(tip: Point, length: float, angle: float, corner: Point) -> Point:
    """A corner of the arrowhead in its place; rounded, so that machines agree."""
    (x, y), cos, sin = corner, math.cos(angle), math.sin(angle)
    return round(tip[0] + length * (x * cos - y * sin), 1) + 0.0, round(tip[1] + length * (x * sin + y * cos), 1) + 0.0
