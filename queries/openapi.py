"""The question library, from the same headers as every other face, and the rest of the API as OpenAPI 3.1.

>>> paths = describe_questions()["paths"]
>>> [p["name"] for p in paths["/api/questions/dissemination/where_does_it_spread"]["get"]["parameters"]]
['cancer']
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from osteograph.ontology.notice import NOTICE
from osteograph.ontology.safety_tables import JURISDICTIONS

from .catalog import Parameter, Question, list_questions
from .examples import query_form
from .inference.knowledge import SOURCES
from .protocol.negotiation import BOOLEAN, GRAPH, SOLUTIONS

_RECORD_SCHEMAS = Path(__file__).parent / "screening" / "record.schema.json"
_SCHEMAS: dict[str, dict[str, str]] = {"integer": {"type": "integer"}, "number": {"type": "number"}}
_ANSWERS = {"SELECT": SOLUTIONS, "ASK": BOOLEAN, "CONSTRUCT": GRAPH, "DESCRIBE": GRAPH}


def describe_questions() -> dict[str, Any]:
    """The OpenAPI document: one path a question, questions that reach other services left out."""
    questions = [question for question in list_questions() if "federation" not in question.tags]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "osteograph questions",
            "version": "1",
            "description": NOTICE,
            "license": {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "paths": {f"/api/questions/{question.id}": {"get": _operation(question)} for question in questions},
    }


def describe_api() -> dict[str, Any]:
    """The OpenAPI document of the server: the questions, explanations, the screening of records and its health."""
    document = describe_questions()
    document["info"] |= {"title": "osteograph"}
    between = {**_EXPLAIN, "operationId": "explain_between", "summary": "Why does the graph relate two concepts so?"}
    document["paths"] |= {
        "/api/explain": {"get": {**_EXPLAIN, "parameters": [_STATEMENT]}},
        "/api/explain/between": {"get": {**between, "parameters": _ENDS}},
        "/api/screen": {"post": _screening()},
        "/healthz": {"get": _HEALTH},
    }
    document["components"] = {"schemas": json.loads(_RECORD_SCHEMAS.read_text(encoding="utf-8"))}
    return document


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_PROBLEM = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "required": ["status", "detail"],
            "properties": {
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "problems": {"type": "array", "items": {"type": "object"}},
            },
        }
    }
}
_REFUSALS = {
    "400": "A parameter is missing, unknown or of the wrong type.",
    "404": "The graph has nothing of that name.",
    "406": "The answer cannot be had in any media type that the request accepts.",
    "413": "The body is too large.",
    "414": "The query string is too long.",
    "415": "The body is of another media type.",
    "422": "The answer is larger than allowed, or needs more memory than it may take.",
    "503": "Too many queries at once; Retry-After says when to come again.",
    "504": "The answer takes longer than allowed.",
}


def _problems(*statuses: str) -> dict[str, Any]:
    return {status: {"description": _REFUSALS[status], "content": _PROBLEM} for status in statuses}


def _text(name: str, words: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "query", "required": True, "description": words, "schema": schema, "example": example}


_STATEMENT = _text("statement", "IRI or CURIE of a statement, claim or rule part.", "claim:C001")
_ENDS = [
    _text("subject", "A concept by IRI, CURIE, label or synonym.", "Zometa"),
    _text("predicate", "A property by name, label, CURIE or IRI.", "hasAdverseEffect"),
    _text("object", "A concept by IRI, CURIE, label or synonym.", "osteonecrosis of the jaw"),
]
_FLAG = {"type": "boolean"}
_SCREENING: list[dict[str, Any]] = [
    {
        "name": "sources",
        "in": "query",
        "description": "Whose word counts.",
        "schema": {"type": "string", "enum": list(SOURCES)},
    },
    {
        "name": "jurisdiction",
        "in": "query",
        "description": "Rules in force there, and those that do not say where.",
        "schema": {"type": "array", "items": {"type": "string", "enum": list(JURISDICTIONS)}},
    },
    {
        "name": "verified_only",
        "in": "query",
        "description": "Leave out rules for which no text was opened.",
        "schema": _FLAG,
    },
    {"name": "remaining", "in": "query", "description": "Which treatments remain; as JSON or text.", "schema": _FLAG},
    {
        "name": "today",
        "in": "query",
        "description": "The day from which times are counted.",
        "schema": {"type": "string", "format": "date"},
    },
]
_EXPLAIN = {
    "operationId": "explain",
    "summary": "Why does the graph say so?",
    "description": "The claims, passages, standing and conflicts that a statement or a part of a safety rule rests on.",
    "tags": ["evidence"],
    "responses": {
        "200": {
            "description": "The explanations.",
            "content": _json(
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["notice", "iri", "words", "standing"],
                        "properties": {name: {"type": "string"} for name in ("notice", "iri", "words", "standing")},
                    },
                }
            ),
        },
        **_problems("400", "404", "414"),
    },
}
_HEALTH = {
    "operationId": "health",
    "summary": "Does the server run, and which graph does it serve?",
    "tags": ["server"],
    "responses": {
        "200": {
            "description": "It runs.",
            "content": _json(
                {
                    "type": "object",
                    "required": ["status", "graph_sha256"],
                    "properties": {
                        "status": {"const": "ok"},
                        "graph_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    },
                }
            ),
        }
    },
}


def _screening() -> dict[str, Any]:
    form, bundle = ({"$ref": f"#/components/schemas/{name}"} for name in ("RecordForm", "RecordBundle"))
    told = {"type": "object", "required": ["notice"], "properties": {"notice": {"type": "string"}}}
    issues = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"const": "Bundle"}}}
    return {
        "operationId": "screen",
        "summary": "What speaks against which treatment of a patient, and why?",
        "description": (
            "The record of one patient: a FHIR R4 bundle, or the small form. Educational, not medical advice; "
            "reviewed by no clinician. Nothing of a record is kept or logged."
        ),
        "tags": ["screening"],
        "parameters": _SCREENING,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"anyOf": [form, bundle]}},
                "application/fhir+json": {"schema": bundle},
                "application/yaml": {"schema": form},
            },
        },
        "responses": {
            "200": {
                "description": "Flags with proofs; in FHIR, DetectedIssues. What was not understood is told too.",
                "content": {
                    **_json(told),
                    "application/fhir+json": {"schema": issues},
                    "text/turtle": {},
                    "text/plain": {},
                },
            },
            **_problems("400", "406", "413", "414", "415", "422", "503", "504"),
        },
    }


def _operation(question: Question) -> dict[str, Any]:
    media = _ANSWERS[query_form(question.sparql)]
    return {
        "operationId": question.name,
        "summary": question.summary,
        "description": question.description,
        "tags": list(question.tags),
        "parameters": [_parameter(parameter) for parameter in question.parameters],
        "responses": {
            "200": {"description": "The answer.", "content": {kind: {} for kind in media}},
            **_problems("400", "404", "406", "414", "422", "503", "504"),
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.needed,
        "schema": _SCHEMAS.get(parameter.type, {"type": "string"}),
    }
    if parameter.type == "iri":
        found["schema"] = {"type": "string", "minLength": 1}
        found["description"] = "A concept by IRI, CURIE, label or synonym."
    if parameter.default:
        found["example"] = parameter.default
    return found
