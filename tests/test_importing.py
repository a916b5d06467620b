"""Files of others come in checked and bounded, in graphs of their own, and stay out of what we publish."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import osteograph
from osteograph.cli import main
from osteograph.graph_builder.build import replace_folder
from osteograph.graph_builder.importing import import_file, import_large, list_imports, remove_import
from osteograph.graph_builder.parsing import GENID, IMPORTED, Limits, read_untrusted, stream_untrusted
from osteograph.ontology.errors import OsteographError, ProblemsFound
from osteograph.ontology.namespaces import BASE
from osteograph.queries.opening import imports_folder

PREFIXES = """
@prefix bmo: <https://w3id.org/osteograph/schema/> .
@prefix osteo: <https://w3id.org/osteograph/concept/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix iao: <http://purl.obolibrary.org/obo/IAO_> .
@prefix ex: <http://example.org/> .
"""
PATIENT = PREFIXES + "ex:p1 a bmo:Patient ; bmo:hasCondition osteo:Hypocalcemia , [ rdfs:label 'a note' ] .\n"


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """A copy of the build, since imports stand beside it."""
    return Path(shutil.copytree(built, tmp_path / "graph"))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_questions_see_what_was_imported_and_exports_do_not(graph: Path, tmp_path: Path) -> None:
    """A patient in a named graph of their own, joined with ours; a new build leaves it, an export leaves it out."""
    done = import_file(write(tmp_path, "My Patients.ttl", PATIENT), folder=graph)
    assert (done.name, done.graphs, done.triples) == ("my-patients", (IMPORTED + "my-patients",), 4)
    query = """SELECT ?patient ?label WHERE {
        GRAPH <https://w3id.org/osteograph/graph/import/my-patients> { ?patient bmo:hasCondition ?condition }
        ?condition rdfs:label ?label ; a bmo:Disease }"""
    replace_folder(graph, {path.name: path.read_bytes() for path in graph.iterdir()})  # as a build does at its end
    with osteograph.load(graph) as kg:
        assert kg.sparql(query).dicts() == [{"patient": "http://example.org/p1", "label": "hypocalcemia"}]  # type: ignore[union-attr]
        assert not any("example.org" in str(quad) for quad in kg.quads())
    assert main(["export", "--format", "nquads", "--graph", str(graph), "--output", str(tmp_path / "out.nq")]) == 0
    assert "example.org/p1" not in (tmp_path / "out.nq").read_text("utf-8")
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600


def test_imports_are_listed_replaced_and_removed(
    graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command; a second import of a name is refused unless it replaces the first."""
    file, where = str(write(tmp_path, "p.ttl", PATIENT)), ["--graph", str(graph)]
    assert main(["import", file, *where]) == 0
    assert main(["import", file, *where]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["import", file, "--replace", *where]) == 0
    assert main(["import", file, "--name", "other", *where]) == 0
    capsys.readouterr()
    assert main(["import", *where]) == 0
    assert capsys.readouterr().out == "other  4 triples\np  4 triples\n"
    remove_import("other", graph)
    assert list_imports(graph) == [("p", 4)]
    with pytest.raises(OsteographError, match="there is p"):
        remove_import("other", graph)


def test_blank_nodes_become_iris_that_never_change(tmp_path: Path) -> None:
    """The same file read twice gives the same quads, without a blank node."""
    file = write(tmp_path, "p.ttl", PATIENT)
    first, second = read_untrusted(file, "p"), read_untrusted(file, "p")
    assert set(first) == set(second)
    assert not any(isinstance(term, ox.BlankNode) for quad in first for term in (quad.subject, quad.object))
    assert sum(quad.subject.value.startswith(GENID) for quad in first) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld"])
def test_every_format_reads_alike(tmp_path: Path, ending: str) -> None:
    """The same triple in each."""
    triple = "<http://e/s> <http://e/p> <http://e/o> ."
    texts = {
        ".rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/s"><e:p rdf:resource="http://e/o"/></rdf:Description></rdf:RDF>',
        ".jsonld": '{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}',
    }
    for start in ("", "\ufeff"):  # a byte order mark is no fault
        (quad,) = read_untrusted(write(tmp_path, f"x{ending}", start + texts.get(ending, triple)), "x")
        assert str(quad.triple) == "<http://e/s> <http://e/p> <http://e/o>"
        assert quad.graph_name == ox.NamedNode(IMPORTED + "x")


# Refused

