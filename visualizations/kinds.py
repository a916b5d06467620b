"""Shape and colour of each kind of concept, and the looks of edges.

Hues are near Paul Tol's muted scheme, told apart with any colour vision; every kind has a shape of its own as well, and
the page draws a dark outline (light in dark mode), so that nothing hangs on colour. Looks are told apart by their
dashes and by being doubled, so that they do not hang on colour either.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of concept: the schema classes it gathers, its shape and its colour."""

    name: str
    label: str
    shape: str
    color: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Look:
    """How an edge is drawn (colour as a name of ``view.css``) and what that says; ``mark`` stands for it in a table."""

    name: str
    label: str
    color: str
    dashes: tuple[int, ...] = ()
    double: bool = False
    mark: str = ""


def _kinds(*rows: tuple[str, str, str, str, str]) -> tuple[Kind, ...]:
    return tuple(Kind(name, label, shape, color, frozenset(of.split())) for name, label, shape, color, of in rows)


def _looks(*looks: Look) -> dict[str, Look]:
    return {look.name: look for look in looks}


_TREATMENTS = "Treatment Procedure Drug DrugClass DrugProduct Regimen Substance"
_CONDITIONS = "Disease ClinicalCondition PatientState GradedCondition BoneState Finding RiskFactor"
_SOURCES = "Publication Article InformationEntity Journal Study Figure Section Passage Claim SafetyRule Conflict"

KINDS = _kinds(
    ("lesion", "Lesion type", "diamond", "#aa4499", "LesionType"),
    ("cancer", "Primary cancer", "circle", "#6699cc", "PrimaryCancer"),
    ("metastasis", "Metastatic disease", "pentagon", "#88ccee", "MetastaticDisease"),
    ("route", "Route of spread", "bar", "#999933", "SpreadRoute"),
    ("site", "Body site", "square", "#ddcc77", "BoneSite BodySite AnatomicalEntity"),
    ("cell", "Cell or tissue", "hourglass", "#cc99bb", "CellOrTissue Specimen"),
    ("treatment", "Treatment", "hexagon", "#44aa99", _TREATMENTS),
    ("test", "Test or check", "star", "#6666bb", "DiagnosticTest CareActivity"),
    ("complication", "Complication or symptom", "triangle", "#cc6677", "Complication Symptom"),
    ("condition", "Condition", "cross", "#d58936", _CONDITIONS),
    ("harm", "Adverse effect", "wedge", "#b2475f", "AdverseEffect"),
    ("source", "Source", "page", "#c8c4b4", _SOURCES),
    ("patient", "Patient", "house", "#f0e6c8", ""),
    ("value", "Value in words", "bracket", "#e4e4e4", ""),
    ("other", "Other", "pill", "#bbbbbb", ""),
)
"""In order of precedence: a concept of several classes is of the first kind that fits."""

_BY_NAME = {kind.name: kind for kind in KINDS}

LOOKS = _looks(
    Look("stated", "stated by an article", "--edge"),
    Look("hedged", "stated as possible only", "--edge-light", (2, 4), mark="?"),
    Look("denied", "said not to hold", "--edge-light", (10, 3, 2, 3), mark="¬"),
    Look("contested", "disputed or refuted", "--contested", double=True, mark="⚡"),
    Look("label", "from a label or guideline", "--edge-label", (14, 4)),
    Look("derived", "derived by a rule", "--edge-derived", (5, 4), mark="∴"),
    Look("curated", "set by the curators, no passage", "--edge-light", (1, 7)),
    Look("query", "of the query alone, no source", "--edge", (12, 3, 1, 3, 1, 3), mark="?"),
    Look("recorded", "on the patient's record", "--edge", (16, 3, 2, 3)),
    Look("shared", "stated by both articles", "--edge"),
    Look("first", "only in the first article", "--edge-first", (9, 4)),
    Look("second", "only in the second article", "--edge-second", (2, 4)),
    Look("tension", "the articles are in tension", "--contested", (10, 3, 2, 3), mark="≠"),
    Look("contradiction", "contradicts another statement", "--contested", double=True, mark="⚡"),
)
"""How edges look, and what each look says; the last five compare the two articles."""


def kind_of(classes: Collection[str], *, drawn_as: str = "") -> Kind:
    """The kind of a concept; where a view reaches it as an adverse effect or as a condition, that, if it is one.

    >>> kind_of({"Symptom", "AdverseEffect"}).name
    'complication'
    >>> kind_of({"Symptom", "AdverseEffect"}, drawn_as="harm").name
    'harm'
    """
    if drawn_as and _BY_NAME[drawn_as].classes & set(classes):
        return _BY_NAME[drawn_as]
    return next((kind for kind in KINDS if kind.classes & set(classes)), _BY_NAME["other"])
