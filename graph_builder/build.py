"""A build: curated tables in, a folder of files out, all or nothing.

The files are written into a folder beside the target, which takes the target's place by renaming once all of it is on
disk. A build that fails or is killed leaves the earlier one as it was; should it be killed between the two renamings,
:func:`recover` (called wherever a build is opened) puts the earlier one back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.curation import CURATED, load_curation
from osteograph.ontology.errors import OsteographError
from osteograph.ontology.model import Curation
from osteograph.ontology.notice import NOTICE
from osteograph.ontology.schema import Schema, load_schema
from osteograph.queries.folders import folder_aside, swap_in
from osteograph.queries.opening import REPORT, recover

from .compiler import compile_dataset
from .export import BUILT, FORMATS, current_umask, graph_counts, serialize
from .mappings import keep_open_mappings
from .statements import build_statements
from .validation import run_violation_queries

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Build:
    """What a build made: the folder, and the report that is also written there."""

    folder: Path
    report: dict[str, Any]


def build(
    output: Path,
    *,
    tables: Path = CURATED,
    open_mappings: bool = False,
    progress: Progress = lambda step: None,
) -> Build:
    """Compile the curated tables, check the result and write every file of a build to ``output``.

    With ``open_mappings`` the mappings that not everybody may pass on are left out.
    Raises ProblemsFound where tables or graph have faults, and OsteographError where ``output`` is in the way.
    """
    output = output.absolute()
    recover(output)
    _refuse_foreign_folder(output)
    progress("reading and checking the curated tables")
    schema, curation = load_schema(), load_curation(tables)
    known = len(curation.mappings)
    if open_mappings:
        curation = keep_open_mappings(curation)
    progress("compiling the graph")
    quads = compile_dataset(curation, schema)
    progress("checking the graph")
    passed = run_violation_queries(quads)
    files: dict[str, bytes] = {}
    for name in BUILT:
        progress(f"writing {FORMATS[name].file}")
        files[FORMATS[name].file] = serialize(quads, FORMATS[name])
    report = _report(curation, schema, quads, files, passed)
    report["counts"]["mappings left out"] = known - len(curation.mappings)
    files[REPORT] = (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()
    replace_folder(output, files)
    return Build(output, report)


def _refuse_foreign_folder(output: Path) -> None:
    """A folder that holds anything but an earlier build is somebody's: it is never replaced."""
    blocking = next((parent for parent in output.parents if parent.exists() and not parent.is_dir()), None)
    if blocking:
        raise OsteographError(f"{blocking} is a file; name another folder with --output")
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise OsteographError(f"{output} is not a folder; name another with --output")
    if output.is_dir() and any(output.iterdir()) and not (output / REPORT).is_file():
        raise OsteographError(f"{output} holds other files; name an empty or a new folder with --output")
    present = {path.name for path in output.iterdir()} if output.exists() else set()
    foreign = sorted(present - _built_files())
    if foreign:
        raise OsteographError(f"{output} holds files that no build wrote: {', '.join(foreign)}; move them first")


def _built_files() -> set[str]:
    return {REPORT, *(form.file for form in FORMATS.values())}


def replace_folder(output: Path, files: dict[str, bytes]) -> None:
    """Write files aside, then put them in the place of the folder."""
    try:
        aside = folder_aside(output)
        try:
            for name, data in files.items():
                _write_durably(aside / name, data)
            aside.chmod(0o777 & ~current_umask())
            swap_in(aside, output)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OsteographError(f"cannot write {output}: {error}; what was there is as it was") from error


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _report(
    curation: Curation, schema: Schema, quads: list[ox.Quad], files: dict[str, bytes], passed: list[str]
) -> dict[str, Any]:
    """What was built from what: counts, digests, checks. Nothing in it depends on when or where."""
    return {
        "notice": NOTICE,
        "tables_sha256": curation.digest,
        **content_report(curation, schema, quads),
        "checks_passed": passed,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
        },
    }


def content_report(curation: Curation, schema: Schema, quads: list[ox.Quad]) -> dict[str, Any]:
    """How much the graph holds: counts, standings of statements, triples by graph."""
    statements = build_statements(curation, schema)
    standings: dict[str, int] = {}
    for statement in statements:
        name = statement.standing.value.lower()
        standings[name] = standings.get(name, 0) + 1
    return {
        "counts": {
            "concepts": len(curation.concepts),
            "statements": len(statements),
            "claims": len(curation.claims),
            "passages": len(curation.passages),
            "passages with a claim": len({name for claim in curation.claims.values() for name in claim.passages}),
            "conflicts": len(curation.conflicts),
            "source issues": len(curation.issues),
            "safety rules": len(curation.rules),
            "safety rule parts": len(curation.parts),
            "citations": len(curation.citations),
            "mappings": len(curation.mappings),
            "triples": len(quads),
        },
        "standings": dict(sorted(standings.items())),
        "graphs": graph_counts(quads),
    }
