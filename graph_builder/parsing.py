"""Reading RDF that nobody vouches for: the parser runs in a process of its own, with limits on memory and time.

Some inputs end the process of a parser instead of raising an error (deeply nested XML or triple terms exhaust its
stack), so that nothing short of another process is safe. ``read_untrusted`` starts that process; run as a module this
file *is* that process, reads a file, and writes N-Quads to standard output.

* Entity declarations are refused before parsing. Contexts of JSON-LD and ``owl:imports`` are never fetched.
* What belongs to osteograph is not for a file to speak of: its graphs, statements, claims, rules and terms, and what
  holds between its concepts.
* Blank nodes become IRIs made from the digest of the file and their order in it, so that reading it twice adds nothing.
"""

from __future__ import annotations

import hashlib
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError, Problem, ProblemsFound
from osteograph.ontology.namespaces import BASE, CONCEPT, SCHEMA, expand, shorten

MAX_BYTES = 64 * 2**20
MAX_TRIPLES = 1_000_000
MAX_MEMORY = 4 * 2**30
MAX_SECONDS = 60
GENID = BASE + ".well-known/genid/"
IMPORTED = BASE + "graph/import/"

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
"""Formats by the ending of the file name."""


@dataclass(frozen=True)
class Limits:
    """How much a file may be, and how much reading it may cost."""

    bytes: int = MAX_BYTES
    triples: int = MAX_TRIPLES
    memory: int = MAX_MEMORY
    seconds: int = MAX_SECONDS


USUAL = Limits()


def read_untrusted(file: Path, name: str, limits: Limits = USUAL) -> list[ox.Quad]:
    """The quads of a file, in named graphs below ``graph/import/NAME`` or in those that the file names.

    Raises ProblemsFound with line and column where the file is not what its ending says, and OsteographError where it
    is too big, declares entities, or cannot be read within the limits.
    """
    check_before_parsing(file, limits)
    command = _command(file, name, limits)
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=4 * limits.seconds + 10)
    except subprocess.TimeoutExpired:
        raise OsteographError(f"{file}: reading it took too long, which nothing but odd nesting explains") from None
    _raise_for(done.returncode, done.stderr.decode(errors="replace"), file)
    return [*ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS)]


def _command(file: Path, name: str, limits: Limits) -> list[str]:
    """This module as a program, in a process of its own."""
    return [
        sys.executable, "-m", __spec__.name, str(file.absolute()), name,
        str(limits.triples), str(limits.memory), str(limits.seconds),
    ]  # fmt: skip


CANNOT_WRITE, FAULTY = 3, 4
"""The exit codes of that process where its output has no room, and where the file has faults. Python itself takes 1."""


def _raise_for(code: int, said: str, file: Path) -> None:
    """What the end of that process means."""
    if code == FAULTY:
        raise ProblemsFound([_problem(file, line) for line in said.splitlines()])
    if code == CANNOT_WRITE:
        raise OsteographError(f"{file}: what was read could not be written: {said.strip()}")
    if code:
        what = "it is nested too deeply, has a term of many megabytes, or takes too long"
        raise OsteographError(f"{file}: the parser broke down on it; {what}")


def _problem(file: Path, told: str) -> Problem:
    """A fault as that process tells it: line, column and message."""
    line, column, message = told.split("\t", 2)
    place = f"column {column}" if int(column) else ""
    return Problem(file.name, int(line), place, message, "correct the file and import it again")


LARGE = Limits(bytes=16 * 2**30, triples=100_000_000, seconds=3600)
BY_LINE = (".nt", ".nq")
"""Formats whose files are read line by line, whatever their size."""
MOST_FAULTS = 20
"""So many faults of a file are told, and no more."""


