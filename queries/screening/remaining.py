"""The reverse of screening: which treatments of the graph remain for a patient, and what could be put right first.

Each treatment that safety rules speak of is supposed by itself on top of the record. It remains where nothing
contraindicates it, nothing advises against it and no indication that it is reserved for is missing; cautions, raised
risks and what could be put right first are told with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from osteograph.ontology.notice import NOTICE

from ..files import select_rows
from .record import Entry, Record
from .reports import part_sources
from .screening import Finding, Screener, TreatmentResult


@dataclass(frozen=True)
class Remaining:
    """Treatments by what is said against them, in alphabetical order of their labels."""

    remain: tuple[TreatmentResult, ...]
    not_indicated: tuple[TreatmentResult, ...]
    not_recommended: tuple[TreatmentResult, ...]
    contraindicated: tuple[TreatmentResult, ...]


def remaining(screener: Screener, record: Record) -> Remaining:
    """All treatments of the graph for one patient; what is on record as given or planned is left out."""
    known = {entry.concept for entry in record.entries if entry.kind == "treatment" and entry.time != "past"}
    name = screener.evidence.name
    supposed = tuple(
        Entry(iri, "treatment", "planned", name(f"<{iri}>"), "supposed") for iri in candidates(screener) - known
    )
    outcome = screener.screen(record, supposed)
    results = sorted((each for each in outcome.treatments if each.entry.where == "supposed"), key=lambda r: r.label)
    groups: dict[str, list[TreatmentResult]] = {}
    for result in results:
        groups.setdefault(_group(result), []).append(result)
    return Remaining(*(tuple(groups.get(key, ())) for key in ("remain", "not indicated", *_BLOCKING)))


_BLOCKING = ("not recommended", "contraindicated")


def _group(result: TreatmentResult) -> str:
    strengths = {flag.strength for flag in result.flags}
    blocking = next((strength for strength in reversed(_BLOCKING) if strength in strengths), None)
    return blocking or ("not indicated" if result.missing_indications else "remain")


def candidates(screener: Screener) -> set[str]:
    """Treatments that articles speak of, with their kinds and products, where rules speak of them too; by IRI."""
    return {row["treatment"] for row in select_rows(screener.knowledge.store, "screening/treatments.rq")}


def remaining_to_text(found: Remaining) -> str:
    """The outcome for people."""
    lines = [NOTICE, "", "REMAIN"]
    for result in found.remain:
        lines.append(f"  {result.label}{_told('caution', result.flags)}{_told('raised risk', result.raised_risks)}")
        first = sorted({finding.concept.rpartition("/")[2] for finding in result.address_first})
        lines += [f"    put right first: {', '.join(first)}"] if first else []
    titles = {"NOT INDICATED": found.not_indicated, "NOT RECOMMENDED": found.not_recommended}
    for title, results in {**titles, "CONTRAINDICATED": found.contraindicated}.items():
        lines += ["", title] if results else []
        lines += [f"  {result.label}{_told(title.lower(), result.flags)}" for result in results]
    return "\n".join(lines) + "\n"


def _told(strength: str, findings: tuple[Finding, ...]) -> str:
    told = [f"{each.words} [{part_sources(each)}]" for each in findings if each.strength == strength]
    return f"; {strength}: {', '.join(told)}" if told else ""


def remaining_to_json(found: Remaining) -> str:
    """The outcome as JSON."""
    groups = {
        "remain": found.remain,
        "not_indicated": found.not_indicated,
        "not_recommended": found.not_recommended,
        "contraindicated": found.contraindicated,
    }
    told: dict[str, Any] = {"notice": NOTICE}
    for key, results in groups.items():
        told[key] = [_result(result) for result in results]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _result(result: TreatmentResult) -> dict[str, Any]:
    return {
        "treatment": result.entry.concept,
        "label": result.label,
        "flags": [_short(flag) for flag in result.flags],
        "raised_risks": [_short(risk) for risk in result.raised_risks],
        "put_right_first": sorted(finding.concept for finding in result.address_first),
    }


def _short(finding: Finding) -> dict[str, Any]:
    return {
        "strength": finding.strength,
        "because_of": finding.words,
        "rule_parts": [part.name for part in finding.parts],
    }
