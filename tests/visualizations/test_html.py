"""Pages as text: self-contained, escaped, and the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from osteograph.ontology.curation import load_curation
from osteograph.ontology.notice import NOTICE
from osteograph.visualizations.html import LIBRARY
from tests.test_article_text import runs

from .pages import HOSTILE, TASK_VIEWS, VIEWS, block, hostile_page


@pytest.fixture(params=VIEWS)
def html(request: pytest.FixtureRequest, rendered: dict[str, str]) -> str:
    """The page of each view in turn."""
    return rendered[request.param]


def test_a_page_names_nothing_to_fetch(html: str) -> None:
    """No element of the frame has a source or a link but the empty icon, and the policy admits nothing."""
    frame = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r'(?:src|href)="([^"]*)"', frame) == ["data:,"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]


def test_a_page_says_what_it_is(html: str) -> None:
    """English, one first heading, a title, and the notice in sight."""
    assert '<html lang="en">' in html
    assert html.count("<h1>") == 1
    assert NOTICE in html


@pytest.mark.parametrize("name", TASK_VIEWS)
def test_a_page_is_small_enough_to_send(name: str, rendered: dict[str, str]) -> None:
    """A task view takes under 480 kB, the picture for wide and for narrow screens included."""
    assert len(rendered[name].encode()) < 480_000


def test_a_page_is_ascii(html: str) -> None:
    """What is beyond ASCII is escaped, so that browsers keep the page in one byte a character."""
    assert html.isascii()


def test_the_data_of_a_page_fit_together(html: str) -> None:
    """Nodes and edges of pyvis, and our concepts and statements, name one another."""
    meta, nodes, edges = block(html, "meta"), block(html, "nodes"), block(html, "edges")
    assert {node["id"] for node in nodes} == {concept["id"] for concept in meta["concepts"]}
    assert {end for edge in edges for end in (edge["from"], edge["to"])} == {node["id"] for node in nodes}
    assert {name for edge in edges for name in edge["statements"]} == {s["id"] for s in meta["statements"]}
    assert {node["kind"] for node in nodes} <= {kind["name"] for kind in meta["kinds"]}
    assert all(isinstance(place, int) for node in nodes for place in (node["x"], node["y"], *node["narrow"]))


def test_hostile_text_cannot_leave_its_place() -> None:
    """Outside of attributes and text, hostile data occur only escaped."""
    html = hostile_page()
    assert "<img" not in html
    assert "<svg/" not in html
    assert block(html, "meta")["view"]["title"] == HOSTILE


def test_the_digest_of_a_script_is_the_one_of_the_policy(html: str) -> None:
    """A changed script would not run: the policy holds the digests of our three and of what unpacks as the library."""
    first, read = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    (script,) = re.findall(r'<script type="text/plain" id="script-data">(.*?)</script>', html, flags=re.DOTALL)
    (packed,) = re.findall(r'<script type="text/plain" id="library-data">(.*?)</script>', html)
    library = zlib.decompress(base64.b64decode(packed)).decode()
    assert LIBRARY.read_text(encoding="utf-8").startswith(library), "vis-network as pyvis brings it"
    for text in (first, read, script, library):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in html


@pytest.mark.articles
def test_no_page_holds_words_of_the_articles(articles: Path, rendered: dict[str, str]) -> None:
    """No run of eight words in the data of any page stands in an article, titles of publications excepted."""
    curation = load_curation()
    published = {"Article", "Publication", "Journal"}
    titles = [concept.label for concept in curation.concepts.values() if published & set(concept.types)]
    allowed = {run for title in titles for run in runs(title, 8)}
    texts = [(articles / source.file).read_text(encoding="utf-8") for source in curation.sources.values()]
    taken = {run for text in texts for run in runs(text, 8)} - allowed
    found = {
        text
        for name in VIEWS
        for text in strings(block(rendered[name], "meta"))
        if len(text) > 30 and runs(text, 8) & taken
    }
    assert found == set()


def strings(value: object) -> Iterator[str]:
    """Every text in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)