def stream_untrusted(file: Path, name: str, target: IO[bytes], limits: Limits = LARGE) -> None:
    """Write the quads of a large file to another one, as they come, each with its graph; raises as read_untrusted does.

    Nothing is held in memory but the names of blank nodes.
    """
    if file.suffix.lower() not in BY_LINE:
        raise OsteographError(f"{file}: a large file has to be N-Triples or N-Quads ({', '.join(BY_LINE)})")
    if _size(file) > limits.bytes:
        raise OsteographError(f"{file} has more than {limits.bytes} bytes; import it in parts")
    done = subprocess.run(_command(file, name, limits), stdout=target, stderr=subprocess.PIPE, check=False)
    _raise_for(done.returncode, done.stderr.decode(errors="replace"), file)


def check_before_parsing(file: Path, limits: Limits) -> None:
    """What can be seen without parsing: the ending, the size, the encoding, entity declarations."""
    if file.suffix.lower() not in FORMATS:
        packed = "unpack it first; " if file.suffix.lower() in (".gz", ".bz2", ".xz", ".zst", ".zip") else ""
        raise OsteographError(f"{file}: {packed}no format ends in {file.suffix!r}; known are {', '.join(FORMATS)}")
    if _size(file) > limits.bytes:
        raise OsteographError(f"{file} has more than {limits.bytes} bytes; import it in parts")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise OsteographError(f"cannot read {file}: {error.strerror}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise OsteographError(f"{file}, line {line}: not UTF-8; {_what_to_do(data)}") from error
    if FORMATS[file.suffix.lower()] == ox.RdfFormat.RDF_XML and ("<!DOCTYPE" in text or "<!ENTITY" in text):
        raise OsteographError(
            f"{file} declares a document type or entities, which can make a small file grow without bound; "
            "save it as Turtle (in Protégé: Save as, Turtle Syntax; or: robot convert --output file.ttl)"
        )


def _size(file: Path) -> int:
    """The size of a regular file; anything else, such as a pipe, might never end."""
    try:
        found = file.stat()
    except OSError as error:
        raise OsteographError(f"cannot read {file}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        what = "is a folder; name a file" if stat.S_ISDIR(found.st_mode) else "is no regular file; save what it gives"
        raise OsteographError(f"cannot read {file}: it {what}")
    return found.st_size


_STARTS = {
    b"\x1f\x8b": "it is compressed: unpack it with gunzip",
    b"PK": "it is an archive: unpack it with unzip",
    b"BZh": "it is compressed: unpack it with bunzip2",
    b"\xff\xfe": "convert it: iconv -f UTF-16 -t UTF-8",
    b"\xfe\xff": "convert it: iconv -f UTF-16 -t UTF-8",
}


def _what_to_do(data: bytes) -> str:
    """How to make UTF-8 of what is none."""
    found = (told for start, told in _STARTS.items() if data.startswith(start))
    return next(found, "convert it: iconv -f LATIN1 -t UTF-8")


def parsed(file: Path, name: str, triples: int) -> Iterator[ox.Quad]:
    """The quads of a file with IRIs for blank nodes and graphs of their own. Raises SyntaxError and ValueError."""
    default = ox.NamedNode(IMPORTED + name)
    form = FORMATS[file.suffix.lower()]
    if file.stat().st_size > MAX_BYTES:  # read as it is parsed
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        found = ox.parse(path=str(file), format=form)
    else:
        data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
        digest = hashlib.sha256(data)
        found = ox.parse(data, format=form, base_iri=f"{IMPORTED}{name}/")
    skolem, refused = _Skolem(GENID + digest.hexdigest()[:24]), dict[str, None]()
    for number, quad in enumerate(found):
        if number >= triples:
            raise ValueError(f"more than {triples} triples")
        graph = default if isinstance(quad.graph_name, ox.DefaultGraph) else skolem.node(quad.graph_name)
        subject, obj = skolem.node(quad.subject), skolem.term(quad.object)
        told = _of_our_graphs(graph.value, default.value) or _of_our_terms(subject.value, quad.predicate.value, obj)
        if told and len(refused) < MOST_FAULTS:
            refused[told] = None
        yield ox.Quad(subject, quad.predicate, obj, graph)
    if refused:
        raise ValueError("\n".join(refused))


_TYPE = expand("rdf:type")


def _of_our_graphs(graph: str, own: str) -> str:
    """Why a graph may not be written to, in words; empty where it may."""
    if not graph.startswith(BASE) or graph == own or graph.startswith(f"{own}/"):
        return ""
    return f"the named graph {graph} belongs to osteograph; use a graph of your own"


def _of_our_terms(subject: str, predicate: str, obj: ox.NamedNode | ox.Literal) -> str:
    """Why only osteograph may say a triple, in words; empty where anybody may."""
    if not f"{subject}/".startswith(BASE) or subject.startswith((GENID, IMPORTED)):
        return ""
    if not subject.startswith(CONCEPT):
        return f"{shorten(subject)} belongs to osteograph; say it of a node of your own that names this one"
    if isinstance(obj, ox.NamedNode) and not obj.value.startswith((CONCEPT, SCHEMA)):
        return ""
    if predicate.startswith(SCHEMA) or predicate == _TYPE:
        words = "what holds of a concept of osteograph rests on claims; make a bmo:Statement of your own with its claim"
        return f"{shorten(subject)} {shorten(predicate)}: {words}"
    return ""


class _Skolem:
    """Gives each blank node an IRI, in the order of their appearance."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._known: dict[ox.BlankNode, ox.NamedNode] = {}

    def node(self, term: ox.NamedNode | ox.BlankNode) -> ox.NamedNode:
        if isinstance(term, ox.NamedNode):
            return term
        return self._known.setdefault(term, ox.NamedNode(f"{self.base}/b{len(self._known)}"))

    def term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.Triple):
            raise ValueError("triple terms of RDF 1.2 cannot be imported")
        return term if isinstance(term, ox.Literal) else self.node(term)


def _limit(memory: int, seconds: int) -> None:
    """Hold the process to limits, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Read the file that the arguments name; a fault goes to standard error as line, column, message."""
    file, name, triples, memory, seconds = arguments
    _limit(int(memory), int(seconds))
    try:
        ox.serialize(parsed(Path(file), name, int(triples)), sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
        sys.stdout.buffer.flush()
    except SyntaxError as error:
        sys.stderr.write("\n".join(_faults(Path(file), error)))
        return FAULTY
    except ValueError as error:
        sys.stderr.write("\n".join(f"0\t0\t{told}" for told in str(error).splitlines()))
        return FAULTY
    except OSError as error:
        sys.stderr.write(error.strerror or str(error))
        return CANNOT_WRITE
    return 0


_PLACE = re.compile(r"^Parser error at line \d+ (?:column \d+|between columns \d+ and \d+): ")
"""How a message begins that tells line and column once more."""


def _faults(file: Path, first: SyntaxError) -> Iterator[str]:
    """The fault that ended the parser; in a format of lines, that of each line from there on, up to a million lines."""
    if file.suffix.lower() not in BY_LINE or not first.lineno:
        yield _fault(first, first.lineno or 0)
        return
    with file.open("rb") as stream:
        lines = islice(enumerate(stream, 1), first.lineno - 1, first.lineno + 1_000_000)
        yield from islice(_faults_of_lines(lines, FORMATS[file.suffix.lower()]), MOST_FAULTS)


def _faults_of_lines(lines: Iterator[tuple[int, bytes]], form: ox.RdfFormat) -> Iterator[str]:
    for number, line in lines:
        try:
            for _ in ox.parse(line, format=form):
                pass
        except SyntaxError as error:
            yield _fault(error, number)


def _fault(error: SyntaxError, line: int) -> str:
    message = _PLACE.sub("", " ".join(str(error.msg).split()))
    if "LoadDocumentCallback" in message:
        message = "the file names a context elsewhere, and contexts are never fetched: put it into the file"
    return f"{line}\t{error.offset or 0}\t{message[:300]}"


if __name__ == "__main__":
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
