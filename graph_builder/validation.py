"""What must not be in a built graph: violation queries, SHACL shapes, OWL 2 DL and consistency.

One violation query is one file in ``checks/`` with a header that says the problem, the reason and the remedy; every row
it returns is a finding, named by its variable ``?focus`` and told in words by ``?finding``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import Problem, ProblemsFound
from osteograph.ontology.namespaces import shorten
from osteograph.queries.stores.base import Solutions, Store
from osteograph.queries.stores.oxigraph import OxigraphStore

CHECKS = Path(__file__).parent / "checks"
_HEADER = re.compile(r"^# (Problem|Reason|Remedy|Severity): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class ViolationQuery:
    """One check: its name, what is wrong where it returns rows, why that matters and what to do."""

    name: str
    problem: str
    reason: str
    remedy: str
    severity: str
    sparql: str


def violation_queries() -> list[ViolationQuery]:
    """All checks, by name."""
    return [_read(path) for path in sorted(CHECKS.glob("*.rq"))]


def _read(path: Path) -> ViolationQuery:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    severity = header.get("Severity", "error")
    return ViolationQuery(path.stem, header["Problem"], header["Reason"], header["Remedy"], severity, text)


def violations(store: Store) -> list[Problem]:
    """What the violation queries find, warnings included."""
    return [problem for query in violation_queries() for problem in _run(query, store)]


def _run(query: ViolationQuery, store: Store) -> list[Problem]:
    answer = store.query(query.sparql)
    assert isinstance(answer, Solutions)
    return [
        Problem(
            file=f"check {query.name}",
            line=0,
            column=shorten(row["focus"]),
            message=row.get("finding", query.problem),
            remedy=query.remedy,
            severity=query.severity,
        )
        for row in answer.dicts()
    ]


def run_violation_queries(quads: Iterable[ox.Quad]) -> list[str]:
    """Run all checks on a compiled graph and name those that ran. Raises ProblemsFound where one finds an error."""
    store = OxigraphStore.from_quads(quads)
    errors = [problem for problem in violations(store) if problem.severity == "error"]
    if errors:
        raise ProblemsFound(errors)
    return [query.name for query in violation_queries()]


def shapes_text() -> str:
    """The SHACL shapes as Turtle."""
    return files("osteograph.ontology").joinpath("shapes.ttl").read_text(encoding="utf-8")


_OF_A_TABLE = "correct the row in the curated table that makes this node"


def shacl_problems(
    turtle: bytes, about: Collection[str] | None = None, *, file: str = "shapes.ttl", remedy: str = _OF_A_TABLE
) -> list[Problem]:
    """What the SHACL shapes find in a graph given as N-Triples; ``about`` are the nodes that are looked at, or all."""
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data=turtle, format="nt")
    shapes = rdflib.Graph().parse(data=shapes_text(), format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True, inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph)
    found = report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    nodes = {result: str(report.value(result, rdflib.SH.focusNode)) for result in found}
    return [
        Problem(file, 0, *_told(report, result, node), remedy)
        for result, node in nodes.items()
        if about is None or node in about
    ]


def _told(report: object, result: object, focus: str) -> tuple[str, str]:
    """Where a finding about a node is, and what it is, in words."""
    import rdflib

    assert isinstance(report, rdflib.Graph)
    assert isinstance(result, rdflib.term.Node)
    path = report.value(result, rdflib.SH.resultPath)
    message = str(report.value(result, rdflib.SH.resultMessage))
    value = report.value(result, rdflib.SH.value)
    where = f"{shorten(focus)} {shorten(str(path))}" if isinstance(path, rdflib.URIRef) else shorten(focus)
    shown = f" (found {shorten(str(value))})" if value is not None else ""
    return where, message + shown
