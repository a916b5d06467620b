"""What follows from a tumour and the sites of its metastases, only where the definitions of the graph make it certain.

- A metastasis at a site is the metastatic disease that the graph has for that site, or for the nearest site around it;
  at any bone it is a bone metastasis.
- A metastatic disease that names the cancer which it comes from brings that cancer.
- Where a record knows exactly one primary cancer, now or ever, a metastasis comes from it: the graph's concept for the
  metastasis of that primary holds too, and the advanced form of the cancer where the graph has one.
"""

from __future__ import annotations

from collections.abc import Set

from .concepts import Concepts, osteo
from .draft import Draft

BONE_METASTASIS = osteo("BoneMetastasis")
METASTATIC = osteo("MetastaticCancer")
ADVANCED = osteo("AdvancedCancer")
# Cancers that say nothing of where they began.
_NO_ORIGIN = frozenset(
    osteo(name)
    for name in (
        "AdvancedCancer", "Cancer", "CancerAtSiteOfOrigin", "CancerNotInvolvingBone", "HormoneInsensitiveTumor",
        "HormoneSensitiveTumor", "OtherCancer", "PrimaryCancer",
    )
)  # fmt: skip


def metastases_at(site: str, concepts: Concepts) -> list[str]:
    """The metastatic diseases that a metastasis at a site certainly is, the most specific ones, sorted."""
    around = concepts.around(site)
    in_bone = concepts.is_a(site, "BoneSite")
    found = {BONE_METASTASIS} if in_bone else set()
    for disease in concepts.labels:
        if not concepts.is_a(disease, "MetastaticDisease") or concepts.primaries.get(disease):
            continue
        places = concepts.sites.get(disease, frozenset()) & around
        if places and in_bone == concepts.is_kind_of(disease, BONE_METASTASIS) and _is_widest(disease, concepts):
            found.add(disease)
    return concepts.most_specific(found & concepts.labels.keys())


def _is_widest(disease: str, concepts: Concepts) -> bool:
    """Whether no broader disease has the same site: a metastasis in an arm need not be one of the hand."""
    sites = concepts.sites[disease]
    return not any(concepts.sites.get(broad) == sites for broad in concepts.broader(disease) - {disease})


def add_implied(draft: Draft) -> None:
    """Add what the tumour and its metastases together certainly are; to be called when all conditions are read."""
    _add_origins(draft)
    _add_what_follows(draft)
    _add_origins(draft)  # what follows comes from somewhere too: from a cancer that the record may know as past alone


def _add_origins(draft: Draft) -> None:
    now = draft.now("condition")
    for disease in now:
        for cancer in sorted(origins(disease, draft.concepts).difference(now)):
            draft.add(cancer, "condition", "now", draft.concepts.label(disease), "the record as a whole")


def _add_what_follows(draft: Draft) -> None:
    concepts = draft.concepts
    primaries = _primaries(draft)
    present = {each for found in draft.now("condition") for each in concepts.broader(found)}
    if len(primaries) != 1 or METASTATIC not in present:
        return
    words = f"{concepts.label(primaries[0])} as the only primary cancer, with metastases"
    cancers = [each for each in concepts.labels if concepts.is_a(each, "MetastaticDisease", "PrimaryCancer")]
    while new := [each for each in cancers if each not in present and follows(each, primaries[0], present, concepts)]:
        for concept in sorted(new):
            draft.add(concept, "condition", "now", words, "the record as a whole")
        present.update(new)


def origins(disease: str, concepts: Concepts) -> frozenset[str]:
    """The cancers that a metastatic disease comes from by its definition or that of a broader one."""
    broader = concepts.broader(disease)
    return frozenset(cancer for each in broader for cancer in concepts.primaries.get(each, frozenset()))


def follows(concept: str, primary: str, present: Set[str], concepts: Concepts) -> bool:
    """Whether a concept says no more than that what is present comes from the primary, or that the primary is advanced.

    Where a broader concept has the same primary and the same site, the concept says something else besides.
    """
    kinds = concepts.kinds.get(concept, frozenset())
    if not kinds <= present:
        return False
    of_primary = concepts.broader(primary)
    if concepts.is_a(concept, "MetastaticDisease"):
        from_it = not concepts.primaries.get(concept, frozenset()).isdisjoint(of_primary)
        return from_it and not any(_origin(kind, concepts) == _origin(concept, concepts) for kind in kinds)
    return (
        concepts.is_a(concept, "PrimaryCancer")
        and ADVANCED in kinds
        and not (kinds - _NO_ORIGIN).isdisjoint(of_primary)
    )


def _origin(concept: str, concepts: Concepts) -> tuple[frozenset[str], frozenset[str]]:
    return concepts.primaries.get(concept, frozenset()), concepts.sites.get(concept, frozenset())


def _primaries(draft: Draft) -> list[str]:
    """Cancers that a metastasis could come from, now or in the past; of one and its narrower kind only the narrower.

    A primary in remission counts: metastases may still stem from it.
    """
    concepts = draft.concepts
    found = {entry.concept for entry in draft.entries if entry.kind == "condition"}
    return concepts.most_specific(each for each in found if may_be_primary(each, concepts))


def may_be_primary(concept: str, concepts: Concepts) -> bool:
    """Whether a metastasis could come from a cancer: it names an origin and is itself no metastasis."""
    return (
        concept not in _NO_ORIGIN
        and concepts.is_kind_of(concept, osteo("Cancer"))
        and not concepts.is_kind_of(concept, METASTATIC)
    )
