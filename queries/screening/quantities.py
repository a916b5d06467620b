"""Numbers of a record as intervals, exact: ``>60`` is all above 60, a range is a range, a value is itself.

>>> Interval.of(Decimal(25)).is_within(below=Decimal(30)), Interval.of(Decimal(60), ">").is_within(below=Decimal(80))
(True, False)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext

DIGITS = 60  # digits of a product of a value and a factor; both are far shorter
_EXPONENT = 12  # no analyte is measured in numbers beyond 10^12, and a longer one would only fill the memory
COMPARATORS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">="}
_NUMERAL = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_NUMBER = re.compile(_NUMERAL)
_QUANTITY = re.compile(rf"(?P<comparator><=|>=|<|>|≤|≥)?\s*(?P<value>{_NUMERAL})(?P<unit>(?![.,0-9]).*)")


@dataclass(frozen=True)
class Interval:
    """All values that a number of a record may stand for; an end is None where there is none."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def of(cls, value: Decimal, comparator: str = "") -> Interval:
        if comparator in ("<", "<="):
            return cls(None, value, high_open=comparator == "<")
        if comparator in (">", ">="):
            return cls(value, None, low_open=comparator == ">")
        return cls(value, value)

    def times(self, factor: Decimal) -> Interval:
        """The same in another unit."""
        with localcontext() as context:
            context.prec = DIGITS
            low, high = (None if end is None else end * factor for end in (self.low, self.high))
        return Interval(low, high, self.low_open, self.high_open)

    def is_within(
        self,
        below: Decimal | None = None,
        at_most: Decimal | None = None,
        above: Decimal | None = None,
        at_least: Decimal | None = None,
    ) -> bool:
        """Whether every value keeps to every limit that is given."""
        return (
            (
                below is None
                or (self.high is not None and (self.high < below or (self.high == below and self.high_open)))
            )
            and (at_most is None or (self.high is not None and self.high <= at_most))
            and (
                above is None or (self.low is not None and (self.low > above or (self.low == above and self.low_open)))
            )
            and (at_least is None or (self.low is not None and self.low >= at_least))
        )

    def is_plausible(self, minimum: Decimal, maximum: Decimal) -> bool:
        """Whether the ends that are given lie within what such a measure can be."""
        return all(end is None or minimum <= end <= maximum for end in (self.low, self.high))


def number(text: str) -> Decimal | None:
    """A finite number of bounded size as people and programs write it; None for anything else."""
    written = text.strip()
    if len(written) > DIGITS // 2 or not _NUMBER.fullmatch(written):
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:  # an exponent beyond all bounds
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= _EXPONENT else None


def split_quantity(text: str) -> tuple[str, Decimal, str] | None:
    """Comparator, value and unit of a text such as ``>60 mL/min``; None where it is no number with a unit.

    >>> split_quantity("1,9 mmol/L") is None
    True
    """
    match = _QUANTITY.fullmatch(text.strip())
    value = number(match["value"]) if match else None
    if not match or value is None:
        return None
    return COMPARATORS.get(match["comparator"] or "", ""), value, match["unit"].strip()


_WORDS = {
    "mcg": "ug", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk", "weeks": "wk",
    "month": "mo", "months": "mo", "year": "a", "years": "a",
}  # fmt: skip
_WRITTEN = (("µ", "u"), ("μ", "u"), ("²", "2"), ("×", ""), ("⁹", "^9"), ("³", "^3"), (" ", ""), ("^", "*"))


def unit_key(unit: str) -> str:
    """A unit as it is compared: letters, powers and blanks are written in many ways that mean the same.

    >>> unit_key("10^9/L") == unit_key("10*9/L"), unit_key("mL/min/1.73 m²") == unit_key("mL/min/1.73m2")
    (True, True)
    """
    key = unit.strip()
    for written, plain in _WRITTEN:
        key = key.replace(written, plain)
    key = re.sub(r"^x(?=10\*)", "", key).casefold()
    return _WORDS.get(key, key)
