"""KGX files fit the Biolink model, and no edge says more than its statement."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from osteograph.graph_builder.exports.kgx import (
    EDGE_COLUMNS,
    NODE_COLUMNS,
    categories,
    edges,
    json_lines,
    nodes,
    predicates,
    tsv,
)
from osteograph.graph_builder.exports.material import Material
from osteograph.ontology.namespaces import SCHEMA, expand, shorten

from ..needs import need_module


@cache
def biolink() -> Any:
    """The Biolink model as its own package ships it, read by the LinkML runtime: nothing is fetched."""
    package = need_module("biolink_model")
    (home,) = package.__path__
    return need_module("linkml_runtime").SchemaView(str(Path(home) / "schema" / "biolink_model.yaml"))


def spaced(curie: str) -> str:
    """``biolink:related_to`` as the model names it."""
    return curie.removeprefix("biolink:").replace("_", " ")


def class_name(curie: str) -> str:
    by_camel = {"".join(w[0].upper() + w[1:] for w in name.split(" ")): name for name in biolink().all_classes()}
    return str(by_camel[curie.removeprefix("biolink:")])


@pytest.fixture(scope="module")
def rows(material: Material) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return list(nodes(material)), list(edges(material))


def test_every_category_is_a_class_of_biolink_that_can_be_used() -> None:
    """Neither abstract nor a mixin."""
    found = {name: biolink().get_class(class_name(name)) for values in categories().values() for name in values}
    assert [name for name, cls in found.items() if cls.abstract or cls.mixin] == []


def test_every_predicate_is_one_of_biolink() -> None:
    """A slot below *related to* that is not deprecated."""
    known = {predicate for predicate, _, _ in predicates().values()} | {"biolink:related_to"}
    wrong = [
        name
        for name in known
        if "related to" not in biolink().slot_ancestors(spaced(name)) or biolink().get_slot(spaced(name)).deprecated
    ]
    assert wrong == []


UNTYPED = {"biolink:subclass_of"}  # asks for an ontology class at both ends, which every concept of ours stands for


def test_edges_lead_from_and_to_what_biolink_asks_for(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """The categories of both ends stand below the domain and range of the predicate."""
    by_id = {row["id"]: row["category"] for row in rows[0]}
    above = {
        category: set(biolink().class_ancestors(class_name(category))) for found in by_id.values() for category in found
    }
    wrong = []
    for row in rows[1]:
        slot = biolink().get_slot(spaced(row["predicate"]))
        for end, wanted in (("subject", slot.domain), ("object", slot.range)):
            fits = any(wanted in above[category] for category in by_id[row[end]])
            if wanted and not fits and row["predicate"] not in UNTYPED:
                wrong.append((row["id"], row["predicate"], end, wanted, by_id[row[end]]))
    assert wrong == []


def test_edges_pass_the_data_model(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """The pydantic classes that Biolink generates accept every edge and node; our own columns apart."""
    model = need_module("biolink_model.datamodel.pydanticmodel_v2")
    for row in rows[1]:
        own = {name: value for name, value in row.items() if not name.startswith("osteograph_") and value != []}
        model.Association(**own)
    for row in rows[0][:50]:
        model.NamedThing(id=row["id"], category=["biolink:NamedThing"], name=row["name"], synonym=row["synonym"])


def test_ids_are_unique_and_ends_exist(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """No edge hangs in the air."""
    known = {row["id"] for row in rows[0]}
    ids = [row["id"] for row in rows[1]]
    assert len(ids) == len(set(ids))
    assert [row["id"] for row in rows[1] if not {row["subject"], row["object"]} <= known] == []


def edge(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]], name: str) -> dict[str, Any]:
    return next(row for row in rows[1] if row["id"] == name)


def test_a_disputed_statement_is_only_related(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """That Prolia damages the kidney is disputed: the edge keeps relation, qualifier, standing and evidence aside."""
    row = edge(rows, "ost:s281ea37b22f9c36d10b6ab0d")
    assert (row["subject"], row["predicate"], row["object"]) == (
        "osteo:Prolia", "biolink:related_to", "osteo:KidneyDamage",
    )  # fmt: skip
    assert (row["original_predicate"], row["osteograph_standing"]) == ("bmo:hasAdverseEffect", "disputed")
    assert row["osteograph_qualifiers"] == ["bmo:frequency=bmo:FrequencyRarely"]
    assert (row["has_evidence"], row["osteograph_passages"]) == (["claim:C624"], ["passage:b-s081"])


def test_a_caution_never_becomes_a_contraindication(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """``contraindicated_in`` comes from parts that contraindicate, and from those alone that hold without limits."""
    found = [row for row in rows[1] if row["predicate"] == "biolink:contraindicated_in"]
    assert {row["original_predicate"] for row in found} == {"bmo:contraindicatedIn"}
    assert {limit.partition("=")[0] for row in found for limit in row["osteograph_limits"]} == {"jurisdiction"}
    assert edge(rows, "rule:ZOL-01-1")["predicate"] == "biolink:contraindicated_in"
    assert edge(rows, "rule:ALN-03-1")["predicate"] == "biolink:related_to"  # in osteoporosis only


def test_what_rules_conclude_is_marked_as_entailed(
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]], quads: list[ox.Quad]
) -> None:
    """Every derived statement is an edge by its own IRI, with the rule parts it rests on; nothing else is entailed."""
    entailed = {row["id"]: row for row in rows[1] if row["knowledge_level"] == "logical_entailment"}
    kind = (expand("rdf:type"), ox.NamedNode(SCHEMA + "DerivedStatement"))
    expected = {shorten(q.subject.value) for q in quads if (q.predicate.value, q.object) == kind}  # type: ignore[union-attr]
    assert set(entailed) == expected
    assert {(row["agent_type"], row["predicate"]) for row in entailed.values()} == {
        ("automated_agent", "biolink:related_to")
    }
    ends = {(row["subject"], row["original_predicate"], row["object"]): row for row in entailed.values()}
    low = ends["osteo:UncorrectedHypocalcemia", "bmo:contraindicates", "osteo:Xgeva"]
    assert low["has_evidence"]
    assert all(row["has_evidence"] for row in entailed.values())
    assert {one.partition(":")[0] for one in low["has_evidence"]} <= {"rule", "ost"}


def test_an_adverse_effect_leads_to_the_effect(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """Never to the condition under which it comes."""
    found = [row for row in rows[1] if row["predicate"] == "biolink:has_adverse_event"]
    assert all("condition=" not in " ".join(row["osteograph_limits"]) for row in found)
    assert len(found) > 50


def test_tsv_and_json_lines_say_the_same(rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """Read back by the csv and json modules."""
    for found, columns in zip(rows, (NODE_COLUMNS, EDGE_COLUMNS), strict=True):
        lines = "".join(tsv(found, columns)).splitlines()
        from_tsv = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        from_json = [json.loads(line) for line in json_lines(found)]
        assert [row["id"] for row in from_tsv] == [row["id"] for row in from_json] == [row["id"] for row in found]
        assert all(None not in row.values() and None not in row for row in from_tsv)
        assert [row["category"].split("|") for row in from_tsv] == [row["category"] for row in from_json]
