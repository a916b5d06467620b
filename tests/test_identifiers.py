"""Statement IRIs: test vectors made without osteograph, and what an IRI does and does not depend on."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.graph_builder.statements import build_statements
from osteograph.ontology.identifiers import canonical_form, statement_iri
from osteograph.ontology.model import Curation
from osteograph.ontology.schema import load_schema

VECTORS = Path(__file__).parent / "data" / "statement-identifiers.tsv"
Qualifiers = list[tuple[str, str]]


class Vector(NamedTuple):
    """One row of the test vectors."""

    case: str
    subject: str
    predicate: str
    object: str
    qualifiers: Qualifiers
    canonical: str
    iri: str


def read_vectors() -> list[Vector]:
    """The rows of the file, with qualifiers taken apart and line feeds put in."""
    lines = [line for line in VECTORS.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    found = []
    for line in lines[1:]:
        case, subject, predicate, obj, qualifiers, canonical, iri = line.split("\t")
        pairs = [tuple(pair.split(" ", 1)) for pair in qualifiers.split(" ; ") if pair]
        found.append(Vector(case, subject, predicate, obj, pairs, canonical.replace("\\n", "\n"), iri))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("vector", read_vectors(), ids=lambda vector: vector.case)
def test_canonical_form_is_the_one_written_by_hand(vector: Vector) -> None:
    """The canonical form of each vector is the text written down beside it."""
    found = canonical_form(vector.subject, vector.predicate, vector.object, vector.qualifiers)
    assert found == vector.canonical


@pytest.mark.parametrize("vector", read_vectors(), ids=lambda vector: vector.case)
def test_iri_is_the_one_that_sha256sum_gives(vector: Vector) -> None:
    """The IRI of each vector is the one that a shell computed."""
    assert statement_iri(vector.subject, vector.predicate, vector.object, vector.qualifiers) == vector.iri


def test_vectors_are_told_apart_but_for_the_decomposed_one() -> None:
    """No two vectors share an IRI, except the one that differs from another in Unicode composition alone."""
    vectors = read_vectors()
    assert len({vector.iri for vector in vectors}) == len(vectors) - 1


def test_the_real_graph_uses_the_vector_of_c025(curation: Curation) -> None:
    """The statement of claim C025 has the IRI that the shell computed for it."""
    (expected,) = [vector.iri for vector in read_vectors() if vector.case == "C025 of the real table"]
    statements = build_statements(curation, load_schema())
    found = [s.iri.value for s in statements if "C025" in [claim.name for claim in s.claims]]
    assert found == [expected]


LOCAL = st.text("abcdefgh", min_size=1, max_size=3)
IRIS = LOCAL.map(lambda name: f"<https://example.org/{name}>")
LITERALS = st.text(max_size=5).map(lambda words: str(ox.Literal(words)))
TERMS = IRIS | LITERALS
QUALIFIERS = st.lists(st.tuples(IRIS, TERMS), max_size=4)


@given(IRIS, IRIS, TERMS, QUALIFIERS, st.data())
def test_order_and_repetition_of_qualifiers_do_not_matter(
    subject: str, predicate: str, obj: str, qualifiers: Qualifiers, data: st.DataObject
) -> None:
    """However the qualifiers are shuffled and repeated, the IRI stays."""
    shuffled = data.draw(st.permutations([*qualifiers, *qualifiers[:2]]))
    assert statement_iri(subject, predicate, obj, shuffled) == statement_iri(subject, predicate, obj, qualifiers)


@given(st.tuples(IRIS, IRIS, TERMS, QUALIFIERS), st.tuples(IRIS, IRIS, TERMS, QUALIFIERS))
def test_iris_are_equal_only_where_all_parts_are(
    one: tuple[str, str, str, Qualifiers], other: tuple[str, str, str, Qualifiers]
) -> None:
    """Two statements share an IRI exactly if they share subject, predicate, object and the set of qualifiers."""

    def parts(statement: tuple[str, str, str, Qualifiers]) -> object:
        subject, predicate, obj, qualifiers = statement
        return subject, predicate, _nfc(obj), {(key, _nfc(value)) for key, value in qualifiers}

    assert (statement_iri(*one) == statement_iri(*other)) == (parts(one) == parts(other))


@given(IRIS, IRIS, TERMS, QUALIFIERS, st.integers(0, 3))
def test_any_changed_part_changes_the_iri(
    subject: str, predicate: str, obj: str, qualifiers: Qualifiers, place: int
) -> None:
    """A letter more in subject, predicate or object, or a qualifier more, makes another IRI."""
    more = "<https://example.org/more>"
    changed = [
        (more, predicate, obj, qualifiers),
        (subject, more, obj, qualifiers),
        (subject, predicate, more, qualifiers),
        (subject, predicate, obj, [*qualifiers, (more, more)]),
    ][place]
    assert statement_iri(*changed) != statement_iri(subject, predicate, obj, qualifiers)


def test_key_and_value_of_a_qualifier_are_not_interchangeable() -> None:
    """A part that moves into another role makes another statement."""
    a, b, c = "<https://example.org/a>", "<https://example.org/b>", "<https://example.org/c>"
    forms = {
        statement_iri(a, b, c),
        statement_iri(c, b, a),
        statement_iri(b, a, c),
        statement_iri(a, b, c, [(a, b)]),
        statement_iri(a, b, c, [(b, a)]),
    }
    assert len(forms) == 5


@given(IRIS, IRIS, TERMS, QUALIFIERS)
def test_local_name_is_s_and_24_hexadecimal_digits(
    subject: str, predicate: str, obj: str, qualifiers: Qualifiers
) -> None:
    """Every IRI has the documented shape."""
    base, local = statement_iri(subject, predicate, obj, qualifiers).rsplit("/", 1)
    assert base == "https://w3id.org/osteograph/statement"
    assert (local[0], len(local), set(local[1:]) - set("0123456789abcdef")) == ("s", 25, set())


@given(st.text("aeéfz\u0301\u030a\u212b\u00c5", max_size=6))
def test_unicode_composition_of_the_object_does_not_matter(words: str) -> None:
    """Composed and decomposed letters in the object make one statement."""
    forms = [str(ox.Literal(unicodedata.normalize(form, words))) for form in ("NFC", "NFD")]
    one, other = (statement_iri("<s>", "<p>", form) for form in forms)
    assert one == other


@pytest.mark.parametrize("words", [["é", "f"], ["é", "e\u0301"]])
def test_unicode_composition_of_qualifiers_does_not_matter(words: list[str]) -> None:
    """Composed and decomposed letters in qualifiers make one statement, with its lines sorted and none twice."""
    lines = canonical_form("<s>", "<p>", "<o>", [("<k>", f'"{word}"') for word in words])
    decomposed = [("<k>", unicodedata.normalize("NFD", f'"{word}"')) for word in words]
    assert canonical_form("<s>", "<p>", "<o>", decomposed) == lines
    qualifiers = lines.splitlines()[4:]
    assert qualifiers == sorted(set(qualifiers))


def _nfc(term: str) -> str:
    return unicodedata.normalize("NFC", term)
