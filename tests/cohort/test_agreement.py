"""What a cohort's joins flag is what the rule engine flags, for every patient and every kind of rule."""

from __future__ import annotations

import ibis
import pytest
from benchmarks.made_up_records import RecordMaker, as_cohort, flags_by_engine, flags_by_row, kinds_of
from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import CONCEPT
from osteograph.queries.cohort.rule_tables import _refuse_unknown
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.record import Entry, Record
from osteograph.queries.screening.screening import Screener


@pytest.fixture(scope="module")
def maker(knowledge: Knowledge) -> RecordMaker:
    return RecordMaker(knowledge)


@given(seeds=st.lists(st.integers(0, 10**9), min_size=25, max_size=25, unique=True))
@settings(max_examples=2, derandomize=True)
def test_every_made_up_patient_has_the_flags_of_the_rule_engine(
    knowledge: Knowledge, screener: Screener, maker: RecordMaker, seeds: list[int]
) -> None:
    """Strengths, rules, rule parts and whether they are confirmed are the same, flag by flag."""
    records = [maker.record(seed) for seed in seeds]
    expression, _ = as_cohort(knowledge, records)
    found = flags_by_row(ibis.duckdb.connect().to_pyarrow(expression).to_pylist())
    assert {r.name: flags_by_engine(screener, r) for r in records} == {r.name: found.get(r.name, {}) for r in records}


def test_made_up_patients_meet_every_kind_of_rule(knowledge: Knowledge, maker: RecordMaker) -> None:
    """A sample in which a kind of rule never fires would show nothing about it."""
    expression, tables = as_cohort(knowledge, [maker.record(seed) for seed in range(300)])
    rows = ibis.duckdb.connect().to_pyarrow(expression).to_pylist()
    wanted = {"present", "past condition", "given", "planned", "past", "past, within 5 days", "past, within 42 days"}
    wanted |= {"recent condition", "recent treatment", "present by an estimate", "circumstances together"}
    wanted |= {"the only treatment", "unconfirmed", "an article"}
    wanted |= {"contraindicated", "not recommended", "caution", "raised risk"}
    assert wanted - kinds_of(tables, {row["proof"] for row in rows}) == set()


def test_many_reasons_hide_no_rule(knowledge: Knowledge, screener: Screener) -> None:
    """A flag with more than 32 minimal proofs keeps a line for each rule that says it."""
    names = ("BloodGlucoseAbove200", "LungCancerBoneMetastasis", "Hypertension", "PlateletCountBelow50000")
    given_ = ("BondronatInfusion", "ChemotherapyDrug", "HemibodyRadiotherapy", "Fulvestrant")
    entries = [Entry(CONCEPT + name, "condition", "now", name, "") for name in names]
    entries += [Entry(CONCEPT + name, "treatment", "planned", name, "") for name in given_]
    record = Record("crowded", tuple(entries))
    flags = flags_by_engine(screener, record)
    risk = ("osteo:BondronatInfusion", "osteo:BondronatInfusion", "raised risk", "rule:RFJ-17")
    assert flags[risk] == (frozenset({"rule:RFJ-17-1"}), False)
    expression, _ = as_cohort(knowledge, [record])
    assert flags_by_row(ibis.duckdb.connect().to_pyarrow(expression).to_pylist()) == {"crowded": flags}


def test_a_rule_that_joins_a_patient_in_a_new_way_is_refused() -> None:
    """Rather than screened without it."""
    rule = load_rules()["substance_twice"]
    flagging = load_rules()["contraindicated_alone"]
    _refuse_unknown(flagging)
    joining = type(rule)(**{**vars(rule), "conclusion": (rule.conclusion[0], flagging.conclusion[1], "?substance")})
    links = (("?patient", "<x:sees>", "?one"), ("?patient", "<x:hears>", "?substance"))
    with pytest.raises(BadParameter, match="substance_twice"):
        _refuse_unknown(type(rule)(**{**vars(joining), "premises": links}))
