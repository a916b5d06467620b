"""The articles themselves, read from a folder of the user's own: nothing of their text is ever stored.

Positions count Unicode code points of the decoded file, and a digest is the SHA-256 of the UTF-8 bytes of exactly the
code points from start to end: no normalisation, so that no-break spaces and the like are checked too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import OsteographError, Problem
from .model import Curation, Passage, Source

CONTEXT = 160


@dataclass(frozen=True)
class Quotation:
    """The words of a passage with what stands before and after them, for showing at once and not for keeping."""

    before: str
    words: str
    after: str
    is_exact: bool  # whether the digest of the words is that of the passage


def read_source(folder: Path, source: Source) -> str:
    """The text of a source. Raises OsteographError where the file is missing or is not UTF-8."""
    path = folder / source.file
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise OsteographError(f"{path} is missing; name the folder that holds {source.file}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise OsteographError(f"cannot read {path}: {error}") from error


def digest(words: str) -> str:
    """The digest that ``passages.tsv`` keeps of a passage."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def quote(text: str, passage: Passage) -> Quotation:
    """The words of a passage in their surroundings."""
    words = text[passage.start : passage.end]
    before = text[max(0, passage.start - CONTEXT) : passage.start]
    return Quotation(before, words, text[passage.end : passage.end + CONTEXT], digest(words) == passage.sha256)


def verify(curation: Curation, folder: Path) -> Iterator[Problem]:
    """Every passage whose position or digest does not fit the article files of a folder, and every changed file."""
    for source in curation.sources.values():
        try:
            text = read_source(folder, source)
        except OsteographError as error:
            yield Problem(source.file, 0, "", str(error), "put the article file into the folder")
            continue
        if digest(text) != source.sha256:
            message = f"the file is not the edition that was read ({len(text)} code points, {source.length} expected)"
            yield Problem(source.file, 0, "", message, "use that edition, or cut the source again with: source add")
        passages = [passage for passage in curation.passages.values() if passage.source == source.name]
        for passage in passages:
            if not quote(text, passage).is_exact:
                line = text.count("\n", 0, passage.start) + 1
                message = f"the words at {passage.start} to {passage.end} are not those of {passage.name}"
                yield Problem(source.file, line, passage.name, message, "the text was changed here, or before")
