"""Folders, package list, links, versions and the wheel say the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

import osteograph

from .conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = ("ontology", "graph_builder", "queries", "visualizations")


def test_every_folder_with_python_is_a_listed_package() -> None:
    """A new sub-folder that is not listed would be left out of the wheel without a word."""
    folders = {
        "osteograph." + ".".join(path.parent.relative_to(ROOT).parts)
        for layer in LAYERS
        for path in (ROOT / layer).rglob("__init__.py")
    }
    assert folders | {"osteograph", "osteograph.cli"} == set(PROJECT["tool"]["setuptools"]["packages"])


def test_links_match_the_package_mapping() -> None:
    """The links serve editors and type checkers; they must point where the packages come from."""
    mapping = PROJECT["tool"]["setuptools"]["package-dir"]
    links = {layer: os.readlink(ROOT / "src" / "osteograph" / layer) for layer in LAYERS}
    assert links == {layer: f"../../{mapping[f'osteograph.{layer}']}" for layer in LAYERS}


def test_the_version_is_the_same_everywhere() -> None:
    """Package, project file and citation file agree."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert osteograph.__version__ == PROJECT["project"]["version"] == citation["version"]


def data_files() -> set[str]:
    """What lies in the package folders of the checkout and is no Python, as paths in the wheel."""
    suffixes = {".ttl", ".tsv", ".rq", ".html", ".js", ".css"}
    found = {path for layer in LAYERS for path in (ROOT / layer).rglob("*") if path.suffix in suffixes}
    return {f"osteograph/{path.relative_to(ROOT)}" for path in found}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    """Queries, shapes, tables and templates travel with the code."""
    assert data_files() - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_an_installed_wheel_builds_and_answers(wheel: Path, tmp_path: Path) -> None:
    """Outside the checkout, in a new environment, the wheel alone builds the graph and answers a question."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", wheel], check=True, cwd=tmp_path)
    # The dependencies are those of this run's environment, whose own osteograph stays out of sight.
    site = next(path for path in sys.path if path.endswith("site-packages"))
    own = next((environment / "lib").glob("python*/site-packages"))
    (own / "dependencies.pth").write_text(f"{site}\n")
    run = [str(python), "-m", "osteograph"]
    subprocess.run([*run, "build", "--quiet", "--output", str(tmp_path / "graph")], check=True, cwd=tmp_path)
    asked = subprocess.run(
        [*run, "ask", "where-does-it-spread", "--cancer", "thyroid cancer", "--graph", str(tmp_path / "graph")],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    where = subprocess.run(
        [python, "-c", "import osteograph.queries as q; print(q.__file__)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "is prone to metastasize to" in asked.stdout
    assert Path(where.stdout.strip()).is_relative_to(own)
