"""Shape and colour of each kind of concept, and the looks of edges.

Hues are near Paul Tol's muted scheme, told apart with any colour vision; every kind has a shape of its own as well, and
the page draws a dark outline (light in dark mode), so that nothing hangs on colour.
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


def _kind(name: str, label: str, shape: str, color: str, classes: str = "") -> Kind:
    return Kind(name, label, shape, color, frozenset(classes.split()))


KINDS = (
    _kind("lesion", "Lesion type", "diamond", "#aa4499", "LesionType"),
    _kind("cancer", "Primary cancer", "circle", "#6699cc", "PrimaryCancer"),
    _kind("metastasis", "Metastatic disease", "pentagon", "#88ccee", "MetastaticDisease"),
    _kind("route", "Route of spread", "bar", "#999933", "SpreadRoute"),
    _kind("site", "Body site", "square", "#ddcc77", "BoneSite BodySite AnatomicalEntity"),
    _kind("cell", "Cell or tissue", "hourglass", "#cc99bb", "CellOrTissue Specimen"),
    _kind(
        "treatment",
        "Treatment",
        "hexagon",
        "#44aa99",
        "Treatment Procedure Drug DrugClass DrugProduct Regimen Substance",
    ),
    _kind("test", "Test or check", "star", "#6666bb", "DiagnosticTest CareActivity"),
    _kind("complication", "Complication or symptom", "triangle", "#cc6677", "Complication Symptom"),
    _kind(
        "condition",
        "Condition",
        "cross",
        "#d58936",
        "Disease ClinicalCondition PatientState GradedCondition BoneState Finding RiskFactor",
    ),
    _kind("harm", "Adverse effect", "wedge", "#b2475f", "AdverseEffect"),
    _kind("other", "Other", "pill", "#bbbbbb"),
)
"""In order of precedence: a concept of several classes is of the first kind that fits."""

_BY_NAME = {kind.name: kind for kind in KINDS}

LOOKS = {
    "stated": "stated by an article",
    "hedged": "stated as possible only",
    "denied": "said not to hold",
    "contested": "disputed or refuted",
    "label": "from a label or guideline",
    "derived": "derived by a rule",
}
"""How edges look, and what each look says."""


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
