"""Records of patients over HTTP: the same answers as the command, and nothing of them kept."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

import osteograph
from osteograph.cli import main
from osteograph.queries.inference.knowledge import Scope
from osteograph.queries.openapi import describe_api
from osteograph.queries.protocol.endpoint import Endpoint
from osteograph.queries.protocol.limits import MEBIBYTE
from osteograph.queries.protocol.records import ScreenRequest
from osteograph.queries.protocol.request import QueryRequest
from osteograph.queries.screening.reports import report

from ..conftest import ROOT
from ..needs import need_module
from .live import Live, Reply, serving, wait_until

EXAMPLES = ROOT / "examples" / "patients"
FORM = {"treatments": {"planned": ["Xgeva"]}, "conditions": ["hypocalcemia"]}
FORMATS = {"application/json": "json", "application/fhir+json": "fhir", "text/turtle": "turtle", "text/plain": "table"}
TODAY = date(2026, 11, 21)


def post(server: Live, body: bytes, path: str = "", kind: str = "application/json", accept: str = "*/*") -> Reply:
    return server.request("POST", "/api/screen" + path, body, {"Content-Type": kind, "Accept": accept})


def told(reply: Reply) -> Any:
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


@pytest.fixture(scope="module")
def kg(built: Path) -> Iterator[osteograph.KnowledgeGraph]:
    """The same graph without a server."""
    with osteograph.load(built) as graph:
        yield graph


def screened(kg: osteograph.KnowledgeGraph, name: str, form: str = "json", scope: Scope | None = None) -> str:
    """What screening an example says without a server."""
    return report(kg.screen(EXAMPLES / name, today=TODAY, scope=scope), form)


@pytest.mark.parametrize("accept", FORMATS)
@pytest.mark.parametrize("name", ["xgeva_low_calcium.json", "zoledronic_acid_low_clearance.yaml"])
def test_answers_are_those_of_the_command(live: Live, kg: osteograph.KnowledgeGraph, name: str, accept: str) -> None:
    """A bundle and a form, in each of the four formats, to the byte."""
    kind = "application/fhir+json" if name.endswith("json") else "application/yaml"
    reply = post(live, (EXAMPLES / name).read_bytes(), f"?today={TODAY}", kind, accept)
    assert (reply.status, reply.media) == (200, accept)
    assert reply.text == screened(kg, name, FORMATS[accept])


def test_a_form_as_json_is_the_form(live: Live, kg: osteograph.KnowledgeGraph) -> None:
    """The same tree in YAML and in JSON gives the same findings; only JSON has no lines."""
    name = "zoledronic_acid_low_clearance.yaml"
    form = yaml.load((EXAMPLES / name).read_text("utf-8"), Loader=yaml.BaseLoader)
    reply = post(live, json.dumps(form).encode(), f"?today={TODAY}")
    assert told(reply) == json.loads(screened(kg, name))


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("sources=articles", Scope("articles")),
        ("jurisdiction=EU&jurisdiction=US&verified_only=true", Scope("all", frozenset({"EU", "US"}), True)),
    ],
)
def test_options_are_those_of_the_command(live: Live, kg: osteograph.KnowledgeGraph, path: str, scope: Scope) -> None:
    """Whose word counts, and where it is in force."""
    name = "tooth_extraction_on_bone_agent.json"
    reply = post(live, (EXAMPLES / name).read_bytes(), f"?today={TODAY}&{path}")
    assert told(reply) == json.loads(screened(kg, name, scope=scope))
    assert told(reply)["scope"]["sources"] == scope.sources


def test_the_reverse_question(live: Live, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which treatments remain, as ``osteograph screen --remaining`` has it."""
    name = "tooth_extraction_on_bone_agent.json"
    assert main(["screen", str(EXAMPLES / name), "--graph", str(built), "--remaining", "--today", str(TODAY)]) == 0
    reply = post(live, (EXAMPLES / name).read_bytes(), f"?today={TODAY}&remaining=true", accept="text/plain")
    assert reply.text == capsys.readouterr().out


