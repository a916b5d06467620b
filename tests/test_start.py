"""What a command line loads before it answers: as little as it can."""

from __future__ import annotations

import subprocess
import sys

import pytest

from osteograph.cli.overview import COMMANDS

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


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_no_module_of_a_command_is_loaded_for_the_overview(argument: str) -> None:
    """Nor anything else of osteograph."""
    ours = {name for name in loaded_by(argument) if name.partition(".")[0] == "osteograph"}
    assert ours == {"osteograph", "osteograph.cli", "osteograph.cli.overview"}


@pytest.mark.usefixtures("built")
def test_a_question_loads_neither_yaml_nor_rdflib_nor_the_reasoner() -> None:
    """What takes longer to load than the answer to find stays where it is."""
    heavy = {"yaml", "rdflib", "networkx", "owlready2", "json", "urllib.request", "osteograph.ontology.schema"}
    assert loaded_by("ask", "where-does-it-spread", "--cancer", "lung cancer") & heavy == set()


@pytest.mark.parametrize("name", {module: name for name, (module, _) in COMMANDS.items()}.values())
def test_the_module_of_a_command_is_loaded_when_it_is_named(name: str) -> None:
    """For one command of each module."""
    module = COMMANDS[name][0]
    assert f"osteograph.cli.{module}" in loaded_by(name, "--help")
