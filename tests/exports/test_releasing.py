"""A release is whole, described, written once, and can be compared with another."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, VOID

import osteograph
from osteograph.cli import main
from osteograph.graph_builder import releasing
from osteograph.graph_builder.diffing import Change, compare
from osteograph.graph_builder.exports.formats import EXPORTS
from osteograph.graph_builder.exports.material import Material
from osteograph.graph_builder.releasing import LEFT_OUT, dated, release, verify_release
from osteograph.ontology.curation import CURATED
from osteograph.ontology.errors import OsteographError
from osteograph.ontology.namespaces import CONCEPT, ONTOLOGY, STATEMENT
from osteograph.ontology.schema import load_schema

from ..conftest import ROOT
from ..needs import need_module
from ..sharing import Share

SCHEMA = (ROOT / "ontology" / "schema.ttl").read_text("utf-8")
FIRST, SECOND = re.findall(r'owl:versionInfo "([^"]+)"', SCHEMA)[0], "2030-02-03"


@pytest.fixture(scope="session")
def releases(share: Share) -> Path:
    """Two releases, made by one worker for all."""
    return share("released", make_releases) / "releases"


def make_releases(home: Path) -> None:
    """The README's release, and one with all mappings of tables in which a few cells have changed."""
    tables = Path(shutil.copytree(CURATED, home / "curated"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        assert main(["release", "releases"]) == 0
    edit(tables / "claims.tsv", "C624", "asserted", "hedged", "may")  # one reading more careful
    text = (tables / "concepts.tsv").read_text("utf-8")
    (tables / "concepts.tsv").write_text(text.replace("Cancer that takes its origin from the lung", "Cancer of lung"))
    parent, without = home / "releases", set(EXPORTS) - {"nquads", "owl"}
    first = parent / FIRST
    release(parent, version=SECOND, tables=tables, previous=first, without=without, open_mappings=False)


def edit(path: Path, claim: str, old: str, new: str, certainty: str) -> None:
    """Change polarity and certainty of one claim."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for place, line in enumerate(lines):
        cells = line.split("\t")
        if cells[0] == claim:
            assert cells[7] in (old, new)
            cells[7], cells[8] = new, certainty
            lines[place] = "\t".join(cells)
    path.write_text("".join(lines), "utf-8")


def test_a_release_has_every_format_and_names_its_version(releases: Path) -> None:
    """All files of all formats, the descriptions and the manifest; the date is in the header of the ontology."""
    names = {path.name for path in (releases / FIRST).iterdir()}
    expected = {file for export in EXPORTS.values() if export.name not in LEFT_OUT for file in export.files}
    described = {"MANIFEST.json", "RELEASE.md", "osteograph-void.ttl", "ro-crate-metadata.json"}
    assert names == expected | described
    for version in (FIRST, SECOND):
        header = Material.open(releases / version / "osteograph.nq").header()
        assert (header.version, header.version_iri) == (version, f"{ONTOLOGY}/releases/{version}")
    graph = rdflib.Graph().parse(releases / SECOND / "osteograph.owl")
    assert str(graph.value(rdflib.URIRef(ONTOLOGY), rdflib.OWL.priorVersion)) == f"{ONTOLOGY}/releases/{FIRST}"


def test_the_manifest_is_true_and_would_betray_a_changed_byte(releases: Path, tmp_path: Path) -> None:
    """Digests fit; a changed, a lost and an added file are each named."""
    assert verify_release(releases / FIRST) == []
    copy = Path(shutil.copytree(releases / FIRST, tmp_path / "copy"))
    for name in ("osteograph.ttl", "osteograph.obo"):
        (copy / name).chmod(0o644)
    (copy / "osteograph.ttl").write_bytes(b"#")
    (copy / "osteograph.obo").unlink()
    (copy / "mine.txt").write_text("mine")
    assert verify_release(copy) == [
        "osteograph.obo: not there",
        "mine.txt: not in the manifest",
        "osteograph.ttl: not the file that was released",
    ]


def test_a_release_is_never_written_over(releases: Path) -> None:
    """Its files are read-only, and making it again is refused before anything is done."""
    before = {path.name: path.stat().st_mtime_ns for path in (releases / FIRST).iterdir()}
    with pytest.raises(OsteographError, match="never written over"):
        release(releases, version=FIRST)
    assert {path.name: path.stat().st_mtime_ns for path in (releases / FIRST).iterdir()} == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in (releases / FIRST).iterdir()} == {0o444}
    assert sorted(path.name for path in releases.iterdir()) == [FIRST, SECOND]


@pytest.mark.parametrize("content", ["{", "[]", '{"files": 3}', '{"files": {"osteograph.nq": "x"}}'])
def test_a_damaged_manifest_is_said_to_be_one(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with it."""
    (tmp_path / "MANIFEST.json").write_text(content)
    with pytest.raises(OsteographError, match="is damaged"):
        verify_release(tmp_path)


def test_of_two_releases_at_once_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the other one appears while this one is written; what was written aside is gone."""
    monkeypatch.setattr(releasing, "_write_all", lambda *_: (tmp_path / FIRST / "theirs").mkdir(parents=True))
    with pytest.raises(OsteographError, match="another release was made meanwhile"):
        release(tmp_path, version=FIRST)
    assert [path.name for path in tmp_path.iterdir()] == [FIRST]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_release_without_room_leaves_nothing(tmp_path: Path) -> None:
    """A disk that is full, here a limit on the size of files: a message, no traceback, no crumbs."""
    code = (
        "import resource, signal, sys; from osteograph.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "sys.exit(main(['release', sys.argv[1], '--quiet']))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "nothing was released" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["1.0", "2030-13-01", "yesterday", ""])
def test_a_version_is_a_date(version: str) -> None:
    """Anything else is refused; an empty one is the version of the schema."""
    if not version:
        assert dated(load_schema(), version).quads
        return
    with pytest.raises(OsteographError, match="write one like 2026-11-21"):
        dated(load_schema(), version)


def test_a_version_follows_the_one_before(releases: Path, tmp_path: Path) -> None:
    """A release cannot be dated before its predecessor."""
    with pytest.raises(OsteographError, match="does not follow"):
        release(tmp_path / "out", version="2025-12-31", previous=releases / FIRST)
    assert not (tmp_path / "out").exists()


def test_only_open_mappings_go_out_unless_asked_for(releases: Path) -> None:
    """The first release keeps what all may pass on, the second was asked for all."""
    counts = [json.loads((releases / name / "MANIFEST.json").read_bytes())["counts"] for name in (FIRST, SECOND)]
    assert counts[0]["mappings left out"] > 100
    assert counts[1]["mappings left out"] == 0
    assert b"loinc.org/rdf" not in (releases / FIRST / "osteograph.nq").read_bytes()
    assert b"loinc.org/rdf" in (releases / SECOND / "osteograph.nq").read_bytes()


def test_void_and_dcat_describe_every_file(releases: Path) -> None:
    """rdflib knows every term of DCAT and VoID that is used; sizes and digests are those of the files."""
    folder = releases / FIRST
    graph = rdflib.Graph().parse(folder / "osteograph-void.ttl")
    used = {term for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}
    unknown = {term for ns in (DCAT, VOID) for term in used if term.startswith(str(ns)) and term not in ns}
    assert unknown == {rdflib.URIRef(str(DCAT) + "version")}  # new in DCAT 3, and rdflib has DCAT 2
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    distributions = list(graph.subjects(rdflib.RDF.type, DCAT.Distribution))
    assert len(distributions) == len(list(folder.iterdir())) - 3  # not itself, the crate, the manifest
    for one in distributions:
        data = (folder / str(one).rpartition("/")[2]).read_bytes()
        checksum = graph.value(one, spdx.checksum)
        assert str(graph.value(checksum, spdx.checksumValue)) == hashlib.sha256(data).hexdigest()
        assert int(str(graph.value(one, DCAT.byteSize))) == len(data)
        assert graph.value(one, DCTERMS.license) is not None
    classes = {str(graph.value(p, VOID["class"])): int(str(graph.value(p, VOID.entities))) for p in
               graph.objects(None, VOID.classPartition)}  # fmt: skip
    assert classes["https://w3id.org/osteograph/schema/Statement"] == 725


def test_the_crate_is_read_by_another_library(releases: Path) -> None:
    """ro-crate-py loads it: a notice, a licence, and every file with size and digest."""
    crate = need_module("rocrate.rocrate").ROCrate(releases / FIRST)
    files = {entity.id: entity for entity in crate.data_entities}
    assert crate.description.count("reviewed by no clinician") == 1
    assert crate.license["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    assert set(files) == {path.name for path in (releases / FIRST).iterdir()} - {
        "MANIFEST.json", "ro-crate-metadata.json",
    }  # fmt: skip
    for name, entity in files.items():
        assert entity["sha256"] == hashlib.sha256((releases / FIRST / name).read_bytes()).hexdigest()


def test_the_report_counts_statements_by_format(releases: Path) -> None:
    """725 and the derived ones, fewer where literals have no place."""
    report = (releases / FIRST / "RELEASE.md").read_text("utf-8")
    counts = dict(re.findall(r"^\| `([^`]+)` \| [^|]+ \| \d+ \| (\d*) \|$", report, re.MULTILINE))
    everything = (releases / FIRST / "osteograph.ttl").read_text("utf-8")
    derived = len(re.findall(r"^ost:s\w{24} a bmo:DerivedStatement\b", everything, re.MULTILINE))
    assert derived > 1000
    names = (".ttl", ".trig", ".owl", "-nanopubs.trig", "-rdf12.ttl")
    assert {counts[f"osteograph{name}"] for name in names} == {str(725 + derived)}
    assert 600 < int(counts["osteograph_edges.tsv"]) - derived < 725
    assert "| owl | yes | yes | yes | without what they rest on | no | no | no | yes | yes | no |" in report


# What changed


def test_the_difference_names_what_changed(releases: Path) -> None:
    """One claim read more carefully, one definition, mappings that are not open; seen from behind, these go."""
    difference = json.loads((releases / SECOND / "changes.json").read_bytes())
    (evidence,) = difference["evidence_changed"]
    assert evidence["iri"] == STATEMENT + "s281ea37b22f9c36d10b6ab0d"
    assert evidence["before"].startswith("claim:C624")
    assert "hedged Stated CertaintyMay" in evidence["after"].replace("Basis", "")
    (concept,) = difference["concepts_changed"]
    assert (concept["iri"], concept["words"]) == (CONCEPT + "LungCancer", "lung cancer, definition")
    quiet = ("statements_added", "statements_withdrawn", "mappings_withdrawn")
    assert [difference[name] for name in quiet] == [[], [], []]
    assert any("LOINC" in change["words"] for change in difference["mappings_added"])
    backwards = compare(*(Material.open(releases / name / "osteograph.nq") for name in (SECOND, FIRST)))
    assert any("LOINC" in change.words for change in backwards.mappings_withdrawn)
    changes = (releases / SECOND / "CHANGES.md").read_text("utf-8")
    assert "- Evidence of `ost:s281ea37b22f9c36d10b6ab0d`" in changes


def tiny(*statements: str) -> Material:
    """A graph of statements written as ``name subject predicate object standing``."""
    quads = []
    schema, graph = "https://w3id.org/osteograph/schema/", ox.NamedNode("https://w3id.org/osteograph/graph/statements")
    for words in statements:
        name, subject, predicate, obj, standing, *successor = words.split()
        iri = ox.NamedNode(STATEMENT + name)
        rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        quads.append(ox.Quad(iri, rdf_type, ox.NamedNode(schema + "Statement"), graph))
        for key, value in (("subject", CONCEPT + subject), ("predicate", schema + predicate), ("object", CONCEPT + obj),
                           ("standing", schema + standing)):  # fmt: skip
            quads.append(ox.Quad(iri, ox.NamedNode(schema + key), ox.NamedNode(value), graph))
        replaced = ox.NamedNode("http://purl.org/dc/terms/isReplacedBy")
        quads += [ox.Quad(iri, replaced, ox.NamedNode(STATEMENT + one), graph) for one in successor]
    return Material.from_quads(quads)


def test_statements_are_added_withdrawn_and_change_their_standing() -> None:
    """By IRI; a withdrawn statement leads to its successor."""
    before = tiny("s1 A causes B Accepted", "s2 A causes C Accepted")
    after = tiny("s1 A causes B Disputed", "s3 A causes D Accepted")
    replaced = ox.Quad(
        ox.NamedNode(STATEMENT + "s2"),
        ox.NamedNode("http://purl.org/dc/terms/isReplacedBy"),
        ox.NamedNode(STATEMENT + "s3"),
        ox.NamedNode("https://w3id.org/osteograph/graph/statements"),
    )
    after.store.add(replaced)
    difference = compare(before, after)
    assert difference.standing_changed == [Change(STATEMENT + "s1", STATEMENT + "s1", "accepted", "disputed")]
    assert [change.iri for change in difference.statements_added] == [STATEMENT + "s3"]
    assert [(c.iri, c.after) for c in difference.statements_withdrawn] == [(STATEMENT + "s2", "replaced by ost:s3")]


def test_what_rules_conclude_is_compared() -> None:
    """A derived statement that only one of two graphs has, in words; nothing else differs."""
    graph, kind = "https://w3id.org/osteograph/graph/derivations", "https://w3id.org/osteograph/schema/"
    derived = tiny()
    for key, value in (("subject", CONCEPT + "A"), ("predicate", kind + "contraindicates"), ("object", CONCEPT + "B")):
        triple = (ox.NamedNode(STATEMENT + "s9"), ox.NamedNode(kind + key), ox.NamedNode(value))
        derived.store.add(ox.Quad(*triple, ox.NamedNode(graph)))
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    about = (ox.NamedNode(STATEMENT + "s9"), rdf_type, ox.NamedNode(kind + "DerivedStatement"))
    derived.store.add(ox.Quad(*about, ox.NamedNode(graph)))
    words = f"{CONCEPT}A {load_schema().properties['contraindicates'].label} {CONCEPT}B"
    assert compare(tiny(), derived).derived_added == [Change(STATEMENT + "s9", words)]
    assert compare(derived, tiny()).derived_withdrawn == [Change(STATEMENT + "s9", words)]
    assert sum(map(len, compare(tiny(), derived).kinds().values())) == 1


def test_equal_graphs_do_not_differ(capsys: pytest.CaptureFixture[str], releases: Path) -> None:
    """The command says so in each format."""
    assert main(["diff", str(releases / FIRST), str(releases / FIRST / "osteograph.nq")]) == 0
    assert capsys.readouterr().out == f"{FIRST} -> {FIRST}\n\nno difference\n"
    assert main(["diff", str(releases / FIRST), str(releases / FIRST), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {len(value) for value in document.values() if isinstance(value, list)} == {0}
    assert main(["diff", str(releases), str(releases / FIRST)]) == 1
    assert "no graph in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<http://e/s> <http://e/p> .", "damaged or no N-Quads"),
        ("<http://e/s> <http://e/p> <http://e/o> .", "holds no graph of osteograph"),
        ("", "holds no graph of osteograph"),
    ],
)
def test_a_file_without_our_graph_is_not_compared(
    releases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, told: str
) -> None:
    """As if all had been withdrawn; it is named instead, here and where a folder with it is opened."""
    (tmp_path / "osteograph.nq").write_text(content)
    assert main(["diff", str(releases / FIRST), str(tmp_path)]) == 1
    assert told in capsys.readouterr().err
    assert main(["export", "--format", "obo", "--graph", str(tmp_path)]) == 1
    assert told in capsys.readouterr().err


# The same bytes everywhere


def test_a_release_has_the_same_bytes_everywhere(releases: Path, tmp_path: Path) -> None:
    """Made again in a process with another hash seed, locale, time zone and folder, every file is the same."""
    code = (
        "import sys; from pathlib import Path; from osteograph.graph_builder.releasing import release\n"
        "release(Path(sys.argv[1]))"
    )
    setting = {"PYTHONHASHSEED": "4711", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Chatham", "PYTHONUTF8": "0"}
    command = [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "ein Ordner")]
    process = subprocess.run(command, env=os.environ | setting, check=False, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    first, again = (
        {path.name: path.read_bytes() for path in (folder / FIRST).iterdir()}
        for folder in (releases, tmp_path / "ein Ordner")
    )
    assert set(first) == set(again)
    assert [name for name in first if first[name] != again[name]] == []


def test_a_release_opens_like_a_build(releases: Path) -> None:
    """Questions can be asked of it."""
    with osteograph.load(releases / FIRST) as kg:
        assert kg.ask("concept-by-code", code="NCIT:C7377").dicts()[0]["concept"] == "lung cancer"  # type: ignore[union-attr]
