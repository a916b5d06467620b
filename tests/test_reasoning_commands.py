"""explain, check-proof and screen as their users meet them: output, formats, messages and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib

from osteograph.cli import main

PATIENTS = Path(__file__).parents[1] / "examples" / "patients"
REASONING = Path(__file__).parents[1] / "ontology" / "reasoning.ttl"
BMO = rdflib.Namespace("https://w3id.org/osteograph/schema/")
DERIVED = ("uncorrected hypocalcemia", "contraindicates", "Xgeva")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], built: Path) -> Any:
    """Runs a command on the built graph: exit code, standard output and standard error."""

    def command(*words: str) -> tuple[int, str, str]:
        try:
            code = main([*words, "--graph", str(built)])
        except SystemExit as error:
            code = int(error.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def test_a_derived_link_is_explained_down_to_the_labels(run: Any) -> None:
    """The rule that made it, the part of the safety rule, and both publications that it rests on."""
    code, out, _ = run("explain", *DERIVED)
    assert code == 0
    assert out.splitlines()[0] == "uncorrected hypocalcemia contraindicates Xgeva"
    assert "[contraindicating_condition]" in out
    assert "XGE-01-1 contraindicated (US), verified" in out
    assert "publication:XGE-MIMS" in out
    assert "publication:XGE-US-SLC" in out
    assert "reviewed by no clinician" in out


def test_a_proof_goes_through_the_checker_and_a_cut_proof_does_not(run: Any, tmp_path: Path) -> None:
    """The JSON of explain is what check-proof reads; without its premises the conclusion does not follow."""
    document = json.loads(run("explain", *DERIVED, "--format", "json")[1])
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert run("check-proof", str(file))[:2] == (0, "the proofs hold\n")
    document["proofs"][0]["premises"].pop()
    file.write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = run("check-proof", str(file))
    assert code == 1
    assert "the proofs hold" not in out


def test_a_proof_as_turtle_is_prov(run: Any) -> None:
    """Activities, by the schema, that used premises and generated conclusions; what is given is not called derived."""
    graph = rdflib.Graph().parse(data=run("explain", *DERIVED, "--format", "turtle")[1], format="turtle")
    graph.parse(REASONING)
    assert (BMO.Derivation, rdflib.RDFS.subClassOf, rdflib.PROV.Activity) in graph
    assert (BMO.hasPremise, rdflib.RDFS.subPropertyOf, rdflib.PROV.used) in graph
    steps = set(graph.subjects(rdflib.RDF.type, BMO.Derivation))
    concluded = {graph.value(step, BMO.concludes) for step in steps}
    premises = set(graph.objects(None, BMO.hasPremise))
    assert premises
    assert set(graph.subjects(rdflib.RDF.type, BMO.DerivedStatement)) == concluded
    assert set(graph.subjects(rdflib.RDF.type, BMO.GivenStatement)) == premises - concluded


def test_a_flag_of_a_patient_is_explained_and_checked_against_the_record(run: Any, tmp_path: Path) -> None:
    """The same proof fails against another record: what it takes as given is not there."""
    record, other = str(PATIENTS / "xgeva_low_calcium.json"), str(PATIENTS / "quiet_patient.yaml")
    flag = ("patient", "hasContraindicatedTreatment", "Xgeva", "--patient", record)
    code, out, _ = run("explain", *flag)
    assert code == 0
    assert "by the record" in out
    file = tmp_path / "proof.json"
    file.write_text(run("explain", *flag, "--format", "json")[1], encoding="utf-8")
    assert run("check-proof", str(file), "--patient", record)[:2] == (0, "the proofs hold\n")
    assert run("check-proof", str(file), "--patient", other)[0] == 1
    assert run("check-proof", str(file))[0] == 1


def flags_of(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Treatment and strength of each flag in the JSON of a screening."""
    return {
        (each["treatment"].rpartition("/")[2], flag["strength"])
        for each in document["treatments"]
        for flag in each["flags"]
    }


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("quiet_patient.yaml", set()),
        ("xgeva_low_calcium.json", {("Xgeva", "contraindicated")}),
        ("prolia_by_brand.yaml", {("Prolia", "contraindicated"), ("Prolia", "not recommended")}),
        ("zoledronic_acid_low_clearance.yaml", {("Zometa", "not recommended")}),
    ],
)
def test_examples_are_screened(run: Any, file: str, expected: set[tuple[str, str]]) -> None:
    """The worked examples carry the flags that their names promise, and the quiet one carries none."""
    code, out, _ = run("screen", str(PATIENTS / file), "--format", "json", "--today", "2026-11-21")
    assert code == 0
    document = json.loads(out)
    assert flags_of(document) == expected
    assert "reviewed by no clinician" in document["notice"]


