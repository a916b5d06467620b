"""The page of every IRI: negotiated, linked, complete without JavaScript, and safe whatever the graph says."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

import pyoxigraph as ox
import pytest

from osteograph.cli import main
from osteograph.ontology.namespaces import BASE
from osteograph.queries.files import read_query
from osteograph.queries.inference.evidence import Evidence
from osteograph.queries.inference.knowledge import Knowledge as Inference
from osteograph.queries.stores.base import Answer, Bindings, Solutions, Store
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.pages.drawing import draw_neighbours
from osteograph.visualizations.pages.knowledge import SECTIONS
from osteograph.visualizations.pages.knowledge import Knowledge as Pages
from osteograph.visualizations.pages.proofs import Link
from osteograph.visualizations.pages.rendering import Site, environment, render_thing
from osteograph.visualizations.pages.site import STATIC
from osteograph.visualizations.web.pages import Pages as Kept

from .live import Live, serving, write_build

FORMATS = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
SAMPLES = ["concept/LungCancer", "concept/Denosumab", "schema/metastasizesTo", "schema/PrimaryCancer", "claim/C001",
           "conflict/X001", "rule/ZOL-01", "passage/a-s001", "section/b.treatment", "issue/I001",
           "publication/ArticleA", "graph/concepts"]  # fmt: skip
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&\u202e"


class Reader(HTMLParser):
    """Links, headings and text of a page, and anything in it that could run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self.active: list[str] = []
        self.headings = 0
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.headings += tag == "h1"
        self._script = tag == "script"
        own = (found.get("src") or "").removeprefix("../") == "static/copy.js"
        if tag == "script" and found.get("type") != "application/ld+json" and not own:
            self.active.append(f"script {found}")
        if tag in ("img", "iframe", "object", "embed", "style"):
            self.active.append(tag)
        self.active += [name for name in found if name.startswith("on") or name == "style"]
        self.links += [value for name, value in attributes if name in ("href", "src") and value]
        self.ids += [value for name, value in attributes if name == "id" and value]

    def handle_data(self, data: str) -> None:
        if not self._script:
            self.text.append(data)


def exists(live: Live, name: str) -> bool:
    return live.get(f"/{name}", "text/html").status == 303


@pytest.mark.parametrize("name", SAMPLES)
def test_a_thing_leads_to_its_documents(live: Live, name: str) -> None:
    """303 by Accept; documents by suffix; an entity tag; all four RDF formats say the same."""
    if name == "issue/I001":
        name = re.findall(r'href="\.\./(issue/[^"]+)\.html"', live.get("/issue/").text)[0]
    graphs = []
    for suffix, media in FORMATS.items():
        leading = live.get(f"/{name}", media)
        assert (leading.status, leading.headers["location"], leading.headers["vary"]) == (
            303,
            f"/{name}{suffix}",
            "Accept",
        )
        document = live.get(f"/{name}{suffix}")
        assert (document.status, document.media) == (200, media)
        form = ox.RdfFormat.from_media_type(media)
        assert form
        dataset = ox.Dataset(ox.parse(document.body, format=form))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        graphs.append({str(quad) for quad in dataset})
        tag = document.headers["etag"]
        assert live.get(f"/{name}{suffix}", **{"If-None-Match": tag}).status == 304
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)
    assert live.get(f"/{name}", "text/html,*/*;q=0.8").headers["location"] == f"/{name}.html"
    assert live.get(f"/{name}", "application/xml").headers["location"] == f"/{name}.rdf"
    assert live.get(f"/{name}", "application/json").headers["location"] == f"/{name}.jsonld"
    assert live.get(f"/{name}", "image/png").status == 406
    assert BASE + name in "".join(graphs[0])


