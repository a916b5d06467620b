"""Reading tab-separated tables strictly: every problem of a file at once, each with line, column and remedy.

A table is UTF-8 without byte order mark, its lines end in LF, its first line names the columns, cells are separated by
one tab and never quoted (``csv`` with quoting would merge rows at a stray quotation mark), rows are sorted by their
key and no key comes twice. Lines that open with ``#`` before the column names are kept as ``preamble`` (SSSOM).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from .errors import Problem, nearest

T = TypeVar("T")


@dataclass
class Table:
    """The rows of one file as read, and the problems met so far; ``rows`` hold (line number, cells by column)."""

    file: str
    preamble: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int, column: str, message: str, remedy: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(self.file, line, column, message, remedy))


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a table whose columns must be exactly these, in this order."""
    table = Table(path.name)
    text = _decode(path, table)
    if text is None:
        return table
    lines = text.split("\n")
    if lines[-1]:
        table.report(len(lines), "", "the last line does not end in a line feed", "end the file with one line feed")
    else:
        lines.pop()
    while lines and lines[0].startswith("#"):
        table.preamble.append(lines.pop(0))
    first = len(table.preamble) + 1
    if not lines or lines[0].split("\t") != list(columns):
        found = lines[0] if lines else ""
        table.report(
            first, "", f"the columns are {found.split(chr(9))}", f"name the columns exactly {'<tab>'.join(columns)}"
        )
        return table
    for number, line in enumerate(lines[1:], first + 1):
        _add_row(table, number, line, columns)
    return table


def _decode(path: Path, table: Table) -> str | None:
    """The text of the file, or None where it cannot be read as a table at all."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        table.report(0, "", "the file is missing", "restore it, or name the folder that holds the curated tables")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        table.report(1, "", "the file opens with a byte order mark", "save it as UTF-8 without byte order mark")
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        table.report(line, f"byte {column}", f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        return None
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        table.report(line, "", "a carriage return ends or breaks the line", "save the file with LF line ends only")
        return None
    return text


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def _add_row(table: Table, number: int, line: str, columns: Sequence[str]) -> None:
    cells = line.split("\t")
    if len(cells) != len(columns):
        table.report(number, "", f"{len(cells)} cells where {len(columns)} are expected", "check the tabs of the row")
        return
    for column, cell in zip(columns, cells, strict=True):
        if cell != cell.strip():
            table.report(number, column, "blank space at the edge of the cell", "remove it")
        if cell.count('"') % 2:
            table.report(number, column, "a quotation mark without its partner", "remove it; cells are never quoted")
        if _CONTROL.search(cell):
            table.report(number, column, "a control character in the cell", "remove it")
    table.rows.append((number, dict(zip(columns, cells, strict=True))))


class RowReader:
    """Takes typed cells out of one row; what does not fit is reported and answered with an empty value."""

    def __init__(self, table: Table, line: int, cells: dict[str, str]) -> None:
        self.table, self.line, self.cells = table, line, cells

    def report(self, column: str, message: str, remedy: str) -> None:
        self.table.report(self.line, column, message, remedy)

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        if not self.cells[column]:
            self.report(column, "the cell is empty", "fill it in")
        return self.cells[column]

    def optional(self, column: str) -> str:
        return self.cells[column]

    def matching(self, column: str, pattern: str, example: str) -> str:
        """A cell of a fixed shape."""
        cell = self.cells[column]
        if not re.fullmatch(pattern, cell):
            self.report(column, f"{cell!r} is not of the expected shape", f"write it like {example}")
        return cell

    def digest(self, column: str) -> str:
        return self.matching(column, "[0-9a-f]{64}", "64 hexadecimal digits in lower case")

    def integer(self, column: str) -> int:
        cell = self.cells[column]
        if not re.fullmatch("0|[1-9][0-9]{0,17}", cell):
            self.report(column, f"{cell!r} is not a whole number", "write a number such as 42")
            return 0
        return int(cell)

    def decimal(self, column: str) -> Decimal:
        """A finite number; 0 where the cell holds none."""
        value = self.optional_decimal(column) if self.text(column) else None
        return Decimal(0) if value is None else value

    def optional_decimal(self, column: str) -> Decimal | None:
        """A finite number, or None where the cell is empty."""
        cell = self.cells[column]
        if not cell:
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.report(column, f"{cell!r} is not a number", "write a number such as 4 or 2.5")
            return None
        return value

    def choice(self, column: str, allowed: Collection[str]) -> str:
        cell = self.cells[column]
        if cell not in allowed:
            hint = nearest(cell, sorted(allowed)) or sorted(allowed)
            self.report(column, f"{cell!r} is not one of the allowed values", f"write one of {', '.join(hint)}")
        return cell

    def choices(self, column: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of names from a closed list."""
        names = self.names(column)
        for name in names:
            if name not in allowed:
                self.report(column, f"{name!r} is not one of the allowed values", f"write one of {', '.join(allowed)}")
        return names

    def flag(self, column: str) -> bool:
        return self.choice(column, ("yes", "no")) == "yes"

    def names(self, column: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list separated by ``|``, without repetition."""
        cell = self.text(column) if needed else self.cells[column]
        names = tuple(cell.split("|")) if cell else ()
        if len(set(names)) != len(names):
            self.report(column, "a name stands twice in the list", "keep it once")
        if any(not name or name != name.strip() for name in names):
            self.report(column, "an empty or padded name in the list", "separate names by | alone")
        return names


def read_rows(table: Table, build: Callable[[RowReader], T], key: Callable[[T], object]) -> list[T]:
    """The rows as values; reports keys that come twice or out of order (plain code point order)."""
    values: list[T] = []
    lines: dict[object, int] = {}
    previous: object = None
    for line, cells in table.rows:
        value = build(RowReader(table, line, cells))
        values.append(value)
        here = key(value)
        if here in lines:
            table.report(line, "", f"the key {here!r} stands in line {lines[here]} already", "keep one of the two rows")
        elif previous is not None and here < previous:  # type: ignore[operator]  # keys of one table are of one type
            table.report(line, "", f"the row {here!r} is out of order", "sort the rows by their key")
        lines.setdefault(here, line)
        previous = here
    return values
