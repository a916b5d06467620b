"""Proofs as readers are told them: nothing twice, nothing that says nothing, and nothing else left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from osteograph.queries.inference.evidence import Evidence, Leaf
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.inference.proofs import Proof
from osteograph.queries.inference.telling import Step, proof_to_text, retell

from .terms import fact

SMOKING = fact("TobaccoSmoking", "raisesRiskWith", "Xgeva")


@pytest.fixture(scope="module")
def evidence(knowledge: Knowledge) -> Evidence:
    """What stands behind facts."""
    return Evidence(knowledge.store)


def leaves(told: Iterable[Step | Leaf]) -> Iterator[Leaf]:
    """All that is given in what is told."""
    for each in told:
        if isinstance(each, Leaf):
            yield each
        else:
            yield from leaves(each.premises)


def test_a_rule_part_is_told_once(knowledge: Knowledge, evidence: Evidence) -> None:
    """Three facts of the proof are about RFJ-12-1; a reader is told of it once."""
    proof = knowledge.prover.prove(SMOKING).found[0]
    assert len([leaf for leaf in proof.leaves() if leaf[0].endswith("/rule/RFJ-12-1>")]) > 1
    names = [leaf.part.name for leaf in leaves(retell(proof, evidence, knowledge.engine.rules)) if leaf.part]
    assert names.count("RFJ-12-1") == 1
    assert len(names) == len(set(names))


def test_all_proofs_are_told_without_the_schema_and_with_all_else(knowledge: Knowledge, evidence: Evidence) -> None:
    """Whatever an article, a label or a curator gives to a proof is told, and the schema never."""
    for proof in knowledge.prover.prove(SMOKING).found:
        given = [evidence.leaf(leaf) for leaf in proof.leaves()]
        told = list(leaves(retell(proof, evidence, knowledge.engine.rules)))
        assert "schema" not in {leaf.origin for leaf in told}
        assert {(leaf.origin, leaf.part.name if leaf.part else leaf.words) for leaf in told} == {
            (leaf.origin, leaf.part.name if leaf.part else leaf.words) for leaf in given if leaf.origin != "schema"
        }


def test_an_implied_relation_is_told_by_the_stronger_one(knowledge: Knowledge, evidence: Evidence) -> None:
    """The step from a relation to one that it implies is no step to a reader."""
    weaker, stronger = fact("A", "raisesRiskWith", "B"), fact("A", "contraindicates", "B")
    proof = Proof(weaker, "narrower_property", (Proof(stronger),))
    (told,) = retell(proof, evidence, knowledge.engine.rules)
    assert isinstance(told, Leaf)
    assert told.fact == stronger


def test_text_names_rule_absence_and_word(knowledge: Knowledge, evidence: Evidence) -> None:
    """A conclusion, the rule with its words beneath, then what it is drawn from and what nothing says."""
    given = Proof(fact("Xgeva", "kindOf", "BoneModifyingAgent"))
    proof = Proof(fact("Xgeva", "kindOf", "Drug"), "kind_of_kind", (given,), (fact("Xgeva", "kindOf", "Bone"),))
    says = knowledge.engine.rules["kind_of_kind"].says
    assert proof_to_text(proof, evidence, knowledge.engine.rules).splitlines() == [
        "Xgeva is a kind of drug",
        f"  because: {says}  [kind_of_kind]",
        "  Xgeva is a kind of bone-modifying agent  (by the curator's hierarchy)",
        "  and nothing says: Xgeva is a kind of bone",
    ]
