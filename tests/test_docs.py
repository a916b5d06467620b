"""The documentation is complete and its examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from osteograph.cli import main
from osteograph.graph_builder.validation import violation_queries

from .conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def load_script(name: str) -> Any:
    """A script of ``scripts/`` as a module."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generated_pages() -> dict[Path, str]:
    pages: dict[Path, str] = load_script("write_reference").pages()
    return pages


def test_generated_pages_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command, question and check has its page, and no page is left over."""
    monkeypatch.setenv("COLUMNS", "80")
    expected = generated_pages()
    stale = [
        str(path.relative_to(ROOT))
        for path, text in expected.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    left_over = set((ROOT / "docs" / "reference" / "questions").rglob("*.md")) - set(expected)
    assert (stale, left_over) == ([], set()), "run scripts/write_reference.py"


COMMANDS = re.findall(r"^\$ (osteograph .+?)(?:\s+#.*)?$", README, re.MULTILINE)
LONG = {  # run once, as they stand, where their output is looked at too
    "osteograph build": "the fixture built",
    "osteograph check": "test_cli.py::test_check_finds_nothing",
    "osteograph release releases": "exports/test_releasing.py, the fixture releases",
}


@pytest.mark.parametrize("line", [line for line in COMMANDS if line not in LONG])
def test_commands_of_the_readme_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    """Each command line of the README, as it stands, in a folder that holds the examples alone."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(line)[1:]) == 0


def test_the_readme_has_the_long_commands() -> None:
    """Nothing is said to run elsewhere that the README words otherwise."""
    assert set(LONG) - set(COMMANDS) == set()


def test_python_of_the_readme_runs(built: Path) -> None:
    """The Python block of the README."""
    (block,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    exec(block, {})


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link of every document names a file that exists."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "ontology" / "README.md"]
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists()
    ]
    assert broken == []


def test_headers_of_checks_tell_problem_reason_and_remedy() -> None:
    """Each ends in a full stop."""
    for check in violation_queries():
        assert all(text.endswith(".") for text in (check.problem, check.reason, check.remedy)), check.name


def test_every_table_and_column_is_explained() -> None:
    """The curators' guide names every table and every column."""
    from osteograph.ontology.curation import COLUMNS

    guide = (ROOT / "ontology" / "README.md").read_text(encoding="utf-8")
    lacking = [
        f"{table}: {column}" for table, columns in COLUMNS.items() for column in columns if f"`{column}`" not in guide
    ]
    assert lacking == []


def test_the_issue_template_is_valid() -> None:
    """Errors in statements can be reported."""
    template = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "error-in-a-statement.yml").read_text("utf-8"))
    assert template["name"]
    assert template["body"]
