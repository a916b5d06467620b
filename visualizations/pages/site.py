"""All pages as files: the same that the server gives, for any web server or a folder.

The files are written beside the target, which they replace once all are there.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from osteograph.ontology.errors import BadParameter, OsteographError
from osteograph.ontology.notice import NOTICE
from osteograph.queries.folders import folder_aside, remove, swap_in
from osteograph.queries.stores.base import Store

from ..html import render_view
from ..views import fill_view, list_views
from .addresses import RDF, path_of
from .documents import write_document, write_ontology
from .knowledge import SECTIONS, Knowledge
from .rendering import Site, render_home, render_list, render_reference, render_thing

MARK = "osteograph-site.json"
STATIC = Path(__file__).parents[1] / "static"
FILES = ("pages.css", "copy.js")
"""What pages take from there."""
Progress = Callable[[str], None]


def write_site(store: Store, folder: Path, *, progress: Progress = lambda step: None) -> int:
    """Write every page, document and view; returns how many files there are.

    Raises OsteographError where the folder holds something else than an earlier site.
    """
    folder = folder.absolute()
    _refuse_foreign_folder(folder)
    try:
        aside = folder_aside(folder)
    except OSError as error:
        raise OsteographError(f"cannot write beside {folder}: {error.strerror or error}") from error
    try:
        count = 0
        for path, data in site_files(store, progress):
            target = aside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            count += 1
        aside.chmod(0o755)
        swap_in(aside, folder)
        return count
    except OSError as error:
        raise OsteographError(f"cannot write {folder}: {error.strerror or error}") from error
    finally:
        remove(aside)


def site_files(store: Store, progress: Progress = lambda step: None) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file."""
    progress("reading the graph")
    known = Knowledge.of(store)
    top, below = Site("", live=False), Site("../", live=False)
    yield MARK, (json.dumps({"notice": NOTICE, "sections": list(SECTIONS)}, indent=1) + "\n").encode()
    yield from ((f"static/{name}", (STATIC / name).read_bytes()) for name in FILES)
    yield "reference.html", render_reference(known, top).encode()
    for suffix in RDF:
        yield f"reference{suffix}", write_ontology(known, suffix)
    drawn = []
    for view in list_views():
        progress(f"drawing the view {view.name}")
        with contextlib.suppress(BadParameter):  # the graph has nothing that the view shows
            page = render_view(store, view).encode()
            drawn.append((view.name, fill_view(store, view).title))
            yield f"views/{view.name}.html", page
    yield "index.html", render_home(known, top, drawn).encode()
    for section, words in SECTIONS.items():
        progress(f"writing the pages of: {words.lower()}")
        yield f"{section}/index.html", render_list(known, section, below).encode()
        for iri in known.things(section):
            yield f"{path_of(iri)}.html", render_thing(known, iri, below).encode()
            for suffix in RDF:
                yield path_of(iri) + suffix, write_document(known, iri, suffix)


def _refuse_foreign_folder(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OsteographError(f"{folder} is not a folder; name another")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise OsteographError(f"{folder} holds other files; name an empty or a new folder")
