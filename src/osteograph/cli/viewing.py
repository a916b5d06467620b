"""The command that shows: view."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .asking import parameters_of
from .common import Commands, add_graph_option, add_scope_options, add_today_option, command, scope_of

if TYPE_CHECKING:
    from osteograph.knowledge_graph import KnowledgeGraph
    from osteograph.visualizations.views import View


PATIENT = "patient"  # the one view that is of a record, not of the graph alone
ALL = ("sources", "all")  # a default that says nothing


def _add_view(commands: Commands) -> None:
    parser = command(commands, "view", _view)
    parser.add_argument("view", nargs="?", help="name of the view, such as overview")
    parser.add_argument("subject", nargs="?", help="what the view is about, such as Xgeva for the view treatment")
    parser.add_argument("--depth", type=int, metavar="STEPS", help="steps around a concept (default: 1)")
    parser.add_argument("--patient", type=Path, metavar="FILE", help="the record that the view patient screens")
    add_today_option(parser)
    add_scope_options(parser)
    parser.add_argument("--query", type=Path, metavar="FILE", help="draw a CONSTRUCT, or a SELECT of statements")
    parser.add_argument("--all", action="store_true", help="write every view, and an index, into a folder")
    parser.add_argument("--format", choices=("html", "svg", "png"), help="a page (the default) or a still picture")
    parser.add_argument("--output", type=Path, metavar="PATH", help="the file (default: VIEW.html), or the folder")
    add_graph_option(parser)
    parser.set_defaults(takes_parameters=True)
    named = "VIEW [SUBJECT] [--PARAMETER VALUE ...]"
    parser.usage = f"osteograph view [{named} | {PATIENT} --patient FILE | --query FILE | --all] [options]"


def _view(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.ontology.errors import BadParameter

    wanted = [bool(options.view), bool(options.query), options.all]
    if sum(wanted) > 1:
        raise BadParameter("view takes a name, or --query, or --all: one of them")
    _refuse_what_says_nothing(options)
    if not any(wanted):
        _print_views()
        return 0
    options.format = options.format or "html"
    with load(options.graph) as kg:
        if options.patient:
            return _write_patient(kg, options)
        if options.all:
            return _write_all(kg, options)
        view = _query_view(options.query) if options.query else _named_view(kg, options)
        output = options.output or Path(f"{view.name.replace('_', '-')}.{options.format}")
        _write(kg, view, options.format, output)
    return 0


def _refuse_what_says_nothing(options: argparse.Namespace) -> None:
    """Raise BadParameter for every option that the wanted view would pass over, all at once."""
    from osteograph.ontology.errors import BadParameter

    problems = []
    if options.rest and not options.view:
        problems.append(f"{options.rest[0]} goes with the name of a view")
    if (options.view == PATIENT) != (options.patient is not None):
        problems.append("a record goes with the view patient:  osteograph view patient --patient FILE")
    elif options.patient is None and (idle := _given(options, "sources", "jurisdiction", "verified_only", "today")):
        problems.append(f"{idle}: only with the view patient, since it alone is screened")
    if (not options.view or options.view == PATIENT) and (idle := _given(options, "depth")):
        problems.append(f"{idle}: only with a view that is about a concept:  osteograph view concept NAME --depth 2")
    if not (options.view or options.query or options.all) and (idle := _given(options, "format", "output")):
        problems.append(f"{idle}: only with a view to write; without one, the views are listed")
    if problems:
        raise BadParameter("\n".join(problems))


def _given(options: argparse.Namespace, *names: str) -> str:
    """Those of the options that were given and say something, as they are written."""
    unsaid: tuple[object, ...] = (None, [], False)
    given = [name for name in names if getattr(options, name) not in unsaid and (name, getattr(options, name)) != ALL]
    return ", ".join(f"--{name.replace('_', '-')}" for name in given)


def _print_views() -> None:
    from osteograph.visualizations.views import list_views

    for view in list_views():
        subject = "".join(f" {parameter.name.upper()}" for parameter in view.parameters)
        print(f"{view.name.replace('_', '-')}{subject}\n    {view.title}")
    print(
        f"{PATIENT} --patient FILE\n    A patient's record, screened: flags with proofs, what is missing, what remains"
    )


def _named_view(kg: KnowledgeGraph, options: argparse.Namespace) -> View:
    from osteograph.ontology.errors import BadParameter
    from osteograph.visualizations.views import fill_view, find_view

    view = find_view(options.view)
    values = parameters_of(options.rest)
    if options.subject is not None:
        if not view.parameters:
            raise BadParameter(f"the view {view.name} takes no subject, so {options.subject!r} says nothing to it")
        values.setdefault(view.parameters[0].name, options.subject)
    return fill_view(kg.store, view, values, depth=1 if options.depth is None else options.depth)


def _query_view(path: Path) -> View:
    from osteograph.visualizations.views import query_view

    from .asking import read_text

    return query_view(read_text(path), path.name)


def _write(kg: KnowledgeGraph, view: View, form: str, output: Path) -> None:
    from osteograph.graph_builder.export import write_aside
    from osteograph.visualizations.html import show

    write_aside(output, show(kg.store, view, form))
    print(output.absolute())


def _write_patient(kg: KnowledgeGraph, options: argparse.Namespace) -> int:
    from osteograph.graph_builder.export import write_aside
    from osteograph.ontology.errors import BadParameter

    if options.subject is not None or options.rest:
        raise BadParameter("the view patient takes no subject; it takes --patient FILE, --today DATE and a scope")
    output = options.output or Path(f"{PATIENT}.{options.format}")
    page = kg.view_patient(options.patient, today=options.today, scope=scope_of(options), form=options.format)
    write_aside(output, page)
    print(output.absolute())
    return 0


def _write_all(kg: KnowledgeGraph, options: argparse.Namespace) -> int:
    from osteograph.graph_builder.export import write_aside
    from osteograph.visualizations.html import render_index
    from osteograph.visualizations.views import fill_view, list_views

    folder = _made(options.output or Path("views"))
    views = [fill_view(kg.store, view) for view in list_views()]
    files: dict[str, View] = {}
    for number, view in enumerate(views, 1):
        print(f"… {number} of {len(views)}: {view.title}", file=sys.stderr)
        name = f"{view.name.replace('_', '-')}.{options.format}"
        _write(kg, view, options.format, folder / name)
        files[name] = view
    write_aside(folder / "index.html", render_index(files).encode())
    print((folder / "index.html").absolute())
    return 0


def _made(folder: Path) -> Path:
    """A folder, made where it is missing."""
    from osteograph.ontology.errors import OsteographError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OsteographError(f"cannot make the folder {folder}: {error}") from error
    return folder


COMMANDS = {"view": _add_view}