@pytest.mark.parametrize("name", SAMPLES[:9])
def test_a_page_can_be_read_without_javascript(live: Live, name: str) -> None:
    """One heading, the notice, nothing that runs, no id twice, and every link of ours leads somewhere."""
    reply = live.get(f"/{name}.html")
    page = Reader(reply.text)
    assert (reply.status, page.headings, page.active) == (200, 1, [])
    assert len(page.ids) == len(set(page.ids))
    assert "Educational, not medical advice; reviewed by no clinician." in "".join(page.text)
    ours = {urljoin(f"/{name}.html", link) for link in page.links if not link.startswith(("http", "#", "data:"))}
    statuses = {link: live.get(link.partition("#")[0]).status for link in sorted(ours)[:60]}
    assert {link for link, status in statuses.items() if status not in (200, 303)} == set()


def test_a_concept_shows_its_evidence(live: Live, oxigraph_store: OxigraphStore) -> None:
    """Every statement about a drug with its claims, passages and digests; conflicts stand before statements."""
    text = live.get("/concept/Denosumab.html").text
    answer = oxigraph_store.query(
        "SELECT DISTINCT ?s ?c ?p { ?s bmo:subject osteo:Denosumab . ?c bmo:states ?s ; bmo:restsOn ?p }"
    )
    assert isinstance(answer, Solutions)
    assert len(answer.rows) > 10
    for row in answer.dicts():
        for iri in row.values():
            assert f"../{iri.removeprefix(BASE)}.html" in text
    assert 0 < text.index("What is in conflict") < text.index("What the articles say of it")
    assert text.index("What the articles say of it") < text.index("What labels and guidelines say of it")
    assert "From a label or guideline, not from an article." in text
    assert "Neighbours" in text
    assert "Mappings" in text


def test_a_statement_page_is_its_permalink(live: Live, oxigraph_store: OxigraphStore) -> None:
    """Refuted statements too: words, standing, claim and the conflict that refutes it."""
    answer = oxigraph_store.query("SELECT ?s ?l { ?s bmo:standing bmo:Refuted ; rdfs:label ?l } ORDER BY ?s")
    assert isinstance(answer, Solutions)
    for row in answer.dicts():
        text = html.unescape(live.get(f"/{row['s'].removeprefix(BASE)}.html").text)
        assert row["l"] in text
        assert "refuted" in text
        assert "Outside sources" in text


@pytest.mark.parametrize("name", ["dataset", "dataset/class/bmo-Drug",
                                  "sparql/.well-known/sparql-examples/where_does_it_spread"])  # fmt: skip
def test_what_has_no_page_leads_to_its_description(live: Live, name: str) -> None:
    """303 to what DESCRIBE gives, in the format of the Accept header; what the graph does not know is 404."""
    leading = live.get(f"/{name}", "application/n-triples")
    assert leading.status == 303
    reply = live.get(leading.headers["location"], "application/n-triples")
    assert (reply.status, reply.media) == (200, "application/n-triples")
    assert f"<{BASE}{name}>" in reply.text
    assert live.get(f"/{name}-not").status == 404


def test_a_long_page_tells_its_parts(live: Live) -> None:
    """Each link leads to a heading, with as many entries as stand below it; a short page has no such list."""
    text = live.get("/concept/Denosumab.html").text
    nav = re.search(r'<nav aria-label="On this page">.*?</nav>', text, re.DOTALL)
    assert nav
    parts = dict(re.findall(r'href="#(\w+)">[^<]+</a>(?: \((\d+)\))?', nav[0]))
    assert set(parts) == {"conflicts", "about", "rules", "why", "leading", "triples"}
    for part, count in parts.items():
        section = text[text.index(f'<h2 id="{part}">') :].partition("</section>")[0]
        entries = {"conflicts": r'class="conflict', "why": '<details class="derived">', "triples": "$^"}
        assert len(re.findall(entries.get(part, r'<article class="statement'), section)) == int(count or 0), part
    assert "On this page" not in live.get("/claim/C001.html").text


def test_classes_and_properties_lead_to_the_reference(live: Live) -> None:
    """To their entries there."""
    reference = live.get("/reference.html").text
    for name in ("PrimaryCancer", "metastasizesTo"):
        assert f'href="../reference.html#bmo-{name}"' in live.get(f"/schema/{name}.html").text
        assert f'id="bmo-{name}"' in reference


