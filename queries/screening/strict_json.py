"""JSON read without trust: bounded in bytes, values and depth, no NaN, no key twice, numbers exact."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from osteograph.ontology.errors import Problem, ProblemsFound

from .quantities import number

LARGEST_FILE = 64 * 1024 * 1024
MOST_VALUES = 2_000_000  # counted before parsing, for a parsed value takes a hundred times the memory of its text
DEEPEST = 64
_MOST_REPORTED = 20


def read_json(data: bytes, file: str) -> Any:
    """The value of a JSON text, numbers as Decimal. Raises ProblemsFound with line and column."""
    _refuse_large(data, file)
    text = decode(data, file)
    hooks = _Hooks()
    try:
        value = json.loads(
            text,
            parse_float=hooks.number, parse_int=hooks.number, parse_constant=hooks.constant,
            object_pairs_hook=hooks.pairs,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        problem = Problem(
            file, error.lineno, f"column {error.colno}", f"this is not JSON: {error.msg}", "mend the JSON"
        )
        raise ProblemsFound([problem]) from error
    except RecursionError as error:
        _fail(file, f"it is nested more than {DEEPEST} levels deep")
        raise AssertionError from error
    if hooks.problems:
        problems = [Problem(file, 0, "", message, remedy) for message, remedy in hooks.problems.items()]
        raise ProblemsFound(problems[:_MOST_REPORTED])
    if _is_deeper(value, DEEPEST):
        _fail(file, f"it is nested more than {DEEPEST} levels deep")
    return value


def _refuse_large(data: bytes, file: str) -> None:
    if len(data) > LARGEST_FILE:
        _fail(file, f"the file is larger than {LARGEST_FILE // 1024 // 1024} MiB", "give the record of one patient")
    values = sum(data.count(mark) for mark in (b",", b"{", b"["))
    if values > MOST_VALUES:
        _fail(file, f"the file holds more than {MOST_VALUES} values", "give the record of one patient")


def decode(data: bytes, file: str) -> str:
    """UTF-8 text, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(file, line, "", "this is not text in UTF-8", "save the file as UTF-8")
        raise ProblemsFound([problem]) from error


def _fail(file: str, message: str, remedy: str = "check what wrote the file") -> NoReturn:
    raise ProblemsFound([Problem(file, 0, "", message, remedy)])


class _Hooks:
    """What the parser calls for numbers and objects; collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def number(self, text: str) -> Decimal:
        value = number(text)
        if value is None and len(self.problems) < _MOST_REPORTED:
            self.problems[f"the number {text[:40]} is too long or too large"] = "write numbers as they were measured"
        return value if value is not None else Decimal(0)

    def constant(self, text: str) -> None:
        self.problems[f"{text} is no value in JSON"] = "leave the element out where there is no number"

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs) and len(self.problems) < _MOST_REPORTED:
            seen: set[str] = set()
            twice = sorted({key for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
            self.problems[f"the key {twice[0][:60]!r} occurs twice in one object"] = "keep one of the two"
        return result


def _is_deeper(value: Any, limit: int) -> bool:
    level: list[Any] = [value]
    for _ in range(limit):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [each for each in value.values() if isinstance(each, (dict, list))]
    return [each for each in value if isinstance(each, (dict, list))]
