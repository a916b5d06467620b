"""Where nodes stand: computed once, in plain Python, so that pages need no physics and are the same everywhere.

Every node is a box: its shape with the wrapped label below. Three arrangements, each for a wide and a narrow screen:

* ``columns``   a column for each group of kinds, in reading order; within it, nodes stand near what they touch
* ``flow``      a column for each number of steps from where the arrows begin
* ``distance``  nodes that are few steps apart stand close (stress majorization)

No box covers another, whatever the arrangement: what still overlaps is pushed apart. Coordinates are whole numbers.

>>> content = Content(edges=(Edge("e", "a", "b", "r", "r", "stated", 1, ()),))
>>> bend_edges(content.edges, {"a": (0, 0), "b": (100, 0)})
{'e': 0.0}
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from .boxes import CROWD, Box, Place, Point, box_of, push_apart, wrap_label
from .content import Content, Edge
from .distances import stress_layout
from .views import View

TALLEST = 880  # height of a column before it is split
PROPORTION = 1.12  # width by height of the frame on a wide screen
NARROW = 420  # width of the arrangement for narrow screens


@dataclass(frozen=True)
class Layout:
    """Places of nodes on a wide and on a narrow screen, their labels in lines, and how edges bend."""

    wide: Mapping[str, Place]
    narrow: Mapping[str, Place]
    labels: Mapping[str, tuple[str, ...]]
    bends: Mapping[str, float]


def arrange(content: Content, view: View) -> Layout:
    """Places for all nodes of a view."""
    labels = {node.id: wrap_label(node.label) for node in content.nodes}
    boxes = {name: box_of(lines) for name, lines in labels.items()}
    graph = _graph(content)
    if view.layout == "distance":
        points = stress_layout(graph)
        wide = push_apart(points, boxes)
        narrow = wide if len(points) >= CROWD else push_apart(_turned(points), boxes)  # a crowd fits no narrow screen
    else:
        layers = _flow_layers(graph) if view.layout == "flow" else _kind_layers(content, view)
        layers = order_layers(layers, graph)
        wide, narrow = push_apart(_in_columns(layers, boxes), boxes), push_apart(_in_rows(layers, boxes), boxes)
    return Layout(wide, narrow, labels, bend_edges(content.edges, wide))


def _graph(content: Content) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node.id for node in content.nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in content.edges)
    return graph


def _kind_layers(content: Content, view: View) -> list[list[str]]:
    """Nodes by the column of their kind; kinds without a column stand last."""
    column = {kind: index for index, kinds in enumerate(view.columns) for kind in kinds}
    layers: list[list[str]] = [[] for _ in range(len(view.columns) + 1)]
    for node in content.nodes:
        layers[column.get(node.kind, -1)].append(node.id)
    return [layer for layer in layers if layer]


def _flow_layers(graph: nx.DiGraph[str]) -> list[list[str]]:
    """Nodes by the fewest steps from a node that no arrow enters (in a circle: from its first node)."""
    depth: dict[str, int] = {}
    starts = [name for name in graph if not graph.in_degree(name)]
    for roots in (starts, *([name] for name in graph)):
        if not set(roots) <= set(depth):
            for root in roots:
                for name, steps in nx.single_source_shortest_path_length(graph, root).items():
                    depth[name] = min(steps, depth.get(name, steps))
    return [[name for name in graph if depth[name] == level] for level in range(max(depth.values(), default=-1) + 1)]


def order_layers(layers: Sequence[Sequence[str]], graph: nx.DiGraph[str]) -> list[list[str]]:
    """Each layer sorted by where the neighbours of its nodes stand (barycentres, swept back and forth)."""
    ordered = [list(layer) for layer in layers]
    near = {name: sorted({*graph.predecessors(name), *graph.successors(name)} - {name}) for name in graph}
    for sweep in range(12):
        height = {name: (index + 0.5) / len(layer) for layer in ordered for index, name in enumerate(layer)}
        for index in range(len(ordered)) if sweep % 2 == 0 else reversed(range(len(ordered))):
            layer = ordered[index]
            # a node without neighbours keeps its height; ties fall to the old order, so that sweeps settle
            means = {n: math.fsum(height[m] for m in near[n]) / len(near[n]) if near[n] else height[n] for n in layer}
            layer.sort(key=lambda name: (means[name], height[name]))
            height |= {name: (place + 0.5) / len(layer) for place, name in enumerate(layer)}
    return ordered


def _in_columns(layers: Sequence[Sequence[str]], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Layers as columns from left to right; a long layer takes several, filled in turn so that heights stay true."""
    columns = [layer[start::parts] for layer in layers for parts in [_parts(layer, boxes)] for start in range(parts)]
    tallest = max((_height(column, boxes) for column in columns), default=0.0)
    apart = _space_between(columns, boxes, tallest)
    points: dict[str, Point] = {}
    x = 0.0
    for column in columns:
        half = max(boxes[name].half for name in column)
        x += half
        gap = min((tallest - _height(column, boxes)) / len(column), 60.0)
        y = -(_height(column, boxes) + gap * (len(column) - 1)) / 2
        for name in column:
            points[name] = (x, y + boxes[name].up)
            y += boxes[name].up + boxes[name].down + gap
        x += half + apart
    return points


