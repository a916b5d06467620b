"""What the scripts of a page are told: the content of a view, its pictures and the looks of all, as plain JSON values.

What many statements share stands once: passages and sources in tables of their own, named by CURIE.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from osteograph.ontology.namespaces import shorten
from osteograph.queries.stores.tokens import bind

from .body import LEVELS, SCOPES, BodyMap
from .content import Claim, Conflict, Content, Member, Node, Statement
from .kinds import KINDS, LOOKS, Kind
from .layout import Layout
from .matrix import Matrix
from .shapes import OUTLINES
from .views import View

NOTICE = "Educational, not medical advice; reviewed by no clinician."


@dataclass(frozen=True)
class Page:
    """A view with all that is drawn of it."""

    view: View
    content: Content
    layout: Layout
    matrix: Matrix = field(default_factory=Matrix)
    body: BodyMap = field(default_factory=BodyMap)


def page_data(page: Page) -> dict[str, object]:
    """What the page knows beside nodes and edges."""
    view, content = page.view, page.content
    claims = [claim for statement in content.statements for claim in statement.claims]
    spaces = sorted({_cut(target)[0] for node in content.nodes for _, target, *_ in node.mappings})
    known = {statement.id for statement in content.statements} | {claim.article for claim in claims}
    data: dict[str, object] = {
        "view": {
            "name": view.name,
            "title": view.title,
            "description": view.description,
            "pictures": list(view.pictures),
            "centre": shorten(view.centre) if view.centre else "",
            "statement": shorten(view.statement) if view.statement else "",
            "sparql": bind(view.sparql, view.bindings),
        },
        "notice": NOTICE,
        "kinds": [
            {"name": kind.name, "label": kind.label, "outline": OUTLINES[kind.shape], "color": kind.color}
            for kind in _kinds_in_order(view)
        ],
        "looks": [asdict(look) for look in LOOKS.values()],
        "relations": {edge.relation: edge.label for edge in content.edges},
        "concepts": [_concept(node, spaces) for node in content.nodes],
        "namespaces": spaces,
        "sources": {claim.article: {"title": claim.source, "file": claim.file} for claim in claims},
        "passages": {passage.curie: asdict(passage) for claim in claims for passage in claim.passages},
        "statements": [_statement(statement) for statement in content.statements],
        "conflicts": [_conflict(conflict, known) for conflict in content.conflicts],
    }
    if page.matrix.cells:
        data["matrix"] = asdict(page.matrix)
    if page.body.regions:
        data["body"] = _body(page.body)
    compact = _compact(data)
    assert isinstance(compact, dict)
    return compact


def _statement(statement: Statement) -> dict[str, object]:
    return asdict(statement) | {"claims": [_claim(claim) for claim in statement.claims]}


def _claim(claim: Claim) -> dict[str, object]:
    values = asdict(claim) | {"passages": [passage.curie for passage in claim.passages]}
    return {key: value for key, value in values.items() if key not in ("source", "file")}


def _conflict(conflict: Conflict, known: Collection[str]) -> dict[str, object]:
    """Of a side that is known to the page, the words stand with the statement, and the title with the source."""

    def side(member: Member) -> dict[str, object]:
        said = {"words", "standing"} if member.statement in known else set()
        said |= {"source"} if member.article in known else set()
        return {key: value for key, value in asdict(member).items() if key not in said}

    return asdict(conflict) | {"members": [side(member) for member in conflict.members]}


def _cut(iri: str) -> tuple[str, str]:
    """An IRI in its namespace and its last part."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


def _concept(node: Node, spaces: Sequence[str]) -> dict[str, object]:
    return asdict(node) | {"mappings": [_mapping(mapping, spaces) for mapping in node.mappings]}


def _mapping(mapping: tuple[str, str, str, str], spaces: Sequence[str]) -> list[object]:
    """A mapping with its namespace by number."""
    relation, target, notation, label = mapping
    space, local = _cut(target)
    return [relation, spaces.index(space), local, notation, label]


def _body(body: BodyMap) -> Mapping[str, object]:
    return {
        "scopes": list(SCOPES.items()),
        "levels": list(LEVELS.items()),
        "regions": [{"name": region.name, "label": region.label} for region in body.regions],
        "findings": {scope: {name: asdict(f) for name, f in found.items()} for scope, found in body.findings},
    }


def _compact(value: object) -> object:
    """Without fields that say nothing; lists stay, so that scripts may walk them."""
    if isinstance(value, dict):
        return {key: _compact(field) for key, field in value.items() if field not in ("", None)}
    if isinstance(value, list | tuple):
        return [_compact(item) for item in value]
    return value


def _kinds_in_order(view: View) -> list[Kind]:
    """Kinds as the view reads from left to right, then the rest."""
    order = [kind for column in view.columns for kind in column]
    return sorted(KINDS, key=lambda kind: order.index(kind.name) if kind.name in order else len(order))
