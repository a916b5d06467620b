"""What all answers of the web application share: entity tags, errors as text or JSON, bodies of bounded size."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from osteograph.queries.protocol.connection import Outcome
from osteograph.queries.protocol.negotiation import accepts_coding
from osteograph.queries.protocol.request import ProtocolError

from .repeats import REPEATABLE

_PIECE = 1 << 16
_WORTH_COMPRESSING = 1400
"""Bytes that fit into one packet of a network with their headers are sent as they are."""


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """The body of a request.

    Raises ProtocolError 415 where it is compressed, 413 as soon as it is known to be longer than ``most`` bytes, 408
    when it takes longer to come than ``seconds``; then the connection ends, too. Too long a body is read and dropped
    for as long again, since many clients read no answer before they have sent all.
    """
    codings = ",".join(request.headers.getlist("content-encoding") + request.headers.getlist("transfer-encoding"))
    wrong = sorted({coding.strip().lower() for coding in codings.split(",")} - {"", "identity", "chunked"})
    if wrong:
        raise ProtocolError(415, f"a body comes as it is, not in {wrong[0][:40]}", {"Accept-Encoding": "identity"})
    error = ProtocolError(413, f"the body of a request has at most {most:,} bytes")
    if int(request.headers.get("content-length") or 0) > most:
        raise error
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise error
    except TimeoutError:
        message = f"the body of the request took longer than {seconds:g} seconds"
        raise ProtocolError(408, message, {"Connection": "close"}) from None
    return bytes(body)


def tagged(request: Request, content: bytes | IO[bytes], media: str, tag: str = "") -> Response:
    """An answer with an entity tag, or 304 where the client has it already; bytes are their own tag, by digest.

    Bytes that are not few are sent compressed to who takes that, with a tag of their own; large files are not.
    """
    tag = tag or hashlib.sha256(content).hexdigest()[:32]  # type: ignore[arg-type]  # files come with one
    coding: dict[str, str] = {}
    accepted = ",".join(request.headers.getlist("accept-encoding"))
    if isinstance(content, bytes) and len(content) > _WORTH_COMPRESSING and accepts_coding(accepted, "gzip"):
        content, tag, coding = _gzipped(content), f"{tag}-gzip", {"Content-Encoding": "gzip"}
    headers = {"ETag": f'"{tag}"', "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
    if request.method in ("GET", "HEAD") and _matches(",".join(request.headers.getlist("if-none-match")), tag):
        return Response(status_code=304, headers=headers)
    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
    if isinstance(content, bytes):
        return Response(content, media_type=kind, headers=headers | coding)
    headers["Content-Length"] = str(os.fstat(content.fileno()).st_size)
    return StreamingResponse(_pieces(content), media_type=kind, headers=headers)


@lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    """At the quickest level: of 84 kB of JSON 10 are left, after a third of a millisecond; the latest are kept."""
    return gzip.compress(content, 1, mtime=0)


def answered(request: Request, outcome: Outcome) -> Response:
    """The answer to a query, which is the same each time unless it is volatile."""
    request.scope[REPEATABLE] = not outcome.volatile
    return tagged(request, outcome.content, outcome.media, outcome.sha256[:32])


def _matches(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names the entity tag, by weak comparison."""
    tags = (part.strip().removeprefix("W/") for part in header.split(","))
    return any(part in ("*", f'"{tag}"') for part in tags)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces, read by position: several answers may read one file at the same time."""
    position = 0
    while piece := os.pread(file.fileno(), _PIECE, position):
        position += len(piece)
        yield piece


def error_as_text(error: ProtocolError) -> Response:
    """The message as plain text, as the SPARQL Protocol wants it."""
    return PlainTextResponse(error.message.rstrip() + "\n", error.status, error.headers)


def error_as_json(error: ProtocolError) -> Response:
    """The message as JSON problem details (RFC 9457)."""
    document: dict[str, object] = {"status": error.status, "detail": error.message}
    if error.problems:
        document["problems"] = error.problems
    return JSONResponse(document, error.status, error.headers, media_type="application/problem+json")
