"""Flags as N-Triples: the plain triple that a rule derives, and a statement that names the rule part and the proof.

A comment on the statement says where a rule is silent about inheritance; the plain triple cannot.

What is said is the same text for all patients but for the patient. So flags are put in the order of what they say, and
of how long the patient's identifier is; the text of each is laid out once for a block of patients, identifiers are
filled into it in all lines at once, and the block goes to the file as it lies in memory. Every identifier of a patient
is one that an IRI can hold: readers take no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from osteograph.ontology.namespaces import BASE, PREFIXES, SCHEMA, expand

from ..screening.reports import SILENT
from .tables import PREDICATES

PATIENTS = f"{BASE}patient/"
_SAID = ("treatment", "concept", "strength", "rule_part", "unconfirmed", "proof")
_HERE = "\x01"  # where the patient belongs in a text
_BLOCK = 1 << 19  # bytes that are filled at once, so few that they stay near to the processor
Array = np.ndarray[Any, np.dtype[Any]]


def write_ntriples(flags: Path, target: Path) -> None:
    """Write the flags of a Parquet file as N-Triples, one thing that is said after the other."""
    table = pq.read_table(flags, columns=["patient", *_SAID], read_dictionary=["treatment", "proof"])
    with target.open("wb") as file:
        for row, identifiers in _alike(table):
            said = (table[name][row].as_py() for name in _SAID)
            _write(_text(*said).encode().split(_HERE.encode()), identifiers, file)


def _alike(table: pa.Table) -> Iterator[tuple[int, Array]]:
    """The flags that say the same of patients whose identifiers are equally long: a row, and the identifiers."""
    patients = table["patient"].cast(pa.string()).combine_chunks()
    lengths = pc.binary_length(patients).to_numpy()
    numbers = [_numbers(table[name]) for name in ("treatment", "proof")]  # a proof stands for all the rest
    order = np.lexsort((lengths, *numbers))
    if not len(order):
        return
    keys = np.stack([lengths, *numbers])[:, order]
    changes = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    _, offsets, text = patients.take(pa.array(order)).buffers()
    starts = np.frombuffer(offsets, np.int32)
    for begin, end in pairwise([0, *changes.tolist(), len(order)]):
        yield int(order[begin]), np.frombuffer(text, f"V{keys[0, begin]}", end - begin, int(starts[begin]))


def _numbers(column: pa.ChunkedArray) -> Array:
    """The place of each value among the different ones."""
    return np.asarray(column.unify_dictionaries().combine_chunks().indices.to_numpy())


def _write(pieces: list[bytes], identifiers: Array, file: BinaryIO) -> None:
    """Write the text for each identifier, block by block."""
    width = identifiers.dtype.itemsize
    line = (b" " * width).join(pieces)
    rows = max(1, min(len(identifiers), _BLOCK // len(line)))
    block = bytearray(line * rows)
    places = np.cumsum([len(piece) + width for piece in pieces[:-1]]) - width
    gaps = [np.ndarray((rows,), identifiers.dtype, block, int(place), (len(line),)) for place in places]
    for first in range(0, len(identifiers), rows):
        some = identifiers[first : first + rows]
        for gap in gaps:
            gap[: len(some)] = some
        file.write(memoryview(block)[: len(some) * len(line)])


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
