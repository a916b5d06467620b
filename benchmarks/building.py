"""How long a build takes beside what pyoxigraph alone takes to read and write the same files.

python benchmarks/building.py [--rounds 3] > table

A build reads the curated tables, compiles and derives the graph, runs the violation queries and writes five files. The
yardstick reads each of these files with pyoxigraph and writes it again in the same format. SHACL and HermiT are no part
of a build. Figures are of processor time, the shortest of some rounds, in which both take turns.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from osteograph.graph_builder.build import build
from osteograph.graph_builder.export import BUILT, FORMATS
from osteograph.ontology.namespaces import PREFIXES


def build_once(folder: Path) -> dict[str, float]:
    """Seconds of each step of a build, by the words that it tells."""
    seconds: dict[str, float] = {}
    began, step = time.process_time(), ""

    def next_step(words: str) -> None:
        nonlocal began, step
        now = time.process_time()
        if step:
            seconds[step] = now - began
        began, step = now, words

    build(folder, progress=next_step)
    next_step("")
    return seconds


def read_and_write_once(folder: Path) -> dict[str, float]:
    """Seconds to read a file of the build and to write it again, by its name."""
    seconds = {}
    for form in (FORMATS[name] for name in BUILT):
        begin = time.process_time()
        data = list(ox.parse(path=str(folder / form.file), format=form.rdf_format))
        found = data if form.keeps_graphs else [quad.triple for quad in data]
        prefixed = form.rdf_format not in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES)
        ox.serialize(found, format=form.rdf_format, prefixes=dict(PREFIXES) if prefixed else None)
        seconds[form.file] = time.process_time() - begin
    return seconds


def shortest(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: min(each[name] for each in rounds) for name in rounds[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "graph"
        rounds = [(build_once(folder), read_and_write_once(folder)) for _ in range(options.rounds)]
    ours, alone = (shortest(list(each)) for each in zip(*rounds, strict=True))
    print(f"Python {platform.python_version()}, {platform.machine()}, pyoxigraph {version('pyoxigraph')}\n")
    for title, seconds in (("build", ours), ("pyoxigraph alone, read and write", alone)):
        print(f"| {title} | s |\n|---|---|")
        for name, each in seconds.items():
            print(f"| {name} | {each:.2f} |")
        print(f"| together | {sum(seconds.values()):.2f} |\n")
    print(f"A build takes {sum(ours.values()) / sum(alone.values()):.1f} times as long.")


if __name__ == "__main__":
    main()
