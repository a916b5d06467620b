"""Golden answers: expected rows of a question, written from the articles and labels by people who read them.

A first line that opens with ``#>`` asks for at least these rows, where the whole answer changes with curation.

A file ``tests/golden/<area>/<question>[.<case>].tsv`` opens with a line ``# name=value …`` of parameters, then names
the columns it is about, then lists the rows, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Golden:
    """One golden file as read."""

    question: str
    case: str
    parameters: dict[str, str]
    columns: tuple[str, ...]
    rows: frozenset[tuple[str, ...]]
    at_least: bool


def read_golden(path: Path) -> Golden:
    """Read one golden file."""
    first, header, *lines = path.read_text(encoding="utf-8").splitlines()
    name, _, case = path.stem.partition(".")
    return Golden(
        question=f"{path.parent.name}/{name}",
        case=case,
        parameters=dict(item.split("=", 1) for item in first.lstrip("#>").split()),
        columns=tuple(header.split("\t")),
        rows=frozenset(tuple(line.split("\t")) for line in lines),
        at_least=first.startswith("#>"),
    )


def all_golden() -> list[Golden]:
    """Every golden file, by path."""
    return [read_golden(path) for path in sorted(GOLDEN.glob("*/*.tsv"))]
