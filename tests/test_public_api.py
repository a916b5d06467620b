"""What ``import osteograph`` promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import osteograph

HEAVY = ("rdflib", "networkx", "owlready2", "pyvis", "pyshacl", "yaml", "pyoxigraph", "argparse", "dataclasses")


def test_every_promised_name_is_there_and_they_are_few() -> None:
    """``__all__`` is what can be imported, sorted, and no more than fifteen names."""
    assert all(getattr(osteograph, name) is not None for name in osteograph.__all__)
    assert list(osteograph.__all__) == sorted(osteograph.__all__, key=lambda name: (name.islower(), name))
    assert len(osteograph.__all__) <= 15


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Lazy loading does not hide a misspelled name."""
    with pytest.raises(AttributeError, match="'laod'"):
        osteograph.laod  # noqa: B018


def run_python(code: str, folder: Path) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
    return done.stdout


def test_importing_is_innocent(tmp_path: Path) -> None:
    """Import loads nothing heavy, prints nothing and writes no file."""
    code = f"import sys, json, osteograph; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    assert json.loads(run_python(code, tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_load_nothing_heavy(option: str, tmp_path: Path) -> None:
    """The command line answers at once where it has nothing to do."""
    heavy = [name for name in HEAVY if name not in ("argparse",)]
    code = (
        "import sys, json, osteograph.cli as c\n"
        f"try: c.main(['{option}'])\n"
        "except SystemExit: pass\n"
        f"print('\\n' + json.dumps([m for m in {heavy} if m in sys.modules]))"
    )
    assert json.loads(run_python(code, tmp_path).splitlines()[-1]) == []


def test_a_graph_can_be_handed_to_the_other_libraries(built: Path) -> None:
    """rdflib, networkx and owlready2 each get the real graph."""
    with osteograph.load(built) as kg:
        network = kg.to_networkx()
        dataset = kg.to_rdflib()
        ontology = kg.to_owlready()
        quads = kg.quads()
    assert len(set(dataset.quads())) == len(quads)
    assert network.nodes["https://w3id.org/osteograph/concept/LungCancer"]["label"] == "lung cancer"
    assert [str(label) for label in ontology.search_one(iri="*concept/LungCancer").label] == ["lung cancer"]


def test_loading_a_folder_without_a_build_says_what_to_do(tmp_path: Path) -> None:
    """A named folder is never filled unasked."""
    with pytest.raises(osteograph.OsteographError, match="osteograph build"):
        osteograph.load(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []
