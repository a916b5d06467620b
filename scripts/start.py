"""From a bare checkout to a questioned and visible graph: set up, build, check, ask, view.

python3 scripts/start.py [--output DIR]
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from environment import ROOT, set_up


def main() -> None:
    parser = argparse.ArgumentParser(description="Set osteograph up, build its graph and show something worth seeing.")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "graph", help="where the graph is written")
    folder = parser.parse_args().output.absolute()
    run = [str(set_up()), "-m", "osteograph"]
    graph = ["--graph", str(folder)]
    view = folder.with_name("overview.html")
    steps: list[tuple[str, list[str]]] = [
        ("Building the graph", [*run, "build", "--output", str(folder)]),
        ("Checking tables, graph and shapes", [*run, "check", "--no-reasoner"]),
        (
            "Asking: which treatments carry a risk of osteonecrosis of the jaw, and on what evidence?",
            [*run, "ask", "what-carries-a-risk-of", "--effect", "osteonecrosis of the jaw", *graph],
        ),
        (
            "Explaining: what the lung cancer article says of Zometa and the jaw, and on which sentence it rests",
            [*run, "explain", "Zometa", "hasAdverseEffect", "osteonecrosis of the jaw", *graph],
        ),
        ("Drawing the overview", [*run, "view", "overview", "--output", str(view), *graph]),
    ]
    for title, command in steps:
        print(f"\n== {title}\n", flush=True)
        subprocess.run(command, check=True)
    print(f"\nOpen {view.as_uri()} in a browser; it needs no network.")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(error.returncode) from error
