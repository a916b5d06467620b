"""A release: every format of one version in a folder that is written once and never again.

``release(Path("releases"))`` makes ``releases/2026-11-21/`` with all files, a description for machines (VoID, DCAT,
RO-Crate), a report for people and a manifest with digests. The folder is made aside and renamed; its files are
read-only, and a release that exists is never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.curation import CURATED, load_curation
from osteograph.ontology.errors import OsteographError, ToolMissing
from osteograph.ontology.namespaces import BASE, ONTOLOGY
from osteograph.ontology.schema import Schema, load_schema
from osteograph.queries.folders import folder_aside

from .build import content_report
from .compiler import compile_dataset
from .diffing import Difference, compare, find_graph
from .export import current_umask
from .exports.carries import carried
from .exports.described import CRATE_FILE, VOID_FILE, ReleasedFile, crate, void
from .exports.formats import EXPORTS, as_bytes
from .exports.material import Header, Material
from .mappings import keep_open_mappings
from .terms import node, text
from .validation import run_violation_queries

MANIFEST, REPORT = "MANIFEST.json", "RELEASE.md"
LEFT_OUT = ("ntriples", "rdfxml")
"""Formats that say nothing that another file of the release does not say as well."""
_STATEMENT = re.compile(rb"(?:statement/|ost:)(s[0-9a-f]{24})")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A release that was made: its folder, and what the manifest says."""

    folder: Path
    manifest: dict[str, Any]


