"""Who may ask, and what a browser may do with the answer: Host, Origin, security headers, and the access log.

The server binds to loopback, but every web page that a user opens can send requests there. Two checks keep such pages
from reading the graph, and what the user has added to it: the Host header must name this server, so that a foreign
name that is made to resolve to loopback leads nowhere (DNS rebinding); and a request with an Origin must come from this
server's own pages, unless ``--cors`` lets others in.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from osteograph.ontology.errors import BadParameter

from .repeats import note_body, note_headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_CLOSING = PlainTextResponse("the server is closing\n", 503, {"Connection": "close", "Retry-After": "2"})
_EXPOSED = "ETag, Content-Length, Retry-After"


@dataclass(frozen=True)
class Access:
    """Who is let in: host names beyond loopback, other origins, and whether the log tells what was asked."""

    names: frozenset[str] = frozenset()
    any_address: bool = False
    cors: bool = False
    log: bool = False
    log_queries: bool = False

    def knows_host(self, host: str) -> bool:
        """Whether a Host header names this server.

        >>> Access().knows_host("127.0.0.1:8000"), Access().knows_host("evil.example")
        (True, False)
        """
        name = host_name(host)
        return name in {"localhost", "127.0.0.1", "::1"} | self.names or (self.any_address and _is_address(name))


def host_names(names: Iterable[str]) -> frozenset[str]:
    """Names of hosts as they are compared. Raises BadParameter where one is none.

    >>> sorted(host_names(["Graph.Example.org"]))
    ['graph.example.org']
    """
    known = frozenset(name.lower() for name in names)
    if wrong := sorted(name for name in known if host_name(name) != name):
        raise BadParameter(f"the name of a host has neither port nor path, unlike {', '.join(map(repr, wrong))}")
    return known


def remote_access(names: Iterable[str], **options: bool) -> Access:
    """Access for a server that others may reach: by address, by the machine's own name, and by the names given."""
    return Access(names=host_names(names) | {socket.gethostname().lower()}, any_address=True, **options)


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets; empty where it is none."""
    match = re.fullmatch(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::[0-9]{1,5})?", host)
    return (match["six"] or match["name"]).lower() if match else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        cross = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
        own = {"Cross-Origin-Resource-Policy": "same-origin"}
        every = HEADERS | (cross if access.cors else own)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in every.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, seen = time.perf_counter(), {"status": 0, "bytes": 0}

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] += [pair for pair in self._headers if pair[0] not in present]
                note_headers(scope, message)
            else:
                seen["bytes"] += len(message.get("body", b""))
                note_body(scope, message, lambda: self._line(scope, seen))
            await send(message)

        try:
            answer = self._refusal(scope, Headers(scope=scope)) or self._app
            await answer(scope, receive, send_guarded)
        except asyncio.CancelledError:  # the server stops, and has waited for as long as it does
            if not seen["status"]:
                await _CLOSING(scope, receive, send_guarded)
        finally:
            if self._access.log:
                milliseconds = (time.perf_counter() - started) * 1000
                print(f"{self._line(scope, seen)} {milliseconds:.1f}ms", file=sys.stderr, flush=True)  # noqa: T201

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """A ready answer where the request is not let in, or is a browser's question about CORS."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if len(headers.getlist("host")) > 1:
            return PlainTextResponse("a request has one Host header\n", 400)
        if not self._access.knows_host(host):
            return PlainTextResponse(f"this server is not called {host[:100]!r}\n", 421)
        if origin and not self._access.cors and origin not in (f"http://{host}", f"https://{host}"):
            return PlainTextResponse("other web pages may not ask this server; --cors would let them\n", 403)
        if self._access.cors and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            allowed = {"Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS", "Access-Control-Max-Age": "600"}
            allowed["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
            return Response(status_code=204, headers=allowed)
        return None

    def _line(self, scope: Scope, seen: dict[str, int]) -> str:
        """What the log says of a request; the values of parameters only where they were asked for."""
        if not self._access.log:
            return ""
        path = scope["path"].encode("unicode_escape").decode()
        query = scope["query_string"].decode("ascii", "backslashreplace")
        shown = f"?{query}" if query and self._access.log_queries else "?…" if query else ""
        return f"{scope['method']} {path}{shown} {seen['status']} {seen['bytes']}"