def test_issues_are_detected_issues(live: Live) -> None:
    """FHIR in, FHIR out, with the notice."""
    reply = post(live, json.dumps(FORM).encode(), accept="application/fhir+json, application/json;q=0.5")
    entries = [entry["resource"] for entry in told(reply)["entry"]]
    issues = [each for each in entries if each["resourceType"] == "DetectedIssue"]
    assert {"contraindicated"} <= {issue["code"]["text"] for issue in issues}
    assert all("reviewed by no clinician" in issue["detail"] for issue in issues)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the form is empty"),
        (b"{", "this is not"),
        (b'{"resourceType": "Bundle",\n "entry": [}', "column 12: this is not JSON"),
        (b'{"resourceType": "Bundle", "x": NaN}', "NaN is no value in JSON"),
        (b'{"resourceType": "Bundle", "x": ' + b"[" * 200_000, "nested more than 64 levels"),
        (b'{"resourceType": "Patient"}', "where a bundle is wanted"),
        (b'{"name": "a", "name": "b"}', "the key 'name' occurs twice"),
        (b'{"treatment": []}', "write 'treatments'"),
        (b"[1, 2]", "a form is a mapping of keys"),
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b"a: &x [*x, *x]", "anchors and aliases"),
        (b"!!python/object/apply:os.system ['true']", "is not read here"),
        (b"- " * 100_000, "nested too deeply"),
        (b"conditions: [" + b"'x', " * 60_000 + b"]", "the form is longer than"),
    ],
)
def test_a_broken_record_is_refused(live: Live, body: bytes, message: str) -> None:
    """With all that is wrong, where, and what to do; the server goes on."""
    reply = post(live, body, kind="application/yaml" if body[:1] in b"a!-c" else "application/json")
    assert (reply.status, reply.media) == (400, "application/problem+json"), reply.text
    problems = json.loads(reply.body)["problems"]
    assert any(message in f"{each['place']}: {each['message']} {each['remedy']}" for each in problems), problems


def test_all_problems_of_a_form_come_at_once(live: Live) -> None:
    """Not one after the other; nothing of the machine is in them."""
    reply = post(live, b'{"treatments": [], "x": 1, "conditions": [{"status": "past"}]}')
    assert len(json.loads(reply.body)["problems"]) == 3
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("path", "kind", "accept", "status", "words"),
    [
        ("", "text/plain", "*/*", 415, "a record is posted as application/json"),
        ("", "", "*/*", 415, "names no media type"),
        ("", "application/json; charset=utf-16", "*/*", 415, "in UTF-8, not in utf-16"),
        ("", "application/json", "text/csv", 406, "application/fhir+json"),
        ("?remaining=true", "application/json", "application/fhir+json", 406, "offered as application/json"),
        ("?sources=hearsay", "application/json", "*/*", 400, "there are all, articles, labels"),
        ("?jurisdiction=XX", "application/json", "*/*", 400, "there are AU, EU, UK, US"),
        ("?verified_only=yes", "application/json", "*/*", 400, "takes true or false"),
        ("?today=tomorrow", "application/json", "*/*", 400, "takes a day"),
        ("?patient=1", "application/json", "*/*", 400, "'patient' is unknown"),
        ("?today=2026-11-21&today=2026-11-20", "application/json", "*/*", 400, "today stands more than once"),
    ],
)
def test_a_wrong_request_is_refused(live: Live, path: str, kind: str, accept: str, status: int, words: str) -> None:
    """Each fault has its status and its reason."""
    reply = post(live, json.dumps(FORM).encode(), path, kind, accept)
    assert (reply.status, reply.media) == (status, "application/problem+json")
    assert words in json.loads(reply.body)["detail"]


def test_only_post_screens(live: Live) -> None:
    """An address is no place for a record."""
    reply = live.get("/api/screen")
    assert (reply.status, reply.headers["allow"]) == (405, "OPTIONS, POST")
    foreign = {"Content-Type": "application/json", "Origin": "http://evil.example"}
    assert live.request("POST", "/api/screen", json.dumps(FORM).encode(), foreign).status == 403


ANY_BODY = st.one_of(
    st.binary(max_size=40),
    st.text("{}[]:,-&*!|>'\"%#\n abc0", max_size=40).map(str.encode),
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from(["Xgeva", "Bundle", "planned"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["treatments", "planned", "resourceType", "name", "entry"]), inner)
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_BODY, st.sampled_from(["application/json", "application/fhir+json", "application/yaml"]))
def test_any_body_is_answered(live: Live, body: bytes, kind: str) -> None:
    """Screened or refused with a reason, never 500."""
    reply = post(live, body, kind=kind)
    assert reply.status in (200, 400), reply.text


