"""The command line as its users meet it: output, formats, messages and exit codes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from osteograph.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    try:
        code = main(words)
    except SystemExit as error:
        code = int(error.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def graph(built: Path) -> list[str]:
    """The option that names the built graph."""
    return ["--graph", str(built)]


def test_build_prints_a_summary_and_names_its_files(built: Path) -> None:
    """Counts, standings, checks and every file written."""
    out, err = ((built.parent / f"build.{end}").read_text(encoding="utf-8") for end in ("out", "err"))
    assert "725 statements  734 claims  134 conflicts  450 safety rules" in out
    assert "3 refuted" in out
    assert all(str(built / f"osteograph.{end}") in out for end in ("ttl", "trig", "nq", "jsonld", "owl"))
    assert "compiling" in err


def test_build_lists_every_problem_and_exits_with_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Broken tables are told with file and line, and nothing is written."""
    run(capsys, "tables", str(tmp_path / "tables"))
    claims = tmp_path / "tables" / "claims.tsv"
    text = claims.read_text(encoding="utf-8").replace(
        "\tLungCancer\tproneToMetastasizeTo\tBone", "\tLungCancr\tproneTo\tBone"
    )
    claims.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "build", "--tables", str(tmp_path / "tables"), "--output", str(tmp_path / "graph"))
    assert (code, out) == (1, "")
    assert "claims.tsv:26: subject: unknown concept 'LungCancr'. To mend: write LungCancer" in err
    assert "claims.tsv:26: predicate: unknown predicate 'proneTo'" in err
    assert not (tmp_path / "graph").exists()


def test_ask_without_a_name_lists_the_questions(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its parameters and its words."""
    code, out, _ = run(capsys, "ask")
    assert code == 0
    assert "where-does-it-spread --cancer …\n    Where does a cancer spread?" in out
    assert "lesion-types-by-cancer [--cancer …]" in out


def test_ask_answers_in_every_format(capsys: pytest.CaptureFixture[str], graph: list[str]) -> None:
    """Table, CSV, TSV, JSON and Markdown hold the same rows."""
    question = ["ask", "lesion-types-by-cancer", "--cancer", "prostate cancer", *graph]
    for form in ("table", "csv", "tsv", "json", "markdown"):
        code, out, _ = run(capsys, *question, "--format", form)
        assert code == 0
        assert "osteoblastic metastasis" in out
        assert out.endswith("\n")
    rows = json.loads(run(capsys, *question, "--format", "json")[1])["results"]["bindings"]
    assert [row["frequency"]["value"] for row in rows] == ["often"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ask", "where-does-it-spred"], "where-does-it-spread"),
        (["ask", "where-does-it-spread"], "needs cancer"),
        (["ask", "where-does-it-spread"], "such as https://w3id.org/osteograph/concept/LungCancer"),
        (["ask", "where-does-it-spread", "--cancer"], "write --name value"),
        (["ask", "where-does-it-spread", "--explain", "--cancer", "lung cancer"], "parameters are for asking"),
        (["ask", "lesion-as-graph", "--lesion", "OsteolyticMetastasis", "--limit", "3"], "this answer is a graph"),
        (["ask", "where-does-it-spread", "--cancer", "lung cancr"], "lung cancer"),
        (["ask", "where-does-it-spread", "--cancer", "lung cancer", "--cancer", "x"], "twice"),
        (["sparql", "SELECT * WHERE { ?s ?p }"], "expected"),
        (["sparql", "SELECT * WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }"], "SERVICE"),
        (["sparql", "DELETE WHERE { ?s ?p ?o }"], "only queries are answered"),
        (["sparql", "-f", "missing.rq"], "missing.rq"),
        (["explain", "ost:nothing"], "no statement"),
        (["explain", "a", "b"], "subject, a predicate and an object"),
        (["view", "overvew"], "overview"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_one(
    capsys: pytest.CaptureFixture[str], graph: list[str], words: list[str], told: str
) -> None:
    """One message on standard error that says what to do; nothing on standard output."""
    code, out, err = run(capsys, *words, *graph)
    assert (code, out) == (1, "")
    assert err.startswith("osteograph: ")
    assert told in err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["build", "--colour", "red"],
        ["verify"],
        ["ask", "--format", "excel"],
        *(["sparql", "ASK {}", "--limit", text] for text in ("-1", "1.5", "²", "")),
        *(["sparql", "ASK {}", "--timeout", text] for text in ("0", "-1", "nan", "inf", "soon")),
        ["network", "near", "fracture", "--depth", "-1"],
    ],
)
def test_a_wrong_command_line_exits_with_two(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """argparse says how the command is used."""
    code, _, err = run(capsys, *words)
    assert code == 2
    assert "usage:" in err


def test_a_missing_graph_says_how_to_build_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A named folder without a build is not filled unasked."""
    code, _, err = run(capsys, "ask", "common-sites", "--graph", str(tmp_path))
    assert code == 1
    assert "osteograph build" in err


def test_sparql_supplies_prefixes_and_asks_the_union(capsys: pytest.CaptureFixture[str], graph: list[str]) -> None:
    """A one-hop question in one line; ASK and CONSTRUCT too."""
    code, out, _ = run(capsys, "sparql", "SELECT ?s { osteo:ThyroidCancer bmo:proneToMetastasizeTo ?s }", *graph)
    assert (code, out.splitlines()[2]) == (0, "osteo:Bone")
    assert run(capsys, "sparql", "ASK { osteo:Prolia bmo:kindOf+ osteo:Bisphosphonate }", *graph)[1] == "false\n"
    construct = "CONSTRUCT WHERE { osteo:ThyroidCancer bmo:proneToMetastasizeTo ?s }"
    assert "osteo:ThyroidCancer bmo:proneToMetastasizeTo osteo:Bone" in run(capsys, "sparql", construct, *graph)[1]


def test_explain_takes_a_claim_a_statement_or_three_parts(capsys: pytest.CaptureFixture[str], graph: list[str]) -> None:
    """All lead to the same explanation."""
    by_claim = run(capsys, "explain", "C621", *graph)[1]
    by_parts = run(capsys, "explain", "Zometa", "hasAdverseEffect", "osteonecrosis of the jaw", *graph)[1]
    assert by_claim == by_parts
    assert "passage:b-s081" in by_claim
    assert json.loads(run(capsys, "explain", "C621", "--format", "json", *graph)[1])["standing"] == "accepted"


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "owl"])
def test_export_writes_each_format_to_a_file(
    capsys: pytest.CaptureFixture[str], graph: list[str], tmp_path: Path, form: str, built: Path
) -> None:
    """What export writes is what the build wrote, where the build writes that format."""
    from osteograph.graph_builder.export import FORMATS

    target = tmp_path / "graph"
    assert run(capsys, "export", "--format", form, "--output", str(target), *graph)[0] == 0
    made = built / FORMATS[form].file
    assert target.stat().st_size > 100_000
    assert not made.exists() or made.read_bytes() == target.read_bytes()


