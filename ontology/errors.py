"""What can go wrong, as one tree.

::

    OsteographError                 everything that osteograph raises on purpose
    ├── ProblemsFound               curated tables, checks: all findings at once
    ├── UnknownName                 a concept, question, view or statement that does not exist
    ├── BadParameter                a question parameter that is missing, unknown or of the wrong type
    ├── QueryRefused                a query that asks for what is not allowed, or is not SPARQL
    ├── StoreUnavailable            an endpoint that cannot be reached, or sends no whole answer
    ├── GraphMissing                no built graph where one was looked for
    └── ToolMissing                 a part that the operation needs is not installed

Foreign exceptions are turned into these at the seam where they arise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class OsteographError(Exception):
    """Base of all errors that osteograph raises on purpose."""


class Problem(NamedTuple):
    """One finding: where it is, what is wrong and what to do about it.

    >>> print(Problem("concepts.tsv", 7, "kind_of", "unknown concept 'Bnoe'", "write 'Bone'"))
    concepts.tsv:7: kind_of: unknown concept 'Bnoe'. To mend: write 'Bone'
    """

    file: str
    line: int
    column: str
    message: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.column}:" if self.column else ""
        return f"{place}:{column} {self.message}. To mend: {self.remedy}"


class ProblemsFound(OsteographError):
    """One or more problems; ``problems`` lists them all, sorted by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} found\n{lines}")


class UnknownName(OsteographError):
    """A name that nothing bears; the message proposes the nearest names, or gives the hint."""

    def __init__(self, kind: str, name: str, known: Sequence[str], hint: str = "") -> None:
        self.suggestions = tuple(nearest(name, known))
        if not hint and self.suggestions:
            hint = f"Did you mean {', '.join(self.suggestions)}?"
        super().__init__(f"no {kind} is called {name!r}. {hint}".rstrip())


class NotDerived(OsteographError):
    """Rules do not derive what was asked for; the message tells what they derive between the same two ends."""

    def __init__(self, asked: str, derived: Sequence[str]) -> None:
        between = f"they derive: {'; '.join(derived)}" if derived else "nothing follows"
        super().__init__(f"no source states and no rule derives {asked!r}. Between the two {between}.")


class BadParameter(OsteographError):
    """A parameter that is missing, unknown or of the wrong type."""


class NotAnIri(BadParameter):
    """A value that has to name a thing, and is no IRI that can."""


class QueryRefused(OsteographError):
    """A query that is not SPARQL, or that asks for what is not allowed."""


class StoreUnavailable(OsteographError):
    """An endpoint cannot be reached, or what it sends is no whole answer."""


class GraphMissing(OsteographError):
    """No built graph stands where one was looked for."""


class ToolMissing(OsteographError):
    """A part that the operation needs is not installed."""


def nearest(name: str, known: Sequence[str], limit: int = 3) -> list[str]:
    """The known names most like a name, best first, whatever the case.

    >>> nearest("lung cancr", ["breast cancer", "Lung cancer", "spine"])
    ['Lung cancer']
    """
    from difflib import get_close_matches

    by_folded = {candidate.casefold(): candidate for candidate in known}
    return [by_folded[match] for match in get_close_matches(name.casefold(), list(by_folded), n=limit, cutoff=0.7)]
