"""Write the generated pages of the reference: commands, questions, checks, formats.

python3 scripts/write_reference.py     (in the environment that scripts/run_tests.py sets up)

The tests compare the pages with what this script would write, so that a new command, question, check or format without
its page fails.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.golden_files import Golden, all_golden  # noqa: E402

from osteograph.cli.parsing import build_parser  # noqa: E402
from osteograph.graph_builder.exports.carries import carried  # noqa: E402
from osteograph.graph_builder.exports.formats import EXPORTS  # noqa: E402
from osteograph.graph_builder.validation import violation_queries  # noqa: E402
from osteograph.queries.catalog import Question, list_questions  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
GENERATED = "<!-- written by scripts/write_reference.py -->\n\n"


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    golden: dict[str, list[Golden]] = defaultdict(list)
    for answer in all_golden():
        golden[answer.question].append(answer)
    questions = list_questions()
    found = {REFERENCE / "commands.md": commands_page(), REFERENCE / "checks.md": checks_page()}
    found[REFERENCE / "formats.md"] = formats_page()
    found[REFERENCE / "questions" / "README.md"] = questions_index(questions)
    for question in questions:
        found[REFERENCE / "questions" / question.area / f"{question.name}.md"] = question_page(
            question, golden[question.id]
        )
    return {path: GENERATED + text for path, text in found.items()}


def commands_page() -> str:
    """Every command with its own words."""
    lines = ["# Commands", ""]
    for name, parser in walk(build_parser(), "osteograph"):
        lines += [f"## {name}", "", "```text", parser.format_help().rstrip(), "```", ""]
    return "\n".join(lines)


def formats_page() -> str:
    """Every export format: its files, who defined it, what it carries."""
    contents = list(next(iter(carried().values())))
    lines = ["# Formats", "", "`osteograph export --format NAME` writes one, `osteograph release` all but two.", ""]
    lines += ["| format | what | files |", "|---|---|---|"]
    for export in EXPORTS.values():
        files = ", ".join(f"`{name}`" for name in export.files)
        lines.append(f"| [{export.name}]({export.standard}) | {export.words} | {files} |")
    lines += ["", "## What each carries", "", "Every file says so in its own header, where the format has one.", ""]
    lines += [f"| format | {' | '.join(contents)} |", f"|{'---|' * (len(contents) + 1)}"]
    lines += [f"| {name} | {' | '.join(cells.values())} |" for name, cells in carried().items()]
    return "\n".join(lines) + "\n"


def walk(parser: argparse.ArgumentParser, name: str) -> list[tuple[str, argparse.ArgumentParser]]:
    """A parser and the parsers of its sub-commands."""
    found = [(name, parser)]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, sub in action.choices.items():
                found += walk(sub, f"{name} {word}")
    return found


def checks_page() -> str:
    """Every violation query with problem, reason and remedy."""
    lines = [
        "# Checks",
        "",
        "What `osteograph build` and `osteograph check` look for in the graph; one query a file.",
        "",
    ]
    for check in violation_queries():
        lines += [
            f"## {check.name}",
            "",
            check.problem,
            "",
            f"Reason: {check.reason}",
            "",
            f"Remedy: {check.remedy}",
            "",
        ]
    return "\n".join(lines)


def questions_index(questions: list[Question]) -> str:
    """All questions in words, by area."""
    lines = ["# Questions", "", f"{len(questions)} questions, each with its query and the answer that is expected.", ""]
    area = ""
    for question in questions:
        if question.area != area:
            area = question.area
            lines += [f"## {area.replace('_', ' ')}", ""]
        lines.append(f"- [{question.summary}]({question.area}/{question.name}.md) `{question.name.replace('_', '-')}`")
        if question is questions[-1] or questions[questions.index(question) + 1].area != area:
            lines.append("")
    return "\n".join(lines)


def question_page(question: Question, golden: list[Golden]) -> str:
    """One question: words, parameters, query, expected answers."""
    lines = [f"# {question.summary}", "", question.description, ""]
    words = [f"--{p.name} …" if p.needed else f"[--{p.name} …]" for p in question.parameters]
    lines += ["```console", " ".join(["$ osteograph ask", question.name.replace("_", "-"), *words]), "```", ""]
    if question.parameters:
        lines += ["| parameter | type | needed | such as |", "|---|---|---|---|"]
        for p in question.parameters:
            lines.append(f"| `{p.name}` | {p.type} | {'yes' if p.needed else 'no'} | {p.default or ''} |")
        lines.append("")
    lines += ["## Query", "", "```sparql", question.sparql.rstrip(), "```", ""]
    for answer in golden:
        lines += expected(answer)
    return "\n".join(lines)


def expected(answer: Golden) -> list[str]:
    """The rows that a reader of the sources expects."""
    parameters = ", ".join(f"{name} {value}" for name, value in answer.parameters.items())
    title = f"## Expected answer for {parameters}" if parameters else "## Expected answer"
    if answer.case:
        title += f" ({answer.case.replace('_', ' ')})"
    lines = [title, ""]
    if not answer.rows:
        return [*lines, "No row: the sources say nothing that answers the question.", ""]
    lines += ["| " + " | ".join(answer.columns) + " |", "|" + "---|" * len(answer.columns)]
    for row in sorted(answer.rows):
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    return [*lines, ""]


def main() -> None:
    wanted = pages()
    for old in [*(REFERENCE / "questions").rglob("*.md")]:
        if old not in wanted:
            old.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages")


if __name__ == "__main__":
    main()
