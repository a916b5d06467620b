"""The body map: which region of the skeleton is named for what, and by which statements.

The query of the view returns, beside the edge, ``?scope`` (named for what), ``?site`` (the bone) and ``?level``; a
region has the gravest level among the statements about the concepts that it depicts, and none where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteograph.ontology.namespaces import CONCEPT, shorten
from osteograph.queries.stores.base import Solutions, Store

from .skeleton import REGIONS, Region
from .views import View

LEVELS = {
    "most": "named among the most common sites",
    "named": "named",
    "harm": "named by an article as the place of an adverse effect",
    "label_harm": "named so by labels or guidelines alone",
    "none": "not mentioned",
}
SCOPES = {
    "any": "Metastases of any cancer",
    "lung": "Metastases of lung cancer",
    "fracture": "Bones that break",
    "harm": "Harms of treatments",
}


@dataclass(frozen=True)
class Finding:
    """What is said of a region in a scope: the level, and the statements that say so."""

    level: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class BodyMap:
    """Regions with their findings by scope; without regions, there is no map."""

    regions: tuple[Region, ...] = ()
    findings: tuple[tuple[str, dict[str, Finding]], ...] = ()

    def finding(self, scope: str, region: str) -> Finding:
        """What is said of a region; nothing, if nothing is."""
        return dict(self.findings).get(scope, {}).get(region, Finding("none", ()))


def map_body(store: Store, view: View) -> BodyMap:
    """The body map of a view; empty where the view has none."""
    if "body" not in view.pictures:
        return BodyMap()
    answer = store.query(view.sparql, view.bindings)
    assert isinstance(answer, Solutions)
    rows = answer.dicts()
    by_scope = {
        scope: {
            region.name: found
            for region in REGIONS
            if (found := _finding([row for row in rows if row["scope"] == scope], region))
        }
        for scope in SCOPES
    }
    return BodyMap(REGIONS, tuple(by_scope.items()))


def _finding(rows: list[dict[str, str]], region: Region) -> Finding | None:
    about = [row for row in rows if row["site"].removeprefix(CONCEPT) in region.depicts]
    if not about:
        return None
    graded = sorted({(list(LEVELS).index(row["level"]), shorten(row["statement"])) for row in about})
    return Finding(list(LEVELS)[graded[0][0]], tuple(dict.fromkeys(statement for _, statement in graded)))
