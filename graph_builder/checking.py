"""All checks of the graph in one go: tables, violation queries, SHACL, OWL 2 profile, consistency."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from osteograph.ontology.curation import load_curation
from osteograph.ontology.errors import Problem, ProblemsFound
from osteograph.ontology.schema import load_schema
from osteograph.queries.stores.oxigraph import OxigraphStore

from .compiler import compile_dataset
from .export import FORMATS, serialize
from .validation import shacl_problems, violation_queries, violations

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What the checks found, and in words what was done."""

    problems: tuple[Problem, ...]
    done: tuple[str, ...]


def check_all(tables: Path, *, reasoner: bool = True, progress: Progress = lambda step: None) -> Outcome:
    """Run every check on the curated tables of a folder and on the graph they make."""
    progress("tables")
    try:
        curation = load_curation(tables)
    except ProblemsFound as error:
        return Outcome(error.problems, ("tables read; the graph is not built while they have faults",))
    quads = compile_dataset(curation, load_schema())
    covered = len({name for claim in curation.claims.values() for name in claim.passages})
    done = [
        f"tables: {len(curation.claims)} claims on {covered} of {len(curation.passages)} passages, "
        f"{len(curation.conflicts)} conflicts, {len(curation.issues)} source issues, {len(curation.rules)} safety rules"
    ]
    progress("violation queries")
    problems = violations(OxigraphStore.from_quads(quads))
    done.append(f"{len(violation_queries())} violation queries on {len(quads)} triples")
    progress("SHACL shapes")
    problems += shacl_problems(serialize(quads, FORMATS["ntriples"]))
    done.append("SHACL shapes")
    if reasoner:
        problems += _reasoner_problems(serialize(quads, FORMATS["owl"]), done, progress)
    return Outcome(tuple(problems), tuple(done))


def _reasoner_problems(owl: bytes, done: list[str], progress: Progress) -> list[Problem]:
    from .reasoner import consistency_problems, profile_problems

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FORMATS["owl"].file
        file.write_bytes(owl)
        progress("OWL 2 profile (Pellet)")
        problems = profile_problems(file)
        done.append("OWL 2 DL profile by Pellet and the OWL API")
        progress("consistency (HermiT)")
        problems += consistency_problems(file)
        done.append("consistency and satisfiability by HermiT")
    return problems
