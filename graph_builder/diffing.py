"""What changed between two builds or releases, in terms of what the graph says and not of lines in files.

A statement keeps its IRI as long as it says the same, so that its standing and its evidence can be followed. What says
something else is another statement: the old one is withdrawn, and where it names its successor the difference tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from osteograph.ontology.errors import GraphMissing
from osteograph.ontology.namespaces import SCHEMA, shorten
from osteograph.queries.opening import DATA

from .exports.derived import derived
from .exports.material import Material, RulePartRecord, StatementRecord


@dataclass(frozen=True)
class Change:
    """One thing that was added, withdrawn or changed: its IRI, its words, and from what to what."""

    iri: str
    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Difference:
    """All changes by kind; the names of the fields are the keys of the JSON form."""

    before: str
    after: str
    statements_added: list[Change] = field(default_factory=list)
    statements_withdrawn: list[Change] = field(default_factory=list)
    standing_changed: list[Change] = field(default_factory=list)
    evidence_changed: list[Change] = field(default_factory=list)
    derived_added: list[Change] = field(default_factory=list)
    derived_withdrawn: list[Change] = field(default_factory=list)
    concepts_added: list[Change] = field(default_factory=list)
    concepts_withdrawn: list[Change] = field(default_factory=list)
    concepts_changed: list[Change] = field(default_factory=list)
    rule_parts_added: list[Change] = field(default_factory=list)
    rule_parts_withdrawn: list[Change] = field(default_factory=list)
    rule_parts_changed: list[Change] = field(default_factory=list)
    mappings_added: list[Change] = field(default_factory=list)
    mappings_withdrawn: list[Change] = field(default_factory=list)

    def kinds(self) -> dict[str, list[Change]]:
        """The lists of changes by kind, empty ones too."""
        return {name: value for name, value in vars(self).items() if isinstance(value, list)}

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    def to_text(self) -> str:
        """For a terminal: a count for each kind of change, and a line for each change."""
        lines = [f"{self.before} -> {self.after}"]
        for name, changes in self.kinds().items():
            if changes:
                lines.append(f"\n{len(changes)} {name.replace('_', ' ')}")
                lines += [f"  {shorten(change.iri)}  {_line(change)}" for change in changes]
        return "\n".join(lines if len(lines) > 1 else [*lines, "\nno difference"]) + "\n"

    def to_markdown(self) -> str:
        """The knowledge part of a changelog."""
        lines = [f"### Knowledge ({self.before} to {self.after})"]
        for heading, names in _HEADINGS.items():
            found = [(name, change) for name in names for change in self.kinds()[name]]
            if found:
                lines += ["", heading, ""]
                lines += [f"- {_NOUNS[name]} `{shorten(c.iri)}`: {_line(c)}." for name, c in found]
        return "\n".join(lines if len(lines) > 1 else [*lines, "", "Nothing changed."]) + "\n"


_HEADINGS = {
    "Added": ("statements_added", "derived_added", "concepts_added", "rule_parts_added", "mappings_added"),
    "Changed": ("standing_changed", "evidence_changed", "concepts_changed", "rule_parts_changed"),
    "Withdrawn": (
        "statements_withdrawn",
        "derived_withdrawn",
        "concepts_withdrawn",
        "rule_parts_withdrawn",
        "mappings_withdrawn",
    ),
}
_NOUNS = {
    "statements_added": "Statement", "statements_withdrawn": "Statement", "standing_changed": "Standing of",
    "derived_added": "Derived statement", "derived_withdrawn": "Derived statement",
    "evidence_changed": "Evidence of", "concepts_added": "Concept", "concepts_withdrawn": "Concept",
    "concepts_changed": "Concept", "rule_parts_added": "Safety rule part", "rule_parts_withdrawn": "Safety rule part",
    "rule_parts_changed": "Safety rule part", "mappings_added": "Mapping", "mappings_withdrawn": "Mapping",
}  # fmt: skip


def _line(change: Change) -> str:
    if change.before and change.after:
        return f"{change.words}: {change.before} -> {change.after}"
    return f"{change.words} ({change.before or change.after})" if change.before or change.after else change.words


def find_graph(place: Path) -> Path:
    """The N-Quads file of a build, of a release, or the file itself. Raises GraphMissing where there is none."""
    file = place / DATA if place.is_dir() else place
    if not file.is_file():
        raise GraphMissing(f"no graph in {place}; name the folder of a build or release, or an N-Quads file")
    return file


def compare(before: Material, after: Material) -> Difference:
    """The difference between two graphs."""
    difference = Difference(before.header().version, after.header().version)
    _compare_statements(before, after, difference)
    _compare_derived(before, after, difference)
    _compare_concepts(before, after, difference)
    _compare_rules(before, after, difference)
    _compare_mappings(before, after, difference)
    return difference


def _compare_statements(before: Material, after: Material, difference: Difference) -> None:
    old, new = ({record.iri: record for record in graph.statements()} for graph in (before, after))
    for iri in sorted(set(new) - set(old)):
        difference.statements_added.append(Change(iri, new[iri].label, after=new[iri].standing.lower()))
    for iri in sorted(set(old) - set(new)):
        successor = after.one(iri, "dcterms:isReplacedBy")
        told = f"replaced by {shorten(successor)}" if successor else ""
        difference.statements_withdrawn.append(Change(iri, old[iri].label, after=told))
    for iri in sorted(set(old) & set(new)):
        was, now = old[iri], new[iri]
        if was.standing != now.standing:
            change = Change(iri, now.label, was.standing.lower(), now.standing.lower())
            difference.standing_changed.append(change)
        if _evidence(was) != _evidence(now):
            lost, gained = _evidence(was) - _evidence(now), _evidence(now) - _evidence(was)
            difference.evidence_changed.append(Change(iri, now.label, _joined(lost), _joined(gained)))


def _compare_derived(before: Material, after: Material, difference: Difference) -> None:
    """What rules conclude by themselves, be it that tables changed or the rules."""
    old, new = ({record.iri: record.label for record in derived(graph)} for graph in (before, after))
    difference.derived_added.extend(Change(iri, new[iri]) for iri in sorted(set(new) - set(old)))
    difference.derived_withdrawn.extend(Change(iri, old[iri]) for iri in sorted(set(old) - set(new)))


def _evidence(record: StatementRecord) -> set[str]:
    """Each claim with all that it says of how it was read: polarity, basis, certainty, places and digests."""
    return {
        " ".join(
            [shorten(claim.iri), claim.polarity.removesuffix("Polarity").lower(), claim.basis.removeprefix("Basis")]
            + ([claim.certainty] if claim.certainty else [])
            + [f"{shorten(p.iri)}@{p.sha256[:8]}" for p in claim.passages]
        )
        for claim in record.claims
    }


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(sorted(parts)) or "nothing"


def _compare_concepts(before: Material, after: Material, difference: Difference) -> None:
    old, new = ({record.iri: record for record in graph.concepts()} for graph in (before, after))
    difference.concepts_added.extend(Change(iri, new[iri].label) for iri in sorted(set(new) - set(old)))
    difference.concepts_withdrawn.extend(Change(iri, old[iri].label) for iri in sorted(set(old) - set(new)))
    for iri in sorted(set(old) & set(new)):
        was, now = old[iri], new[iri]
        aspects = {
            "label": (was.label, now.label),
            "definition": (was.definition, now.definition),
            "classes": (_joined(was.classes), _joined(now.classes)),
            "kind of": (_parents(was.parents), _parents(now.parents)),
            "synonyms": (_joined(words for _, words in was.synonyms), _joined(words for _, words in now.synonyms)),
        }
        for name, (one, other) in aspects.items():
            if one != other:
                difference.concepts_changed.append(Change(iri, f"{now.label}, {name}", one, other))


def _parents(parents: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    return _joined(shorten(parent) for parent, _ in parents)


def _compare_rules(before: Material, after: Material, difference: Difference) -> None:
    old, new = ({part.iri: part for part in graph.rule_parts()} for graph in (before, after))
    difference.rule_parts_added.extend(_named(new, set(new) - set(old)))
    difference.rule_parts_withdrawn.extend(_named(old, set(old) - set(new)))
    for iri in sorted(set(old) & set(new)):
        was, now = _in_words(old[iri]), _in_words(new[iri])
        if was != now:
            difference.rule_parts_changed.append(Change(iri, new[iri].label, was, now))


def _named(parts: Mapping[str, RulePartRecord], chosen: set[str]) -> list[Change]:
    return [Change(iri, f"{parts[iri].label}, {parts[iri].strength}") for iri in sorted(chosen)]


def _in_words(part: RulePartRecord) -> str:
    """A rule part in one line, so that any change of it shows."""
    cells: dict[str, Callable[[], Iterable[str]]] = {
        "treatment": lambda: [shorten(part.treatment)],
        "predicate": lambda: [part.predicate.removeprefix(SCHEMA)],
        "strength": lambda: [part.strength],
        "conditions": lambda: map(shorten, part.conditions),
        "effects": lambda: map(shorten, part.effects),
        "limits": lambda: (f"{name}={value}" for name, value in part.limits),
        "members inherit": lambda: ["yes" if part.members_inherit else ""],
        "verified": lambda: ["yes" if part.verified else "no"],
        "citations": lambda: map(shorten, part.citations),
    }
    shown = {name: ", ".join(filter(None, cell())) for name, cell in cells.items()}
    return "; ".join(f"{name} {words}" for name, words in shown.items() if words)


def _compare_mappings(before: Material, after: Material, difference: Difference) -> None:
    old, new = (
        {(m.subject, m.relation, m.notation) for record in graph.concepts() for m in record.mappings}
        for graph in (before, after)
    )
    for found, changes in ((new - old, difference.mappings_added), (old - new, difference.mappings_withdrawn)):
        changes.extend(Change(subject, f"{relation} {notation}") for subject, relation, notation in sorted(found))
