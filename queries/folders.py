"""Folders that are written aside and take their place by renaming, so that one sees the old or the new."""

from __future__ import annotations

import os
from pathlib import Path


def folder_aside(target: Path) -> Path:
    """A new folder beside a target, for this process alone; what killed processes left there is removed."""
    import tempfile

    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_litter(target)
    return Path(tempfile.mkdtemp(prefix=f".{target.name}.new-{os.getpid()}-", dir=target.parent))


def swap_in(aside: Path, target: Path) -> None:
    """Put a folder in the place of the target."""
    previous = target.with_name(f".{target.name}.previous")
    if not target.exists():
        aside.rename(target)
        return
    remove(previous)
    target.rename(previous)
    aside.rename(target)
    remove(previous)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as that may be done."""
    import shutil  # which loads five ways to compress; who only reads needs none

    shutil.rmtree(folder, ignore_errors=True)


def _clear_litter(target: Path) -> None:
    """Remove what killed processes left beside the target; processes that still run are left alone."""
    for path in target.parent.glob(f".{target.name}.new-*"):
        process = path.name.rpartition(".new-")[2].partition("-")[0]
        if process.isdigit() and not _is_running(int(process)):
            remove(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
