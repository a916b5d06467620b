"""Where the expression runs: the seam behind which engines stand. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from osteograph.ontology.errors import BadParameter

from .needs import ENGINES, refuse_missing
from .tables import Table

MASTER = "local[2]"


class Engine(Protocol):
    """An open connection that reads Parquet files, runs expressions and writes what they give."""

    def table(self, paths: Iterable[Path]) -> Table:
        """The rows of Parquet files of one shape."""

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """All rows of an expression that has few."""

    def view(self, expression: Table) -> Table:
        """The same rows under a name of the engine, so that what is built on them is short to plan."""

    def keep(self, expression: Table) -> Table:
        """Run an expression once and keep its rows until :meth:`forget`, for others that use them several times."""

    def hold(self, expression: Table) -> Table:
        """Run an expression once and hold its rows as long as the connection is open."""

    def forget(self) -> None:
        """Give back all rows that were kept."""

    def write(self, expression: Table, path: Path, form: str) -> None:
        """Write the rows of an expression to one file, ``parquet`` or ``csv``."""

    def close(self) -> None:
        """Give back what the connection holds."""


def open_engine(name: str, options: Mapping[str, Any]) -> Engine:
    """The engine of a name.

    ``options`` are ``memory`` (such as 2GiB), ``folder`` (for what does not fit into memory) and ``master`` (of Spark).
    Raises BadParameter where there is no such engine, and ToolMissing where Spark or its Java is not installed.
    """
    if name == "duckdb":
        from .duckdb_engine import DuckdbEngine

        return DuckdbEngine(options.get("memory"), options["folder"])
    if name == "spark":
        refuse_missing("spark")
        from .spark_engine import SparkEngine

        return SparkEngine(options.get("master") or MASTER, options.get("memory"))
    raise BadParameter(f"no engine is called {name!r}; there are {', '.join(ENGINES)}")
