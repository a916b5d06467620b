"""The page: one HTML file that opens with no network, drawn by vis-network out of the pyvis wheel.

pyvis's own pages fetch two to six files from elsewhere, search nothing and run hostile titles; its ``Network`` is a
good carrier all the same. ``OfflineNetwork`` is a ``Network`` with our template: the library, our scripts and our style
stand in the file, and a content security policy admits exactly these by their digests. Data stand in
``application/json`` blocks with ``<`` escaped, and the scripts write them by ``textContent`` only.

This is the only module that knows pyvis.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pyvis
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyvis.network import Network

from osteograph.queries.stores.base import Store

from .content import Content, collect
from .kinds import KINDS, LOOKS, Kind
from .layout import Layout, arrange
from .views import View

NOTICE = "Educational, not medical advice; reviewed by no clinician."
SCRIPTS = ("model", "shapes", "graph", "panel", "legend", "search", "path", "table", "export", "main")
_HERE = Path(__file__).parent
LIBRARY = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"


class OfflineNetwork(Network):  # type: ignore[misc]  # pyvis publishes no types
    """A pyvis ``Network`` whose page is ours: nothing is fetched, nothing in the data is ever run."""

    def __init__(self, heading: str, meta: Mapping[str, object]) -> None:
        super().__init__(directed=True, cdn_resources="in_line", heading=heading)
        self.set_template_dir(str(_HERE / "templates"), "view.html")
        self.templateEnv = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
        self.templateEnv.globals["meta"] = meta
        self.templateEnv.globals["notice"] = NOTICE
        self.templateEnv.globals["assets"] = _assets()


def render_view(store: Store, view: View) -> str:
    """The page of a view over a graph, as one self-contained HTML text."""
    content = collect(store, view)
    return render_page(content, arrange(content, view), view)


def render_page(content: Content, layout: Layout, view: View) -> str:
    """The page of a view whose content and layout are known."""
    network = OfflineNetwork(view.title, _meta(content, view))
    for node in content.nodes:
        (x, y), narrow = layout.wide[node.id], layout.narrow[node.id]
        label = "\n".join(layout.labels[node.id])
        network.add_node(node.id, label=label, shape="custom", x=x, y=y, narrow=list(narrow), kind=node.kind)
    for edge in content.edges:
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
    return str(network.generate_html())


def _meta(content: Content, view: View) -> dict[str, object]:
    """What the page knows beside nodes and edges."""
    return {
        "view": {"name": view.name, "title": view.title, "description": view.description},
        "notice": NOTICE,
        "kinds": [
            {"name": k.name, "label": k.label, "shape": k.shape, "color": k.color} for k in _kinds_in_order(view)
        ],
        "looks": [{"name": name, "label": label} for name, label in LOOKS.items()],
        "relations": {edge.relation: edge.label for edge in content.edges},
        "concepts": [_compact(asdict(node)) for node in content.nodes],
        "statements": [_compact(asdict(statement)) for statement in content.statements],
        "conflicts": [_compact(asdict(conflict)) for conflict in content.conflicts],
    }


def _compact(value: object) -> object:
    """Without fields that say nothing; lists stay, so that scripts may walk them."""
    if isinstance(value, dict):
        return {key: _compact(field) for key, field in value.items() if field not in ("", None)}
    if isinstance(value, list | tuple):
        return [_compact(item) for item in value]
    return value


def _kinds_in_order(view: View) -> list[Kind]:
    """Kinds as the view reads from left to right, then the rest."""
    order = [kind for column in view.columns for kind in column]
    return sorted(KINDS, key=lambda kind: order.index(kind.name) if kind.name in order else len(order))


@cache
def _assets() -> dict[str, str]:
    """Library, scripts and style, with the digests that the policy admits."""
    library = LIBRARY.read_text(encoding="utf-8").split("//# sourceMappingURL")[0]
    script = "".join((_HERE / "static" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    style = (_HERE / "static" / "view.css").read_text(encoding="utf-8")
    for text in (library, script):
        assert "</script" not in text.lower(), "a script that closes its own element cannot stand in a page"
    return {
        "library": library,
        "script": script,
        "style": style,
        "script_sources": f"'{_digest(library)}' '{_digest(script)}'",
        "style_source": f"'{_digest(style)}'",
    }


def _digest(text: str) -> str:
    """A digest as content security policies write it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
