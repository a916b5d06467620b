"""Whether a reasoner derives what the rules derive: HermiT on the axioms of the schema, the engine on the rule files.

Both get the same facts: what is given, and what rules conclude that OWL cannot say. Compared are all facts of the
object properties that the axioms speak of. A patient here is any set of facts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.namespaces import SCHEMA, expand
from osteograph.ontology.schema import load_schema
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.many import Patients

from .reasoner import infer_property_values

_TYPE = expand("rdf:type")
_AXIOMS = {expand(name) for name in ("owl:propertyChainAxiom", "owl:inverseOf", "rdf:first", "rdf:rest")}
_KINDS = {expand(name) for name in ("owl:ObjectProperty", "owl:TransitiveProperty", "owl:SymmetricProperty")}
_SUB_PROPERTY = expand("rdfs:subPropertyOf")


def shared_facts(engine: Engine) -> list[Fact]:
    """The facts that both start from: all but what the rules that stand in OWL conclude."""
    in_owl = {rule.name for rule in load_rules().values() if rule.in_owl}
    spoken_of = _properties()
    return [
        fact
        for fact in engine.facts.own()
        if fact[1] in spoken_of
        and (engine.is_given(fact) or any(step.rule not in in_owl for step in engine.derivations_of(fact)))
    ]


def by_rules(facts: Iterable[Fact], engine: Engine) -> set[Fact]:
    """What the rules that stand in OWL make of the facts."""
    spoken_of = _properties()
    return {fact for fact in _in_owl(facts, engine).facts.own() if fact[1] in spoken_of}


def of_patients(shared: Iterable[Fact], patients: Iterable[Fact], engine: Engine) -> tuple[set[Fact], Patients]:
    """The same where some of the facts are of patients, whose entries are looked at once; with what proves it."""
    below = _in_owl(shared, engine)
    many = Patients(patients, below)
    every, spoken_of = chain(below.facts.own(), many.everything()), _properties()
    return {fact for fact in every if fact[1] in spoken_of}, many


def _in_owl(facts: Iterable[Fact], engine: Engine) -> Engine:
    rules = {name: rule for name, rule in load_rules().items() if rule.in_owl}
    told = [fact for fact in engine.given if fact[1].endswith(("subPropertyOf>", "isRecordProperty>"))]
    return Engine([*facts, *told], rules=rules)


def by_hermit(facts: Iterable[Fact]) -> set[Fact]:
    """What HermiT makes of the facts under the axioms of the schema."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "facts.nt"
        file.write_text("".join(f"{line} .\n" for line in _ontology(list(facts))), encoding="utf-8")
        found = infer_property_values(file)
    return {fact for fact in _with_broader(found) if fact[1] in _properties()}


@cache
def _properties() -> frozenset[str]:
    """The object properties that rules in OWL conclude or start from."""
    rules = [rule for rule in load_rules().values() if rule.in_owl]
    named = {pattern[1] for rule in rules for pattern in (rule.conclusion, *rule.premises) if pattern[1][0] == "<"}
    objects = {f"<{prop.iri}>" for prop in load_schema().properties.values() if prop.kind == "object"}
    records = {narrow for narrow, _ in _sub_properties()} | {broad for _, broad in _sub_properties()}
    return frozenset(name for name in named | records if name in objects and name.startswith(f"<{SCHEMA}"))


@cache
def _sub_properties() -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(quad.subject), str(quad.object))
        for quad in load_schema().quads
        if quad.predicate.value == _SUB_PROPERTY
        and str(quad.subject).startswith(f"<{SCHEMA}")
        and str(quad.object).startswith(f"<{SCHEMA}")
    )


@cache
def _inverses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for quad in load_schema().quads:
        if quad.predicate.value == expand("owl:inverseOf"):
            found.setdefault(str(quad.subject), set()).add(str(quad.object))
            found.setdefault(str(quad.object), set()).add(str(quad.subject))
    return found


def _ontology(facts: list[Fact]) -> Iterator[str]:
    """The axioms on our object properties, and the facts as assertions, in N-Triples without the full stops."""
    yield f"<urn:osteograph:agreement> <{_TYPE}> <{expand('owl:Ontology')}>"
    spoken_of = _properties()
    for quad in load_schema().quads:
        subject, predicate = str(quad.subject), quad.predicate.value
        kind = isinstance(quad.object, ox.NamedNode) and predicate == _TYPE and quad.object.value in _KINDS
        if (predicate in _AXIOMS or kind) and (subject in spoken_of or isinstance(quad.subject, ox.BlankNode)):
            yield f"{subject} <{predicate}> {quad.object}"
    for narrow, broad in _sub_properties():
        if narrow in spoken_of and broad in spoken_of:
            yield f"{narrow} <{_SUB_PROPERTY}> {broad}"
    for individual in sorted({term for fact in facts for term in (fact[0], fact[2])}):
        yield f"{individual} <{_TYPE}> <{expand('owl:NamedIndividual')}>"
    yield from (" ".join(fact) for fact in facts)


def _with_broader(facts: set[Fact]) -> set[Fact]:
    """With broader and inverse properties: owlready2 leaves implicit what follows from a value that it tells."""
    facts = facts | {(obj, inverse, subject) for subject, name, obj in facts for inverse in _inverses().get(name, ())}
    broader: dict[str, set[str]] = {}
    for narrow, broad in _sub_properties():
        broader.setdefault(narrow, set()).add(broad)
    found, agenda = set(facts), list(facts)
    while agenda:
        subject, predicate, obj = agenda.pop()
        for name in broader.get(predicate, ()):
            fact = (subject, name, obj)
            if fact not in found:
                found.add(fact)
                agenda.append(fact)
    return found
