"""The rules of a whole graph as tables, kept beside its build: compiled when first wanted, then only opened.

Compiling takes seconds and depends on the graph, the scope and this code alone. What is kept is JSON, written aside and
renamed, and readable by its owner alone. A file that is damaged, of another user, of another graph or of other code is
made anew; it may be removed at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from osteograph.ontology.derivation_rules import load_rules

from ..files import select_rows
from ..inference.knowledge import Knowledge
from ..screening.concepts import Concepts
from ..stores.oxigraph import OxigraphStore
from .rule_tables import Reason, RuleTables, Said, compile_rules
from .states import CONSIDERED, STATES

Held = set[tuple[int, str]]
_PACKAGE = Path(__file__).parents[1]
_CODE = ("inference", "screening", "cohort")
_READ_WITH = (
    "names.rq",
    *(f"screening/{name}.rq" for name in ("codes", "synonyms", "concepts", "classes", "bounds", "rules_on_doses")),
)
"""The queries by which codes, names and values are understood."""


@dataclass(frozen=True)
class KeptRules:
    """The rules of a graph within a scope: for all that a record may hold, with a digest of all that they rest on.

    ``told`` has them as they stand in the file, where concepts are numbers.
    """

    told: Mapping[str, Any]

    @classmethod
    def of(cls, tables: RuleTables, digest: str = "") -> KeptRules:
        """Tables as they are kept; without a digest where they are only to be narrowed."""
        return cls(_told(digest, tables))

    @property
    def digest(self) -> str:
        return str(self.told["digest"])

    def within(self, held: Set[tuple[int, str]]) -> RuleTables:
        """What matters to records that hold no other concepts than these, in no other states; no more is read."""
        places = {name: place for place, name in enumerate(self.told["concepts"])}
        numbers = {(state, places[name]) for state, name in held if name in places}
        given = {place for state, place in numbers if state in CONSIDERED}
        flagged = {name for treatment, name in self.told["names"] if treatment in given}
        some = {
            "by_entry": [
                row for row in self.told["by_entry"] if row[1] in flagged and numbers >= set(map(tuple, row[4]))
            ],
            "by_circumstances": [row for row in self.told["by_circumstances"] if row[1] in flagged],
            "meets": [row for row in self.told["meets"] if (row[0], row[1]) in numbers],
            "names": [row for row in self.told["names"] if row[0] in given],
            "rivals": [row for row in self.told["rivals"] if given >= set(row)],
        }
        return _tables({**self.told, **some})


def kept_rules(knowledge: Knowledge, concepts: Concepts, tell: Callable[[], None] = lambda: None) -> KeptRules | None:
    """The rules kept beside a build; None for a graph that is no build on disk.

    Where they are missing they are made, which ``tell`` is told before.
    """
    store = knowledge.store
    if not isinstance(store, OxigraphStore) or store.build is None:
        return None
    made_of = _made_of(knowledge, store.build.files)
    path = store.build.rules / f"{made_of[:16]}.json"
    found = _read(path, made_of)
    if found is None:
        tell()
        found = KeptRules.of(compile_rules(knowledge, all_held(concepts)), digest_of(knowledge))
        with suppress(OSError):  # a place that may not be written to costs time, not the answer
            _write(found, path, made_of)
    return found


def all_held(concepts: Concepts) -> Held:
    """Every condition and treatment of the graph in every state that a record can hold it in."""
    conditions = [each for each in concepts.labels if concepts.is_condition(each)]
    treatments = [each for each in concepts.labels if concepts.is_treatment(each)]
    kinds = {"condition": conditions, "treatment": treatments}
    return {(state.number, each) for state in STATES for each in kinds[state.kind]}


def digest_of(knowledge: Knowledge) -> str:
    """A digest of all that the rules start from, of the rules, and of what records are read with."""
    told = sorted(map(" ".join, knowledge.engine.given)) + [rule.sparql for rule in knowledge.engine.rules.values()]
    told += sorted(str(row) for name in _READ_WITH for row in select_rows(knowledge.store, name))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _made_of(knowledge: Knowledge, files: str) -> str:
    scope = knowledge.scope
    told = [files, scope.sources, *sorted(scope.jurisdictions), str(scope.verified_only), _code()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@cache
def _code() -> str:
    """A digest of what derives, compiles and numbers."""
    found = hashlib.sha256("\n".join(rule.sparql for rule in load_rules().values()).encode())
    for path in sorted(path for folder in _CODE for path in (_PACKAGE / folder).glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


# The file: a line that says what it is made of, and a line of tables in which names are numbers


def _read(path: Path, made_of: str) -> KeptRules | None:
    try:
        if not _is_ours(path):
            return None
        head, body = path.read_bytes().split(b"\n", 1)
        if head.decode() != _head(made_of, body):
            return None
        return KeptRules(json.loads(body))
    except (OSError, ValueError):
        return None


def _write(found: KeptRules, path: Path, made_of: str) -> None:
    body = json.dumps(found.told, ensure_ascii=False, separators=(",", ":")).encode()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.touch(mode=0o600)
        aside.write_bytes(_head(made_of, body).encode() + b"\n" + body)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _head(made_of: str, body: bytes) -> str:
    return f"{made_of} {hashlib.sha256(body).hexdigest()}"


def _is_ours(path: Path) -> bool:
    """Whether the file is of this user, and nobody else may write it."""
    at = path.stat()
    return not hasattr(os, "getuid") or (at.st_uid == os.getuid() and not at.st_mode & 0o022)


def _told(digest: str, tables: RuleTables) -> dict[str, Any]:
    names: dict[str, int] = {}

    def of(name: str) -> int:
        return names.setdefault(name, len(names))

    def reason(each: Reason) -> list[Any]:
        strength, concept, part, unconfirmed = astuple(each.said)
        facts = [[state, of(iri)] for state, iri in each.facts]
        return [strength, of(concept), part, unconfirmed, facts, list(map(of, each.circumstances)), each.alone]

    told: dict[str, Any] = {
        "digest": digest,
        "by_entry": list(map(reason, tables.by_entry)),
        "by_circumstances": list(map(reason, tables.by_circumstances)),
        "meets": [[state, of(one), of(two)] for state, one, two in tables.meets],
        "names": [[of(one), of(two)] for one, two in tables.names],
        "rivals": [[of(one), of(two)] for one, two in tables.rivals],
    }
    return {**told, "concepts": list(names)}


def _tables(told: Mapping[str, Any]) -> RuleTables:
    name: list[str] = told["concepts"]

    def reason(row: list[Any]) -> Reason:
        strength, concept, part, unconfirmed, facts, circumstances, alone = row
        said = Said(strength, name[concept], part, unconfirmed)
        entries = tuple((state, name[each]) for state, each in facts)
        return Reason(said, entries, tuple(name[each] for each in circumstances), alone)

    return RuleTables(
        by_entry=tuple(map(reason, told["by_entry"])),
        by_circumstances=tuple(map(reason, told["by_circumstances"])),
        meets=tuple((state, name[one], name[two]) for state, one, two in told["meets"]),
        names=tuple((name[one], name[two]) for one, two in told["names"]),
        rivals=tuple((name[one], name[two]) for one, two in told["rivals"]),
    )
