"""Every format is read by software we did not write, and keeps what its row in ``carries.tsv`` promises."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib

from osteograph.cli import main
from osteograph.graph_builder.exports.carries import carried, loss
from osteograph.graph_builder.exports.derived import DerivedRecord, derived
from osteograph.graph_builder.exports.formats import EXPORTS, as_bytes, write_export
from osteograph.graph_builder.exports.material import Material, StatementRecord
from osteograph.graph_builder.exports.nanopubs import NANOPUB
from osteograph.ontology.errors import OsteographError
from osteograph.ontology.namespaces import CONCEPT, SCHEMA, STATEMENT, expand

from ..needs import need_module

DISPUTED = STATEMENT + "s281ea37b22f9c36d10b6ab0d"  # Prolia has adverse effect kidney damage (frequency: rarely)


@pytest.fixture(scope="module")
def folder(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format but the plain RDF ones, each file under its own name."""
    made = tmp_path_factory.mktemp("exports")
    for export in EXPORTS.values():
        if export.name not in ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "owl"):
            several = len(export.files) > 1
            write_export(export, material, made if several else made / next(iter(export.files)))
    return made


@pytest.fixture(scope="module")
def records(material: Material) -> dict[str, StatementRecord]:
    return {record.iri: record for record in material.statements()}


@pytest.fixture(scope="module")
def conclusions(material: Material) -> dict[str, DerivedRecord]:
    return {record.iri: record for record in derived(material)}


def test_the_table_of_losses_has_every_format_and_no_other() -> None:
    """A format without a row would be silent about what it drops."""
    assert set(carried()) == set(EXPORTS)
    assert loss("nquads") == ""


def test_headers_say_what_is_lost(folder: Path) -> None:
    """In the words of the table, wherever the format has a place for words."""
    for name in ("classes", "obo", "obographs", "rdf12", "nanopubs", "sssom", "graphml", "gexf"):
        file = folder / next(iter(EXPORTS[name].files))
        text = re.sub(r"\\(.)", r"\1", file.read_text("utf-8"))
        assert "This format leaves out:" in text, name
        assert "reviewed by no clinician" in text, name


# OBO


def test_fastobo_reads_obo_and_obo_graphs_alike(folder: Path, material: Material) -> None:
    """Both have the same terms; is_a and relationships are those of the graph."""
    fastobo = need_module("fastobo")
    document = fastobo.load(str(folder / "osteograph.obo"))
    graph = json.loads((folder / "osteograph-obographs.json").read_bytes())["graphs"][0]
    terms = {str(frame.id): frame for frame in document if type(frame).__name__ == "TermFrame"}
    assert len(fastobo.load_graph(str(folder / "osteograph-obographs.json"))) == len(document)
    assert {f"osteoclass:{node['id'].rpartition('/')[2]}" for node in graph["nodes"] if node["type"] == "CLASS"} == set(
        terms
    )
    lung = [str(clause) for clause in terms["osteoclass:LungCancer"]]
    assert "name: lung cancer" in lung
    assert "xref: NCIT:C7377" in lung
    assert any(clause.startswith("is_a: osteoclass:PrimaryCancer") for clause in lung)
    assert any(clause.startswith("relationship: bmo:hasSite osteoclass:Lung") for clause in lung)
    edges = {(edge["sub"], edge["pred"], edge["obj"]) for edge in graph["edges"]}
    classes = "https://w3id.org/osteograph/class/"
    assert (classes + "LungCancer", SCHEMA + "hasSite", classes + "Lung") in edges


def test_is_a_names_its_statements(folder: Path, records: dict[str, StatementRecord]) -> None:
    """A kindOf that an article states bears its statement, which is that very kindOf."""
    edges = json.loads((folder / "osteograph-obographs.json").read_bytes())["graphs"][0]["edges"]
    stated = [(edge, value["val"]) for edge in edges for value in edge.get("meta", {}).get("basicPropertyValues", [])]
    assert len(stated) > 30
    for edge, statement in stated:
        record = records[statement]
        assert record.predicate == SCHEMA + "kindOf"
        assert edge["sub"].rpartition("/")[2] == record.subject.removeprefix(CONCEPT)


# RDF 1.2


