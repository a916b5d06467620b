"""How fast the question library is answered: every engine on the same graph, the same texts, in one run.

python benchmarks/questions.py [--rounds 5] [--endpoint NAME=URL ...] > table

Each question is asked cold (the first time in a fresh process) and warm (the median of some rounds). The figures are
ratios to Oxigraph in process; the geometric mean is over the questions that the engine answers. Answers are compared
with Oxigraph's. ``--clock processor`` counts the time of the processor, which other work on the machine disturbs less;
it is for engines in process, as it does not see what a server does.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import platform
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Timer

import pyoxigraph as ox

from osteograph.ontology.errors import OsteographError
from osteograph.ontology.namespaces import PREFIXES
from osteograph.queries.catalog import Question, list_questions
from osteograph.queries.examples import runnable
from osteograph.queries.opening import DATA, default_folder
from osteograph.queries.stores.base import Answer, Solutions, Store

Times = dict[str, float]


def open_store(name: str, folder: Path) -> Store:
    """A store by the name of its engine."""
    if name == "oxigraph":
        from osteograph.queries.stores.oxigraph import OxigraphStore

        return OxigraphStore.open(folder / DATA)
    if name == "pyoxigraph":
        return RawStore(folder)
    if name == "rdflib":
        from osteograph.queries.stores.memory import RdflibStore

        return RdflibStore.from_nquads((folder / DATA).read_bytes())
    if name == "owlready2":
        return OwlreadyStore(folder)
    from osteograph.queries.stores.remote import RemoteStore

    return RemoteStore(name.partition("=")[2])


class RawStore:
    """pyoxigraph without anything of ours between: the same text, the rows as tuples."""

    def __init__(self, folder: Path) -> None:
        self.store = ox.Store()
        self.store.bulk_extend(ox.parse(path=str(folder / DATA), format=ox.RdfFormat.N_QUADS))

    def query(self, sparql: str, bindings: object = None) -> Answer:
        found = self.store.query(sparql, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
        if isinstance(found, ox.QuerySolutions):
            return Solutions(tuple(variable.value for variable in found.variables), tuple(map(tuple, found)))
        return bool(found) if isinstance(found, ox.QueryBoolean) else tuple(sorted(set(found), key=str))

    def close(self) -> None:
        self.store = ox.Store()


class OwlreadyStore:
    """owlready2's own SPARQL over the union of the graphs; it lacks parts of SPARQL, and some it does not end."""

    PATIENCE = 2.0  # seconds for one question

    def __init__(self, folder: Path) -> None:
        import owlready2

        triples = {quad.triple for quad in ox.parse(path=str(folder / DATA), format=ox.RdfFormat.N_QUADS)}
        data = io.BytesIO(ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.N_TRIPLES) or b"")
        self.world = owlready2.World()
        self.world.get_ontology("http://example.org/union#").load(fileobj=data)

    def query(self, sparql: str, bindings: object = None) -> Solutions:
        watch = Timer(self.PATIENCE, self.world.graph.db.interrupt)
        watch.start()
        try:
            rows = list(self.world.sparql(sparql, error_on_undefined_entities=False))
        except Exception as error:
            raise OsteographError(str(error)) from error
        finally:
            watch.cancel()
        width = len(rows[0]) if rows else 0
        cells = tuple(tuple(None if v is None else ox.Literal(str(getattr(v, "iri", v))) for v in row) for row in rows)
        return Solutions(tuple(map(str, range(width))), cells)

    def close(self) -> None:
        self.world.close()


def timed(question: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    question()
    return clock() - start


CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


def measure(name: str, folder: Path, rounds: int, clock: Callable[[], float]) -> dict[str, dict[str, float | str]]:
    """Cold and warm seconds of every question on one engine, with a fingerprint of its answer."""
    warnings.simplefilter("ignore")
    store = open_store(name, folder)
    found: dict[str, dict[str, float | str]] = {}
    for question in answerable():
        text = runnable(question)
        try:
            ask = partial(store.query, text)
            cold = timed(ask, clock)
            warm = statistics.median(timed(ask, clock) for _ in range(rounds))
            found[question.id] = {"cold": cold, "warm": warm, "answer": fingerprint(store, text)}
        except OsteographError as error:
            found[question.id] = {"error": str(error)[:80]}
    return found


def answerable() -> list[Question]:
    """Questions that stay in the graph and can run as they stand."""
    return [
        question
        for question in list_questions()
        if "federation" not in question.tags and all(p.default or not p.needed for p in question.parameters)
    ]


def fingerprint(store: Store, text: str) -> str:
    """The rows of an answer, whatever their order."""
    answer = store.query(text)
    if not isinstance(answer, Solutions):
        return str(answer if isinstance(answer, bool) else len(answer))
    return str(sorted(str([None if term is None else term.value for term in row]) for row in answer.rows))


ENGINES = ["oxigraph", "pyoxigraph", "rdflib", "owlready2"]
BASE = "oxigraph"
"""What all others are compared with."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--graph", type=Path, default=default_folder())
    parser.add_argument("--engine", nargs="*", default=ENGINES, choices=ENGINES)
    parser.add_argument("--endpoint", action="append", default=[], metavar="NAME=URL")
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.graph, options.rounds, CLOCKS[options.clock])))
        return
    results = {}
    for name in dict.fromkeys([BASE, *options.engine, *options.endpoint]):
        print(f"… {name}", file=sys.stderr)
        command = [
            sys.executable,
            __file__,
            "--measure",
            name,
            "--rounds",
            str(options.rounds),
            "--graph",
            options.graph,
            "--clock",
            options.clock,
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results[name.partition("=")[0]] = json.loads(done.stdout)
    print_table(results)
    print_slower(results)


def print_table(results: dict[str, dict[str, dict[str, float | str]]]) -> None:
    """The table in Markdown, with machine and versions."""
    print(f"Python {platform.python_version()}, {platform.machine()}, pyoxigraph {version('pyoxigraph')}, ", end="")
    print(f"rdflib {version('rdflib')}; {len(answerable())} questions\n")
    print("| engine | answered | same answer | warm, x Oxigraph | cold, x Oxigraph | slowest warm, ms |")
    print("|---|---|---|---|---|---|")
    base = results[BASE]
    for engine, times in results.items():
        good = [name for name, entry in times.items() if "error" not in entry]
        same = sum(times[name]["answer"] == base[name]["answer"] for name in good)
        ratios = {
            kind: math.exp(statistics.fmean(math.log(float(times[n][kind]) / float(base[n][kind])) for n in good))
            for kind in ("warm", "cold")
        }
        slowest = max(float(times[name]["warm"]) for name in good) * 1000
        print(f"| {engine} | {len(good)} | {same} | {ratios['warm']:.3g} | {ratios['cold']:.3g} | {slowest:.0f} |")


def print_slower(results: dict[str, dict[str, dict[str, float | str]]]) -> None:
    """The questions that another engine answers faster, and those that it answers otherwise or not at all."""
    base = results[BASE]
    for engine, times in results.items():
        ratios = {n: float(e["warm"]) / float(base[n]["warm"]) for n, e in times.items() if "error" not in e}
        faster = [f"{name} ({ratio:.2f})" for name, ratio in sorted(ratios.items()) if ratio < 1]
        differ = [name for name in ratios if times[name]["answer"] != base[name]["answer"]]
        silent = [f"{name} ({entry['error']})" for name, entry in times.items() if "error" in entry]
        for words, names in (("faster on", faster), ("another answer on", differ), ("none on", silent)):
            if names and engine != BASE:
                print(f"\n{words} {engine}: {', '.join(names)}")


if __name__ == "__main__":
    main()
