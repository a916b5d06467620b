"""Where nodes stand whose distances are to come near their numbers of steps: stress majorization in plain Python.

Small graphs weigh every pair (SMACOF with weights 1/d²). Large ones weigh, for each node, its neighbours and a few
pivots that stand for all the rest (sparse stress, after Ortmann, Klimenta and Brandes 2017).

>>> import networkx as nx
>>> places = stress_layout(nx.DiGraph([("a", "b"), ("b", "c")]))
>>> math.dist(places["a"], places["c"]) > 1.5 * math.dist(places["a"], places["b"])
True
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import networkx as nx

from .boxes import CROWD, Point

STEP = 110.0
PIVOTS = 36
Goals = Mapping[str, Sequence[tuple[str, float, float]]]
"""For each node: another, how far away it is wanted, and how much that counts."""


def stress_layout(graph: nx.DiGraph[str], *, rounds: int = 120) -> dict[str, Point]:
    """Points near which distances are proportional to numbers of steps; the same for the same graph."""
    plain = graph.to_undirected()
    names = sorted(graph)
    if len(names) < CROWD:
        goals, points = _all_goals(plain, names), {n: _on_circle(i, len(names)) for i, n in enumerate(names)}
    else:
        goals, points = _sparse_goals(plain, names)
        rounds //= 3
    for _ in range(rounds):
        points = {name: _drawn(points[name], goals[name], points) for name in names}
    return points


def _all_goals(graph: nx.Graph[str], names: Sequence[str]) -> Goals:
    steps = dict(nx.all_pairs_shortest_path_length(graph))
    apart = max((d for row in steps.values() for d in row.values()), default=1) + 1
    return {a: [_goal(b, steps[a].get(b, apart), 1.0) for b in names if b != a] for a in names}


def _goal(name: str, steps: int, count: float) -> tuple[str, float, float]:
    distance = STEP * steps
    return name, distance, count / (distance * distance)


def _sparse_goals(graph: nx.Graph[str], names: Sequence[str]) -> tuple[Goals, dict[str, Point]]:
    """Goals towards neighbours and pivots, and points to begin with: where the first pivots draw the axes."""
    pivots = _pivots(graph, names)
    apart = min(max(d for row in pivots.values() for d in row.values()) + 1, 6)  # what hangs on nothing stays near
    share = len(names) / len(pivots)
    goals = {
        name: [_goal(other, 1, 4.0) for other in sorted(set(graph[name]) - {name})]
        + [_goal(p, row.get(name, apart), share) for p, row in pivots.items() if p != name and p not in graph[name]]
        for name in names
    }
    first, second, third, fourth = list(pivots.values())[:4]
    points = {
        name: (
            STEP * (first.get(name, apart) - second.get(name, apart)) + _on_circle(index, len(names))[0] / 9,
            STEP * (third.get(name, apart) - fourth.get(name, apart)) + _on_circle(index, len(names))[1] / 9,
        )
        for index, name in enumerate(names)
    }
    return goals, points


def _pivots(graph: nx.Graph[str], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Steps to every node from each pivot; the next pivot is always the one farthest from all before."""
    chosen: dict[str, dict[str, int]] = {}
    nearest = dict.fromkeys(names, len(names))
    while len(chosen) < PIVOTS:
        pivot = max(names, key=lambda name: (nearest[name], graph.degree(name), name))
        chosen[pivot] = dict(nx.single_source_shortest_path_length(graph, pivot))
        nearest = {name: min(nearest[name], chosen[pivot].get(name, len(names) - 1)) for name in names}
    return chosen


def _on_circle(index: int, count: int) -> Point:
    angle = 2 * math.pi * index / max(count, 1)
    radius = STEP * math.sqrt(max(count, 1)) / 2
    return round(radius * math.cos(angle), 6), round(radius * math.sin(angle), 6)


def _drawn(place: Point, goals: Sequence[tuple[str, float, float]], points: Mapping[str, Point]) -> Point:
    """Where all others would have the node stand, on average; near ones count more."""
    x, y = place
    sum_x = sum_y = total = 0.0
    for other, wanted, weight in goals:
        there_x, there_y = points[other]
        dx, dy = x - there_x, y - there_y
        pull = wanted / max(math.sqrt(dx * dx + dy * dy), 1e-9)
        sum_x += weight * (there_x + dx * pull)
        sum_y += weight * (there_y + dy * pull)
        total += weight
    return (sum_x / total, sum_y / total) if total else place
