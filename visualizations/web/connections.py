"""Connections: how long a request may take to come, and how long its head and its address may be."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

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


class PromptConnection(HttpToolsProtocol):
    """A connection that is closed when the head of a request is longer, or takes longer to come, than is allowed."""

    seconds: float
    url = b""
    _late: asyncio.TimerHandle | None = None
    _draining: asyncio.TimerHandle | None = None
    _head = 0
    _begun = _whole = 0  # requests of which something, and all, has come
    _refused = False

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
        elif self._head > HEAD_BYTES:
            self.send_400_response(f"The headers of a request have at most {HEAD_BYTES:,} bytes.\n")
        else:
            super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun += 1
        self._begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > TARGET_BYTES:
            raise ValueError("the address is too long")  # which ends the parser, that then calls what follows

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._whole += 1
        self._drained()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self._begun != self._whole and not self.pipeline:  # refused before all of it came; the rest is dropped
            self._drain()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with 414 where its address was too long; the connection ends."""
        status = b"400 Bad Request"
        if len(self.url) > TARGET_BYTES:
            status = b"414 URI Too Long"
            msg = f"The address of a request has at most {TARGET_BYTES:,} bytes; post the query.\n"
        plain = b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
        end = b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(msg), msg.encode("ascii"))
        self._send_at_once(status, plain + end)
        self.transport.write_eof()
        if self.cycle and not self.cycle.response_complete:  # nothing follows, also from requests before it
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._refused = True  # what is under way is dropped; were it left unread, the system would drop the answer
        self._drain()

    def _send_at_once(self, status: bytes, rest: bytes) -> None:
        """Send an answer that needs no application: the server's own headers stand before the rest."""
        own = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        self._together.write_at_once(b"HTTP/1.1 " + status + b"\r\n" + own + rest)

    # How long the head may take, and what is dropped

    def _begin(self) -> None:
        """Count from now, unless it is counted already."""
        if self._late is None:
            self._head = 0
            self._late = self.loop.call_later(self.seconds, self.transport.close)

    def _end(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _drain(self) -> None:
        self._draining = self.loop.call_later(self.seconds, self.transport.close)

    def _drained(self) -> None:
        if self._draining is not None:
            self._draining.cancel()
            self._draining = None