def test_schema_shows_counts_and_examples(capsys: pytest.CaptureFixture[str], graph: list[str]) -> None:
    """Classes with instances, relations with statements."""
    code, out, _ = run(capsys, "schema", *graph)
    assert code == 0
    assert "bmo:metastasizesTo  " in out
    assert "bmo:PrimaryCancer  " in out
    document = json.loads(run(capsys, "schema", "--format", "json", *graph)[1])
    relation = next(row for row in document["relations"] if row["relation"] == "bmo:hasAdverseEffect")
    assert int(relation["statements"]) > int(relation["accepted"]) > 0


@pytest.mark.java
@pytest.mark.parametrize("words", [["export", "kgx"], ["diff", "a", "b", "c"], ["sparql", "--every", "x"]])
def test_a_word_too_much_is_answered_with_the_usage_of_its_command(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """That of the whole command line would not help."""
    code, _, err = run(capsys, *words)
    assert code == 2
    assert err.startswith(f"usage: osteograph {words[0]} ")
    assert "unrecognized arguments" in err


def test_check_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Tables, violation queries, shapes, OWL 2 profile and consistency are clean, and the coverage is told."""
    code, out, _ = run(capsys, "check")
    assert code == 0
    assert "734 claims on 266 of 307 passages, 134 conflicts, 55 source issues, 450 safety rules" in out
    assert all(f"done: {part}" in out for part in ("SHACL shapes", "OWL 2 DL profile", "consistency"))
    assert "\n0 findings" in out


def test_check_can_leave_the_reasoners_out(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON tells the same of what remains."""
    code, out, _ = run(capsys, "check", "--no-reasoner", "--format", "json")
    document = json.loads(out)
    assert (code, document["findings"]) == (0, [])
    assert [line.partition(":")[0] for line in document["done"][::2]] == ["tables", "SHACL shapes"]
    assert not any("HermiT" in line or "OWL" in line for line in document["done"])


@pytest.mark.articles
def test_verify_and_evidence_read_the_articles(
    capsys: pytest.CaptureFixture[str], graph: list[str], articles: Path
) -> None:
    """All passages fit, and the sentence itself is shown from the user's copy."""
    code, out, _ = run(capsys, "verify", str(articles))
    assert (code, out) == (0, "307 passages of 2 sources, 0 mismatches\n")
    code, out, _ = run(capsys, "evidence", "C621", "--sources", str(articles), *graph)
    assert code == 0
    assert "[[" in out
    assert "b-s081" in out


def test_verify_exits_with_one_where_nothing_fits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An empty folder holds no article."""
    code, out, _ = run(capsys, "verify", str(tmp_path))
    assert code == 1
    assert "2 mismatches" in out


def test_source_and_statement_are_added_from_the_command_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The walk of the documentation, word for word."""
    tables, text = tmp_path / "tables", tmp_path / "melanoma.txt"
    text.write_text("Melanoma can spread to bone.\n", encoding="utf-8")
    assert run(capsys, "tables", str(tables))[0] == 0
    words = [
        "source",
        "add",
        str(text),
        "--tables",
        str(tables),
        "--name",
        "c",
        "--title",
        "On melanoma",
        "--scope",
        "melanoma",
    ]
    assert run(capsys, *words)[1] == "c-s001  claim    Melanoma can spread to bone.\n"
    claim = ["--passage", "c-s001", "--subject", "Cancer", "--predicate", "metastasizesTo", "--object", "Bone"]
    words = [
        "statement",
        "add",
        "--tables",
        str(tables),
        *claim,
        "--certainty",
        "can",
        "--paraphrase",
        "Melanoma reaches bone.",
    ]
    assert run(capsys, *words)[:2] == (0, "C735\n")


def test_a_graph_that_cannot_be_opened_leaves_no_timer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The time limit ends the whole process, which may be somebody's notebook: it must not outlive the command."""
    assert main(["sparql", "ASK {}", "--graph", str(tmp_path / "none"), "--timeout", "60"]) == 1
    assert capsys.readouterr().err
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(timer.finished.is_set() for timer in timers)
