"""Tables for data frames and SQL, as CSV and as Parquet: one row a concept, statement, qualifier, piece of evidence …

They join by IRIs: ``statements.statement`` = ``evidence.statement`` = ``qualifiers.statement``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.errors import ToolMissing

from .derived import derived as derived_records
from .material import Material

Row = dict[str, Any]


def concepts(material: Material) -> Iterator[Row]:
    for record in material.concepts():
        yield {
            "concept": record.iri,
            "label": record.label,
            "definition": record.definition,
            "classes": "|".join(record.classes),
            "synonyms": "|".join(words.replace("|", "/") for _, words in record.synonyms),
        }


def hierarchy(material: Material) -> Iterator[Row]:
    for record in material.concepts():
        for parent, statements in record.parents:
            yield {"concept": record.iri, "kind_of": parent, "statements": "|".join(statements)}


def statements(material: Material) -> Iterator[Row]:
    for record in material.statements():
        literal = isinstance(record.object, ox.Literal)
        yield {
            "statement": record.iri,
            "label": record.label,
            "subject": record.subject,
            "predicate": record.predicate,
            "object": "" if literal else record.object.value,
            "value": record.object.value if literal else "",
            "datatype": record.object.datatype.value if isinstance(record.object, ox.Literal) else "",
            "standing": record.standing,
            "origin": record.origin,
            "plain_predicate": record.plain.predicate.value if record.plain else "",
        }


def qualifiers(material: Material) -> Iterator[Row]:
    for record in material.statements():
        for key, value in record.qualifiers:
            yield {"statement": record.iri, "qualifier": key, "value": value.value}


def evidence(material: Material) -> Iterator[Row]:
    for record in material.statements():
        for claim in record.claims:
            for passage in claim.passages:
                yield {
                    "statement": record.iri,
                    "claim": claim.iri,
                    "source": claim.source,
                    "polarity": claim.polarity,
                    "basis": claim.basis,
                    "certainty": claim.certainty,
                    "paraphrase": claim.paraphrase,
                    "passage": passage.iri,
                    "start": passage.start,
                    "end": passage.end,
                    "sha256": passage.sha256,
                }


def derived(material: Material) -> Iterator[Row]:
    for record in derived_records(material):
        yield {
            "statement": record.iri,
            "label": record.label,
            "subject": record.subject,
            "predicate": record.predicate,
            "object": record.object,
            "rests_on": "|".join(record.grounds),
        }


def rule_parts(material: Material) -> Iterator[Row]:
    for part in material.rule_parts():
        yield {
            "part": part.iri,
            "rule": part.rule,
            "label": part.label,
            "treatment": part.treatment,
            "predicate": part.predicate,
            "strength": part.strength,
            "conditions": "|".join(part.conditions),
            "effects": "|".join(part.effects),
            "limits": "|".join(f"{name}={value}" for name, value in part.limits),
            "members_inherit": part.members_inherit,
            "verified": part.verified,
            "citations": "|".join(part.citations),
        }


def mappings(material: Material) -> Iterator[Row]:
    for record in material.concepts():
        for mapping in record.mappings:
            yield {
                "concept": record.iri,
                "relation": mapping.relation,
                "code": mapping.notation,
                "code_iri": mapping.object,
                "code_label": mapping.label,
            }


TABLES: Mapping[str, Callable[[Material], Iterator[Row]]] = {
    table.__name__: table
    for table in (concepts, hierarchy, statements, qualifiers, evidence, derived, rule_parts, mappings)
}


def to_csv(rows: Iterator[Row]) -> Iterator[str]:
    """CSV as RFC 4180 has it, but for line feeds alone."""
    stream = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()})
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()


def to_parquet(rows: Iterator[Row]) -> Iterator[bytes]:
    """Parquet by pyarrow. Raises ToolMissing where that is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ToolMissing("Parquet needs pyarrow: pip install 'osteograph[frames]'") from error
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), stream, compression="zstd")
    yield stream.getvalue()
