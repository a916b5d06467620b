"""What the workers of one run share: made by the first that asks, only read afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

Share = Callable[[str, Callable[[Path], object]], Path]


def sharing(folder: Path) -> Share:
    """``share("build", make)`` is a path below a folder of the run; while one worker makes it, the others wait."""

    def share(name: str, make: Callable[[Path], object]) -> Path:
        path, done = folder / name, folder / f"{name}.done"
        with FileLock(folder / f"{name}.lock"):
            if not done.exists():
                make(path)
                done.touch()
        return path

    return share
