"""Every way in which a curated table can be broken is refused, with the exact place and a remedy."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from osteograph.ontology.curation import COLUMNS, CURATED, load_curation
from osteograph.ontology.errors import Problem, ProblemsFound


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the curated tables that a test may break."""
    return Path(shutil.copytree(CURATED, tmp_path / "curated"))


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


class Cell(NamedTuple):
    """One cell given a wrong value, what is then said of it, and how many lines ``below`` the problem is."""

    file: str
    row: str
    column: str
    value: str
    message: str
    remedy: str
    below: int = 0
    named: str | None = None


HEX = "0" * 63
NAMES = {
    "unknown concept as subject": Cell(
        "claims.tsv", "C025", "subject", "LungCancr", "unknown concept 'LungCancr'", "write LungCancer"
    ),
    "unknown concept as object": Cell(
        "claims.tsv", "C025", "object", "Sternumm", "unknown concept 'Sternumm'", "write Sternum"
    ),
    "unknown concept without a near name": Cell(
        "claims.tsv", "C025", "object", "Qqqqq", "unknown concept 'Qqqqq'", "use a concept that exists, or add"
    ),
    "unknown predicate": Cell(
        "claims.tsv", "C004", "predicate", "orginatesIn", "unknown predicate 'orginatesIn'", "write originatesIn"
    ),
    "unknown passage": Cell(
        "claims.tsv", "C004", "passages", "z-999", "unknown passage 'z-999'", "use a passage that exists, or add"
    ),
    "unknown kind": Cell("concepts.tsv", "Bone", "kind_of", "Qqqq", "unknown concept 'Qqqq'", "use a concept"),
    "unknown whole": Cell("concepts.tsv", "Bone", "part_of", "Skeletonn", "unknown concept 'Skeletonn'", "write Skel"),
    "unknown substance": Cell(
        "concepts.tsv", "Zometa", "active_substance", "ZoledronicAcd", "unknown concept 'ZoledronicAcd'", "write Zoled"
    ),
    "unknown concept of a synonym": Cell(
        "synonyms.tsv", "ACEInhibitor", "concept", "ACEInhibito", "unknown concept 'ACEInhibito'", "write ACEInhibitor"
    ),
    "unknown concept of a rule part": Cell(
        "safety_rule_parts.tsv", "ABI-01", "treatment", "Abirateron", "unknown concept 'Abirateron'", "write Abirater"
    ),
    "unknown concept of a mapping": Cell(
        "mappings.sssom.tsv",
        "osteo:ACEInhibitor",
        "subject_id",
        "osteo:ACEInhibito",
        "unknown concept 'ACEInhibito'",
        "write ACEInhibitor",
    ),
    "unknown claim of a conflict": Cell(
        "conflicts.tsv", "X010", "claims", "C297|Z123", "unknown claim 'Z123'", "write C123"
    ),
    "unknown citation of a rule": Cell(
        "safety_rules.tsv", "ABI-01", "citations", "ABI-EU-PLI", "unknown citation 'ABI-EU-PLI'", "write ABI-EU-PIL"
    ),
}
SHAPES = {
    "digest in capitals": Cell(
        "passages.tsv",
        "a-s001",
        "sha256",
        HEX + "A",
        f"{HEX + 'A'!r} is not of the expected shape",
        "write it like 64 hexadecimal digits in lower case",
    ),
    "digest one digit short": Cell(
        "sources.tsv",
        "a",
        "sha256",
        HEX,
        f"{HEX!r} is not of the expected shape",
        "write it like 64 hexadecimal digits in lower case",
    ),
    "name in lower case": Cell(
        "concepts.tsv", "Zometa", "concept", "zometa", "'zometa' is not of the expected shape", "write it like LungCanc"
    ),
    "position with a sign": Cell(
        "passages.tsv", "a-s002", "start", "-17", "'-17' is not a whole number", "write a number such as 42"
    ),
    "position with a leading zero": Cell(
        "passages.tsv", "a-s002", "start", "017", "'017' is not a whole number", "write a number such as 42"
    ),
    "polarity not in the list": Cell(
        "claims.tsv", "C025", "polarity", "assertd", "'assertd' is not one of the allowed values", "write one of assert"
    ),
    "empty label": Cell("concepts.tsv", "Bone", "label", "", "the cell is empty", "fill it in"),
    "list with an empty name": Cell(
        "concepts.tsv", "Prolia", "kind_of", "MonoclonalAntibody|", "an empty or padded name in the list", "separate"
    ),
    "list with a repetition": Cell(
        "concepts.tsv", "Vertebra", "kind_of", "Bone|Bone", "a name stands twice in the list", "keep it once"
    ),
    "stray quotation mark": Cell(
        "concepts.tsv", "Bone", "definition", 'Hard "organ.', "a quotation mark without its partner", "remove it; cells"
    ),
    "blank at the edge": Cell(
        "concepts.tsv", "Bone", "label", "bone ", "blank space at the edge of the cell", "remove"
    ),
    "control character": Cell("concepts.tsv", "Bone", "label", "bo\x1bne", "a control character in the cell", "remove"),
    "literal without datatype": Cell(
        "claims.tsv", "C140", "object", '"2"', '"2" is not a literal', 'write it like "3"^^xsd:integer or "name"@en'
    ),
    "qualifier without value": Cell(
        "claims.tsv", "C025", "qualifiers", "comparator", "'comparator' is not a key and a value", "write them like"
    ),
    "qualifiers out of order": Cell(
        "claims.tsv",
        "C421",
        "qualifiers",
        "minimumPercent=30; maximumPercent=40",
        "the qualifiers are not sorted or repeat one another",
        "sort them, keep each once",
    ),
    "bound that is no number": Cell(
        "timespans.tsv", "OnceDaily", "minimum", "one", "'one' is not a number", "write a number such as 4 or 2.5"
    ),
    "rows out of order": Cell(
        "conflicts.tsv",
        "X010",
        "conflict",
        "X999",
        "the row 'X011' is out of order",
        "sort the rows by their key",
        below=1,
        named="",
    ),
}
MEANINGS = {
    "kind_of cycle": Cell(
        "concepts.tsv",
        "Bone",
        "kind_of",
        "Vertebra",
        "the hierarchy runs in a circle: Bone → Vertebra → Bone",
        "remove one of the links",
    ),
    "kind_of itself": Cell(
        "concepts.tsv",
        "Bone",
        "kind_of",
        "Bone",
        "the hierarchy runs in a circle: Bone → Bone",
        "remove one of the links",
    ),
    "part_of cycle": Cell(
        "concepts.tsv",
        "Skeleton",
        "part_of",
        "Spine",
        "the hierarchy runs in a circle: Skeleton → Spine → Skeleton",
        "remove one of the links",
    ),
    "kind_of across the branches": Cell(
        "concepts.tsv",
        "Bone",
        "kind_of",
        "Abiraterone",
        "Bone and Abiraterone share no top branch (AnatomicalEntity against Intervention)",
        "drop the kind_of, or correct the types",
    ),
    "label of another concept, in capitals": Cell(
        "concepts.tsv", "Vertebra", "label", "SPINE", "the label is that of Spine too", "tell the two apart, or merge"
    ),
    "exact synonym that is another concept's label": Cell(
        "synonyms.tsv",
        "Bone\tbone element",
        "synonym",
        "spine",
        "'spine' names Spine too",
        "make the scope related, or drop the row",
    ),
    "time span with crossed bounds": Cell(
        "timespans.tsv", "OneToFiveWeeks", "minimum", "6", "the bounds are crossed", "write the smaller one first"
    ),
    "time span of something else": Cell(
        "timespans.tsv",
        "EveryFourWeeks",
        "concept",
        "Bone",
        "'Bone' is no concept of type TimeSpan",
        "give the concept the type TimeSpan",
    ),
    "passages of two articles in one claim": Cell(
        "claims.tsv",
        "C025",
        "passages",
        "a-s037|b-s003",
        "the passages are of different sources: a, b",
        "make one claim per source",
    ),
    "literal where a concept is expected": Cell(
        "claims.tsv", "C025", "object", '"bone"@en', "proneToMetastasizeTo relates to a concept", "name a concept"
    ),
    "concept where a literal is expected": Cell(
        "claims.tsv", "C140", "object", "Bone", "mainTypeCount takes a literal", 'write it like "1"^^xsd:integer'
    ),
    "unknown qualifier": Cell(
        "claims.tsv",
        "C025",
        "qualifiers",
        "comparater=OtherCancer",
        "unknown qualifier 'comparater'",
        "write comparator",
    ),
    "qualifier value outside its list": Cell(
        "claims.tsv",
        "C058",
        "qualifiers",
        "frequency=daily",
        "unknown value of frequency 'daily'",
        "write always or commonly or ",
    ),
    "qualifier concept that does not exist": Cell(
        "claims.tsv", "C025", "qualifiers", "comparator=OtherCancr", "unknown concept 'OtherCancr'", "write OtherCancer"
    ),
    "number in words": Cell(
        "claims.tsv",
        "C421",
        "qualifiers",
        "maximumPercent=forty; minimumPercent=30",
        "maximumPercent=forty is not a number",
        "write a number",
    ),
    "number with a trailing zero": Cell(
        "claims.tsv",
        "C421",
        "qualifiers",
        "maximumPercent=40.0; minimumPercent=30",
        "maximumPercent=40.0 is not a number",
        "write a number",
    ),
    "asserted, though only implied": Cell(
        "claims.tsv",
        "C025",
        "basis",
        "implied",
        "a claim with basis implied is not said in so many words and cannot be asserted",
        "write hedged, or the basis stated",
        named="polarity",
    ),
    "basis outside its list": Cell("claims.tsv", "C065", "basis", "impli", "unknown basis 'impli'", "write implied"),
    "certainty outside its list": Cell(
        "claims.tsv", "C065", "certainty", "perhapsso", "unknown certainty 'perhapsso'", "write can or "
    ),
    "refuted without citation": Cell(
        "conflicts.tsv",
        "X001",
        "citations",
        "",
        "refuted without assessment and citation",
        "say what settles it",
        named="assessment",
    ),
    "refuted without assessment": Cell(
        "conflicts.tsv", "X001", "assessment", "", "refuted without assessment and citation", "say what settles it"
    ),
    "refuted claim outside its conflict": Cell(
        "conflicts.tsv",
        "X001",
        "refuted_claims",
        "C025",
        "a refuted claim is no member of the conflict",
        "add it to claims",
    ),
    "refuted on an unverified word": Cell(
        "source_issues.tsv",
        "AI-01",
        "verified",
        "no",
        "refuted without a verified citation",
        "write disputed_claims instead",
        named="refuted_claims",
    ),
    "part without condition and effect": Cell(
        "safety_rule_parts.tsv",
        "ABI-01",
        "conditions",
        "",
        "the part has neither condition nor effect",
        "name one of them",
    ),
    "rule verified by nobody": Cell(
        "safety_rules.tsv",
        "ABI-01",
        "citations",
        "",
        "verified without a citation",
        "name the citation, or write no",
        named="verified",
    ),
    "mapping with an undeclared prefix": Cell(
        "mappings.sssom.tsv",
        "osteo:ACEInhibitor\tACE inhibitor\tskos:exactMatch",
        "object_id",
        "NOPE:1",
        "the prefix 'NOPE' is not declared",
        "add it to the curie_map",
    ),
}
CELLS = {**NAMES, **SHAPES, **MEANINGS}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_wrong_cell_is_named_with_file_line_and_column(cell: Cell, tables: Path) -> None:
    """One wrong cell gives exactly one problem, at its exact place, with a remedy."""
    line = edit(tables, cell.file, cell.row, (cell.column, cell.value)) + cell.below
    found = problems_in(tables)
    column = cell.column if cell.named is None else cell.named
    assert [(p.file, p.line, p.column, p.message) for p in found] == [(cell.file, line, column, cell.message)]
    assert found[0].remedy.startswith(cell.remedy)


