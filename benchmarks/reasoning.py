"""How fast what follows is derived: the whole graph, one patient, and many patients against HermiT and Pellet.

python benchmarks/reasoning.py [--patients 50,200,10000] [--reasoner hermit --reasoner pellet --up-to 200] > tables

Engine and reasoner get the same facts (what ``graph_builder/agreement.py`` shares between them) and patients with one
to three conditions and treatments each, drawn from what safety rules speak of. What each derives is compared, fact by
fact. The engine keeps every derivation, from which the proofs are told; "at once" is the same engine for the graph and
:class:`osteograph.queries.inference.many.Patients` for the patients, which finds the derivations when they are asked
for; the reasoners keep none. Times are of the processor, the reasoners' with the start of Java and the reading of the
file, as users have it; ratios are those of the patients at once. Last, for the most patients, how long it takes to find
every derivation of every fact, and to prove a sample of the facts and have each proof checked by the independent
checker.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import statistics
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import osteograph
from osteograph.graph_builder import reasoner
from osteograph.graph_builder.agreement import by_hermit, by_rules, of_patients, shared_facts
from osteograph.ontology.namespaces import SCHEMA
from osteograph.queries.inference.checker import Checker
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.knowledge import Knowledge, Scope, graph_facts
from osteograph.queries.inference.proofs import Prover

PATIENTS = Path(__file__).parents[1] / "examples" / "patients"
RECORD = ("hasEstablishedCondition", "hadCondition", "receivesTreatment", "plannedTreatment", "hasOnRecord")
SAMPLE = 300  # facts that are proven


def timed(task: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor, those of processes that were started and have ended among them, and what came of it."""
    begin = sum(os.times()[:4])
    done = task()
    return sum(os.times()[:4]) - begin, done


def bmo(name: str) -> str:
    return f"<{SCHEMA}{name}>"


def draw_patients(engine: Engine, count: int) -> list[Fact]:
    """Patients with conditions and treatments, the same for the same count."""
    draw = random.Random(count)
    conditions = sorted({link[0] for link in engine.facts.match(None, bmo("contraindicates"), None)})
    treatments = sorted({link[2] for link in engine.facts.match(None, bmo("appliesTo"), None)})
    return [
        (f"<https://example.org/patient/{number}>", bmo(draw.choice(RECORD)), draw.choice(pool))
        for number in range(count)
        for pool in (conditions, treatments)
        for _ in range(draw.randint(1, 3))
    ]


def whole_graph(kg: osteograph.KnowledgeGraph, rounds: int) -> None:
    """The facts of the graph, and all that follows from them."""
    reading = min(timed(lambda: graph_facts(kg.store, Scope()))[0] for _ in range(rounds))
    facts = graph_facts(kg.store, Scope())
    deriving = min(timed(lambda: Engine(facts))[0] for _ in range(rounds))
    engine = Engine(facts)
    steps = sum(len(engine.derivations_of(fact)) for fact in engine.derived())
    print(
        f"{len(facts)} facts, read in {reading:.2f} s; {len(list(engine.derived()))} derived by {steps} steps, ", end=""
    )
    print(f"all kept, in {deriving:.2f} s\n")


def one_patient(kg: osteograph.KnowledgeGraph, rounds: int) -> None:
    """Each example record, read and screened with proofs, in a process that has screened before."""
    records = sorted(PATIENTS.iterdir())
    for record in records:
        kg.screen(record)
    times = [min(timed(lambda record=record: kg.screen(record))[0] for _ in range(rounds)) for record in records]  # type: ignore[misc]
    print(f"{len(records)} example records, each read and screened: {1000 * statistics.median(times):.0f} ms ", end="")
    print(f"(median), {1000 * max(times):.0f} ms (longest)\n")


