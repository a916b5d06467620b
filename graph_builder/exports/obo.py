"""The class view for OBO tools: OBO format 1.4 and OBO Graphs JSON. Existentials are relationships, matches are xrefs.

What OBO has no place for is left out: axioms on the side of the patient, and all that is not a class.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from osteograph.ontology.namespaces import CONCEPT, SCHEMA, STATEMENT, expand

from .carries import loss
from .classes import BY_DEFINITION, CLASS, CLASSES, Kind, kinds
from .material import Material, curie

_SCOPES = {"Exact": "EXACT", "Narrow": "NARROW", "Broad": "BROAD", "Related": "RELATED"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def obo(material: Material) -> Iterator[str]:
    """OBO format, a frame at a time."""
    found = kinds(material)
    labels = {kind.iri: kind.record.label for kind in found}
    yield _header(material)
    for kind in found:
        yield "\n" + "".join(f"{clause}\n" for clause in _term(kind, labels))
    for name in sorted(BY_DEFINITION):
        yield "\n" + "".join(f"{clause}\n" for clause in _typedef(name, material))


def _header(material: Material) -> str:
    header = material.header()
    clauses = [
        "format-version: 1.4",
        f"data-version: releases/{header.version}",
        f"remark: {_plain(header.notice)} {_plain(loss('obo'))}",
        f"idspace: bmo {SCHEMA}",
        f"idspace: ost {STATEMENT}",
        f"idspace: osteo {CONCEPT}",
        f"idspace: osteoclass {CLASS}",
        "ontology: osteograph-classes",
        f"property_value: {expand('dcterms:license')} {header.license}",
        f'property_value: {expand("dcterms:title")} "osteograph: class view" xsd:string',
    ]
    return "".join(f"{clause}\n" for clause in clauses)


def _term(kind: Kind, labels: dict[str, str]) -> Iterator[str]:
    record = kind.record
    yield "[Term]"
    yield f"id: {class_id(kind.iri)}"
    yield f"name: {_plain(record.label)}"
    yield f'def: "{_quoted(record.definition)}" [{curie(record.iri)}]'
    for scope, words in sorted(record.synonyms):
        yield f'synonym: "{_quoted(words)}" {_SCOPES[scope]} []'
    for notation in _xrefs(kind):
        yield f"xref: {notation}"
    for parent, statements in sorted(kind.parents):
        names = ", ".join(f'source="{curie(statement)}"' for statement in statements)
        yield f"is_a: {class_id(parent)}" + (f" {{{names}}}" if names else "") + f" ! {_plain(labels[parent])}"
    for name, filler in sorted(kind.existentials):
        yield f"relationship: bmo:{name} {class_id(filler)} ! {_plain(labels[filler])}"


def _typedef(name: str, material: Material) -> Iterator[str]:
    prop = material.schema.properties[name]
    yield "[Typedef]"
    yield f"id: bmo:{name}"
    yield f"name: {_plain(prop.label)}"
    yield f'def: "{_quoted(prop.definition)}" []'
    if name == "partOf":
        yield "is_transitive: true"
    if name == "hasSite":
        yield "transitive_over: bmo:partOf"


def class_id(iri: str) -> str:
    return f"osteoclass:{iri.removeprefix(CLASS)}"


def _xrefs(kind: Kind) -> list[str]:
    return sorted({mapping.notation for mapping in kind.record.mappings if mapping.relation == "exactMatch"})


def _quoted(words: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in words)


def _plain(words: str) -> str:
    """Words outside quotation marks, where ``!`` opens a comment and ``{`` the qualifiers."""
    return "".join(f"\\{one}" if one in '!{}"\\' else " " if one in "\r\n\t" else one for one in words)


def obo_graphs(material: Material) -> Iterator[str]:
    """OBO Graphs JSON, with the IRIs of the classes."""
    header, found = material.header(), kinds(material)
    graph = {
        "id": CLASSES,
        "meta": {
            "version": f"{header.version_iri}/osteograph-classes.owl",
            "basicPropertyValues": [
                {"pred": expand("dcterms:license"), "val": header.license},
                {
                    "pred": expand("dcterms:description"),
                    "val": f"{header.description} {loss('obographs')}",
                },
            ],
        },
        "nodes": [_node(kind) for kind in found] + [_property(name, material) for name in sorted(BY_DEFINITION)],
        "edges": [edge for kind in found for edge in _edges(kind)],
    }
    yield json.dumps({"graphs": [graph]}, ensure_ascii=False, indent=1) + "\n"


def _node(kind: Kind) -> dict[str, Any]:
    record = kind.record
    meta: dict[str, Any] = {
        "definition": {"val": record.definition, "xrefs": [record.iri]},
        "synonyms": [{"pred": f"has{scope}Synonym", "val": words} for scope, words in record.synonyms],
        "xrefs": [{"val": notation} for notation in _xrefs(kind)],
        "basicPropertyValues": [{"pred": expand("bmo:standsForConcept"), "val": record.iri}]
        + [{"pred": expand(f"skos:{m.relation}"), "val": m.object} for m in record.mappings],
    }
    kept = {name: value for name, value in meta.items() if value}
    return {"id": kind.iri, "lbl": record.label, "type": "CLASS", "meta": kept}


def _property(name: str, material: Material) -> dict[str, Any]:
    prop = material.schema.properties[name]
    meta = {"definition": {"val": prop.definition, "xrefs": []}}
    return {"id": prop.iri, "lbl": prop.label, "type": "PROPERTY", "meta": meta}


def _edges(kind: Kind) -> Iterator[dict[str, Any]]:
    for parent, statements in kind.parents:
        sources = [{"pred": expand("bmo:projectedFrom"), "val": statement} for statement in statements]
        edge: dict[str, Any] = {"sub": kind.iri, "pred": "is_a", "obj": parent}
        yield edge | ({"meta": {"basicPropertyValues": sources}} if sources else {})
    for name, filler in kind.existentials:
        yield {"sub": kind.iri, "pred": SCHEMA + name, "obj": filler}