def test_a_rule_part_of_no_rule_is_named_and_the_rule_left_without_part_too(tables: Path) -> None:
    """A misspelled rule in the table of parts leaves a part without rule and a rule without part; both are named."""
    line = edit(tables, "safety_rule_parts.tsv", "ABI-02", ("rule", "ABI-02X"))
    found = [(problem.file, problem.line, problem.column, problem.message) for problem in problems_in(tables)]
    expected = [
        ("safety_rule_parts.tsv", line, "rule", "unknown rule 'ABI-02X'"),
        ("safety_rules.tsv", 3, "rule", "the rule has no part"),
    ]
    assert found == expected


def test_an_unknown_class_is_one_problem(tables: Path) -> None:
    """A misspelled class is reported where it stands, and not again for every concept below."""
    line = edit(tables, "concepts.tsv", "Bone", ("types", "BoneSit"))
    found = [(problem.file, problem.line, problem.column, problem.message) for problem in problems_in(tables)]
    assert found == [("concepts.tsv", line, "types", "unknown class of concepts 'BoneSit'")]


POSITIONS = {
    "end outside the article": Cell(
        "passages.tsv",
        "b-s108",
        "end",
        "11274",
        "11025 to 11274 is no stretch of a text of 11273 code points",
        "cut the source again, or correct the position",
    ),
    "start after end": Cell(
        "passages.tsv",
        "a-s002",
        "start",
        "71",
        "71 to 70 is no stretch of a text of 15005 code points",
        "cut the source again, or correct the position",
        named="end",
    ),
    "empty stretch": Cell(
        "passages.tsv",
        "a-s002",
        "start",
        "70",
        "70 to 70 is no stretch of a text of 15005 code points",
        "cut the source again, or correct the position",
        named="end",
    ),
    "overlap": Cell(
        "passages.tsv",
        "a-s002",
        "start",
        "14",
        "the passage overlaps a-s001",
        "let one passage end where the next begins",
    ),
}


