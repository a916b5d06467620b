"""Fetch the SPARQL editor that the server ships: the minified build of ``@zazuko/yasgui``, and what it is made of.

python3 scripts/vendor_yasgui.py [--version 4.6.2]

Needs npm; users of osteograph need neither npm nor Node. Writes ``visualizations/static/yasgui``: script and style
without their source maps, the licence texts of all packages in them, and ``vendored.json`` with version, digests and
licences, which a test compares with the files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "@zazuko/yasgui"
FOLDER = Path(__file__).resolve().parents[1] / "visualizations" / "static" / "yasgui"
FILES = ("yasgui.min.js", "yasgui.min.css")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fetch the SPARQL editor that the server ships.")
    parser.add_argument("--version", default="4.6.2")
    version = parser.parse_args().version
    with tempfile.TemporaryDirectory() as place:
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", f"{PACKAGE}@{version}"]
        subprocess.run(install, cwd=place, check=True)
        vendor(Path(place))
    print(*sorted(path.name for path in FOLDER.iterdir()), sep="\n")


def vendor(place: Path) -> None:
    """Copy what is needed out of an installation."""
    lock = json.loads((place / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {path: entry for path, entry in sorted(lock.items()) if path}
    record: dict[str, Any] = {
        "package": PACKAGE,
        "version": packages[f"node_modules/{PACKAGE}"]["version"],
        "integrity": packages[f"node_modules/{PACKAGE}"]["integrity"],
        "files": {},
        "packages": {path.partition("node_modules/")[2]: licence(place / path) for path in packages},
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        data = without_source_map((place / "node_modules" / PACKAGE / "build" / name).read_bytes())
        (FOLDER / name).write_bytes(data)
        record["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (FOLDER / "LICENSES.txt").write_text(licence_texts(place, list(packages)), encoding="utf-8")
    (FOLDER / "vendored.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def without_source_map(data: bytes) -> bytes:
    """The file without the comment that makes browsers look for its source map."""
    lines = [line for line in data.splitlines() if b"sourceMappingURL=" not in line[:60]]
    return b"\n".join(lines) + b"\n"


def licence(folder: Path) -> str:
    """The licence that a package declares."""
    declared = json.loads((folder / "package.json").read_text(encoding="utf-8")).get("license", "not declared")
    return str(declared)


def licence_texts(place: Path, packages: list[str]) -> str:
    """The licence file of every package that has one, after its name."""
    parts = []
    for path in packages:
        name = path.partition("node_modules/")[2]
        files = sorted(f for f in (place / path).iterdir() if f.name.lower().startswith(("licen", "copying", "notice")))
        texts = [file.read_text(encoding="utf-8", errors="replace").strip() for file in files if file.is_file()]
        parts.append(f"== {name}: {licence(place / path)}\n\n" + "\n\n".join(texts or ["(the package has no file)"]))
    return "\n\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
