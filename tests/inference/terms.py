"""Facts written short: concepts and properties by their local names."""

from __future__ import annotations

from osteograph.ontology.namespaces import CONCEPT, RULE, SCHEMA
from osteograph.queries.inference.evidence import PATIENT
from osteograph.queries.inference.facts import Fact


def fact(subject: str, relation: str, obj: str) -> Fact:
    """``fact("Xgeva", "kindOf", "BoneModifyingAgent")``; ``patient`` and ``rule:XGE-01-1`` are understood."""
    return term(subject), f"<{SCHEMA}{relation}>", term(obj)


def term(name: str) -> str:
    """An IRI in N-Triples syntax."""
    if name == "patient":
        return f"<{PATIENT}>"
    if name.startswith("rule:"):
        return f"<{RULE}{name.removeprefix('rule:')}>"
    return f"<{CONCEPT}{name}>"