def test_rdf12_comes_back_whole(
    folder: Path, records: dict[str, StatementRecord], conclusions: dict[str, DerivedRecord]
) -> None:
    """pyoxigraph reads Turtle and N-Triples alike; each statement keeps content, qualifiers, standing and evidence."""
    read = {
        str(quad.triple): quad.triple
        for quad in ox.parse(path=str(folder / "osteograph-rdf12.ttl"), format=ox.RdfFormat.TURTLE)
    }
    lines = {
        str(quad.triple) for quad in ox.parse(path=str(folder / "osteograph-rdf12.nt"), format=ox.RdfFormat.N_TRIPLES)
    }
    assert set(read) == lines
    about: dict[str, list[ox.Triple]] = {}
    claims: dict[str, set[str]] = {}
    plain: set[ox.Triple] = set()
    for triple in read.values():
        if triple.predicate.value == SCHEMA + "states":
            claims.setdefault(triple.object.value, set()).add(triple.subject.value)
        elif triple.subject.value.startswith(STATEMENT):
            about.setdefault(triple.subject.value, []).append(triple)
        elif triple.predicate.value not in (SCHEMA + "polarity", SCHEMA + "ofSource", SCHEMA + "restsOn"):
            plain.add(triple)
    assert set(about) == set(records) | set(conclusions)
    for iri, conclusion in conclusions.items():
        grounds = {str(t.object) for t in about[iri] if t.predicate.value == expand("prov:wasDerivedFrom")}
        assert grounds == {f"<{ground}>" for ground in conclusion.grounds}
        assert conclusion.triple in {t.object for t in about[iri]}
    for iri, record in records.items():
        values = {(t.predicate.value, t.object) for t in about[iri]}
        stated = ox.Triple(ox.NamedNode(record.subject), ox.NamedNode(record.predicate), record.object)
        assert (expand("rdf:reifies"), stated) in values
        assert (SCHEMA + "standing", ox.NamedNode(SCHEMA + record.standing)) in values
        assert set(record.qualifiers) <= values
        assert claims.get(iri, set()) == {claim.iri for claim in record.claims}
    asserted = {record.plain for record in records.values() if record.plain}
    assert plain == asserted | {conclusion.triple for conclusion in conclusions.values()}


# Nanopublications


def test_nanopublications_are_valid(
    folder: Path, records: dict[str, StatementRecord], conclusions: dict[str, DerivedRecord]
) -> None:
    """The nanopub package finds each sample well formed; there is one for every statement, derived ones too."""
    nanopub = need_module("nanopub")
    dataset = rdflib.Dataset()
    dataset.parse(folder / "osteograph-nanopubs.trig", format="trig")
    by_publication: dict[str, list[Any]] = {}
    for subject, predicate, obj, graph in dataset.quads():
        by_publication.setdefault(str(graph).removeprefix(NANOPUB).partition("/")[0], []).append(
            (subject, predicate, obj, graph)
        )
    assert {STATEMENT + name for name in by_publication} == set(records) | set(conclusions)
    sample = [DISPUTED.removeprefix(STATEMENT), *sorted(by_publication)[::200]]
    assert {STATEMENT + name in conclusions for name in sample} == {True, False}
    for name in sample:
        one = rdflib.Dataset()
        one.addN((s, p, o, one.graph(g)) for s, p, o, g in by_publication[name])
        conf = nanopub.NanopubConf(use_test_server=True)
        assert nanopub.Nanopub(rdf=one, conf=conf).is_valid


def test_a_disputed_statement_is_published_without_being_asserted(material: Material) -> None:
    """Its nanopublication has the node and how it stands, not the plain triple."""
    from osteograph.graph_builder.exports.nanopubs import nanopub

    quads = nanopub(material.statement(DISPUTED), material.header())
    triples = {(q.subject.value, q.predicate.value, q.object.value) for q in quads}  # type: ignore[union-attr]
    assert (DISPUTED, SCHEMA + "standing", SCHEMA + "Disputed") in triples
    assert (CONCEPT + "Prolia", SCHEMA + "hasAdverseEffect", CONCEPT + "KidneyDamage") not in triples
    assert ("https://w3id.org/osteograph/claim/C624", SCHEMA + "restsOn") in {(s, p) for s, p, _ in triples}


