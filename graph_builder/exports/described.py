"""What a release says of itself to machines: VoID and DCAT 3 as Turtle, and an RO-Crate.

Both list every file with size, SHA-256, media type, licence and the standard it conforms to.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.namespaces import BASE, PREFIXES, SCHEMA

from ..terms import english, integer, node, text
from .material import Header, Material
from .turtle import turtle

SPDX = "http://spdx.org/rdf/terms#"
VOID_FILE, CRATE_FILE = "osteograph-void.ttl", "ro-crate-metadata.json"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_PREFIXES = dict(PREFIXES) | {"spdx": SPDX}


@dataclass(frozen=True)
class ReleasedFile:
    """A file of a release: what it is, and what it takes to tell whether it is whole."""

    name: str
    words: str
    media_type: str
    standard: str
    size: int
    sha256: str


def void(material: Material, files: Sequence[ReleasedFile]) -> Iterator[str]:
    """The release as ``void:Dataset`` and ``dcat:Dataset``, its files as distributions."""
    header = material.header()
    triples = {*_dataset(material, header), *_partitions(material, header)}
    for file in files:
        triples.update(_distribution(file, header))
    ordered = sorted(triples, key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
    return turtle(ordered, _PREFIXES, (header.title, header.notice))


def _dataset(material: Material, header: Header) -> Iterator[ox.Triple]:
    iri = ox.NamedNode(header.version_iri)
    objects: dict[str, ox.NamedNode | ox.Literal] = {
        "dcterms:title": english(header.title),
        "dcterms:description": english(header.description),
        "dcterms:license": ox.NamedNode(header.license),
        "dcterms:issued": ox.Literal(header.version, datatype=node("xsd:date")),
        "dcterms:identifier": text(header.version_iri),
        "dcat:version": text(header.version),
        "dcat:landingPage": ox.NamedNode(BASE[:-1]),
        "void:uriSpace": text(BASE),
        "void:triples": integer(len({quad.triple for quad in material.store})),
        "void:exampleResource": ox.NamedNode(BASE + "concept/BoneMetastasis"),
    }
    yield ox.Triple(iri, node("rdf:type"), node("dcat:Dataset"))
    yield ox.Triple(iri, node("rdf:type"), node("void:Dataset"))
    for predicate, value in objects.items():
        yield ox.Triple(iri, node(predicate), value)
    for prefix in ("bmo", "skos", "prov", "sssom"):
        yield ox.Triple(iri, node("void:vocabulary"), ox.NamedNode(PREFIXES[prefix]))


def _partitions(material: Material, header: Header) -> Iterator[ox.Triple]:
    """How many instances of each class of ours, how many triples with each property of ours."""
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    for triple in {quad.triple for quad in material.store}:
        properties[triple.predicate.value] += 1
        if triple.predicate == node("rdf:type") and isinstance(triple.object, ox.NamedNode):
            classes[triple.object.value] += 1
    for kind, counts, of, number in (
        ("classPartition", classes, "void:class", "void:entities"),
        ("propertyPartition", properties, "void:property", "void:triples"),
    ):
        for iri, count in counts.items():
            if iri.startswith(SCHEMA):
                part = ox.NamedNode(f"{header.version_iri}/void/{kind}/{iri.removeprefix(SCHEMA)}")
                yield ox.Triple(ox.NamedNode(header.version_iri), node(f"void:{kind}"), part)
                yield ox.Triple(part, node(of), ox.NamedNode(iri))
                yield ox.Triple(part, node(number), integer(count))


def _distribution(file: ReleasedFile, header: Header) -> Iterator[ox.Triple]:
    iri = ox.NamedNode(f"{header.version_iri}/{file.name}")
    checksum = ox.NamedNode(f"{iri.value}#sha256")
    size = ox.Literal(str(file.size), datatype=node("xsd:nonNegativeInteger"))
    digest = ox.Literal(file.sha256, datatype=node("xsd:hexBinary"))
    yield ox.Triple(ox.NamedNode(header.version_iri), node("dcat:distribution"), iri)
    yield ox.Triple(iri, node("rdf:type"), node("dcat:Distribution"))
    yield ox.Triple(iri, node("dcterms:title"), english(f"{file.name}: {file.words}"))
    yield ox.Triple(iri, node("dcterms:license"), ox.NamedNode(header.license))
    yield ox.Triple(iri, node("dcterms:conformsTo"), ox.NamedNode(file.standard))
    yield ox.Triple(iri, node("dcat:downloadURL"), iri)
    yield ox.Triple(iri, node("dcat:mediaType"), ox.NamedNode(_MEDIA_TYPES + file.media_type))
    yield ox.Triple(iri, node("dcat:byteSize"), size)
    yield ox.Triple(iri, ox.NamedNode(SPDX + "checksum"), checksum)
    yield ox.Triple(checksum, node("rdf:type"), ox.NamedNode(SPDX + "Checksum"))
    yield ox.Triple(checksum, ox.NamedNode(SPDX + "algorithm"), ox.NamedNode(SPDX + "checksumAlgorithm_sha256"))
    yield ox.Triple(checksum, ox.NamedNode(SPDX + "checksumValue"), digest)


def crate(material: Material, files: Sequence[ReleasedFile]) -> Iterator[str]:
    """The release as an RO-Crate 1.1."""
    header = material.header()
    graph = [_descriptor(), _root(header, files), _licence(header), _publisher()]
    graph += [_file(file, header) for file in files]
    graph += [_standard(iri) for iri in sorted({file.standard for file in files})]
    # The context of RO-Crate 1.1 has no term for digests; schema.org has.
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
    document = {"@context": context, "@graph": graph}
    yield json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _descriptor() -> dict[str, Any]:
    return {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }


def _root(header: Header, files: Sequence[ReleasedFile]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": header.title,
        "description": header.description,
        "identifier": header.version_iri,
        "version": header.version,
        "datePublished": header.version,
        "license": {"@id": header.license},
        "publisher": {"@id": BASE[:-1]},
        "author": {"@id": BASE[:-1]},
        "hasPart": [{"@id": file.name} for file in files],
    }


def _licence(header: Header) -> dict[str, Any]:
    words = "Creative Commons Attribution 4.0 International"
    return {"@id": header.license, "@type": "CreativeWork", "name": words, "description": words}


def _publisher() -> dict[str, Any]:
    return {"@id": BASE[:-1], "@type": "Organization", "name": "The osteograph contributors", "url": BASE[:-1]}


def _file(file: ReleasedFile, header: Header) -> dict[str, Any]:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.words,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
        "license": {"@id": header.license},
        "conformsTo": {"@id": file.standard},
    }


def _standard(iri: str) -> dict[str, Any]:
    return {"@id": iri, "@type": "CreativeWork", "name": iri, "url": iri}
