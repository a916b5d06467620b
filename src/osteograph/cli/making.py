"""Commands of the writing side: build, check, export, verify, tables, source, statement."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .common import Commands, add_graph_option, command, group_of_commands, one_line


def _add_build(commands: Commands) -> None:
    parser = command(commands, "build", _build)
    parser.add_argument("--output", type=Path, metavar="DIR", help="where to write (default: the usual place)")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    parser.add_argument("--mappings", choices=("all", "open"), default="all", help="open: only what all may pass on")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _build(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.build import Progress, build
    from osteograph.ontology.curation import CURATED
    from osteograph.queries.opening import default_folder, open_graph

    progress: Progress = (lambda step: None) if options.quiet else (lambda step: print(f"… {step}", file=sys.stderr))
    done = build(
        options.output or default_folder(),
        tables=options.tables or CURATED,
        open_mappings=options.mappings == "open",
        progress=progress,
    )
    progress("preparing the store on disk")
    open_graph(done.folder, on_disk=True).close()
    counts = done.report["counts"]
    shown = ("concepts", "statements", "claims", "conflicts", "safety rules", "mappings", "triples")
    print("  ".join(f"{counts[name]} {name}" for name in shown))
    print("statements: " + ", ".join(f"{count} {name}" for name, count in done.report["standings"].items()))
    print(f"{len(done.report['checks_passed'])} checks passed")
    for name, entry in done.report["files"].items():
        print(f"{entry['bytes']:>10}  {done.folder / name}")
    return 0


def _add_check(commands: Commands) -> None:
    parser = command(commands, "check", _check)
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    parser.add_argument("--no-reasoner", action="store_true", help="leave out what needs Java")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how findings are written")


def _check(options: argparse.Namespace) -> int:
    import json

    from osteograph.graph_builder.checking import check_all
    from osteograph.ontology.curation import CURATED

    progress = (lambda step: print(f"… {step}", file=sys.stderr)) if options.format == "text" else (lambda step: None)
    outcome = check_all(options.tables or CURATED, reasoner=not options.no_reasoner, progress=progress)
    if options.format == "json":
        print(
            json.dumps(
                {"findings": [problem._asdict() for problem in outcome.problems], "done": outcome.done}, indent=1
            )
        )
    else:
        for problem in outcome.problems:
            print(f"{problem.severity}: {problem}")
        for line in outcome.done:
            print(f"done: {line}")
        print(f"{len(outcome.problems)} findings")
    return 1 if any(problem.severity == "error" for problem in outcome.problems) else 0


def _add_export(commands: Commands) -> None:
    parser = command(commands, "export", _export)
    parser.add_argument("--format", help="name of the format, such as turtle")
    parser.add_argument(
        "--output", type=Path, metavar="PATH", help="the file, or the folder of a format with several files"
    )
    add_graph_option(parser)


def _export(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.exports.formats import EXPORTS, as_bytes, write_export
    from osteograph.graph_builder.exports.material import Material
    from osteograph.knowledge_graph import load
    from osteograph.ontology.errors import OsteographError, UnknownName
    from osteograph.queries.opening import DATA

    if options.format is None:
        for export in EXPORTS.values():
            print(f"{export.name:<9} {export.words}\n          {', '.join(export.files)}")
        return 0
    if options.format not in EXPORTS:
        raise UnknownName("format", options.format, list(EXPORTS))
    export = EXPORTS[options.format]
    if options.output is None and len(export.files) > 1:
        raise OsteographError(f"{export.name} has several files; name a folder for them with --output")
    with load(options.graph) as kg:
        material = Material.open(kg.folder / DATA)
    if options.output:
        for path in write_export(export, material, options.output):
            print(path.absolute(), file=sys.stderr)
        return 0
    ((_, writer),) = export.files.values()
    sys.stdout.buffer.writelines(as_bytes(writer(material)))
    return 0


def _add_verify(commands: Commands) -> None:
    parser = command(commands, "verify", _verify)
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


def _add_tables(commands: Commands) -> None:
    parser = command(commands, "tables", _tables)
    parser.add_argument("folder", type=Path, help="an empty or a new folder")


def _tables(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.curating import copy_tables

    copy_tables(options.folder)
    print(options.folder.absolute())
    return 0


def _add_source(commands: Commands) -> None:
    group = group_of_commands(commands, "source")
    parser = command(
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
        print(f"{passage.name}  {passage.kind:<8} {one_line(text[passage.start : passage.end])}")
    return 0


CLAIM_OPTIONS = ("subject", "predicate", "object", "paraphrase")


def _add_statement(commands: Commands) -> None:
    group = group_of_commands(commands, "statement")
    parser = command(group.add_subparsers(required=True), "add", _statement_add, "add a claim that makes a statement")
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


COMMANDS = {
    "build": _add_build,
    "check": _add_check,
    "export": _add_export,
    "verify": _add_verify,
    "tables": _add_tables,
    "source": _add_source,
    "statement": _add_statement,
}