def release(
    parent: Path,
    *,
    tables: Path = CURATED,
    version: str | None = None,
    open_mappings: bool = True,
    previous: Path | None = None,
    without: Collection[str] = (),
    progress: Progress = lambda step: None,
) -> Release:
    """Make a release of the curated tables below ``parent``, in a folder named by its version, an ISO date.

    Without a version it is the one that the schema bears. ``previous`` is the folder of an earlier release: the new one
    names it as its prior version and says what changed. Raises OsteographError where the folder is there already.
    """
    chosen = _chosen_exports(without)
    earlier = Material.open(find_graph(previous)) if previous else None
    schema = dated(load_schema(), version, earlier.header() if earlier else None)
    target = parent.absolute() / _version_of(schema)
    if target.exists():
        raise OsteographError(f"{target} is there already; a release is never written over")
    progress("compiling and checking the graph")
    material, report = _checked_material(schema, tables, open_mappings)
    try:
        aside = folder_aside(target)
        try:
            manifest = _write_all(aside, material, report, chosen, earlier, progress)
            _make_immutable(aside)
            _rename(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OsteographError(f"cannot write {target}: {error}; nothing was released") from error
    return Release(target, manifest)


def _rename(aside: Path, target: Path) -> None:
    """Give a release its name, unless another took it meanwhile."""
    try:
        os.rename(aside, target)
    except OSError as error:
        if target.exists():
            raise OsteographError(f"{target} is there already; another release was made meanwhile") from error
        raise


def _chosen_exports(without: Collection[str]) -> list[str]:
    unknown = sorted(set(without) - set(EXPORTS))
    if unknown:
        raise OsteographError(f"no format is called {', '.join(unknown)}; osteograph export lists the formats")
    chosen = [name for name in EXPORTS if name not in (*without, *LEFT_OUT)]
    if "parquet" in chosen and find_spec("pyarrow") is None:
        raise ToolMissing("Parquet needs pyarrow: pip install 'osteograph[frames]', or leave it out: --without parquet")
    return chosen


def _version_of(schema: Schema) -> str:
    version = node("owl:versionInfo")
    return next(q.object.value for q in schema.quads if q.predicate == version and isinstance(q.object, ox.Literal))


def dated(schema: Schema, version: str | None, earlier: Header | None = None) -> Schema:
    """The schema with another version in its header, and with the version before it."""
    was = _version_of(schema)
    now = _iso_date(version or was)
    ontology = ox.NamedNode(ONTOLOGY)
    quads = [_redated(quad, was, now) if quad.subject == ontology else quad for quad in schema.quads]
    if earlier:
        if earlier.version >= now:
            raise OsteographError(f"version {now} does not follow {earlier.version}; give a later one with --date")
        quads.append(ox.Quad(ontology, node("owl:priorVersion"), ox.NamedNode(earlier.version_iri)))
    return schema._replace(quads=tuple(sorted(quads, key=str)))


def _iso_date(version: str) -> str:
    try:
        return date.fromisoformat(version).isoformat()
    except ValueError:
        raise OsteographError(f"{version!r} is no date; write one like 2026-11-21") from None


def _redated(quad: ox.Quad, was: str, now: str) -> ox.Quad:
    """A triple of the header with the new date; the day of creation stays."""
    if quad.predicate == node("dcterms:created"):
        return quad
    if isinstance(quad.object, ox.NamedNode):
        obj: Any = ox.NamedNode(quad.object.value.replace(was, now))
    elif isinstance(quad.object, ox.Literal) and quad.object.language:
        obj = ox.Literal(quad.object.value.replace(was, now), language=quad.object.language)
    elif isinstance(quad.object, ox.Literal):
        obj = text(quad.object.value.replace(was, now))
    else:
        return quad
    return ox.Quad(quad.subject, quad.predicate, obj, quad.graph_name)


def _checked_material(schema: Schema, tables: Path, open_mappings: bool) -> tuple[Material, dict[str, Any]]:
    """The compiled and checked graph, held once, and its counts."""
    curation = load_curation(tables)
    known = len(curation.mappings)
    if open_mappings:
        curation = keep_open_mappings(curation)
    quads = compile_dataset(curation, schema)
    report = content_report(curation, schema, quads) | {"checks_passed": run_violation_queries(quads)}
    report["counts"]["mappings left out"] = known - len(curation.mappings)
    return Material.from_quads(quads, schema), report


def _write_all(
    folder: Path,
    material: Material,
    report: dict[str, Any],
    chosen: Iterable[str],
    earlier: Material | None,
    progress: Progress,
) -> dict[str, Any]:
    """Write every file of a release into an empty folder; the manifest, which names all others, comes last."""
    files: list[ReleasedFile] = []
    kept: dict[str, int] = {}

    def write(name: str, pieces: Iterator[str] | Iterator[bytes], words: str, media_type: str, standard: str) -> None:
        progress(f"writing {name}")
        size, digest = _write(folder / name, as_bytes(pieces))
        files.append(ReleasedFile(name, words, media_type, standard, size, digest))
        kept[name] = count_statements(folder / name)

    for export in map(EXPORTS.__getitem__, chosen):
        for name, (media_type, writer) in export.files.items():
            write(name, writer(material), export.words, media_type, export.standard)
    difference = compare(earlier, material) if earlier else None
    if difference:
        changelog, rfc8259 = "https://keepachangelog.com/en/1.1.0/", "https://www.rfc-editor.org/rfc/rfc8259"
        write("CHANGES.md", iter([difference.to_markdown()]), "what changed", "text/markdown", changelog)
        write("changes.json", iter([difference.to_json()]), "what changed", "application/json", rfc8259)
    words = iter([release_report(material.header(), report, files, kept, difference)])
    write(REPORT, words, "counts, and what each format carries", "text/markdown", "https://commonmark.org/")
    described = list(files)
    write(VOID_FILE, void(material, described), "VoID and DCAT 3", "text/turtle", "https://www.w3.org/TR/vocab-dcat-3/")
    write(CRATE_FILE, crate(material, files), "RO-Crate 1.1", "application/ld+json", "https://w3id.org/ro/crate/1.1")
    manifest = _manifest(material.header(), report, files)
    _write(folder / MANIFEST, iter([(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()]))
    return manifest


def _write(path: Path, pieces: Iterator[bytes]) -> tuple[int, str]:
    """Write pieces to a file; its size and SHA-256."""
    total, size = hashlib.sha256(), 0
    with path.open("xb") as stream:
        for piece in pieces:
            size += stream.write(piece)
            total.update(piece)
        stream.flush()
        os.fsync(stream.fileno())
    return size, total.hexdigest()


def count_statements(path: Path) -> int:
    """How many statements a file names by their IRIs, whatever its format; 0 where its text is compressed."""
    if path.suffix == ".parquet":
        return 0
    found: set[bytes] = set()
    with path.open("rb") as stream:
        for line in stream:
            found.update(_STATEMENT.findall(line))
    return len(found)


def _make_immutable(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o777 & ~current_umask())


def _manifest(header: Header, report: dict[str, Any], files: Iterable[ReleasedFile]) -> dict[str, Any]:
    return {
        "version": header.version,
        "version_iri": header.version_iri,
        "license": header.license,
        "notice": header.notice,
        "tables": header.digest,
        **report,
        "files": {file.name: {"bytes": file.size, "sha256": file.sha256} for file in files},
    }


def release_report(
    header: Header,
    report: dict[str, Any],
    files: Iterable[ReleasedFile],
    kept: dict[str, int],
    difference: Difference | None,
) -> str:
    """The report for people: counts, files, and what each format carries."""
    lines = [f"# {header.title}", "", f"Version {header.version}, <{header.version_iri}>. {header.notice}", ""]
    lines += ["## What it holds", "", *_table(("what", "how many"), report["counts"].items()), ""]
    lines += ["| standing | statements |", "|---|---|", *(f"| {n} | {c} |" for n, c in report["standings"].items()), ""]
    if difference:
        changes = ((name.replace("_", " "), len(found)) for name, found in difference.kinds().items())
        lines += [f"## Since {difference.before}", "", *_table(("what", "how many"), changes), ""]
        lines += ["`CHANGES.md` and `changes.json` list them.", ""]
    lines += ["## Files", "", "The last column counts the statements that a file names by IRI, derived ones too.", ""]
    rows = ((f"`{f.name}`", f.words, str(f.size), str(kept[f.name] or "")) for f in files)
    lines += [*_table(("file", "what", "bytes", "statements"), rows), ""]
    contents = list(next(iter(carried().values())))
    lines += ["## What each format carries", ""]
    carries = ((name, *(cells[content] for content in contents)) for name, cells in carried().items())
    lines += [*_table(("format", *contents), carries), ""]
    lines += [f"`{MANIFEST}` has the digest of every file. IRIs below <{BASE}> do not resolve yet.", ""]
    return "\n".join(lines)


def _table(columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def verify_release(folder: Path) -> list[str]:
    """What is not as the manifest of a release says: files that lack, differ, or do not belong there."""
    expected = _expected_files(folder / MANIFEST)
    present = {one.name for one in folder.iterdir()} - {MANIFEST}
    faults = [f"{name}: not there" for name in sorted(set(expected) - present)]
    faults += [f"{name}: not in the manifest" for name in sorted(present - set(expected))]
    for name in sorted(present & set(expected)):
        if not _is_as_released(folder / name, expected[name]):
            faults.append(f"{name}: not the file that was released")
    return faults


def _expected_files(manifest: Path) -> dict[str, str]:
    """The digest of each file that a manifest names. Raises OsteographError where it is none."""
    if not manifest.is_file():
        raise OsteographError(f"{manifest.parent} is no release: it has no {MANIFEST}")
    try:
        entries = json.loads(manifest.read_bytes())["files"]
        return {name: entry["sha256"] for name, entry in entries.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise OsteographError(f"{manifest} is damaged: it does not list files with digests; fetch it again") from error


def _is_as_released(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
