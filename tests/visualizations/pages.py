"""Pages for the tests: one that holds hostile text in every field, and reading the data out of a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from osteograph.visualizations.content import (
    Citation,
    Claim,
    Conflict,
    Content,
    Edge,
    Given,
    Member,
    Node,
    Passage,
    Rule,
    Statement,
    Step,
)
from osteograph.visualizations.html import render_page
from osteograph.visualizations.layout import arrange
from osteograph.visualizations.matrix import tabulate
from osteograph.visualizations.page import Page
from osteograph.visualizations.views import View, list_views

VIEWS = [view.name for view in list_views()]
TASK_VIEWS = [name for name in VIEWS if name not in ("whole", "schema")]
HOSTILE = '</script><img src=x onerror="window.ran=1">\'"><svg/onload=window.ran=2>&amp;\u202egnol href=x'
SCRIPT_IRI = "javascript:window.ran=3//"


def block(html: str, name: str) -> Any:
    """The data of a page's JSON block."""
    found = re.search(rf'<script type="application/json" id="{name}-data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def hostile_page() -> str:
    """A page whose every field tries to break out."""
    pictures = ("graph", "matrix")
    view = View("hostile", HOSTILE, HOSTILE, HOSTILE, pictures=pictures, rows=("other",), across=("other",))
    content = hostile_content()
    return render_page(Page(view, content, arrange(content, view), tabulate(content, view)))


def hostile_content() -> Content:
    """Two nodes, an edge from an article, one from a label and a derived one; every text is hostile."""
    nodes = tuple(_node(SCRIPT_IRI + HOSTILE + end) for end in ("a", "b"))
    statement = Statement(
        id=SCRIPT_IRI + HOSTILE, iri=SCRIPT_IRI, look="contested", words=HOSTILE, says="article", subject=HOSTILE,
        relation=HOSTILE, object=HOSTILE, standing=HOSTILE, origin=HOSTILE, qualifiers=((HOSTILE, HOSTILE),),
        claims=(_claim(),), conflicts=(HOSTILE,),
    )  # fmt: skip
    rule = Statement(
        id=HOSTILE + "rule", iri=SCRIPT_IRI, look="label", words=HOSTILE, says=HOSTILE, subject="=1+1",
        relation=HOSTILE, object=HOSTILE, standing="", origin=HOSTILE, rule=_rule(),
    )  # fmt: skip
    facts = Given(HOSTILE, "label", (rule.id, "away"), HOSTILE), Given(HOSTILE, "record", (), HOSTILE)
    derived = Statement(
        id=HOSTILE + "derived", iri=SCRIPT_IRI, look="derived", words=HOSTILE, says=HOSTILE, subject=HOSTILE,
        relation=HOSTILE, object=HOSTILE, standing="", origin="", more=HOSTILE,
        proofs=(Step(HOSTILE, "kind_of_kind", facts, (HOSTILE,)), Step(HOSTILE, "raised_risk", facts)),
    )  # fmt: skip
    away = replace(rule, id="away")
    edges = tuple(
        Edge(HOSTILE + s.look, nodes[0].id, nodes[1].id, HOSTILE, HOSTILE, s.look, 1, (s.id,))
        for s in (statement, rule, derived)
    )
    member = Member(HOSTILE, statement.id, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return Content(
        nodes, edges, (statement, rule, derived),
        (Conflict(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), (member,)),), (away,),
    )  # fmt: skip


def _node(iri: str) -> Node:
    mappings = (("exact", SCRIPT_IRI, HOSTILE, HOSTILE), ("exact", "http://example.org/ok", "ok", HOSTILE))
    return Node(iri, iri, HOSTILE, "other", HOSTILE, ((HOSTILE, HOSTILE),), mappings)


def _claim() -> Claim:
    passage = Passage(HOSTILE, HOSTILE, 0, 1, HOSTILE)
    return Claim(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (passage,)
    )  # fmt: skip


def _rule() -> Rule:
    texts = (HOSTILE,)
    citation = Citation(SCRIPT_IRI, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return Rule(
        HOSTILE, HOSTILE, HOSTILE, False, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, texts, texts, texts,
        (citation,),
    )  # fmt: skip