@pytest.mark.parametrize("cell", POSITIONS.values(), ids=POSITIONS)
def test_a_wrong_position_is_found_and_breaks_the_seal(cell: Cell, tables: Path) -> None:
    """A position that cannot be is named at its row, and the seal of the source no longer matches."""
    line = edit(tables, cell.file, cell.row, (cell.column, cell.value))
    source = cell.row[0]
    expected = [
        Problem(cell.file, line, cell.named or cell.column, cell.message, cell.remedy),
        Problem(
            "sources.tsv",
            "ab".index(source) + 2,
            "passages_sha256",
            "the passages of the source do not match their seal: a position or a digest was changed",
            f"restore passages.tsv, or, if the change is meant, write {seal(tables, source)}",
        ),
    ]
    assert problems_in(tables) == expected


@pytest.mark.parametrize(("passage", "column", "value"), [("a-s001", "end", "14"), ("a-s001", "sha256", HEX + "1")])
def test_a_digit_changed_in_a_position_or_a_digest_breaks_the_seal(
    passage: str, column: str, value: str, tables: Path
) -> None:
    """A change that still looks right is caught by the seal in sources.tsv, whose new value the remedy gives."""
    edit(tables, "passages.tsv", passage, (column, value))
    expected = Problem(
        "sources.tsv",
        2,
        "passages_sha256",
        "the passages of the source do not match their seal: a position or a digest was changed",
        f"restore passages.tsv, or, if the change is meant, write {seal(tables, 'a')}",
    )
    assert problems_in(tables) == [expected]


