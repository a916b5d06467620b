"""Numbers become the graded conditions that they certainly meet, and nothing where unit or value is in doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.queries.screening.concepts import osteo
from osteograph.queries.screening.intake import Knowledge
from osteograph.queries.screening.measurements import Measures, Value
from osteograph.queries.screening.quantities import Interval, number, split_quantity, unit_key
from osteograph.queries.screening.times import Span

CLEARANCE = osteo("CreatinineClearanceMeasurement")
CALCIUM = osteo("CalciumMeasurement")
EGFR = osteo("EstimatedGFRMeasurement")
PLATELETS = osteo("PlateletCountMeasurement")


@pytest.fixture(scope="module")
def measures(readers_knowledge: Knowledge) -> Measures:
    return readers_knowledge.measures


def value(measure: str, text: str, when: str = "", side: str | None = None) -> Value:
    split = split_quantity(text)
    assert split
    comparator, amount, unit = split
    return Value(measure, Interval.of(amount, comparator), unit, text, text, Span.parse(when), side)


def met(measures: Measures, measure: str, *texts: str) -> set[str]:
    grades, _ = measures.judged([value(measure, text) for text in texts])
    return {grade.condition.rpartition("/")[2] for grade in grades}


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("25 mL/min", {"CreatinineClearanceBelow30", "CreatinineClearanceBelow60"}, {"CreatinineClearanceBelow10"}),
        ("29.999 mL/min", {"CreatinineClearanceBelow30"}, set()),
        ("30 mL/min", {"CreatinineClearanceBelow35", "CreatinineClearance30To39"}, {"CreatinineClearanceBelow30"}),
        ("45 mL/min", {"CreatinineClearance40To49", "CreatinineClearanceBelow60"}, {"CreatinineClearanceBelow45"}),
        ("<30 mL/min", {"CreatinineClearanceBelow30"}, {"CreatinineClearance10To30", "CreatinineClearanceBelow10"}),
        ("<=30 mL/min", {"CreatinineClearanceBelow35"}, {"CreatinineClearanceBelow30"}),
    ],
)
def test_a_clearance_is_graded(measures: Measures, text: str, inside: set[str], outside: set[str]) -> None:
    """Each bound holds to the digit; a comparator gives only what every number it allows gives."""
    found = met(measures, CLEARANCE, text)
    assert inside <= found
    assert not outside & found


@pytest.mark.parametrize("text", [">60 mL/min", "90 mL/min"])
def test_a_good_clearance_is_no_impairment(measures: Measures, text: str) -> None:
    """Above 60 could be anything up to normal: no graded condition is certain."""
    assert met(measures, CLEARANCE, text) == set()


def test_an_estimate_is_no_clearance(measures: Measures) -> None:
    """It has bounds of its own, and what it gives is marked as an estimate."""
    grades, _ = measures.judged([value(EGFR, "25 mL/min/1.73m2")])
    assert {(grade.condition, grade.estimated) for grade in grades} == {(osteo("EstimatedGFRBelow30"), True)}


@pytest.mark.parametrize("unit", ["10*9/L", "10^9/L", "x10^9/L", "×10⁹/L", "10*3/uL", "K/uL", "G/L"])
def test_one_unit_is_written_in_many_ways(measures: Measures, unit: str) -> None:
    """45 thousand in a microliter is below 50, however it is written."""
    assert "PlateletCountBelow50000" in met(measures, PLATELETS, f"45 {unit}")


def test_units_of_mass_and_of_substance_agree(measures: Measures) -> None:
    """Calcium of 8.2 mg/dL is 2.046 mmol/L, which is low; 9 mg/dL is 2.2455, which is not."""
    assert met(measures, CALCIUM, "8.2 mg/dL") == met(measures, CALCIUM, "2.04 mmol/L") == {"Hypocalcemia"}
    assert met(measures, CALCIUM, "9 mg/dL") == met(measures, CALCIUM, "2.25 mmol/L") == set()


@pytest.mark.parametrize(
    ("measure", "text", "reason"),
    [
        (CLEARANCE, "25", "no unit"),
        (CLEARANCE, "25 mg/dL", "not one of this measure"),
        (CLEARANCE, "25 mL/min/1.73m2", "not one of this measure"),
        (EGFR, "25 mL/min", "not one of this measure"),
        (CLEARANCE, "-5 mL/min", "not plausible"),
        (CLEARANCE, "2500 mL/min", "not plausible"),
        (CALCIUM, "8.2 mmol/L", ""),  # deadly high, and yet what the record says
        (CALCIUM, "82 mmol/L", "not plausible"),
        (osteo("WeakenedVertebra"), "1 mm", "no rule"),
    ],
)
def test_a_doubtful_value_is_left_over(measures: Measures, measure: str, text: str, reason: str) -> None:
    """Units are never guessed."""
    assert reason in measures.problem(value(measure, text))
    assert bool(reason) == bool(measures.problem(value(measure, text)))


def test_a_score_needs_no_unit(measures: Measures) -> None:
    """A pure number has the unit 1."""
    assert met(measures, osteo("INRMeasurement"), "2.1") == {"INRAbove1Point8"}


def test_the_latest_value_counts(measures: Measures) -> None:
    """A clearance that has recovered since is not low any more."""
    values = [value(CLEARANCE, "25 mL/min", "2026-09-01"), value(CLEARANCE, "90 mL/min", "2026-10-01")]
    assert measures.judged(values) == measures.judged(values[::-1]) == ([], [])


@pytest.mark.parametrize(
    "dates", [("", ""), ("2026-10-01", ""), ("2026-10-01", "2026-10"), ("2026-10-01", "2026-10-01")]
)
def test_values_that_time_does_not_order_contradict(measures: Measures, dates: tuple[str, str]) -> None:
    """Neither counts, and both are named."""
    values = [value(CLEARANCE, text, when) for text, when in zip(("25 mL/min", "90 mL/min"), dates, strict=True)]
    grades, left = measures.judged(values)
    assert grades == []
    assert len(left) == 2


def test_the_clock_orders_values_of_one_day(measures: Measures) -> None:
    """Morning and evening of a day are told apart."""
    morning = value(CLEARANCE, "25 mL/min", "2026-10-01T08:00:00Z")
    evening = value(CLEARANCE, "90 mL/min", "2026-10-01T20:00:00Z")
    assert measures.judged([evening, morning]) == ([], [])


def test_values_that_agree_do_not_contradict(measures: Measures) -> None:
    """Two undated values that mean the same are one."""
    assert met(measures, CLEARANCE, "25 mL/min", "26 mL/min") == met(measures, CLEARANCE, "25 mL/min")


def test_the_range_of_a_laboratory_replaces_usual_limits(measures: Measures) -> None:
    """Usual limits are used only where a record brings none; limits of rules always hold."""
    low = [grade.condition for grade in measures.grades(value(CALCIUM, "2.2 mmol/L", side="low"))]
    normal = measures.grades(value(CALCIUM, "2.0 mmol/L", side="normal"))
    assert (low, normal) == ([osteo("Hypocalcemia")], [])
    rule = {grade.condition for grade in measures.grades(value(PLATELETS, "45 10*9/L", side="normal"))}
    assert rule == {osteo("PlateletCountBelow50000"), osteo("PlateletCountBelow60000")}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "1e400", "9" * 50, "25,0", "", "abc", "0x10", "1_000"])
def test_what_is_no_number_is_none(text: str) -> None:
    """Nothing that could fill the memory or compare as nonsense."""
    assert number(text) is None


@pytest.mark.parametrize(
    "text", ["NaN mL/min", "1e400 mL/min", "25,0 mL/min", "1.5.2 mL/min", "mL/min", "about 25 mL/min"]
)
def test_what_is_no_quantity_is_none(text: str) -> None:
    """A decimal comma could be a thousand, so it is no number here."""
    assert split_quantity(text) is None


@given(st.decimals(0, 9, places=3), st.decimals(0, 9, places=3))
def test_conversion_keeps_order_and_can_be_undone(one: Decimal, two: Decimal) -> None:
    """A factor is exact: dividing by it gives the value back, and the smaller value stays the smaller."""
    factor = Decimal("0.2495010")
    first, second = (Interval.of(each).times(factor).low for each in (one, two))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < two)
    assert first / factor == one


@given(st.decimals(1, 200, places=2), st.decimals(1, 200, places=2))
def test_a_lower_clearance_meets_every_upper_limit_that_a_higher_one_meets(one: Decimal, two: Decimal) -> None:
    """What a limit from above admits is closed downwards."""
    low, high = sorted((one, two))
    for limit in map(Decimal, (10, 30, 35, 45, 60)):
        assert Interval.of(low).is_within(below=limit) or not Interval.of(high).is_within(below=limit)
        assert Interval.of(high, "<").is_within(below=limit) == (high <= limit)


def test_spellings_of_units_that_differ_in_size_stay_apart() -> None:
    """Milli is not mega only where a table of one measure has both, but micro is never milli."""
    assert unit_key("umol/L") != unit_key("mmol/L")
    assert unit_key("µmol/l") == unit_key("umol/L")
