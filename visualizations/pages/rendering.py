"""Pages as HTML. All addresses in them are relative, so that they work from a server and from a folder."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from osteograph.ontology.namespaces import BASE, CONCEPT, PUBLICATION, SCHEMA, STATEMENT, expand, shorten
from osteograph.ontology.notice import NOTICE
from osteograph.queries.catalog import Question

from ..content import Statement
from .addresses import RDF, SUFFIXES, href, path_of
from .documents import for_search_engines
from .drawing import draw_neighbours
from .knowledge import DEFINITION, SECTIONS, SYNONYMS, Knowledge
from .proofs import MOST_PROOFS, Reason
from .reference import read_classes, read_properties

TEMPLATES = Path(__file__).parent / "templates"
MOST_INCOMING = 100
Groups = Sequence[tuple[str, Sequence[object]]]
"""Entries under headings."""
_VOID = expand("void:")


@dataclass(frozen=True)
class Site:
    """Where pages stand: the way to the root, and whether a server with an endpoint is behind them."""

    root: str = "../"
    live: bool = True


@dataclass(frozen=True)
class Value:
    """A value in a table of properties: its words, and where it leads if anywhere."""

    words: str
    href: str = ""
    note: str = ""


@cache
def environment() -> Environment:
    """The templates; what they are given is escaped, and what they are not given is an error."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"notice": NOTICE, "sections": SECTIONS, "suffixes": SUFFIXES, "rdf": RDF, "shorten": shorten}
    found.filters["local"] = lambda curie: curie.replace(":", "-")
    return found


def _render(template: str, site: Site, **values: object) -> str:
    return environment().get_template(template).render(site=site, root=site.root, **values)


def render_thing(known: Knowledge, iri: str, site: Site) -> str:
    """The page of one thing."""
    about = known.by_subject.get(iri, [])
    leading = [statement for statement in known.by_object.get(iri, []) if statement not in about]
    own = _own(known, iri)
    concern = [*own, *about, *leading]
    conflicts = known.against(concern)
    if iri in known.conflicts:
        conflicts = [known.conflicts[iri]]
    reasons = _reasons(known, iri)
    said, rules = _by_relation(s for s in about if not s.rule), _by_relation(s for s in about if s.rule)
    return _render(
        "thing.html",
        site,
        known=known,
        iri=iri,
        path=path_of(iri),
        section=path_of(iri).partition("/")[0],
        title=f"{known.conflicts[iri].kind} {shorten(iri)}" if iri in known.conflicts else known.title(iri),
        sides=_sides(known, iri, site),
        kinds=[_value(known, ox.NamedNode(name), site) for name in known.types(iri)],
        definition=known.text(iri, DEFINITION),
        synonyms=[(scope, [str(t.value) for t in known.values(iri, p)]) for scope, p in SYNONYMS.items()],
        ways=_ways(known, iri, site),
        own=own,
        conflicts=conflicts,
        about=said,
        rules=rules,
        parts=_parts(conflicts, own, said, rules, reasons, leading),
        in_reference=any(name.startswith(expand("owl:")) for name in known.types(iri)),
        leading=_by_relation(leading),
        leading_count=len(leading),
        reasons=reasons,
        mappings=known.nodes[iri].mappings if iri in known.nodes else (),
        drawing=draw_neighbours(known, iri) if iri.startswith((CONCEPT, PUBLICATION)) else None,
        facts=_facts(known, iri, site),
        incoming=_incoming(known, iri, site),
        link=lambda other: href(other, site.root),
        expand=expand,
        query=query_about(iri),
        query_link=f"{site.root}editor#query={quote(query_about(iri), safe='')}",
        linked_data=_script_json(for_search_engines(known, iri)),
    )


def _parts(
    conflicts: Sequence[object],
    own: Sequence[object],
    said: Groups,
    rules: Groups,
    reasons: Groups,
    leading: Sequence[object],
) -> list[tuple[str, str, int]]:
    """The parts of a long page: anchor, heading and how many entries; all end with the data."""
    counted = (
        ("conflicts", "What is in conflict", len(conflicts)),
        ("evidence", "What it rests on", len(own)),
        ("about", "What the articles say of it", _count(said)),
        ("rules", "What labels and guidelines say of it", _count(rules)),
        ("why", "What follows by rules", _count(reasons)),
        ("leading", "What leads to it", len(leading)),
    )
    return [*(part for part in counted if part[2]), ("triples", "As data", 0)]


