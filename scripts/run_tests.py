"""From a bare checkout to passed tests: set up, lint, types, layers, tests.

python3 scripts/run_tests.py [pytest arguments]

Tests that need the article files, a browser or another server skip with a reason where these are missing.
"""

from __future__ import annotations

import os
import subprocess
import sys

from environment import ROOT, set_up


def main() -> int:
    python = set_up("[test]")
    programs = python.parent
    steps: list[list[object]] = [
        [programs / "ruff", "check", "."],
        [programs / "ruff", "format", "--check", "."],
        [programs / "mypy", "-p", "osteograph"],
        [programs / "mypy", "tests", "scripts"],
        [programs / "lint-imports"],
        [python, "-m", "pytest", *sys.argv[1:]],
    ]
    for command in steps:
        print("\n== " + " ".join(str(part) for part in command).replace(f"{programs}{os.sep}", ""), flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
