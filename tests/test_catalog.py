"""Questions are found, described and asked with safe parameters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.ontology.errors import BadParameter, OsteographError, UnknownName
from osteograph.queries.catalog import ask, find_question, list_questions
from osteograph.queries.examples import query_form
from osteograph.queries.names import NameIndex
from osteograph.queries.stores.base import Solutions, Store
from osteograph.queries.stores.oxigraph import OxigraphStore

CONCEPT = "https://w3id.org/osteograph/concept/"


@pytest.mark.parametrize("question", list_questions(), ids=lambda question: question.id)
def test_headers_are_what_grlc_and_sib_read(question: object) -> None:
    """One-line summary and description, tags without blanks at the edge, names of lower-case letters."""
    from osteograph.queries.catalog import Question

    assert isinstance(question, Question)
    assert question.name.replace("_", "").isalnum()
    assert question.name == question.name.lower()
    assert question.summary.endswith("?")
    assert "\n" not in question.summary + question.description
    assert question.tags
    assert all(tag == tag.strip() and len(tag) > 1 for tag in question.tags)


@pytest.mark.parametrize("question", list_questions(), ids=lambda question: question.id)
def test_prefixes_are_all_used(question: object) -> None:
    """A query declares what it uses and nothing else."""
    import re

    from osteograph.queries.catalog import Question

    assert isinstance(question, Question)
    body = "\n".join(line for line in question.sparql.splitlines() if not line.startswith(("#", "PREFIX ")))
    declared = set(re.findall(r"^PREFIX (\w+):", question.sparql, re.MULTILINE))
    assert {prefix for prefix in declared if f"{prefix}:" in body} == declared


def test_rows_come_in_a_fixed_order(oxigraph_store: OxigraphStore) -> None:
    """Every SELECT orders its rows."""
    selects = [question for question in list_questions() if query_form(question.sparql) == "SELECT"]
    assert [question.id for question in selects if "ORDER BY" not in question.sparql] == []


@pytest.mark.parametrize(
    "written", ["lung cancer", "Lung Cancer", "LungCancer", "osteo:LungCancer", CONCEPT + "LungCancer"]
)
def test_a_concept_may_be_written_in_many_ways(store: Store, written: str) -> None:
    """Label, local name, CURIE and IRI lead to the same answer, on every store."""
    answer = ask(store, find_question("where-does-it-spread"), {"cancer": written})
    assert isinstance(answer, Solutions)
    assert len(answer.rows) == 19


def test_a_brand_is_not_taken_for_its_substance(oxigraph_store: OxigraphStore) -> None:
    """Zometa and zoledronic acid are two concepts."""
    names = NameIndex.of(oxigraph_store)
    assert names.resolve("zometa").value == CONCEPT + "Zometa"
    assert names.resolve("zoledronic acid").value == CONCEPT + "ZoledronicAcid"


def test_an_unknown_concept_gets_suggestions(oxigraph_store: OxigraphStore) -> None:
    """A misspelled label is refused with the nearest ones."""
    with pytest.raises(UnknownName, match="lung cancer"):
        ask(oxigraph_store, find_question("where-does-it-spread"), {"cancer": "lung cancr"})


def test_a_narrower_name_is_refused_with_the_concept(oxigraph_store: OxigraphStore) -> None:
    """What is known of breast cancer need not hold for a carcinoma of the breast, and who asks for it is told so."""
    with pytest.raises(UnknownName, match=r"'Breast Carcinoma'\. It is a narrower name of 'breast cancer'\.$"):
        NameIndex.of(oxigraph_store).resolve("Breast Carcinoma")


def test_an_unknown_question_gets_suggestions() -> None:
    """A misspelled name is refused with the nearest ones."""
    with pytest.raises(UnknownName, match="where-does-it-spread"):
        find_question("where-does-it-spred")


@pytest.mark.parametrize("values", [{}, {"cancer": "lung cancer", "site": "bone"}])
def test_missing_and_superfluous_parameters_are_refused(oxigraph_store: OxigraphStore, values: dict[str, str]) -> None:
    """A question says what it needs and what it takes."""
    with pytest.raises(BadParameter, match="cancer"):
        ask(oxigraph_store, find_question("where-does-it-spread"), values)


@settings(max_examples=60)
@given(
    st.text(min_size=1, max_size=60)
    | st.sampled_from(["http://x> ?p ?o } #", '" } UNION { ?s ?p ?o } #', "osteo:x> .", "a\nb"])
)
def test_no_text_becomes_part_of_the_query(oxigraph_store: OxigraphStore, text: str) -> None:
    """Whatever is passed as a concept is refused, or names nothing; it never brings rows of its own."""
    try:
        answer = ask(oxigraph_store, find_question("where-does-it-spread"), {"cancer": text})
    except OsteographError:
        return
    assert isinstance(answer, Solutions)
    assert text.casefold() in ("cancer",) or answer.rows == () or len(answer.rows) <= 19
