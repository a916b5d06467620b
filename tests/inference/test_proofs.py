"""Proofs are minimal, all of them are listed, and taking a fact away takes away just the proofs that need it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.evidence import Evidence
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.inference.proofs import Ground, Prover, smallest

from .terms import fact
from .test_engine import FACTS


@settings(max_examples=80)
@given(FACTS)
def test_without_any_fact_of_a_proof_only_the_other_proofs_stand(facts: list[Fact]) -> None:
    """The deletion test, on every conclusion of small graphs: the list of proofs is complete, and each is minimal."""
    engine = Engine(facts)
    prover = Prover(engine)
    for conclusion in engine.derived():
        proofs = prover.prove(conclusion)
        assert proofs.found
        assert proofs.complete
        for leaf in {leaf for proof in proofs.found for leaf in proof.leaves()}:
            without = Engine(engine.given - {leaf})
            still = any(leaf not in proof.leaves() for proof in proofs.found)
            assert (conclusion in without.facts) == still


@settings(max_examples=60)
@given(FACTS)
def test_a_proof_needs_nothing_but_its_own_facts(facts: list[Fact]) -> None:
    """From the leaves alone the conclusion follows, and from one leaf fewer it does not."""
    engine = Engine(facts)
    prover = Prover(engine)
    for conclusion in engine.derived():
        for proof in prover.prove(conclusion).found:
            leaves = set(proof.leaves())
            assert conclusion in Engine(leaves).facts
            assert all(conclusion not in Engine(leaves - {leaf}).facts for leaf in leaves)


def test_the_shortest_proof_comes_first(knowledge: Knowledge) -> None:
    """Smoking under Xgeva: by the label of Xgeva or by the guideline on the class; two parts more or less."""
    found = knowledge.prover.prove(fact("TobaccoSmoking", "raisesRiskWith", "Xgeva")).found
    sizes = [len(proof.leaves()) for proof in found]
    assert len(found) > 1
    assert sizes == sorted(sizes)


def test_a_raised_risk_is_proven_by_factor_effect_and_treatment(knowledge: Knowledge) -> None:
    """The model case: smoking, osteonecrosis of the jaw, Xgeva, all three in the proof."""
    (first, *_) = knowledge.prover.prove(fact("TobaccoSmoking", "raisesRiskWith", "Xgeva")).found
    leaves = first.leaves()
    assert fact("rule:RFJ-12-1", "sufficientCondition", "TobaccoSmoking") in leaves
    assert fact("rule:RFJ-12-1", "ruleEffect", "OsteonecrosisOfTheJaw") in leaves
    assert any(
        leaf[1:] == fact("x", "ruleEffect", "OsteonecrosisOfTheJaw")[1:] for leaf in leaves if "RFJ" not in leaf[0]
    )


def test_deleting_the_rule_part_takes_the_contraindication_away(engine: Engine, knowledge: Knowledge) -> None:
    """On the whole graph: without ZO5-02 nothing contraindicates Reclast at a clearance below 10."""
    wanted = fact("CreatinineClearanceBelow10", "contraindicates", "Reclast")
    (proof,) = knowledge.prover.prove(wanted).found
    for leaf in proof.leaves():
        if "/rule/" in leaf[0]:
            assert wanted not in Engine(engine.given - {leaf}).facts


def test_each_leaf_names_one_origin(knowledge: Knowledge) -> None:
    """An article, a label, a curator and the schema are told apart."""
    evidence = Evidence(knowledge.store)
    assert evidence.leaf(fact("Zometa", "hasAdverseEffect", "OsteonecrosisOfTheJaw")).origin == "article"
    assert evidence.leaf(fact("rule:XGE-01-1", "ruleTreatment", "Xgeva")).origin == "label"
    assert evidence.leaf(fact("Xgeva", "kindOf", "BoneModifyingAgent")).origin == "curator"
    reading = evidence.leaf(fact("Zometa", "hasAdverseEffect", "OsteonecrosisOfTheJaw")).readings[0]
    assert (reading.claim.rsplit("/", 1)[1], reading.passage.rsplit("/", 1)[1]) == ("C621", "b-s081")


def test_what_an_article_hedges_stays_its_word_and_a_curated_link_the_curators(knowledge: Knowledge) -> None:
    """Analgesics *may* tire (C-claims hedge it); that acupuncture is complementary is the curators' classification."""
    evidence = Evidence(knowledge.store)
    hedged = evidence.leaf(fact("Analgesic", "mayHaveAdverseEffect", "Fatigue"))
    assert (hedged.origin, {reading.standing for reading in hedged.readings}) == ("article", {"hedged"})
    assert evidence.leaf(fact("NonSmallCellLungCancer", "kindOf", "LungCancer")).origin == "curator"


def test_a_limit_that_cuts_is_told() -> None:
    """Forty ways to the same conclusion, and room for thirty-two."""
    facts = [link for i in range(40) for link in (fact("a", "kindOf", f"m{i}"), fact(f"m{i}", "kindOf", "z"))]
    proofs = Prover(Engine(facts)).prove(fact("a", "kindOf", "z"))
    assert len(proofs.found) == 32
    assert not proofs.complete


@settings(max_examples=100)
@given(st.lists(st.frozensets(st.sampled_from([fact(name, "kindOf", "z") for name in "abcdef"])), max_size=12))
def test_of_grounds_those_that_hold_no_other_are_kept(grounds: list[Ground]) -> None:
    """Each once, the smaller before the larger."""
    kept = smallest(grounds)
    assert set(kept) == {each for each in grounds if not any(other < each for other in grounds)}
    assert [len(each) for each in kept] == sorted(map(len, set(kept)))
