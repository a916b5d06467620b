"""One question file, many faces: grlc, SIB examples, data frames, the notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

import osteograph
from osteograph.queries.catalog import Question, ask, find_question, list_questions
from osteograph.queries.examples import query_form
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.oxigraph import OxigraphStore

from .conftest import ROOT

QUESTIONS = list_questions()


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if query_form(q.sparql) in ("SELECT", "CONSTRUCT")], ids=lambda q: q.id
)
def test_grlc_reads_the_header_as_we_do(question: Question) -> None:
    """Summary, description, tags and parameters by grlc's own reader."""
    from grlc import gquery

    metadata = gquery.get_metadata(question.sparql, "")
    parameters = metadata["parameters"]
    assert (metadata["summary"], metadata["description"]) == (question.summary, question.description)
    assert tuple(metadata["tags"]) == question.tags
    assert {name: found["required"] for name, found in parameters.items()} == {
        p.name: p.needed for p in question.parameters
    }


@pytest.mark.parametrize("question", [q for q in QUESTIONS if "federation" not in q.tags], ids=lambda q: q.id)
def test_every_example_in_the_graph_runs(question: Question, oxigraph_store: OxigraphStore) -> None:
    """The query text that the graph itself offers is answered as it stands."""
    iri = f"https://w3id.org/osteograph/sparql/.well-known/sparql-examples/{question.name}"
    found = oxigraph_store.query(f"SELECT ?q {{ <{iri}> sh:select|sh:ask|sh:construct|<{DESCRIBE}> ?q }}")
    assert isinstance(found, Solutions)
    ((text,),) = found.rows
    assert text is not None
    assert oxigraph_store.query(text.value) is not None


DESCRIBE = "https://purl.expasy.org/sparql-examples/ontology#describe"


@pytest.fixture
def intervals(oxigraph_store: OxigraphStore) -> Solutions:
    """An answer with numbers, texts and unbound cells."""
    answer = ask(oxigraph_store, find_question("dosing-intervals"), {"drug": "bisphosphonate"})
    assert isinstance(answer, Solutions)
    return answer


def test_an_answer_is_a_frame_of_numbers_and_text(intervals: Solutions) -> None:
    """pandas, polars and Arrow hold the same values, numbers as numbers."""
    expected = [1.0, 30.4375, 30.4375, 91.3125]
    assert sorted(intervals.to_pandas()["maximum_days"]) == expected
    assert sorted(intervals.to_polars()["maximum_days"].to_list()) == expected
    assert sorted(intervals.to_arrow().column("maximum_days").to_pylist()) == expected
    assert intervals.to_arrow().column("minimum_days").null_count == 1


def test_an_answer_is_rdflib_terms(intervals: Solutions) -> None:
    """Datatypes and IRIs survive."""
    import rdflib

    row = intervals.to_rdflib()[0]
    assert isinstance(row["maximum_days"], rdflib.Literal)
    assert row["maximum_days"].datatype == rdflib.XSD.decimal
    assert isinstance(row["statement"], rdflib.URIRef)


def test_the_notebook_runs(built: Path) -> None:
    """Every cell of the example notebook, in a real kernel."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "examples" / "questions.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "examples")}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("osteoblastic metastasis" in str(output) for output in outputs)


def test_the_public_api_lists_the_questions() -> None:
    """``osteograph.list_questions`` is the library."""
    assert osteograph.list_questions() == QUESTIONS


def test_the_openapi_description_is_valid_and_complete() -> None:
    """A validator we did not write accepts it, and every question that stays in the graph has its path."""
    from openapi_spec_validator import validate

    from osteograph.queries.openapi import describe_questions

    document = describe_questions()
    validate(document)
    expected = {f"/api/questions/{question.id}" for question in QUESTIONS if "federation" not in question.tags}
    assert set(document["paths"]) == expected
