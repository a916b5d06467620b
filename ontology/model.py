"""The curated material as plain values: what one row of each table says.

Names of concepts, claims, passages and so on are the local names of their IRIs (``LungCancer``, ``C025``, ``a-s040``).
Every value knows the line of its row, so that a finding can point at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

NO_TERM_FOUND = "sssom:NoTermFound"


@dataclass(frozen=True)
class Source:
    """An article: the file that positions and digests refer to, never its words."""

    name: str
    publication: str
    file: str
    length: int  # Unicode code points
    sha256: str
    passages_sha256: str  # seals the rows of passages.tsv that belong to this source
    scope: str
    line: int


@dataclass(frozen=True)
class Passage:
    """A stretch of a source: code points ``start`` (included) to ``end`` (excluded), and the digest of just these."""

    name: str
    source: str
    section: str
    start: int
    end: int
    sha256: str
    kind: str
    list_of: str  # the passage that introduces the list this one is an item of
    line: int


@dataclass(frozen=True)
class Concept:
    """A thing of the domain, its place in the hierarchy and its definition in our words."""

    name: str
    label: str
    types: tuple[str, ...]
    kind_of: tuple[str, ...]
    part_of: tuple[str, ...]
    active_substance: str
    primary_cancer: str
    site: str
    risk_factor_for: str
    definition: str
    line: int


@dataclass(frozen=True)
class Synonym:
    """Another name of a concept: scope exact, narrow, broad or related, and who uses it."""

    concept: str
    synonym: str
    scope: str
    source: str
    line: int


@dataclass(frozen=True)
class TimeSpan:
    """The numbers of a concept that is a time span; ``unit`` is a UCUM code, an absent bound is None."""

    concept: str
    minimum: Decimal | None
    maximum: Decimal | None
    unit: str
    duration: str
    upper_bound_is_open: bool
    line: int


@dataclass(frozen=True)
class Literal:
    """A literal object: lexical form, datatype as a CURIE, language."""

    value: str
    datatype: str
    language: str = ""


@dataclass(frozen=True)
class Claim:
    """One reading of passages of one source; ``qualifiers`` are (key, value) pairs, a repeated key means all."""

    name: str
    passages: tuple[str, ...]
    theme: str
    subject: str
    predicate: str
    object: str | Literal
    qualifiers: tuple[tuple[str, str], ...]
    polarity: str
    certainty: str
    basis: str
    roles: tuple[str, ...]
    paraphrase: str
    note: str
    line: int


@dataclass(frozen=True)
class Conflict:
    """Claims that contradict, strain, refine or repeat one another; ``refuted_claims`` lost to outside sources."""

    name: str
    kind: str
    claims: tuple[str, ...]
    rule_parts: tuple[str, ...]
    refuted_claims: tuple[str, ...]
    explanation: str
    assessment: str
    citations: tuple[str, ...]
    issues: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class SourceIssue:
    """A known fault of an article; ``disputed_claims`` are called wrong by a source that does not settle the matter."""

    name: str
    sources: tuple[str, ...]
    article_line: str
    kind: str
    severity: str
    claims: tuple[str, ...]
    refuted_claims: tuple[str, ...]
    disputed_claims: tuple[str, ...]
    explanation: str
    assessment: str
    citations: tuple[str, ...]
    verified: bool
    line: int


@dataclass(frozen=True)
class SafetyRule:
    """What an outside source says about a treatment, as curated in words."""

    name: str
    treatment: str
    condition_or_effect: str
    relation: str
    strength: str
    citations: tuple[str, ...]
    verified: bool
    note: str
    line: int


@dataclass(frozen=True)
class SafetyRulePart:
    """One atomic part of a safety rule; all ``conditions`` have to hold together."""

    rule: str
    part: int
    treatment: str
    treatment_level: str
    conditions: tuple[str, ...]
    condition_times: tuple[str, ...]  # one for each condition: now, measured, ever, past, recent, planned, within P6W
    another: bool  # the condition is another treatment than the one the part is about
    effects: tuple[str, ...]
    predicate: str
    strength: str
    jurisdictions: tuple[str, ...]
    indications: tuple[str, ...]
    threshold: str
    time_window: str
    exception: str
    frequency: str
    members_inherit: str
    note: str
    line: int

    @property
    def name(self) -> str:
        """``ZOL-07-2``: the local name of its IRI."""
        return f"{self.rule}-{self.part}"

    @property
    def excepted(self) -> tuple[str, ...]:
        """The concept that the exception names first: ``Hypercalcemia: unless hypercalcaemic``."""
        name, colon, _ = self.exception.partition(": ")
        return (name,) if colon and name.isalnum() else ()

    @property
    def not_inherited_by(self) -> tuple[str, ...]:
        """The one treatment to which the part does not come down, where it comes down to all others."""
        _, but, name = self.members_inherit.partition("all but ")
        return (name,) if but else ()


@dataclass(frozen=True)
class Citation:
    """A label, guideline or paper outside the two articles, and where its text was seen."""

    name: str
    title: str
    authors: str
    year: str
    section: str
    identifier: str
    jurisdictions: tuple[str, ...]  # of a label: where it is in force
    where_seen: str
    line: int


@dataclass(frozen=True)
class GradedCondition:
    """One bound of a condition that a measured number decides; several bounds on one measure have to hold together."""

    condition: str
    measure: str
    comparator: str
    value: Decimal
    unit: str
    basis: str  # rule: a safety rule sets the bound; convention: a usual limit, where a record gives no range
    note: str
    line: int


@dataclass(frozen=True)
class MeasureUnit:
    """A unit (UCUM) that a measure may come in, its factor to the unit of the bounds, and what is plausible."""

    measure: str
    unit: str
    factor: Decimal
    minimum: Decimal
    maximum: Decimal
    line: int


@dataclass(frozen=True)
class ProductStrength:
    """The dose that tells products of one substance apart."""

    product: str
    dose: Decimal
    unit: str
    line: int


@dataclass(frozen=True)
class ConceptLink:
    """A link between two concepts that is true by definition and has no column in the table of concepts."""

    subject: str
    predicate: str
    object: str
    note: str
    line: int


@dataclass(frozen=True)
class ConceptMapping:
    """One SSSOM row: a concept of ours and a term of a public ontology, both as CURIEs."""

    subject: str
    predicate: str
    object: str
    object_label: str
    justification: str
    source: str
    version: str
    confidence: str
    other: str
    comment: str
    line: int

    @property
    def prefix(self) -> str:
        """The vocabulary that the object belongs to, by its prefix."""
        return self.object.partition(":")[0]

    @property
    def found(self) -> bool:
        """False where the row says that no term was found."""
        return self.object != NO_TERM_FOUND


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary that mappings lead to; ``openness`` is open, terms or restricted."""

    prefix: str
    title: str
    licence: str
    licence_iri: str
    openness: str
    note: str
    line: int


@dataclass(frozen=True)
class Curation:
    """All curated tables, checked against each other; each mapping keeps the order of its table."""

    sources: Mapping[str, Source]
    passages: Mapping[str, Passage]
    concepts: Mapping[str, Concept]
    synonyms: tuple[Synonym, ...]
    timespans: Mapping[str, TimeSpan]
    claims: Mapping[str, Claim]
    conflicts: Mapping[str, Conflict]
    issues: Mapping[str, SourceIssue]
    rules: Mapping[str, SafetyRule]
    parts: tuple[SafetyRulePart, ...]
    citations: Mapping[str, Citation]
    graded: tuple[GradedCondition, ...]
    measures: tuple[MeasureUnit, ...]
    strengths: tuple[ProductStrength, ...]
    links: tuple[ConceptLink, ...]
    mappings: tuple[ConceptMapping, ...]
    curie_map: Mapping[str, str]
    vocabularies: Mapping[str, Vocabulary]
    digest: str  # SHA-256 over all files, in order of their names
