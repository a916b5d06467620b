"""A patient's record, in concepts of the graph: what every reader makes and what screening starts from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["condition", "treatment", "check"]
Time = Literal["now", "past", "planned"]


@dataclass(frozen=True)
class Entry:
    """One thing that a record says of a patient, as a concept.

    A check is any test or care activity that the record shows as done. ``estimated`` marks a graded condition that
    rests on an estimate where rules ask for a measurement (an estimated filtration rate for a creatinine clearance).
    """

    concept: str  # IRI
    kind: Kind
    time: Time
    words: str  # as the record names it
    where: str  # its place in the record, such as "conditions[2]" or "Bundle.entry[3] Condition/c1"
    days_ago: Decimal | None = None  # for what is past: days since it ended
    recent: bool = False  # the record itself calls it recent
    estimated: bool = False
    measured: str = ""  # for a graded condition: the value it rests on, "25 mL/min"


@dataclass(frozen=True)
class Leftover:
    """What could not be understood or was set aside, and why; nothing of a record is dropped without one."""

    words: str
    where: str
    reason: str


@dataclass(frozen=True)
class Record:
    """A whole record: what was understood, what was not, and which measures it holds (IRIs of tests or qualities)."""

    name: str
    entries: tuple[Entry, ...]
    leftovers: tuple[Leftover, ...] = ()
    measures: frozenset[str] = frozenset()
