"""DuckDB in process: the default engine. What does not fit into its memory goes to disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops

from .tables import Table

_AS_WRITTEN = "join_order,build_side_probe_side"
"""Joins are run as they are written: DuckDB takes each filter for one that leaves a fifth, and turns them round."""
_FORMS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER true",
}


class DuckdbEngine:
    """A DuckDB database in memory that spills into a folder."""

    def __init__(self, memory: str | None, folder: Path) -> None:
        self.connection = ibis.duckdb.connect()
        self.kept: list[str] = []
        self.views = 0
        self.known: set[str] = set()
        self._run(f"SET temp_directory = {_quoted(folder / 'spill')}")
        self._run("SET preserve_insertion_order = false")
        self._run(f"SET disabled_optimizers = '{_AS_WRITTEN}'")
        if memory:
            self._run(f"SET memory_limit = {_quoted(memory)}")

    def table(self, paths: Iterable[Path]) -> Table:
        return self.connection.read_parquet([str(path) for path in paths])

    def view(self, expression: Table) -> Table:
        self.views += 1
        self._run(f"CREATE TEMP VIEW view_{self.views} AS {self._query(expression)}")
        return self.connection.table(f"view_{self.views}")

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        found = self.connection.raw_sql(self._query(expression))
        return [dict(zip(expression.columns, row, strict=True)) for row in found.fetchall()]

    def keep(self, expression: Table) -> Table:
        self.kept.append(f"kept_{len(self.kept)}")
        return self._table(self.kept[-1], expression)

    def hold(self, expression: Table) -> Table:
        self.views += 1
        return self._table(f"held_{self.views}", expression)

    def _table(self, name: str, expression: Table) -> Table:
        self._run(f"CREATE TEMP TABLE {name} AS {self._query(expression)}")
        return self.connection.table(name)

    def forget(self) -> None:
        while self.kept:
            self._run(f"DROP TABLE {self.kept.pop()}")

    def write(self, expression: Table, path: Path, form: str) -> None:
        self._run(copying(self._query(expression), path, form))

    def close(self) -> None:
        self.connection.disconnect()

    def _query(self, expression: Table) -> str:
        """The SQL of an expression, after the small tables that it joins are tables of the connection.

        Tables, and not views of what lies in Python: of a table DuckDB knows how many rows and which values it has.
        """
        for small in expression.op().find(ops.InMemoryTable):
            if small.name not in self.known:
                rows = small.data.to_pyarrow(small.schema)
                self.connection.con.register("in_python", rows)
                self._run(f'CREATE TEMP TABLE "{small.name}" AS FROM in_python')
                self.connection.con.unregister("in_python")
                self.known.add(small.name)
        return str(self.connection.compile(expression))

    def _run(self, text: str) -> None:
        self.connection.raw_sql(text).fetchall()


def copying(query: str, path: Path, form: str) -> str:
    """The statement that writes the rows of a query to one file."""
    return f"COPY ({query}) TO {_quoted(path)} ({_FORMS[form]})"


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