def _space_between(columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], height: float) -> float:
    """The space between columns that gives the picture the proportions of the page's frame."""
    width = math.fsum(2 * max(boxes[name].half for name in column) for column in columns)
    return max(24.0, min((height * PROPORTION - width) / max(len(columns) - 1, 1), 150.0))


def _parts(layer: Sequence[str], boxes: Mapping[str, Box]) -> int:
    """In how many columns a layer stands."""
    return min(math.ceil(_height(layer, boxes) / TALLEST), len(layer))


def _height(column: Iterable[str], boxes: Mapping[str, Box]) -> float:
    return math.fsum(boxes[name].up + boxes[name].down for name in column)


def _in_rows(layers: Sequence[Sequence[str]], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Layers as bands from top to bottom, each in as many rows as a narrow screen needs."""
    points: dict[str, Point] = {}
    y = 0.0
    for layer in layers:
        for row in _rows(layer, boxes):
            width = math.fsum(2 * boxes[name].half for name in row)
            gap = (NARROW - width) / len(row)
            x = -NARROW / 2 + gap / 2
            for name in row:
                points[name] = (x + boxes[name].half, y + max(boxes[other].up for other in row))
                x += 2 * boxes[name].half + gap
            y += max(boxes[name].up + boxes[name].down for name in row) + 6
        y += 24
    return points


def _rows(layer: Sequence[str], boxes: Mapping[str, Box]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for name in layer:
        if rows[-1] and math.fsum(2 * boxes[other].half for other in [*rows[-1], name]) > NARROW:
            rows.append([])
        rows[-1].append(name)
    return rows


def _turned(points: Mapping[str, Point]) -> dict[str, Point]:
    """A picture stood on end, for narrow screens."""
    return {name: (y * 0.7, x) for name, (x, y) in points.items()}


def bend_edges(edges: Sequence[Edge], places: Mapping[str, Place]) -> dict[str, float]:
    """How strongly each edge curves, so that edges between the same two nodes lie apart and pass nodes in between."""
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        pairs.setdefault((min(edge.source, edge.target), max(edge.source, edge.target)), []).append(edge)
    bends: dict[str, float] = {}
    for (first, second), members in pairs.items():
        if first == second:
            bends |= _around(members)
            continue
        spread = min(0.24, 0.9 / len(members))
        for index, edge in enumerate(members):
            bend = (index - (len(members) - 1) / 2) * spread + _detour(edge, places)
            bends[edge.id] = round(bend if edge.source == first else -bend, 3)
    return bends


def _around(loops: Sequence[Edge]) -> dict[str, float]:
    """Loops stand around their node, from above on the right; ``curves`` reads their bends as turns."""
    return {loop.id: round(0.125 + index / max(len(loops), 4), 3) for index, loop in enumerate(loops)}


def _detour(edge: Edge, places: Mapping[str, Place]) -> float:
    """Edges within a column arc past the nodes between their ends."""
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    return 0.3 if abs(x1 - x2) < 40 and abs(y1 - y2) > 80 else 0.0
