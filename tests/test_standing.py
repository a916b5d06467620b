"""How a statement stands: the truth table row by row, its invariants, and what it makes of the real material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.graph_builder.statements import Statement, build_statements
from osteograph.ontology.curation import CONFLICT_KINDS, POLARITIES
from osteograph.ontology.model import Claim, Conflict, Curation, SourceIssue
from osteograph.ontology.schema import load_schema
from osteograph.ontology.standing import Standing, disputed_claims, refuted_claims, standing_of

NOBODY: frozenset[str] = frozenset()


def claim(name: str, polarity: str) -> Claim:
    """A claim of which only name and polarity matter."""
    return Claim(name, ("a-s001",), "t", "S", "causes", "O", (), polarity, "", "stated", (), "words", "", 0)


def conflict(name: str, kind: str, claims: str, refuted: str = "") -> Conflict:
    """A conflict among claims, some of which may have lost."""
    return Conflict(name, kind, tuple(claims.split()), (), tuple(refuted.split()), "words", "", (), (), 0)


def issue(name: str, refuted: str = "", disputed: str = "") -> SourceIssue:
    """A fault of a source, held against claims."""
    return SourceIssue(
        name, ("a",), "1", "wrong", "major", (), tuple(refuted.split()), tuple(disputed.split()), "", "", (), True, 0
    )


@pytest.mark.parametrize(
    ("polarities", "refuted", "disputed", "expected"),
    [
        ("asserted", "1", "", Standing.REFUTED),
        ("hedged", "1", "", Standing.REFUTED),
        ("denied", "1", "", Standing.REFUTED),
        ("asserted asserted", "1 2", "", Standing.REFUTED),
        ("asserted", "1", "1", Standing.REFUTED),
        ("asserted", "", "1", Standing.DISPUTED),
        ("asserted asserted", "", "2", Standing.DISPUTED),
        ("asserted hedged", "", "2", Standing.DISPUTED),
        ("asserted denied", "", "", Standing.DISPUTED),
        ("hedged denied", "", "", Standing.DISPUTED),
        ("asserted hedged denied", "", "", Standing.DISPUTED),
        ("asserted", "", "", Standing.ACCEPTED),
        ("asserted hedged", "", "", Standing.ACCEPTED),
        ("asserted asserted", "2", "", Standing.ACCEPTED),
        ("asserted asserted", "2", "2", Standing.ACCEPTED),
        ("asserted denied", "2", "", Standing.ACCEPTED),
        ("hedged", "", "", Standing.HEDGED),
        ("hedged hedged", "", "", Standing.HEDGED),
        ("asserted hedged", "1", "", Standing.HEDGED),
        ("denied", "", "", Standing.DENIED),
        ("denied denied", "", "", Standing.DENIED),
        ("asserted denied", "1", "", Standing.DENIED),
    ],
)
def test_truth_table(polarities: str, refuted: str, disputed: str, expected: Standing) -> None:
    """Claims numbered from 1, some refuted, some disputed, give the standing that the table says."""
    claims = [claim(str(number), polarity) for number, polarity in enumerate(polarities.split(), 1)]
    assert standing_of(claims, frozenset(refuted.split()), frozenset(disputed.split())) == expected


CLAIMS = st.lists(st.sampled_from(POLARITIES), min_size=1, max_size=5).map(
    lambda polarities: [claim(str(number), polarity) for number, polarity in enumerate(polarities)]
)
SOME_NAMES = st.frozensets(st.sampled_from("01234"))


@given(CLAIMS, SOME_NAMES, SOME_NAMES, st.sampled_from(POLARITIES))
def test_a_refuted_claim_more_changes_nothing(
    claims: list[Claim], refuted: frozenset[str], disputed: frozenset[str], polarity: str
) -> None:
    """A claim that is refuted weighs nothing, whatever it says and whoever disputes it."""
    before = standing_of(claims, refuted, disputed)
    assert standing_of([*claims, claim("new", polarity)], refuted | {"new"}, disputed | {"new"}) == before


@given(CLAIMS, SOME_NAMES, SOME_NAMES, st.data())
def test_order_and_repetition_of_claims_do_not_matter(
    claims: list[Claim], refuted: frozenset[str], disputed: frozenset[str], data: st.DataObject
) -> None:
    """A standing belongs to a set of claims."""
    shuffled = data.draw(st.permutations([*claims, claims[0]]))
    assert standing_of(shuffled, refuted, disputed) == standing_of(claims, refuted, disputed)


@given(CLAIMS, SOME_NAMES)
def test_a_dispute_is_never_overlooked(claims: list[Claim], refuted: frozenset[str]) -> None:
    """A statement that is accepted loses that standing as soon as one of its remaining claims is disputed."""
    remaining = [one for one in claims if one.name not in refuted]
    for one in remaining:
        assert standing_of(claims, refuted, frozenset({one.name})) == Standing.DISPUTED


@given(CLAIMS)
def test_acceptance_needs_an_asserting_claim_and_no_denial(claims: list[Claim]) -> None:
    """Nothing is accepted that no claim asserts or that some claim denies."""
    polarities = {one.polarity for one in claims}
    expected = "asserted" in polarities and "denied" not in polarities
    assert (standing_of(claims, NOBODY, NOBODY) == Standing.ACCEPTED) == expected


Curate = Callable[[list[Conflict], list[SourceIssue]], Curation]


@pytest.fixture
def curate(curation: Curation) -> Curate:
    """Makes the real curation with other conflicts and issues."""

    def make(conflicts: list[Conflict], issues: list[SourceIssue]) -> Curation:
        return replace(curation, conflicts={c.name: c for c in conflicts}, issues={i.name: i for i in issues})

    return make


def test_an_unsettled_contradiction_disputes_all_its_members(curate: Curate) -> None:
    """Where nobody says who is right, each side is disputed and none refuted."""
    made = curate([conflict("X1", "contradiction", "C1 C2")], [])
    assert (disputed_claims(made), refuted_claims(made)) == (frozenset({"C1", "C2"}), NOBODY)


def test_a_settled_contradiction_refutes_the_loser_and_lets_the_others_stand(curate: Curate) -> None:
    """Where an outside source settles it, the losing claim is refuted and nothing stays disputed."""
    made = curate([conflict("X1", "contradiction", "C1 C2", refuted="C2")], [])
    assert (disputed_claims(made), refuted_claims(made)) == (NOBODY, frozenset({"C2"}))


@pytest.mark.parametrize("kind", sorted(set(CONFLICT_KINDS) - {"contradiction"}))
def test_other_conflicts_take_no_standing_away(kind: str, curate: Curate) -> None:
    """Tension, refinement, agreement and internal error dispute and refute nothing by themselves."""
    made = curate([conflict("X1", kind, "C1 C2")], [])
    assert (disputed_claims(made), refuted_claims(made)) == (NOBODY, NOBODY)


def test_a_fault_of_a_source_refutes_or_disputes_the_claims_it_names(curate: Curate) -> None:
    """What an outside source calls wrong is refuted where it settles the matter, else disputed."""
    made = curate([], [issue("I1", refuted="C1"), issue("I2", disputed="C2")])
    assert (disputed_claims(made), refuted_claims(made)) == (frozenset({"C2"}), frozenset({"C1"}))


def test_one_dispute_outlives_the_settling_of_another(curate: Curate) -> None:
    """A claim that stands in a settled and in an unsettled contradiction stays disputed."""
    made = curate([conflict("X1", "contradiction", "C1 C2", "C2"), conflict("X2", "contradiction", "C1 C3")], [])
    assert (disputed_claims(made), refuted_claims(made)) == (frozenset({"C1", "C3"}), frozenset({"C2"}))


@pytest.fixture(scope="module")
def by_claim(curation: Curation) -> dict[str, Statement]:
    """The statement that each claim of the real material states."""
    return {one.name: statement for statement in build_statements(curation, load_schema()) for one in statement.claims}


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        (Standing.REFUTED, "C618 C637 C638"),
        (Standing.DISPUTED, "C616 C624 C630 C632"),
        (Standing.DENIED, "C344 C381 C555 C569"),
    ],
    ids=lambda value: value.value if isinstance(value, Standing) else "",
)
def test_the_real_claims_that_do_not_stand(standing: Standing, names: str, by_claim: dict[str, Statement]) -> None:
    """Exactly these claims of the articles are refuted, disputed or denied."""
    assert " ".join(sorted(name for name, found in by_claim.items() if found.standing == standing)) == names


@pytest.mark.parametrize("kind", ["tension", "refinement", "agreement"])
def test_milder_conflicts_of_the_real_material_leave_every_standing(
    kind: str, curation: Curation, by_claim: dict[str, Statement]
) -> None:
    """Without its tensions (refinements, agreements) the material gives each statement the same standing."""
    kept = {name: one for name, one in curation.conflicts.items() if one.kind != kind}
    without = build_statements(replace(curation, conflicts=kept), load_schema())
    assert len(kept) < len(curation.conflicts)
    assert {s.iri.value: s.standing for s in without} == {s.iri.value: s.standing for s in by_claim.values()}


def test_every_claim_of_a_milder_conflict_keeps_what_its_polarity_gives(
    curation: Curation, by_claim: dict[str, Statement]
) -> None:
    """A claim in tension, refinement or agreement, and in nothing worse, stands as the polarities for it say."""
    worse = refuted_claims(curation) | disputed_claims(curation)
    mild = {
        n for c in curation.conflicts.values() if c.kind in ("tension", "refinement", "agreement") for n in c.claims
    }
    for name in sorted(mild):
        found = by_claim[name]
        if not worse & {one.name for one in found.claims}:
            assert found.standing == standing_of(found.claims, NOBODY, NOBODY), name
