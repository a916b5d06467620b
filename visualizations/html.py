"""The page: one HTML file that opens with no network, drawn by vis-network out of the pyvis wheel.

pyvis's own pages fetch two to six files from elsewhere, search nothing and run hostile titles; its ``Network`` is a
good carrier all the same. ``OfflineNetwork`` is a ``Network`` with our template: the library (packed to a third), our
scripts and our style stand in the file, and a content security policy admits exactly these by their digests. Data stand
in ``application/json`` blocks with ``<`` escaped, and the scripts write them by ``textContent`` only.

This is the only module that knows pyvis.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyvis
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyvis.network import Network

from osteograph.ontology.notice import NOTICE
from osteograph.queries.stores.base import Store

from .body import LEVELS, SCOPES, map_body
from .boxes import CROWD
from .collecting import collect
from .graph_picture import draw_still
from .kinds import LOOKS
from .layout import arrange
from .matrix import tabulate
from .page import Page, page_data
from .picture import swatch, to_png, to_svg
from .views import View, fill_view

SCRIPTS = (
    "model", "shapes", "sight", "graph", "still", "canvas", "evidence", "proof", "panel", "legend", "search", "path",
    "table", "matrix", "body", "report", "sparql", "export", "address", "keyboard", "main",
)  # fmt: skip
READ = "onPictureRead();"  # which stands where the picture of a page ends
_HERE = Path(__file__).parent
LIBRARY = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"


class OfflineNetwork(Network):  # type: ignore[misc]  # pyvis publishes no types
    """A pyvis ``Network`` whose page is ours: nothing is fetched, nothing in the data is ever run.

    ``told`` is what the template writes beside nodes and edges.
    """

    def __init__(self, heading: str, **told: object) -> None:
        super().__init__(directed=True, cdn_resources="in_line", heading=heading)
        self.set_template_dir(str(_HERE / "templates"), "view.html")
        self.templateEnv = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
        self.templateEnv.globals |= {"notice": NOTICE, "assets": _assets(), **told}


def render_view(store: Store, view: View) -> str:
    """The page of a view over a graph, as one self-contained HTML text."""
    return render_page(draw_view(store, view))


def draw_view(store: Store, view: View) -> Page:
    """A view over a graph with all that is drawn of it; parameters without a value have their defaults."""
    filled = view if view.bindings or not view.parameters else fill_view(store, view)
    content = collect(store, filled)
    return Page(filled, content, arrange(content, filled), tabulate(content, filled), map_body(store, filled))


def show(store: Store, view: View, form: str = "html") -> bytes:
    """A view as a page (``html``), or its first picture as ``svg`` or ``png``.

    A PNG is twice as large as the SVG says, up to 6,000 pixels. Raises ToolMissing where resvg is not installed.
    """
    return write_page(draw_view(store, view), form)


def write_page(page: Page, form: str = "html") -> bytes:
    """A page in one of the three forms of :func:`show`."""
    if form == "html":
        return render_page(page).encode()
    svg = to_svg(page)
    return svg.encode() if form == "svg" else to_png(svg)


def render_index(files: Mapping[str, View]) -> str:
    """A page that links to the files of views."""
    environment = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    style = _read_static("index.css")
    page = environment.get_template("index.html")
    return page.render(files=files, notice=NOTICE, style=style, digest=_digest(style))


def to_network(page: Page) -> OfflineNetwork:
    """The page as a pyvis network, which those who know pyvis may change before they write it."""
    layout, still = page.layout, draw_still(page)
    elsewhere = "" if still or len(page.content.nodes) >= CROWD else to_svg(page)
    network = OfflineNetwork(
        page.view.title,
        meta=page_data(page),
        still=still,
        elsewhere=elsewhere,
        nodes_by_id={node.id: node for node in page.content.nodes},
        matrix=page.matrix,
        cells={(cell.row, cell.column): cell for cell in page.matrix.cells},
        body=page.body,
        scopes=SCOPES,
        levels=LEVELS,
        looks=LOOKS,
        swatch=swatch,
    )
    for node in page.content.nodes:
        (x, y), narrow = layout.wide[node.id], layout.narrow[node.id]
        label = "\n".join(layout.labels[node.id])
        network.add_node(node.id, label=label, shape="custom", x=x, y=y, narrow=list(narrow), kind=node.kind)
    for edge in page.content.edges:
        network.add_edge(
            edge.source,
            edge.target,
            id=edge.id,
            relation=edge.relation,
            look=edge.look,
            weight=edge.weight,
            bend=layout.bends[edge.id],
            statements=list(edge.statements),
        )
    return network


def render_page(page: Page) -> str:
    """The page as HTML, in ASCII: a browser reads that faster, and half as large, as it reads anything beyond."""
    return str(to_network(page).generate_html()).encode("ascii", "xmlcharrefreplace").decode()


@cache
def _assets() -> dict[str, str]:
    """Library, scripts and style, with the digests that the policy admits.

    ``first`` runs at once; when ``read`` has told it that the picture is there, it starts ``script``, which unpacks
    the library.
    """
    library = LIBRARY.read_text(encoding="utf-8").split("//# sourceMappingURL")[0]
    first, *others = (_in_ascii(_without_comments(_read_static(f"{name}.js"))) for name in ("first", *SCRIPTS))
    script, style = "".join(others), _read_static("view.css")
    for text in (library, first, script):
        assert "</script" not in text.lower(), "a script that closes its own element cannot stand in a page"
    assert (first + script + style).isascii(), "a character reference would stand for itself there"
    return {
        "library": base64.b64encode(zlib.compress(library.encode(), 9)).decode(),
        "first": first,
        "read": READ,
        "script": script,
        "style": style,
        "script_sources": " ".join(f"'{_digest(text)}'" for text in (first, READ, script, library)),
        "style_source": f"'{_digest(style)}'",
    }


def _read_static(name: str) -> str:
    return (_HERE / "static" / name).read_text(encoding="utf-8")


def _without_comments(script: str) -> str:
    """A script without the lines that are comments only, and without what leads lines: each page carries it."""
    lines = (line.lstrip(" ") for line in script.splitlines(keepends=True))
    return "".join(line for line in lines if not line.startswith("//"))


def _in_ascii(script: str) -> str:
    """A script with the escapes of the language for what is not ASCII."""
    return "".join(mark if mark.isascii() else f"\\u{ord(mark):04x}" for mark in script)


def _digest(text: str) -> str:
    """A digest as content security policies write it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
