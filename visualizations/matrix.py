"""The statements of a view as a matrix: rows and columns are concepts, a cell says who says so and in what words.

>>> Cell("osteo:Xgeva", "osteo:Hypocalcemia", (Tag("contraindicated", "label"),), ("e1",)).tags[0].text
'contraindicated'
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .content import Content, Edge, Statement
from .kinds import LOOKS
from .views import View

_SHORT = {  # words of a rule's strength, as short as a cell wants them
    "contraindicated": "contra",
    "not recommended": "avoid",
    "caution": "caution",
    "requires check": "check",
    "adverse effect": "harm",
}
_DERIVED = {  # the same of what rules derive, by its relation
    "bmo:contraindicates": "contra",
    "bmo:advisesAgainst": "avoid",
    "bmo:callsForCautionWith": "caution",
}


@dataclass(frozen=True)
class Tag:
    """A word in a cell, in the look of the edge that says it."""

    text: str
    look: str


@dataclass(frozen=True)
class Cell:
    """What joins a row and a column."""

    row: str
    column: str
    tags: tuple[Tag, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Node ids of the rows, (id, label) of the columns, the cells that are not empty, and what the words mean."""

    rows: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    cells: tuple[Cell, ...] = ()
    key: tuple[tuple[str, str], ...] = ()


def tabulate(content: Content, view: View) -> Matrix:
    """The matrix of a view; empty where the view has none."""
    if "matrix" not in view.pictures:
        return Matrix()
    statements = {statement.id: statement for statement in content.statements}
    articles = sorted({(claim.article, claim.source) for s in content.statements for claim in s.claims})
    numbers = {article: str(number) for number, (article, _) in enumerate(articles, 1)}
    edges: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in content.edges:
        edges[_place(edge, content, view)].append(edge)
    edges.pop(("", ""), None)
    cells = [
        Cell(row, column, _tags(members, statements, numbers), tuple(edge.id for edge in members))
        for (row, column), members in edges.items()
    ]
    labels = {node.id: node.label for node in content.nodes} | {name: look.label for name, look in LOOKS.items()}
    kinds = {node.id: node.kind for node in content.nodes}
    rows = {cell.row for cell in cells}
    columns = _busiest([cell.column for cell in cells])
    if view.across == ("looks",):
        columns = [name for name in LOOKS if name in columns]
    order = {kind: place for place, kind in enumerate(view.rows)}
    texts = {tag.text for cell in cells for tag in cell.tags}
    used = {tag.look for cell in cells for tag in cell.tags}
    return Matrix(
        rows=tuple(sorted(rows, key=lambda name: (order.get(kinds[name], 0), labels[name]))),
        columns=tuple((name, labels[name]) for name in columns),
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        key=tuple((numbers[article], f"said by “{title}”") for article, title in articles)
        + tuple((short, word) for word, short in _SHORT.items() if any(text.split()[:1] == [short] for text in texts))
        + tuple((look.mark, look.label) for look in LOOKS.values() if look.mark and look.name in used),
    )


def _place(edge: Edge, content: Content, view: View) -> tuple[str, str]:
    """Row and column of an edge, in whichever direction it points; empty where it has none."""
    if view.across == ("looks",):
        return edge.source, edge.look
    kinds = {node.id: node.kind for node in content.nodes}
    for row, column in ((edge.source, edge.target), (edge.target, edge.source)):
        if kinds[row] in view.rows and kinds[column] in view.across:
            return row, column
    return "", ""


def _busiest(names: Sequence[str]) -> list[str]:
    """Names, each once, those that occur most first."""
    return sorted(set(names), key=lambda name: (-names.count(name), name))


def _tags(edges: Sequence[Edge], statements: Mapping[str, Statement], numbers: Mapping[str, str]) -> tuple[Tag, ...]:
    """Who says so, gravest first: the words of rules, the numbers of articles; with a mark for what is no plain yes."""
    tags: set[Tag] = set()
    for edge in edges:
        for statement in (statements[name] for name in edge.statements):
            if statement.rule:
                tags.add(Tag(_SHORT.get(statement.rule.strength, statement.rule.strength), edge.look))
            elif edge.relation in _DERIVED:
                tags.add(Tag(f"{_DERIVED[edge.relation]} {LOOKS[edge.look].mark}", edge.look))
            else:
                said = "+".join(sorted({numbers[claim.article] for claim in statement.claims}))
                tags.add(Tag(f"{said}{LOOKS[edge.look].mark}", edge.look))
    order = list(_SHORT.values())

    def gravity(tag: Tag) -> tuple[int, str]:
        word = tag.text.partition(" ")[0]
        return order.index(word) if word in order else -1, tag.text

    return tuple(sorted(tags, key=gravity))
