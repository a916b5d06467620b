"""The curated tables as one checked whole: :func:`load_curation` gives a ``Curation`` or lists every problem.

>>> curation = load_curation()
>>> curation.claims["C025"].subject, curation.claims["C025"].predicate
('LungCancer', 'proneToMetastasizeTo')
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from .consistency import find_inconsistencies
from .errors import Problem, ProblemsFound
from .model import (
    Claim,
    Concept,
    ConceptMapping,
    Conflict,
    Curation,
    Literal,
    MeasureUnit,
    Passage,
    ProductStrength,
    Source,
    SourceIssue,
    Synonym,
    TimeSpan,
    Vocabulary,
)
from .safety_tables import (
    NAME,
    SAFETY_COLUMNS,
    read_citation,
    read_graded,
    read_link,
    read_measure,
    read_part,
    read_rule,
    read_strength,
)
from .schema import load_schema
from .tables import RowReader, Table, read_rows, read_table

CURATED = Path(__file__).parent / "curated"

POLARITIES = ("asserted", "hedged", "denied")
CONFLICT_KINDS = ("agreement", "contradiction", "internal-error", "refinement", "tension")
PASSAGE_KINDS = (
    "advice", "caption", "claim", "definition", "filler", "heading", "navigation", "reference", "statistic",
)  # fmt: skip
SCOPES = ("exact", "narrow", "broad", "related")
SEVERITIES = ("critical", "major", "minor")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sources.tsv": ("source", "publication", "file", "length", "sha256", "passages_sha256", "scope"),
    "passages.tsv": ("passage", "source", "section", "start", "end", "sha256", "kind", "list_of"),
    "concepts.tsv": (
        "concept", "label", "types", "kind_of", "part_of", "active_substance", "primary_cancer", "site",
        "risk_factor_for", "definition",
    ),
    "synonyms.tsv": ("concept", "synonym", "scope", "source"),
    "timespans.tsv": ("concept", "minimum", "maximum", "unit", "duration", "upper_bound"),
    "claims.tsv": (
        "claim", "passages", "theme", "subject", "predicate", "object", "qualifiers", "polarity", "certainty", "basis",
        "role", "paraphrase", "note",
    ),
    "conflicts.tsv": (
        "conflict", "kind", "claims", "rule_parts", "refuted_claims", "explanation", "assessment", "citations",
        "issues",
    ),
    "source_issues.tsv": (
        "issue", "source", "line", "kind", "severity", "claims", "refuted_claims", "disputed_claims", "explanation",
        "assessment", "citations", "verified",
    ),
    **SAFETY_COLUMNS,
    "mappings.sssom.tsv": (
        "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
        "object_source", "object_source_version", "confidence", "other", "comment",
    ),
    "vocabularies.tsv": ("prefix", "title", "licence", "licence_iri", "openness", "note"),
}  # fmt: skip
"""The columns of every curated table, in order. ``ontology/README.md`` says what each holds."""

V = TypeVar("V")


def load_curation(folder: Path = CURATED) -> Curation:
    """Read and check all curated tables of a folder.

    Raises ProblemsFound with every problem of every table, each with file, line, column and remedy.
    """
    tables = {name: read_table(folder / name, columns) for name, columns in COLUMNS.items()}
    curation = _assemble(tables, _digest(folder))
    problems = [problem for table in tables.values() for problem in table.problems]
    # Rows that could not be read would make every reference to them look broken: mend the files first.
    if not problems:
        problems = find_inconsistencies(curation, load_schema())
    if problems:
        raise ProblemsFound(problems)
    return curation


def load_measures() -> tuple[MeasureUnit, ...]:
    """The units of all measures, from the one table that has them; raises as :func:`load_curation` does."""
    return _load_one("measures.tsv", read_measure, _measure_key)


def load_strengths() -> tuple[ProductStrength, ...]:
    """The doses of products, from the one table that has them; raises as :func:`load_curation` does."""
    return _load_one("product_strengths.tsv", read_strength, _strength_key)


def _measure_key(row: MeasureUnit) -> tuple[str, str]:
    return row.measure, row.unit


def _strength_key(row: ProductStrength) -> tuple[str, str]:
    return row.product, str(row.dose)


def _load_one(file: str, build: Callable[[RowReader], V], key: Callable[[V], object]) -> tuple[V, ...]:
    table = read_table(CURATED / file, COLUMNS[file])
    rows = tuple(read_rows(table, build, key))
    if table.problems:
        raise ProblemsFound(table.problems)
    return rows


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for name in sorted(COLUMNS):
        path = folder / name
        total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return total.hexdigest()


def _assemble(tables: Mapping[str, Table], digest: str) -> Curation:
    def rows(file: str, build: Callable[[RowReader], V], key: Callable[[V], object]) -> list[V]:
        return read_rows(tables[file], build, key)

    mappings = tables["mappings.sssom.tsv"]
    return Curation(
        sources={s.name: s for s in rows("sources.tsv", _source, lambda s: s.name)},
        passages={p.name: p for p in rows("passages.tsv", _passage, lambda p: p.name)},
        concepts={c.name: c for c in rows("concepts.tsv", _concept, lambda c: c.name)},
        synonyms=tuple(rows("synonyms.tsv", _synonym, lambda s: (s.concept, s.synonym))),
        timespans={t.concept: t for t in rows("timespans.tsv", _timespan, lambda t: t.concept)},
        claims={c.name: c for c in rows("claims.tsv", _claim, lambda c: c.name)},
        conflicts={c.name: c for c in rows("conflicts.tsv", _conflict, lambda c: c.name)},
        issues={i.name: i for i in rows("source_issues.tsv", _issue, lambda i: i.name)},
        rules={r.name: r for r in rows("safety_rules.tsv", read_rule, lambda r: r.name)},
        parts=tuple(rows("safety_rule_parts.tsv", read_part, lambda p: (p.rule, p.part))),
        citations={c.name: c for c in rows("citations.tsv", read_citation, lambda c: c.name)},
        graded=tuple(rows("graded_conditions.tsv", read_graded, lambda g: (g.condition, g.measure, g.comparator))),
        measures=tuple(rows("measures.tsv", read_measure, _measure_key)),
        strengths=tuple(rows("product_strengths.tsv", read_strength, _strength_key)),
        links=tuple(rows("concept_links.tsv", read_link, lambda k: (k.subject, k.predicate, k.object))),
        mappings=tuple(
            rows("mappings.sssom.tsv", _mapping, lambda m: (m.subject, m.predicate, m.object))
        ),
        curie_map=dict(re.findall(r'^#  (\w+): "([^"]+)"$', "\n".join(mappings.preamble), re.MULTILINE)),
        vocabularies={v.prefix: v for v in rows("vocabularies.tsv", _vocabulary, lambda v: v.prefix)},
        digest=digest,
    )  # fmt: skip


def _source(row: RowReader) -> Source:
    return Source(
        name=row.matching("source", "[a-z]+", "a"),
        publication=row.matching("publication", NAME, "ArticleA"),
        file=row.matching("file", r"[A-Za-z0-9._-]+", "article.txt"),
        length=row.integer("length"),
        sha256=row.digest("sha256"),
        passages_sha256=row.digest("passages_sha256"),
        scope=row.text("scope"),
        line=row.line,
    )


def _passage(row: RowReader) -> Passage:
    return Passage(
        name=row.matching("passage", "[a-z]+-s[0-9]{3,}", "a-s040"),
        source=row.text("source"),
        section=row.text("section"),
        start=row.integer("start"),
        end=row.integer("end"),
        sha256=row.digest("sha256"),
        kind=row.choice("kind", PASSAGE_KINDS),
        list_of=row.optional("list_of"),
        line=row.line,
    )


def _concept(row: RowReader) -> Concept:
    return Concept(
        name=row.matching("concept", NAME, "LungCancer"),
        label=row.text("label"),
        types=row.names("types", needed=True),
        kind_of=row.names("kind_of"),
        part_of=row.names("part_of"),
        active_substance=row.optional("active_substance"),
        primary_cancer=row.optional("primary_cancer"),
        site=row.optional("site"),
        risk_factor_for=row.optional("risk_factor_for"),
        definition=row.text("definition"),
        line=row.line,
    )


def _synonym(row: RowReader) -> Synonym:
    return Synonym(
        concept=row.text("concept"),
        synonym=row.text("synonym"),
        scope=row.choice("scope", SCOPES),
        source=row.text("source"),
        line=row.line,
    )


def _timespan(row: RowReader) -> TimeSpan:
    return TimeSpan(
        concept=row.text("concept"),
        minimum=row.optional_decimal("minimum"),
        maximum=row.optional_decimal("maximum"),
        unit=row.choice("unit", ("h", "d", "wk", "mo", "a")),
        duration=row.matching("duration", "P[0-9]+[DWMY](/P[0-9]+[DWMY])?", "P3W/P4W"),
        upper_bound_is_open=row.choice("upper_bound", ("open", "closed")) == "open",
        line=row.line,
    )


def _claim(row: RowReader) -> Claim:
    return Claim(
        name=row.matching("claim", "[A-Z]{1,3}[0-9]{3,}", "C025"),
        passages=row.names("passages", needed=True),
        theme=row.text("theme"),
        subject=row.text("subject"),
        predicate=row.text("predicate"),
        object=_object(row),
        qualifiers=_qualifiers(row),
        polarity=row.choice("polarity", POLARITIES),
        certainty=row.optional("certainty"),
        basis=row.text("basis"),
        roles=row.names("role"),
        paraphrase=row.text("paraphrase"),
        note=row.optional("note"),
        line=row.line,
    )


_LITERAL = re.compile(r'"(?P<value>[^"]*)"(?:\^\^(?P<datatype>[a-z]+:[A-Za-z]+)|@(?P<language>[a-z]+))')


def _object(row: RowReader) -> str | Literal:
    """A concept by name, or a literal in Turtle syntax."""
    cell = row.text("object")
    if not cell.startswith('"'):
        return cell
    match = _LITERAL.fullmatch(cell)
    if not match:
        row.report("object", f"{cell} is not a literal", 'write it like "3"^^xsd:integer or "name"@en')
        return Literal("", "xsd:string")
    return Literal(match["value"], match["datatype"] or "rdf:langString", match["language"] or "")


def _qualifiers(row: RowReader) -> tuple[tuple[str, str], ...]:
    cell = row.optional("qualifiers")
    pairs: list[tuple[str, str]] = []
    for part in cell.split("; ") if cell else ():
        key, equals, value = part.partition("=")
        if not (key and equals and value):
            row.report("qualifiers", f"{part!r} is not a key and a value", "write them like frequency=often; site=Bone")
        pairs.append((key, value))
    if pairs != sorted(set(pairs)):
        row.report("qualifiers", "the qualifiers are not sorted or repeat one another", "sort them, keep each once")
    return tuple(pairs)


def _conflict(row: RowReader) -> Conflict:
    return Conflict(
        name=row.matching("conflict", "[A-Z]{1,3}[0-9]{3,}", "X001"),
        kind=row.choice("kind", CONFLICT_KINDS),
        claims=row.names("claims"),
        rule_parts=row.names("rule_parts"),
        refuted_claims=row.names("refuted_claims"),
        explanation=row.text("explanation"),
        assessment=row.optional("assessment"),
        citations=row.names("citations"),
        issues=row.names("issues"),
        line=row.line,
    )


def _issue(row: RowReader) -> SourceIssue:
    return SourceIssue(
        name=row.matching("issue", "[A-Z]{2,}-[0-9]{2,}", "AI-01"),
        sources=row.names("source", needed=True),
        article_line=row.text("line"),
        kind=row.text("kind"),
        severity=row.choice("severity", SEVERITIES),
        claims=row.names("claims"),
        refuted_claims=row.names("refuted_claims"),
        disputed_claims=row.names("disputed_claims"),
        explanation=row.text("explanation"),
        assessment=row.text("assessment"),
        citations=row.names("citations"),
        verified=row.flag("verified"),
        line=row.line,
    )


MAPPING_PREDICATES = ("skos:broadMatch", "skos:closeMatch", "skos:exactMatch", "skos:narrowMatch", "skos:relatedMatch")


def _mapping(row: RowReader) -> ConceptMapping:
    return ConceptMapping(
        subject=row.matching("subject_id", "osteo:" + NAME, "osteo:Bone"),
        predicate=row.choice("predicate_id", MAPPING_PREDICATES),
        object=row.matching("object_id", r"\w+:[^\s<>\"{}|\\^`]+", "UBERON:0001474"),
        object_label=row.optional("object_label"),
        justification=row.matching("mapping_justification", r"semapv:\w+", "semapv:LexicalMatching"),
        source=row.optional("object_source"),
        version=row.optional("object_source_version"),
        confidence=row.optional("confidence"),
        other=row.optional("other"),
        comment=row.optional("comment"),
        line=row.line,
    )


OPENNESS = ("open", "terms", "restricted")


def _vocabulary(row: RowReader) -> Vocabulary:
    return Vocabulary(
        prefix=row.matching("prefix", "[A-Z0-9]+", "NCIT"),
        title=row.text("title"),
        licence=row.text("licence"),
        licence_iri=row.matching("licence_iri", r"https?://[^\s<>\"]+", "https://creativecommons.org/licenses/by/4.0/"),
        openness=row.choice("openness", OPENNESS),
        note=row.optional("note"),
        line=row.line,
    )


def problems_of(folder: Path = CURATED) -> tuple[Problem, ...]:
    """All problems of the tables of a folder, empty where there is none."""
    try:
        load_curation(folder)
    except ProblemsFound as error:
        return error.problems
    return ()
