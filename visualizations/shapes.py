"""Outlines of the kinds as polygons, drawn alike on the canvas, in the legend and in SVG files.

A point is a pair of numbers about the middle of a shape whose radius is 1, y downwards.

>>> OUTLINES["square"][0]
(-0.82, -0.82)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Outline = tuple[tuple[float, float], ...]

_UP = -math.pi / 2
_ARM = 0.36


def _ring(corners: int, turn: float, *radii: float) -> Outline:
    """Corners around the middle; several radii take turns."""
    steps = [(turn + 2 * math.pi * index / corners, radii[index % len(radii)]) for index in range(corners)]
    return _rounded([(radius * math.cos(angle), radius * math.sin(angle)) for angle, radius in steps])


def _rounded(points: Sequence[tuple[float, float]]) -> Outline:
    return tuple((round(x, 3) + 0.0, round(y, 3) + 0.0) for x, y in points)


def _pill() -> Outline:
    right = [(x + 0.5, y) for x, y in _ring(24, _UP, 0.6)[:13]]
    left = [(x - 0.5, y) for x, y in _ring(24, -_UP, 0.6)[:13]]
    return _rounded([*right, *left])


def _cross() -> Outline:
    quarter = [(-_ARM, -1.0), (_ARM, -1.0), (_ARM, -_ARM)]
    turns = [[(x, y), (-y, x), (-x, -y), (y, -x)] for x, y in quarter]
    return tuple(corners[turn] for turn in range(4) for corners in turns)


OUTLINES: dict[str, Outline] = {
    "circle": _ring(28, 0, 0.92),
    "square": ((-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)),
    "diamond": _ring(4, _UP, 1.1),
    "pentagon": _ring(5, _UP, 1.02),
    "hexagon": _ring(6, 0, 1.02),
    "triangle": ((0, -1), (1, 0.8), (-1, 0.8)),
    "wedge": ((-1, -0.8), (1, -0.8), (0, 1)),
    "star": _ring(10, _UP, 1.15, 0.52),
    "cross": _cross(),
    "bar": ((-1.1, -0.45), (1.1, -0.45), (1.1, 0.45), (-1.1, 0.45)),
    "hourglass": ((-0.95, -0.95), (0.95, -0.95), (0.3, 0), (0.95, 0.95), (-0.95, 0.95), (-0.3, 0)),
    "page": ((-0.75, -1), (0.35, -1), (0.75, -0.6), (0.75, 1), (-0.75, 1)),
    "bracket": ((-0.5, -0.6), (0.5, -0.6), (1.1, 0), (0.5, 0.6), (-0.5, 0.6), (-1.1, 0)),
    "house": ((0, -1.05), (0.95, -0.25), (0.95, 0.9), (-0.95, 0.9), (-0.95, -0.25)),
    "pill": _pill(),
}