@pytest.fixture(scope="module")
def narrow(built: Path) -> Iterator[Live]:
    """A server with little time and small records, and its log."""
    with serving(built, "--timeout", "4", "--max-record", "1", "--log-queries", "--workers", "2") as server:
        yield server


def test_limits_hold(narrow: Live) -> None:
    """Too large, and too long: 413 before it is read, 504 with the process killed; then it goes on as before."""
    good = json.dumps(FORM).encode()
    expected = told(post(narrow, good))
    assert post(narrow, b" " * (MEBIBYTE + 1)).status == 413
    stopped = set()
    while True:  # each record ends a process, and another may take its place meanwhile
        for worker in narrow.workers():
            stopped.add(worker)
            os.kill(worker, signal.SIGSTOP)  # as if it had met an endless record
        reply = post(narrow, good)
        if reply.status != 200:
            break
    assert (reply.status, json.loads(reply.body)["detail"]) == (504, "stopped: the screening ran longer than 4 seconds")
    for worker in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)
    assert told(post(narrow, good)) == expected


def test_a_killed_worker_is_a_reason(narrow: Live) -> None:
    """kill -9 of whoever screens: 422 or an answer, never 500, and the next record is screened."""
    good = json.dumps(FORM).encode()
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(post, narrow, good, "?sources=labels")
        time.sleep(0.5)
        for worker in narrow.workers():
            os.kill(worker, signal.SIGKILL)
        assert running.result().status in (200, 422)
    wait_until(lambda: post(narrow, good).status == 200)  # one that was free and killed is found out at its next record


def test_nothing_of_a_record_is_kept(narrow: Live) -> None:
    """No log of it, no cache for it, no process that has seen it and goes on."""
    secret = {**FORM, "name": "Jane Secret"}
    reply = post(narrow, json.dumps(secret).encode())
    assert told(reply)["record"] == "Jane Secret"
    assert reply.headers["cache-control"] == "no-store"
    assert "etag" not in reply.headers
    processes = set(narrow.workers())
    most = len(processes) + 2

    def another() -> bool:
        """Each record is worked by a process that then ends."""
        assert told(post(narrow, json.dumps(secret).encode()))["record"] == "Jane Secret"
        processes.update(narrow.workers())
        return len(processes) > most

    wait_until(another)
    narrow.get("/healthz")
    assert narrow.process.stderr
    lines = [narrow.process.stderr.readline()]
    while "/healthz" not in lines[-1]:
        lines.append(narrow.process.stderr.readline())
    assert [line for line in lines if line.startswith("POST /api/screen 200")]
    assert not [line for line in lines if "Secret" in line]


def test_large_answers_stay_in_memory(built: Path) -> None:
    """What goes into a file for a query does not for a record."""
    record = "conditions:\n" + "".join(f"- unheard-of illness number {number}\n" for number in range(6000))

    async def both() -> tuple[object, object]:
        async with Endpoint(built) as endpoint:
            screening = await endpoint.screen(ScreenRequest(record.encode(), "application/json"))
            query = await endpoint.answer(QueryRequest("SELECT * { ?s ?p ?o } LIMIT 20000"), None)
        assert min(screening.size, query.size) > MEBIBYTE / 2
        return screening.content, query.content

    screening, query = asyncio.run(both())
    assert isinstance(screening, bytes)
    assert not isinstance(query, bytes)


# The description


def test_the_description_has_the_form_as_it_is() -> None:
    """Its schema knows the keys that the reader knows, the examples fit it, and what the reader refuses does not."""
    jsonschema = need_module("jsonschema")
    document = describe_api()
    schema = {"$ref": "#/components/schemas/RecordForm", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    from osteograph.queries.screening.yaml_form import _Form

    keys = set(_Form._readers(_Form.__new__(_Form)))
    assert set(document["components"]["schemas"]["RecordForm"]["properties"]) == keys
    forms = [yaml.safe_load(path.read_text("utf-8")) for path in EXAMPLES.glob("*.yaml")]
    plain = [json.loads(json.dumps(form, default=str)) for form in forms]
    assert [list(validator.iter_errors(form)) for form in plain] == [[]] * len(forms)
    assert len(forms) > 5
    assert list(validator.iter_errors({"treatment": []}))
    assert list(validator.iter_errors({"treatments": ["Xgeva"]}))
