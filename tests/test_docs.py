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


@pytest.mark.parametrize("line", re.findall(r"^\$ (osteograph .+?)(?:\s+#.*)?$", README, re.MULTILINE))
def test_commands_of_the_readme_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    """Each command line of the README, as it stands, in a folder that holds nothing but the record of a patient."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "record.yaml").write_bytes((ROOT / "examples" / "patients" / "quiet_patient.yaml").read_bytes())
    if line == "osteograph check":
        line = "osteograph check --no-reasoner"  # the reasoners run in a test of their own
    assert main(shlex.split(line)[1:]) == 0


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
