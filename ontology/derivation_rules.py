"""The derivation rules as values: one SPARQL CONSTRUCT a file in ``rules/``, read into patterns.

A rule has one conclusion, premises (one triple pattern a line) and conditions (FILTER lines of three shapes). That is
all that the engine, the proofs and the checker need; anything else in a rule file is refused. The file as it stands is
a query that any SPARQL 1.1 engine runs, which is how the checker re-verifies a step.

>>> rule = load_rules()["kind_of_kind"]
>>> rule.says, rule.in_owl
('A kind of a kind is a kind.', True)
>>> [part.rpartition("/")[2] for part in rule.conclusion]
['?narrow', 'kindOf>', '?broad']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import Problem, ProblemsFound
from .namespaces import PREFIXES, expand

RULES = Path(__file__).parent / "rules"
Pattern = tuple[str, str, str]
"""Subject, predicate and object in N-Triples syntax, or variables as ``?name``."""

_MAY_APPLY = f"<{expand('bmo:mayApplyTo')}>"
HEADERS = ("What it says", "Why", "Example", "Source", "OWL")


@dataclass(frozen=True)
class OneOf:
    """``FILTER(?x IN (a, b))``."""

    variable: str
    terms: frozenset[str]


@dataclass(frozen=True)
class Differ:
    """``FILTER(?x != ?y)``."""

    left: str
    right: str


@dataclass(frozen=True)
class Absent:
    """``FILTER NOT EXISTS { s p o }``: no such fact; a variable that no premise binds stands for anything."""

    pattern: Pattern


@dataclass(frozen=True)
class Rule:
    """A derivation rule: what it says and why, its conclusion, its premises and its conditions."""

    name: str
    says: str
    why: str
    example: str
    source: str
    owl: str
    stage: int
    stored: bool  # whether the built graph holds what it concludes; a property path may say the same
    conclusion: Pattern
    premises: tuple[Pattern, ...]
    one_of: tuple[OneOf, ...]
    differ: tuple[Differ, ...]
    absent: tuple[Absent, ...]
    sparql: str

    @property
    def in_owl(self) -> bool:
        """Whether the schema says the same as an axiom, so that a reasoner must derive the same."""
        return self.owl == "yes"

    @property
    def leaves_inheritance_open(self) -> bool:
        """Whether it applies a part of a safety rule where that part is silent about inheritance."""
        return any(predicate == _MAY_APPLY for _, predicate, _ in self.premises)


@cache
def load_rules(folder: Path = RULES) -> Mapping[str, Rule]:
    """All rules of a folder by name. Raises ProblemsFound with every line that is no rule."""
    problems: list[Problem] = []
    rules = {path.stem: _read(path, problems) for path in sorted(folder.glob("*.rq"))}
    problems.extend(_unstratified(rules))
    if problems:
        raise ProblemsFound(problems)
    return rules


_LINE = re.compile(r"# (?P<key>[A-Z][A-Za-z ]*): (?P<value>.+)")
_SHAPE = re.compile(r"CONSTRUCT \{ (?P<conclusion>.+?) \.? ?\}\nWHERE \{\n(?P<body>.*)\n\}\s*\Z", re.DOTALL)
_TERM = r"(\?[A-Za-z]+|[A-Za-z]+:[A-Za-z0-9_]+|\"[^\"\\]*\"|true|false)"
_TRIPLE = re.compile(rf"{_TERM} {_TERM} {_TERM}(?: \.)?")
_ONE_OF = re.compile(r"FILTER\((\?\w+) IN \(([^()]+)\)\)")
_DIFFER = re.compile(r"FILTER\((\?\w+) != (\?\w+)\)")
_ABSENT = re.compile(r"FILTER NOT EXISTS \{ (.+?) \}")


def _read(path: Path, problems: list[Problem]) -> Rule:
    text = path.read_text(encoding="utf-8")
    header = {match["key"]: match["value"] for match in map(_LINE.fullmatch, text.splitlines()) if match}
    shape = _SHAPE.search(text)
    missing = [key for key in HEADERS if key not in header]
    if missing or not shape:
        message = f"no header line {missing[0]}" if missing else "the query is not of the shape of a rule"
        problems.append(Problem(path.name, 0, "", message, "write the headers, then CONSTRUCT { s p o } WHERE { … }"))
    first = text[: shape.start("body")].count("\n") + 1 if shape else 0
    body = list(_body(shape["body"], first, path, problems)) if shape else []
    conclusion = _pattern(shape["conclusion"], 0, path, problems) if shape else ("", "", "")
    return Rule(
        name=path.stem,
        says=header.get("What it says", ""),
        why=header.get("Why", ""),
        example=header.get("Example", ""),
        source=header.get("Source", ""),
        owl=header.get("OWL", ""),
        stage=int(header.get("Stage", "1")),
        stored=not header.get("Stored", "yes").startswith("no"),
        conclusion=conclusion,
        premises=tuple(item for item in body if isinstance(item, tuple)),
        one_of=tuple(item for item in body if isinstance(item, OneOf)),
        differ=tuple(item for item in body if isinstance(item, Differ)),
        absent=tuple(item for item in body if isinstance(item, Absent)),
        sparql=text,
    )


def _body(text: str, first: int, path: Path, problems: list[Problem]) -> Iterator[Pattern | OneOf | Differ | Absent]:
    for number, raw in enumerate(text.split("\n"), first):
        line = raw.strip()
        if match := _ONE_OF.fullmatch(line):
            yield OneOf(match[1], frozenset(_term(term.strip()) for term in match[2].split(",")))
        elif match := _DIFFER.fullmatch(line):
            yield Differ(match[1], match[2])
        elif match := _ABSENT.fullmatch(line):
            yield Absent(_pattern(match[1], number, path, problems))
        else:
            yield _pattern(line, number, path, problems)


def _pattern(line: str, number: int, path: Path, problems: list[Problem]) -> Pattern:
    match = _TRIPLE.fullmatch(line.strip())
    if not match:
        message = f"{line!r} is neither a triple pattern nor one of the three filters"
        problems.append(Problem(path.name, number, "", message, "write one pattern a line, ended by a full stop"))
        return ("", "", "")
    subject, predicate, obj = match.groups()
    return _term(subject), _term(predicate), _term(obj)


def _term(text: str) -> str:
    """A term of a rule file in N-Triples syntax; variables and strings stay as they are."""
    if text in ("true", "false"):
        return f'"{text}"^^<{PREFIXES["xsd"]}boolean>'
    return text if text.startswith(("?", '"')) else f"<{expand(text)}>"


def _unstratified(rules: Mapping[str, Rule]) -> Iterator[Problem]:
    """What a rule finds absent must be settled before it runs: no rule of its stage or a later one may conclude it."""
    for rule in rules.values():
        for absent in rule.absent:
            late = [
                other.name
                for other in rules.values()
                if other.stage >= rule.stage and _may_conclude(other, absent.pattern[1])
            ]
            if late:
                message = f"it asks for the absence of what {late[0]} concludes in its stage or later"
                yield Problem(f"{rule.name}.rq", 0, "", message, "give the rule a later # Stage:")


def _may_conclude(rule: Rule, predicate: str) -> bool:
    """Whether a rule can conclude facts of a predicate; one with a variable there can conclude any."""
    return rule.conclusion[1] == predicate or rule.conclusion[1].startswith("?")
