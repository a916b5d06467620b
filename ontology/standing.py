"""How a statement stands once its claims, conflicts and the faults of the sources are weighed: one truth table.

==========================================================  =========
what is known of the statement                              standing
==========================================================  =========
every claim for it is refuted by outside sources            refuted
an unsettled contradiction touches a claim for it           disputed
a source calls a claim for it wrong and settles nothing     disputed
claims assert (or hedge) it and others deny it              disputed
at least one remaining claim asserts it                     accepted
all remaining claims hedge it                               hedged
all remaining claims deny it                                denied
==========================================================  =========

The first row that applies decides. A contradiction is settled when its conflict names refuted claims: the others in it
then stand. Tension, refinement, agreement and internal error never take a standing away.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from .model import Claim, Conflict, Curation, SourceIssue


class Standing(Enum):
    """The standing of a statement; the value is the local name of its IRI."""

    ACCEPTED = "Accepted"
    HEDGED = "Hedged"
    DENIED = "Denied"
    DISPUTED = "Disputed"
    REFUTED = "Refuted"


def refuted_claims(curation: Curation) -> frozenset[str]:
    """Claims that outside sources settle against."""
    holders: list[Conflict | SourceIssue] = [*curation.conflicts.values(), *curation.issues.values()]
    return frozenset(name for holder in holders for name in holder.refuted_claims)


def disputed_claims(curation: Curation) -> frozenset[str]:
    """Claims in an unsettled contradiction, or called wrong by a source that does not settle the matter."""
    unsettled = [c for c in curation.conflicts.values() if c.kind == "contradiction" and not c.refuted_claims]
    names = {name for conflict in unsettled for name in conflict.claims}
    names |= {name for issue in curation.issues.values() for name in issue.disputed_claims}
    return frozenset(names)


def standing_of(claims: Iterable[Claim], refuted: frozenset[str], disputed: frozenset[str]) -> Standing:
    """The standing of the statement that these claims state."""
    remaining = [claim for claim in claims if claim.name not in refuted]
    polarities = {claim.polarity for claim in remaining}
    if not remaining:
        return Standing.REFUTED
    if any(claim.name in disputed for claim in remaining) or ("denied" in polarities and len(polarities) > 1):
        return Standing.DISPUTED
    if "asserted" in polarities:
        return Standing.ACCEPTED
    return Standing.HEDGED if "hedged" in polarities else Standing.DENIED
