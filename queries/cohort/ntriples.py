"""Flags as N-Triples: the plain triple that a rule derives, and a statement that names the rule part and the proof.

Every identifier of a patient is one that an IRI can hold: readers take no others.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from osteograph.ontology.namespaces import BASE, CONCEPT, RULE, SCHEMA, expand

from .tables import PREDICATES, Table

PATIENTS = f"{BASE}patient/"


def lines_of(flags: Table) -> Table:
    """One row of text for each flag, with its triples in lines; the column is ``line``."""
    patient = ibis.literal(f"<{PATIENTS}").concat(flags.patient.cast("string"), ">")
    predicate = flags.strength.cases(*((each, f"<{SCHEMA}{name}>") for each, name in PREDICATES.items()))
    concept = _iri(flags.concept, "osteo:", CONCEPT)
    treatment = flags.treatment.replace("osteo:", "")
    statement = ibis.literal(f"<{PATIENTS}").concat(flags.patient.cast("string"), "/", treatment, "/", flags.proof, ">")
    part = _iri(flags.rule_part, "rule:", RULE)
    used = ibis.literal("\n").concat(statement, f" <{expand('prov:used')}> ", part, " .").fill_null("")
    text = patient.concat(
        " ", predicate, " ", concept, " .\n",
        statement, f" <{expand('rdf:type')}> <{SCHEMA}DerivedStatement> .\n",
        statement, f" <{SCHEMA}subject> ", patient, " .\n",
        statement, f" <{SCHEMA}predicate> ", predicate, " .\n",
        statement, f" <{SCHEMA}object> ", concept, " .\n",
        statement, f" <{expand('dcterms:identifier')}> \"", flags.proof, "\" .",
    )  # fmt: skip
    return flags.select(line=text.concat(used))


def _iri(column: ir.StringColumn, prefix: str, namespace: str) -> ir.StringValue:
    return ibis.literal(f"<{namespace}").concat(column.replace(prefix, ""), ">")
