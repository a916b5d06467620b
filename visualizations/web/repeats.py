"""Answers that are kept by the very bytes of the request: who sends the same again is answered the same.

The graph does not change between builds, and nothing else that an answer depends on changes at all. So a request whose
line, headers and body are byte for byte those of one before needs neither be read nor checked again. What is kept is
forgotten with the build.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.types import Message

REPEATABLE = "osteograph.repeatable"
"""Where in the scope of a request its handler notes that the same request has the same answer until the next build."""
_KEPT = "osteograph.kept"
_LONGEST = 8192
_MOST = 16 * 2**20
"""Bytes of a request that is kept, and of all that is kept."""


@dataclass(frozen=True)
class Kept:
    """An answer with status 200: its headers as they are sent, its body, and what the access log says of it."""

    headers: bytes
    body: bytes
    line: str


def note_headers(scope: MutableMapping[str, Any], message: Message) -> None:
    """Keep the headers of an answer that may be repeated, until its body comes."""
    if scope.get(REPEATABLE) and message["status"] == 200 and scope["method"] != "HEAD":
        scope[_KEPT] = b"".join(b"%b: %b\r\n" % header for header in message["headers"]) + b"\r\n"


def note_body(scope: MutableMapping[str, Any], message: Message, line: Callable[[], str]) -> None:
    """Keep its body, if that comes in one piece, and what the log says of it."""
    headers = scope.pop(_KEPT, None)
    if headers and not message.get("more_body"):
        scope[_KEPT] = Kept(headers, message["body"], line())


def noted(scope: MutableMapping[str, Any]) -> Kept | None:
    """The answer that was noted, if it may be repeated."""
    return scope.get(_KEPT)


class Repeats:
    """Answers by requests, the latest ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._size = 0
        self.build = 0
        """How many builds came before the one that is served."""

    def forget(self) -> None:
        """Another build is served from now on."""
        self._kept.clear()
        self._size = 0
        self.build += 1

    def get(self, request: bytes) -> Kept | None:
        found = self._kept.get(request)
        if found is not None:
            self._kept.move_to_end(request)
        return found

    def put(self, request: bytes, kept: Kept, build: int) -> None:
        """Keep an answer to a request that came when ``build`` was served."""
        if build != self.build or len(request) > _LONGEST or request in self._kept:
            return
        self._kept[request] = kept
        self._size += _weight(request, kept)
        while self._size > _MOST:
            self._size -= _weight(*self._kept.popitem(last=False))


def _weight(request: bytes, kept: Kept) -> int:
    return 500 + len(request) + len(kept.headers) + len(kept.body)
