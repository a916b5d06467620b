"""Dates of a record: partial ones are spans of days, and what counts is how long ago something was.

>>> Span.parse("2026-02").first.isoformat(), Span.parse("2026-02").last.isoformat()
('2026-02-01', '2026-02-28')
>>> Span.parse("2026-13") is None
True
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2})"
    r"(?P<time>[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?"
)


@dataclass(frozen=True)
class Span:
    """The days that a date may mean, and the moment where a time of day is given."""

    first: date
    last: date
    moment: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Span | None:
        """A FHIR date or dateTime (year, month, day or moment); None where it is none."""
        match = _DATE.fullmatch(text.strip())
        if not match:
            return None
        try:
            return cls._of(match)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def _of(cls, match: re.Match[str]) -> Span:
        year, month, day = int(match["year"]), match["month"], match["day"]
        if day:
            exact = date(year, int(month), int(day))
            moment = datetime.fromisoformat(match[0].replace(" ", "T")) if match["time"] else None
            return cls(exact, exact, moment)
        if month:
            return cls(date(year, int(month), 1), date(year, int(month), calendar.monthrange(year, int(month))[1]))
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def is_exact(self) -> bool:
        return self.first == self.last

    def is_after(self, day: date) -> bool:
        """Whether the whole span lies after a day."""
        return self.first > day

    def days_before(self, today: date) -> Decimal:
        """Days from the span to a day, counted from its last day: the shortest time that the date allows."""
        return Decimal(max((today - self.last).days, 0))

    def precedes(self, other: Span) -> bool:
        """Whether this lies wholly before another; two moments of one day are told apart by the clock."""
        if self.moment and other.moment and (self.moment.tzinfo is None) == (other.moment.tzinfo is None):
            return self.moment < other.moment
        return self.last < other.first


def age_in_years(birth: Span, today: date) -> tuple[int, int]:
    """The least and the greatest age in whole years that a date of birth allows."""

    def years(born: date) -> int:
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    return years(birth.last), years(birth.first)