def test_the_untouched_tables_match_their_seals(tables: Path) -> None:
    """The seals in sources.tsv are those of the passages as they stand, and the tables have no problem."""
    seals = {name: source.passages_sha256 for name, source in load_curation(tables).sources.items()}
    assert seals == {"a": seal(tables, "a"), "b": seal(tables, "b")}


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


CITATION_COLUMNS = "citation<tab>title<tab>authors<tab>year<tab>section<tab>identifier<tab>where_seen"
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


def test_several_unreadable_tables_are_reported_in_one_go(tables: Path) -> None:
    """Faults of form in three tables come together, sorted by file and line."""
    edit(tables, "citations.tsv", "ABI-EU-PIL", ("title", 'A "leaflet'))
    edit(tables, "claims.tsv", "C025", lambda line: line + "\t")
    edit(tables, "claims.tsv", "C058", ("polarity", "sworn"))
    edit(tables, "synonyms.tsv", "concept", lambda line: line.upper())
    found = [(problem.file, problem.line, problem.column) for problem in problems_in(tables)]
    assert found == [
        ("citations.tsv", 2, "title"),
        ("claims.tsv", 26, ""),
        ("claims.tsv", 59, "polarity"),
        ("synonyms.tsv", 1, ""),
    ]


def test_several_tables_that_disagree_are_reported_in_one_go(tables: Path) -> None:
    """Faults of meaning in four tables come together, sorted by file and line."""
    edit(tables, "claims.tsv", "C025", ("object", "Bnoe"))
    bone = edit(tables, "concepts.tsv", "Bone", ("kind_of", "Vertebra"))
    edit(tables, "conflicts.tsv", "X001", ("citations", ""))
    edit(tables, "passages.tsv", "a-s001", ("sha256", HEX + "1"))
    found = [(problem.file, problem.line, problem.column) for problem in problems_in(tables)]
    expected = [
        ("claims.tsv", 26, "object"),
        ("concepts.tsv", bone, "kind_of"),
        ("conflicts.tsv", 2, "assessment"),
        ("sources.tsv", 2, "passages_sha256"),
    ]
    assert found == expected


