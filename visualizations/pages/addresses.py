"""From IRIs to paths and back, and which IRIs may be links.

The IRI of a thing is no document: asked for a thing, the server answers 303 with the address of a document about it, in
the format that the client prefers. Documents are told apart by suffix; the same files make the static site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from osteograph.ontology.namespaces import BASE

SUFFIXES = {
    ".html": "text/html",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
"""Suffix and media type of each document about a thing."""
RDF = tuple(suffix for suffix in SUFFIXES if suffix != ".html")

_LOCAL = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Place:
    """A path of the site: the thing that it is about, and the suffix of the document, empty for the thing itself."""

    iri: str
    suffix: str


def read_path(path: str) -> Place | None:
    """What a path is about, or None where it is no address of a thing.

    >>> read_path("concept/LungCancer.ttl")
    Place(iri='https://w3id.org/osteograph/concept/LungCancer', suffix='.ttl')
    >>> read_path("section/b.treatment")
    Place(iri='https://w3id.org/osteograph/section/b.treatment', suffix='')
    """
    if not _LOCAL.fullmatch(path):
        return None
    suffix = next((known for known in SUFFIXES if path.endswith(known)), "")
    return Place(BASE + path.removesuffix(suffix), suffix)


def path_of(iri: str) -> str:
    """The path of a thing of ours below the root of the site; empty for the IRIs of others.

    >>> path_of("https://w3id.org/osteograph/claim/C001"), path_of("http://example.org/")
    ('claim/C001', '')
    """
    local = iri.removeprefix(BASE)
    return local if local != iri and _LOCAL.fullmatch(local) else ""


def href(iri: str, root: str) -> str:
    """The address that a link to an IRI leads to; empty where it must not be a link.

    >>> href("https://w3id.org/osteograph/claim/C001", "../"), href("javascript:alert(1)", "../")
    ('../claim/C001.html', '')
    """
    path = path_of(iri)
    if path:
        return f"{root}{path}.html"
    return iri if re.match(r"https?://[^\s<>\"']+$", iri) else ""
