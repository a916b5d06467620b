"""A screening told: as a table for people, as JSON, as FHIR DetectedIssues, and as Turtle.

Every form carries the notice, the proof of each finding, and whose word it is.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, CONCEPT, PREFIXES, SCHEMA, expand
from osteograph.ontology.notice import NOTICE

from ..inference.derivation_graph import derivation_triples, steps_of, term
from ..inference.evidence import ORIGINS, RulePart
from ..inference.telling import leaf_to_json, others, part_to_json, proof_to_json, proof_to_text
from .screening import RAISED, Finding, Screening, TreatmentResult

FORMATS = ("table", "json", "fhir", "turtle")
SILENT = "the rule is silent about whether this treatment inherits it"
TIMES = {"now": "given", "planned": "planned"}
_SEVERITY = {"contraindicated": "high", "not recommended": "high", "caution": "moderate", "raised risk": "low"}


def report(screening: Screening, form: str = "table", *, proofs: bool = True) -> str:
    """A screening in a format; ``proofs`` can be left out of the table. Ends in a line feed."""
    if form == "table":
        return _table(screening, proofs)
    if form == "turtle":
        return _turtle(screening)
    told = to_json(screening) if form == "json" else to_fhir(screening)
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _table(screening: Screening, proofs: bool) -> str:
    lines = [f"{screening.record.name}: {summary(screening)}", NOTICE, ""]
    for title, findings in _of_the_patient(screening):
        lines += [f"{title}: {screening.evidence.name(f'<{each.concept}>')}" for each in findings]
        lines += _proof_lines(findings, screening, proofs)
    for treatment in screening.treatments:
        lines += _treatment_lines(treatment, screening, proofs)
    if screening.other_checks:
        lines += [f"asked for by the conditions, not on record: {_names(screening.other_checks, screening)}"]
    lines += [f"not understood: {left.words!r}, {left.where}: {left.reason}" for left in screening.record.leftovers]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def summary(screening: Screening) -> str:
    """How many flags there are, and how much of the record was understood."""
    flags = len(screening.flags())
    understood = len(screening.record.entries)
    left = len(screening.record.leftovers)
    return f"{flags or 'no'} flag{'' if flags == 1 else 's'}; {understood} entries understood, {left} not"


def _of_the_patient(screening: Screening) -> list[tuple[str, tuple[Finding, ...]]]:
    return [
        ("EMERGENCY, by an article", screening.emergencies),
        ("possible emergency, by an article", screening.possible_emergencies),
        ("the same substance twice", screening.substances_twice),
    ]


def _treatment_lines(treatment: TreatmentResult, screening: Screening, proofs: bool) -> list[str]:
    named = "; ".join(f"{TIMES[each.time]}: {each.words}, {each.where}" for each in treatment.entries)
    lines = [f"{treatment.label} ({named})"]
    lines += [line for flag in treatment.flags for line in _finding_lines(flag, screening, proofs)]
    if not treatment.flags:
        lines.append("  no flag")
    for finding in treatment.missing_indications:
        lines += _finding_lines(finding, screening, proofs)
    for risk in treatment.raised_risks:
        lines += _finding_lines(risk, screening, proofs=False)
    if treatment.address_first:
        lines.append(f"  address first: {_names(treatment.address_first, screening)}")
    if treatment.missing_checks:
        lines += _wrapped(f"  checks asked for, not on record: {_names(treatment.missing_checks, screening)}")
    for unjudged in treatment.unjudged:
        lines += _wrapped(f"  not judged ({', '.join(unjudged.parts)}): {unjudged.reason}")
    return [*lines, ""]


def _finding_lines(finding: Finding, screening: Screening, proofs: bool) -> list[str]:
    lines = [f"  {finding.strength.upper()}: {finding.words}{_effects(finding, screening)}  [{part_sources(finding)}]"]
    if finding.unconfirmed:
        most = "" if finding.strength == RAISED else ", so that it is a caution at most"
        lines.append(f"    {SILENT}{most}")
    lines += [f"    exception that may apply: {words}" for part in finding.parts for words in part.exceptions]
    return lines + _proof_lines([finding], screening, proofs)


def _proof_lines(findings: Iterable[Finding], screening: Screening, proofs: bool) -> list[str]:
    lines = []
    for finding in findings if proofs else ():
        text = proof_to_text(finding.proof, screening.evidence, screening.knowledge.engine.rules)
        lines += [f"      {line}" for line in text.splitlines()]
        if more := others(finding.more, are_all=finding.complete):
            lines.append(f"      ({more})")
    return lines


def part_sources(finding: Finding) -> str:
    """The rule parts that a finding rests on, with where they are in force, or else whose word it is."""
    return "; ".join(map(_part_source, finding.parts)) or ORIGINS[finding.origin]


def _part_source(part: RulePart) -> str:
    return " ".join([part.name, *part.jurisdictions, *([] if part.verified else ["not verified"])])


def _effects(finding: Finding, screening: Screening) -> str:
    effects = dict.fromkeys(effect for part in finding.parts for effect in part.effects)
    return f" → {', '.join(screening.evidence.name(f'<{effect}>') for effect in effects)}" if effects else ""


def _names(findings: Iterable[Finding], screening: Screening) -> str:
    return ", ".join(sorted(screening.evidence.name(f"<{finding.concept}>") for finding in findings))


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, 118, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)


def to_json(screening: Screening) -> dict[str, Any]:
    """A screening as JSON values."""
    return {
        "notice": NOTICE,
        "record": screening.record.name,
        "scope": {
            "sources": screening.knowledge.scope.sources,
            "jurisdictions": sorted(screening.knowledge.scope.jurisdictions),
            "verified_only": screening.knowledge.scope.verified_only,
        },
        "emergencies": [_finding_json(each, screening) for each in screening.emergencies],
        "possible_emergencies": [_finding_json(each, screening) for each in screening.possible_emergencies],
        "substances_twice": [_finding_json(each, screening) for each in screening.substances_twice],
        "treatments": [_treatment_json(each, screening) for each in screening.treatments],
        "checks_of_conditions": [_short_json(each, screening) for each in screening.other_checks],
        "not_understood": [
            {"words": left.words, "where": left.where, "reason": left.reason} for left in screening.record.leftovers
        ],
    }


def _treatment_json(treatment: TreatmentResult, screening: Screening) -> dict[str, Any]:
    return {
        "treatment": treatment.entry.concept,
        "label": treatment.label,
        "named": treatment.entry.words,
        "where": treatment.entry.where,
        "time": treatment.entry.time,
        "further_entries": [
            {"named": each.words, "where": each.where, "time": each.time} for each in treatment.entries[1:]
        ],
        "flags": [_finding_json(each, screening) for each in treatment.flags],
        "missing_indications": [_finding_json(each, screening) for each in treatment.missing_indications],
        "raised_risks": [_finding_json(each, screening) for each in treatment.raised_risks],
        "address_first": [_short_json(each, screening) for each in treatment.address_first],
        "checks_not_on_record": [_short_json(each, screening) for each in treatment.missing_checks],
        "not_judged": [{"reason": each.reason, "rule_parts": list(each.parts)} for each in treatment.unjudged],
    }


def _finding_json(finding: Finding, screening: Screening) -> dict[str, Any]:
    return {
        "strength": finding.strength,
        "concept": finding.concept,
        "because_of": finding.words,
        "origin": finding.origin,
        "unconfirmed_inheritance": finding.unconfirmed,
        "rule_parts": [part_to_json(part) for part in finding.parts],
        "proof": proof_to_json(finding.proof, screening.evidence, screening.knowledge.engine.rules),
        "other_minimal_proofs": finding.more,
        "complete": finding.complete,
    }


def _short_json(finding: Finding, screening: Screening) -> dict[str, Any]:
    return {
        "concept": finding.concept,
        "label": screening.evidence.name(f"<{finding.concept}>"),
        "rule_parts": [part.name for part in finding.parts],
    }


def to_fhir(screening: Screening) -> dict[str, Any]:
    """A FHIR R4 collection Bundle of DetectedIssues, one for each flag, raised risk and missing indication."""
    issues = [
        _issue(finding, treatment, screening)
        for treatment in screening.treatments
        for finding in (*treatment.flags, *treatment.missing_indications, *treatment.raised_risks)
    ]
    issues += [_issue(finding, None, screening) for _, findings in _of_the_patient(screening) for finding in findings]
    outcome = [_outcome(left.words, left.where, left.reason) for left in screening.record.leftovers]
    outcome += [
        _outcome(treatment.label, ", ".join(each.parts), f"not judged: {each.reason}")
        for treatment in screening.treatments
        for each in treatment.unjudged
    ]
    entries: list[dict[str, Any]] = [{"resource": issue} for issue in issues]
    notice = {"severity": "information", "code": "informational", "diagnostics": NOTICE}
    entries.append({"resource": {"resourceType": "OperationOutcome", "issue": [notice, *outcome]}})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _issue(finding: Finding, treatment: TreatmentResult | None, screening: Screening) -> dict[str, Any]:
    evidence = [leaf_to_json(screening.evidence.leaf(fact)) for fact in finding.proof.leaves()]
    about = finding.concept if treatment is None else treatment.entry.concept
    words = screening.evidence.name(f"<{about}>")
    silent = f" ({SILENT})" if finding.unconfirmed else ""
    issue: dict[str, Any] = {
        "resourceType": "DetectedIssue",
        "status": "preliminary",
        "code": {"coding": [_coding(finding)], "text": finding.strength},
        "detail": f"{words}: {finding.strength}, because of {finding.words}{silent}. {NOTICE}",
        "implicated": [{"display": words, "identifier": {"system": CONCEPT, "value": about.removeprefix(CONCEPT)}}],
        "evidence": [
            {"detail": [{"display": words}]}
            for words in dict.fromkeys(leaf["words"] for leaf in evidence if leaf["origin"] in ("record", "article"))
        ],
        "reference": finding.parts[0].iri if finding.parts else _statement(evidence),
    }
    if finding.strength in _SEVERITY:
        issue["severity"] = _SEVERITY[finding.strength]
    issue["evidence"] += [
        {"detail": [{"display": f"{title} ({part.name})"}]} for part in finding.parts for _, title, _ in part.citations
    ]
    return {key: value for key, value in issue.items() if value}


def _statement(evidence: list[dict[str, Any]]) -> str:
    return next((reading["statement"] for leaf in evidence for reading in leaf.get("readings", ())), "")


def _coding(finding: Finding) -> dict[str, str]:
    return {"system": SCHEMA, "code": "".join(word.capitalize() for word in finding.strength.split())}


def _outcome(words: str, where: str, reason: str) -> dict[str, Any]:
    return {"severity": "warning", "code": "incomplete", "diagnostics": f"{words} ({where}): {reason}"}


def _turtle(screening: Screening) -> str:
    """The record, what was derived of it, and each derivation as a PROV activity."""
    triples = set(_derived(screening))
    for fact in screening.facts:
        triples.add(ox.Triple(_iri(fact[0]), _iri(fact[1]), term(fact[2])))
    ordered = sorted(triples, key=str)
    data = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, "patient": f"{BASE}patient/"})
    return f"# {NOTICE}\n{(data or b'').decode()}"


def _derived(screening: Screening) -> Iterator[ox.Triple]:
    for finding in all_findings(screening):
        yield from derivation_triples(steps_of(finding.proof))
        subject, predicate, obj = finding.proof.fact
        yield ox.Triple(_iri(subject), _iri(predicate), term(obj))
    yield ox.Triple(
        ox.NamedNode(f"{BASE}patient"), ox.NamedNode(expand("rdfs:comment")), ox.Literal(NOTICE, language="en")
    )


def all_findings(screening: Screening) -> list[Finding]:
    """Everything derived of the patient: flags, risks, indications, emergencies, checks."""
    found = [finding for _, findings in _of_the_patient(screening) for finding in findings]
    for each in screening.treatments:
        found += [*each.flags, *each.missing_indications, *each.raised_risks, *each.address_first, *each.missing_checks]
    return [*found, *screening.other_checks]


def _iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text.strip("<>"))