@pytest.mark.parametrize("form", ["table", "turtle"])
def test_every_format_carries_the_notice(run: Any, form: str) -> None:
    """No form of the answer goes without the line; those of JSON have it in the tests about them."""
    code, out, _ = run("screen", str(PATIENTS / "xgeva_low_calcium.json"), "--format", form)
    assert code == 0
    assert "reviewed by no clinician" in out


def test_detected_issues_have_a_severity_and_an_implicated_entry(run: Any) -> None:
    """FHIR R4: a bundle of DetectedIssue resources."""
    code, out, _ = run("screen", str(PATIENTS / "xgeva_low_calcium.json"), "--format", "fhir")
    bundle = json.loads(out)
    assert (code, "reviewed by no clinician" in out) == (0, True)
    issues = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "DetectedIssue"]
    assert issues
    assert {issue["status"] for issue in issues} <= {"registered", "preliminary", "final"}
    assert any(issue.get("severity") == "high" for issue in issues)


def test_jurisdictions_and_sources_change_what_is_said(run: Any) -> None:
    """Low calcium before Xgeva is a contraindication of its labels; neither article says so."""
    record = str(PATIENTS / "xgeva_low_calcium.json")
    articles = json.loads(run("screen", record, "--sources", "articles", "--format", "json")[1])
    assert ("Xgeva", "contraindicated") not in flags_of(articles)
    labels = json.loads(run("screen", record, "--sources", "labels", "--format", "json")[1])
    assert ("Xgeva", "contraindicated") in flags_of(labels)


def test_what_remains_is_told(run: Any) -> None:
    """The reverse question names treatments of the graph and leaves the contraindicated one out."""
    record = str(PATIENTS / "xgeva_low_calcium.json")
    code, out, _ = run("screen", record, "--remaining", "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert "reviewed by no clinician" in told["notice"]
    remain, against = ({each["label"] for each in told[key]} for key in ("remain", "contraindicated"))
    assert "Prolia" in against - remain
    assert remain


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["explain", "Xgeva", "contraindicatedIn", "lung cancer"], "lung cancer raises the risk with Xgeva"),
        (["explain", "patient", "hasContraindicatedTreatment", "Xgeva"], "--patient FILE"),
        (["screen", "nowhere.yaml"], "nowhere.yaml"),
        (["screen", str(PATIENTS / "quiet_patient.yaml"), "--remaining", "--format", "fhir"], "table or json"),
        (["check-proof", str(PATIENTS / "quiet_patient.yaml")], "no proof"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_one(run: Any, words: list[str], told: str) -> None:
    """One message on standard error, nothing on standard output."""
    code, out, err = run(*words)
    assert (code, out) == (1, "")
    assert told in err


@pytest.mark.parametrize("today", ["tomorrow", "2026-02-30", "21.11.2026"])
def test_a_day_that_is_none_is_refused_with_two(run: Any, today: str) -> None:
    """argparse says how a day is written."""
    code, _, err = run("screen", str(PATIENTS / "quiet_patient.yaml"), "--today", today)
    assert code == 2
    assert "2026-11-21" in err


@pytest.mark.parametrize(
    "text", ["", "[1, 2]", "tumour: [", "treatments: 7", "measurements: {calcium: .nan mg/dL}", "a" * 9]
)
def test_no_record_that_cannot_be_read_looks_quiet(run: Any, tmp_path: Path, text: str) -> None:
    """Either an error, or what was not understood is listed: never a silent absence of flags."""
    file = tmp_path / "record.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, err = run("screen", str(file), "--format", "json")
    assert err if code else json.loads(out)["not_understood"]
