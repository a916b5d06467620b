"""The lines between nodes, as the page's script draws them: quadratic curves whose bow is their bend.

>>> line = curve((0, 0), (100, 0), 0.0, 10, 20)
>>> line[0], line[-1]
((10.0, 0.0), (80.0, 0.0))
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .boxes import Point

STEPS = 40


def curve(start: Point, end: Point, bend: float, clear_start: float, clear_end: float) -> list[Point]:
    """Points of the line between two places, without what lies under the shapes at its ends."""
    via = _control_point(start, end, bend)
    points = [_point_at(start, via, end, step / STEPS) for step in range(STEPS + 1)]
    return [p for p in points if math.dist(p, start) >= clear_start and math.dist(p, end) >= clear_end]


def _control_point(start: Point, end: Point, bend: float) -> Point:
    """The middle point of the curve that vis-network draws for a bend."""
    bow = abs(bend)
    angle = math.atan2(start[1] - end[1], end[0] - start[0])
    angle += ((0.5 - bow * 0.5) if bend < 0 else (0.5 + bow * 0.5)) * math.pi
    reach = (bow * 0.5 + 0.5) * math.dist(start, end)
    return start[0] + reach * math.sin(angle), start[1] + reach * math.cos(angle)


def _point_at(start: Point, via: Point, end: Point, t: float) -> Point:
    s = 1 - t
    x, y = (s * s * a + 2 * s * t * b + t * t * c for a, b, c in zip(start, via, end, strict=True))
    return round(x, 6), round(y, 6)


def arrow_head(points: Sequence[Point]) -> list[Point]:
    """The triangle at the end of a line."""
    (x1, y1), (x2, y2) = points[-2:]
    angle = math.atan2(y2 - y1, x2 - x1)
    return [
        (x2 + reach * math.cos(angle + turn), y2 + reach * math.sin(angle + turn))
        for reach, turn in ((7, 0.0), (5, 2.3), (5, -2.3))
    ]
