"""Explanations lead from a statement to its sentences and show both sides of a conflict."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from osteograph.ontology.errors import UnknownName
from osteograph.ontology.namespaces import STATEMENT
from osteograph.queries.catalog import ask, find_question
from osteograph.queries.explanation import explain, explain_statements
from osteograph.queries.stores.base import Solutions
from osteograph.queries.stores.oxigraph import OxigraphStore


def test_a_statement_names_its_claims_passages_and_digests(oxigraph_store: OxigraphStore) -> None:
    """Article b says that Zometa rarely leads to jaw osteonecrosis, in one sentence."""
    (found,) = explain(oxigraph_store, "Zometa", "hasAdverseEffect", "osteonecrosis of the jaw")
    (row,) = found.claims
    assert (found.standing, row["polarity"], row["certainty"]) == ("accepted", "asserted", "can")
    assert row["passage"].endswith("/b-s081")
    assert len(row["sha256"]) == 64
    assert int(row["start"]) < int(row["end"])


def test_a_refuted_statement_shows_what_settles_it_and_the_other_side(oxigraph_store: OxigraphStore) -> None:
    """Denosumab into a vein loses to the labels; the claims under the skin stand against it."""
    (found,) = explain(oxigraph_store, "Prolia", "is administered via", "intravenous route")
    contradictions = [row for row in found.conflicts if row["kind"] == "contradiction"]
    assert found.standing == "refuted"
    assert {row["other_claim"].rsplit("/", 1)[1] for row in contradictions} == {"C314", "C646"}
    assert all("subcutaneous" in row["assessment"] or "under the skin" in row["assessment"] for row in contradictions)


def test_a_statement_of_both_articles_has_a_claim_of_each(oxigraph_store: OxigraphStore) -> None:
    """Both articles set bone metastasis apart from primary bone cancer."""
    found = explain(oxigraph_store, "BoneMetastasis", "distinctFrom", "PrimaryBoneCancer")
    sources = {row["source"] for explanation in found for row in explanation.claims}
    assert len(sources) == 2


def test_a_rule_part_says_who_says_so(oxigraph_store: OxigraphStore) -> None:
    """A safety rule is a label's word, not an article's, with its limits and citations."""
    (found,) = explain(oxigraph_store, "rule:ZOL-05-1")
    text = found.to_text()
    assert found.standing == "not recommended, verified"
    assert "not by the articles" in text
    assert "CreatinineClearance < 30 mL/min" in text
    assert "publication:ZOM-US" in text


def test_text_and_json_carry_the_notice(oxigraph_store: OxigraphStore) -> None:
    """Every explanation says that it is no medical advice."""
    (found,) = explain(oxigraph_store, "Zometa", "hasAdverseEffect", "kidney damage")
    assert "not medical advice" in found.to_text()
    assert "not medical advice" in json.loads(found.to_json())["notice"]


@pytest.mark.parametrize(
    "parts",
    [
        ("ost:s000000000000000000000000",),
        ("rule:XXX-01-1",),
        ("Zometa", "hasAdversEffect", "kidney damage"),
        ("Zomtea", "hasAdverseEffect", "kidney damage"),
        ("lung cancer", "metastasizesTo", "jaw"),
    ],
)
def test_what_does_not_exist_is_said_by_name(oxigraph_store: OxigraphStore, parts: tuple[str, ...]) -> None:
    """Unknown statements, rules, predicates and concepts raise UnknownName."""
    with pytest.raises(UnknownName):
        explain(oxigraph_store, *parts)


def test_many_statements_at_once_are_explained_as_each_alone(oxigraph_store: OxigraphStore) -> None:
    """In the order they were asked for, with the rows that the library's questions about one statement have."""
    answer = oxigraph_store.query("SELECT ?s { ?s a bmo:Statement } ORDER BY DESC(?s) LIMIT 60")
    assert isinstance(answer, Solutions)
    iris = [row["s"] for row in answer.dicts()]
    together = explain_statements(oxigraph_store, iris)
    assert [explanation.iri for explanation in together] == iris
    assert together == [explanation for iri in iris for explanation in explain(oxigraph_store, iri)]
    for explanation in together:
        assert same(explanation.claims, asked(oxigraph_store, "claims-of-statement", explanation.iri))
        assert same(explanation.conflicts, asked(oxigraph_store, "conflicts-of-statement", explanation.iri))
    assert any(explanation.conflicts for explanation in together)


def asked(store: OxigraphStore, question: str, statement: str) -> list[dict[str, str]]:
    """The rows of a question of the library about a statement."""
    answer = ask(store, find_question(question), {"statement": statement})
    assert isinstance(answer, Solutions)
    return answer.dicts()


def same(one: Iterable[dict[str, str]], other: Iterable[dict[str, str]]) -> bool:
    """The same rows, in any order."""
    return sorted(map(sorted, map(dict.items, one))) == sorted(map(sorted, map(dict.items, other)))


def test_one_unknown_statement_among_others_is_named(oxigraph_store: OxigraphStore) -> None:
    """Nothing is left out in silence; no statements have no explanations."""
    (known,) = explain(oxigraph_store, "Zometa", "hasAdverseEffect", "kidney damage")
    with pytest.raises(UnknownName, match="s0000"):
        explain_statements(oxigraph_store, [known.iri, f"{STATEMENT}s000000000000000000000000"])
    assert explain_statements(oxigraph_store, []) == []