def test_a_list_without_its_stroke_leads_to_the_list(live: Live) -> None:
    """Links in it are relative to the address with the stroke."""
    for section in SECTIONS:
        reply = live.get(f"/{section}")
        assert (reply.status, reply.headers["location"]) == (308, f"/{section}/")


@pytest.mark.parametrize(
    "path",
    ["/concept/Nonsense", "/concept/Nonsense.ttl", "/nothing/", "/concept/../../etc/passwd", "/static/../html.py",
     "/static/%2e%2e/html.py", "/views/none.html", "/concept/%3Cscript%3E",
     "/concept/" + "a" * 3000, "/%00", "/a%0d%0ab"],
)  # fmt: skip
def test_what_is_not_there_is_404(live: Live, path: str) -> None:
    """With a page that repeats the path as text only."""
    reply = live.get(path)
    assert reply.status == 404
    assert Reader(reply.text).active == []


@pytest.mark.parametrize("path", ["/", "/concept/LungCancer", "/concept/LungCancer.ttl", "/concept/", "/search", "/api",
                                  "/editor", "/views/overview.html", "/.well-known/void", "/healthz"])  # fmt: skip
def test_every_page_tells_its_methods(live: Live, path: str) -> None:
    """To OPTIONS, and to a method that it has not."""
    told, refused = live.request("OPTIONS", path), live.request("DELETE", path)
    assert (told.status, told.headers["allow"], told.body) == (204, "GET, HEAD, OPTIONS", b"")
    assert (refused.status, refused.headers["allow"], refused.media) == (405, "GET, HEAD, OPTIONS", "text/plain")


def derived_links(store: OxigraphStore, concept: str = "") -> list[dict[str, str]]:
    """Derived statements with their ends, all or those of one concept."""
    limit = f"FILTER(osteo:{concept} IN (?s, ?o))" if concept else ""
    answer = store.query(
        "SELECT ?iri ?s ?p ?o { ?iri a bmo:DerivedStatement ; bmo:subject ?s ; bmo:predicate ?p ; bmo:object ?o "
        f"{limit} }} ORDER BY ?iri"
    )
    assert isinstance(answer, Solutions)
    return answer.dicts()


def why(text: str) -> str:
    """The section of a page that tells why."""
    return html.unescape(text.partition('aria-labelledby="why"')[2].partition("</section>")[0])


def test_a_derived_statement_says_why(live: Live, oxigraph_store: OxigraphStore) -> None:
    """Its page has all that its shortest proof rests on, with links: rules, rule parts, citations, claims, passages."""
    knowledge, evidence = Inference(oxigraph_store), Evidence(oxigraph_store)
    links = derived_links(oxigraph_store)
    assert len(links) > 1000
    for row in links[::250]:
        reply = live.get(f"/{row['iri'].removeprefix(BASE)}.html")
        proofs = knowledge.prover.prove((f"<{row['s']}>", f"<{row['p']}>", f"<{row['o']}>"))
        told = why(reply.text)
        assert told.count("<h4>") == (min(len(proofs.found), 5) if len(proofs.found) > 1 else 0)
        leaves = [evidence.leaf(fact) for fact in proofs.found[0].leaves()]
        parts = [leaf.part for leaf in leaves if leaf.part]
        assert parts
        cited = [citation for part in parts for citation, _, _ in part.citations]
        claims = [iri for leaf in leaves for reading in leaf.readings for iri in (reading.claim, reading.passage)]
        for iri in [*(part.iri for part in parts), *cited, *claims]:
            assert f'href="../{iri.removeprefix(BASE)}.html"' in told, (row["iri"], iri)
        page = Reader(reply.text)
        assert (page.headings, page.active) == (1, [])
        ours = {urljoin("/statement/", link) for link in page.links if link.startswith("../")}
        assert {link for link in ours if live.get(link.partition("#")[0]).status not in (200, 303)} == set()


