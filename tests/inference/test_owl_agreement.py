"""HermiT, on the axioms of the schema, derives exactly what the rules that stand in OWL derive."""

from __future__ import annotations

import random

import pytest

from osteograph.graph_builder import agreement
from osteograph.graph_builder.agreement import by_hermit, by_rules, shared_facts
from osteograph.ontology.derivation_rules import load_rules
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact

from .terms import fact

PATIENTS = 200
RECORD = (
    "hasEstablishedCondition",
    "hasCondition",
    "hadCondition",
    "receivesTreatment",
    "plannedTreatment",
    "hadTreatment",
    "hadTreatmentWithin14Days",
    "hasOnRecord",
)


def patients(engine: Engine) -> list[Fact]:
    """Two hundred patients with conditions and treatments drawn from what safety rules speak of."""
    draw = random.Random(20261121)
    conditions = sorted({link[0] for link in engine.facts.match(None, fact("x", "contraindicates", "y")[1], None)})
    treatments = sorted({link[2] for link in engine.facts.match(None, fact("x", "appliesTo", "y")[1], None)})
    return [
        (f"<https://example.org/patient/{number}>", fact("x", draw.choice(RECORD), "y")[1], draw.choice(pool))
        for number in range(PATIENTS)
        for pool in (conditions, treatments)
        for _ in range(draw.randint(1, 3))
    ]


@pytest.mark.java
def test_hermit_and_the_rules_derive_the_same(engine: Engine) -> None:
    """On the whole graph and two hundred patients, fact by fact."""
    facts = [*shared_facts(engine), *patients(engine)]
    ours, theirs = by_rules(facts, engine), by_hermit(facts)
    assert ours - theirs == set()
    assert theirs - ours == set()
    assert len(ours) > len(set(facts)) + 1000  # there was something to derive


@pytest.mark.java
def test_the_comparison_notices_a_missing_rule(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One rule taken away on our side: what it concludes is the difference, and all of it."""
    chain = [fact("a", "kindOf", "b"), fact("b", "contraindicates", "c")]
    theirs = by_hermit(chain)
    assert by_rules(chain, engine) == theirs
    fewer = {name: rule for name, rule in load_rules().items() if name != "narrower_contraindicates"}
    monkeypatch.setattr(agreement, "load_rules", lambda: fewer)
    assert theirs - by_rules(chain, engine) == {fact("a", "contraindicates", "c")}


@pytest.mark.java
def test_what_pellet_finds_otherwise_is_as_the_axioms_say(engine: Engine) -> None:
    """The past does not imply a state; a group of a broader condition is one of the patient."""
    past = [fact("p", "hadCondition", "x"), fact("x", "impliesState", "d")]
    group = [fact("p", "hasEstablishedCondition", "x"), fact("x", "kindOf", "y"), fact("y", "memberOf", "g")]
    for facts, told, is_so in (
        (past, fact("p", "hasHistoryOf", "d"), False),
        (group, fact("p", "belongsTo", "g"), True),
    ):
        assert (told in by_rules(facts, engine), told in by_hermit(facts)) == (is_so, is_so)


def test_most_rules_about_single_links_stand_in_owl() -> None:
    """What OWL cannot say is told with its reason; the rest is there as an axiom."""
    outside = {rule.name: rule.owl for rule in load_rules().values() if not rule.in_owl}
    assert all(reason.startswith("no - ") and len(reason) > 10 for reason in outside.values())
    assert len(load_rules()) - len(outside) >= 18