def _count(groups: Groups) -> int:
    return sum(len(members) for _, members in groups)


def _reasons(known: Knowledge, iri: str) -> list[tuple[str, list[Reason]]]:
    """What rules derive about a thing with its proofs, by relation, the gravest first; for a statement, all of it."""
    link = known.derived(iri)
    if link:
        found = known.reasons.of([link], MOST_PROOFS)
    elif iri.startswith(CONCEPT):
        found = known.reasons.of(known.derived_about(iri))
    else:
        found = []
    return [(known.title(predicate), list(group)) for predicate, group in groupby(found, lambda r: r.link.predicate)]


def _sides(known: Knowledge, iri: str, site: Site) -> list[Value]:
    """Subject, predicate and object of a statement."""
    values = [value for name in ("subject", "predicate", "object") for value in known.values(iri, SCHEMA + name)]
    return [_value(known, value, site) for value in values] if iri.startswith(STATEMENT) else []


def _own(known: Knowledge, iri: str) -> list[Statement]:
    """What a page is about if not a concept: the statement itself, what a claim states, the parts of a rule."""
    named = [str(term.value) for name in ("states", "hasRulePart") for term in known.values(iri, SCHEMA + name)]
    return [known.statements[name] for name in [iri, *sorted(named)] if name in known.statements]


def query_about(iri: str) -> str:
    """A query for everything that is said of a thing."""
    return f"SELECT ?graph ?property ?value\nWHERE {{\n  GRAPH ?graph {{ <{iri}> ?property ?value }}\n}}"


