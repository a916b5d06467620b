"""How soon the command line answers, as multiples of ``python -c pass``.

python benchmarks/start.py [--rounds 15] [--python PATH] > table

The graph is built and its store on disk made before. The commands take turns, so that what else the machine does is
shared by all; the figure is the ratio of the medians of processor time (user and system), with that of the shortest
wall times beside it. ``--python`` names the interpreter of an environment into which osteograph is installed as users
install it: an editable installation makes every start of Python slower, ``-c pass`` included.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

ASK = ["ask", "where-does-it-spread", "--cancer", "lung cancer"]
COMMANDS = {
    "`python -c pass`": ["-c", "pass"],
    "`import argparse`": ["-c", "import argparse"],
    "`import pyoxigraph`": ["-c", "import pyoxigraph"],
    "`--version`": ["--version"],
    "`--help`": ["--help"],
    "`ask where-does-it-spread`": ASK,
    "the same `--evidence`": [*ASK, "--evidence"],
    "`import rdflib`": ["-c", "import rdflib"],
}


def once(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of a process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    options = parser.parse_args()
    program = str(options.python.parent / "osteograph")
    once([program, *ASK])  # builds what is missing
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(options.rounds):
        for name, command in COMMANDS.items():
            start = str(options.python) if command[0] == "-c" else program
            times[name].append(once([start, *command]))
    shortest = {name: min(wall for wall, _ in each) for name, each in times.items()}
    median = {name: statistics.median(used for _, used in each) for name, each in times.items()}
    base = next(iter(COMMANDS))
    print(f"Python {platform.python_version()}, {platform.machine()}, pyoxigraph {version('pyoxigraph')}\n")
    print("| command | processor time, x | wall, shortest, x | ms |")
    print("|---|---|---|---|")
    for name in COMMANDS:
        used, wall = median[name] / median[base], shortest[name] / shortest[base]
        print(f"| {name} | {used:.1f} | {wall:.1f} | {1000 * shortest[name]:.0f} |")


if __name__ == "__main__":
    main()
