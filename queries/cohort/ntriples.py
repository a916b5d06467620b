"""Flags as N-Triples: the plain triple that a rule derives, and a statement that names the rule part and the proof.

A comment on the statement says where a rule is silent about inheritance; the plain triple cannot.

What is said is the same text for all patients but for the patient. So flags are grouped by what they say, and each
text is filled in for all its patients at once by Arrow; the bytes go to the file as they lie in memory. Every
identifier of a patient is one that an IRI can hold: readers take no others.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from osteograph.ontology.namespaces import BASE, PREFIXES, SCHEMA, expand

from ..screening.reports import SILENT
from .tables import PREDICATES

PATIENTS = f"{BASE}patient/"
_SAID = ("treatment", "concept", "strength", "rule_part", "unconfirmed", "proof")
_HERE = "\x01"  # where the patient belongs in a text
_AT_ONCE = 10_000  # patients; some ten megabytes of text


def write_ntriples(flags: Path, target: Path) -> None:
    """Write the flags of a Parquet file as N-Triples, one thing that is said after the other."""
    table = pq.read_table(flags, columns=["patient", *_SAID])
    table = table.set_column(0, "patient", table["patient"].cast(pa.string()))
    grouped = table.group_by(list(_SAID)).aggregate([("patient", "list")])
    with target.open("wb") as file:
        for row in range(grouped.num_rows):
            pieces = _text(*(grouped[name][row].as_py() for name in _SAID)).split(_HERE)
            patients = grouped["patient_list"][row].values
            for first in range(0, len(patients), _AT_ONCE):
                filled = pc.binary_join_element_wise(*pieces, patients.slice(first, _AT_ONCE))
                file.write(_bytes(filled))


def _bytes(texts: pa.StringArray) -> memoryview:
    """All texts one after the other, as they lie in memory; none of them is missing, and none belongs to a slice."""
    return memoryview(texts.buffers()[2])[: pc.sum(pc.binary_length(texts)).as_py()]


def _text(treatment: str, concept: str, strength: str, rule_part: str | None, unconfirmed: bool, proof: str) -> str:
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
    if unconfirmed:
        triples.append(f'{statement} <{expand("rdfs:comment")}> "{SILENT}"@en')
    return "".join(f"{triple} .\n" for triple in triples)


def _iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"
