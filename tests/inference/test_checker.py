"""The checker takes every proof that the engine makes and none that was tampered with."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings

from osteograph.ontology.errors import BadParameter
from osteograph.queries.derived import check_document, derive
from osteograph.queries.inference.checker import Checker
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.inference.proofs import Proof, Prover
from osteograph.queries.stores.oxigraph import OxigraphStore

from .terms import fact
from .test_engine import FACTS


@settings(max_examples=40)
@given(FACTS)
def test_every_proof_holds(facts: list[Fact]) -> None:
    """Whatever the engine proves, the checker confirms."""
    engine = Engine(facts)
    checker, prover = Checker(engine.given), Prover(engine)
    for conclusion in engine.derived():
        for proof in prover.prove(conclusion).found:
            assert checker.check(proof) == []


@pytest.fixture(scope="module")
def proof(knowledge: Knowledge) -> Proof:
    """Why a clearance below 10 contraindicates Reclast."""
    return knowledge.prover.prove(fact("CreatinineClearanceBelow10", "contraindicates", "Reclast")).found[0]


@pytest.fixture(scope="module")
def checker(engine: Engine) -> Checker:
    """Checks against the whole graph."""
    return Checker(engine.given)


def test_the_proof_itself_holds(checker: Checker, proof: Proof) -> None:
    """So that the faults below are faults of the tampering."""
    assert checker.check(proof) == []


def test_another_conclusion_is_refused(checker: Checker, proof: Proof) -> None:
    """The same premises do not contraindicate Zometa."""
    wrong = replace(proof, fact=fact("CreatinineClearanceBelow10", "contraindicates", "Zometa"))
    assert "does not conclude" in checker.check(wrong)[0]


def test_a_premise_that_was_never_given_is_refused(checker: Checker, proof: Proof) -> None:
    """Hypertension is no kind of a poor clearance, even if the proof says so."""
    forged = Proof(fact("Hypertension", "kindOf", "CreatinineClearanceBelow35"))
    wrong = replace(
        proof, fact=fact("Hypertension", "contraindicates", "Reclast"), premises=(forged, proof.premises[1])
    )
    assert any("not given" in fault for fault in checker.check(wrong))


def test_a_missing_premise_is_refused(checker: Checker, proof: Proof) -> None:
    """Half of the premises prove nothing."""
    assert checker.check(replace(proof, premises=proof.premises[:1]))


def test_another_rule_is_refused(checker: Checker, proof: Proof) -> None:
    """Neither a rule that does not fit nor one that does not exist."""
    assert checker.check(replace(proof, rule="narrower_callsForCautionWith"))
    assert "no rule is called" in checker.check(replace(proof, rule="because_i_say_so"))[0]


def test_premises_fit_their_patterns_one_by_one(checker: Checker, proof: Proof) -> None:
    """In another order, or with one more, they are not the premises of the rule."""
    assert len(proof.premises) == 2
    for premises in (proof.premises[::-1], (*proof.premises, proof.premises[0])):
        assert "does not conclude" in checker.check(replace(proof, premises=premises))[0]


def test_no_order_of_premises_hides_what_is_there() -> None:
    """A check that is on record is not missing, however the premises are put."""
    given = [
        fact("rule:R-1", "appliesTo", "Xgeva"),
        fact("rule:R-1", "checkAlways", "CalciumMeasurement"),
        fact("patient", "considersTreatment", "Xgeva"),
    ]
    lacking = fact("patient", "lacksCheck", "CalciumMeasurement")
    (proof,) = Prover(Engine(given)).prove(lacking).found
    assert Checker(given).check(proof) == []
    told = Checker([*given, fact("patient", "hasOnRecord", "CalciumMeasurement")])
    for premises in permutations(proof.premises):
        assert told.check(replace(proof, premises=premises))
    assert "of other things" in Checker(given).check(replace(proof, absent=()))[0]


def test_an_absence_that_does_not_hold_is_refused() -> None:
    """A treatment does not lack an indication that the record shows, whatever the proof claims."""
    given = [
        ("<urn:st>", fact("x", "exclusive", "y")[1], '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("<urn:st>", *_schema("predicate", "indicatedFor")),
        ("<urn:st>", *_schema("standing", "Accepted")),
        ("<urn:st>", *fact("x", "subject", "HormoneTherapy")[1:]),
        ("<urn:st>", *fact("x", "object", "HormoneSensitiveTumor")[1:]),
        fact("patient", "considersTreatment", "HormoneTherapy"),
    ]
    lacking = fact("patient", "lacksIndicationFor", "HormoneTherapy")
    (proof,) = Prover(Engine(given)).prove(lacking).found
    assert Checker(given).check(proof) == []
    told = [*given, fact("patient", "belongsTo", "HormoneSensitiveTumor")]
    assert "asks for the absence" in Checker(told).check(proof)[0]
    assert lacking not in Engine(told).facts


def _schema(relation: str, value: str) -> tuple[str, str]:
    base = "https://w3id.org/osteograph/schema/"
    return f"<{base}{relation}>", f"<{base}{value}>"


def test_a_document_is_checked_as_a_whole(oxigraph_store: OxigraphStore) -> None:
    """What explain writes holds; one changed name does not."""
    derived = derive(oxigraph_store, ("tobacco smoking", "raisesRiskWith", "Xgeva"))
    text = derived.to_json()
    assert check_document(oxigraph_store, text) == []
    assert check_document(oxigraph_store, text.replace("concept/Xgeva>", "concept/Morphine>"))
    assert len(json.loads(text)["proofs"]) == len(derived.proofs) > 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"conclusion": 3, "rule": 4}',
        '{"conclusion": ["a"], "rule": "x", "premises": []}',
        "[" * 100_000,
        '{"conclusion": ["<a:a>", "<a:b>", "x y"], "rule": "x", "premises": []}',
        '{"conclusion": ["<a:a>", "<a:b>", "<a:c> .\\n<a:d> <a:e> <a:f>"], "rule": "x", "premises": []}',
    ],
)
def test_what_is_no_proof_is_refused(oxigraph_store: OxigraphStore, text: str) -> None:
    """Broken, empty, misshapen or bottomless documents get a clear refusal."""
    with pytest.raises(BadParameter, match="no proof"):
        check_document(oxigraph_store, text)
