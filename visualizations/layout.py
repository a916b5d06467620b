"""Where nodes stand: computed once, in plain Python, so that pages need no physics and are the same everywhere.

Every node is a box: its shape with the wrapped label below. Three arrangements, each for a wide and a narrow screen:

* ``columns``   a column for each group of kinds, in reading order; within it, nodes stand near what they touch
* ``flow``      a column for each number of steps from where the arrows begin
* ``distance``  nodes that are few steps apart stand close (stress majorization)

No box covers another, whatever the arrangement: what still overlaps is pushed apart. Coordinates are whole numbers.

>>> boxes = {"a": Box(10, 10, 10), "b": Box(10, 10, 10)}
>>> places = push_apart({"a": (0.0, 0.0), "b": (4.0, 0.0)}, boxes)
>>> places["b"][0] - places["a"][0] > 20
True
"""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from .content import Content, Edge
from .views import View

SHAPE = 11  # half the height of a node's shape
LINE = 15  # height of a line of a label
CHARACTER = 7.4  # width of a character of a label, generously
WIDEST = 16  # characters in a line of a label
MOST_LINES = 4
MARGIN = 6
TALLEST = 17  # nodes in a column before it is split
PROPORTION = 1.12  # width by height of the frame on a wide screen
NARROW = 420  # width of the arrangement for narrow screens

Point = tuple[float, float]
Place = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """What a node covers around its place: half its width, and how far it reaches up and down."""

    half: float
    up: float
    down: float


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
        wide, narrow = push_apart(points, boxes), push_apart(_turned(points), boxes)
    else:
        layers = _flow_layers(graph) if view.layout == "flow" else _kind_layers(content, view)
        layers = order_layers(layers, graph)
        wide, narrow = push_apart(_in_columns(layers, boxes), boxes), push_apart(_in_rows(layers, boxes), boxes)
    return Layout(wide, narrow, labels, bend_edges(content.edges, wide))


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
    columns = [layer[start::parts] for layer in layers for parts in [_parts(layer)] for start in range(parts)]
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


def _parts(layer: Sequence[str]) -> int:
    return -(-len(layer) // TALLEST)


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


def stress_layout(graph: nx.DiGraph[str], *, step: float = 110.0, rounds: int = 120) -> dict[str, Point]:
    """Nodes placed so that their distances come near their numbers of steps (SMACOF with weights 1/d²)."""
    names = sorted(graph)
    steps = dict(nx.all_pairs_shortest_path_length(graph.to_undirected()))
    apart = max((d for row in steps.values() for d in row.values()), default=1) + 1
    goal = {(a, b): step * steps[a].get(b, apart) for a in names for b in names if a != b}
    points = {name: _on_circle(index, len(names), step) for index, name in enumerate(names)}
    for _ in range(rounds):
        points = {name: _drawn(name, names, points, goal) for name in names}
    return points


def _on_circle(index: int, count: int, step: float) -> Point:
    angle = 2 * math.pi * index / max(count, 1)
    radius = step * math.sqrt(max(count, 1)) / 2
    return round(radius * math.cos(angle), 6), round(radius * math.sin(angle), 6)


def _drawn(
    name: str, names: Sequence[str], points: Mapping[str, Point], goal: Mapping[tuple[str, str], float]
) -> Point:
    """Where all others would have the node stand, on average; near ones count more."""
    x, y = points[name]
    sum_x = sum_y = total = 0.0
    for other in names:
        if other == name:
            continue
        wanted = goal[name, other]
        dx, dy = x - points[other][0], y - points[other][1]
        pull = wanted / max(math.sqrt(dx * dx + dy * dy), 1e-9)
        weight = 1 / (wanted * wanted)
        sum_x += weight * (points[other][0] + dx * pull)
        sum_y += weight * (points[other][1] + dy * pull)
        total += weight
    return (sum_x / total, sum_y / total) if total else (x, y)


def push_apart(points: Mapping[str, Point], boxes: Mapping[str, Box]) -> dict[str, Place]:
    """Move boxes, as little as is easy, until none covers another; then round."""
    places = {name: points[name] for name in sorted(points)}
    for turn in range(2000):
        moves = _moves(places, boxes)
        if not moves:
            break
        for name, (dx, dy) in moves.items():
            x, y = places[name]
            places[name] = (x + dx, y + dy)
        if turn % 50 == 49:  # a crowd that cannot part gets room
            places = {name: (x * 1.08, y * 1.08) for name, (x, y) in places.items()}
    return {name: (round(x), round(y)) for name, (x, y) in places.items()}


def _moves(places: Mapping[str, Point], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Half of each overlap for each of the two, along the shorter way out; rounding must not bring it back."""
    moves: dict[str, list[Point]] = {}
    names = list(places)
    for index, a in enumerate(names):
        for b in names[index + 1 :]:
            over_x, over_y, right, below = _overlap(places[a], boxes[a], places[b], boxes[b])
            if over_x <= -2 or over_y <= -2:
                continue
            sideways = over_x < over_y
            shift = ((over_x + 4) / 2 * right, 0.0) if sideways else (0.0, (over_y + 4) / 2 * below)
            moves.setdefault(a, []).append((-shift[0], -shift[1]))
            moves.setdefault(b, []).append(shift)
    return {name: (math.fsum(x for x, _ in all_), math.fsum(y for _, y in all_)) for name, all_ in moves.items()}


def _overlap(place: Point, box: Box, other: Point, others: Box) -> tuple[float, float, int, int]:
    """How far two boxes overlap in width and height, and on which side of the first the second stands."""
    over_x = box.half + others.half - abs(other[0] - place[0])
    top = max(place[1] - box.up, other[1] - others.up)
    bottom = min(place[1] + box.down, other[1] + others.down)
    return over_x, bottom - top, 1 if other[0] >= place[0] else -1, 1 if other[1] >= place[1] else -1


def find_overlaps(places: Mapping[str, Place], labels: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Pairs of nodes whose boxes overlap; empty for every layout that ``arrange`` makes."""
    boxes = {name: box_of(lines) for name, lines in labels.items()}
    names = sorted(places)
    return [
        (a, b)
        for index, a in enumerate(names)
        for b in names[index + 1 :]
        if min(_overlap(places[a], boxes[a], places[b], boxes[b])[:2]) > 0
    ]


def bend_edges(edges: Sequence[Edge], places: Mapping[str, Place]) -> dict[str, float]:
    """How strongly each edge curves, so that edges between the same two nodes lie apart and pass nodes in between."""
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        pairs.setdefault((min(edge.source, edge.target), max(edge.source, edge.target)), []).append(edge)
    bends: dict[str, float] = {}
    for (first, _), members in pairs.items():
        spread = min(0.24, 0.9 / len(members))
        for index, edge in enumerate(members):
            bend = (index - (len(members) - 1) / 2) * spread + _detour(edge, places)
            bends[edge.id] = round(bend if edge.source == first else -bend, 3)
    return bends


def _detour(edge: Edge, places: Mapping[str, Place]) -> float:
    """Edges within a column arc past the nodes between their ends."""
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    return 0.3 if abs(x1 - x2) < 40 and abs(y1 - y2) > 80 else 0.0