BOMB = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(12)
)
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
DEEP_XML = XML + "<e:a><e:b>" * 100_000 + "</e:b></e:a>" * 100_000 + "</rdf:RDF>"
DEEP_TERMS = "<http://e/a> <http://e/b> " + "<<( <http://e/a> <http://e/b> " * 100_000 + "1" + " )>>" * 100_000 + " ."
REFUSED = {
    "entity bomb": ("x.owl", BOMB + f"]>\n{XML}<e:a>&a11;</e:a></rdf:RDF>", "save it as Turtle"),
    "deep XML": ("x.rdf", DEEP_XML, "nest"),
    "deep triple terms": ("x.ttl", DEEP_TERMS, "nested too deeply"),
    "context elsewhere": ("x.jsonld", '{"@context": "http://127.0.0.1:9/c", "@id": "http://e/s"}', "never fetched"),
    "zipped": ("x.ttl", b"\x1f\x8b\x08" + b"\0" * 90, "gunzip"),
    "packed": ("x.ttl.gz", b"\x1f\x8b\x08", "unpack it first"),
    "a term of many megabytes": ("x.nt", f'<http://e/s> <http://e/p> "{"a" * 2**25}" .', "term of many megabytes"),
    "the graph of another import": ("x.trig", f"<{IMPORTED}xy> {{ <http://e/s> <http://e/p> 1 }}", "belongs to"),
    "our graph": ("x.nq", "<http://e/s> <http://e/p> 1 <https://w3id.org/osteograph/graph/safety> .".replace(
        " 1 ", ' "1" '), "belongs to osteograph"),
    "triple term": ("x.ttl", "<http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> 1 )>> .", "RDF 1.2"),
    "no RDF": ("x.pdf", "%PDF", "no format ends in '.pdf'"),
    "UTF-16": ("x.ttl", PATIENT.encode("utf-16"), "iconv -f UTF-16"),
    "empty": ("x.ttl", "# nothing\n", "holds no triple"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "told"), REFUSED.values(), ids=REFUSED)