def test_a_conclusion_is_published_with_what_it_was_derived_from(material: Material) -> None:
    """No claim stands behind it, but the rule parts and statements that some derivation used."""
    from osteograph.graph_builder.exports.nanopubs import nanopub

    record = next(derived(material))
    quads = nanopub(record, material.header())
    found = [(str(q.graph_name).rpartition("/")[2], q.predicate.value, str(q.object)) for q in quads]
    grounds = {obj for _, predicate, obj in found if predicate == expand("prov:wasDerivedFrom")}
    assert grounds == {f"<{ground}>" for ground in record.grounds} != set()
    assert ("assertion>", record.predicate, f"<{record.object}>") in found
    assert not any("/claim/" in obj for _, _, obj in found)


# Networks


def test_gexf_has_one_header(folder: Path) -> None:
    """Creator, day and notice stand once, whichever version of networkx wrote the rest."""
    head = (folder / "osteograph.gexf").read_text(encoding="utf-8").partition("<graph ")[0]
    assert [head.count(tag) for tag in ("<meta ", "<creator>", "<description>", "</meta>")] == [1, 1, 1, 1]
    assert '<meta lastmodifieddate="2' in head
    assert "reviewed by no clinician" in head


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networks_keep_the_iri_of_every_statement(
    folder: Path, records: dict[str, StatementRecord], conclusions: dict[str, DerivedRecord], name: str
) -> None:
    """networkx reads back every statement between concepts, with standing, qualifiers and evidence or grounds."""
    file = folder / f"osteograph.{name}"
    network: Any = nx.read_graphml(file) if name == "graphml" else nx.read_gexf(file)
    edges = {data.get("id", key): (s, t, data) for s, t, key, data in network.edges(keys=True, data=True)}
    between = {iri for iri, record in records.items() if isinstance(record.object, ox.NamedNode)}
    found = {iri for iri in edges if iri.startswith(STATEMENT)}
    assert found == between | set(conclusions)
    source, target, data = edges[DISPUTED]
    assert (source, target) == (CONCEPT + "Prolia", CONCEPT + "KidneyDamage")
    assert (data["standing"], data["plain"]) == ("disputed", False)
    assert data["qualifiers"] == f"bmo:frequency={SCHEMA}FrequencyRarely"
    assert data["claims"].endswith("/claim/C624")
    for iri in between:
        assert edges[iri][2]["standing"] == records[iri].standing.lower()
    for iri, conclusion in conclusions.items():
        *ends, data = edges[iri]
        assert ends == [conclusion.subject, conclusion.object]
        assert (data["standing"], data["claims"]) == ("derived", "")
        assert set(data["grounds"].split("|")) == set(conclusion.grounds)


def test_igraph_reads_graphml(folder: Path) -> None:
    """Another reader, with as many nodes and edges."""
    igraph = need_module("igraph")
    other, ours = (
        igraph.Graph.Read_GraphML(str(folder / "osteograph.graphml")),
        nx.read_graphml(folder / "osteograph.graphml"),
    )
    assert (other.vcount(), other.ecount()) == (len(ours), ours.number_of_edges())
    assert "label" in other.vs.attributes()


# Tables


def test_duckdb_joins_statements_with_their_passages(folder: Path) -> None:
    """From CSV and from Parquet: on which passages it rests that kidney cancer is prone to reach bone."""
    duckdb = need_module("duckdb")
    answers = []
    for kind in ("csv", "parquet"):
        read = {t: f"read_{'csv_auto' if kind == 'csv' else kind}('{folder}/osteograph_{t}.{kind}')" for t in
                ("statements", "evidence")}  # fmt: skip
        query = (
            f'SELECT passage, start, "end" FROM {read["statements"]} JOIN {read["evidence"]} USING (statement) '
            f"WHERE subject = '{CONCEPT}KidneyCancer' AND predicate = '{SCHEMA}proneToMetastasizeTo' ORDER BY 1"
        )
        answers.append(duckdb.sql(query).fetchall())
    passage = "https://w3id.org/osteograph/passage/"
    assert answers == [[(passage + "a-s037", 1556, 1622), (passage + "a-s041", 1685, 1703)]] * 2


