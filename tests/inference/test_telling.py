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


def test_a_rule_part_is_told_once_in_a_step(knowledge: Knowledge, evidence: Evidence) -> None:
    """Three facts of the proof are about RFJ-12-1: each step that rests on it names it once, and text in full once."""
    proof, rules = knowledge.prover.prove(SMOKING).found[0], knowledge.engine.rules
    assert len([leaf for leaf in proof.leaves() if leaf[0].endswith("/rule/RFJ-12-1>")]) > 1
    (step,) = retell(proof, evidence, rules)
    assert isinstance(step, Step)
    names = [each.part.name for each in step.premises if isinstance(each, Leaf) and each.part]
    assert names == ["RFJ-12-1"]
    assert proof_to_text(proof, evidence, rules).count("RFJ-12-1 predisposing factor") == 1


def test_no_step_is_told_without_what_it_rests_on(knowledge: Knowledge, evidence: Evidence) -> None:
    """Also where the same was told in another step before."""
    for proof in knowledge.prover.prove(SMOKING).found:
        pending = list(retell(proof, evidence, knowledge.engine.rules))
        while pending:
            step = pending.pop()
            if isinstance(step, Step):
                assert step.premises, step.words
                pending.extend(step.premises)


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
