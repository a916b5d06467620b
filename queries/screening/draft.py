"""A record while it is being read: what was understood so far, and what was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .concepts import Concepts
from .record import Entry, Kind, Leftover, Record, Time
from .resolver import Found, Resolver

LONGEST_WORDS = 200


@dataclass
class Draft:
    """Entries and leftovers of one record; both keep the order in which they are found, each once."""

    resolver: Resolver
    entries: dict[Entry, None] = field(default_factory=dict)
    leftovers: dict[Leftover, None] = field(default_factory=dict)
    measures: set[str] = field(default_factory=set)

    @property
    def concepts(self) -> Concepts:
        return self.resolver.concepts

    def add(
        self,
        concept: str,
        kind: Kind,
        time: Time,
        words: str,
        where: str,
        days_ago: Decimal | None = None,
        recent: bool = False,
        estimated: bool = False,
        measured: str = "",
    ) -> None:
        """Add what a record says of one concept."""
        entry = Entry(concept, kind, time, clip(words), where, days_ago, recent, estimated, measured)
        self.entries[entry] = None

    def leave(self, words: str, where: str, reason: str) -> None:
        """Say what was not understood, and why."""
        self.leftovers[Leftover(clip(words), where, reason)] = None

    def leave_notes(self, found: Found, words: str, where: str) -> None:
        for note in found.notes:
            self.leave(words, where, note)

    def of_kind(self, found: Found, kind: Kind, words: str, where: str) -> list[str]:
        """The concepts found that may stand where the record has them; what is of another kind is left over."""
        self.leave_notes(found, words, where)
        fits = {
            "condition": self.concepts.is_condition,
            "treatment": self.concepts.is_treatment,
            "check": self.concepts.is_check,
        }
        taken = [each for each in found.concepts if fits[kind](each)]
        for concept in found.concepts:
            if concept not in taken:
                label = self.concepts.label(concept)
                self.leave(words, where, f"{label} is {self._what(concept)}, where a {kind} is meant")
        return taken

    def _what(self, concept: str) -> str:
        if self.concepts.is_a(concept, "Intervention"):
            return "a treatment or test"
        return "a condition" if self.concepts.is_condition(concept) else "no thing that a patient has or is given"

    def now(self, kind: Kind) -> list[str]:
        """The concepts of one kind that hold now."""
        return [entry.concept for entry in self.entries if entry.kind == kind and entry.time == "now"]

    def finish(self, name: str) -> Record:
        return Record(name, tuple(self.entries), tuple(self.leftovers), frozenset(self.measures))

    def check_done(self, found: Iterable[str], words: str, where: str, days_ago: Decimal | None = None) -> None:
        """Note that tests and activities are on record."""
        for concept in found:
            self.add(concept, "check", "past", words, where, days_ago)


def clip(text: str) -> str:
    """A text that a record holds, cut to a length at which no record fills the memory."""
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"
