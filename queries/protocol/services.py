"""SERVICE for endpoints on a list, and for nobody else; every call goes through a gate.

The engine would follow SERVICE to any address. So a query that calls a listed endpoint is rewritten: in the place of
the endpoint stands a gate of ours, which runs beside the query, in the same process, and ends with it. The gate asks
the endpoint and passes on what comes, under its own rules: no redirection is followed, the address that a name leads to
has to be a public one, and time, size and number of calls are limited. A loopback or private address is called only
where the list itself says so, as an address or as ``localhost``.

>>> service_address("https://sparql.example.org/sparql")
'https://sparql.example.org/sparql'
>>> service_address("file:///etc/hostname")
Traceback (most recent call last):
    ...
osteograph.ontology.errors.BadParameter: a service is an http or https address, not 'file:///etc/hostname'
"""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from urllib.parse import urlsplit

from osteograph.ontology.errors import BadParameter, QueryRefused

from ..stores.tokens import redirect_services
from .limits import MEBIBYTE
from .negotiation import JSON, XML

SECONDS = 10.0
"""How long one call may take."""
MOST_BYTES = 16 * MEBIBYTE
MOST_CALLS = 100
"""How many calls one query may make; an engine may call once for each row."""
_PIECE = 1 << 16
_AGENT = "osteograph (https://w3id.org/osteograph)"


class ServiceFailed(Exception):
    """An endpoint that was called gave no answer that may be passed on."""


def service_address(url: str) -> str:
    """The address as it may stand in a list and in queries. Raises BadParameter where it is none."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise BadParameter(f"{url!r} is no address") from None
    if split.scheme not in ("http", "https") or not split.hostname or port == 0:
        raise BadParameter(f"a service is an http or https address, not {url!r}")
    if "@" in split.netloc or split.fragment or any(character in url for character in '<>"{}|^`\\ \t\r\n'):
        raise BadParameter(f"a service is an address without credentials, fragment or spaces, not {url!r}")
    return url


class Gate:
    """Calls listed endpoints for one query; ``failure`` is the first reason why one did not answer."""

    def __init__(self, services: frozenset[str]) -> None:
        self._services = services
        self._token = secrets.token_urlsafe(16)
        self._places: dict[str, str] = {}  # paths of the gate and the endpoints behind them
        self.calls = 0
        self.failure = ""

    @contextmanager
    def opened(self, sparql: str) -> Iterator[str]:
        """The query with the gate in the place of listed endpoints; the gate is open within the block.

        Raises QueryRefused where the query calls anything that is not listed.
        """
        with TCPServer(("127.0.0.1", 0), partial(_Call, self)) as server:
            port = server.server_address[1]

            def stand_in(service: str) -> str:
                if service not in self._services:
                    known = ", ".join(f"<{name}>" for name in sorted(self._services))
                    raise QueryRefused(f"SERVICE <{service[:200]}> is not allowed; this server calls {known}")
                path = f"/{self._token}/{len(self._places)}"
                self._places[path] = service
                return f"http://127.0.0.1:{port}{path}"

            rewritten = redirect_services(sparql, stand_in)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield rewritten
            finally:
                server.shutdown()

    def call(self, path: str, query: bytes) -> tuple[str, bytes]:
        """Media type and bytes of an endpoint's answer. Raises ServiceFailed with a reason for the client."""
        service = self._places.get(path)
        if service is None:
            raise ServiceFailed("the gate has no such place")
        self.calls += 1
        try:
            if self.calls > MOST_CALLS:
                raise ServiceFailed(f"it was called {MOST_CALLS} times for this query, and no more is allowed")
            return ask_service(service, query)
        except ServiceFailed as error:
            self.failure = self.failure or f"SERVICE <{service}>: {error}"
            raise


class _Call(BaseHTTPRequestHandler):
    """One call of the engine."""

    timeout = SECONDS

    def __init__(self, gate: Gate, *arguments: object) -> None:
        self._gate = gate
        super().__init__(*arguments)  # type: ignore[arg-type]  # what the server gives each handler

    def do_POST(self) -> None:  # the name is the library's
        """Pass a query on, and its answer back."""
        length = self.headers.get("Content-Length") or ""
        query = self.rfile.read(min(int(length), MEBIBYTE) if length.isdigit() else 0)
        try:
            media, body = self._gate.call(self.path, query)
            status = 200
        except ServiceFailed as error:
            status, media, body = 502, "text/plain", str(error).encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


def ask_service(service: str, query: bytes) -> tuple[str, bytes]:
    """Ask an endpoint once. Raises ServiceFailed where it cannot be reached, redirects, errs, or says too much."""
    split = urlsplit(service)
    deadline = time.monotonic() + SECONDS
    connection = HTTPConnection(split.hostname or "", split.port or (443 if split.scheme == "https" else 80))
    try:
        connection.sock = _connected(service, deadline)
        headers = {
            "Content-Type": "application/sparql-query",
            "Accept": f"{JSON}, {XML};q=0.8",
            "User-Agent": _AGENT,
            "Host": split.netloc,
        }
        target = (split.path or "/") + (f"?{split.query}" if split.query else "")
        connection.request("POST", target, query, headers)
        answer = connection.getresponse()
        media = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if 300 <= answer.status < 400:
            raise ServiceFailed("it sends elsewhere, and no redirection is followed")
        if answer.status != 200:
            raise ServiceFailed(f"it answers with status {answer.status}")
        if media not in (JSON, XML):
            raise ServiceFailed(f"it answers with {media[:80] or 'no media type'}, not with rows")
        body = bytearray()
        while True:
            _wait_until(connection.sock, deadline)
            piece = answer.read1(_PIECE)
            if not piece:
                return media, bytes(body)
            body += piece
            if len(body) > MOST_BYTES:
                raise ServiceFailed(f"its answer is larger than {MOST_BYTES:,} bytes")
    except TimeoutError:
        raise ServiceFailed(f"it took longer than {SECONDS:g} seconds") from None
    except (OSError, HTTPException) as error:
        raise ServiceFailed(f"it cannot be reached: {type(error).__name__}") from error
    finally:
        connection.close()


def _wait_until(connection: socket.socket | None, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if connection is not None:  # closed already where the rest of the answer is in memory
        connection.settimeout(left)


def _connected(service: str, deadline: float) -> socket.socket:
    """A connection to an address that was looked at, so that a name cannot lead elsewhere a moment later."""
    split = urlsplit(service)
    host, port = split.hostname or "", split.port or (443 if split.scheme == "https" else 80)
    listed = _is_address(host) or host == "localhost"
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    private = [entry[4][0] for entry in found if not _is_public(str(entry[4][0]))]
    if private and not listed:
        raise ServiceFailed("its name leads to an address that is not public; such an address has to be listed itself")
    last: OSError = OSError("the name leads nowhere")
    for family, kind, protocol, _, address in found:
        made = socket.socket(family, kind, protocol)
        try:
            _wait_until(made, deadline)
            made.connect(address)
            if split.scheme == "https":
                return ssl.create_default_context().wrap_socket(made, server_hostname=host)
            return made
        except OSError as error:
            made.close()
            last = error
    raise last


def _is_address(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return False


def _is_public(address: str) -> bool:
    """Whether an address is one of the public internet.

    >>> [_is_public(a) for a in ("93.184.216.34", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return bool(mapped.is_global and not mapped.is_multicast)
