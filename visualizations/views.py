"""Views: what there is to see, declared as data.

A view is a file ``selections/<name>.rq``: a SELECT that returns ``?statement ?subject ?predicate ?object``, one row for
each edge that a statement or a part of a safety rule draws, and a header that says how to show it:

=================  ===================================================================================
``title``          heading of the page
``description``    what one sees, in a sentence
``columns``        kinds of nodes from left to right; a list in the list shares a column
``layout``         ``columns`` (the default where columns are given), ``flow`` or ``distance``
=================  ===================================================================================

>>> [view.name for view in list_views()]
['bone_agents', 'complications', 'conflicts', 'lesions', 'overview', 'spread']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from osteograph.ontology.errors import UnknownName

from .kinds import KINDS

VIEWS = Path(__file__).parent / "selections"
LAYOUTS = ("columns", "flow", "distance")


@dataclass(frozen=True)
class View:
    """A question and the way to draw its answer."""

    name: str
    title: str
    description: str
    sparql: str
    columns: tuple[tuple[str, ...], ...] = ()
    layout: str = "distance"

    def __post_init__(self) -> None:
        unknown = {kind for column in self.columns for kind in column} - {kind.name for kind in KINDS}
        if unknown:
            raise ValueError(f"view {self.name}: no kind is called {', '.join(sorted(unknown))}")
        if self.layout not in LAYOUTS:
            raise ValueError(f"view {self.name}: no layout is called {self.layout!r}")


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


def read_detail_query(name: str) -> str:
    """A query that collects details for every view."""
    return (VIEWS / "details" / f"{name}.rq").read_text(encoding="utf-8")


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
    )
