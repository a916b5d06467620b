"""Flags as N-Triples: the plain triple that a rule derives, and a statement that names the rule part and the proof.

What is said is the same text for all patients but for the patient: it is put together once, and then filled in.
Every identifier of a patient is one that an IRI can hold: readers take no others.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from osteograph.ontology.namespaces import BASE, PREFIXES, SCHEMA, expand

from .tables import PREDICATES

PATIENTS = f"{BASE}patient/"
_COLUMNS = ("patient", "treatment", "concept", "strength", "rule_part", "proof")
_HERE = "\x01"  # where the patient belongs in a text
_BATCH = 50_000


def write_ntriples(flags: Path, target: Path) -> None:
    """Write the flags of a Parquet file as N-Triples."""
    texts: dict[tuple[str, str], list[str]] = {}
    with target.open("wb") as file:
        for batch in pq.ParquetFile(flags).iter_batches(_BATCH, columns=list(_COLUMNS)):
            file.write("".join(_lines(batch, texts)).encode())


def _lines(batch: pa.RecordBatch, texts: dict[tuple[str, str], list[str]]) -> list[str]:
    """The triples of each flag: the pieces of what is said, joined by the patient."""
    treatments, proofs = (batch.column(name).dictionary_encode() for name in ("treatment", "proof"))
    numbers = zip(treatments.indices.to_pylist(), proofs.indices.to_pylist(), strict=True)
    patients = batch.column("patient").cast(pa.string()).to_pylist()
    pieces: dict[tuple[int, int], list[str]] = {}
    lines = []
    for place, (patient, number) in enumerate(zip(patients, numbers, strict=True)):
        found = pieces.get(number)
        if found is None:
            key = treatments.dictionary[number[0]].as_py(), proofs.dictionary[number[1]].as_py()
            found = texts.get(key)
            if found is None:
                said = (batch.column(name)[place].as_py() for name in _COLUMNS[1:])
                found = texts[key] = _text(*said).split(_HERE)
            pieces[number] = found
        lines.append(patient.join(found))
    return lines


def _text(treatment: str, concept: str, strength: str, rule_part: str | None, proof: str) -> str:
    """All triples of one flag."""
    patient = f"<{PATIENTS}{_HERE}>"
    predicate = f"<{SCHEMA}{PREDICATES[strength]}>"
    statement = f"<{PATIENTS}{_HERE}/{treatment.partition(':')[2]}/{proof}>"
    triples = [
        f"{patient} {predicate} {_iri(concept)}",
        f"{statement} <{expand('rdf:type')}> <{SCHEMA}DerivedStatement>",
        f"{statement} <{SCHEMA}subject> {patient}",
        f"{statement} <{SCHEMA}predicate> {predicate}",
        f"{statement} <{SCHEMA}object> {_iri(concept)}",
        f'{statement} <{expand("dcterms:identifier")}> "{proof}"',
    ]
    if rule_part:
        triples.append(f"{statement} <{expand('prov:used')}> {_iri(rule_part)}")
    return "".join(f"{triple} .\n" for triple in triples)


def _iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"
