"""The schema with figures: classes and relations, how many of each, an example of each."""

from __future__ import annotations

from osteograph.ontology.namespaces import shorten
from osteograph.ontology.schema import load_schema

from .files import select_rows
from .stores.base import Store


def summarize_schema(store: Store) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of classes and rows of relations, each with IRI, label, definition, counts and an example."""
    schema = load_schema()
    definitions = {prop.iri: prop.definition for prop in schema.properties.values()}
    classes = [
        {**row, "label": schema.labels.get(row["class"], ""), "class": shorten(row["class"])}
        for row in select_rows(store, "summary/classes.rq")
    ]
    relations = [
        {
            **row,
            "label": schema.labels.get(row["relation"], ""),
            "definition": definitions.get(row["relation"], ""),
            "relation": shorten(row["relation"]),
        }
        for row in select_rows(store, "summary/relations.rq")
    ]
    return classes, relations
