"""osteograph: an evidence-backed OWL/RDF knowledge graph of bone metastases.

>>> import osteograph
>>> kg = osteograph.load()
>>> [row["answer"] for row in kg.ask("stated-or-not", subject="hypercalcemia", object="osteoporosis").dicts()]
['not stated']

The names below are the promise; everything deeper may be imported, but may move. Importing ``osteograph`` loads
nothing: each name is loaded when it is first used (PEP 562), so that a command line answers at once.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as typing has it, which takes longer to load than a version to print

if TYPE_CHECKING:
    from typing import Any

    from .graph_builder.build import Build, build
    from .knowledge_graph import KnowledgeGraph, load
    from .ontology.errors import OsteographError, Problem, ProblemsFound
    from .queries.catalog import Question, list_questions
    from .queries.explanation import Explanation
    from .queries.stores.base import Answer, Solutions

__version__ = "0.1.0"

_HOMES = {
    "Answer": "queries.stores.base",
    "Build": "graph_builder.build",
    "Explanation": "queries.explanation",
    "KnowledgeGraph": "knowledge_graph",
    "OsteographError": "ontology.errors",
    "Problem": "ontology.errors",
    "ProblemsFound": "ontology.errors",
    "Question": "queries.catalog",
    "Solutions": "queries.stores.base",
    "build": "graph_builder.build",
    "list_questions": "queries.catalog",
    "load": "knowledge_graph",
}

__all__ = [
    "Answer",
    "Build",
    "Explanation",
    "KnowledgeGraph",
    "OsteographError",
    "Problem",
    "ProblemsFound",
    "Question",
    "Solutions",
    "build",
    "list_questions",
    "load",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'osteograph' has no attribute {name!r}")
    value = getattr(import_module(f"osteograph.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
