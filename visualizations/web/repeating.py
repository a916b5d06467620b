"""Connections that answer a request by themselves which is byte for byte one before."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any, cast

from .connections import PromptConnection
from .repeats import Kept, Repeats, noted


def repeating_connections(seconds: float, repeats: Repeats) -> type[asyncio.Protocol]:
    """The protocol of connections that wait ``seconds`` for the head of a request and answer from ``repeats``."""
    return type("Connection", (RepeatingConnection,), {"seconds": seconds, "repeats": repeats})


class RepeatingConnection(PromptConnection):
    """Answers from ``repeats`` what comes whole while nothing else is under way on the connection, and adds to them."""

    repeats: Repeats
    _asked = b""  # what is being answered, where it may be kept
    _build = 0

    def data_received(self, data: bytes) -> None:
        kept = self.repeats.get(data) if self._is_free() and not self.flow.write_paused else None
        if kept:
            self._repeat(kept)
            return
        may_be_kept, before, self._build = self._is_free(), self._whole, self.repeats.build
        super().data_received(data)
        self._asked = data if may_be_kept and self._begun == self._whole == before + 1 else b""

    def _is_free(self) -> bool:
        idle = self.cycle is None or self.cycle.response_complete
        return idle and self._begun == self._whole and not self._refused

    def _repeat(self, kept: Kept) -> None:
        start = time.perf_counter()
        self._end()
        self._unset_keepalive_if_required()
        self._send_at_once(b"200 OK", kept.headers + kept.body)
        if kept.line:
            print(f"{kept.line} {(time.perf_counter() - start) * 1000:.1f}ms", file=sys.stderr, flush=True)  # noqa: T201
        self.on_response_complete()

    def on_response_complete(self) -> None:
        kept = noted(cast(dict[str, Any], self.scope)) if self._asked and self.cycle.keep_alive else None
        if kept:
            self.repeats.put(self._asked, kept, self._build)
        self._asked = b""
        super().on_response_complete()
