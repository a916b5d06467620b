"""What screening a cohort needs beyond the project itself, told before anything is read."""

from __future__ import annotations

import os
from importlib.util import find_spec
from shutil import which

from osteograph.ontology.errors import ToolMissing

ENGINES = ("duckdb", "spark")
LIBRARIES = {"cohort": ("ibis", "duckdb", "numpy", "pyarrow"), "spark": ("pyspark",)}


def refuse_missing(extra: str) -> None:
    """Raise ToolMissing, with what to install, where a library of an extra is not there, or Java for Spark.

    >>> refuse_missing("cohort")
    """
    lacking = [name for name in LIBRARIES[extra] if find_spec(name) is None]
    if lacking:
        raise ToolMissing(f"screening a cohort needs {', '.join(lacking)}: pip install 'osteograph[{extra}]'")
    if extra == "spark" and not (os.environ.get("JAVA_HOME") or which("java")):
        raise ToolMissing("Spark needs Java 17 or later: install it, or name its folder in JAVA_HOME")
