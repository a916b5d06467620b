"""Adding to the curated tables: a source cut into passages, a claim. Checked first, written aside, then renamed.

Everything works on a folder of tables of the user's own (``osteograph tables DIR`` copies the shipped ones).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from osteograph.ontology.articles import digest
from osteograph.ontology.consistency import passages_seal
from osteograph.ontology.curation import COLUMNS, CURATED, load_curation
from osteograph.ontology.errors import OsteographError
from osteograph.ontology.model import Passage

from .export import write_aside

Row = Mapping[str, str]


def copy_tables(folder: Path) -> None:
    """Copy the shipped tables to an empty or new folder."""
    if folder.exists() and any(folder.iterdir()):
        raise OsteographError(f"{folder} holds files already; name an empty or a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        shutil.copyfile(CURATED / name, folder / name)


@dataclass(frozen=True)
class NewSource:
    """A source to add: the letter it goes by, its title and what it is about."""

    name: str
    title: str
    scope: str


def add_source(tables: Path, file: Path, new: NewSource) -> list[Passage]:
    """Cut a text into passages and add it to the tables; its words stay in the file.

    Raises ProblemsFound where the tables would not hold together, and OsteographError for a file that cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OsteographError(f"cannot read {file}: {error}; save it as UTF-8") from error
    passages = cut(text, new.name)
    if not passages:
        raise OsteographError(f"{file} holds no text")
    publication = f"Article{new.name.upper()}"
    source = {
        "source": new.name,
        "publication": publication,
        "file": re.sub("[^A-Za-z0-9._-]", "_", file.name),
        "length": str(len(text)),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "passages_sha256": passages_seal(passages),
        "scope": new.scope,
    }
    concept = {
        "concept": publication,
        "label": new.title,
        "types": "Article",
        "definition": f"A source of the graph on {new.scope}.",
    }
    rows: dict[str, list[Row]] = {
        "sources.tsv": [source],
        "concepts.tsv": [concept],
        "passages.tsv": [_passage_row(p) for p in passages],
    }
    _insert(tables, rows)
    return passages


def _passage_row(passage: Passage) -> Row:
    return {
        "passage": passage.name,
        "source": passage.source,
        "section": passage.section,
        "start": str(passage.start),
        "end": str(passage.end),
        "sha256": passage.sha256,
        "kind": passage.kind,
        "list_of": passage.list_of,
    }


_SENTENCE_END = re.compile(r"""[.!?]["”’)\]]*(?=\s+["“‘(\[]?[A-Z0-9])""")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|cf|et al|Fig|approx|No|ca|[A-Z])\.$")
_BULLET = re.compile(r"\s*(?:[•*\-–]|\d{1,2}[.)])\s+")


def cut(text: str, source: str) -> list[Passage]:
    """Cut a text into passages: lines, then sentences; bullets are items of the list that the line before them opens.

    A line that neither ends a sentence nor is an item is a heading and opens a section. Positions are code points.
    """
    passages: list[Passage] = []
    section, lead, start = "text", "", 0
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        offset = start + (bullet.end() if bullet else 0)
        sentences = list(_sentences(line[offset - start :], offset))
        start += len(line) + 1
        is_heading = bool(sentences) and not bullet and not re.search(r"[.!?:;,][\"”’)]*\s*$", line)
        if is_heading:
            section = _slug(line)
        for begin, end in sentences:
            name = f"{source}-s{len(passages) + 1:03}"
            kind = "heading" if is_heading else "claim"
            words = text[begin:end]
            list_of = lead if bullet else ""
            passages.append(Passage(name, source, section, begin, end, digest(words), kind, list_of, 0))
        if sentences and not bullet:
            lead = passages[-1].name
    return passages


def _sentences(line: str, offset: int) -> Iterable[tuple[int, int]]:
    """Start and end of the sentences of a line, without the blanks around them."""
    begin = 0
    found = _SENTENCE_END.finditer(line)
    ends = (match.end() for match in found if not _ABBREVIATION.search(line, 0, match.start() + 1))
    for cut_at in [*ends, len(line)]:
        piece = line[begin:cut_at]
        words = piece.strip()
        if words:
            first = offset + begin + piece.index(words)
            yield first, first + len(words)
        begin = cut_at


def _slug(heading: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", heading.lower())[:5]) or "section"


def add_claim(tables: Path, claim: Row) -> str:
    """Add a row to ``claims.tsv`` and return the name it got: the next free number, unless one is given.

    ``claim`` maps columns to cells; columns left out are empty. Raises ProblemsFound where the row does not hold.
    """
    taken = load_curation(tables).claims
    name = claim.get("claim") or f"C{max((int(n[1:]) for n in taken if re.fullmatch('C[0-9]+', n)), default=0) + 1:03}"
    if name in taken:
        raise OsteographError(f"there is a claim {name} already")
    _insert(tables, {"claims.tsv": [{**claim, "claim": name}]})
    return name


def _insert(tables: Path, rows: Mapping[str, Iterable[Row]]) -> None:
    """Add rows to tables at their places: on a copy first, so that a fault leaves the tables as they were."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "tables"
        shutil.copytree(tables, trial, ignore=lambda _, names: [n for n in names if n not in COLUMNS])
        for name, new in rows.items():
            (trial / name).write_bytes(_with_rows(trial / name, COLUMNS[name], new))
        load_curation(trial)
        for name in rows:
            write_aside(tables / name, (trial / name).read_bytes())


def _with_rows(path: Path, columns: tuple[str, ...], new: Iterable[Row]) -> bytes:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    lines += ["\t".join(row.get(column, "") for column in columns) for row in new]
    lines.sort(key=lambda line: line.split("\t")[0])
    return ("\n".join([header, *lines]) + "\n").encode()