def _script_json(document: object) -> Markup:
    """JSON that can stand in a script element: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _by_relation(statements: Iterable[Statement]) -> list[tuple[str, list[Statement]]]:
    """Statements under their relations, both in alphabetical order."""
    ordered = sorted(statements, key=lambda s: (s.relation, s.words, s.id))
    return [(relation, list(group)) for relation, group in groupby(ordered, key=lambda s: s.relation)]


def _ways(known: Knowledge, iri: str, site: Site) -> list[tuple[str, list[Value]]]:
    """The hierarchy around a thing: each way up, from the top, and what is directly below."""
    found: list[tuple[str, list[Value]]] = []
    for words, below, predicate in (
        ("kind of", "kinds", SCHEMA + "kindOf"),
        ("part of", "parts", SCHEMA + "partOf"),
        ("subclass of", "subclasses", expand("rdfs:subClassOf")),
        ("subproperty of", "subproperties", expand("rdfs:subPropertyOf")),
    ):
        for way in known.chain(iri, predicate):
            found.append((words, [_value(known, ox.NamedNode(step), site) for step in way]))
        lower = known.below(iri, predicate)
        if lower:
            found.append((below, [_value(known, ox.NamedNode(step), site) for step in lower]))
    return found


def _facts(known: Knowledge, iri: str, site: Site) -> list[tuple[Value, list[Value]]]:
    """Every property of a thing with its values."""
    groups: dict[str, list[Value]] = defaultdict(list)
    for triple in known.outgoing.get(ox.NamedNode(iri), ()):
        groups[triple.predicate.value].append(_value(known, triple.object, site))  # type: ignore[arg-type]
    named = [(_value(known, ox.NamedNode(predicate), site), values) for predicate, values in groups.items()]
    return sorted(((p, sorted(values, key=lambda v: v.words)) for p, values in named), key=lambda entry: entry[0].words)


def _incoming(known: Knowledge, iri: str, site: Site) -> list[tuple[Value, int, list[Value]]]:
    """What leads to a thing, by property; of very many the first only. Counts of its use in VoID are left out."""
    groups: dict[str, set[str]] = defaultdict(set)
    for triple in known.incoming.get(ox.NamedNode(iri), ()):
        if isinstance(triple.subject, ox.NamedNode) and not triple.predicate.value.startswith(_VOID):
            groups[triple.predicate.value].add(triple.subject.value)
    found = []
    for predicate, subjects in groups.items():
        values = sorted((_value(known, ox.NamedNode(s), site) for s in subjects), key=lambda v: (v.words, v.href))
        found.append((_value(known, ox.NamedNode(predicate), site), len(values), values[:MOST_INCOMING]))
    return sorted(found, key=lambda entry: entry[0].words)


def _value(known: Knowledge, term: ox.NamedNode | ox.BlankNode | ox.Literal, site: Site) -> Value:
    """A term in words, with a link where it may be one."""
    if isinstance(term, ox.Literal):
        plain = term.language or term.datatype.value in (expand("xsd:string"), expand("rdf:langString"))
        return Value(term.value, note="" if plain else shorten(term.datatype.value))
    if isinstance(term, ox.BlankNode):
        return Value(" ∘ ".join(known.list_titles(term)) or "(without a name)")
    if not term.value.startswith(BASE):
        return Value(shorten(term.value), href(term.value, site.root), _foreign_title(known, term.value))
    leads = known.knows(term.value) and (site.live or path_of(term.value).partition("/")[0] in SECTIONS)
    return Value(known.title(term.value), href(term.value, site.root) if leads else "")


def _foreign_title(known: Knowledge, iri: str) -> str:
    title = known.title(iri)
    return "" if title in (iri, shorten(iri)) else title


def render_list(known: Knowledge, section: str, site: Site) -> str:
    """All things of a section, each under what it is."""
    groups: dict[str, list[Value]] = defaultdict(list)
    for iri in known.things(section):
        kinds = map(known.title, known.types(iri)) if section in ("concept", "schema") else ()
        groups[min(kinds, default="")].append(_value(known, ox.NamedNode(iri), site))
    return _render("list.html", site, title=SECTIONS[section], groups=sorted(groups.items()))


def render_home(known: Knowledge, site: Site, views: Sequence[tuple[str, str]] = ()) -> str:
    """The front page: what there is, and where."""
    counts = {section: len(known.things(section)) for section in SECTIONS}
    sharp = known.against(list(known.statements.values()))
    return _render("home.html", site, title="osteograph", counts=counts, conflicts=sharp[:8], views=views,
                   link=lambda iri: href(iri, site.root), expand=expand)  # fmt: skip


def render_search(known: Knowledge, site: Site, words: str) -> str:
    """The concepts, classes and properties in whose names all the words occur."""
    return _render("search.html", site, title="Search", words=words, found=search(known, words, site))


def search(known: Knowledge, words: str, site: Site, most: int = 100) -> list[tuple[Value, str, str]]:
    """What the words find: the thing, the name that matched, and its definition; best first."""
    wanted = words.casefold().split()
    found = []
    for iri, names in known.names.items() if wanted else ():
        hits = [name for name in names if all(word in name.casefold() for word in wanted)]
        if hits:
            rank = (names[0].casefold() != words.casefold().strip(), hits[0] != names[0], len(hits[0]), names[0], iri)
            found.append((rank, iri, hits[0]))
    return [
        (_value(known, ox.NamedNode(iri), site), hit, known.text(iri, DEFINITION))
        for _, iri, hit in sorted(found)[:most]
    ]


def render_editor(site: Site, examples: Sequence[tuple[str, str]]) -> str:
    """The SPARQL editor with buttons for examples: what each asks, and its query."""
    return _render("editor.html", site, title="SPARQL editor", examples=examples)


def render_api(site: Site, questions: Sequence[Question]) -> str:
    """The questions with addresses to try."""
    return _render("api.html", site, title="Questions as an API", questions=questions)


def render_missing(site: Site, path: str) -> str:
    """The page for what is not there."""
    return _render("missing.html", site, title="Not found", path=path)


def render_reference(known: Knowledge, site: Site) -> str:
    """Classes and properties with definitions, hierarchy, chains and use, on one page."""
    return _render("reference.html", site, title="Ontology reference",
                   classes=read_classes(known), properties=read_properties(known),
                   link=lambda iri: href(iri, site.root))  # fmt: skip
