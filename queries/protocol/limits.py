"""What one query, and all of them together, may use. ``docs/reference/limits.md`` says what happens at each limit."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from osteograph.ontology.errors import BadParameter

MEBIBYTE = 2**20
MOST_WORKERS = 64  # each is a process with up to some tens of megabytes of its own, and what its query takes
_MOST = {"seconds": 86_400, "record_bytes": 1024 * MEBIBYTE, "memory_bytes": 2**20 * MEBIBYTE, "workers": MOST_WORKERS}


@dataclass(frozen=True)
class Limits:
    """All limits of an endpoint; each has a default that suits one machine.

    >>> Limits(seconds=0)
    Traceback (most recent call last):
    ...
    osteograph.ontology.errors.BadParameter: the limit of seconds has to be more than 0, not 0
    """

    seconds: float = 30.0
    """How long a query may run."""
    rows: int = 100_000
    """How many rows or triples an answer may have."""
    answer_bytes: int = 64 * MEBIBYTE
    """How large an answer may be."""
    memory_bytes: int = 1024 * MEBIBYTE
    """How much address space a worker may take beyond what it has once the graph is loaded."""
    request_bytes: int = MEBIBYTE
    """How large the body of a request, and how long its query string, may be."""
    record_bytes: int = 16 * MEBIBYTE
    """How large a patient's record to be screened may be."""
    workers: int = min((os.cpu_count() or 1) + 2, MOST_WORKERS)
    """How many queries run at once."""
    waiting: int = 64
    """How many more may wait for a worker."""
    wait_seconds: float = 10.0
    """How long they wait before they are sent away."""
    patience: float = 1.0
    """How long a query runs undisturbed while others wait; then the one that ran longest is stopped for them."""
    cache_bytes: int = 64 * MEBIBYTE
    """How much memory the answers kept for the next who asks may take."""

    services: tuple[str, ...] = ()
    """The addresses of the endpoints that a query may call by SERVICE."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            if limit.name == "services":
                continue
            value = getattr(self, limit.name)
            if not value > 0 and limit.name not in ("cache_bytes", "waiting"):
                raise BadParameter(f"the limit of {limit.name} has to be more than 0, not {value}")
            if value > _MOST.get(limit.name, value):
                raise BadParameter(f"the limit of {limit.name} can be {_MOST[limit.name]:,} at most, not {value:,}")
