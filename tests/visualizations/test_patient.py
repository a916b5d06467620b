"""The page of a patient's record: what it tells, what it never says, and how it is read, clicked and printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osteograph
from osteograph.ontology.notice import NOTICE
from osteograph.queries.inference.knowledge import Scope
from osteograph.queries.screening.reading import read_record
from osteograph.queries.screening.screening import Screener
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.html import render_page
from osteograph.visualizations.page import Page
from osteograph.visualizations.patient import draw_patient
from osteograph.visualizations.proofs import givens
from tests.browsing import wait_until
from tests.conftest import ROOT
from tests.test_cli import run

from .conftest import NARROW, WIDE, Opener, Visit
from .pages import HOSTILE, block
from .test_accessible import findings

PATIENTS = ROOT / "examples" / "patients"
TODAY = date(2026, 11, 21)
HARD = {  # a record with all that a report can tell, hostile wherever a person may write
    "name": HOSTILE,
    "tumour": "breast cancer",
    "conditions": ["tobacco smoking", "hypocalcemia", HOSTILE, {"name": "dehydration", "status": "past"}],
    "treatments": {"current": ["Xgeva", "Prolia"], "planned": ["zoledronic acid", "tooth extraction", HOSTILE]},
    "measurements": {"creatinine clearance": "25 mL/min"},
}
Draw = Callable[[object], Page]


@pytest.fixture(scope="session")
def draw(oxigraph_store: OxigraphStore, screener: Screener) -> Draw:
    """Draws a record, given as a file or as the values of a form."""

    def of(source: object) -> Page:
        data = source if isinstance(source, Path) else json.dumps(source).encode()
        return draw_patient(screener, read_record(data, oxigraph_store, today=TODAY))

    return of


@pytest.fixture(scope="session")
def jaw(draw: Draw) -> Page:
    """Stage 2 jaw osteonecrosis under Xgeva, and a tooth to be drawn."""
    return draw(PATIENTS / "jaw_osteonecrosis_stage_2.yaml")


@pytest.fixture(scope="session")
def hard(draw: Draw) -> Page:
    """The hard record."""
    return draw(HARD)


@pytest.fixture(scope="session")
def quiet(draw: Draw) -> Page:
    """A record of which nothing is understood."""
    return draw({"conditions": ["a thing that nobody knows"]})


@pytest.fixture(params=["jaw", "hard", "quiet"])
def page(request: pytest.FixtureRequest) -> Page:
    """Each page in turn."""
    found: Page = request.getfixturevalue(request.param)
    return found


def report(page: Page) -> dict[str, Any]:
    """The report as the scripts read it."""
    told: dict[str, Any] = block(render_page(page), "meta")["report"]
    return told


def test_the_jaw_is_told_as_a_caution_and_never_more(jaw: Page) -> None:
    """Read from the rules: cautions for the sore jaw and the drawn tooth, raised risks below them, nothing above."""
    told = report(jaw)
    known = {statement.id: statement for statement in jaw.content.statements}
    (xgeva,) = [each for each in told["treatments"] if each["label"] == "Xgeva"]
    assert {(known[name].standing, known[name].subject) for name in xgeva["flags"]} == {
        ("caution", "stage 2 medication-related osteonecrosis of the jaw"),
        ("caution", "tooth extraction"),
    }
    assert {known[name].standing for name in xgeva["risks"]} == {"raised risk"}
    assert "dental examination" in xgeva["checks"]
    assert [each["flags"] for each in told["treatments"] if each["label"] == "tooth extraction"] == [[]]
    assert told["summary"].startswith("3 flags")
    assert told["strengths"] == ["3 × caution", "3 × raised risk"]


def test_lines_are_the_wider_the_stronger_the_flag(hard: Page) -> None:
    """The picture tells strengths by width: a contraindication widest, a raised risk as thin as an entry."""
    known = {statement.id: statement for statement in hard.content.statements}
    widths = {known[name].standing: edge.weight for edge in hard.content.edges for name in edge.statements}
    order = ["contraindicated", "not recommended", "caution", "raised risk"]
    assert sorted(order, key=lambda strength: -widths[strength]) == order
    assert len({widths[strength] for strength in order}) == len(order)
    assert widths["raised risk"] == widths[""]


def test_what_is_missing_and_what_remains_is_told(hard: Page) -> None:
    """A substance twice, rules that could not be judged, names that nobody knows, treatments that remain or do not."""
    told = report(hard)
    assert {alert["title"] for alert in told["alerts"]} >= {"The same substance twice"}
    assert any(each["unjudged"] for each in told["treatments"])
    assert [left["words"] for left in told["leftovers"]].count(HOSTILE) == 2
    titles = [group["title"].partition(":")[0] for group in told["remaining"]]
    assert titles[0] == "Remain"
    assert "Contraindicated" in titles
    against = {
        each["label"] for group in told["remaining"] for each in group["treatments"] if "Contra" in group["title"]
    }
    remain = {each["label"] for each in told["remaining"][0]["treatments"]}
    assert not against & remain


def test_every_finding_has_a_proof_that_ends_in_the_record(page: Page) -> None:
    """Each derived statement has a proof with a place of the record in it, and all that it rests on besides."""
    known = {s.id for s in (*page.content.statements, *page.content.grounds)}
    for statement in page.content.statements:
        facts = list(givens(statement.proofs))
        assert bool(facts) == (statement.look == "derived")
        if facts and statement.standing != "missing indication":
            assert any(fact.origin == "record" and fact.where for fact in facts), statement.words
        assert {name for fact in facts for name in fact.grounds} <= known


def test_the_parts_of_the_page_fit_together(page: Page) -> None:
    """Findings of the report are statements, statements have edges, edges have nodes."""
    told, content = report(page), page.content
    names = {name for alert in told["alerts"] for name in alert["findings"]}
    names |= {name for t in told["treatments"] for key in ("flags", "missing", "risks") for name in t[key]}
    assert names | set(told["entries"]) == {statement.id for statement in content.statements}
    assert {name for edge in content.edges for name in edge.statements} == names | set(told["entries"])
    assert {end for edge in content.edges for end in (edge.source, edge.target)} <= {node.id for node in content.nodes}
    assert len(render_page(page).encode()) < 450_000


def test_the_command_writes_what_python_gives(capsys: pytest.CaptureFixture[str], tmp_path: Path, built: Path) -> None:
    """One file, the same bytes, with the notice."""
    file, record = tmp_path / "patient.html", PATIENTS / "quiet_patient.yaml"
    words = ["--patient", str(record), "--today", "2026-11-21", "--output", str(file), "--graph", str(built)]
    code, out, _ = run(capsys, "view", "patient", *words)
    assert (code, out.strip()) == (0, str(file))
    assert NOTICE in file.read_text(encoding="utf-8")
    with osteograph.load(built) as kg:
        assert kg.view_patient(record, today=TODAY) == file.read_bytes()


def test_a_scope_narrows_the_page_and_stands_on_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, built: Path, jaw: Page
) -> None:
    """The flags that ``screen`` has in that scope, fewer than without it; title, report and picture name the scope."""
    record, scope = PATIENTS / "jaw_osteonecrosis_stage_2.yaml", Scope("labels", frozenset({"US"}), verified_only=True)
    words = ["--patient", str(record), "--today", "2026-11-21", "--graph", str(built), "--output"]
    narrow = ["--sources", "labels", "--jurisdiction", "US", "--verified-only"]
    assert run(capsys, "view", "patient", *words, str(tmp_path / "page.html"), *narrow)[0] == 0
    assert run(capsys, "view", "patient", *words, str(tmp_path / "page.svg"), *narrow, "--format", "svg")[0] == 0
    meta = block((tmp_path / "page.html").read_text(encoding="utf-8"), "meta")
    told = "labels and guidelines alone; in force in US, or not saying where; verified rules alone"
    assert meta["view"]["title"].endswith(f"({told})")
    assert meta["report"]["narrowed"] == told
    assert told in (tmp_path / "page.svg").read_text(encoding="utf-8")
    with osteograph.load(built) as kg:
        screening = kg.screen(record, today=TODAY, scope=scope)
    found = [s["words"] for s in meta["statements"] if s["look"] == "derived" and s["standing"] == "caution"]
    assert len(found) == len([flag for flag in screening.flags() if flag.strength == "caution"])
    assert set(found) < {s.words for s in jaw.content.statements}
    assert "narrowed" not in report(jaw)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["overview", "--verified-only"], "only with the view patient"),
        (["--all", "--jurisdiction", "EU"], "only with the view patient"),
        (["patient"], "view patient --patient FILE"),
        (["overview", "--patient", "good.yaml"], "view patient --patient FILE"),
        (["patient", "Xgeva", "--patient", "good.yaml"], "takes no subject"),
        (["patient", "--patient", "missing.yaml"], "missing.yaml"),
        (["patient", "--patient", "bad.yaml"], "bad.yaml"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    built: Path,
    words: list[str],
    message: str,
) -> None:
    """A message that helps, no file, no success."""
    (tmp_path / "good.yaml").write_text("conditions: [fatigue]", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("conditons: [fatigue]\nage: minus one", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "view", *words, "--graph", str(built))
    assert code != 0
    assert message in err
    assert sorted(tmp_path.iterdir()) == before


# In a browser


@pytest.fixture(scope="session")
def patients(jaw: Page, hard: Page, quiet: Page, files: Path) -> Path:
    """The folder of all pages, those of patients among them."""
    for name, page in {"patient_jaw": jaw, "patient_hard": hard, "patient_quiet": quiet}.items():
        (files / f"{name}.html").write_text(render_page(page), encoding="utf-8")
    return files


@pytest.fixture
def patient(patients: Path, opener: Opener, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    """Opens the page of a patient."""
    return lambda name, **options: visit(f"patient_{name}", **options)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["jaw", "hard", "quiet"])
def test_the_report_is_accessible(patient: Callable[..., Visit], name: str) -> None:
    """axe-core finds nothing serious with proofs open, on a narrow dark screen; nothing scrolls sideways."""
    here = patient(name, viewport=NARROW, color_scheme="dark")
    here.run("[...document.querySelectorAll('#report details')].slice(0, 9).forEach((one) => { one.open = true; })")
    assert findings(here.page) == []
    here.run("document.querySelectorAll('#report details').forEach((one) => { one.open = true; })")
    assert here.run("document.documentElement.scrollWidth") <= NARROW["width"]


@pytest.mark.browser
def test_a_finding_opens_its_proof_and_its_line(patient: Callable[..., Visit]) -> None:
    """By keyboard: Tab and Enter open the proof, the button leads to the line in the picture."""
    here = patient("jaw")
    here.page.focus("#report .finding summary")
    here.page.keyboard.press("Enter")
    proof = here.text("#report .finding[open]")
    assert "cautioned" in proof
    assert "○ record" in proof
    assert "conditions[0]" in proof
    assert "§ label or guideline" in proof
    here.page.keyboard.press("Tab")
    here.page.click("#report .finding[open] button:has-text('Show in the picture')")
    assert "calls for caution with" in here.text("#panel h2")
    assert here.run("document.activeElement.id") == "panel"
    here.page.fill("#search", "tooth extraction")
    here.page.press("#search", "Enter")
    assert here.run("document.getElementById('graph').getBoundingClientRect().top >= 0")
    here.page.go_back()
    wait_until(here.page, "document.querySelector('#panel h2').textContent.includes('calls for caution')")
    again = patient("jaw", address="#" + here.page.url.partition("#")[2])
    assert again.text("#panel h2") == here.text("#panel h2")
    assert again.run("document.getElementById('graph').getBoundingClientRect().bottom") <= WIDE["height"] + 1


@pytest.mark.browser
def test_print_opens_what_is_closed(patient: Callable[..., Visit]) -> None:
    """On paper every proof stands open and no control is left; afterwards all is as before."""
    here = patient("jaw")
    here.run("window.dispatchEvent(new Event('beforeprint'))")
    here.page.emulate_media(media="print")
    assert here.run("document.querySelectorAll('#report details:not([open]):not(.sparql)').length") == 0
    assert here.page.is_visible("#notice")
    assert not here.page.is_visible("#tools")
    assert "Rests on" in here.text("#report")
    assert not here.page.locator("#report button").first.is_visible()
    here.run("window.dispatchEvent(new Event('afterprint'))")
    assert here.run("document.querySelectorAll('#report details[open]').length") == 0


@pytest.mark.browser
def test_a_hostile_record_is_shown_and_never_run(patient: Callable[..., Visit]) -> None:
    """Names, words and places of a record are text in the heading, the report, the panel and the table."""
    here = patient("hard")
    for selector in ("h1", "#report"):
        assert "</script><img src=x" in here.text(selector)
    here.run("document.querySelectorAll('#report details').forEach((one) => { one.open = true; })")
    here.run("for (const id of osteograph.edges.keys()) osteograph.openEdge(id)")
    assert here.run("window.ran") is None
    assert here.page.locator("img, [onerror], [onload]").count() == 0
    assert "No treatment is given or planned" in patient("quiet").text("#report")


@pytest.mark.browser
def test_the_report_stands_where_the_library_cannot_be_unpacked(browser: Any, patients: Path) -> None:
    """A browser that cannot unpack the library says so, and shows report, table and the still picture all the same."""
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((patients / "patient_jaw.html").as_uri())
    page.wait_for_selector("#panel p:has-text('cannot be dragged')")
    assert "CAUTION" in page.inner_text("#report")
    assert page.locator("#table tbody tr").count() > 10
    assert page.locator("#still g[data-node]").count() > 5
    page.close()
