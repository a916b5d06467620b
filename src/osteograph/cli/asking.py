"""Commands of the reading side: ask, sparql, evidence, network, schema."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .common import RESULT_FORMATS, Commands, add_store_options, command, count, group_of_commands, one_line, open_store

if TYPE_CHECKING:
    from osteograph.queries.catalog import Question
    from osteograph.queries.network_analysis import Network
    from osteograph.queries.stores.base import Answer, Store


def _add_result_options(parser: argparse.ArgumentParser) -> None:
    add_store_options(parser)
    parser.add_argument("--format", choices=RESULT_FORMATS, default="table")
    parser.add_argument("--limit", type=count, metavar="ROWS", help="show no more rows than this")


def _print_answer(answer: Answer, options: argparse.Namespace) -> None:
    from osteograph.ontology.errors import BadParameter
    from osteograph.queries.results import render
    from osteograph.queries.stores.base import Solutions

    if options.limit is not None and isinstance(answer, tuple):
        raise BadParameter("--limit cuts rows, and this answer is a graph, of which a part would mean something else")
    if options.limit is not None and isinstance(answer, Solutions) and len(answer.rows) > options.limit:
        print(f"… {len(answer.rows)} rows, {options.limit} shown", file=sys.stderr)
        answer = Solutions(answer.variables, answer.rows[: options.limit])
    sys.stdout.write(render(answer, options.format))


# ask, sparql


def _add_ask(commands: Commands) -> None:
    parser = command(commands, "ask", _ask)
    parser.add_argument("question", nargs="?", help="name of the question, such as where-does-it-spread")
    parser.add_argument("--search", metavar="WORDS", help="list the questions that have all these words")
    parser.add_argument("--explain", action="store_true", help="show words, parameters, query and plan; ask nothing")
    parser.add_argument("--evidence", action="store_true", help="tell below the answer what its statements rest on")
    _add_result_options(parser)
    parser.set_defaults(takes_parameters=True)
    parser.usage = "osteograph ask [QUESTION [--PARAMETER VALUE ...]] [--search WORDS] [--explain] [options]"


def _ask(options: argparse.Namespace) -> int:
    from osteograph.ontology.errors import BadParameter
    from osteograph.queries.catalog import ask, find_question, search_questions

    if options.rest and options.explain:
        raise BadParameter(f"{' '.join(options.rest)}: parameters are for asking, not to explain")
    if options.question is None:
        found = search_questions(options.search or "")
        _print_questions(found)
        return 0 if found else 1
    question = find_question(options.question)
    if options.explain:
        _print_question(question)
        return 0
    if options.evidence and options.format != "table":
        raise BadParameter("--evidence is told in words, below a table; leave out --format")
    with open_store(options) as store:
        answer = ask(store, question, parameters_of(options.rest))
        _print_answer(answer, options)
        if options.evidence:
            _print_evidence(store, answer)
    return 0


def _print_evidence(store: Store, answer: Answer) -> None:
    """What each statement of an answer rests on: claims, passages and conflicts, as ``explain`` tells them."""
    from osteograph.ontology.namespaces import STATEMENT
    from osteograph.queries.explanation import explain_statements
    from osteograph.queries.stores.base import Solutions

    rows = answer.rows if isinstance(answer, Solutions) else ()
    named = (str(term.value) for row in rows for term in row if term is not None)
    statements = dict.fromkeys(name for name in named if name.startswith(STATEMENT))
    for explanation in explain_statements(store, statements):
        print(f"\n{explanation.to_text()}", end="")


def _print_questions(questions: Sequence[Question]) -> None:
    for question in questions:
        parameters = " ".join(f"--{p.name} …" if p.needed else f"[--{p.name} …]" for p in question.parameters)
        print(f"{question.name.replace('_', '-')} {parameters}".rstrip() + f"\n    {question.summary}")


def _print_question(question: Question) -> None:
    """Words, parameters, query, and the plan as the algebra that rdflib translates the query to."""
    from osteograph.queries.plan import plan_of

    print(f"{question.summary}\n{question.description}\n")
    for p in question.parameters:
        need = "needed" if p.needed else "may be left out"
        print(f"--{p.name}  {p.type}, {need}" + (f", such as {p.default}" if p.default else ""))
    print(f"\n{question.sparql}\n{plan_of(question.sparql)}", end="")


def parameters_of(rest: Sequence[str]) -> dict[str, str]:
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


def _add_sparql(commands: Commands) -> None:
    parser = command(commands, "sparql", _sparql)
    parser.add_argument("query", nargs="?", help="the query; left out with --file, or to read standard input")
    parser.add_argument("-f", "--file", type=Path, help="read the query from a file")
    _add_result_options(parser)


def _sparql(options: argparse.Namespace) -> int:
    text = options.query or (read_text(options.file) if options.file else sys.stdin.read())
    with open_store(options) as store:
        answer = store.query(text)
    _print_answer(answer, options)
    return 0


def read_text(path: Path) -> str:
    """A text file that the command line names."""
    from osteograph.ontology.errors import OsteographError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OsteographError(f"cannot read {path}: {error}") from error


# evidence


def _add_evidence(commands: Commands) -> None:
    parser = command(commands, "evidence", _evidence)
    parser.add_argument("parts", nargs="+", metavar="PART", help="a statement (ost:…), or S P O")
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR", help="the folder with the articles")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    add_store_options(parser)


def _evidence(options: argparse.Namespace) -> int:
    from osteograph.ontology.articles import quote, read_source
    from osteograph.ontology.curation import CURATED, load_curation
    from osteograph.ontology.namespaces import PASSAGE
    from osteograph.queries.explanation import explain

    curation = load_curation(options.tables or CURATED)
    with open_store(options) as store:
        found = explain(store, *options.parts)
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
            print(f"    …{one_line(quotation.before)}[[{one_line(quotation.words)}]]{one_line(quotation.after)}…")
    return 0 if exact else 1


# network


def _add_network(commands: Commands) -> None:
    group = group_of_commands(commands, "network")
    kinds = group.add_subparsers(title="what", metavar="WHAT", required=True)
    paths = command(kinds, "paths", _paths, "the best paths between two concepts, with the statements on the way")
    paths.add_argument("start")
    paths.add_argument("end")
    paths.add_argument("--limit", type=count, default=5, help="how many paths (default: 5)")
    paths.add_argument("--any-direction", action="store_true", help="walk statements backwards too")
    near = command(kinds, "near", _near, "what is within some steps of a concept")
    near.add_argument("concept")
    near.add_argument("--depth", type=count, default=1, help="how many steps (default: 1)")
    central = command(kinds, "central", _central, "the concepts that most shortest paths run through")
    central.add_argument("--limit", type=count, default=10, help="how many concepts (default: 10)")
    groups = command(kinds, "communities", _communities, "groups of concepts that are closely linked")
    both = command(kinds, "compare", _compare, "what two concepts share and what only one of them has")
    both.add_argument("first")
    both.add_argument("second")
    for parser in (paths, near, central, groups, both):
        add_store_options(parser)


@contextmanager
def _network(options: argparse.Namespace) -> Iterator[tuple[Store, Network]]:
    from osteograph.queries.network import to_networkx
    from osteograph.queries.network_analysis import standing_network

    with open_store(options) as store:
        yield store, standing_network(to_networkx(store))


def _paths(options: argparse.Namespace) -> int:
    from osteograph.queries.names import resolve_concept
    from osteograph.queries.network_analysis import find_paths

    with _network(options) as (store, network):
        ends = [resolve_concept(store, text).value for text in (options.start, options.end)]
        found = find_paths(network, ends[0], ends[1], limit=options.limit, directed=not options.any_direction)
    for path in found:
        print(" → ".join(network.nodes[concept]["label"] for concept in path.concepts))
        for step in (step for steps in path.steps for step in steps):
            words = _link(network, step.subject, step.predicate, step.object)
            print(f"    {words}  [{step.standing}]  {_key(step.statement)}")
    if not found:
        print("no path through statements that stand", file=sys.stderr)
    return 0 if found else 1


def _near(options: argparse.Namespace) -> int:
    from osteograph.queries.names import resolve_concept
    from osteograph.queries.network_analysis import neighbourhood

    with _network(options) as (store, network):
        near = neighbourhood(network, resolve_concept(store, options.concept).value, options.depth)
    for subject, obj, key, data in sorted(near.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        print(f"{_link(network, subject, data['predicate'], obj)}  [{data['standing']}]  {_key(str(key))}")
    return 0


def _central(options: argparse.Namespace) -> int:
    from osteograph.queries.network_analysis import centralities

    with _network(options) as (_, network):
        for concept, between, statements in centralities(network, options.limit):
            print(f"{between:.4f}  {statements:>4} statements  {network.nodes[concept]['label']}")
    return 0


def _communities(options: argparse.Namespace) -> int:
    from osteograph.queries.network_analysis import communities

    with _network(options) as (_, network):
        for group in communities(network):
            print(f"{len(group):>4}  " + "; ".join(network.nodes[concept]["label"] for concept in group))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from osteograph.queries.names import resolve_concept
    from osteograph.queries.network_analysis import compare

    with _network(options) as (store, network):
        ends = [resolve_concept(store, text).value for text in (options.first, options.second)]
        found = compare(network, ends[0], ends[1])
    for title, pairs in (
        ("both", found.both),
        (f"only {network.nodes[ends[0]]['label']}", found.only_first),
        (f"only {network.nodes[ends[1]]['label']}", found.only_second),
    ):
        print(title)
        for predicate, concept in pairs:
            words = _label(predicate.removeprefix("^"))
            label = network.nodes[concept]["label"]
            print(f"    {label} {words} …" if predicate.startswith("^") else f"    … {words} {label}")
    return 0


def _label(iri: str) -> str:
    from osteograph.ontology.schema import load_schema

    return load_schema().labels.get(iri, iri)


def _link(network: Network, subject: str, predicate: str, obj: str) -> str:
    return f"{network.nodes[subject]['label']} {_label(predicate)} {network.nodes[obj]['label']}"


def _key(key: str) -> str:
    """The statement of an edge; links of the curated hierarchy have none."""
    from osteograph.ontology.namespaces import STATEMENT, shorten

    return shorten(key) if key.startswith(STATEMENT) else "curated hierarchy"


# schema


def _add_schema(commands: Commands) -> None:
    parser = command(commands, "schema", _schema)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_store_options(parser)


def _schema(options: argparse.Namespace) -> int:
    import json

    from osteograph.queries.schema_summary import summarize_schema

    with open_store(options) as store:
        classes, relations = summarize_schema(store)
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


COMMANDS = {
    "ask": _add_ask,
    "sparql": _add_sparql,
    "evidence": _add_evidence,
    "network": _add_network,
    "schema": _add_schema,
}
