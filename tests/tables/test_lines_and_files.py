"""One wrong line, or a file that was saved wrongly, is one problem with file, line, column and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from osteograph.ontology.curation import COLUMNS
from osteograph.ontology.errors import Problem

from .breaking import edit, problems_in


class Line(NamedTuple):
    """One line rewritten, and the one problem that this makes; ``below`` as for cells."""

    file: str
    row: str
    change: Callable[[str], str]
    below: int
    column: str
    message: str
    remedy: str


LINES = {
    "duplicate concept": Line(
        "concepts.tsv",
        "Bone",
        lambda line: f"{line}\n{line}",
        1,
        "",
        "the key 'Bone' stands in line {line} already",
        "keep one of the two rows",
    ),
    "duplicate claim": Line(
        "claims.tsv",
        "C025",
        lambda line: f"{line}\n{line}",
        1,
        "",
        "the key 'C025' stands in line {line} already",
        "keep one of the two rows",
    ),
    "duplicate rule part": Line(
        "safety_rule_parts.tsv",
        "ABI-01",
        lambda line: f"{line}\n{line}",
        1,
        "",
        "the key ('ABI-01', 1) stands in line {line} already",
        "keep one of the two rows",
    ),
    "cell missing": Line(
        "claims.tsv",
        "C025",
        lambda line: line.rsplit("\t", 1)[0],
        0,
        "",
        "12 cells where 13 are expected",
        "check the tabs of the row",
    ),
    "tab too many": Line(
        "claims.tsv",
        "C025",
        lambda line: line + "\t",
        0,
        "",
        "14 cells where 13 are expected",
        "check the tabs of the row",
    ),
    "empty line": Line(
        "claims.tsv",
        "C025",
        lambda line: f"{line}\n",
        1,
        "",
        "1 cells where 13 are expected",
        "check the tabs of the row",
    ),
    "carriage return": Line(
        "claims.tsv",
        "C025",
        lambda line: line + "\r",
        0,
        "",
        "a carriage return ends or breaks the line",
        "save the file with LF line ends only",
    ),
    "column renamed": Line(
        "synonyms.tsv",
        "concept",
        lambda line: line.replace("scope", "kind"),
        0,
        "",
        "the columns are ['concept', 'synonym', 'kind', 'source']",
        "name the columns exactly concept<tab>synonym<tab>scope<tab>source",
    ),
    "columns in another order": Line(
        "synonyms.tsv",
        "concept",
        lambda line: "synonym\tconcept\tscope\tsource",
        0,
        "",
        "the columns are ['synonym', 'concept', 'scope', 'source']",
        "name the columns exactly concept<tab>synonym<tab>scope<tab>source",
    ),
    "one exact synonym for two concepts": Line(
        "synonyms.tsv",
        "Bone\tOsseous",
        lambda line: f"{line}\nBone\tbiopsy of a bone metastasis\texact\teditorial",
        3,
        "synonym",
        "'biopsy of a bone metastasis' names Bone too",
        "make the scope related, or drop the row",
    ),
    "two exact matches in one system": Line(
        "mappings.sssom.tsv",
        "osteo:ACEInhibitor\tACE inhibitor\tskos:exactMatch\tMESH:D000806",
        lambda line: line + "\n" + line.replace("D000806", "D000807"),
        1,
        "predicate_id",
        "ACEInhibitor has a second exact match in MESH",
        "make one of them a closeMatch",
    ),
    "one exact match for two concepts": Line(
        "mappings.sssom.tsv",
        "osteo:Abiraterone\tabiraterone\tskos:exactMatch\tMESH:C089740",
        lambda line: line.replace("C089740", "D000806"),
        0,
        "predicate_id",
        "MESH:D000806 is an exact match of ACEInhibitor too",
        "make one of them a closeMatch",
    ),
}


@pytest.mark.parametrize("case", LINES.values(), ids=LINES)
def test_a_wrong_line_is_named_with_its_number(case: Line, tables: Path) -> None:
    """One wrong line gives exactly one problem, at its exact place, with a remedy."""
    line = edit(tables, case.file, case.row, case.change)
    message = case.message.format(line=line)
    assert problems_in(tables) == [Problem(case.file, line + case.below, case.column, message, case.remedy)]


def test_a_rule_without_part_is_named_at_the_rule(tables: Path) -> None:
    """A rule whose only part is gone is reported in the table of rules, where the reader looks for it."""
    lines = (tables / "safety_rule_parts.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("ABI-01\t"))
    (tables / "safety_rule_parts.tsv").write_text(kept, encoding="utf-8", newline="\n")
    remedy = "add at least one row to safety_rule_parts.tsv"
    assert problems_in(tables) == [Problem("safety_rules.tsv", 2, "rule", "the rule has no part", remedy)]


class File(NamedTuple):
    """A file rewritten byte by byte, and the problem that this makes."""

    change: Callable[[bytes], bytes]
    line: int
    column: str
    message: str
    remedy: str


CITATION_COLUMNS = "citation<tab>title<tab>authors<tab>year<tab>section<tab>identifier<tab>jurisdictions<tab>where_seen"
FILES = {
    "byte order mark": File(
        lambda data: b"\xef\xbb\xbf" + data,
        1,
        "",
        "the file opens with a byte order mark",
        "save it as UTF-8 without byte order mark",
    ),
    "line ends of Windows": File(
        lambda data: data.replace(b"\n", b"\r\n"),
        1,
        "",
        "a carriage return ends or breaks the line",
        "save the file with LF line ends only",
    ),
    "not UTF-8": File(
        lambda data: data.replace(b"ABI-EU-PIL\tAbiraterone", b"ABI-EU-PIL\tAbirat\xe9rone"),
        2,
        "byte 18",
        "byte 0xe9 is not UTF-8",
        "save the file as UTF-8",
    ),
    "UTF-16": File(
        lambda data: data.decode().encode("utf-16"), 1, "byte 1", "byte 0xff is not UTF-8", "save the file as UTF-8"
    ),
    "last line feed missing": File(
        lambda data: data.removesuffix(b"\n"),
        111,
        "",
        "the last line does not end in a line feed",
        "end the file with one line feed",
    ),
    "empty": File(lambda data: b"", 1, "", "the columns are ['']", f"name the columns exactly {CITATION_COLUMNS}"),
}


@pytest.mark.parametrize("case", FILES.values(), ids=FILES)
def test_a_file_saved_wrongly_is_refused(case: File, tables: Path) -> None:
    """An encoding or a line end that editors slip in is named with line and column, and nothing else is said."""
    path = tables / "citations.tsv"
    path.write_bytes(case.change(path.read_bytes()))
    assert problems_in(tables) == [Problem("citations.tsv", case.line, case.column, case.message, case.remedy)]


def test_a_missing_file_is_named(tables: Path) -> None:
    """A table that is not there is one problem, not a crash."""
    (tables / "citations.tsv").unlink()
    remedy = "restore it, or name the folder that holds the curated tables"
    assert problems_in(tables) == [Problem("citations.tsv", 0, "", "the file is missing", remedy)]


def test_an_empty_folder_lacks_every_table(tmp_path: Path) -> None:
    """In a folder without tables each of the twelve is reported missing."""
    found = problems_in(tmp_path)
    assert [(problem.file, problem.message) for problem in found] == [
        (name, "the file is missing") for name in sorted(COLUMNS)
    ]
