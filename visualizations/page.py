"""What the scripts of a page are told: the content of a view, its pictures and the looks of all, as plain JSON values.

What many statements share stands once: passages, sources and citations in tables of their own, named by CURIE, and the
steps of proofs in a list, named by their place in it. An IRI that the CURIE says already is ``true``, and words that
are subject, relation and object are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.namespaces import PREFIXES, shorten
from osteograph.ontology.notice import NOTICE
from osteograph.queries.stores.tokens import bind

from .body import LEVELS, SCOPES, BodyMap
from .content import Claim, Conflict, Content, Given, Member, Node, Statement, Step
from .kinds import KINDS, LOOKS, Kind
from .layout import Layout
from .matrix import Matrix
from .shapes import OUTLINES
from .views import View


@dataclass(frozen=True)
class Page:
    """A view with all that is drawn of it."""

    view: View
    content: Content
    layout: Layout
    matrix: Matrix = field(default_factory=Matrix)
    body: BodyMap = field(default_factory=BodyMap)
    report: Mapping[str, object] = field(default_factory=dict)


def page_data(page: Page) -> dict[str, object]:
    """What the page knows beside nodes and edges."""
    view, content = page.view, page.content
    told = [*content.statements, *content.grounds]
    claims = [claim for statement in told for claim in statement.claims]
    spaces = sorted({_cut(target)[0] for node in content.nodes for _, target, *_ in node.mappings})
    known = {statement.id for statement in told} | {claim.article for claim in claims}
    proofs = ProofTable(step for statement in content.statements for step in statement.proofs)
    things: list[Node | Statement] = [*content.nodes, *told]
    named = {thing.id.partition(":")[0] for thing in things if _says_its_id(thing)}
    data: dict[str, object] = {
        "prefixes": {prefix: PREFIXES[prefix] for prefix in named},
        "view": {
            "name": view.name,
            "title": view.title,
            "description": view.description,
            "pictures": list(view.pictures),
            "centre": shorten(view.centre) if view.centre else "",
            "statement": shorten(view.statement) if view.statement else "",
            "sparql": bind(view.sparql, view.bindings) if view.sparql else "",
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
        "citations": {c.curie: asdict(c) for statement in told if statement.rule for c in statement.rule.citations},
        "statements": [_statement(statement, proofs) for statement in content.statements],
        "conflicts": [_conflict(conflict, known) for conflict in content.conflicts],
        "grounds": [_statement(statement, proofs) for statement in content.grounds],
        "steps": proofs.told,
        "rules": proofs.rules,
    }
    if page.matrix.cells:
        data["matrix"] = asdict(page.matrix)
    if page.body.regions:
        data["body"] = _body(page.body)
    if page.report:
        data["report"] = page.report
    compact = _compact(data)
    assert isinstance(compact, dict)
    return compact


class ProofTable:
    """The steps and given facts of proofs, each once: ``told`` in order, premises before what follows from them."""

    def __init__(self, proofs: Iterable[Step]) -> None:
        self.told: list[dict[str, object]] = []
        self.rules: dict[str, str] = {}
        self.places: dict[Step | Given, int] = {}
        for proof in proofs:
            self._add(proof)

    def _add(self, told: Step | Given) -> int:
        if told not in self.places:
            values: dict[str, object] = {key: value for key, value in vars(told).items() if value}
            if isinstance(told, Step):
                values["premises"] = [self._add(premise) for premise in told.premises]
                self.rules[told.rule] = load_rules()[told.rule].says
            self.places[told] = len(self.told)
            self.told.append(values)
        return self.places[told]


def _statement(statement: Statement, proofs: ProofTable) -> dict[str, object]:
    values = asdict(replace(statement, proofs=())) | {"claims": [_claim(claim) for claim in statement.claims]}
    values["iri"] = _says_its_id(statement) or statement.iri
    if statement.words == f"{statement.subject} {statement.relation} {statement.object}":
        del values["words"]
    if statement.rule:
        values["rule"] = asdict(statement.rule) | {
            "citations": [citation.curie for citation in statement.rule.citations]
        }
    return values | {"proofs": [proofs.places[step] for step in statement.proofs] or None}


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


def _says_its_id(thing: Node | Statement) -> bool:
    """Whether its IRI is what its CURIE says in full."""
    return thing.iri != thing.id == shorten(thing.iri)


def _cut(iri: str) -> tuple[str, str]:
    """An IRI in its namespace and its last part."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


def _concept(node: Node, spaces: Sequence[str]) -> dict[str, object]:
    told = {"iri": _says_its_id(node) or node.iri, "mappings": [_mapping(mapping, spaces) for mapping in node.mappings]}
    return asdict(node) | told


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
