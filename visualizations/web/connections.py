"""Connections: how long a request may take to come, and its head may be; who repeats one is answered here."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .repeats import Kept, Repeats, noted

HEAD_BYTES = 2 * 2**20
"""How much the first line and the headers of a request may have."""
TARGET_BYTES = 65_535
"""How long the address in its first line may be, with the query in it; httptools parses no longer one."""
_PIECE = 1 << 16


class _Together:
    """A transport that sends what is written in one turn of the loop with one call, such as headers and body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)
        if len(data) > _PIECE:
            self._send()

    def write_at_once(self, data: bytes) -> None:
        """Without the cost of waiting for more."""
        self._send()
        self._transport.write(data)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def _send(self) -> None:
        held, self._held = self._held, []
        if held:
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def prompt_connections(seconds: float, repeats: Repeats) -> type[asyncio.Protocol]:
    """The protocol of connections that are closed when the head of a request takes longer than ``seconds`` to come.

    A request that is byte for byte one of ``repeats`` is answered from there. That goes for requests that come whole,
    when nothing else is under way on their connection.
    """

    class PromptConnection(HttpToolsProtocol):
        _late: asyncio.TimerHandle | None = None
        _draining: asyncio.TimerHandle | None = None
        _refused = False
        url = b""
        _head = 0
        _begun = _whole = 0  # requests of which something, and all, has come
        _asked = b""  # what is being answered, where it may be kept
        _build = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            self._together = _Together(transport, self.loop)
            super().connection_made(cast(asyncio.Transport, self._together))
            self._begin()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            self._drained()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._late is not None or self._refused:
                self._head += len(data)
            if self._refused:
                if self._head > 2 * HEAD_BYTES:
                    self.transport.close()
                return
            if self._head > HEAD_BYTES:
                self.send_400_response(f"The headers of a request have at most {HEAD_BYTES:,} bytes.\n")
                return
            free = self._begun == self._whole and (self.cycle is None or self.cycle.response_complete)
            kept = repeats.get(data) if free and not self.flow.write_paused else None
            if kept:
                self._repeat(kept)
                return
            before, self._build = self._whole, repeats.build
            super().data_received(data)
            self._asked = data if free and self._begun == self._whole == before + 1 else b""

        def _repeat(self, kept: Kept) -> None:
            start = time.perf_counter()
            self._end()
            self._unset_keepalive_if_required()
            own = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
            self._together.write_at_once(b"HTTP/1.1 200 OK\r\n" + own + kept.headers + kept.body)
            if kept.line:
                print(f"{kept.line} {(time.perf_counter() - start) * 1000:.1f}ms", file=sys.stderr, flush=True)  # noqa: T201
            self.on_response_complete()

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._begun += 1
            self._begin()

        def on_headers_complete(self) -> None:
            self._end()
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._whole += 1
            self._drained()
            super().on_message_complete()

        def on_response_complete(self) -> None:
            kept = noted(cast(dict[str, Any], self.scope)) if self._asked and self.cycle.keep_alive else None
            if kept:
                repeats.put(self._asked, kept, self._build)
            self._asked = b""
            if self._begun != self._whole and not self.pipeline:  # refused before all of it came; the rest is dropped
                self._draining = self.loop.call_later(seconds, self.transport.close)
            super().on_response_complete()

        def on_url(self, url: bytes) -> None:
            super().on_url(url)
            if len(self.url) > TARGET_BYTES:
                raise ValueError("the address is too long")  # which ends the parser, that then calls what follows

        def send_400_response(self, msg: str) -> None:
            """Refuse what is no request, with 414 where its address was too long; the connection ends."""
            status = b"400 Bad Request"
            if len(self.url) > TARGET_BYTES:
                status = b"414 URI Too Long"
                msg = f"The address of a request has at most {TARGET_BYTES:,} bytes; post the query.\n"
            own = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
            plain = b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
            end = b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(msg), msg.encode("ascii"))
            self._together.write_at_once(b"HTTP/1.1 " + status + b"\r\n" + own + plain + end)
            self.transport.write_eof()
            if self.cycle and not self.cycle.response_complete:  # nothing follows, also from requests before it
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self._refused = True  # what is under way is dropped; were it left unread, the system would drop the answer
            self._draining = self.loop.call_later(seconds, self.transport.close)

        def _begin(self) -> None:
            """Count from now, unless it is counted already."""
            if self._late is None:
                self._head = 0
                self._late = self.loop.call_later(seconds, self.transport.close)

        def _drained(self) -> None:
            if self._draining is not None:
                self._draining.cancel()
                self._draining = None

        def _end(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return PromptConnection
