"""The engine derives what the rules say and nothing else; another engine, running their texts, derives the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.queries.inference.checker import Checker
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.joins import plans_by_predicate

from .terms import fact


def test_on_the_whole_graph_another_engine_derives_the_same(engine: Engine) -> None:
    """Every rule, run as SPARQL in Oxigraph until nothing new comes, gives exactly the facts of the engine."""
    closure = Checker(engine.given).closure()
    assert closure == set(engine.facts.own())


HOLDS = [
    ("CreatinineClearanceBelow10", "contraindicates", "Reclast"),  # ZO5-02: below 35, and 10 is narrower
    ("Hypocalcemia", "contraindicates", "Prolia"),  # PRO-01
    ("TobaccoSmoking", "raisesRiskWith", "Xgeva"),  # RFJ-12 speaks of bone-modifying agents
    ("OsteonecrosisOfTheJaw", "callsForCautionWith", "Xgeva"),  # XGE-07
    ("rule:BMA-01-1", "appliesTo", "Zometa"),  # members inherit: yes
    ("rule:RFN-01-1", "mayApplyTo", "Zometa"),  # members inherit: not said
    ("rule:BIS-01-1", "appliesTo", "Reclast"),  # members inherit: all but Bondronat infusion
    ("HypersensitivityToBisphosphonate", "callsForCautionWith", "BondronatInfusion"),  # IBA-06
    ("LungCancer", "kindOf", "Cancer"),
]
DOES_NOT_HOLD = [
    ("CreatinineClearanceBelow60", "contraindicates", "Reclast"),  # the broader condition inherits nothing
    ("RenalImpairment", "contraindicates", "Reclast"),
    ("Hypocalcemia", "contraindicates", "Denosumab"),  # a rule on the product says nothing of its substance
    ("Hypocalcemia", "contraindicates", "Zometa"),  # ZO5-01 is about the 5 mg product
    ("TobaccoSmoking", "contraindicates", "Xgeva"),  # a risk factor is no contraindication
    ("TobaccoSmoking", "callsForCautionWith", "Xgeva"),
    ("OsteonecrosisOfTheJaw", "contraindicates", "Xgeva"),  # a caution is no contraindication
    ("Osteoporosis", "raisesRiskWith", "Xgeva"),  # RA2-18 names it under radium-223 alone
    ("rule:RFN-01-1", "appliesTo", "Zometa"),
    ("rule:RPH-01-1", "mayApplyTo", "Strontium89"),  # members inherit: no
    ("rule:BIS-01-1", "appliesTo", "BondronatInfusion"),
    ("HypersensitivityToBisphosphonate", "contraindicates", "BondronatInfusion"),  # its leaflet says caution
    ("Cancer", "kindOf", "LungCancer"),
    ("Denosumab", "kindOf", "Bisphosphonate"),  # the slip of an article is refuted
]


@pytest.mark.parametrize("wanted", HOLDS, ids=" ".join)
def test_what_follows(engine: Engine, wanted: tuple[str, str, str]) -> None:
    """Read off the safety rules."""
    assert fact(*wanted) in engine.facts


@pytest.mark.parametrize(
    ("excepted", "reached"),
    [
        ("substance", {"other", "product of other"}),  # a substance takes its products along
        ("product", {"substance", "other", "product of other"}),
        ("product of other", {"substance", "product", "other"}),
    ],
)
def test_a_part_comes_down_to_all_but_one(excepted: str, reached: set[str]) -> None:
    """To members of the class and their products."""
    links = [
        ("part", "ruleTreatment", "class"), ("part", "inheritedByAllBut", excepted), ("substance", "kindOf", "class"),
        ("other", "kindOf", "class"), ("product", "hasActiveSubstance", "substance"),
        ("product of other", "hasActiveSubstance", "other"),
    ]  # fmt: skip
    found = Engine([fact(*(word.replace(" ", "_") for word in link)) for link in links]).facts
    ends = {obj for _, _, obj in found.match(fact("part", "x", "y")[0], fact("x", "appliesTo", "y")[1], None)}
    assert ends == {fact("x", "y", name.replace(" ", "_"))[2] for name in reached}


@pytest.mark.parametrize("wrong", DOES_NOT_HOLD, ids=" ".join)
def test_what_does_not_follow(engine: Engine, wrong: tuple[str, str, str]) -> None:
    """The neighbours of what follows: the wrong direction, the wrong product, the wrong strength."""
    assert fact(*wrong) not in engine.facts


def test_no_contraindication_comes_without_a_rule_part_that_says_so(engine: Engine) -> None:
    """Each rests on a part of strength contraindicated, reached over narrower conditions at most."""
    found = 0
    for link in engine.facts.match(None, fact("x", "contraindicates", "y")[1], None):
        for step in engine.derivations_of(link):
            found += 1
            assert step.rule in ("contraindicating_condition", "narrower_contraindicates")
    assert found > 100


NAMES = "abcd"
LINKS = ("kindOf", "partOf", "locatedIn", "hasSite", "metastasizesTo", "contraindicates")
FACTS = st.lists(st.builds(fact, st.sampled_from(NAMES), st.sampled_from(LINKS), st.sampled_from(NAMES)), max_size=12)


@settings(max_examples=60)
@given(FACTS)
def test_on_any_facts_another_engine_derives_the_same(facts: list[Fact]) -> None:
    """Cycles, loops and long chains included."""
    assert set(Engine(facts).facts.own()) == Checker(facts).closure()


@settings(max_examples=60)
@given(FACTS)
def test_every_derivation_is_found(facts: list[Fact]) -> None:
    """Each rule, entered by any premise that all facts together fit, finds nothing that is not kept."""
    engine = Engine(facts)
    for plans in plans_by_predicate(engine.rules.values()).values():
        for step in (step for plan in plans for each in engine.facts.own() for step in plan.steps(each, engine.facts)):
            assert step in engine.derivations_of(step.conclusion)


@settings(max_examples=60)
@given(FACTS, st.integers(0, 12))
def test_a_patient_on_top_gives_what_all_facts_together_give(facts: list[Fact], cut: int) -> None:
    """Deriving the graph first and the patient on top loses no fact and no derivation."""
    below = Engine(facts[:cut])
    on_top = Engine(facts[cut:], below=below)
    together = Engine(facts)
    assert set(on_top.facts.own()) | set(below.facts.own()) == set(together.facts.own())
    assert all(on_top.derivations_of(fact) == together.derivations_of(fact) for fact in together.facts.own())


def test_a_patient_leaves_the_graph_as_it_was(engine: Engine) -> None:
    """One patient's facts never reach the next patient."""
    before = set(engine.facts.own())
    Engine([fact("patient", "hasEstablishedCondition", "Hypocalcemia")], below=engine)
    assert set(engine.facts.own()) == before
