"""What a rule part asks of a patient, as nodes: a concept and the record property it is asked by, or several together.

A part whose single condition has to be present now, with nothing else, needs no node: ``bmo:sufficientCondition`` says
it, and the schema's property chains can follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.model import Curation, SafetyRulePart

from .terms import Graph, concept_iri, node, schema_node, text

ASKED_BY = {
    "now": "presents",
    "measured": "hasEstablishedCondition",
    "ever": "hasHistoryOf",
    "past": "hadTreatment",
    "recent": "hasRecently",
    "planned": "plannedTreatment",
}
_DAYS = {"D": 1, "W": 7}
SOLE = "SoleTreatment"
STRENGTHS_OF_PATIENTS = ("contraindicated", "not recommended", "caution", "predisposing factor")


def circumstance_quads(part: SafetyRulePart, curation: Curation) -> Iterator[ox.Quad]:
    """The circumstances of one part, or its sufficient condition, or the checks it asks for."""
    maker = _Maker(part, curation)
    if part.condition_times:
        yield graph_quad(maker.iri, "bmo:conditionTime", text("|".join(part.condition_times)))
    if part.strength in STRENGTHS_OF_PATIENTS:
        yield from maker.conditions()
    elif part.strength == "requires check":
        yield from maker.checks()


def graph_quad(subject: ox.NamedNode, predicate: str, obj: ox.NamedNode | ox.Literal) -> ox.Quad:
    """A quad of the safety graph."""
    return Graph("safety").quad(subject, predicate, obj)


class _Maker:
    """Makes the nodes of one part; they are named after it and numbered."""

    def __init__(self, part: SafetyRulePart, curation: Curation) -> None:
        self.part, self.curation = part, curation
        self.iri = node(f"rule:{part.name}")
        self.count = 0
        self.quads: list[ox.Quad] = []

    def conditions(self) -> list[ox.Quad]:
        """The conditions that have to hold together, with the indication, if the part has one."""
        asked = [pair for pair in zip(self.part.conditions, self.part.condition_times, strict=True) if pair[0] != SOLE]
        alone = len(asked) < len(self.part.conditions)
        if not asked:
            return []
        if self._is_sufficient(asked, alone):
            self._say(self.iri, "bmo:sufficientCondition", self._concept(asked[0][0]))
        else:
            nodes = [self._asks(name, time) for name, time in asked]
            top = self._together([*nodes, *self._indication()])
            self._say(self.iri, "bmo:circumstanceAlone" if alone else "bmo:circumstance", top)
        return self.quads

    def _is_sufficient(self, asked: list[tuple[str, str]], alone: bool) -> bool:
        more = alone or self.part.another or self.part.indications
        return len(asked) == 1 and asked[0][1] == "now" and not more

    def checks(self) -> list[ox.Quad]:
        """The checks asked for; a condition that is a state and no check is to be put right where it is present."""
        if self.part.condition_times:
            for name in self.part.conditions:
                self._say(self.iri, "bmo:toBeAddressed", self._concept(name))
            return self.quads
        nodes = self._indication()
        if nodes:
            self._say(self.iri, "bmo:circumstance", nodes[0])
        for name in self.part.excepted:
            self._say(self.iri, "bmo:exemptingCondition", self._concept(name))
        asked = "bmo:checkUnlessExempt" if self.part.excepted else "bmo:checkAlways"
        for name in self.part.conditions:
            self._say(self.iri, "bmo:checkInCircumstance" if nodes else asked, self._concept(name))
        return self.quads

    def _indication(self) -> list[ox.NamedNode]:
        """What the treatment is given for, as alternatives."""
        if not self.part.indications:
            return []
        nodes = [self._asks(name, "now") for name in self.part.indications]
        if len(nodes) == 1:
            return nodes
        top = self._new()
        for each in nodes:
            self._say(top, "bmo:oneOf", each)
        return [top]

    def _asks(self, name: str, time: str) -> ox.NamedNode:
        """A node that asks for one concept."""
        here = self._new()
        self._say(here, "bmo:askedProperty", schema_node(_asked_by(time)))
        if self.part.another:
            self._say(here, "bmo:askedOther", self._concept(name))
            self._say(here, "bmo:exceptTreatment", self._concept(self.part.treatment))
            self._say(here, "bmo:exceptSubstance", self._concept(self._substance()))
        else:
            self._say(here, "bmo:askedConcept", self._concept(name))
        return here

    def _substance(self) -> str:
        treatment = self.curation.concepts[self.part.treatment]
        return treatment.active_substance or treatment.name

    def _together(self, nodes: list[ox.NamedNode]) -> ox.NamedNode:
        """One node that is met when all are, built in pairs."""
        top = nodes[0]
        for other in nodes[1:]:
            both = self._new()
            self._say(both, "bmo:firstCircumstance", top)
            self._say(both, "bmo:secondCircumstance", other)
            top = both
        return top

    def _new(self) -> ox.NamedNode:
        self.count += 1
        here = node(f"rule:{self.part.name}-circumstance-{self.count}")
        self._say(here, "rdf:type", node("bmo:Circumstance"))
        return here

    def _say(self, subject: ox.NamedNode, predicate: str, obj: ox.NamedNode) -> None:
        self.quads.append(graph_quad(subject, predicate, obj))

    def _concept(self, name: str) -> ox.NamedNode:
        return concept_iri(self.curation.concepts[name])


def _asked_by(time: str) -> str:
    """The record property that stands for the time of a condition."""
    match = re.fullmatch("within P([0-9]+)([DW])", time)
    if match:
        return f"hadTreatmentWithin{int(match[1]) * _DAYS[match[2]]}Days"
    return ASKED_BY[time]
