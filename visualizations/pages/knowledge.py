"""Everything that pages show of a graph, read once: labels, triples both ways, statements with their evidence.

Statements, rules and conflicts are collected as views collect them (:mod:`..collecting`), so that a page and a view
never tell different things.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import (
    BASE,
    GRAPH,
    GRAPHS,
    PASSAGE,
    SCHEMA,
    STATEMENT,
    expand,
    shorten,
)
from osteograph.queries.stores.base import Solutions, Store

from ..collecting import collect
from ..content import Conflict, Content, Node, Statement
from ..views import View
from .addresses import path_of
from .proofs import Link, Reasons

Subject = ox.NamedNode | ox.BlankNode
Triples = list[ox.Triple]
TYPE, LABEL = expand("rdf:type"), expand("rdfs:label")
DEFINITION = expand("obo:IAO_0000115")
SYNONYMS = {name: expand(f"oboInOwl:has{name.capitalize()}Synonym") for name in ("exact", "narrow", "broad", "related")}
_EVERYTHING = Path(__file__).parent / "everything.rq"
_ALL = "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }"
_HEADINGS = (expand("dcterms:title"), SCHEMA + "paraphrase", SCHEMA + "explanation", DEFINITION)
_AGAINST = ("contradiction", "internal error", "tension", "fault of a source")
SECTIONS = {
    "concept": "Concepts",
    "statement": "Statements",
    "conflict": "Conflicts",
    "rule": "Safety rules",
    "inference": "Derivation rules",
    "publication": "Publications",
    "claim": "Claims",
    "passage": "Passages",
    "section": "Sections of the articles",
    "issue": "Known faults of the articles",
    "schema": "Classes and properties",
    "derivation": "Derivations",
    "graph": "Named graphs",
}
"""The first step of a path, and what stands below it."""


@dataclass
class Knowledge:
    """A graph as pages need it."""

    content: Content
    reasons: Reasons
    outgoing: dict[Subject, Triples] = field(default_factory=lambda: defaultdict(list))
    incoming: dict[Subject, Triples] = field(default_factory=lambda: defaultdict(list))
    _things: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Knowledge:
        """Read a graph; a second or two."""
        view = View("everything", "Everything", "", _EVERYTHING.read_text(encoding="utf-8"))
        try:
            content = collect(store, view)
        except BadParameter:  # a graph without statements has pages too
            content = Content()
        known = cls(content, Reasons(store))
        answer = store.query(_ALL)
        assert isinstance(answer, Solutions)
        for subject, predicate, obj in answer.rows:
            triple = ox.Triple(subject, predicate, obj)  # type: ignore[arg-type]  # what stands in a graph
            known.outgoing[triple.subject].append(triple)  # type: ignore[index]
            if not isinstance(triple.object, ox.Literal):
                known.incoming[triple.object].append(triple)  # type: ignore[index]
        for triples in (*known.outgoing.values(), *known.incoming.values()):
            triples.sort(key=str)  # several times faster than all of them together, by ORDER BY
        return known

    def knows(self, iri: str) -> bool:
        """Whether the graph says anything of a thing of ours."""
        return bool(path_of(iri)) and ox.NamedNode(iri) in self.outgoing

    def describes(self, iri: str) -> bool:
        """Whether the graph says anything of a thing of ours that has no page, such as an example query."""
        try:
            return not path_of(iri) and ox.NamedNode(iri) in self.outgoing
        except ValueError:  # no IRI
            return False

    def things(self, section: str) -> list[str]:
        """All things below a section, by title."""
        if section not in self._things:
            start = BASE + section + "/"
            found = [s.value for s in self.outgoing if isinstance(s, ox.NamedNode) and s.value.startswith(start)]
            by_title = sorted(filter(path_of, found), key=lambda iri: (self.title(iri).casefold(), iri))
            self._things[section] = by_title
        return self._things[section]

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """What concepts, classes, properties and publications are called, by IRI: the title first, the CURIE last."""
        things = [iri for section in ("concept", "schema", "publication") for iri in self.things(section)]
        return {iri: [self.title(iri), *self._synonyms(iri), shorten(iri)] for iri in things}

    def _synonyms(self, iri: str) -> list[str]:
        return [str(term.value) for predicate in SYNONYMS.values() for term in self.values(iri, predicate)]

    def values(self, iri: str, *predicates: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """The objects of the first of the predicates that the thing has."""
        for predicate in predicates:
            found = [t.object for t in self.outgoing.get(ox.NamedNode(iri), ()) if t.predicate.value == predicate]
            if found:
                return found  # type: ignore[return-value]  # there are no quoted triples
        return []

    def text(self, iri: str, *predicates: str) -> str:
        """The first of these values as text."""
        return next((str(term.value) for term in self.values(iri, *predicates)), "")

    def types(self, iri: str) -> list[str]:
        """The classes of a thing, those that say nothing left out."""
        found = [str(term.value) for term in self.values(iri, TYPE)]
        return [name for name in found if name != expand("owl:NamedIndividual")]

    def title(self, iri: str) -> str:
        """What a thing is called on pages and in links to it."""
        if iri in self.statements:
            return self.statements[iri].words
        link = self.derived(iri)
        if link:
            return " ".join(map(self.title, (link.subject, link.predicate, link.object)))
        label = self.text(iri, LABEL, expand("skos:prefLabel"))
        if label:
            return label
        name = shorten(iri)
        if iri.startswith(PASSAGE):
            return f"{name}, section {self.text(iri, SCHEMA + 'sectionName')}"
        if iri.startswith(GRAPH):
            return f"{name}: {GRAPHS.get(iri.removeprefix(GRAPH), '')}"
        heading = self.text(iri, *_HEADINGS) if iri.startswith(BASE) else self.text(iri, expand("skos:notation"))
        return f"{name}: {heading}" if heading and iri.startswith(BASE) else heading or name

    def derived(self, iri: str) -> Link | None:
        """The derived statement with this IRI, if it is one that relates two things."""
        if not iri.startswith(STATEMENT) or SCHEMA + "DerivedStatement" not in self.types(iri):
            return None
        subject, predicate, obj = (self.text(iri, SCHEMA + name) for name in ("subject", "predicate", "object"))
        return Link(iri, subject, predicate, obj) if subject and predicate and obj else None

    def prepare(self) -> None:
        """Derive what follows from the graph, which the first proof would wait for."""
        links = filter(None, (self.derived(node.value) for node in self.outgoing if isinstance(node, ox.NamedNode)))
        self.reasons.of(list(islice(links, 1)))

    def list_titles(self, node: ox.Triple | ox.NamedNode | ox.BlankNode | ox.Literal | None) -> list[str]:
        """The members of an RDF list, such as a chain of properties, by title."""
        found = []
        while isinstance(node, ox.BlankNode):
            triples = {triple.predicate.value: triple.object for triple in self.outgoing.get(node, ())}
            first, node = triples.get(expand("rdf:first")), triples.get(expand("rdf:rest"))
            if isinstance(first, ox.NamedNode):
                found.append(self.title(first.value))
        return found

    def derived_about(self, iri: str) -> list[Link]:
        """The derived statements that a thing is subject or object of."""
        ends = (SCHEMA + "subject", SCHEMA + "object")
        leading = [t for t in self.incoming.get(ox.NamedNode(iri), ()) if t.predicate.value in ends]
        found = {t.subject.value for t in leading if isinstance(t.subject, ox.NamedNode)}
        return [link for link in map(self.derived, sorted(found)) if link]

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """Statements and parts of rules by IRI."""
        return {statement.iri: statement for statement in self.content.statements}

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """What statements join, by IRI."""
        return {node.iri: node for node in self.content.nodes}

    @cached_property
    def conflicts(self) -> dict[str, Conflict]:
        """Conflicts and faults of sources by IRI."""
        return {expand(conflict.id): conflict for conflict in self.content.conflicts}

    @cached_property
    def by_subject(self) -> dict[str, list[Statement]]:
        """The statements and rule parts about a thing."""
        return self._grouped("subject", "ruleTreatment")

    @cached_property
    def by_object(self) -> dict[str, list[Statement]]:
        """The statements and rule parts that lead to a thing, or are limited by it."""
        return self._grouped("object", "ruleCondition", "ruleEffect")

    def _grouped(self, *names: str) -> dict[str, list[Statement]]:
        groups: dict[str, list[Statement]] = defaultdict(list)
        for iri, statement in self.statements.items():
            ends = {str(term.value) for name in names for term in self.values(iri, SCHEMA + name)}
            for end in ends:
                groups[end].append(statement)
        return groups

    def against(self, statements: list[Statement]) -> list[Conflict]:
        """The conflicts about statements in which somebody objects, the sharpest first."""
        found = {name for statement in statements for name in statement.conflicts}
        conflicts = [self.conflicts[expand(name)] for name in found if expand(name) in self.conflicts]
        sharp = [conflict for conflict in conflicts if conflict.kind in _AGAINST]
        return sorted(sharp, key=lambda conflict: (_AGAINST.index(conflict.kind), conflict.id))

    def chain(self, iri: str, predicate: str) -> list[list[str]]:
        """Every way upwards from a thing along a predicate, the nearest first; a circle is cut."""
        ways: list[list[str]] = []
        open_ways = [[iri]]
        while open_ways:
            way = open_ways.pop()
            above = [str(t.value) for t in self.values(way[-1], predicate) if str(t.value) not in way]
            open_ways += [[*way, name] for name in above]
            if not above and len(way) > 1:
                ways.append(way[1:])
        return sorted(ways)

    def below(self, iri: str, predicate: str) -> list[str]:
        """The things that lead to a thing by a predicate, by title."""
        found = {t.subject.value for t in self.incoming.get(ox.NamedNode(iri), ()) if t.predicate.value == predicate}  # type: ignore[union-attr]
        return sorted(found, key=self.title)
