"""What screening a cohort needs beyond the project itself, told before anything is read."""

from __future__ import annotations

from importlib.util import find_spec

from osteograph.ontology.errors import ToolMissing

LIBRARIES = {"cohort": ("ibis", "duckdb", "pyarrow")}


def refuse_missing(extra: str) -> None:
    """Raise ToolMissing, with what to install, where a library of an extra is not there.

    >>> refuse_missing("cohort")
    """
    lacking = [name for name in LIBRARIES[extra] if find_spec(name) is None]
    if lacking:
        raise ToolMissing(f"screening a cohort needs {', '.join(lacking)}: pip install 'osteograph[{extra}]'")
