"""Each safety rule fires where its text says so, with a proof that the checker takes, and stays silent next door.

What is expected was read off labels and articles (``safety_rules.tsv``, ``claims.tsv``), not off the program.
"""

from __future__ import annotations

from datetime import date

import pytest

from osteograph.queries.inference.checker import Checker
from osteograph.queries.inference.knowledge import Knowledge, Scope
from osteograph.queries.screening.reading import read_record
from osteograph.queries.screening.reports import all_findings, to_json
from osteograph.queries.screening.screening import Screener, Screening
from osteograph.queries.stores.oxigraph import OxigraphStore

TODAY = date(2026, 11, 21)


def screen(screener: Screener, text: str) -> Screening:
    """The outcome for a record in the small form."""
    return screener.screen(read_record(text.encode(), screener.knowledge.store, today=TODAY))


def flags(outcome: Screening) -> set[tuple[str, str, str]]:
    """Treatment, strength and rule (or article) of each flag."""
    return {
        (treatment.label, flag.strength, rule)
        for treatment in outcome.treatments
        for flag in treatment.flags
        for rule in ({part.name.rpartition("-")[0] for part in flag.parts} or {"article"})
    }


BONE = "tumour: breast cancer\nsites: [spine]\n"
CASES = [
    (
        "zoledronic acid 4 mg at clearance 25",
        BONE + "treatments: {planned: [zoledronic acid 4 mg]}\nmeasurements: {creatinine clearance: 25 mL/min}",
        {("Zometa", "not recommended", "ZOL-05")},
    ),
    (
        "zoledronic acid 4 mg at clearance 45: the dose is reduced",
        BONE + "treatments: {planned: [zoledronic acid 4 mg]}\nmeasurements: {creatinine clearance: 45 mL/min}",
        {("Zometa", "caution", "ZOL-07")},
    ),
    (
        "zoledronic acid 4 mg at clearance 90",
        BONE + "treatments: {planned: [zoledronic acid 4 mg]}\nmeasurements: {creatinine clearance: 90 mL/min}",
        set(),
    ),
    (
        "the 5 mg product at clearance 25 is another matter",
        "conditions: [osteoporosis]\ntreatments: {planned: [Reclast]}\nmeasurements: {creatinine clearance: 25 mL/min}",
        {("Reclast", "contraindicated", "ZO5-02")},
    ),
    (
        "Xgeva with a low calcium",
        BONE + "treatments: {planned: [Xgeva]}\nmeasurements: {calcium: 7.2 mg/dL}",
        {("Xgeva", "contraindicated", "XGE-01")},
    ),
    ("Xgeva with a usual calcium", BONE + "treatments: {planned: [Xgeva]}\nmeasurements: {calcium: 9.4 mg/dL}", set()),
    (
        "Prolia by its brand",
        "conditions: [osteoporosis, hypocalcaemia]\ntreatments: {planned: [Prolia]}",
        {("Prolia", "contraindicated", "PRO-01")},
    ),
    (
        "an allergy to bisphosphonates is a caution for Bondronat, whatever the class rule of another label says",
        "conditions: [hypersensitivity to a bisphosphonate]\ntreatments: {planned: [Bondronat infusion]}",
        {("Bondronat infusion", "caution", "IBA-06")},
    ),
    (
        "the same allergy and Zometa",
        "conditions: [hypersensitivity to a bisphosphonate]\ntreatments: {planned: [Zometa]}",
        {("Zometa", "contraindicated", "ZOL-02"), ("Zometa", "contraindicated", "BIS-01")},
    ),
    ("Prolia and high calcium", "conditions: [osteoporosis]\ntreatments: {planned: [Prolia]}", set()),
    (
        "a tooth is to be drawn on a bone agent",
        BONE + "treatments: {current: [Xgeva], planned: [tooth extraction]}",
        {("Xgeva", "caution", "XGE-08")},
    ),
    ("a tooth was drawn long ago", BONE + "treatments: {current: [Xgeva], past: [tooth extraction]}", set()),
    (
        "jaw osteonecrosis by its narrower name",
        BONE + "conditions: [stage 2 medication-related osteonecrosis of the jaw]\ntreatments: {current: [Xgeva]}",
        {("Xgeva", "caution", "XGE-07"), ("Xgeva", "caution", "BMA-06")},
    ),
    (
        "death of jaw bone by radiation is another disease",
        BONE + "conditions: [osteoradionecrosis of the jaw]\ntreatments: {current: [Xgeva]}",
        set(),
    ),
    (
        "leuprorelin alone in spinal cord compression",
        "tumour: prostate cancer\nconditions: [spinal cord compression]\ntreatments: {planned: [leuprorelin]}",
        {("leuprorelin", "contraindicated", "GNR-01")},
    ),
    (
        "leuprorelin with radiotherapy in spinal cord compression",
        "tumour: prostate cancer\nconditions: [spinal cord compression]\n"
        "treatments: {planned: [leuprorelin, external beam radiotherapy]}",
        set(),
    ),
    (
        "samarium-153 four weeks after chemotherapy",
        BONE + "treatments: {planned: [samarium-153], past: [{name: chemotherapy, weeks_ago: 4}]}",
        {("samarium-153", "contraindicated", "SM1-03"), ("samarium-153", "not recommended", "SM1-03")},
    ),
    (
        "samarium-153 seven weeks after chemotherapy",
        BONE + "treatments: {planned: [samarium-153], past: [{name: chemotherapy, weeks_ago: 7}]}",
        set(),
    ),
    (
        "vertebroplasty with a coagulopathy that cannot be corrected",
        BONE + "conditions: [uncorrectable coagulopathy]\ntreatments: {planned: [vertebroplasty]}",
        {("vertebroplasty", "contraindicated", "VER-03")},
    ),
    ("vertebroplasty", BONE + "treatments: {planned: [vertebroplasty]}", set()),
    (
        "an anti-inflammatory painkiller in renal impairment",
        BONE + "conditions: [renal impairment]\ntreatments: {current: [NSAID]}",
        {("nonsteroidal anti-inflammatory drug", "not recommended", "NSA-04")},
    ),
    ("an anti-inflammatory painkiller", BONE + "treatments: {current: [NSAID]}", set()),
    (
        "radium-223 with abiraterone and prednisone",
        "tumour: prostate cancer\ntreatments: {current: [abiraterone, prednisone], planned: [radium-223]}",
        {("radium-223", "contraindicated", "RA2-01"), ("abiraterone", "contraindicated", "ABI-02")},
    ),
    ("aspirin does not speak against itself", "treatments: {current: [aspirin]}", set()),
    ("one bisphosphonate is no other one", BONE + "treatments: {current: [Zometa]}", set()),
    (
        "two bisphosphonates",
        BONE + "treatments: {current: [Zometa, pamidronic acid]}",
        {("Zometa", "not recommended", "ZOL-34")},
    ),
    (
        "an article lists kidney damage as an effect of Zometa",
        BONE + "conditions: [kidney damage]\ntreatments: {planned: [Zometa]}\n"
        "measurements: {creatinine clearance: 90 mL/min}",
        {("Zometa", "caution", "article")},
    ),
    (
        "constipation is an effect of painkillers, and a symptom of high calcium as well",
        BONE + "conditions: [constipation]\ntreatments: {current: [analgesic]}",
        set(),
    ),
    (
        "surgery requires good general health, says an article",
        BONE + "general_health: poor\ntreatments: {planned: [internal fixation]}",
        {("internal fixation", "not recommended", "article"), ("internal fixation", "caution", "SUR-01")},
    ),
    (
        "surgery in good general health",
        BONE + "general_health: good\ntreatments: {planned: [internal fixation]}",
        set(),
    ),
    (
        "what was, is refuted, suspected or runs in the family is not there",
        BONE
        + "conditions:\n  - {name: hypocalcaemia, status: past}\n  - {name: hypocalcaemia, status: refuted}\n"
        + "  - {name: hypocalcaemia, status: suspected}\n  - {name: hypocalcaemia, status: family_history}\n"
        + "treatments: {planned: [Xgeva]}",
        set(),
    ),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_flags_of_a_record(screener: Screener, text: str, expected: set[tuple[str, str, str]]) -> None:
    """Exactly these flags, and each proof holds under a checker that shares no code with the engine."""
    outcome = screen(screener, text)
    assert flags(outcome) == expected
    checker = Checker([*screener.knowledge.engine.given, *outcome.facts])
    assert [fault for finding in all_findings(outcome) for fault in checker.check(finding.proof)] == []


def test_taking_a_fact_of_the_record_away_takes_the_flag_away(screener: Screener) -> None:
    """Without the low calcium there is no contraindication; without Xgeva there is nothing to flag."""
    assert flags(screen(screener, BONE + "treatments: {planned: [Xgeva]}")) == set()
    assert screen(screener, BONE + "conditions: [hypocalcaemia]").treatments == ()


def test_hormone_therapy_for_a_lung_primary_lacks_its_indication(screener: Screener) -> None:
    """An article reserves it for tumors that react to hormones, and names prostate cancer among them."""
    (lung,) = screen(screener, "tumour: lung cancer\ntreatments: {planned: [hormone therapy]}").treatments
    (prostate,) = screen(screener, "tumour: prostate cancer\ntreatments: {planned: [leuprorelin]}").treatments
    (drug,) = screen(screener, "tumour: lung cancer\ntreatments: {planned: [leuprorelin]}").treatments
    assert len(lung.missing_indications) == len(drug.missing_indications) == 1
    assert prostate.missing_indications == ()
    assert lung.flags == drug.flags == ()


@pytest.mark.parametrize("disease", ["metastatic prostate cancer", "prostate cancer bone metastasis"])
def test_what_spread_from_a_tumor_with_an_indication_has_it_too(screener: Screener, disease: str) -> None:
    """The article names prostate cancer among tumors that react to hormones; its metastases are still that cancer."""
    assert (
        not screen(screener, f"{{conditions: [{disease}], treatments: {{planned: [Lupron]}}}}")
        .treatments[0]
        .missing_indications
    )


def test_a_raised_risk_is_told_apart_from_the_flags(screener: Screener) -> None:
    """Smoking raises the risk for the jaw under Xgeva, and under nothing else on the list."""
    outcome = screen(screener, "conditions: [tobacco smoking]\ntreatments: {current: [Xgeva, morphine]}")
    risks = {
        result.label: {part.name for risk in result.raised_risks for part in risk.parts}
        for result in outcome.treatments
    }
    assert risks == {"Xgeva": {"RFJ-12-1"}, "morphine": set()}
    assert outcome.flags() == []


def test_emergencies_are_told_with_the_word_of_the_article(screener: Screener) -> None:
    """Stated of spinal cord compression; of high calcium only in people with cancer."""
    cord = screen(screener, "conditions: [spinal cord compression]")
    assert [each.concept.rsplit("/", 1)[1] for each in cord.emergencies] == ["SpinalCordCompression"]
    assert screen(screener, "conditions: [hypercalcaemia]").emergencies == ()
    assert screen(screener, "tumour: lung cancer\nconditions: [hypercalcaemia]").emergencies


def test_one_sign_is_no_possible_emergency_and_two_are(screener: Screener) -> None:
    """An article names leg weakness and loss of bladder function for the cauda equina syndrome."""
    one = screen(screener, "tumour: lung cancer\nconditions: [leg weakness]")
    two = screen(screener, "tumour: lung cancer\nconditions: [leg weakness, loss of bladder function]")
    assert one.possible_emergencies == ()
    assert "CaudaEquinaSyndrome" in {each.concept.rsplit("/", 1)[1] for each in two.possible_emergencies}
    assert two.emergencies == ()


def test_one_substance_under_two_names(screener: Screener) -> None:
    """Prolia and Xgeva are denosumab; Zometa and Xgeva are not the same."""
    screening = screen(screener, "treatments: {current: [Prolia, Xgeva]}")
    same = screening.substances_twice
    told = [screening.evidence.words(leaf) for leaf in same[0].proof.leaves()]
    assert {"the patient has entry number 1", "number 1 records treatment Prolia"} <= set(told)
    assert [(each.concept.rsplit("/", 1)[1], each.origin) for each in same] == [("Denosumab", "curator")]
    assert screen(screener, "treatments: {current: [Zometa, Xgeva]}").substances_twice == ()
    assert screen(screener, "treatments: {current: [Zometa], planned: [Zometa]}").substances_twice == ()


def test_a_risk_by_an_effect_that_may_not_be_inherited_is_unconfirmed(screener: Screener) -> None:
    """No text names low calcium as an effect of Bonviva itself; of Xgeva and of oral clodronate labels do."""
    text = "conditions: [low calcium before treatment]\ntreatments: {planned: [Bonviva, oral clodronate, Xgeva]}"
    found = {each.label: {risk.unconfirmed for risk in each.raised_risks} for each in screen(screener, text).treatments}
    assert found == {"Bonviva": {True}, "oral clodronate": {False}, "Xgeva": {False}}


def test_what_is_given_and_planned_keeps_both_entries(screener: Screener) -> None:
    """One result for the treatment, which names each entry; nothing of the record is dropped."""
    screening = screen(screener, "treatments: {planned: [Zometa, Xgeva], current: [Zometa]}")
    found = {each.label: [(entry.time, entry.where) for entry in each.entries] for each in screening.treatments}
    assert found["Zometa"] == [("now", "treatments.current[0]"), ("planned", "treatments.planned[0]")]
    assert [treatment["further_entries"] for treatment in to_json(screening)["treatments"]] == [
        [{"named": "Zometa", "where": "treatments.planned[0]", "time": "planned"}], []
    ]  # fmt: skip


def test_a_finding_names_the_weightiest_word_behind_it(screener: Screener) -> None:
    """A label where a safety rule decides, an article where it does, and the curators where neither says a thing."""
    label = screen(screener, "conditions: [hypocalcemia]\ntreatments: {planned: [Prolia]}").flags()
    article = screen(screener, "tumour: lung cancer\nconditions: [leg weakness, loss of bladder function]")
    curator = screen(screener, "treatments: {current: [Prolia, Xgeva]}").substances_twice
    assert {flag.origin for flag in label if flag.strength == "contraindicated"} == {"label"}
    assert {one.origin for one in article.possible_emergencies} == {"article"}
    assert {one.origin for one in curator} == {"curator"}


def test_an_estimated_rate_is_no_clearance(screener: Screener) -> None:
    """ZOL-05 speaks of a clearance: with an estimate of 25 it is not judged, and the missing measure is told."""
    text = BONE + "treatments: {planned: [Zometa]}\nmeasurements: {eGFR: '25 mL/min/{1.73_m2}'}"
    (result,) = screen(screener, text).treatments
    reasons = {part: each.reason for each in result.unjudged for part in each.parts}
    assert not any(part.name == "ZOL-05-1" for flag in result.flags for part in flag.parts)
    assert "creatinine clearance" in reasons["ZOL-05-1"]


def test_a_substance_whose_product_is_not_told_is_judged_for_each(screener: Screener) -> None:
    """Denosumab with a low calcium: what holds if it is Prolia, and what if it is Xgeva."""
    (result,) = screen(screener, "conditions: [hypocalcaemia]\ntreatments: {planned: [denosumab]}").treatments
    told = {part for each in result.unjudged for part in each.parts if "is meant" in each.reason}
    assert result.flags == ()
    assert {"PRO-01-1", "XGE-01-1"} <= told


def test_a_rule_that_is_silent_about_members_is_a_caution_at_most(screener: Screener) -> None:
    """GNR-01 names GnRH agonists and was seen for leuprorelin; goserelin is another one."""
    text = "tumour: prostate cancer\nconditions: [spinal cord compression]\ntreatments: {planned: [goserelin]}"
    ((flag,),) = [result.flags for result in screen(screener, text).treatments]
    assert (flag.strength, flag.unconfirmed) == ("caution", True)


def test_a_missing_check_is_no_flag(screener: Screener) -> None:
    """The label of Xgeva asks for a dental examination; it is told until it is on record."""
    (before,) = screen(screener, BONE + "treatments: {planned: [Xgeva]}").treatments
    (after,) = screen(
        screener, BONE + "treatments: {planned: [Xgeva]}\nchecks: {dental examination: 2026-10-01}"
    ).treatments
    asked = {each.concept.rsplit("/", 1)[1] for each in before.missing_checks}
    assert asked - {each.concept.rsplit("/", 1)[1] for each in after.missing_checks} == {"DentalExamination"}
    assert before.flags == after.flags == ()


@pytest.mark.parametrize(
    ("treatment", "condition", "asked"),
    [
        ("Xgeva", "bone pain", True),
        ("Xgeva", "hypocalcemia", True),  # the opposite
        ("Xgeva", "hypercalcemia", False),
        ("Zometa", "hypercalcemia", False),
        ("Xgeva", "hypercalcemia of malignancy", False),  # a narrower one
        ("Prolia", "hypercalcemia", True),  # its label takes nothing back
    ],
)
def test_calcium_is_not_asked_for_where_the_label_takes_that_back(
    screener: Screener, treatment: str, condition: str, *, asked: bool
) -> None:
    """XGE-11, ZOL-21 and PRO-08: supplements of calcium and vitamin D, with the first two unless hypercalcaemic."""
    screening = screen(screener, f"conditions: [{condition}]\ntreatments: {{planned: [{treatment}]}}")
    missing = screening.treatments[0].missing_checks
    wanted = [each for each in missing if each.concept.rsplit("/", 1)[1] in ("CalciumSupplement", "VitaminDSupplement")]
    assert len(wanted) == (2 if asked else 0)
    assert {each.words for each in wanted} <= {"no calcium supplement on record", "no vitamin D supplement on record"}


PREGNANT = "pregnant: true\nconditions: [osteoporosis]\ntreatments: {planned: [Prolia]}"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(jurisdictions=frozenset({"US"})), {("Prolia", "contraindicated", "PRO-02")}),
        (Scope(jurisdictions=frozenset({"EU"})), {("Prolia", "not recommended", "PRO-02")}),
        (Scope(sources="articles"), set()),
        (Scope(sources="labels"), {("Prolia", "contraindicated", "PRO-02"), ("Prolia", "not recommended", "PRO-02")}),
    ],
    ids=["US", "EU", "articles", "labels"],
)
def test_whose_word_counts(oxigraph_store: OxigraphStore, scope: Scope, expected: set[tuple[str, str, str]]) -> None:
    """Prolia in pregnancy: forbidden in the US, not recommended in the EU, and the articles say nothing of it."""
    assert flags(screen(Screener(Knowledge(oxigraph_store, scope)), PREGNANT)) == expected


def test_verified_only_leaves_out_what_nobody_opened(oxigraph_store: OxigraphStore, screener: Screener) -> None:
    """BMA-06 is marked not verified."""
    text = BONE + "conditions: [osteonecrosis of the jaw]\ntreatments: {current: [Xgeva]}"
    strict = Screener(Knowledge(oxigraph_store, Scope(verified_only=True)))
    assert ("Xgeva", "caution", "BMA-06") in flags(screen(screener, text))
    assert flags(screen(strict, text)) == {("Xgeva", "caution", "XGE-07")}


def test_the_word_of_an_article_is_left_out_of_labels(oxigraph_store: OxigraphStore) -> None:
    """Kidney damage under Zometa is the caution of an article alone."""
    text = BONE + "conditions: [kidney damage]\ntreatments: {planned: [Zometa]}"
    labels = Screener(Knowledge(oxigraph_store, Scope(sources="labels")))
    articles = Screener(Knowledge(oxigraph_store, Scope(sources="articles")))
    assert flags(screen(labels, text)) == set()
    assert flags(screen(articles, text)) == {("Zometa", "caution", "article")}
