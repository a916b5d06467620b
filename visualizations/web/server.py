"""Binding, starting and stopping the server. Only this and the modules of connections know uvicorn."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from osteograph.ontology.errors import BadParameter, OsteographError
from osteograph.queries.protocol.limits import Limits

from .application import make_application
from .guard import Access
from .repeating import repeating_connections
from .repeats import Repeats

BACKLOG = 512
_SWITCH = 0.0005  # seconds that queries wait for a page that is being written; Python's default is ten times that
_LAST_PORT = 65535
GRACE = 3  # seconds that running requests have once the server is told to stop


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 is any that is free. Raises BadParameter for a number that no port has."""

    host: str = "127.0.0.1"
    port: int = 8000

    def __post_init__(self) -> None:
        if not 0 <= self.port <= _LAST_PORT:
            raise BadParameter(f"a port is a number from 0 to {_LAST_PORT}, not {self.port}")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it.

        >>> Address("localhost").is_loopback, Address("0.0.0.0").is_loopback
        (True, False)
        """
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def serve(
    folder: Path,
    address: Address,
    *,
    limits: Limits | None = None,
    access: Access | None = None,
    started: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the build in a folder until interrupted; ``started`` is told the address once it is listened to."""
    limits = limits or Limits()
    repeats = Repeats()
    application = make_application(folder, limits, access, repeats)
    listener = _bind(address)
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        http=repeating_connections(limits.seconds, repeats),
        backlog=BACKLOG,
    )
    sys.setswitchinterval(_SWITCH)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    server = _Server(config, lambda: started(f"http://{shown}:{port}/"))
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    if not server.started:
        raise OsteographError("the server did not start; the lines above say why")


class _Server(uvicorn.Server):
    """uvicorn, with a word when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def _bind(address: Address) -> socket.socket:
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        # The protocol is named, since asyncio turns Nagle's delay off only for sockets that say they are TCP.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address.host, address.port))
        return listener
    except OSError as error:
        words = f"cannot listen at {address.host} port {address.port}: {error.strerror or error}"
        hint = "; another program has it, so choose another --port, or 0 for any that is free"
        raise OsteographError(words + (hint if error.errno == errno.EADDRINUSE else "")) from error
