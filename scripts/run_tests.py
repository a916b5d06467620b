"""From a bare checkout to passed tests: set up, lint, layers, then the tests and beside them the types.

python3 scripts/run_tests.py [pytest arguments]

Tests that need the article files, a browser or another server skip with a reason where these are missing.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import ROOT, set_up

# Told at once, as they take seconds.
LINT = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["lint-imports"])
# A minute of one core, which the tests now and then leave idle; told when they are done.
TYPES = (["mypy", "-p", "osteograph"], ["mypy", "tests", "scripts", "benchmarks"])
TESTS = ["python", "-m", "pytest", "-n", "3", "--dist", "worksteal"]


def run(python: Path, step: list[str], output: int | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a program of the environment; ``output`` is where subprocess is to send what it prints."""
    program = [str(python.with_name(step[0])), *step[1:]]
    return subprocess.run(program, cwd=ROOT, check=False, text=True, stdout=output, stderr=output and subprocess.STDOUT)


def tell(step: list[str], printed: str = "") -> None:
    """Which step begins, or is over and what it printed."""
    print(f"\n== {' '.join(step)}\n{printed}", end="", flush=True)


def main() -> int:
    python = set_up("[test]")
    for step in LINT:
        tell(step)
        if code := run(python, step).returncode:
            return code
    with ThreadPoolExecutor(1) as aside:
        types = aside.map(lambda step: run(python, step, subprocess.PIPE), TYPES)
        tests = [*TESTS, *sys.argv[1:]]
        tell(tests)
        codes = [run(python, tests).returncode]
        for step, done in zip(TYPES, types, strict=True):
            tell(step, done.stdout)
            codes.append(done.returncode)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
