"""Have a release read by validators that pull in too much to be installed beside osteograph.

    python scripts/validate_release.py releases/2026-11-21

makes ``.venv-readers`` in the checkout once, installs sssom-py, pronto and the RO-Crate validator there, and runs each
on its file. Needs the package index the first time; the RO-Crate validator fetches the context of RO-Crate.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READERS = ROOT / ".venv-readers"
PACKAGES = ("sssom>=0.4", "pronto>=2.7", "roc-validator>=0.6")
COUNT_TERMS = "import sys, pronto; print(len(pronto.Ontology(sys.argv[1]).terms()), 'terms')"


def reader(name: str) -> str:
    """A program of the environment of readers, which is made where it is lacking."""
    folder = READERS / ("Scripts" if sys.platform == "win32" else "bin")
    if not folder.exists():
        venv.create(READERS, with_pip=True)
        subprocess.run([folder / "python", "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return str(folder / name)


def main(release: Path) -> int:
    """Run every validator; the number of those that object."""
    commands = {
        "SSSOM": [reader("sssom"), "validate", str(release / "osteograph.sssom.tsv")],
        "OBO": [reader("python"), "-c", COUNT_TERMS, str(release / "osteograph.obo")],
        "OBO Graphs": [reader("python"), "-c", COUNT_TERMS, str(release / "osteograph-obographs.json")],
        "class view": [reader("python"), "-c", COUNT_TERMS, str(release / "osteograph-classes.owl")],
        "RO-Crate": [reader("rocrate-validator"), "-y", "validate", "--no-paging", str(release)],
    }
    failed = 0
    for name, command in commands.items():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        failed += done.returncode != 0
        print(f"{name}: {'passed' if done.returncode == 0 else 'FAILED'}")
        if done.returncode:
            print((done.stdout + done.stderr)[-2000:])
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
