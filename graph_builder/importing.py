"""A user's own Turtle or OWL next to the graph: their patients, their extension ontology, in named graphs of their own.

What is imported stands in a folder beside the build (``graph.imports`` beside ``graph``), so that a new build leaves it
alone, and opening the build opens it too: questions see it, exports and releases do not. It is checked by the shapes
together with what it speaks of; a file with a fault is not imported at all.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError, Problem, ProblemsFound
from osteograph.queries.opening import DATA, default_folder, forget_what_follows, imports_folder

from .export import write_aside
from .parsing import LARGE, USUAL, Limits, read_untrusted, stream_untrusted
from .terms import node
from .validation import shacl_problems

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Imported:
    """What came in: under which name, into which graphs, how many triples, and which imports were not followed."""

    name: str
    file: Path
    graphs: tuple[str, ...]
    triples: int
    not_followed: tuple[str, ...]


def import_file(
    file: Path,
    *,
    name: str | None = None,
    folder: Path | None = None,
    replace: bool = False,
    limits: Limits = USUAL,
) -> Imported:
    """Read a file, check it and keep it beside the build in a folder.

    Raises ProblemsFound for faults of the file and for what the shapes object to, OsteographError for what is refused.
    """
    place, chosen, target = _place(file, name, folder, replace)
    quads = read_untrusted(file, chosen, limits)
    if not quads:
        raise OsteographError(f"{file} holds no triple")
    problems = _objections(quads, file, place / DATA)
    if problems:
        raise ProblemsFound(problems)
    ordered = sorted(set(quads), key=str)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    write_aside(target, (f"{quad} .\n".encode() for quad in ordered))
    target.chmod(0o600)  # it may tell of patients
    forget_what_follows(place)
    graphs = sorted({quad.graph_name.value for quad in ordered if isinstance(quad.graph_name, ox.NamedNode)})
    return Imported(chosen, target, tuple(graphs), len(ordered), _not_followed(ordered))


def import_large(
    file: Path, *, name: str | None = None, folder: Path | None = None, replace: bool = False, limits: Limits = LARGE
) -> Imported:
    """Keep a large file of N-Triples or N-Quads beside the build, as it is: read line by line, not checked by shapes.

    Raises what :func:`import_file` raises, but for the findings of shapes.
    """
    place, chosen, target = _place(file, name, folder, replace)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{chosen}.", delete=False) as aside:
        try:
            stream_untrusted(file, chosen, aside.file, limits)  # readable by its owner alone, as temporary files are
            aside.flush()
            os.fsync(aside.fileno())
            graphs, triples = _graphs_of(Path(aside.name))
            if not triples:
                raise OsteographError(f"{file} holds no triple")
            os.replace(aside.name, target)
        finally:
            Path(aside.name).unlink(missing_ok=True)
    forget_what_follows(place)
    return Imported(chosen, target, graphs, triples, ())


def _graphs_of(file: Path) -> tuple[tuple[str, ...], int]:
    """The named graphs of a file of quads that we have written, and how many quads it has."""
    found: set[bytes] = set()
    count = 0
    with file.open("rb") as stream:
        for line in stream:
            count += 1
            found.add(line[line.rindex(b" <") + 2 : line.rindex(b">")])
    return tuple(sorted(graph.decode() for graph in found)), count


def _place(file: Path, name: str | None, folder: Path | None, replace: bool) -> tuple[Path, str, Path]:
    """The folder of the build, the name of the import and its file; raises where it may not go there."""
    place = (folder or default_folder()).absolute()
    chosen = _checked_name(name or _name_of(file))
    target = imports_folder(place) / f"{chosen}.nq"
    if target.exists() and not replace:
        raise OsteographError(f"{chosen} is imported already; name it otherwise with --name, or give --replace")
    if not (place / DATA).is_file():
        raise OsteographError(f"no built graph in {place}; run: osteograph build")
    return place, chosen, target


def _name_of(file: Path) -> str:
    return re.sub("[^a-z0-9]+", "-", file.stem.lower()).strip("-")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise OsteographError(f"{name!r} cannot name an import; write small letters, digits and hyphens with --name")
    return name


def _objections(quads: list[ox.Quad], file: Path, graph: Path) -> list[Problem]:
    """What the shapes find wrong with the nodes that a file speaks of; what it merely mentions is checked elsewhere."""
    about = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    remedy = "correct the file and import it again"
    # a number that is none is told by the shapes, if it matters
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return shacl_problems(_with_context(quads, graph), about, file=file.name, remedy=remedy)


def _not_followed(quads: Iterable[ox.Quad]) -> tuple[str, ...]:
    imports = node("owl:imports")
    return tuple(
        sorted({q.object.value for q in quads if q.predicate == imports and isinstance(q.object, ox.NamedNode)})
    )


def _with_context(quads: list[ox.Quad], graph: Path) -> bytes:
    """What the shapes need, as N-Triples: the import, what is said of what it mentions, and the types around that."""
    mentioned = {term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    near = [quad for quad in _ours(graph) if quad.subject in mentioned]
    around = {quad.object for quad in near}
    typing = (node("rdf:type"), node("rdfs:subClassOf"))
    types = [q for q in _ours(graph) if q.predicate in typing and (q.subject in around or q.predicate == typing[1])]
    return b"".join(sorted(f"{triple} .\n".encode() for triple in {q.triple for q in (*quads, *near, *types)}))


def _ours(graph: Path) -> Iterable[ox.Quad]:
    return ox.parse(path=str(graph), format=ox.RdfFormat.N_QUADS)


def list_imports(folder: Path | None = None) -> list[tuple[str, int]]:
    """The name and the number of triples of every import."""
    place = imports_folder((folder or default_folder()).absolute())
    return [(path.stem, _graphs_of(path)[1]) for path in sorted(place.glob("*.nq"))]


def remove_import(name: str, folder: Path | None = None) -> None:
    """Forget an import. Raises OsteographError where there is none of the name."""
    place = imports_folder((folder or default_folder()).absolute())
    path = place / f"{_checked_name(name)}.nq"
    if not path.is_file():
        known = ", ".join(name for name, _ in list_imports(folder)) or "nothing"
        raise OsteographError(f"no import is called {name}; there is {known}")
    path.unlink()
    forget_what_follows((folder or default_folder()).absolute())
