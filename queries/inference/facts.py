"""A set of triples, looked up by any of their parts; a second set can lie on a first without changing it.

>>> facts = Facts([("a", "knows", "b"), ("b", "knows", "c")])
>>> sorted(facts.match("a", "knows", None)), ("b", "knows", "c") in facts
([('a', 'knows', 'b')], True)
>>> on_top = Facts([("c", "knows", "d")], below=facts)
>>> len(list(on_top.match(None, "knows", None))), len(list(facts.match(None, "knows", None)))
(3, 2)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

Fact = tuple[str, str, str]
"""Subject, predicate and object in N-Triples syntax."""


_NONE: Mapping[str, set[str]] = {}


class Facts:
    """Triples indexed by predicate, then by subject and by object."""

    def __init__(self, facts: Iterable[Fact] = (), below: Facts | None = None) -> None:
        self.below = below
        self._objects: dict[str, dict[str, set[str]]] = {}
        self._subjects: dict[str, dict[str, set[str]]] = {}
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> bool:
        """Add a fact; False where it is there already, here or below."""
        if fact in self:
            return False
        subject, predicate, obj = fact
        self._objects.setdefault(predicate, {}).setdefault(subject, set()).add(obj)
        self._subjects.setdefault(predicate, {}).setdefault(obj, set()).add(subject)
        return True

    def __contains__(self, fact: Fact) -> bool:
        subject, predicate, obj = fact
        here = obj in self._objects.get(predicate, {}).get(subject, ())
        return here or (self.below is not None and fact in self.below)

    def own(self) -> Iterator[Fact]:
        """The facts of this set alone, without those below."""
        for predicate, by_subject in self._objects.items():
            for subject, objects in by_subject.items():
                for obj in objects:
                    yield subject, predicate, obj

    def match(self, subject: str | None, predicate: str | None, obj: str | None) -> Iterator[Fact]:
        """All facts that agree with what is given; None stands for anything."""
        if self.below is not None:
            yield from self.below.match(subject, predicate, obj)
        for name in (predicate,) if predicate is not None else tuple(self._objects):
            yield from self._with_predicate(subject, name, obj)

    def objects(self, subject: str, predicate: str) -> Collection[str]:
        """What a subject relates to by a predicate; not to be changed."""
        here: Collection[str] = self._objects.get(predicate, _NONE).get(subject, ())
        return here if self.below is None else _both(self.below.objects(subject, predicate), here)

    def subjects(self, predicate: str, obj: str) -> Collection[str]:
        """What relates to an object by a predicate; not to be changed."""
        here: Collection[str] = self._subjects.get(predicate, _NONE).get(obj, ())
        return here if self.below is None else _both(self.below.subjects(predicate, obj), here)

    def _with_predicate(self, subject: str | None, predicate: str, obj: str | None) -> Iterator[Fact]:
        by_subject = self._objects.get(predicate)
        if by_subject is None:
            return
        if subject is not None:
            objects = by_subject.get(subject, ())
            if obj is None:
                yield from [(subject, predicate, each) for each in objects]
            elif obj in objects:
                yield subject, predicate, obj
        elif obj is not None:
            yield from [(each, predicate, obj) for each in self._subjects[predicate].get(obj, ())]
        else:
            yield from [(each, predicate, other) for each, objects in by_subject.items() for other in objects]


def _both(below: Collection[str], here: Collection[str]) -> Collection[str]:
    """The terms of two layers, which have none in common."""
    return [*below, *here] if below and here else below or here
