"""Views: what there is to see, declared as data.

A view is a file ``selections/<name>.rq``: a SELECT that returns ``?statement ?subject ?predicate ?object``, one row for
each edge that a statement or a part of a safety rule draws (a link of the hierarchy has no statement), and a header
that says how to show it:

=================  ===================================================================================
``title``          heading of the page; ``{name}`` stands for what the parameter of that name is called
``description``    what one sees, in a sentence
``columns``        kinds of nodes from left to right; a list in the list shares a column
``layout``         ``columns`` (the default where columns are given), ``flow`` or ``distance``
``edges``          what the looks of edges tell: ``standing`` (the default) or ``articles``
``pictures``       ``graph``, ``matrix``, ``body``; the first is shown first
``rows``           kinds of nodes that are the rows of the matrix
``across``         kinds of nodes that are its columns, or ``looks``
``defaults``       values of the parameters where none are given
=================  ===================================================================================

Parameters are written as in the question library: ``?_treatment_iri``.

>>> [view.name for view in list_views() if view.parameters]
['concept', 'derived', 'statement', 'treatment']
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import yaml

from osteograph.ontology.errors import BadParameter, OsteographError, UnknownName
from osteograph.ontology.namespaces import shorten
from osteograph.queries.catalog import Parameter, bind_parameters, read_parameters
from osteograph.queries.stores.base import Bindings, Solutions, Store, Term

from .kinds import KINDS

VIEWS = Path(__file__).parent / "selections"
LAYOUTS = ("columns", "flow", "distance")
PICTURES = ("graph", "matrix", "body")


@dataclass(frozen=True)
class View:
    """A question and the way to draw its answer; ``bindings`` are the values of its parameters.

    ``foreign`` is a question that is not of this project: what it answers is not taken for ours.
    """

    name: str
    title: str
    description: str
    sparql: str
    columns: tuple[tuple[str, ...], ...] = ()
    layout: str = "distance"
    edges: str = "standing"
    pictures: tuple[str, ...] = ("graph",)
    rows: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    depth: int = 1
    foreign: bool = False

    def __post_init__(self) -> None:
        named = {kind for column in (*self.columns, self.rows, self.across) for kind in column}
        _refuse(self.name, "kind", named - {kind.name for kind in KINDS} - {"looks"})
        _refuse(self.name, "layout", {self.layout} - set(LAYOUTS))
        _refuse(self.name, "picture", set(self.pictures) - set(PICTURES))
        _refuse(self.name, "way to look at edges", {self.edges} - {"standing", "articles"})

    @property
    def centre(self) -> str:
        """The concept around which the view stands, or nothing."""
        return self._bound("concept")

    @property
    def statement(self) -> str:
        """The statement that the view opens, or nothing."""
        return self._bound("statement")

    def _bound(self, parameter: str) -> str:
        return next((term.value for name, term in self.bindings.items() if parameter in name.split("_")), "")


def _refuse(view: str, what: str, unknown: set[str]) -> None:
    if unknown:
        raise ValueError(f"view {view}: no {what} is called {', '.join(map(repr, sorted(unknown)))}")


def list_views() -> list[View]:
    """All views, by name."""
    return [_read_view(path) for path in sorted(VIEWS.glob("*.rq"))]


def find_view(name: str) -> View:
    """A view by name; ``-`` and ``_`` are one. Raises UnknownName with suggestions.

    >>> find_view("overvew")
    Traceback (most recent call last):
    osteograph.ontology.errors.UnknownName: no view is called 'overvew'. Did you mean overview?
    """
    views = {view.name: view for view in list_views()}
    wanted = name.replace("-", "_")
    if wanted not in views:
        raise UnknownName("view", name, [known.replace("_", "-") for known in views])
    return views[wanted]


def fill_view(store: Store, view: View, values: Mapping[str, str] | None = None, *, depth: int = 1) -> View:
    """A view whose parameters have values, as people write them; those left out have their defaults.

    Raises BadParameter and UnknownName as questions do, and BadParameter for a depth that is no step or has no centre.
    """
    if depth < 1:
        raise BadParameter(f"the depth is a number of steps, 1 or more, not {depth}")
    given = {p.name: p.default for p in view.parameters if p.default} | dict(values or {})
    bindings = bind_parameters(store, f"the view {view.name}", view.parameters, given)
    title, description = view.title, view.description
    for parameter in view.parameters:
        called = label_of(store, bindings[parameter.variable])
        title, description = (text.replace(f"{{{parameter.name}}}", called) for text in (title, description))
    filled = replace(view, title=title, description=description, bindings=bindings, depth=depth)
    if depth > 1 and not filled.centre:
        raise BadParameter(f"the view {view.name} is about no concept, so that it counts no steps around one")
    return filled


def titled_views(store: Store) -> Iterator[tuple[str, str]]:
    """Name and title of each view, with the defaults of its parameters; without those that the graph has not."""
    for view in list_views():
        with contextlib.suppress(OsteographError):
            yield view.name, fill_view(store, view).title


def query_view(sparql: str, name: str = "a query") -> View:
    """A view of what a query finds: the triples of a CONSTRUCT, or the statements that a SELECT has in a column."""
    description = f"The answer of {name}, with what its statements rest on."
    return View("query", f"What {name} finds", description, sparql, foreign=True)


def label_of(store: Store, term: Term) -> str:
    """What a thing is called; its CURIE where it has no label."""
    return next((row["label"] for row in ask_details(store, "label", {"thing": term})), shorten(term.value))


def read_detail_query(name: str) -> str:
    """A query that collects details for every view."""
    return (VIEWS / "details" / f"{name}.rq").read_text(encoding="utf-8")


def ask_details(store: Store, name: str, bindings: Bindings | None = None) -> list[dict[str, str]]:
    """The rows of such a query, all of which are SELECT queries."""
    answer = store.query(read_detail_query(name), bindings)
    assert isinstance(answer, Solutions)
    return answer.dicts()


@cache
def _read_view(path: Path) -> View:
    text = path.read_text(encoding="utf-8")
    header = yaml.safe_load("\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ ")))
    columns = tuple(tuple(column) for column in header.get("columns", ()))
    return View(
        name=path.stem,
        title=header["title"],
        description=header["description"],
        sparql=text,
        columns=columns,
        layout=header.get("layout", "columns" if columns else "distance"),
        edges=header.get("edges", "standing"),
        pictures=tuple(header.get("pictures", ("graph",))),
        rows=tuple(header.get("rows", ())),
        across=tuple(header.get("across", ())),
        parameters=read_parameters(text, header.get("defaults", {})),
    )
