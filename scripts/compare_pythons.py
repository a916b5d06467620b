"""Make the same release with several Pythons, and compare every file byte by byte.

    python scripts/compare_pythons.py python3.11 python3.12 python3.13

makes an environment for each interpreter in a folder that is removed again, installs the checkout there from the
package index, and makes a release with a hash seed, a locale and a time zone of its own. Prints the peak memory of
each, and the files that differ; the exit code is 1 where there are any. Without interpreters, the one that runs this
makes a release under each setting.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4711", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Chatham"},
)
RELEASE = """
import resource, sys
from osteograph.cli import main
code = main(["release", sys.argv[1], "--quiet"])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(sys.version.split()[0], f"{peak} MB at its peak", file=sys.stderr)
sys.exit(code)
"""


def make_release(interpreter: str, folder: Path, setting: dict[str, str]) -> dict[str, str]:
    """The SHA-256 of every file of a release, made by an interpreter in an environment of its own."""
    environment = folder / "environment"
    subprocess.run([interpreter, "-m", "venv", environment], check=True)
    program = str(environment / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    subprocess.run([program, "-m", "pip", "install", "-q", f"{ROOT}[frames]"], check=True)
    command = [program, "-c", RELEASE, str(folder / "releases")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | setting)
    (release,) = (folder / "releases").iterdir()
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in release.iterdir()}


def main(interpreters: list[str]) -> int:
    """Compare; 1 where files differ."""
    if len(interpreters) < 2:
        raise SystemExit("name two interpreters or more, or none: one release has nothing to be compared with")
    with tempfile.TemporaryDirectory() as aside:
        found = {}
        for number, interpreter in enumerate(interpreters):
            folder = Path(aside) / str(number)
            folder.mkdir()
            found[f"{number} {interpreter}"] = make_release(interpreter, folder, SETTINGS[number % len(SETTINGS)])
    names = sorted({name for files in found.values() for name in files})
    differing = [name for name in names if len({files.get(name) for files in found.values()}) > 1]
    for name in differing:
        print(name, {release: files.get(name, "missing")[:12] for release, files in found.items()})
    print(f"{len(names)} files, {len(differing)} of them differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable] * len(SETTINGS)))
