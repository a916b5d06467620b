"""What a run leaves beside the flags: rejects, codes that mean nothing, what proofs stand for, and counts of it all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from osteograph.ontology.namespaces import shorten
from osteograph.ontology.notice import NOTICE

from .chunks import Plan
from .coding import NotUnderstood
from .engines import Engine
from .inputs import BadLine
from .rule_tables import Reason
from .source import REJECTS, Source, together
from .states import STATES
from .tables import TEXT, CohortTables, Table, lookup

REJECTED, UNKNOWN, PROOFS, SUMMARY = "rejects.csv", "not-understood.csv", "proofs.jsonl", "summary.json"


@dataclass(frozen=True)
class Outcome:
    """The counts of a run, as ``summary.json`` has them."""

    notice: str
    patients: int
    patients_with_flags: int
    flags: int
    rows: Mapping[str, int]
    by_strength: Mapping[str, int]
    by_rule: Mapping[str, int]
    rejected: Mapping[str, int]
    not_understood: Mapping[str, int]
    asked: Mapping[str, Any]


def write_rejects(engine: Engine, source: Source, bad: Sequence[BadLine], output: Path) -> dict[str, int]:
    """Write all rows that could not be taken, and tell how many rows each file has.

    Rows are counted first, which is far sooner done than looking for those of which there are none.
    """
    sizes = engine.rows(source.sizes)
    lines = lookup(dict.fromkeys(REJECTS, TEXT), [(each.file, each.row, None, each.problem) for each in bad])
    found = [source.rejects[each["file"]] for each in sizes if each["taken"] < each["rows"]]
    aside = output / "work" / REJECTED
    engine.write(together([lines, *found]).order_by(list(REJECTS)), aside, "csv")
    aside.rename(output / REJECTED)
    return {each["file"]: each["rows"] for each in sorted(sizes, key=lambda each: str(each["file"]))}


def write_unknown(left: Iterable[NotUnderstood], output: Path) -> None:
    """All codes that no row of could be used, or that were read with a remark; those of most rows first."""
    ordered = sorted(left, key=lambda each: (-each.rows, each.kind, each.code, each.detail, each.reason))
    aside = output / "work" / UNKNOWN
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(NotUnderstood)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(each) for each in ordered)
    aside.rename(output / UNKNOWN)


def write_proofs(engine: Engine, flags: Table, tables: CohortTables, output: Path) -> None:
    """What each reference stands for: who says what on which entries of a record."""
    used = {row["proof"] for row in engine.rows(flags.select("proof").distinct())}
    reasons = {reason.proof: reason for reason in tables.reasons}
    aside = output / "work" / PROOFS
    with aside.open("w", encoding="utf-8") as file:
        for proof in sorted(used):
            file.write(json.dumps(_told(proof, reasons[proof]), ensure_ascii=False) + "\n")
    aside.rename(output / PROOFS)


def _told(proof: str, reason: Reason) -> dict[str, Any]:
    said = reason.said
    return {
        "proof": proof,
        "strength": said.strength,
        "concept": shorten(said.concept),
        "rule_part": f"rule:{said.part}" if said.part else None,
        "unconfirmed": said.unconfirmed,
        "record": [{"concept": shorten(iri), "state": STATES[number].name} for number, iri in reason.facts],
        "circumstances": [shorten(each) for each in reason.circumstances],
        "only_treatment": reason.alone,
    }


def summarise(
    engine: Engine, rows: Mapping[str, int], flags: Table, left: Iterable[NotUnderstood], plan: Plan, output: Path
) -> Outcome:
    """Count everything, and write the counts last: who finds them finds a whole run."""
    totals = engine.rows(flags.agg(flags=flags.count(), patients=flags.patient.nunique()))[0]
    unknown: dict[str, int] = {}
    for each in left:
        unknown[each.kind] = unknown.get(each.kind, 0) + each.rows
    outcome = Outcome(
        notice=NOTICE,
        patients=sum(each["patients"] for each in plan.told["chunks"]),
        patients_with_flags=totals["patients"],
        flags=totals["flags"],
        rows=rows,
        by_strength=_counts(engine, flags, "strength"),
        by_rule=_counts(engine, flags, "rule"),
        rejected=_rejected(output / REJECTED),
        not_understood=unknown,
        asked=plan.asked,
    )
    aside = output / "work" / SUMMARY
    aside.write_text(json.dumps(asdict(outcome), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, output / SUMMARY)
    return outcome


def read_outcome(output: Path) -> Outcome | None:
    """The counts of a run that is finished; None where it is not."""
    path = output / SUMMARY
    return Outcome(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def _counts(engine: Engine, flags: Table, column: str) -> dict[str, int]:
    counted = flags.group_by(column).agg(rows=flags.count())
    rows = engine.rows(counted)
    ordered = sorted(rows, key=lambda row: (-row["rows"], row[column] or ""))
    return {row[column] or "an article": row["rows"] for row in ordered}


def _rejected(path: Path) -> dict[str, int]:
    """How many rows were rejected for which reason."""
    counts: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = f"{row['file']}: {row['problem']}"
            counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