def test_a_concept_says_why_it_is_flagged(live: Live, oxigraph_store: OxigraphStore) -> None:
    """Treatments and conditions list every derived statement about them, the gravest first; others have none."""
    for concept in ("Xgeva", "RenalImpairment"):
        told = why(live.get(f"/concept/{concept}.html").text)
        rows = derived_links(oxigraph_store, concept)
        assert len(rows) > 5
        assert [row for row in rows if f'href="../{row["iri"].removeprefix(BASE)}.html"' not in told] == []
        assert told.count("<details") == len(rows)
        assert 0 < told.index(">contraindicates (") < told.index(">calls for caution with (")
    assert not why(live.get("/concept/LungCancer.html").text)


def test_search_finds_labels_synonyms_and_codes(live: Live) -> None:
    """By part of a name; a CURIE or an IRI leads straight to its page; hostile words stay words."""
    assert "denosumab" in live.get("/search?q=xgeva").text.casefold()
    assert live.get("/search?q=osteo:LungCancer").headers["location"] == "/concept/LungCancer.html"
    assert live.get("/search?q=" + quote(BASE + "claim/C001")).headers["location"] == "/claim/C001.html"
    assert Reader(live.get("/search?q=" + quote(HOSTILE)).text).active == []
    for name, section in (("C001", "claim"), ("X001", "conflict"), ("ZOL-01", "rule"), ("b-s108", "passage")):
        assert live.get(f"/search?q={name}").headers["location"] == f"/{section}/{name}.html"
    assert "0 found" in live.get("/search?q=zzzz").text


def test_every_view_is_served_under_its_own_policy(live: Live) -> None:
    """The header admits the scripts of the view by digest, and nothing else."""
    reply = live.get("/views/overview.html")
    policy = reply.headers["content-security-policy"]
    assert reply.status == 200
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_the_reference_has_every_class_and_property(live: Live, oxigraph_store: OxigraphStore) -> None:
    """With definition, chains and use."""
    answer = oxigraph_store.query(
        "SELECT DISTINCT ?t { GRAPH graph:schema { ?t a ?k } "
        "FILTER(?k IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty)) "
        "FILTER(STRSTARTS(STR(?t), STR(bmo:))) }"
    )
    assert isinstance(answer, Solutions)
    page = Reader(live.get("/reference.html").text)
    missing = [t["t"] for t in answer.dicts() if t["t"].replace(BASE + "schema/", "bmo-") not in page.ids]
    assert (page.active, missing) == ([], [])
    assert "metastasizes to then is part of" in "".join(page.text)


def test_search_engines_get_valid_json(live: Live) -> None:
    """The schema.org block of a page is JSON and says what the page is about."""
    text = live.get("/concept/LungCancer.html").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    found = json.loads(block)
    assert (found["@type"], found["@id"], found["name"]) == ("DefinedTerm", BASE + "concept/LungCancer", "lung cancer")


