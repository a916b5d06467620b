"""The text of a form as a tree of nodes that know their lines, read without any trust in it.

No value is typed here: ``yes``, ``no``, ``1e3`` and dates stay the text that stands there, and whoever asks for a truth
value or a number reads it as one. Tags and aliases are refused, so nothing is built and nothing multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from osteograph.ontology.errors import Problem, ProblemsFound

LARGEST_FORM = 256 * 1024
DEEPEST_FORM = 12
_MEND = "write plain YAML: keys, lists and texts"


@dataclass
class Node:
    """A text, a list or a mapping, with the line where it begins (0 where the source has no lines)."""

    line: int
    text: str | None = None
    items: list[Node] | None = None
    entries: dict[str, Node] | None = None
    lines: dict[str, int] = field(default_factory=dict)  # of the keys

    @property
    def is_empty(self) -> bool:
        return self.text is not None and self.text.strip().casefold() in ("", "~", "null")

    def listed(self) -> list[Node]:
        """The items of a list; anything else is a list of itself, nothing is an empty one."""
        if self.items is not None:
            return self.items
        return [] if self.is_empty else [self]


def refuse_long(length: int, file: str) -> None:
    """Raise ProblemsFound where a form is longer than any patient's."""
    if length > LARGEST_FORM:
        reason = f"the form is longer than {LARGEST_FORM // 1024} KiB"
        raise ProblemsFound([Problem(file, 0, "", reason, "one form describes one patient")])


def read_yaml(text: str, file: str) -> Node:
    """The tree of a YAML text. Raises ProblemsFound with line and column."""
    import yaml

    refuse_long(len(text), file)
    reader = _Reader(file)
    try:
        loader = yaml.SafeLoader(text)
        try:
            reader.refuse_unsafe(yaml.parse(text, Loader=yaml.SafeLoader))
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, f"column {mark.column + 1}") if mark else (0, "")
        message = f"this is not YAML: {error.problem or error.context}"
        raise ProblemsFound([Problem(file, *place, message, _MEND)]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ProblemsFound([Problem(file, 0, "", f"this is not YAML: {str(error)[:200]}", _MEND)]) from error
    if root is None:
        raise ProblemsFound([Problem(file, 1, "", "the form is empty", "write at least a treatment or a condition")])
    node = reader.node(root)
    if reader.problems:
        raise ProblemsFound(reader.problems)
    return node


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, mark: Any, message: str, remedy: str = _MEND) -> None:
        self.problems.append(Problem(self.file, mark.line + 1, f"column {mark.column + 1}", message, remedy))

    def refuse_unsafe(self, events: Any) -> None:
        """Refuse tags, anchors, aliases, several documents and deep nesting before any tree is made."""
        import yaml

        depth = documents = 0
        for event in events:
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self.problem(event.start_mark, "anchors and aliases are not read here", "write the value out")
            elif getattr(event, "tag", None):
                self.problem(event.start_mark, f"the tag {event.tag!r:.60} is not read here", "leave the tag out")
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST_FORM or documents > 1:
                reason = "the form is nested too deeply" if documents < 2 else "the file holds more than one form"
                self.problem(event.start_mark, reason, "one form describes one patient, in few levels")
                break
        if self.problems:
            raise ProblemsFound(self.problems)

    def node(self, source: Any) -> Node:
        import yaml

        line = source.start_mark.line + 1
        if isinstance(source, yaml.ScalarNode):
            return Node(line, text=source.value)
        if isinstance(source, yaml.SequenceNode):
            return Node(line, items=[self.node(each) for each in source.value])
        result = Node(line, entries={})
        assert result.entries is not None
        for key, value in source.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is None:
                self.problem(key.start_mark, "a key is not a text")
            elif name in result.entries:
                self.problem(key.start_mark, f"the key {name!r:.60} occurs twice", "keep one, or make a list")
            else:
                result.entries[name] = self.node(value)
                result.lines[name] = key.start_mark.line + 1
        return result


def from_json(value: object) -> Node:
    """The same tree from parsed JSON, which has no lines."""
    if isinstance(value, dict):
        return Node(0, entries={str(key): from_json(each) for key, each in value.items()})
    if isinstance(value, list):
        return Node(0, items=[from_json(each) for each in value])
    if isinstance(value, bool):
        return Node(0, text="true" if value else "false")
    return Node(0, text="" if value is None else str(value) if isinstance(value, (Decimal, int)) else f"{value}")


_TRUTH = {"true": True, "yes": True, "on": True, "y": True, "false": False, "no": False, "off": False, "n": False}


def truth(node: Node) -> bool | None:
    """A text as a truth value, however YAML versions would read it; None where it is none.

    >>> truth(Node(1, text="Yes")), truth(Node(1, text="unknown"))
    (True, None)
    """
    return _TRUTH.get((node.text or "").strip().casefold())
