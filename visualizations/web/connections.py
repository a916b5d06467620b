"""How long a request may take to come, and how much may stand before its body; else who sends slowly stays for good."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 2 * 2**20
"""How much the first line and the headers of a request may have; a query may come in that line."""


def prompt_connections(seconds: float) -> type[asyncio.Protocol]:
    """The protocol of connections that are closed when the head of a request takes longer than ``seconds`` to come."""

    class PromptConnection(HttpToolsProtocol):
        _late: asyncio.TimerHandle | None = None
        _head = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._begin()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._late is not None:
                self._head += len(data)
                if self._head > HEAD_BYTES:
                    self.send_400_response(f"The headers of a request have at most {HEAD_BYTES:,} bytes.\n")
                    return
            super().data_received(data)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._begin()

        def on_headers_complete(self) -> None:
            self._end()
            super().on_headers_complete()

        def _begin(self) -> None:
            """Count from now, unless it is counted already."""
            if self._late is None:
                self._head = 0
                self._late = self.loop.call_later(seconds, self.transport.close)

        def _end(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return PromptConnection
