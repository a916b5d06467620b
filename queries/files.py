"""Query files of this folder that are no questions of the library, and their answers as plain rows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .stores.base import Solutions, Store, Term

_FOLDER = Path(__file__).parent


@cache
def read_query(name: str) -> str:
    """The text of a query file, by its path below this folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def select_rows(store: Store, name: str, **bindings: Term | tuple[Term, ...]) -> list[dict[str, str]]:
    """The rows that the SELECT in a query file returns, values as plain text."""
    answer = store.query(read_query(name), bindings)
    assert isinstance(answer, Solutions)
    return answer.dicts()
