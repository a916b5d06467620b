"""The shape of a form: keys, lists, texts and dates, with the problems that a wrong shape makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from osteograph.ontology.errors import Problem, nearest

from .form_nodes import Node
from .intake import Intake
from .quantities import number
from .times import Span


@dataclass
class FormShape:
    """A form that is being read: where its meaning goes, and what is wrong with its shape."""

    intake: Intake
    file: str
    today: date
    problems: list[Problem]

    def problem(self, node: Node, key: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, node.line, key, message, remedy))

    def known_keys(self, node: Node, place: str, keys: tuple[str, ...]) -> None:
        for key in node.entries or {}:
            if key not in keys:
                near = nearest(key, keys, 1)
                line = Node(node.lines.get(key, node.line))
                hint = f"write {near[0]!r}" if near else f"the keys are {', '.join(keys)}"
                self.problem(line, place, f"the key {key[:60]!r} is not one of a form", hint)

    def only_text(self, key: str, node: Node) -> None:
        self.text_only(key, node)

    def text_only(self, key: str, node: Node) -> str:
        if node.text is None:
            self.problem(node, key, "a text is wanted here", "write one name")
        return (node.text or "").strip()

    def named_items(self, key: str, node: Node, keys: tuple[str, ...]) -> list[tuple[str, Node, dict[str, Node]]]:
        """Each item of a list with its place and its keys; an item that is a text is its name."""
        result = []
        for index, item in enumerate(node.listed()):
            where = f"{key}[{index}]" if node.items is not None else key
            if item.text is not None and not item.is_empty:
                result.append((where, item, {"name": item}))
            elif item.entries is not None:
                self.known_keys(item, where, keys)
                if "name" in item.entries and self.text_only(f"{where}.name", item.entries["name"]):
                    result.append((where, item, item.entries))
                elif "name" not in item.entries:
                    self.problem(item, where, "the item has no name", "write {name: …}")
            else:
                self.problem(item, where, "a name is wanted here", "write a name, or {name: …}")
        return result

    def days_ago(self, words: str, where: str, item: Mapping[str, Node]) -> Decimal | None:
        """How long ago something ended, by days, weeks or a date; None where it is not said or not understood."""
        for key, factor in (("days_ago", 1), ("weeks_ago", 7)):
            if key in item:
                value = number(item[key].text or "")
                if value is not None and 0 <= value <= 40000:
                    return value * factor
                self.intake.leave(
                    f"{words}, {key}: {item[key].text}", where, "it is no number of days or weeks in the past"
                )
        return self.days_since(words, where, item["ended"]) if "ended" in item else None

    def days_since(self, words: str, where: str, node: Node) -> Decimal | None:
        span = Span.parse(node.text or "")
        if span is None or span.is_after(self.today):
            reason = "it is no date, write 2026-10-01" if span is None else f"it lies after {self.today}"
            self.intake.leave(f"{words}: {node.text}", where, reason)
            return None
        if not span.is_exact:
            self.intake.leave(
                f"{words}: {node.text}", where, "only a part of the date is given: counted from its last day"
            )
        return span.days_before(self.today)
