"""A build is all or nothing: whatever goes wrong, and whenever, a whole earlier build stays."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from osteograph.graph_builder.build import build, replace_folder
from osteograph.ontology.curation import CURATED
from osteograph.ontology.errors import GraphMissing, OsteographError, ProblemsFound
from osteograph.queries.opening import imports_folder, open_graph, recover

Content = dict[str, bytes]


def content(folder: Path) -> Content:
    """Every file below a folder, hidden ones too, byte for byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def is_whole(folder: Path) -> bool:
    """Whether the files of a build are exactly those its report names, with the digests it gives."""
    files = content(folder)
    report = json.loads(files.pop("build-report.json"))
    expected = {name: (one["bytes"], one["sha256"]) for name, one in report["files"].items()}
    return {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()} == expected


def names(folder: Path) -> list[str]:
    """What stands in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """A copy of the real build in a folder of its own."""
    return Path(shutil.copytree(built, tmp_path / "here" / "graph"))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the curated tables that a test may change."""
    return Path(shutil.copytree(CURATED, tmp_path / "curated"))


def replace_once(path: Path, old: str, new: str) -> None:
    """Change one place of a file, which must have it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def litter(graph: Path) -> Path:
    """A folder as a build leaves it beside its target whose process, long gone, was killed."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    return graph.with_name(f".{graph.name}.new-{gone.pid}-x")


# What a build leaves


def test_a_build_is_whole(built: Path) -> None:
    """The folder holds the five formats and the report, whose digests match."""
    expected = [
        "build-report.json",
        "osteograph.jsonld",
        "osteograph.nq",
        "osteograph.owl",
        "osteograph.trig",
        "osteograph.ttl",
    ]
    assert (names(built), is_whole(built)) == (expected, True)


def test_the_digests_of_the_report_would_betray_a_changed_byte(graph: Path) -> None:
    """The check used in these tests can fail: a build with one byte more is not whole."""
    with (graph / "osteograph.ttl").open("ab") as stream:
        stream.write(b"\n")
    assert is_whole(graph) is False


def test_the_report_names_what_was_built(built: Path) -> None:
    """The counts of the report are those of the tables, and its graphs add up to its triples."""
    report = json.loads((built / "build-report.json").read_bytes())
    counts = report["counts"]
    assert (counts["claims"], counts["conflicts"], counts["source issues"]) == (734, 134, 55)
    assert counts["safety rules"] == 450
    assert sum(report["graphs"].values()) == counts["triples"]
    assert sum(report["standings"].values()) == counts["statements"]
    assert (built / "osteograph.nq").read_bytes().count(b"\n") == counts["triples"]


def test_a_changed_table_changes_the_build(graph: Path, tables: Path) -> None:
    """The earlier build gives way to one of the new tables, which the report tells apart by its digest.

    What a killed build left goes, what was imported stays, and nothing else stands beside it.
    """
    before = content(graph)
    imports_folder(graph).mkdir()
    litter(graph).mkdir()
    replace_once(tables / "concepts.tsv", "Hard organ of mineralized tissue", "Hard living organ of mineralized tissue")
    build(graph, tables=tables)
    assert is_whole(graph) is True
    assert [name for name, data in content(graph).items() if data == before[name]] == []
    assert names(graph.parent) == ["graph", "graph.imports"]


BUILD = """
import sys
from pathlib import Path
from osteograph.graph_builder.build import build
build(Path(sys.argv[1]), tables=Path(sys.argv[2]))
"""
ELSEWHERE = {
    "PYTHONHASHSEED": "2", "LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0",
    "TZ": "Asia/Tokyo",
}  # fmt: skip


