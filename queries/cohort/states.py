"""How a record may hold a concept, as one small number: what of a record the rules can tell apart.

A state stands for the record properties that :mod:`osteograph.queries.screening.facts` gives an entry.

>>> state_of(Entry("x", "condition", "now", "", "", estimated=True)).properties
('hasCondition',)
>>> state_of(Entry("x", "treatment", "past", "", "", days_ago=Decimal(10))).name
'past, within 14 days'
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..screening.facts import WINDOWS
from ..screening.record import Entry, Kind


@dataclass(frozen=True)
class State:
    """A state with its number and the record properties that it gives, by local name."""

    number: int
    name: str
    kind: Kind
    properties: tuple[str, ...]


def _states() -> tuple[State, ...]:
    told: list[tuple[str, Kind, tuple[str, ...]]] = [
        ("present", "condition", ("hasEstablishedCondition",)),
        ("present by an estimate", "condition", ("hasCondition",)),
        ("past condition", "condition", ("hadCondition",)),
        ("recent condition", "condition", ("hasRecently",)),
        ("given", "treatment", ("receivesTreatment",)),
        ("planned", "treatment", ("plannedTreatment",)),
        ("past", "treatment", ("hadTreatment",)),
        ("recent treatment", "treatment", ("hasRecently",)),
    ]
    for index, limit in enumerate(WINDOWS):
        within = tuple(f"hadTreatmentWithin{each}Days" for each in WINDOWS[index:])
        told.append((f"past, within {limit} days", "treatment", ("hadTreatment", *within)))
    return tuple(State(number, *each) for number, each in enumerate(told))


STATES = _states()
PRESENT, ESTIMATED, PAST_CONDITION, RECENT_CONDITION, GIVEN, PLANNED, PAST, RECENT_TREATMENT, *WITHIN = (
    state.number for state in STATES
)
CONSIDERED = (GIVEN, PLANNED)
CONDITIONS = (PRESENT, ESTIMATED, PAST_CONDITION)
HOLDING_NOW = (PRESENT, ESTIMATED)


def state_of(entry: Entry) -> State:
    """The state of a condition or treatment of a record; what the record calls recent has a second one."""
    return STATES[_number(entry)]


def states_of(entry: Entry) -> list[State]:
    """All states of an entry; none for a check, which no flag rests on."""
    if entry.kind == "check":
        return []
    recent = RECENT_CONDITION if entry.kind == "condition" else RECENT_TREATMENT
    return [state_of(entry), *([STATES[recent]] if entry.recent and entry.time == "past" else [])]


def _number(entry: Entry) -> int:
    if entry.kind == "condition":
        return PAST_CONDITION if entry.time == "past" else ESTIMATED if entry.estimated else PRESENT
    if entry.time != "past":
        return GIVEN if entry.time == "now" else PLANNED
    return past_state(entry.days_ago)


def past_state(days_ago: Decimal | None) -> int:
    """The state of a treatment that ended so many days ago; None where that is not known."""
    for limit, number in zip(WINDOWS, WITHIN, strict=True):
        if days_ago is not None and 0 <= days_ago <= limit:
            return number
    return PAST