def test_pandas_reads_the_same_from_csv_and_parquet(folder: Path) -> None:
    """Every table, cell by cell."""
    pandas = need_module("pandas")
    for file in EXPORTS["csv"].files:
        from_csv = pandas.read_csv(folder / file, keep_default_na=False)
        from_parquet = pandas.read_parquet(folder / file.replace(".csv", ".parquet"))
        assert from_csv.astype(str).to_dict("list") == from_parquet.astype(str).to_dict("list"), file


# SSSOM


def test_sssom_keeps_every_row_of_the_curated_table(folder: Path, curation: Any) -> None:
    """Subject, predicate, object, justification and confidence, and what was looked for in vain."""
    lines = (folder / "osteograph.sssom.tsv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t", quoting=3))
    found = {(r["predicate_id"], r["object_id"], r["mapping_justification"], r["confidence"]) for r in rows}
    assert found == {(m.predicate, m.object, m.justification, m.confidence) for m in curation.mappings}
    assert len(rows) == len(curation.mappings)
    assert sum(row["object_id"] == "sssom:NoTermFound" for row in rows) == 7


def test_the_metadata_of_sssom_declares_every_prefix(folder: Path) -> None:
    """The YAML block reads as YAML."""
    import yaml

    lines = (folder / "osteograph.sssom.tsv").read_text("utf-8").splitlines()
    metadata = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t", quoting=3)
    used = {row[slot].partition(":")[0] for row in rows for slot in ("subject_id", "predicate_id", "object_id")}
    assert used - set(metadata["curie_map"]) == set()
    assert metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"


SLOTS_OF_SETS = (
    "sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title",
    "mapping_set_description", "license", "subject_source", "subject_source_version", "mapping_date",
)  # fmt: skip
SLOTS_OF_MAPPINGS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "license",
    "subject_type", "object_type", "object_source", "object_source_version", "confidence", "other", "comment",
)  # fmt: skip


def test_sssom_has_its_canonical_order(folder: Path) -> None:
    """Slots in the order in which the specification of SSSOM lists them, rows and prefixes sorted, line feeds alone."""
    text = (folder / "osteograph.sssom.tsv").read_bytes().decode()
    lines = text.split("\n")
    slots = [line[1:].partition(":")[0] for line in lines if line.startswith("#") and not line.startswith("# ")]
    prefixes = [line for line in lines if line.startswith("# ")]
    header, *rows = [line for line in lines if line and not line.startswith("#")]
    assert (tuple(slots), tuple(header.split("\t"))) == (SLOTS_OF_SETS, SLOTS_OF_MAPPINGS)
    keys = [(cells[0], cells[2], cells[3]) for cells in (row.split("\t") for row in rows)]
    assert (keys, prefixes) == (sorted(keys), sorted(prefixes))
    assert "\r" not in text


# The command


def test_the_command_lists_writes_and_refuses(
    built: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], material: Material
) -> None:
    """Without a format it lists them; a file or a folder is written whole; standard output takes one file only."""
    assert main(["export"]) == 0
    assert set(EXPORTS) <= {line.split()[0] for line in capsysbinary.readouterr().out.decode().splitlines()}
    assert main(["export", "--format", "kgx", "--output", str(tmp_path / "kgx"), "--graph", str(built)]) == 0
    assert {path.name for path in (tmp_path / "kgx").iterdir()} == set(EXPORTS["kgx"].files)
    capsysbinary.readouterr()
    assert main(["export", "--format", "obo", "--graph", str(built)]) == 0
    ((_, writer),) = EXPORTS["obo"].files.values()
    assert capsysbinary.readouterr().out == b"".join(as_bytes(writer(material)))
    assert main(["export", "--format", "kgx", "--graph", str(built)]) == 1
    assert b"name a folder" in capsysbinary.readouterr().err
    assert main(["export", "--format", "tutle", "--graph", str(built)]) == 1
    assert b"Did you mean turtle" in capsysbinary.readouterr().err


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """Neither half a file nor litter."""
    from osteograph.graph_builder.export import write_aside

    def fail() -> Any:
        yield b"one"
        raise OSError(28, "No space left on device")

    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(OsteographError, match="No space left"):
        write_aside(tmp_path / "file", fail())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]
