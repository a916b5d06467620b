"""Which questions take longer when triples of a user's own stand beside the graph.

python benchmarks/beside.py [--patients 150000] > table

Each question is asked of two stores in memory, the graph alone and the graph beside made-up patients with a type and a
label each. Figures are of processor time, the shortest of three rounds; listed are the questions that take more than
1.3 times as long.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.namespaces import expand
from osteograph.queries.catalog import list_questions
from osteograph.queries.examples import runnable
from osteograph.queries.opening import DATA, default_folder
from osteograph.queries.stores.base import Answer
from osteograph.queries.stores.oxigraph import OxigraphStore


def patients(count: int) -> Iterator[ox.Quad]:
    """Two triples a patient."""
    graph, kind = ox.NamedNode("https://example.org/patients"), ox.NamedNode("https://example.org/Patient")
    for number in range(count):
        patient = ox.NamedNode(f"https://example.org/patient/{number}")
        yield ox.Quad(patient, ox.NamedNode(expand("rdf:type")), kind, graph)
        yield ox.Quad(patient, ox.NamedNode(expand("rdfs:label")), ox.Literal(f"patient {number}"), graph)


def timed(store: OxigraphStore, text: str) -> tuple[float, Answer]:
    """The shortest of three times, and the answer."""
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        answer = store.query(text)
        seconds.append(time.process_time() - begin)
    return min(seconds), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=150_000)
    parser.add_argument("--graph", type=Path, default=default_folder())
    options = parser.parse_args()
    quads = list(ox.parse(path=str(options.graph / DATA), format=ox.RdfFormat.N_QUADS))
    alone = OxigraphStore.from_quads(quads)
    beside = OxigraphStore.from_quads([*quads, *patients(options.patients)])
    ratios = {}
    print("| question | alone, ms | beside, ms | x | answer |\n|---|---|---|---|---|")
    for question in list_questions():
        if "federation" in question.tags or any(p.needed and not p.default for p in question.parameters):
            continue
        (before, expected), (after, found) = (timed(store, runnable(question)) for store in (alone, beside))
        ratios[question.id] = after / before
        if after > 1.3 * before:
            same = "the same" if found == expected else "another"
            print(f"| {question.id} | {1000 * before:.1f} | {1000 * after:.1f} | {after / before:.1f} | {same} |")
    mean = math.exp(statistics.fmean(map(math.log, ratios.values())))
    print(f"\n{len(ratios)} questions; geometric mean {mean:.2f}")


if __name__ == "__main__":
    main()
