"""Chunks of patients and what a run remembers of itself, so that it can be stopped at any time and go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ibis

from osteograph.ontology.errors import BadParameter

from .engines import Engine
from .tables import Table

REMEMBERED = "run.json"


@dataclass(frozen=True)
class Chunk:
    """Patients from one identifier to another, both included."""

    number: int
    first: Any
    last: Any
    patients: int

    @property
    def name(self) -> str:
        return f"part-{self.number:05}"


@dataclass
class Plan:
    """What was asked for and how the patients are divided, kept in the output folder."""

    path: Path
    asked: Mapping[str, Any]
    told: dict[str, Any]

    @classmethod
    def of(cls, output: Path, asked: Mapping[str, Any]) -> Plan:
        """The plan of a folder, made anew where it is empty. Raises BadParameter where the folder holds another run."""
        path = output / REMEMBERED
        if path.exists():
            told = json.loads(path.read_text(encoding="utf-8"))
            changed = sorted(key for key in {*asked, *told["asked"]} if told["asked"].get(key) != asked.get(key))
            if changed:
                raise BadParameter(
                    f"{output} holds a run that differs in {', '.join(changed)}; name another folder, or remove it"
                )
            return cls(path, asked, told)
        if output.exists() and any(output.iterdir()):
            raise BadParameter(f"{output} is not empty and holds no run of this command; name a new folder")
        output.mkdir(parents=True, exist_ok=True)
        plan = cls(path, asked, {"asked": dict(asked)})
        plan._write()
        return plan

    @property
    def is_divided(self) -> bool:
        """Whether the run came so far that chunks could be written."""
        return "chunks" in self.told

    def chunks(self, divide: Callable[[], list[Chunk]]) -> list[Chunk]:
        """The chunks, as they were divided when the run began."""
        if "chunks" not in self.told:
            self.told["chunks"] = [asdict(each) for each in divide()]
            self._write()
        return [Chunk(**each) for each in self.told["chunks"]]

    def _write(self) -> None:
        aside = self.path.with_suffix(".aside")
        aside.write_text(json.dumps(self.told, indent=1) + "\n", encoding="utf-8")
        aside.rename(self.path)


def chunks_of(engine: Engine, patients: Table, size: int) -> list[Chunk]:
    """Patients in the order of their identifiers, divided into chunks of one size; the last one may be smaller."""
    whole = engine.rows(
        patients.agg(first=patients.patient.min(), last=patients.patient.max(), patients=patients.count())
    )[0]
    if whole["patients"] <= size:
        return [Chunk(1, **whole)] if whole["patients"] else []
    numbered = patients.select("patient", place=ibis.row_number().over(order_by=patients.patient) // size)
    bounds = numbered.group_by("place").agg(
        first=numbered.patient.min(), last=numbered.patient.max(), patients=numbered.count()
    )
    rows = engine.rows(bounds.order_by("place"))
    return [Chunk(number, row["first"], row["last"], row["patients"]) for number, row in enumerate(rows, 1)]
