"""Compiled rules that are kept beside a build: the same rows as compiled anew, and never trusted blindly."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from osteograph.queries.cohort import kept_rules as module
from osteograph.queries.cohort.compiling import compile_tables
from osteograph.queries.cohort.kept_rules import KeptRules, all_held, kept_rules
from osteograph.queries.cohort.rule_tables import compile_rules
from osteograph.queries.inference.knowledge import Knowledge, Scope
from osteograph.queries.opening import open_graph, rules_folder
from osteograph.queries.screening.concepts import Concepts
from osteograph.queries.screening.intake import Knowledge as ReadersKnowledge


@pytest.fixture(scope="module")
def graph(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    """A build of one's own, within labels alone, which are compiled sooner."""
    folder = tmp_path_factory.mktemp("home") / "graph"
    shutil.copytree(built, folder)
    with closing(open_graph(folder, on_disk=True)) as store:
        yield Knowledge(store, Scope("labels"))


@pytest.fixture(scope="module")
def concepts(graph: Knowledge) -> Concepts:
    return ReadersKnowledge.of(graph.store).resolver.concepts


@pytest.fixture(scope="module")
def kept(graph: Knowledge, concepts: Concepts) -> KeptRules:
    found = kept_rules(graph, concepts)
    assert found is not None
    return found


def rules_file(knowledge: Knowledge) -> Path:
    store = knowledge.store
    assert hasattr(store, "build")
    (found,) = store.build.rules.iterdir()
    assert isinstance(found, Path)
    return found


def test_what_is_kept_for_some_concepts_is_what_is_compiled_for_them(
    graph: Knowledge, concepts: Concepts, kept: KeptRules
) -> None:
    """Reasons, circumstances, names and rivals; for concepts drawn at random, and read again from the file."""
    again = kept_rules(Knowledge(graph.store, graph.scope), concepts)
    assert again == kept
    for seed in range(3):
        held = set(random.Random(seed).sample(sorted(all_held(concepts)), 300))
        one, two = kept.within(held), KeptRules.of(compile_rules(graph, held)).within(held)
        assert set(one.by_entry) == set(two.by_entry) != set()
        assert set(one.by_circumstances) == set(two.by_circumstances)
        assert (one.meets, set(one.names), set(one.rivals)) == (two.meets, set(two.names), set(two.rivals))
        assert compile_tables(graph, held, kept).reasons == compile_tables(graph, held).reasons


def test_what_is_kept_is_opened_without_deriving(
    graph: Knowledge, concepts: Concepts, kept: KeptRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the graph nor made-up patients are derived again; another scope has a file of its own."""

    def refuse(*_: object) -> None:
        raise AssertionError("it compiles")

    monkeypatch.setattr(module, "compile_rules", refuse)
    fresh = Knowledge(graph.store, Scope("labels"))
    assert kept_rules(fresh, concepts) == kept
    assert "engine" not in vars(fresh)
    with pytest.raises(AssertionError, match="it compiles"):
        kept_rules(Knowledge(graph.store, Scope("articles")), concepts)


def test_a_file_that_is_broken_or_foreign_is_made_anew(
    graph: Knowledge, concepts: Concepts, kept: KeptRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte changed, cut off, of other code, of other files, or one that others may write."""
    everything, path = kept.within(all_held(concepts)), rules_file(graph)
    whole = path.read_bytes()
    made: list[int] = []

    def compile_again(*_: object) -> object:
        made.append(1)
        return everything

    monkeypatch.setattr(module, "compile_rules", compile_again)
    head, body = whole.split(b"\n", 1)
    other = json.dumps({"digest": "x"}).encode()
    for broken in (
        b"",
        whole[:-9],
        whole.replace(b"caution", b"cautiom", 1),
        other,
        b"f" * 64 + head[64:] + b"\n" + body,
    ):
        path.write_bytes(broken)
        assert kept_rules(graph, concepts) == kept
        assert path.read_bytes() == whole
    assert len(made) == 5
    path.chmod(0o666)
    kept_rules(graph, concepts)
    assert len(made) == 6
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(module, "_code", lambda: "other code")
    kept_rules(graph, concepts)
    assert len(made) == 7


def test_a_place_that_cannot_be_written_to_costs_no_answer(
    built: Path, tmp_path: Path, kept: KeptRules, concepts: Concepts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a file stands in the place of the folder; nothing is left beside it."""
    folder = tmp_path / "graph"
    shutil.copytree(built, folder)
    rules_folder(folder).write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(module, "compile_rules", lambda *_: kept.within(all_held(concepts)))
    with closing(open_graph(folder)) as store:
        assert kept_rules(Knowledge(store, Scope("labels")), concepts) == kept
    assert sorted(os.listdir(tmp_path)) == ["graph", "graph.rules"]