def test_the_same_tables_make_the_same_bytes_everywhere(built: Path, tables: Path, tmp_path: Path) -> None:
    """With another hash seed, locale, time zone and folder no byte of any file differs, and nothing stands beside it.

    The folder was there, and empty.
    """
    graph = tmp_path / "a place" / "graph"
    graph.mkdir(parents=True)
    environment = {name: word for name, word in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONH"))}
    command = [sys.executable, "-W", "ignore", "-c", BUILD, str(graph), str(tables)]
    subprocess.run(command, env=environment | ELSEWHERE, cwd=tmp_path, check=True, timeout=600)
    assert (content(graph), names(graph.parent)) == (content(built), ["graph"])


def test_missing_parents_are_made(tmp_path: Path) -> None:
    """A build makes the folders that lead to it."""
    replace_folder(tmp_path / "a" / "b" / "graph", OLD)
    assert (content(tmp_path), names(tmp_path)) == ({f"a/b/graph/{name}": data for name, data in OLD.items()}, ["a"])


def test_a_build_is_readable_by_others_as_the_umask_allows(tmp_path: Path) -> None:
    """The folder does not keep the private mode of a temporary one."""
    before = os.umask(0o022)
    try:
        replace_folder(tmp_path / "graph", {"build-report.json": b"{}"})
    finally:
        os.umask(before)
    assert oct((tmp_path / "graph").stat().st_mode & 0o777) == oct(0o755)


# What a failing build leaves


def test_a_broken_table_leaves_the_earlier_build_byte_for_byte(graph: Path, tables: Path) -> None:
    """Tables with a problem are refused before anything is written."""
    before = content(graph.parent)
    replace_once(tables / "claims.tsv", "\tLungCancer\t", "\tLungCancr\t")
    with pytest.raises(ProblemsFound, match=r"claims\.tsv:\d+: object: unknown concept 'LungCancr'"):
        build(graph, tables=tables)
    assert content(graph.parent) == before


def test_a_failing_check_leaves_the_earlier_build_byte_for_byte(graph: Path, tables: Path) -> None:
    """Tables that read well and make a graph that a check objects to are refused too."""
    before = content(graph.parent)
    replace_once(tables / "claims.tsv", "\tproneToMetastasizeTo\tBone\t", "\tproneToMetastasizeTo\tAbiraterone\t")
    with pytest.raises(ProblemsFound, match="check object_unfit"):
        build(graph, tables=tables)
    assert content(graph.parent) == before


def test_a_broken_table_makes_no_folder(tmp_path: Path, tables: Path) -> None:
    """A first build that fails leaves neither the folder nor its parents."""
    (tables / "claims.tsv").unlink()
    with pytest.raises(ProblemsFound):
        build(tmp_path / "a" / "graph", tables=tables)
    assert (tmp_path / "a").exists() is False


def test_a_full_disk_leaves_the_earlier_build_and_no_litter(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the midst of writing is raised, and nothing has changed."""
    before = content(graph.parent)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OsteographError, match="No space left on device; what was there is as it was"):
        replace_folder(graph, {"build-report.json": b"{}", "osteograph.nq": b""})
    assert (content(graph.parent), names(graph.parent)) == (before, ["graph"])


# What is somebody else's


def test_a_folder_with_foreign_files_is_refused_and_untouched(tmp_path: Path) -> None:
    """A folder that is no build is never replaced."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.tex").write_text("years of work")
    with pytest.raises(OsteographError, match=r"thesis holds other files; name an empty or a new folder"):
        build(tmp_path / "thesis")
    assert content(tmp_path) == {"thesis/chapter1.tex": b"years of work"}


def test_a_foreign_file_in_an_earlier_build_is_not_lost(graph: Path) -> None:
    """Notes that somebody keeps inside the folder of a build are not deleted by the next one."""
    (graph / "my-queries.rq").write_text("SELECT * { ?s ?p ?o }")
    with pytest.raises(OsteographError, match=r"no build wrote: my-queries\.rq"):
        build(graph)
    assert (graph / "my-queries.rq").read_text() == "SELECT * { ?s ?p ?o }"


def test_a_file_in_the_way_is_refused_and_untouched(tmp_path: Path) -> None:
    """A file of the name of the folder is not replaced."""
    (tmp_path / "graph").write_text("mine")
    with pytest.raises(OsteographError, match="graph is not a folder; name another with --output"):
        build(tmp_path / "graph")
    assert content(tmp_path) == {"graph": b"mine"}


def test_a_file_in_the_place_of_a_parent_is_refused(tmp_path: Path) -> None:
    """A path that leads through a file is refused in the words of osteograph, not with a trace."""
    (tmp_path / "graph").write_text("mine")
    with pytest.raises(OsteographError):
        build(tmp_path / "graph" / "below")


def test_a_link_is_refused_and_untouched(tmp_path: Path) -> None:
    """A symbolic link is not replaced by a folder, and what it points to stays."""
    (tmp_path / "real").mkdir()
    (tmp_path / "graph").symlink_to(tmp_path / "real", target_is_directory=True)
    with pytest.raises(OsteographError, match="not a folder"):
        build(tmp_path / "graph")
    assert ((tmp_path / "graph").is_symlink(), names(tmp_path / "real")) == (True, [])


# Killed


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.3, 1.8, 2.3])
def test_a_build_killed_at_any_time_leaves_a_whole_build(seconds: float, graph: Path, tables: Path) -> None:
    """After SIGKILL the folder opens and is whole: the earlier build, or, if it was done already, the new one."""
    before = content(graph)
    replace_once(tables / "concepts.tsv", "Hard organ of mineralized tissue", "Hard living organ of mineralized tissue")
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", BUILD, str(graph), str(tables)])
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    killed = process.wait(60) == -signal.SIGKILL
    open_graph(graph).close()
    assert is_whole(graph) is True
    if killed and seconds < 1:  # too early for anything to have been written
        assert content(graph) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from osteograph.graph_builder.build import replace_folder

