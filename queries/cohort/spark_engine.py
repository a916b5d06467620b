"""Apache Spark: the same expression on any master, from two cores of this machine to a cluster.

A session that the process has already is used as it is; else one is started, and stopped at the end. Steps that others
use are local checkpoints: run once, their rows kept by the workers, and their plans forgotten, for Spark would plan all
of them again with each step that uses them. What comes out is collected and written here, chunk by chunk, so that only
the input has to lie where all workers see it.

With a ``local`` master the cohort is small, and starting is what takes time: Java code is compiled once and simply,
and plans are run as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from osteograph.ontology.errors import BadParameter, ToolMissing

from .duckdb_engine import copying
from .tables import Table

_MEMORY = re.compile(r"([1-9][0-9]*) *([KMGT])i?B", re.IGNORECASE)
_ALWAYS = {
    "spark.app.name": "osteograph",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.maxPlanStringLength": "1000",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.constraintPropagation.enabled": "false",  # it fails on unions of what is empty (Spark 4.3.0)
}
_SIMPLE = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": _SIMPLE,
    "spark.executor.extraJavaOptions": _SIMPLE,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


class SparkEngine:
    """A session of Spark and the tables that are known to it."""

    def __init__(self, master: str, memory: str | None) -> None:
        self.is_ours = SparkSession.getActiveSession() is None
        self.session = _start(master, memory)
        self.connection = ibis.pyspark.connect(self.session)
        self.names = 0
        self.kept: list[str] = []
        self.known: set[str] = set()

    def table(self, paths: Iterable[Path]) -> Table:
        return self._named(self.session.read.parquet(*map(str, paths)))

    def view(self, expression: Table) -> Table:
        return self._named(self._frame(expression))

    def keep(self, expression: Table) -> Table:
        table = self.hold(expression)
        self.kept.append(table.get_name())
        return table

    def hold(self, expression: Table) -> Table:
        return self._named(self._frame(expression).localCheckpoint())

    def forget(self) -> None:
        while self.kept:
            self.session.catalog.dropTempView(self.kept.pop())

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        return [row.asDict() for row in self._frame(expression).collect()]

    def write(self, expression: Table, path: Path, form: str) -> None:
        with duckdb.connect() as connection:
            connection.register("collected", self._frame(expression).toArrow())
            connection.execute(copying("FROM collected", path, form))

    def close(self) -> None:
        self.forget()
        if self.is_ours:
            self.session.stop()

    def _named(self, frame: DataFrame) -> Table:
        self.names += 1
        name = f"osteograph_{self.names}"
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def _frame(self, expression: Table) -> DataFrame:
        """An expression as Spark plans it, after the small tables that it joins are known, with their nulls."""
        for lookup in expression.op().find(ops.InMemoryTable):
            if lookup.name not in self.known:
                rows = lookup.data.to_pyarrow(lookup.schema)
                self.session.createDataFrame(rows).createOrReplaceTempView(lookup.name)
                self.known.add(lookup.name)
        return self.session.sql(str(self.connection.compile(expression)))


def _start(master: str, memory: str | None) -> SparkSession:
    """The session of this process, or a new one. Raises ToolMissing where Spark does not start."""
    settings = _ALWAYS | (_LOCAL if master.startswith("local") else {}) | _bounded(memory)
    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise ToolMissing(
            f"Spark does not start with the master {master!r}; it needs Java 17 or later: {error}"
        ) from error


def _bounded(memory: str | None) -> dict[str, str]:
    """The memory of the driver, which is all there is of a ``local`` master."""
    if memory is None:
        return {}
    found = _MEMORY.fullmatch(memory)
    if not found:
        raise BadParameter(f"{memory!r} is no amount of memory; write it like 2GiB")
    return {"spark.driver.memory": found[1] + found[2].lower()}
