"""Many patients looked at at once have what each of them has in an engine of all, derivation by derivation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.graph_builder.agreement import by_rules, of_patients, shared_facts
from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import SCHEMA, expand
from osteograph.queries.inference.checker import Checker
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.many import Patients
from osteograph.queries.inference.proofs import Prover

from .terms import fact
from .test_owl_agreement import patients


def prop(name: str) -> str:
    """A property in N-Triples syntax."""
    return f"<{SCHEMA}{name}>"


RULES = {name: rule for name, rule in load_rules().items() if rule.in_owl}
LINKS = ("kindOf", "contraindicates", "hasActiveSubstance", "impliesState", "memberOf", "givesDrug")
RECORD = ("presents", "hasCondition", "receivesTreatment")
_TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
TOLD = [
    *((prop(name), prop("isRecordProperty"), _TRUE) for name in ("presents", "receivesTreatment")),
    (prop("hasCondition"), f"<{expand('rdfs:subPropertyOf')}>", prop("presents")),
]


def links(subjects: str, names: tuple[str, ...], objects: str) -> st.SearchStrategy[list[Fact]]:
    """A few facts between some terms."""
    one = st.builds(fact, st.sampled_from(subjects), st.sampled_from(names), st.sampled_from(objects))
    return st.lists(one, max_size=12)


@settings(max_examples=60)
@given(links("abcde", LINKS, "abcde"), links("xyz", RECORD, "abcde"))
def test_facts_and_derivations_are_those_of_one_engine(graph: list[Fact], records: list[Fact]) -> None:
    """Any small graph, and any records over its terms."""
    graph = [*graph, *TOLD]
    together = Engine([*graph, *records], rules=RULES)
    below = Engine(graph, rules=RULES)
    many = Patients(records, below)
    own = {each for each in together.facts.own() if each[0] in {record[0] for record in records}}
    assert set(many.everything()) == own
    assert set(many.derived()) == {each for each in own if not together.is_given(each)}
    for each in together.facts.own():
        assert many.derivations_of(each) == together.derivations_of(each)
        assert many.is_given(each) == together.is_given(each)
    prover, at_once = Prover(together), Prover(many, Prover(below))
    assert {each: prover.prove(each) for each in own} == {each: at_once.prove(each) for each in own}


def test_two_hundred_patients_on_the_graph(engine: Engine) -> None:
    """The facts are those of one engine, and proofs of a sample are found right by the checker."""
    shared, drawn = shared_facts(engine), patients(engine)
    found, many = of_patients(shared, drawn, engine)
    assert found == by_rules([*shared, *drawn], engine)
    prover = Prover(many, Prover(many.below))
    checker = Checker([*many.below.given, *drawn], RULES)
    sample = sorted(many.derived())[::300]
    assert len(sample) > 40
    for each in sample:
        proofs = prover.prove(each)
        assert proofs.found
        assert [fault for proof in proofs.found[:2] for fault in checker.check(proof)] == []


def test_what_cannot_be_looked_at_entry_by_entry_is_refused() -> None:
    """A rule that joins two entries; a patient that the graph or another patient speaks of."""
    record = [fact("x", "meets", "a")]
    joining = {"meets_both": load_rules()["meets_both"]}
    with pytest.raises(BadParameter, match="meets_both"):
        Patients(record, Engine([], rules=joining))
    with pytest.raises(BadParameter, match="speaks of it"):
        Patients(record, Engine([fact("x", "kindOf", "b")], rules=RULES))
    with pytest.raises(BadParameter, match="speaks of it"):
        Patients([*record, fact("y", "meets", "x")], Engine([], rules=RULES))