output, moment = Path(sys.argv[1]), sys.argv[2]
seen = []

def hook(event, args):
    words = [event, *(os.path.basename(os.fspath(arg)) for arg in args[:1] if isinstance(arg, (str, os.PathLike)))]
    name = " ".join(words).replace(words[-1], "aside" if ".new-" in words[-1] else words[-1])
    seen.append(name)
    if f"{name} {seen.count(name)}" == moment:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
replace_folder(output, {"osteograph.nq": b"<http://e/new> <http://e/p> <http://e/o> .\\n", "build-report.json": b"{}"})
"""
OLD = {"osteograph.nq": b"<http://e/old> <http://e/p> <http://e/o> .\n", "build-report.json": b"{}"}
NEW = {"osteograph.nq": b"<http://e/new> <http://e/p> <http://e/o> .\n", "build-report.json": b"{}"}
MOMENTS = {
    "while writing the first file": ("open osteograph.nq 1", OLD),
    "while writing the last file": ("open build-report.json 1", OLD),
    "before the earlier build steps aside": ("os.rename graph 1", OLD),
    "between the two renamings": ("os.rename aside 1", OLD),
    "before the earlier build is thrown away": ("shutil.rmtree .graph.previous 2", NEW),
}


def kill_at(moment: str, graph: Path) -> None:
    """Replace a folder that holds OLD by NEW, in a process that dies at a moment."""
    replace_folder(graph, OLD)
    done = subprocess.run([sys.executable, "-c", KILLED, str(graph), moment], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("moment", "expected"), MOMENTS.values(), ids=MOMENTS)
def test_a_kill_at_the_worst_moments_leaves_one_whole_build(moment: str, expected: Content, tmp_path: Path) -> None:
    """Wherever the process dies, opening the graph finds all files of the old build or all of the new."""
    graph = tmp_path / "graph"
    kill_at(moment, graph)
    open_graph(graph).close()
    assert content(graph) == expected


@pytest.mark.parametrize("moment", [moment for moment, expected in MOMENTS.values() if expected == OLD])
def test_the_litter_of_a_killed_build_goes_with_the_next_build(moment: str, tmp_path: Path) -> None:
    """A later build that succeeds leaves nothing beside its folder, whatever an earlier one left."""
    kill_at(moment, tmp_path / "graph")
    assert names(tmp_path) != ["graph"]
    build_anew(tmp_path / "graph")
    assert names(tmp_path) == ["graph"]


def test_the_build_left_aside_goes_with_the_next_build(tmp_path: Path) -> None:
    """An earlier build that a kill kept from being thrown away is gone after the next one."""
    kill_at(MOMENTS["before the earlier build is thrown away"][0], tmp_path / "graph")
    assert names(tmp_path) == [".graph.previous", "graph"]
    build_anew(tmp_path / "graph")
    assert names(tmp_path) == ["graph"]


def build_anew(graph: Path) -> None:
    """What a build does to its folder, without the compiling."""
    recover(graph)
    replace_folder(graph, NEW)


# Recovered


def test_opening_recovers_the_build_that_stepped_aside(graph: Path) -> None:
    """Between the two renamings no folder bears the name; opening puts the earlier build back."""
    before = content(graph)
    graph.rename(graph.with_name(".graph.previous"))
    open_graph(graph).close()
    assert (content(graph), names(graph.parent)) == (before, ["graph"])


def test_building_recovers_the_build_that_stepped_aside(graph: Path, tables: Path) -> None:
    """A failing build after an interrupted one still leaves the earlier build in place."""
    before = content(graph)
    graph.rename(graph.with_name(".graph.previous"))
    (tables / "claims.tsv").unlink()
    with pytest.raises(ProblemsFound):
        build(graph, tables=tables)
    assert (content(graph), names(graph.parent)) == (before, ["graph"])


def test_what_stepped_aside_unfinished_is_not_recovered(tmp_path: Path) -> None:
    """A folder without a report is no build, and is not put in the place of one."""
    (tmp_path / ".graph.previous").mkdir()
    (tmp_path / ".graph.previous" / "osteograph.nq").write_bytes(b"")
    with pytest.raises(GraphMissing, match="run: osteograph build"):
        open_graph(tmp_path / "graph")


def test_a_build_in_place_is_not_replaced_by_the_one_aside(tmp_path: Path) -> None:
    """Where both stand, the one that bears the name is opened."""
    replace_folder(tmp_path / "graph", NEW)
    replace_folder(tmp_path / ".graph.previous", OLD)
    open_graph(tmp_path / "graph").close()
    assert content(tmp_path / "graph") == NEW


def test_a_build_opens_from_inside_its_folder(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may be named by a dot."""
    monkeypatch.chdir(graph)
    open_graph(Path(".")).close()