@pytest.fixture(scope="module")
def hostile_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small graph in which everything that is text is hostile."""
    iri = BASE + "concept/Evil"
    words = ox.Literal(HOSTILE, language="en")
    schema, label = BASE + "schema/", "http://www.w3.org/2000/01/rdf-schema#label"
    lines = [
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), obj, ox.NamedNode(BASE + "graph/concepts"))
        for subject, predicate, obj in (
            (iri, label, words),
            (iri, "http://purl.obolibrary.org/obo/IAO_0000115", words),
            (iri, "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym", words),
            (iri, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode(schema + "Drug")),
            (iri, "http://www.w3.org/2004/02/skos/core#exactMatch", ox.NamedNode("javascript:alert(1)")),
            (iri, schema + "kindOf", ox.NamedNode(BASE + "concept/Evil")),
            (schema + "Drug", label, words),
        )
    ]
    data = ox.serialize(lines, format=ox.RdfFormat.N_QUADS) or b""
    return write_build(tmp_path_factory.mktemp("hostile") / "graph", data)


@pytest.fixture(scope="module")
def hostile(hostile_build: Path) -> Iterator[Live]:
    """That graph, served."""
    with serving(hostile_build, "--quiet", "--workers", "1") as server:
        yield server


def test_the_ontology_is_dereferenced(live: Live) -> None:
    """Its IRI is that of the front page, which a browser is shown; its version has an IRI too."""
    assert live.get("/", "text/html,*/*;q=0.8").status == 200
    (version,) = live.query(f"SELECT ?v {{ <{BASE[:-1]}> owl:versionIRI ?v }}", "text/csv").text.split()[1:]
    for path in ("/", "/" + version.removeprefix(BASE)):
        for suffix, media in FORMATS.items():
            reply = live.get(path, media)
            assert (reply.status, reply.headers["location"]) == (303, f"/reference{suffix}")
    assert live.get("/" + version.removeprefix(BASE), "text/html").headers["location"] == "/reference.html"
    documents = [live.get(f"/reference{suffix}") for suffix in FORMATS]
    assert [document.media for document in documents] == list(FORMATS.values())
    triples = [set(ox.parse(document.body, format=ox.RdfFormat.from_media_type(document.media))) for document in documents]  # fmt: skip  # noqa: E501
    assert {len(found) for found in triples} == {len(triples[0])}
    heads = {quad.subject for quad in triples[0] if str(quad.object) == "<http://www.w3.org/2002/07/owl#Ontology>"}
    assert heads == {ox.NamedNode(BASE[:-1])}
    assert {quad.subject.value.startswith(BASE[:-1]) for quad in triples[0] if isinstance(quad.subject, ox.NamedNode)} == {True}  # fmt: skip  # noqa: E501


def test_hostile_text_stays_text(hostile: Live) -> None:
    """In headings, definitions, synonyms, lists, search and schema.org data; a javascript: IRI is no link."""
    assert hostile.get("/views/overview.html").status == 404  # nothing to draw
    for path in ("/concept/Evil.html", "/concept/", "/schema/", "/", "/search?q=img", "/reference.html"):
        reply = hostile.get(path)
        page = Reader(reply.text)
        assert (reply.status, page.active) == (200, []), path
        assert not [link for link in page.links if link.startswith("javascript")]
    text = hostile.get("/concept/Evil.html").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(block)["name"] == HOSTILE


def test_hostile_text_in_a_proof_stays_text(nquads: bytes) -> None:
    """Labels, words of rules and titles of citations; and what is derived nowhere is told to be so."""
    quads = [
        quad
        if not isinstance(quad.object, ox.Literal) or quad.object.datatype.value.endswith(("boolean", "integer"))
        else ox.Quad(quad.subject, quad.predicate, ox.Literal(quad.object.value + HOSTILE), quad.graph_name)
        for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
        if quad.graph_name != ox.NamedNode(BASE + "graph/mappings") and "meta" not in str(quad.graph_name)
    ]
    store = OxigraphStore.from_nquads(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    known = Pages.of(store)
    for site in (Site(), Site(live=False)):
        text = render_thing(known, BASE + "concept/Xgeva", site)
        assert "<img src=x" in why(text)
        assert "<img src=x" not in text
        assert Reader(text).active == []
    stranger = Link(
        BASE + "statement/s1", BASE + "concept/Xgeva", BASE + "schema/contraindicates", BASE + "concept/Bone"
    )
    (reason,) = known.reasons.of([stranger])
    assert reason.proofs == ()


class Listening:
    """A store that remembers what it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[str] = []

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        self.asked.append(sparql)
        return self.store.query(sparql, bindings)

    def close(self) -> None:
        self.store.close()


def test_what_is_prepared_is_not_derived_again(oxigraph_store: OxigraphStore) -> None:
    """The facts that rules read are fetched ahead, and once: no page with proofs waits for them."""
    store, facts = Listening(oxigraph_store), read_query("inference/graph_facts.rq")
    known = Pages.of(store)
    assert facts not in store.asked
    known.prepare()
    assert store.asked.count(facts) == 1
    assert "because:" in render_thing(known, BASE + "concept/Xgeva", Site())
    assert store.asked.count(facts) == 1