def test_an_unreadable_row_does_not_make_others_look_broken(tables: Path) -> None:
    """A concept whose row cannot be read is not reported as unknown wherever it is used: the row is mended first."""
    line = edit(tables, "concepts.tsv", "Bone", lambda line: line.replace("\t", " ", 1))
    problem = Problem("concepts.tsv", line, "", "9 cells where 10 are expected", "check the tabs of the row")
    assert problems_in(tables) == [problem]


def test_the_message_counts_and_lists_all_problems(tables: Path) -> None:
    """The text of the error is what a terminal shows: a count, then one line a problem with place and remedy."""
    edit(tables, "claims.tsv", "C025", ("object", "Sternumm"))
    edit(tables, "claims.tsv", "C140", ("object", "Bone"))
    with pytest.raises(ProblemsFound) as caught:
        load_curation(tables)
    assert str(caught.value).splitlines() == [
        "2 problems found",
        "  claims.tsv:26: object: unknown concept 'Sternumm'. To mend: write Sternum",
        '  claims.tsv:141: object: mainTypeCount takes a literal. To mend: write it like "1"^^xsd:integer',
    ]


def test_two_circles_apart_are_both_reported(tables: Path) -> None:
    """Each circle of a hierarchy is a problem of its own."""
    edit(tables, "concepts.tsv", "Bone", ("kind_of", "Vertebra"))
    edit(tables, "concepts.tsv", "Abiraterone", ("kind_of", "Abiraterone"))
    circles = ["Abiraterone → Abiraterone", "Bone → Vertebra → Bone"]
    assert [problem.message.partition(": ")[2] for problem in problems_in(tables)] == circles


@pytest.mark.parametrize("literal", ['"two"^^xsd:integer', '"2016-13-01"^^xsd:date', '"2"^^nope:integer'])
def test_a_literal_outside_its_datatype_is_refused(literal: str, tables: Path) -> None:
    """A literal whose datatype does not exist, or does not have that value, is a problem of its row."""
    line = edit(tables, "claims.tsv", "C140", ("object", literal))
    assert [(problem.file, problem.line, problem.column) for problem in problems_in(tables)] == [
        ("claims.tsv", line, "object")
    ]


def test_a_rule_and_its_parts_agree_on_the_strength(tables: Path) -> None:
    """A contraindication does not become a caution on its way from the rule to its part."""
    line = edit(tables, "safety_rule_parts.tsv", "ABI-01", ("strength", "caution"))
    assert [(problem.file, problem.line, problem.column) for problem in problems_in(tables)] == [
        ("safety_rule_parts.tsv", line, "strength")
    ]


def test_two_circles_through_one_concept_are_both_reported(tables: Path) -> None:
    """All problems come at once, also where two circles share a concept."""
    edit(tables, "concepts.tsv", "Bone", ("kind_of", "ArmBone|Vertebra"))
    messages = [problem.message for problem in problems_in(tables)]
    assert len(messages) == 2, messages
