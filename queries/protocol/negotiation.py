"""From an Accept header to a media type, as RFC 9110 section 12.5.1 has it.

>>> negotiate("text/csv;q=0.5, application/*;q=0.4", SOLUTIONS)
'text/csv'
>>> negotiate("image/png", SOLUTIONS) is None
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
N_TRIPLES = "application/n-triples"
RDF_XML = "application/rdf+xml"
JSON_LD = "application/ld+json"
TRIG = "application/trig"
N_QUADS = "application/n-quads"

PLAIN_JSON, PLAIN_XML = "application/json", "application/xml"
"""What clients ask for that do not know the media types of SPARQL and RDF."""

SOLUTIONS = (JSON, XML, CSV, TSV, PLAIN_JSON, PLAIN_XML)
BOOLEAN = (JSON, XML, PLAIN_JSON, PLAIN_XML)
GRAPH = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS, PLAIN_XML)
OFFERED = {"solutions": SOLUTIONS, "boolean": BOOLEAN, "graph": GRAPH}
"""What is offered for each kind of answer, the first where the client has no wish."""

_QUALITY = re.compile(r"\s*q\s*=\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*", re.IGNORECASE)
"""Also without the leading zero, as Java's clients have it: ``*/*; q=.2``."""
_RANGE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+", re.ASCII)


@dataclass(frozen=True)
class Offer:
    """The media type of each kind of answer that a client takes; None where it takes none that there is."""

    solutions: str | None
    boolean: str | None
    graph: str | None


@lru_cache(maxsize=256)
def offer(accept: str | None) -> Offer:
    """What a client with this Accept header is offered."""
    return Offer(negotiate(accept, SOLUTIONS), negotiate(accept, BOOLEAN), negotiate(accept, GRAPH))


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type that the client likes best, the earlier one where it likes two alike, or None."""
    ranges = list(_ranges(accept or "*/*"))
    best, quality = None, 0.0
    for media in offered:
        liked = _quality(media, ranges)
        if liked > quality:
            best, quality = media, liked
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Media ranges with their weights; what is not well formed is passed over."""
    for name, weight in _weighted(accept):
        media = "*/*" if name == "*" else name  # some clients write only the one
        if _RANGE.fullmatch(media):
            yield media, weight


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """What a header names, in small letters, with its weights; one that is not well formed counts as 1."""
    for part in header.split(","):
        name, *parameters = part.split(";")
        weights = [match[1] for match in map(_QUALITY.fullmatch, parameters) if match]
        yield name.strip().lower(), min(float(weights[0]), 1.0) if weights else 1.0


def accepts_coding(header: str, coding: str) -> bool:
    """Whether an Accept-Encoding header admits a content coding (RFC 9110 section 12.5.3).

    >>> accepts_coding("br, gzip;q=0.5", "gzip"), accepts_coding("gzip;q=0, *", "gzip"), accepts_coding("", "gzip")
    (True, False, False)
    """
    weights = dict(_weighted(header))
    return weights.get(coding, weights.get("*", 0.0)) > 0


def _quality(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most precise range that holds the media type."""
    family = media.partition("/")[0] + "/*"
    for pattern in (media, family, "*/*"):
        found = [quality for name, quality in ranges if name == pattern]
        if found:
            return max(found)
    return 0.0
