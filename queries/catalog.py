"""The question library: one ``.rq`` file a question, with a grlc header and BASIL parameters.

A parameter is a variable named ``?_name``, ``?__name`` (may be left out) with an optional type: ``_iri``, ``_integer``,
``_number``, ``_literal`` or a language. Values are bound as RDF terms, never spliced into the text.

>>> question = find_question("where-does-it-spread")
>>> question.summary, [parameter.name for parameter in question.parameters]
('Where does a cancer spread?', ['cancer'])
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, UnknownName
from osteograph.ontology.namespaces import expand

from .names import resolve_concept
from .stores.base import Answer, Store, Term

QUESTIONS = Path(__file__).parent / "questions"
_PARAMETER = re.compile(r"[?$](?P<marks>__?)(?P<name>[A-Za-z0-9]+)(?:_(?P<type>[a-z]+(?:_[a-z]+)?))?(?!\w)")
_NUMBERS = {"integer": "xsd:integer", "number": "xsd:decimal"}


class Parameter(NamedTuple):
    """A parameter: the variable it binds, its type (iri, integer, number, literal, a language), and if it is needed."""

    name: str
    variable: str
    type: str
    needed: bool
    default: str | None


class Question:
    """A named question: what it asks in words, its query and its parameters; ``not_on`` has engines that get it wrong.

    The header is read when something of it is wanted: answering needs the query alone, and YAML takes longer to load
    than most answers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.area, self.name = path.parent.name, path.stem
        self.sparql = path.read_text(encoding="utf-8")

    def __repr__(self) -> str:
        return f"Question({self.id!r})"

    @property
    def id(self) -> str:
        """``dissemination/where_does_it_spread``: unique in the library."""
        return f"{self.area}/{self.name}"

    @property
    def summary(self) -> str:
        """What it asks, in one line."""
        return str(self._header["summary"])

    @property
    def description(self) -> str:
        """What the rows of the answer are."""
        return str(self._header["description"])

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self._header.get("tags", ()))

    @property
    def not_on(self) -> dict[str, str]:
        """Engines that answer it wrongly, and why."""
        return {engine: reason for item in self._header.get("not_on", ()) for engine, reason in item.items()}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the order of their first use, each with its default."""
        defaults = {key: str(value) for item in self._header.get("defaults", ()) for key, value in item.items()}
        return read_parameters(self.sparql, defaults)

    @cached_property
    def _header(self) -> dict[str, Any]:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same loader in C, where the wheel has it
        header = "\n".join(line[3:] for line in self.sparql.splitlines() if line.startswith("#+ "))
        return yaml.load(header, Loader=loader) or {}


def list_questions() -> list[Question]:
    """All questions, by area and name."""
    return [read_question(path) for path in sorted(QUESTIONS.glob("*/*.rq"))]


def search_questions(words: str) -> list[Question]:
    """The questions in whose name, words or tags all the given words occur, by area and name."""
    wanted = words.casefold().split()

    def text(question: Question) -> str:
        return " ".join([question.id, question.summary, question.description, *question.tags]).casefold()

    return [question for question in list_questions() if all(word in text(question) for word in wanted)]


def find_question(name: str) -> Question:
    """A question by name or ``area/name``; ``-`` and ``_`` are one. Raises UnknownName with suggestions."""
    wanted = name.replace("-", "_")
    if re.fullmatch(r"(\w+/)?\w+", wanted):
        pattern = wanted if "/" in wanted else f"*/{wanted}"
        for path in QUESTIONS.glob(f"{pattern}.rq"):
            return read_question(path)
    raise UnknownName("question", name, [path.stem.replace("_", "-") for path in sorted(QUESTIONS.glob("*/*.rq"))])


@cache
def read_question(path: Path) -> Question:
    """Read one file of the library."""
    return Question(path)


def read_parameters(sparql: str, defaults: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The parameters of a query, in the order of their first use."""
    found: dict[str, Parameter] = {}
    for match in _PARAMETER.finditer(sparql):
        found[match["name"]] = Parameter(
            name=match["name"],
            variable=match[0][1:],
            type=match["type"] or "literal",
            needed=match["marks"] == "_",
            default=defaults.get(match["name"]),
        )
    return tuple(found.values())


def ask(store: Store, question: Question, values: Mapping[str, str]) -> Answer:
    """Answer a question with parameter values as people write them.

    Raises BadParameter for values that are missing, unknown or of the wrong type, and UnknownName for concepts.
    """
    return store.query(question.sparql, bindings_of(store, question, values))


def bindings_of(store: Store, question: Question, values: Mapping[str, str]) -> dict[str, Term]:
    """The terms that parameter values stand for, by variable. Raises as :func:`ask` does."""
    parameters = read_parameters(question.sparql, {})
    if any(each.needed and each.name not in values for each in parameters):
        parameters = question.parameters  # an error is to give examples
    return bind_parameters(store, question.id, parameters, values)


def bind_parameters(
    store: Store, asked: str, parameters: Sequence[Parameter], values: Mapping[str, str]
) -> dict[str, Term]:
    """RDF terms by variable for the values of what is ``asked``; raises as ``ask`` does."""
    known = {parameter.name: parameter for parameter in parameters}
    unknown = sorted(set(values) - set(known))
    if unknown:
        accepted = ", ".join(sorted(known)) or "none"
        raise BadParameter(f"{asked} has no parameter {', '.join(unknown)}; it takes: {accepted}")
    missing = sorted(name for name, parameter in known.items() if parameter.needed and name not in values)
    if missing:
        raise BadParameter(f"{asked} needs {', '.join(_with_example(known[name]) for name in missing)}")
    return {known[name].variable: _term(known[name], value, store) for name, value in values.items()}


def _with_example(parameter: Parameter) -> str:
    return f"{parameter.name} (such as {parameter.default})" if parameter.default else parameter.name


def _term(parameter: Parameter, value: str, store: Store) -> Term:
    """The RDF term that a value stands for."""
    if parameter.type == "iri":
        return resolve_concept(store, value)
    if parameter.type in _NUMBERS:
        pattern = r"[+-]?[0-9]+" if parameter.type == "integer" else r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"
        if not re.fullmatch(pattern, value):
            raise BadParameter(f"{parameter.name} takes a number, not {value!r}")
        from decimal import Decimal

        return ox.Literal(format(Decimal(value), "f"), datatype=ox.NamedNode(expand(_NUMBERS[parameter.type])))
    if parameter.type == "literal":
        return ox.Literal(value)
    if "_" in parameter.type:
        return ox.Literal(value, datatype=ox.NamedNode(expand(parameter.type.replace("_", ":", 1))))
    return ox.Literal(value, language=parameter.type)
