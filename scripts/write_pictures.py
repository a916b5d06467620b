"""Write the pictures of the documentation: views of the graph as SVG.

python3 scripts/write_pictures.py     (in the environment that scripts/run_tests.py sets up)

The tests compare the pictures with what this script would write, so that none shows a graph that is no more.
"""

from __future__ import annotations

from pathlib import Path

from osteograph.graph_builder.compiler import compile_dataset
from osteograph.ontology.curation import load_curation
from osteograph.ontology.schema import load_schema
from osteograph.queries.stores.base import Store
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.html import show
from osteograph.visualizations.views import find_view

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOWN = ("overview", "body_map")


def pictures(store: Store) -> dict[Path, bytes]:
    """Every picture by its path."""
    return {PICTURES / f"{name}.svg": show(store, find_view(name), "svg") for name in SHOWN}


def main() -> None:
    """Compile the curated tables and write all pictures."""
    store = OxigraphStore.from_quads(compile_dataset(load_curation(), load_schema()))
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path, data in pictures(store).items():
        path.write_bytes(data)
        print(path)


if __name__ == "__main__":
    main()
