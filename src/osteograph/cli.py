"""The command line: each command parses, calls one function and prints.

Exit codes: 0 done; 1 refused, not found, or faults found; 2 the command line itself is wrong; 130 interrupted.
What is imported for one command is imported inside it, so that ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from osteograph import __version__

NOTICE = "Educational, not medical advice; reviewed by no clinician."
RESULT_FORMATS = ("table", "csv", "tsv", "json", "markdown", "turtle", "ntriples", "rdfxml", "jsonld")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not getattr(options, "takes_parameters", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    """Run the chosen command; what osteograph raises on purpose becomes a message and exit code 1."""
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; say nothing more
        return 1
    except Exception as error:
        from osteograph.ontology.errors import OsteographError

        if not isinstance(error, OsteographError):
            raise
        print(f"osteograph: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="osteograph", description="An evidence-backed knowledge graph of bone metastases.", epilog=NOTICE
    )
    parser.add_argument("--version", action="version", version=f"osteograph {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in COMMANDS:
        add(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", epilog=NOTICE)
    parser.set_defaults(run=run)
    return parser


def _add_graph_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--graph", type=Path, metavar="DIR", help="the folder of a build (default: the usual place)")


# build


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "build", _build, "compile the curated tables and write the graph in all formats")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where to write (default: the usual place)")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _build(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.build import build
    from osteograph.ontology.curation import CURATED
    from osteograph.queries.opening import default_folder

    progress = (lambda step: None) if options.quiet else (lambda step: print(f"… {step}", file=sys.stderr))
    done = build(options.output or default_folder(), tables=options.tables or CURATED, progress=progress)
    counts = done.report["counts"]
    shown = ("concepts", "statements", "claims", "conflicts", "safety rules", "mappings", "triples")
    print("  ".join(f"{counts[name]} {name}" for name in shown))
    print("statements: " + ", ".join(f"{count} {name}" for name, count in done.report["standings"].items()))
    print(f"{len(done.report['checks_passed'])} checks passed")
    for name, entry in done.report["files"].items():
        print(f"{entry['bytes']:>10}  {done.folder / name}")
    return 0


# check


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "check", _check, "check tables, graph, shapes, OWL 2 profile and consistency")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    parser.add_argument("--no-reasoner", action="store_true", help="leave out what needs Java")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how findings are written")


def _check(options: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from osteograph.graph_builder.checking import check_all
    from osteograph.ontology.curation import CURATED

    progress = (lambda step: print(f"… {step}", file=sys.stderr)) if options.format == "text" else (lambda step: None)
    outcome = check_all(options.tables or CURATED, reasoner=not options.no_reasoner, progress=progress)
    if options.format == "json":
        print(json.dumps({"findings": [asdict(p) for p in outcome.problems], "done": outcome.done}, indent=1))
    else:
        for problem in outcome.problems:
            print(f"{problem.severity}: {problem}")
        for line in outcome.done:
            print(f"done: {line}")
        print(f"{len(outcome.problems)} findings")
    return 1 if any(problem.severity == "error" for problem in outcome.problems) else 0


# ask, sparql


def _add_ask(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "ask", _ask, "ask a named question; without a name, list the questions")
    parser.add_argument("question", nargs="?", help="name of the question, such as where-does-it-spread")
    parser.add_argument("--format", choices=RESULT_FORMATS, default="table")
    parser.add_argument("--explain", action="store_true", help="show words, parameters and query; ask nothing")
    _add_graph_option(parser)
    parser.set_defaults(takes_parameters=True)
    parser.usage = "osteograph ask [-h] [--format FORMAT] [--explain] [--graph DIR] [QUESTION [--PARAMETER VALUE ...]]"


def _ask(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.queries.catalog import find_question, list_questions
    from osteograph.queries.results import render

    if options.question is None:
        _print_questions(list_questions())
        return 0
    question = find_question(options.question)
    if options.explain:
        print(question.sparql, end="")
        return 0
    with load(options.graph) as kg:
        answer = kg.ask(question.id, **_parameters(options.rest))
    sys.stdout.write(render(answer, options.format))
    return 0


def _print_questions(questions: Sequence[object]) -> None:
    from osteograph.queries.catalog import Question

    for question in questions:
        assert isinstance(question, Question)
        parameters = " ".join(f"--{p.name} …" if p.needed else f"[--{p.name} …]" for p in question.parameters)
        print(f"{question.name.replace('_', '-')} {parameters}".rstrip() + f"\n    {question.summary}")


def _parameters(rest: Sequence[str]) -> dict[str, str]:
    """``--cancer 'lung cancer' --limit=3`` as a dictionary."""
    from osteograph.ontology.errors import BadParameter

    values: dict[str, str] = {}
    words = list(rest)
    while words:
        word = words.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name or (not equals and not words):
            raise BadParameter(f"{word!r} is no parameter with a value; write --name value")
        if name in values:
            raise BadParameter(f"--{name} stands twice")
        values[name] = value if equals else words.pop(0)
    return values


def _add_sparql(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "sparql", _sparql, "run a SPARQL query; our prefixes are supplied")
    parser.add_argument("query", nargs="?", help="the query; left out with --file, or to read standard input")
    parser.add_argument("-f", "--file", type=Path, help="read the query from a file")
    parser.add_argument("--format", choices=RESULT_FORMATS, default="table")
    _add_graph_option(parser)


def _sparql(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.ontology.namespaces import sparql_prologue
    from osteograph.queries.results import render

    text = options.query or (_read(options.file) if options.file else sys.stdin.read())
    with load(options.graph) as kg:
        answer = kg.sparql(text if "prefix" in text.casefold() else sparql_prologue() + text)
    sys.stdout.write(render(answer, options.format))
    return 0


def _read(path: Path) -> str:
    from osteograph.ontology.errors import OsteographError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OsteographError(f"cannot read {path}: {error}") from error


# explain


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "explain", _explain, "show claims, passages, standing and conflicts of a statement")
    parser.add_argument("parts", nargs="+", metavar="PART", help="a statement (ost:…) or rule part (rule:…), or S P O")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _add_graph_option(parser)


def _explain(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.ontology.errors import BadParameter

    if len(options.parts) not in (1, 3):
        raise BadParameter("explain takes one statement, or a subject, a predicate and an object")
    with load(options.graph) as kg:
        found = kg.explain(*options.parts)
    for explanation in found:
        sys.stdout.write(explanation.to_json() if options.format == "json" else explanation.to_text())
    return 0


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "verify", _verify, "check positions and digests of all passages against article files")
    parser.add_argument("folder", type=Path, help="the folder with your copies of the articles")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")


def _verify(options: argparse.Namespace) -> int:
    from osteograph.ontology.articles import verify
    from osteograph.ontology.curation import CURATED, load_curation

    curation = load_curation(options.tables or CURATED)
    problems = list(verify(curation, options.folder))
    for problem in problems:
        print(problem)
    print(f"{len(curation.passages)} passages of {len(curation.sources)} sources, {len(problems)} mismatches")
    return 1 if problems else 0


def _add_evidence(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "evidence", _evidence, "show the very sentences of a statement, from your own articles")
    parser.add_argument("parts", nargs="+", metavar="PART", help="a statement (ost:…), or S P O")
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR", help="the folder with the articles")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    _add_graph_option(parser)


def _evidence(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.ontology.articles import quote, read_source
    from osteograph.ontology.curation import CURATED, load_curation
    from osteograph.ontology.namespaces import PASSAGE

    curation = load_curation(options.tables or CURATED)
    with load(options.graph) as kg:
        found = kg.explain(*options.parts)
    exact = True
    for explanation in found:
        print(f"{explanation.words}\n  {explanation.standing}")
        for row in explanation.claims:
            passage = curation.passages[row["passage"].removeprefix(PASSAGE)]
            quotation = quote(read_source(options.sources, curation.sources[passage.source]), passage)
            exact = exact and quotation.is_exact
            print(
                f"\n  {passage.name} of “{row['source']}”" + ("" if quotation.is_exact else "  DIGEST DOES NOT MATCH")
            )
            print(f"    …{_one_line(quotation.before)}[[{_one_line(quotation.words)}]]{_one_line(quotation.after)}…")
    return 0 if exact else 1


def _one_line(text: str) -> str:
    return " ".join(" ".join(text.splitlines()).split(" "))


# tables, source add, statement add


def _add_tables(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "tables", _tables, "copy the curated tables to a folder of your own, to add to them")
    parser.add_argument("folder", type=Path, help="an empty or a new folder")


def _tables(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.curating import copy_tables

    copy_tables(options.folder)
    print(options.folder.absolute())
    return 0


def _add_source(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("source", help="add a source to tables of your own")
    parser = _command(
        group.add_subparsers(required=True), "add", _source_add, "cut a text into passages; its words stay"
    )
    parser.add_argument("file", type=Path, help="the text, as UTF-8")
    parser.add_argument("--tables", type=Path, required=True, metavar="DIR", help="your tables (osteograph tables DIR)")
    parser.add_argument("--name", required=True, help="the letters it goes by, such as c")
    parser.add_argument("--title", required=True)
    parser.add_argument("--scope", required=True, help="what it is about, such as: bone metastases of breast cancer")


def _source_add(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.curating import NewSource, add_source

    passages = add_source(options.tables, options.file, NewSource(options.name, options.title, options.scope))
    text = options.file.read_bytes().decode("utf-8")
    for passage in passages:
        print(f"{passage.name}  {passage.kind:<8} {_one_line(text[passage.start : passage.end])}")
    return 0


CLAIM_OPTIONS = ("subject", "predicate", "object", "paraphrase")


def _add_statement(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("statement", help="add a statement to tables of your own")
    parser = _command(group.add_subparsers(required=True), "add", _statement_add, "add a claim that makes a statement")
    parser.add_argument("--tables", type=Path, required=True, metavar="DIR", help="your tables (osteograph tables DIR)")
    parser.add_argument("--passage", action="append", required=True, help="a passage it rests on; may be repeated")
    for name in CLAIM_OPTIONS:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--qualifier", action="append", default=[], metavar="KEY=VALUE", help="may be repeated")
    parser.add_argument("--polarity", choices=("asserted", "hedged", "denied"), default="asserted")
    parser.add_argument("--certainty", default="", help="the modal word, such as may")
    parser.add_argument("--basis", default="stated", help="implied, derived or ambiguousScope where it is not stated")
    parser.add_argument("--theme", default="added")
    parser.add_argument("--note", default="")


def _statement_add(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.curating import add_claim

    cells = {
        name: getattr(options, name) for name in (*CLAIM_OPTIONS, "polarity", "certainty", "basis", "theme", "note")
    }
    cells["passages"] = "|".join(options.passage)
    cells["qualifiers"] = "; ".join(sorted(set(options.qualifier)))
    print(add_claim(options.tables, cells))
    return 0


# export, view, schema


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "export", _export, "write the graph in one format to a file or standard output")
    parser.add_argument(
        "--format",
        required=True,
        choices=("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "owl"),
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file (default: standard output)")
    _add_graph_option(parser)


def _export(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.export import FORMATS, serialize, write_aside
    from osteograph.knowledge_graph import load

    with load(options.graph) as kg:
        data = serialize(kg.quads(), FORMATS[options.format])
    if options.output:
        write_aside(options.output, data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _add_view(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "view", _view, "write a graph view as one HTML file; without a name, list the views")
    parser.add_argument("view", nargs="?", help="name of the view, such as overview")
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file (default: VIEW.html)")
    _add_graph_option(parser)


def _view(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.export import write_aside
    from osteograph.knowledge_graph import load
    from osteograph.visualizations.html import render_view
    from osteograph.visualizations.views import find_view, list_views

    if options.view is None:
        for view in list_views():
            print(f"{view.name.replace('_', '-')}\n    {view.title}")
        return 0
    view = find_view(options.view)
    output = options.output or Path(f"{view.name}.html")
    with load(options.graph) as kg:
        write_aside(output, render_view(kg.store, view).encode())
    print(output.absolute())
    return 0


def _add_schema(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "schema", _schema, "show classes and relations with counts and an example of each")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _add_graph_option(parser)


def _schema(options: argparse.Namespace) -> int:
    import json

    from osteograph.knowledge_graph import load
    from osteograph.queries.schema_summary import summarize_schema

    with load(options.graph) as kg:
        classes, relations = summarize_schema(kg.store)
    if options.format == "json":
        print(json.dumps({"classes": classes, "relations": relations}, ensure_ascii=False, indent=1))
        return 0
    print("Classes")
    for row in classes:
        print(f"{row['instances']:>6}  {row['class']}  {row.get('example', '')}")
    print("\nRelations of statements (all, accepted)")
    for row in relations:
        print(f"{row['statements']:>6} {row['accepted']:>4}  {row['relation']}  {row.get('example', '')}")
    return 0


COMMANDS = (
    _add_build,
    _add_check,
    _add_ask,
    _add_sparql,
    _add_explain,
    _add_evidence,
    _add_verify,
    _add_export,
    _add_view,
    _add_schema,
    _add_tables,
    _add_source,
    _add_statement,
)


if __name__ == "__main__":
    sys.exit(main())
