"""From the graph to the tables of a cohort: one compilation for the concepts that its records can hold."""

from __future__ import annotations

from collections.abc import Iterable

from ..inference.knowledge import Knowledge
from ..screening.intake import Knowledge as ReadersKnowledge
from .grading import compile_grading
from .implied import compile_implied
from .kept_rules import KeptRules, all_held
from .rule_tables import compile_rules
from .states import CONDITIONS, PAST, PRESENT, STATES, WITHIN
from .tables import CohortTables, Numbers


def compile_tables(
    knowledge: Knowledge, coded: Iterable[tuple[int, str]], kept: KeptRules | None = None
) -> CohortTables:
    """The tables for records whose coded entries hold these concepts (IRIs) in these states; numbers may add others.

    Rules that are ``kept`` need not be compiled, nor anything be derived.
    """
    readers = ReadersKnowledge.of(knowledge.store)
    concepts = readers.resolver.concepts
    held = set(coded)
    held |= {(window, concept) for number, concept in held if number == PAST for window in WITHIN}
    treatments = {concept for number, concept in held if STATES[number].kind == "treatment"}
    grading = compile_grading(readers.measures, concepts, treatments)
    held |= {(limit.state, limit.condition) for limit in grading.limits}
    held |= {(PRESENT, since.condition) for since in grading.since}
    implied = compile_implied(concepts, {concept for number, concept in held if number in CONDITIONS})
    held |= {(PRESENT, concept) for concept in implied.conditions}
    rules = kept if kept and held <= all_held(concepts) else KeptRules.of(compile_rules(knowledge, held))
    return CohortTables(rules.within(held), grading, implied, Numbers(sorted({concept for _, concept in held})))
