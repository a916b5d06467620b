"""Waiting in a browser for what is to be seen, however busy the machine is."""

from __future__ import annotations

import time
from typing import Any

PATIENCE = 30.0  # seconds
FRAMES = """(count) => new Promise((resolve) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : resolve());
  next();
})"""


def wait_until(page: Any, script: str) -> None:
    """Wait until a script says yes.

    It is asked from without: ``wait_for_function`` asks from within, where the policy of a page lets no text be
    evaluated, and so fails whenever the first answer is no.
    """
    until = time.monotonic() + PATIENCE
    while not page.evaluate(script):
        assert time.monotonic() < until, f"not within {PATIENCE:g} s: {script}"
        page.wait_for_timeout(20)


def wait_frames(page: Any, count: int) -> None:
    """Wait until the page has drawn so many frames."""
    page.evaluate(FRAMES, count)