def test_hostile_files_are_refused_with_a_reason(
    graph: Path, tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    """This process survives, nothing is kept, and the message says what to do."""
    with pytest.raises(OsteographError, match=told):
        import_file(write(tmp_path, name, content), folder=graph, limits=Limits(seconds=2))
    assert not imports_folder(graph).exists()


def test_a_fault_of_syntax_is_named_with_its_place(graph: Path, tmp_path: Path) -> None:
    """File, line and column."""
    with pytest.raises(ProblemsFound, match=r"x\.ttl:2: column \d+"):
        import_file(
            write(tmp_path, "x.ttl", "<http://e/s> <http://e/p> 1 .\n<http://e/s> nonsense 1 .\n"), folder=graph
        )


@pytest.mark.parametrize("ending", [".nt", ".nq"])
def test_all_faulty_lines_are_named_at_once(tmp_path: Path, ending: str) -> None:
    """Where a line stands for itself, the first fault does not hide the others."""
    good = "<http://e/s> <http://e/p> <http://e/o> .\n"
    file = write(tmp_path, f"x{ending}", f"{good}rubbish\n{good}<http://e/s> <http://e/p> .\n{good}")
    with pytest.raises(ProblemsFound) as caught:
        read_untrusted(file, "x")
    assert [problem.line for problem in caught.value.problems] == [2, 4]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
@pytest.mark.parametrize("take", [import_file, import_large])
def test_what_is_no_file_is_not_waited_for(graph: Path, tmp_path: Path, take: Callable[..., object]) -> None:
    """A pipe might never end; a folder has nothing to read."""
    os.mkfifo(tmp_path / "pipe.nt")
    (tmp_path / "folder.nt").mkdir()
    with pytest.raises(OsteographError, match="no regular file"):
        take(tmp_path / "pipe.nt", folder=graph)
    with pytest.raises(OsteographError, match="is a folder"):
        take(tmp_path / "folder.nt", folder=graph)


FORGED = (
    PREFIXES
    + """
@prefix ost: <https://w3id.org/osteograph/statement/> .
@prefix rule: <https://w3id.org/osteograph/rule/> .
ost:s281ea37b22f9c36d10b6ab0d bmo:standing bmo:Accepted .
rule:ZOL-07 bmo:verified true .
<https://w3id.org/osteograph> owl:versionInfo "2099-01-01" .
bmo:cautionedIn rdfs:subPropertyOf bmo:contraindicatedIn .
osteo:Prolia bmo:hasAdverseEffect osteo:KidneyDamage .
osteo:LungCancer bmo:boneSpreadRank 1 .
osteo:Prolia a bmo:Disease .
"""
)


def refused(file: Path, graph: Path) -> ProblemsFound:
    """With what a file is refused, and nothing of it imported."""
    with pytest.raises(ProblemsFound) as caught:
        import_file(file, folder=graph)
    assert not imports_folder(graph).exists()
    return caught.value


def test_nobody_speaks_in_our_name(graph: Path, tmp_path: Path) -> None:
    """What statements, rules and terms of ours are, and what holds between our concepts, is not for a file to say."""
    found = refused(write(tmp_path, "forged.ttl", FORGED), graph)
    assert len(found.problems) == 7
    assert {problem.file for problem in found.problems} == {"forged.ttl"}
    assert "osteo:Prolia bmo:hasAdverseEffect: what holds of a concept" in str(found)


def test_what_a_file_merely_mentions_is_not_held_against_it(
    graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Links to claims and passages, and from our concepts to what is one's own, are welcome; an odd day is no noise."""
    own = PREFIXES + (
        "ex:note rdfs:seeAlso <https://w3id.org/osteograph/claim/C624> ,\n"
        "  <https://w3id.org/osteograph/passage/b-s081> , <https://w3id.org/osteograph/rule/ZOL-07> .\n"
        "osteo:Bone <http://www.w3.org/2004/02/skos/core#closeMatch> ex:B1 . osteo:Bone bmo:partOf ex:Whole .\n"
        "ex:note ex:day '2020-99-99'^^<http://www.w3.org/2001/XMLSchema#date> .\n"
    )
    assert import_file(write(tmp_path, "own.ttl", own), folder=graph).triples == 6
    assert capfd.readouterr().err == ""


def test_size_and_number_are_bounded(graph: Path, tmp_path: Path) -> None:
    """Both limits are the user's to set."""
    file = write(tmp_path, "x.nt", "".join(f'<http://e/s> <http://e/p> "{n}" .\n' for n in range(100)))
    with pytest.raises(OsteographError, match="more than 1000 bytes"):
        import_file(file, folder=graph, limits=Limits(bytes=1000))
    with pytest.raises(ProblemsFound, match="more than 99 triples"):
        import_file(file, folder=graph, limits=Limits(triples=99))


def test_the_shapes_object_to_what_contradicts_the_graph(graph: Path, tmp_path: Path) -> None:
    """A second label for our concept, a statement without a claim: both are named, and nothing is imported."""
    broken = PREFIXES + (
        "osteo:Bone rdfs:label 'the bone'@en .\n"
        "ex:s a bmo:Statement ; bmo:subject osteo:Bone ; bmo:predicate bmo:kindOf ; bmo:object osteo:Bone ;\n"
        "  bmo:standing bmo:Accepted ; bmo:origin bmo:AssertedOrigin .\n"
    )
    told = str(refused(write(tmp_path, "x.ttl", broken), graph))
    assert "a term has exactly one label" in told
    assert "a statement is made by at least one claim" in told


def test_an_extension_ontology_comes_in_and_its_imports_are_not_followed(
    graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A concept of the user below ours; ``owl:imports`` is named and left alone."""
    ours = PREFIXES + (
        "<http://example.org/onto> a owl:Ontology ; owl:imports <http://127.0.0.1:9/other> .\n"
        "ex:ToeMetastasis a bmo:MetastaticDisease ; rdfs:label 'toe metastasis'@en ;\n"
        "  bmo:kindOf osteo:BoneMetastasis ; iao:0000115 'Metastasis in a toe.'@en .\n"
    )
    assert main(["import", str(write(tmp_path, "onto.ttl", ours)), "--graph", str(graph)]) == 0
    assert "not followed: owl:imports http://127.0.0.1:9/other" in capsys.readouterr().err
    with osteograph.load(graph) as kg:
        rows = kg.ask("narrower-concepts", concept="bone metastasis").dicts()  # type: ignore[union-attr]
    assert "toe metastasis" in {value for row in rows for value in row.values()}


# Large files


def test_a_large_file_comes_in_as_it_is(graph: Path, tmp_path: Path) -> None:
    """Line by line, into a graph of its own, blank nodes as IRIs; the store on disk has it."""
    file = tmp_path / "cohort.nt"
    file.write_text('_:p <http://e/has> "a" .\n_:p <http://e/has> "b" .\n<http://e/s> <http://e/p> _:p .\n')
    done = import_large(file, folder=graph)
    assert (done.name, done.triples, done.graphs) == ("cohort", 3, (f"{IMPORTED}cohort",))
    assert done.file.stat().st_mode & 0o077 == 0
    with osteograph.load(graph, on_disk=True) as kg:
        assert kg.sparql("ASK { <http://e/s> <http://e/p> ?b . ?b <http://e/has> 'b' FILTER(isIRI(?b)) }") is True
    assert import_large(file, folder=graph, replace=True) == done
    remove_import("cohort", graph)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.ttl", "<http://e/s> <http://e/p> 1 .", "has to be N-Triples or N-Quads"),
        ("a.nt", "", "holds no triple"),
        ("a.nt", "<http://e/s> <http://e/p> 1 .", "a.nt:1"),
        ("a.nq", f"<http://e/s> <http://e/p> <http://e/o> <{BASE}graph/concepts> .", "belongs to osteograph"),
    ],
)
def test_a_large_file_with_a_fault_is_not_imported(
    graph: Path, tmp_path: Path, name: str, text: str, message: str
) -> None:
    """Nothing of it stays beside the build."""
    (tmp_path / name).write_text(text)
    with pytest.raises(OsteographError, match=message):
        import_large(tmp_path / name, folder=graph)
    assert [path.name for path in imports_folder(graph).glob("*")] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    """Not a traceback, and not a fault of the file."""
    file = write(tmp_path, "many.nt", "".join(f"<http://e/s{n}> <http://e/p> <http://e/o> .\n" for n in range(3)))
    with open("/dev/full", "wb") as full, pytest.raises(OsteographError, match="could not be written: No space left"):
        stream_untrusted(file, "many", full)
