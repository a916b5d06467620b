"""Commands of exchange: release, diff, import, push."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .common import Commands, add_graph_option, command, count


def _add_release(commands: Commands) -> None:
    parser = command(commands, "release", _release)
    parser.add_argument("folder", type=Path, help="where releases stand; the new one is named by its version")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the version (default: the one of the schema)")
    parser.add_argument("--previous", type=Path, metavar="DIR", help="the release before, to say what changed")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="other curated tables than those that are shipped")
    parser.add_argument(
        "--mappings", choices=("open", "all"), default="open", help="all: also what not all may pass on"
    )
    parser.add_argument("--without", action="append", default=[], metavar="FORMAT", help="may be repeated")
    parser.add_argument("--verify", action="store_true", help="make none: compare FOLDER with its manifest")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _release(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.releasing import release, verify_release
    from osteograph.ontology.curation import CURATED

    if options.verify:
        faults = verify_release(options.folder)
        print("\n".join(faults) if faults else f"{options.folder} is as it was released")
        return 1 if faults else 0
    progress = (lambda step: None) if options.quiet else (lambda step: print(f"… {step}", file=sys.stderr))
    done = release(
        options.folder,
        tables=options.tables or CURATED,
        version=options.date,
        open_mappings=options.mappings == "open",
        previous=options.previous,
        without=options.without,
        progress=progress,
    )
    for name, entry in done.manifest["files"].items():
        print(f"{entry['bytes']:>10}  {done.folder / name}")
    return 0


def _add_diff(commands: Commands) -> None:
    parser = command(commands, "diff", _diff)
    parser.add_argument("before", type=Path, help="the folder of a build or release, or its N-Quads file")
    parser.add_argument("after", type=Path, help="the same of the later one")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")


def _diff(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.diffing import compare, find_graph
    from osteograph.graph_builder.exports.material import Material

    before, after = (Material.open(find_graph(place)) for place in (options.before, options.after))
    difference = compare(before, after)
    written = {"text": difference.to_text, "json": difference.to_json, "markdown": difference.to_markdown}
    sys.stdout.write(written[options.format]())
    return 0


def _add_import(commands: Commands) -> None:
    parser = command(commands, "import", _import)
    parser.add_argument("file", type=Path, nargs="?", help="Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML")
    parser.add_argument("--name", help="what it goes by, in small letters (default: the name of the file)")
    parser.add_argument("--replace", action="store_true", help="put it in the place of an import of that name")
    parser.add_argument("--remove", metavar="NAME", help="forget an import")
    parser.add_argument("--large", action="store_true", help="N-Triples or N-Quads of any size; not checked by shapes")
    add_graph_option(parser)


def _import(options: argparse.Namespace) -> int:
    from osteograph.graph_builder.importing import import_file, import_large, list_imports, remove_import
    from osteograph.queries.opening import default_folder, files_of, store_folder
    from osteograph.queries.stores.on_disk import make_store

    folder = options.graph or default_folder()
    if options.remove:
        remove_import(options.remove, folder)
    elif options.file is None:
        for name, triples in list_imports(folder):
            print(f"{name}  {triples} triples")
    else:
        take = import_large if options.large else import_file
        done = take(options.file, name=options.name, folder=folder, replace=options.replace)
        make_store(files_of(folder.absolute()), store_folder(folder.absolute()), _show_bytes)
        print(f"{done.triples} triples in {', '.join(done.graphs)}")
        if options.large:
            print("not checked by the shapes", file=sys.stderr)
        for iri in done.not_followed:
            print(f"not followed: owl:imports {iri}", file=sys.stderr)
    return 0


def _show_bytes(done: int, total: int) -> None:
    """How far loading is, on a terminal alone."""
    if sys.stderr.isatty():
        print(f"\r… loading {100 * done // max(total, 1)} %", end="\n" if done >= total else "", file=sys.stderr)


def _add_push(commands: Commands) -> None:
    parser = command(commands, "push", _push)
    parser.add_argument("--store", required=True, metavar="URL", help="its graph store (Graph Store Protocol)")
    parser.add_argument("--endpoint", required=True, metavar="URL", help="its endpoint, where triples are counted")
    parser.add_argument("--user", metavar="NAME", help="log in; the password is read from OSTEOGRAPH_PASSWORD")
    parser.add_argument(
        "--batch", type=count, default=10_000, metavar="N", help="triples in a request (default: 10,000)"
    )
    parser.add_argument("--resume", action="store_true", help="go on where a push of the same build was broken off")
    add_graph_option(parser)


def _push(options: argparse.Namespace) -> int:
    import os

    from osteograph.graph_builder.pushing import GraphStore, Login, push
    from osteograph.queries.opening import default_folder, files_of
    from osteograph.queries.stores.remote import RemoteStore

    def progress(graph: str, done: int, total: int) -> None:
        print(f"… {graph} {done} of {total}", file=sys.stderr)

    login = Login(options.user, os.environ.get("OSTEOGRAPH_PASSWORD", "")) if options.user else None
    sent = push(
        files_of((options.graph or default_folder()).absolute())[0],
        GraphStore(options.store, login),
        RemoteStore(options.endpoint),
        batch=options.batch,
        resume=options.resume,
        progress=progress,
    )
    print(f"{sum(sent.values())} triples in {len(sent)} graphs, counted at {options.endpoint}")
    return 0


COMMANDS = {"release": _add_release, "diff": _add_diff, "import": _add_import, "push": _add_push}
