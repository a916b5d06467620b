"""Mappings as an SSSOM table: the slots of SSSOM 1.0, sorted, with the terms on which each vocabulary is given away."""

from __future__ import annotations

from collections.abc import Iterator

from osteograph.ontology.namespaces import CONCEPT, ONTOLOGY, PREFIXES, VOCABULARY

from .carries import loss
from .material import Material, curie

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "license",
    "subject_type", "object_type", "object_source", "object_source_version", "confidence", "other", "comment",
)  # fmt: skip
"""In the order of the specification, as its canonical form asks; so are the slots of the set."""
_SLOTS = {
    "object_source": "sssom:object_source",
    "object_source_version": "sssom:object_source_version",
    "confidence": "sssom:confidence",
    "license": "dcterms:license",
    "other": "sssom:other",
    "comment": "rdfs:comment",
}


def sssom(material: Material) -> Iterator[str]:
    """The mapping set, a row at a time after its metadata."""
    rows = sorted(_rows(material), key=lambda row: (row["subject_id"], row["predicate_id"], row["object_id"]))
    yield from _metadata(material, rows)
    yield "\t".join(COLUMNS) + "\n"
    for row in rows:
        yield "\t".join(row[name] for name in COLUMNS) + "\n"


def _rows(material: Material) -> Iterator[dict[str, str]]:
    for iri in material.subjects("rdf:type", PREFIXES["sssom"] + "Mapping"):
        subject, target = material.one(iri, "owl:annotatedSource"), material.one(iri, "owl:annotatedTarget")
        found = target != PREFIXES["sssom"] + "NoTermFound"
        yield {
            "subject_id": curie(subject),
            "subject_label": material.label(subject),
            "predicate_id": curie(material.one(iri, "owl:annotatedProperty")),
            "object_id": material.one(target, "skos:notation") if found else "sssom:NoTermFound",
            "object_label": material.one(target, "skos:prefLabel"),
            "mapping_justification": curie(material.one(iri, "sssom:mapping_justification")),
            "subject_type": "owl named individual",
            "object_type": _object_type(target) if found else "",
        } | {slot: " ".join(material.one(iri, predicate).split()) for slot, predicate in _SLOTS.items()}


def _object_type(target: str) -> str:
    """Terms of OBO ontologies are classes; of code systems nothing is claimed."""
    return "owl class" if target.startswith(PREFIXES["obo"]) else ""


def _metadata(material: Material, rows: list[dict[str, str]]) -> Iterator[str]:
    header = material.header()
    yield '#sssom_version: "1.0"\n#curie_map:\n'
    for prefix, namespace in _curie_map(material, rows):
        yield f'#  {prefix}: "{namespace}"\n'
    notices = " ".join(
        f"{iri.removeprefix(VOCABULARY)}: {note}"
        for iri in material.subjects("rdf:type", PREFIXES["skos"] + "ConceptScheme")
        for note in material.values(iri, "skos:note")
    )
    words = f"{header.notice} The column license gives the terms of each vocabulary. {loss('sssom')} {notices}"
    slots = {
        "mapping_set_id": f"{header.version_iri}/osteograph.sssom.tsv",
        "mapping_set_version": header.version,
        "mapping_set_title": "osteograph concepts to public ontologies and code systems",
        "mapping_set_description": words,
        "license": header.license,
        "subject_source": ONTOLOGY,
        "subject_source_version": header.version,
        "mapping_date": header.version,
    }
    for slot, words in slots.items():
        yield f'#{slot}: "{_quoted(words)}"\n'


def _quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"')


def _curie_map(material: Material, rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The prefixes in use; those of codes from the codes themselves."""
    used = {cell.partition(":")[0] for row in rows for cell in (row["subject_id"], row["predicate_id"])}
    known = {prefix: PREFIXES[prefix] for prefix in (used | {"semapv", "sssom"}) & set(PREFIXES)}
    for iri in material.subjects("rdf:type", PREFIXES["sssom"] + "Mapping"):
        target = material.one(iri, "owl:annotatedTarget")
        prefix, colon, local = material.one(target, "skos:notation").partition(":")
        if colon and prefix not in known:
            known[prefix] = target.removesuffix(local)
    known["bioregistry"] = "https://bioregistry.io/"
    known["osteo"] = CONCEPT
    return sorted(known.items())