def test_a_page_is_written_once_and_the_latest_are_kept() -> None:
    """However many ask for it at the same time; what is kept has a limit of bytes, not of pages."""
    kept, written, together = Kept(), list[str](), threading.Barrier(8)

    def ask(name: str) -> bytes:
        def write() -> bytes:
            written.append(name)
            return name.encode() * 2**20

        return kept.written(name, write)

    def ask_together(name: str) -> bytes:
        together.wait()
        return ask(name)

    with ThreadPoolExecutor(8) as askers:
        assert set(askers.map(ask_together, "a" * 8)) == {b"a" * 2**20}
    assert written == ["a"]
    for number in range(100):
        ask(str(number % 10) + str(number // 10))
    ask("99")
    assert written.count("99") == 1
    ask("a")
    assert written.count("a") == 2


def test_links_of_the_site_lead_to_files(oxigraph_store: OxigraphStore) -> None:
    """The server has a page for whatever the graph speaks of; as files there are those of the sections only."""
    known = Pages.of(oxigraph_store)
    found: dict[bool, set[str]] = {}
    for live in (True, False):
        pages = [render_thing(known, BASE + name, Site(live=live)) for name in ("concept/LungCancer", "rule/ZOL-07-2")]
        links = (link for page in pages for link in Reader(page).links if link.startswith("../"))
        found[live] = {link.split("/")[1] for link in links}
    assert "mapping" in found[True]
    assert found[False] <= {*SECTIONS, "index.html", "reference.html", "static"}


def test_a_circle_in_the_hierarchy_is_cut(hostile: Live) -> None:
    """The page of a thing that is a kind of itself is answered."""
    assert hostile.get("/concept/Evil.html").status == 200


def test_the_site_is_the_same_as_files(hostile: Live, hostile_build: Path, tmp_path: Path) -> None:
    """The data are the bytes that the server sends; links lead to files; a second time the same; others' files stay."""
    folder = tmp_path / "site"
    contents = []
    for _ in range(2):
        assert main(["site", str(folder), "--graph", str(hostile_build), "--quiet"]) == 0
        contents.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")})
    files = contents[0]
    assert contents[1] == files
    for name in ("concept/Evil", "schema/Drug"):
        assert {f"{name}{suffix}" for suffix in (*FORMATS, ".html")} <= set(files)
        for suffix in FORMATS:
            assert files[f"{name}{suffix}"] == hostile.get(f"/{name}{suffix}").body
    for here, data in files.items():
        if here.endswith(".html") and not here.startswith("views/"):
            links = [link for link in Reader(data.decode()).links if not link.startswith(("http", "#", "data:"))]
            assert {urljoin(here, link).partition("#")[0] for link in links} <= set(files), here
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    assert main(["site", str(tmp_path / "mine"), "--graph", str(hostile_build)]) == 1
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "all of it"


def test_the_picture_of_neighbours_draws_a_denial_as_one(oxigraph_store: OxigraphStore) -> None:
    """An article denies that palliative treatment cures; a line like that of an assertion would say the opposite."""
    drawing = draw_neighbours(Pages.of(oxigraph_store), BASE + "concept/PalliativeTreatment")
    assert drawing
    assert {line.look for line in drawing.lines if line.label == "has goal (said not to hold)"} == {"denied"}
    assert {line.look for line in drawing.lines if line.label == "has goal (stated by an article)"} == {"stated"}
    assert ".neighbours .denied line" in (STATIC / "pages.css").read_text("utf-8")


def test_the_home_link_leads_home_from_every_depth() -> None:
    """An empty link would lead to the page that one is on."""
    for site in (Site(), Site("", live=False), Site("../", live=False)):
        page = environment().get_template("base.html").render(site=site, root=site.root, title="x")
        assert 'class="home" href=""' not in page
