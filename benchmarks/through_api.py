"""What asking through our API costs beside pyoxigraph alone, running the same texts on the same store.

python -m benchmarks.through_api [--rounds 9] > figures

Every question of the library is asked in both ways by turns, in one process, so that what else the machine does is
shared by both. Both give the rows as tuples. Figures are ratios of processor time: the geometric mean over the
questions of the ratios of their shortest times and of their medians, and the same for a query that takes next to no
time.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from osteograph.queries.examples import runnable
from osteograph.queries.opening import default_folder
from osteograph.queries.stores.base import Answer
from osteograph.queries.stores.oxigraph import OxigraphStore

from .questions import RawStore, answerable, timed

TINY = "ASK { osteo:LungCancer a ?class }"
Times = list[float]


def by_turns(ours: Callable[[str], Answer], alone: Callable[[str], Answer], text: str, rounds: int) -> list[Times]:
    """Seconds of processor time of both, which take turns at being the first."""
    if ours(text) != alone(text):
        raise SystemExit(f"the answers differ: {text}")
    times: list[Times] = [[], []]
    ways = [(ours, times[0]), (alone, times[1])]
    for _ in range(rounds):
        ways.reverse()
        for way, seconds in ways:
            seconds.append(timed(partial(way, text), time.process_time))
    return times


def mean_ratio(taken: Iterable[list[Times]], of: Callable[[Times], float]) -> float:
    return math.exp(statistics.fmean(math.log(of(ours) / of(alone)) for ours, alone in taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--graph", type=Path, default=default_folder())
    options = parser.parse_args()
    alone = RawStore(options.graph)
    ours = OxigraphStore(alone.store)
    texts = [runnable(question) for question in answerable()]
    library = [by_turns(ours.query, alone.query, text, options.rounds) for text in texts]
    tiny = [by_turns(ours.query, alone.query, TINY, 100 * options.rounds)]
    for name, taken in ((f"{len(texts)} questions", library), ("a tiny query", tiny)):
        shortest, middle = mean_ratio(taken, min), mean_ratio(taken, statistics.median)
        print(f"{name}: {shortest:.3f} times by the shortest times, {middle:.3f} by the medians")


if __name__ == "__main__":
    main()
