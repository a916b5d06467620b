"""The small form: each key says what it says, shape is checked with lines, and nothing vanishes."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from osteograph.ontology.errors import ProblemsFound

from .records import Read, conditions, found, reasons


@pytest.mark.parametrize("word", ["yes", "Yes", "on", "true", "TRUE", "'yes'", "y"])
def test_truth_is_read_however_yaml_would(read: Read, word: str) -> None:
    """Versions of YAML disagree on yes and on; here all of them are true."""
    assert conditions(read(f"pregnant: {word}")) == {"Pregnancy"}


@pytest.mark.parametrize("word", ["no", "off", "false", "n"])
def test_what_is_false_is_not_there(read: Read, word: str) -> None:
    """No pregnancy, and nothing left over either: it was understood."""
    record = read(f"pregnant: {word}")
    assert (record.entries, record.leftovers) == ((), ())


def test_what_is_neither_true_nor_false_is_left_over(read: Read) -> None:
    """Nobody knows is not no."""
    record = read("pregnant: perhaps")
    assert not conditions(record)
    assert "neither true nor false" in reasons(record)


def test_a_tumour_that_needs_no_hormones_is_said_so(read: Read) -> None:
    """False is the contrary here, not silence."""
    assert conditions(read("hormone_sensitive: false")) == {"HormoneInsensitiveTumor"}


def test_short_names_are_read_where_the_key_says_what_they_are(read: Read) -> None:
    """Lung under tumour is lung cancer; osteoblastic under lesion_type is a metastasis."""
    record = read("{tumour: lung, lesion_type: osteoblastic}")
    assert {"LungCancer", "OsteoblasticMetastasis"} <= conditions(record)


def test_sites_are_metastases_at_the_sites(read: Read) -> None:
    """A bone in which the graph knows a metastasis of its own, a bone in which it does not, and another organ."""
    assert conditions(read("sites: [lumbar vertebra]")) == {"LumbarVertebralMetastasis"}
    assert conditions(read("sites: [vertebra]")) == {"VertebralMetastasis"}
    assert conditions(read("sites: [spine]")) == {"BoneMetastasis"}  # of its bones, no one is named
    assert conditions(read("sites: [liver]")) == {"LiverMetastasis"}
    assert conditions(read("sites: [brain]")) == {"BrainMetastasis"}
    assert conditions(read("sites: [bone marrow]")) == {"BoneMarrowMetastasis"}
    assert conditions(read("sites: [arm bone]")) == {"LimbBoneMetastasis"}  # and none of the hand


def test_with_one_primary_the_metastasis_is_from_it(read: Read) -> None:
    """Breast cancer and nothing else: its bone metastasis, metastatic and advanced breast cancer."""
    record = read("{tumour: breast cancer, sites: [rib]}")
    assert {"BreastCancerBoneMetastasis", "MetastaticBreastCancer", "AdvancedBreastCancer"} <= conditions(record)


@pytest.mark.parametrize(
    "form",
    [
        "{tumour: [breast cancer, lung cancer], sites: [rib]}",
        "{tumour: breast cancer, conditions: [{name: lung cancer, status: past}], sites: [rib]}",
        "{tumour: breast cancer, conditions: [multiple myeloma], sites: [rib]}",
    ],
)
def test_with_two_cancers_nobody_knows_where_it_is_from(read: Read, form: str) -> None:
    """Another cancer, now or ever, could be the origin."""
    assert not {each for each in conditions(read(form)) if each.endswith("CancerBoneMetastasis")}


@pytest.mark.parametrize(
    ("disease", "cancer"),
    [
        ("metastatic prostate cancer", "ProstateCancer"),
        ("metastatic breast cancer", "BreastCancer"),
        ("kidney cancer bone metastasis", "KidneyCancer"),
    ],
)
def test_a_metastatic_disease_brings_its_cancer(read: Read, disease: str, cancer: str) -> None:
    """The one that its definition names; with a site it becomes the metastasis of that cancer there."""
    assert cancer in conditions(read(f"conditions: [{disease}]"))
    assert f"{cancer}BoneMetastasis" in conditions(read(f"{{conditions: [{disease}], sites: [rib]}}"))


def test_no_cancer_comes_from_what_is_not_there_or_names_none(read: Read) -> None:
    """Neither from what is past, denied or in the family, nor from a metastasis alone; and none brings a metastasis."""
    for status in ("past", "absent", "family history"):
        assert conditions(read(f"conditions: [{{name: metastatic breast cancer, status: {status}}}]")) == set()
    assert conditions(read("conditions: [bone metastasis]")) == {"BoneMetastasis"}
    assert conditions(read("conditions: [prostate cancer]")) == {"ProstateCancer"}


def test_a_past_primary_with_metastases_is_present(read: Read) -> None:
    """What is metastatic now comes from that cancer, which is there again; without metastases it stays past."""
    past = "{name: prostate cancer, status: past}"
    assert conditions(read(f"conditions: [{past}, bone metastasis]")) >= {"MetastaticProstateCancer", "ProstateCancer"}
    assert conditions(read(f"conditions: [{past}, bone pain]")) == {"BonePain"}


def test_without_metastases_nothing_is_advanced(read: Read) -> None:
    """A primary alone is a primary."""
    assert conditions(read("tumour: breast cancer")) == {"BreastCancer"}


def test_a_narrower_primary_brings_the_metastasis_of_the_wider(read: Read) -> None:
    """Non-small cell lung cancer is lung cancer."""
    record = read("{tumour: non-small cell lung cancer, sites: [rib]}")
    assert "LungCancerBoneMetastasis" in conditions(record)


@pytest.mark.parametrize("status", ["refuted", "absent", "suspected", "family history", "family_history", "maybe"])
def test_what_is_not_present_is_left_over(read: Read, status: str) -> None:
    """With the reason, and never as a condition."""
    record = read(f"conditions: [{{name: hypocalcemia, status: {status}}}]")
    assert not record.entries
    assert "hypocalcemia" in reasons(record)


def test_what_has_ended_is_past(read: Read) -> None:
    """By status, by days, by weeks or by a date."""
    forms = ["status: past", "days_ago: 28", "weeks_ago: 4", "ended: 2026-10-04"]
    records = [read(f"conditions: [{{name: hypocalcemia, {each}}}]") for each in forms]
    assert all(found(record, "condition", "past") == {"Hypocalcemia"} for record in records)
    assert [record.entries[0].days_ago for record in records] == [None, 28, 28, 28]


def test_part_of_a_date_counts_from_its_last_day(read: Read) -> None:
    """The shortest time that the date allows, with a remark."""
    record = read("treatments: {past: [{name: chemotherapy, ended: 2026-09}]}")
    assert record.entries[0].days_ago == Decimal(32)  # 30 September to 1 November
    assert "only a part of the date" in reasons(record)


@pytest.mark.parametrize(
    ("planned", "product"),
    [
        ("zoledronic acid 4 mg", "Zometa"),
        ("zoledronic acid 5mg", "Reclast"),
        ("zoledronic acid 4 mg IV every 4 weeks", "Zometa"),
        ("{name: zoledronic acid, dose: 4, unit: mg}", "Zometa"),
        ("{name: zoledronic acid, dose: 4000 ug}", "Zometa"),
        ("{name: denosumab, dose: 60 mg}", "Prolia"),
        ("{name: denosumab, dose: 0.12 g}", "Xgeva"),
        ("Prolia", "Prolia"),
    ],
)
def test_a_dose_or_a_brand_is_a_product(read: Read, planned: str, product: str) -> None:
    """Brand alone, dose in the name, dose beside it, in any unit of mass."""
    record = read(f"treatments: {{planned: [{planned}]}}")
    assert found(record, "treatment", "planned") == {product}
    assert "product not given" not in reasons(record)


@pytest.mark.parametrize("planned", ["zoledronic acid", "zoledronic acid 3.3 mg", "{name: zoledronic acid, dose: 4}"])
def test_a_substance_without_its_product_stays_a_substance(read: Read, planned: str) -> None:
    """No unit, a dose between, or none at all: the record says what could not be judged."""
    record = read(f"treatments: {{planned: [{planned}]}}")
    assert found(record, "treatment", "planned") == {"ZoledronicAcid"}
    assert "product not given: Reclast or Zometa" in reasons(record)


def test_a_brand_against_its_dose_is_said(read: Read) -> None:
    """Prolia of 120 mg does not exist; the brand is believed."""
    record = read("treatments: {planned: [{name: Prolia, dose: 120 mg}]}")
    assert found(record, "treatment", "planned") == {"Prolia"}
    assert "dose of Xgeva" in reasons(record)


def test_a_dose_belongs_to_one_treatment(read: Read) -> None:
    """8 mg is above 4 mg for Zometa; 120 mg of denosumab is no dose of Zometa."""
    assert "DoseAmountAbove4Milligram" in conditions(read("treatments: {current: [{name: Zometa, dose: 8 mg}]}"))
    both = read("treatments: {current: [{name: denosumab, dose: 120 mg}, {name: Zometa, dose: 4 mg}]}")
    assert not conditions(both)


def test_a_quick_infusion_is_graded(read: Read) -> None:
    """Under 15 minutes for Zometa, 15 are enough."""
    forms = [
        "treatments: {planned: [{name: Zometa, infusion: 10 min}]}",
        "treatments: {planned: [{name: Zometa, infusion: 15 min}]}",
    ]
    assert [conditions(read(form)) for form in forms] == [{"InfusionBelow15Minutes"}, set()]


def test_a_repeated_dose_is_timed(read: Read) -> None:
    """Strontium-89 again after 60 days; and not after 100."""
    form = "treatments: {{planned: [strontium-89], past: [{{name: strontium-89, days_ago: {days}}}]}}"
    assert "RepeatDoseWithin90Days" in conditions(read(form.format(days=60)))
    assert "RepeatDoseWithin90Days" not in conditions(read(form.format(days=100)))


def test_measurements_are_written_in_three_ways(read: Read) -> None:
    """As a mapping, as a mapping to values with dates, and as a list."""
    old, new = "{value: 90, unit: mL/min, date: 2026-01-01}", "{value: 25, unit: mL/min, date: 2026-10-01}"
    forms = [
        "measurements: {creatinine clearance: 25 mL/min}",
        f"measurements: {{creatinine clearance: [{old}, {new}]}}",
        "measurements: [{name: creatinine clearance, value: 25, unit: mL/min}]",
    ]
    records = [read(form) for form in forms]
    assert all("CreatinineClearanceBelow30" in conditions(record) for record in records)
    assert all(found(record, "check", "past") == {"CreatinineClearanceMeasurement"} for record in records)
    assert all(
        {each.rpartition("/")[2] for each in record.measures} == {"CreatinineClearanceMeasurement"}
        for record in records
    )


@pytest.mark.parametrize(
    "value", ["25", ".nan mL/min", "-.inf mL/min", "twenty five", "-25 mL/min", "25,5 mL/min", "25 mg"]
)
def test_a_value_that_cannot_count_is_left_over(read: Read, value: str) -> None:
    """And its measure is not among those that the record holds."""
    record = read(f"measurements: {{creatinine clearance: {value!r}}}")
    assert not conditions(record)
    assert not record.measures
    assert "creatinine clearance" in reasons(record)


def test_a_measure_may_be_named_in_the_plural(read: Read) -> None:
    """Platelets are counted by the platelet count."""
    assert "PlateletCountBelow50000" in conditions(read("measurements: {platelets: 45 10*9/L}"))


def test_times_are_measured_in_words(read: Read) -> None:
    """Two months to live are less than three, and more than six weeks."""
    assert conditions(read("measurements: {life expectancy: 2 months}")) == {"LifeExpectancyBelow3Months"}


def test_age_is_graded_and_checked(read: Read) -> None:
    """66 is above 65; a negative age is no age."""
    assert conditions(read("age: 66")) == {"AgeAbove60", "AgeAbove65"}
    assert conditions(read("age: 65")) == {"AgeAbove60"}
    assert "not plausible" in reasons(read("age: -3"))


def test_checks_are_on_record_with_their_dates(read: Read) -> None:
    """A date, a yes, a bare name; and a no is none."""
    record = read("checks: {dental examination: 2026-10-02, serum calcium: yes, bone scan: no}")
    done = {(entry.concept.rpartition("/")[2], entry.days_ago) for entry in record.entries}
    assert ("DentalExamination", Decimal(30)) in done
    assert "BoneScan" not in {name for name, _ in done}
    assert found(read("checks: [dental examination]"), "check", "past") == {"DentalExamination"}


def test_a_thing_of_another_kind_is_said_to_be_so(read: Read) -> None:
    """A treatment among conditions, a condition among treatments."""
    record = read("{conditions: [Xgeva], treatments: {planned: [hypocalcemia]}}")
    assert not record.entries
    assert "Xgeva is a treatment" in reasons(record)
    assert "hypocalcemia is a condition" in reasons(record)


def test_json_of_the_same_shape_says_the_same(read: Read) -> None:
    """Up to the words for truth."""
    form = {"age": 66, "pregnant": False, "treatments": {"planned": ["Xgeva"]}, "measurements": {"INR": 2.1}}
    as_yaml = read("{age: 66, pregnant: no, treatments: {planned: [Xgeva]}, measurements: {INR: 2.1}}")
    assert read(json.dumps(form)).entries == as_yaml.entries


def test_all_problems_of_shape_come_at_once_with_lines(read: Read) -> None:
    """Unknown keys with the nearest known one, wherever they stand."""
    with pytest.raises(ProblemsFound) as raised:
        read(
            "tumor: breast cancer\nconditons: [hypocalcemia]\n"
            "treatments:\n  curent: [Xgeva]\n  planned:\n    - {nam: Zometa}\n"
        )
    problems = [(problem.line, problem.remedy) for problem in raised.value.problems]
    assert (2, "write 'conditions'") in problems
    assert (4, "write 'current'") in problems
    assert (6, "write 'name'") in problems


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("age: [1", "not YAML"),
        ("age: 1\nage: 2", "occurs twice"),
        ("name: !!python/object/apply:os.system [ls]", "tag"),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("[" * 100 + "]" * 100, "nested more than"),
        ("[" * 100_000, "nested more than"),
        ("a: " + "[" * 50 + "]" * 50, "nested too deeply"),
        ("age: 1\n---\nage: 2", "more than one form"),
        ("", "empty"),
        ("just words", "mapping of keys"),
        ("[1, 2]", "mapping of keys"),
        ("x" * 300_000, "longer than"),
        ("age: \x07", "not YAML"),
        ("treatments: [Xgeva]", "sorted by time"),
        ("name: [a, b]", "a text is wanted"),
    ],
)
def test_a_hostile_or_broken_form_is_refused(read: Read, form: str, message: str) -> None:
    """With a problem that says what is wrong, and nothing is built or run."""
    with pytest.raises(ProblemsFound, match=message):
        read(form)


def test_text_that_is_not_utf8_is_refused(read: Read) -> None:
    """With the line where it begins to be something else."""
    with pytest.raises(ProblemsFound, match="record:2: this is not text in UTF-8"):
        read(b"age: 1\nname: \xff\n")
