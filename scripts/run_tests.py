"""From a bare checkout to passed tests: set up, lint, types, layers, tests.

python3 scripts/run_tests.py [pytest arguments]

Tests that need the article files, a browser or another server skip with a reason where these are missing.
"""

from __future__ import annotations

import subprocess
import sys

from environment import ROOT, set_up


def main() -> int:
    python = set_up("[test]")
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "-p", "osteograph"],
        ["mypy", "tests", "scripts", "benchmarks"],
        ["lint-imports"],
        ["python", "-m", "pytest", "-n", "3", "--dist", "worksteal", *sys.argv[1:]],
    ]
    for program, *arguments in steps:
        print("\n== " + " ".join([program, *arguments]), flush=True)
        code = subprocess.run([str(python.with_name(program)), *arguments], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
