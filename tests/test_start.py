"""What a command line loads before it answers: as little as it can."""

from __future__ import annotations

import shutil
import subprocess
import sys

import platformdirs
import pytest

from osteograph.cli.overview import COMMANDS
from osteograph.cli.parsing import columns
from osteograph.queries.opening import default_folder

LOADED = """
import sys
sys.argv = ["osteograph", *sys.argv[1:]]
from osteograph.cli import main
try:
    main()
except SystemExit:
    pass
print("\\n".join(sys.modules), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh process has loaded when a command is done."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_no_module_of_a_command_is_loaded_for_the_overview() -> None:
    """Nor anything else of osteograph but the notice that help ends with."""
    ours = {name for name in loaded_by("--help") if name.partition(".")[0] == "osteograph"}
    command_line = {"osteograph", "osteograph.cli", "osteograph.cli.overview", "osteograph.cli.parsing"}
    assert ours == command_line | {"osteograph.ontology", "osteograph.ontology.notice"}


def test_the_version_needs_no_parser() -> None:
    """It is known when the package is."""
    loaded = loaded_by("--version")
    assert {name for name in loaded if name.partition(".")[0] == "osteograph"} == {"osteograph", "osteograph.cli"}
    assert "argparse" not in loaded


@pytest.mark.usefixtures("built")
def test_a_question_loads_neither_yaml_nor_rdflib_nor_the_reasoner() -> None:
    """What takes longer to load than the answer to find stays where it is."""
    heavy = {"yaml", "rdflib", "networkx", "owlready2", "json", "urllib.request", "osteograph.ontology.schema"}
    slower = {"dataclasses", "decimal", "importlib.resources", "platformdirs", "shutil"}
    question = ("ask", "where-does-it-spread", "--cancer", "lung cancer")
    loaded_by(*question)  # the first makes the store on disk
    assert loaded_by(*question) & (heavy | slower) == set()


def test_the_overview_asks_for_the_width_without_the_compressors_of_shutil() -> None:
    assert loaded_by("--help") & {"shutil", "bz2", "lzma"} == set()


@pytest.mark.parametrize("said", ["", "0", "-3", "wide", "1e3", " 60", "70"])
def test_help_is_as_wide_as_shutil_would_have_it(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("COLUMNS", said)
    assert columns() == shutil.get_terminal_size().columns


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs itself says where a build goes")
@pytest.mark.parametrize("data", ["", "relative", "/srv/data"])
def test_a_build_goes_where_platformdirs_puts_it(monkeypatch: pytest.MonkeyPatch, data: str) -> None:
    """On Linux we do not load it, as that takes longer than answering a question."""
    monkeypatch.delenv("OSTEOGRAPH_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", data)
    assert default_folder() == platformdirs.user_data_path("osteograph", appauthor=False) / "graph"


@pytest.mark.parametrize("name", {module: name for name, (module, _) in COMMANDS.items()}.values())
def test_the_module_of_a_command_is_loaded_when_it_is_named(name: str) -> None:
    """For one command of each module."""
    module = COMMANDS[name][0]
    assert f"osteograph.cli.{module}" in loaded_by(name, "--help")
