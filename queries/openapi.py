"""The question library as an OpenAPI 3.1 description, from the same headers as every other face.

>>> paths = describe_questions()["paths"]
>>> [p["name"] for p in paths["/api/questions/dissemination/where_does_it_spread"]["get"]["parameters"]]
['cancer']
"""

from __future__ import annotations

from typing import Any

from .catalog import Parameter, Question, list_questions
from .examples import query_form

_SCHEMAS: dict[str, dict[str, str]] = {"integer": {"type": "integer"}, "number": {"type": "number"}}
_ANSWERS = {
    "SELECT": ("application/sparql-results+json", "text/csv", "text/tab-separated-values"),
    "ASK": ("application/sparql-results+json",),
    "CONSTRUCT": ("text/turtle", "application/ld+json"),
    "DESCRIBE": ("text/turtle", "application/ld+json"),
}


def describe_questions() -> dict[str, Any]:
    """The OpenAPI document: one path a question, questions that reach other services left out."""
    questions = [question for question in list_questions() if "federation" not in question.tags]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "osteograph questions",
            "version": "1",
            "description": "Educational, not medical advice; reviewed by no clinician.",
            "license": {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "paths": {f"/api/questions/{question.id}": {"get": _operation(question)} for question in questions},
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
            "400": {"description": "A parameter is missing, unknown or of the wrong type."},
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
        found["description"] = "A concept by IRI, CURIE, label or synonym."
    if parameter.default:
        found["example"] = parameter.default
    return found
