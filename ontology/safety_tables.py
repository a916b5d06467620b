"""The rows of the safety tables: rules and their parts, citations, and the numbers that patient data are read by."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import Citation, ConceptLink, GradedCondition, MeasureUnit, ProductStrength, SafetyRule, SafetyRulePart
from .tables import RowReader

NAME = "[A-Z][A-Za-z0-9]*"
STRENGTHS = (
    "contraindicated", "not recommended", "caution", "requires check", "adverse effect", "predisposing factor",
)  # fmt: skip
JURISDICTIONS = ("AU", "EU", "UK", "US")
LEVELS = ("class", "substance", "product", "procedure", "test")
SAFETY_PREDICATES = (
    "contraindicatedIn", "notRecommendedIn", "cautionedIn", "requiresCheck", "hasAdverseEffect", "interactsWith",
    "predisposesTo",
)  # fmt: skip
COMPARATORS = ("<", "<=", ">", ">=")
LINKS = ("absenceOf", "excludes", "givesDrug", "impliesState", "managementOf")

SAFETY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "safety_rules.tsv": (
        "rule", "treatment", "condition_or_effect", "relation", "strength", "citations", "verified", "note",
    ),
    "safety_rule_parts.tsv": (
        "rule", "part", "treatment", "treatment_level", "conditions", "condition_time", "another", "effects",
        "predicate", "strength", "jurisdictions", "indications", "threshold", "time_window", "exception", "frequency",
        "members_inherit", "note",
    ),
    "citations.tsv": ("citation", "title", "authors", "year", "section", "identifier", "jurisdictions", "where_seen"),
    "graded_conditions.tsv": ("condition", "measure", "comparator", "value", "unit", "basis", "note"),
    "measures.tsv": ("measure", "unit", "factor", "minimum", "maximum"),
    "product_strengths.tsv": ("product", "dose", "unit"),
    "concept_links.tsv": ("subject", "predicate", "object", "note"),
}  # fmt: skip


def read_rule(row: RowReader) -> SafetyRule:
    return SafetyRule(
        name=row.matching("rule", "[A-Z0-9]{3}-[0-9]{2,}", "ZOL-01"),
        treatment=row.text("treatment"),
        condition_or_effect=row.text("condition_or_effect"),
        relation=row.choice("relation", SAFETY_PREDICATES),
        strength=row.choice("strength", STRENGTHS),
        citations=row.names("citations"),
        verified=row.flag("verified"),
        note=row.optional("note"),
        line=row.line,
    )


def read_part(row: RowReader) -> SafetyRulePart:
    return SafetyRulePart(
        rule=row.text("rule"),
        part=row.integer("part"),
        treatment=row.text("treatment"),
        treatment_level=row.choice("treatment_level", LEVELS),
        conditions=(conditions := row.names("conditions")),
        condition_times=_times(row, len(conditions)),
        another=row.flag("another"),
        effects=row.names("effects"),
        predicate=row.choice("predicate", SAFETY_PREDICATES),
        strength=row.choice("strength", STRENGTHS),
        jurisdictions=row.choices("jurisdictions", JURISDICTIONS),
        indications=row.names("indications"),
        threshold=row.optional("threshold"),
        time_window=row.optional("time_window"),
        exception=row.optional("exception"),
        frequency=row.optional("frequency"),
        members_inherit=row.matching("members_inherit", f"yes|no|not said|all but {NAME}", "all but BondronatInfusion"),
        note=row.optional("note"),
        line=row.line,
    )


def read_citation(row: RowReader) -> Citation:
    return Citation(
        name=row.matching("citation", "[A-Z0-9][A-Z0-9-]+", "ZOM-EU-PIL"),
        title=row.text("title"),
        authors=row.optional("authors"),
        year=row.optional("year"),
        section=row.optional("section"),
        identifier=row.optional("identifier"),
        jurisdictions=row.choices("jurisdictions", JURISDICTIONS),
        where_seen=row.optional("where_seen"),
        line=row.line,
    )


def _times(row: RowReader, conditions: int) -> tuple[str, ...]:
    """One time for each condition; a single one stands for all."""
    cell = row.optional("condition_time")
    times = tuple(cell.split("|")) if cell else ()
    for time in times:
        if not re.fullmatch("now|measured|ever|past|recent|planned|within P[0-9]+[DW]", time):
            remedy = "write now, measured, ever, past, recent, planned or within P6W"
            row.report("condition_time", f"{time!r} is not a time", remedy)
    if len(times) > 1 and len(times) != conditions:
        row.report(
            "condition_time", f"{len(times)} times for {conditions} conditions", "give one for each, or one for all"
        )
    return times * conditions if len(times) == 1 else times


def read_graded(row: RowReader) -> GradedCondition:
    return GradedCondition(
        condition=row.text("condition"),
        measure=row.text("measure"),
        comparator=row.choice("comparator", COMPARATORS),
        value=row.decimal("value"),
        unit=row.text("unit"),
        basis=row.choice("basis", ("rule", "convention")),
        note=row.optional("note"),
        line=row.line,
    )


def read_measure(row: RowReader) -> MeasureUnit:
    return MeasureUnit(
        measure=row.text("measure"),
        unit=row.text("unit"),
        factor=row.decimal("factor"),
        minimum=row.decimal("minimum"),
        maximum=row.decimal("maximum"),
        line=row.line,
    )


def read_strength(row: RowReader) -> ProductStrength:
    return ProductStrength(product=row.text("product"), dose=row.decimal("dose"), unit=row.text("unit"), line=row.line)


def read_link(row: RowReader) -> ConceptLink:
    return ConceptLink(
        subject=row.text("subject"),
        predicate=row.choice("predicate", LINKS),
        object=row.text("object"),
        note=row.optional("note"),
        line=row.line,
    )
