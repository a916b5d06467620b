"""The command ``osteograph view`` and the same from Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import osteograph
from tests.test_cli import run

from .pages import VIEWS, block


@pytest.fixture
def graph(built: Path) -> list[str]:
    """The option that names the built graph."""
    return ["--graph", str(built)]


def test_without_a_name_all_views_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its title, and what it takes."""
    code, out, _ = run(capsys, "view")
    assert code == 0
    assert "treatment TREATMENT\n" in out
    assert all(name.replace("_", "-") in out for name in VIEWS)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["treatment", "Xgeva"], "What argues against Xgeva, and why"),
        (["treatment", "--treatment", "Zometa"], "What argues against Zometa, and why"),
        (["concept", "xgeva injection", "--depth", "2"], "Around Xgeva"),
        (["statement"], "Evidence: Prolia has dosing interval every two to four weeks"),
    ],
)
def test_views_take_what_they_are_about(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, graph: list[str], words: list[str], title: str
) -> None:
    """By position or by name, as people write it."""
    file = tmp_path / "page.html"
    code, out, _ = run(capsys, "view", *words, "--output", str(file), *graph)
    assert (code, out.strip()) == (0, str(file))
    assert block(file.read_text(encoding="utf-8"), "meta")["view"]["title"] == title


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["overvew"], "Did you mean overview?"),
        (["overview", "Xgeva"], "takes no subject"),
        (["concept", "lung cancr"], "Did you mean lung cancer"),
        (["concept", "osteo:LungCancer", "--depth", "0"], "1 or more"),
        (["treatment", "--drug", "Xgeva"], "no parameter drug; it takes: treatment"),
        (["overview", "--depth", "2"], "about no concept"),
        (["overview", "--today", "2026-11-21"], "--today: only with the view patient"),
        (["--all", "--today", "2026-11-21", "--verified-only"], "--verified-only, --today: only with the view patient"),
        (["--all", "--depth", "2"], "--depth: only with a view that is about a concept"),
        (["--format", "svg", "--output", "x.svg"], "--format, --output: only with a view to write"),
        (["--today", "2026-11-21", "--depth", "3"], "--depth: only with a view that is about a concept"),
        (["--patient", "r.yaml", "--depth", "2"], "a record goes with the view patient"),
        (["overview", "--all"], "one of them"),
        (["--query", "missing.rq"], "cannot read missing.rq"),
        (["--drug=Xgeva"], "goes with the name of a view"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    graph: list[str],
    words: list[str],
    message: str,
) -> None:
    """Exit code 1, a message that helps, no file."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "view", *words, *graph)
    assert code == 1
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_a_query_is_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path, graph: list[str]) -> None:
    """From a file, as a page and as a picture."""
    query, picture = tmp_path / "prone.rq", tmp_path / "prone.svg"
    query.write_text("SELECT ?statement { ?statement bmo:predicate bmo:proneToMetastasizeTo }", encoding="utf-8")
    code, _, _ = run(capsys, "view", "--query", str(query), "--format", "svg", "--output", str(picture), *graph)
    assert code == 0
    assert "thyroid cancer" in picture.read_text(encoding="utf-8")
    assert "What prone.rq finds" in picture.read_text(encoding="utf-8")


def test_all_views_get_an_index(tmp_path: Path, graph: list[str], rendered: dict[str, str]) -> None:
    """One file a view, each linked from the index, which fetches nothing.

    Another process with another hash seed writes the bytes that this one drew, all parameters at their defaults.
    """
    words = [sys.executable, "-m", "osteograph", "view", "--all", "--output", "views", *graph]
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    done = subprocess.run(words, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True)
    files = {name: f"{name.replace('_', '-')}.html" for name in VIEWS}
    index = (tmp_path / "views" / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "views").iterdir()} == {"index.html", *files.values()}
    assert all(f'href="{file}"' in index for file in files.values())
    assert "src=" not in index
    assert f"of {len(VIEWS)}" in done.stderr
    written = {name: (tmp_path / "views" / file).read_text(encoding="utf-8") for name, file in files.items()}
    assert [name for name in VIEWS if written[name] != rendered[name]] == []


def test_python_gives_the_same_page(capsys: pytest.CaptureFixture[str], tmp_path: Path, built: Path) -> None:
    """``kg.view`` returns the bytes that the command writes; ``kg.view_query`` draws a query."""
    file = tmp_path / "page.html"
    run(capsys, "view", "treatment", "Xgeva", "--output", str(file), "--graph", str(built))
    with osteograph.load(built) as kg:
        assert kg.view("treatment", treatment="Xgeva") == file.read_bytes()
        picture = kg.view_query("CONSTRUCT WHERE { osteo:LungCancer bmo:metastasizesTo ?site }", form="svg")
    assert b"hand bone" in picture