def by_pellet(facts: list[Fact]) -> set[Fact]:
    """As :func:`by_hermit`, with Pellet in HermiT's place."""
    import owlready2

    hermit = owlready2.sync_reasoner_hermit

    def pellet(world: Any, infer_property_values: bool, debug: int) -> None:
        owlready2.sync_reasoner_pellet(world, infer_property_values=infer_property_values, debug=debug)

    owlready2.sync_reasoner_hermit = pellet
    try:
        return by_hermit(facts)
    finally:
        owlready2.sync_reasoner_hermit = hermit


def against_reasoners(engine: Engine, sizes: list[int], names: list[str], up_to: int, rounds: int) -> None:
    """One row for each number of patients."""
    tasks = {"hermit": by_hermit, "pellet": by_pellet}
    shared = shared_facts(engine)
    ours: list[float] = []
    print(
        "| patients | facts given | derived | engine, s | at once, s |"
        + "".join(f" {n}, s | x | same |" for n in names)
    )
    print("|---|---|---|---|---|" + "---|" * 3 * len(names))
    for size in sizes:
        patients = draw_patients(engine, size)
        facts = [*shared, *patients]
        one, derived = timed(lambda facts=facts: by_rules(facts, engine))  # type: ignore[misc]
        seconds, same = at_once(shared, patients, engine, rounds)
        ours.append(seconds)
        cells = [f"{size}", f"{len(facts)}", f"{len(derived - set(facts))}", f"{one:.2f}"]
        cells.append(f"{seconds:.2f}" if same == derived else "other facts")
        for name in names:
            if size > up_to:
                cells += ["not run", "", ""]
                continue
            theirs, found = timed(lambda name=name, facts=facts: tasks[name](facts))  # type: ignore[misc]
            cells += [f"{theirs:.1f}", f"{theirs / seconds:.0f}", "yes" if found == derived else "no"]
        print("| " + " | ".join(cells) + " |", flush=True)
    if len(sizes) > 1:
        grown = math.log(ours[-1] / ours[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nExponent of the patients at once from {sizes[0]} to {sizes[-1]}: {grown:.2f}")
    proofs(shared, draw_patients(engine, sizes[-1]), engine)


def at_once(shared: list[Fact], patients: list[Fact], engine: Engine, rounds: int) -> tuple[float, set[Fact]]:
    """The median of the times, and what comes out."""
    runs = [timed(lambda: of_patients(shared, patients, engine)[0]) for _ in range(rounds)]
    return statistics.median(seconds for seconds, _ in runs), runs[0][1]


def proofs(shared: list[Fact], patients: list[Fact], engine: Engine) -> None:
    """What it costs to tell why."""
    _, many = of_patients(shared, patients, engine)
    seconds, steps = timed(lambda: sum(len(many.derivations_of(fact)) for fact in many.everything()))
    print(f"\nAll {steps:,} derivations of the facts of patients: {seconds:.1f} s")
    draw, rules = random.Random(1), many.below.rules
    sample = draw.sample(sorted(many.derived()), SAMPLE)
    prover = Prover(many, Prover(many.below))
    seconds, found = timed(lambda: [prover.prove(fact).found for fact in sample])
    checker = Checker([*many.below.given, *patients], rules)
    faults = [fault for each in found for proof in each for fault in checker.check(proof)]
    print(f"{SAMPLE} of the facts: {sum(map(len, found))} minimal proofs in {seconds:.1f} s; ", end="")
    print(f"{sum(not each for each in found)} without a proof, {len(faults)} faults found by the checker")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patients", default="50,200,800")
    parser.add_argument("--reasoner", action="append", choices=("hermit", "pellet"), default=[])
    parser.add_argument("--up-to", type=int, default=1000, help="the most patients that reasoners get")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, owlready2 {version('owlready2')}\n")
    with osteograph.load() as kg:
        whole_graph(kg, options.rounds)
        one_patient(kg, options.rounds)
        engine = Knowledge(kg.store).engine
        reasoner.MEMORY_MEBIBYTES = 4000
        against_reasoners(
            engine, [int(size) for size in options.patients.split(",")], options.reasoner, options.up_to, options.rounds
        )


if __name__ == "__main__":
    main()
