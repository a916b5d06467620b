"""DuckDB in process: the default engine. What does not fit into its memory goes to disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ibis

from osteograph.ontology.errors import BadParameter

from .tables import Table

_FORMS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER true",
}


class DuckdbEngine:
    """A DuckDB database in memory that spills into a folder."""

    def __init__(self, memory: str | None, folder: Path) -> None:
        self.connection = ibis.duckdb.connect()
        self._run(f"SET temp_directory = {_quoted(folder / 'spill')}")
        self._run("SET preserve_insertion_order = false")
        if memory:
            try:
                self._run(f"SET memory_limit = {_quoted(memory)}")
            except Exception as error:
                raise BadParameter(f"{memory!r} is no amount of memory; write it like 2GiB") from error

    def table(self, paths: Iterable[Path]) -> Table:
        return self.connection.read_parquet([str(path) for path in paths])

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.connection.to_pyarrow(expression).to_pylist()
        return found

    def write(self, expression: Table, path: Path, form: str) -> None:
        self.connection._run_pre_execute_hooks(expression)
        query = self.connection.compile(expression)
        self._run(f"COPY ({query}) TO {_quoted(path)} ({_FORMS[form]})")

    def close(self) -> None:
        self.connection.disconnect()

    def _run(self, text: str) -> Any:
        return self.connection.raw_sql(text)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
