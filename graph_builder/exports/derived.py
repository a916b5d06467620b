"""Derived statements: which link between two concepts a rule concludes, and what the conclusion rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA

from .material import Material


@dataclass(frozen=True)
class DerivedRecord:
    """A link that rules conclude; ``grounds`` are the rule parts and statements that some derivation of it used."""

    iri: str
    label: str
    subject: str
    predicate: str
    object: str
    grounds: tuple[str, ...]

    @property
    def triple(self) -> ox.Triple:
        """The link itself."""
        return ox.Triple(ox.NamedNode(self.subject), ox.NamedNode(self.predicate), ox.NamedNode(self.object))


def derived(material: Material) -> Iterator[DerivedRecord]:
    """All derived statements, in order of their IRIs."""
    for iri in material.subjects("rdf:type", SCHEMA + "DerivedStatement"):
        subject, predicate, obj = (material.one(iri, f"bmo:{name}") for name in ("subject", "predicate", "object"))
        steps = material.subjects("bmo:concludes", iri)
        grounds = {ground for step in steps for ground in material.values(step, "prov:used")}
        words = material.schema.labels.get(predicate, predicate)
        label = f"{material.label(subject)} {words} {material.label(obj)}"
        yield DerivedRecord(iri, label, subject, predicate, obj, tuple(sorted(grounds)))
