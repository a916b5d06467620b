"""A virtual environment beside the checkout, made once and kept up to date; standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv"
NEEDED = (3, 11)


def python() -> Path:
    """The interpreter of the environment."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up(extras: str = "") -> Path:
    """Make the environment where it is missing, install what is missing, and return its interpreter.

    ``extras`` is written like ``[test]``. What was installed is remembered with a digest of ``pyproject.toml``, so that
    a second call takes no time.
    """
    if sys.version_info < NEEDED:
        sys.exit(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}")
    mark = FOLDER / f"installed{extras.strip('[]')}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == wanted and python().exists():
        return python()
    print(f"setting up {FOLDER} (once, a minute or two)", flush=True)
    if not python().exists():
        _make_environment()
    # Python compiles what is used when it is used; all of it at once would take half a minute.
    options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    install = ["-m", "pip", "install", *options, "-e", f"{ROOT}{extras}"]
    if subprocess.run([str(python()), *install], check=False).returncode:
        sys.exit("the installation failed; the lines above say why")
    mark.write_text(wanted)
    return python()


def _make_environment() -> None:
    try:
        venv.create(FOLDER, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as error:
        hint = "on Debian and Ubuntu: apt install python3-venv"
        sys.exit(f"cannot make a virtual environment ({error}); the standard library's venv and pip are needed; {hint}")
