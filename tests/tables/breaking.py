"""Breaking a copy of the curated tables, and what is then said of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from osteograph.ontology.curation import COLUMNS, load_curation
from osteograph.ontology.errors import Problem, ProblemsFound


def edit(folder: Path, file: str, row: str, change: Callable[[str], str] | tuple[str, str]) -> int:
    """Change the row that opens with ``row``: one cell by (column, value), or the whole line. Returns its number."""
    lines = (folder / file).read_text(encoding="utf-8").split("\n")
    place = next(index for index, line in enumerate(lines) if f"{line}\t".startswith(f"{row}\t"))
    if isinstance(change, tuple):
        cells = lines[place].split("\t")
        cells[COLUMNS[file].index(change[0])] = change[1]
        lines[place] = "\t".join(cells)
    else:
        lines[place] = change(lines[place])
    (folder / file).write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return place + 1


def problems_in(folder: Path) -> list[Problem]:
    """What loading the folder complains of."""
    with pytest.raises(ProblemsFound) as caught:
        load_curation(folder)
    return list(caught.value.problems)


def seal(folder: Path, source: str) -> str:
    """The seal of the passages of a source, reckoned anew from the file."""
    lines = (folder / "passages.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [dict(zip(COLUMNS["passages.tsv"], line.split("\t"), strict=True)) for line in lines]
    digested = ("passage", "start", "end", "sha256")
    text = "".join("\t".join(row[column] for column in digested) + "\n" for row in rows if row["source"] == source)
    return hashlib.sha256(text.encode()).hexdigest()
