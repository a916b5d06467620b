"""Answers as text: the W3C's result formats against small cases of their specifications, and tables for people."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from osteograph.ontology.errors import OsteographError
from osteograph.queries.results import FORMATS, TABLE_FORMATS, plain, render
from osteograph.queries.stores.base import Solutions, Term

XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


def typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def one(term: Term | None) -> Solutions:
    """An answer of one cell."""
    return Solutions(("x",), ((term,),))


# SPARQL 1.1 Query Results CSV and TSV Formats (W3C, 2013), sections 3 and 4: the example given there

EXAMPLE = Solutions(
    ("x", "literal"),
    (
        (ox.NamedNode("http://example/x"), ox.Literal("String")),
        (ox.NamedNode("http://example/x"), ox.Literal('String-with-dquote"')),
        (ox.BlankNode("b0"), ox.Literal("Blank node")),
        (None, ox.Literal("Missing 'x'")),
        (None, None),
        (ox.NamedNode("http://example/x"), None),
        (ox.BlankNode("b1"), ox.Literal("String-with-lang", language="en")),
        (ox.BlankNode("b1"), typed("123", "integer")),
    ),
)


def test_csv_is_the_example_of_the_specification() -> None:
    """Values alone, quotes doubled, unbound cells empty, lines ending in CR LF."""
    assert render(EXAMPLE, "csv").split("\r\n") == [
        "x,literal",
        "http://example/x,String",
        'http://example/x,"String-with-dquote"""',
        "_:b0,Blank node",
        ",Missing 'x'",
        ",",
        "http://example/x,",
        "_:b1,String-with-lang",
        "_:b1,123",
        "",
    ]


def test_tsv_is_the_example_of_the_specification() -> None:
    """Whole terms in Turtle syntax, variables with question marks; a number may be written in full."""
    assert render(EXAMPLE, "tsv").split("\n") == [
        "?x\t?literal",
        '<http://example/x>\t"String"',
        '<http://example/x>\t"String-with-dquote\\""',
        '_:b0\t"Blank node"',
        "\t\"Missing 'x'\"",
        "\t",
        "<http://example/x>\t",
        '_:b1\t"String-with-lang"@en',
        f'_:b1\t"123"^^<{XSD}integer>',
        "",
    ]


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("plain", "plain"),
        ("a,b", '"a,b"'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        ('"', '""""'),
        ("", ""),
        (" a ", " a "),
        ("a\tb", "a\tb"),
        ("=1+1", "=1+1"),
    ],
)
def test_csv_quotes_where_it_must(words: str, cell: str) -> None:
    """A cell with a comma, a quotation mark or a line end is quoted, and no other."""
    assert render(one(ox.Literal(words)), "csv") == f"x\r\n{cell}\r\n"


@pytest.mark.parametrize(
    ("words", "cell"),
    [("a\tb", '"a\\tb"'), ("a\nb", '"a\\nb"'), ("a\rb", '"a\\rb"'), ("\\", '"\\\\"'), ('"', '"\\""'), ("é🦴", '"é🦴"')],
)
def test_tsv_escapes_what_would_break_a_line(words: str, cell: str) -> None:
    """Tabs, line feeds, carriage returns, backslashes and quotation marks are escaped as in Turtle."""
    assert render(one(ox.Literal(words)), "tsv") == f"?x\n{cell}\n"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_csv_is_read_back_by_the_csv_module(pairs: list[tuple[str, str]]) -> None:
    """Whatever the literals hold, a CSV reader finds the same cells in the same rows."""
    answer = Solutions(("a", "b"), tuple((ox.Literal(a), ox.Literal(b)) for a, b in pairs))
    found = list(csv.reader(io.StringIO(render(answer, "csv"), newline="")))
    assert [tuple(row) for row in found] == [("a", "b"), *pairs]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_tsv_has_one_line_a_row_and_one_tab_between_cells(pairs: list[tuple[str, str]]) -> None:
    """No literal can add a line or a cell."""
    answer = Solutions(("a", "b"), tuple((ox.Literal(a), ox.Literal(b)) for a, b in pairs))
    lines = render(answer, "tsv").split("\n")
    assert ([line.count("\t") for line in lines[:-1]], lines[-1]) == ([1] * (len(pairs) + 1), "")


# SPARQL 1.1 Query Results JSON Format (W3C, 2013), section 3


def test_json_is_the_example_of_the_specification() -> None:
    """Variables in the head; of each row only what is bound, with its type, language and datatype."""
    answer = Solutions(
        ("x", "hpage", "name", "mbox", "age", "blurb", "friend"),
        (
            (
                ox.BlankNode("r1"),
                ox.NamedNode("http://work.example.org/alice/"),
                ox.Literal("Alice"),
                ox.Literal(""),
                None,
                ox.Literal(
                    '<p xmlns="http://www.w3.org/1999/xhtml">My name is <b>alice</b></p>',
                    datatype=ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"),
                ),
                ox.BlankNode("r2"),
            ),
            (
                ox.BlankNode("r2"),
                ox.NamedNode("http://work.example.org/bob/"),
                ox.Literal("Bob", language="en"),
                ox.NamedNode("mailto:bob@work.example.org"),
                typed("30", "integer"),
                None,
                ox.BlankNode("r1"),
            ),
        ),
    )
    assert json.loads(render(answer, "json")) == {
        "head": {"vars": ["x", "hpage", "name", "mbox", "age", "blurb", "friend"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "bnode", "value": "r1"},
                    "hpage": {"type": "uri", "value": "http://work.example.org/alice/"},
                    "name": {"type": "literal", "value": "Alice"},
                    "mbox": {"type": "literal", "value": ""},
                    "blurb": {
                        "datatype": "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral",
                        "type": "literal",
                        "value": '<p xmlns="http://www.w3.org/1999/xhtml">My name is <b>alice</b></p>',
                    },
                    "friend": {"type": "bnode", "value": "r2"},
                },
                {
                    "x": {"type": "bnode", "value": "r2"},
                    "hpage": {"type": "uri", "value": "http://work.example.org/bob/"},
                    "name": {"type": "literal", "value": "Bob", "xml:lang": "en"},
                    "mbox": {"type": "uri", "value": "mailto:bob@work.example.org"},
                    "age": {"type": "literal", "value": "30", "datatype": f"{XSD}integer"},
                    "friend": {"type": "bnode", "value": "r1"},
                },
            ]
        },
    }


def test_json_without_rows_keeps_head_and_empty_bindings() -> None:
    """An answer without rows is a document with an empty list."""
    empty = {"head": {"vars": ["a", "b"]}, "results": {"bindings": []}}
    assert json.loads(render(Solutions(("a", "b"), ()), "json")) == empty


def test_json_of_ask_is_a_boolean() -> None:
    """The document of an ASK has a head and a truth value."""
    assert json.loads(render(True, "json")) == {"head": {}, "boolean": True}
    assert json.loads(render(False, "json")) == {"head": {}, "boolean": False}


@given(st.text())
def test_json_keeps_any_text(words: str) -> None:
    """Whatever a literal holds is the value in the document."""
    (binding,) = json.loads(render(one(ox.Literal(words)), "json"))["results"]["bindings"]
    assert binding == {"x": {"type": "literal", "value": words}}


# SPARQL Query Results XML Format (W3C, second edition, 2013)


def test_xml_holds_variables_and_terms_as_the_specification_says() -> None:
    """Variables in the head; of each row only what is bound, by the kinds of terms."""
    answer = Solutions(
        ("x", "name", "age"),
        (
            (ox.BlankNode("r1"), ox.Literal("Bob & <Ann>", language="en"), typed("30", "integer")),
            (iri("a?b=1&c=2"), ox.Literal("Alice"), None),
        ),
    )
    assert render(answer, "xml") == (
        '<?xml version="1.0"?>\n'
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
        '<head><variable name="x"/><variable name="name"/><variable name="age"/></head>\n'
        "<results>\n"
        '<result><binding name="x"><bnode>r1</bnode></binding>'
        '<binding name="name"><literal xml:lang="en">Bob &amp; &lt;Ann&gt;</literal></binding>'
        f'<binding name="age"><literal datatype="{XSD}integer">30</literal></binding></result>\n'
        '<result><binding name="x"><uri>http://example.org/a?b=1&amp;c=2</uri></binding>'
        '<binding name="name"><literal>Alice</literal></binding></result>\n'
        "</results>\n"
        "</sparql>\n"
    )


@pytest.mark.parametrize(("value", "word"), [(True, "true"), (False, "false")])
def test_xml_of_ask_is_a_boolean(value: bool, word: str) -> None:
    """The document of an ASK has an empty head and a truth value."""
    root = ElementTree.fromstring(render(value, "xml"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [(child.tag, child.text) for child in root] == [(f"{space}head", None), (f"{space}boolean", word)]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
@example("a\r\nb\tc\n")
@example("]]> & </literal>")
def test_xml_keeps_any_text_that_xml_can_hold(words: str) -> None:
    """An XML parser finds the very words of the literal."""
    root = ElementTree.fromstring(render(one(ox.Literal(words)), "xml"))
    assert [literal.text or "" for literal in root.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [words]


@given(st.text())
def test_xml_is_well_formed_whatever_a_literal_holds(words: str) -> None:
    """Characters that XML 1.0 has not (NUL, for one) are replaced, and the document still parses."""
    root = ElementTree.fromstring(render(one(ox.Literal(words)), "xml"))
    assert len(list(root.iter("{http://www.w3.org/2005/sparql-results#}literal"))) == 1


# Answers that are no rows


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "markdown"])
def test_a_boolean_is_one_word_and_a_line_end(form: str) -> None:
    """The truth of an ASK is a word, where the format has no document for it."""
    assert (render(True, form), render(False, form)) == ("true\n", "false\n")


GRAPH = (
    ox.Triple(iri("a"), iri("p"), ox.Literal("x", language="en")),
    ox.Triple(ox.NamedNode("https://w3id.org/osteograph/concept/Bone"), iri("p"), typed("1", "integer")),
)
PARSED = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "table": ox.RdfFormat.TURTLE,
    "csv": ox.RdfFormat.TURTLE,
}


@pytest.mark.parametrize("form", PARSED)
def test_a_graph_is_read_back_as_the_same_triples(form: str) -> None:
    """The triples of a CONSTRUCT survive every format; where rows are asked for, they come as Turtle."""
    parsed = ox.parse(render(GRAPH, form), format=PARSED[form])
    assert {quad.triple for quad in parsed} == set(GRAPH)


def test_turtle_uses_our_prefixes() -> None:
    """People read osteo:Bone, not its IRI."""
    assert "osteo:Bone " in render(GRAPH, "turtle")


def test_no_triples_make_no_rows() -> None:
    """An empty graph is an empty document in N-Triples."""
    assert render((), "ntriples").strip() == ""


# For people


def test_a_table_aligns_its_columns_and_counts_its_rows() -> None:
    """Columns as wide as their widest cell, no blanks at the end of a line, the number of rows below."""
    answer = Solutions(
        ("cancer", "common_site"),
        (
            (ox.NamedNode("https://w3id.org/osteograph/concept/LungCancer"), ox.Literal("spine")),
            (ox.Literal("x"), None),
        ),
    )
    assert render(answer) == (
        "cancer            common site\n────────────────  ───────────\nosteo:LungCancer  spine\nx\n(2 rows)\n"
    )


def test_a_table_hides_a_column_that_is_empty_throughout() -> None:
    """A column without any value takes no room; one with a single value stays."""
    answer = Solutions(("a", "b", "c"), ((ox.Literal("1"), None, None), (ox.Literal("2"), None, ox.Literal("3"))))
    assert render(answer) == "a  c\n─  ─\n1\n2  3\n(2 rows)\n"


def test_a_table_without_rows_shows_all_columns() -> None:
    """Where nothing was found the reader still sees what was asked for."""
    assert render(Solutions(("a", "b"), ())) == "a  b\n─  ─\n(0 rows)\n"


def test_one_row_is_one_row() -> None:
    """The count below a table is in good English."""
    assert render(one(ox.Literal("1"))) == "x\n─\n1\n(1 row)\n"


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (None, ""),
        (iri("x"), "http://example.org/x"),
        (ox.NamedNode(XSD + "integer"), "xsd:integer"),
        (ox.BlankNode("b"), "b"),
        (typed("1", "integer"), "1"),
        (ox.Literal("Brust", language="de"), "Brust"),
        (ox.Literal("a\nb\tc"), "a b c"),
        (ox.Literal("\x1b[31mred"), " [31mred"),
        (ox.Literal("\x9b31mred"), " 31mred"),
        (ox.Literal("a\u202eb\u2066c"), "a b c"),
        (ox.Literal("a\r\nb"), "a b"),
        (ox.Literal("a\x00b\x7fc"), "a b c"),
    ],
    ids=repr,
)
def test_people_see_curies_values_and_no_control_characters(term: Term | None, shown: str) -> None:
    """IRIs are shortened, literals bare, and nothing can move the cursor or turn the writing round."""
    assert plain(term) == shown


@given(st.text())
def test_no_text_can_break_a_table(words: str) -> None:
    """A table of one cell has four lines, whatever the cell holds, and no control character but their ends."""
    shown = render(Solutions(("a", "b"), ((ox.Literal("x"), ox.Literal(words)),)))
    assert len(shown.splitlines()) == 4
    assert [character for character in shown if ord(character) < 32 and character != "\n"] == []


def test_markdown_escapes_its_own_signs() -> None:
    """A bar or a backslash in a cell makes no new cell."""
    answer = Solutions(("a", "b"), ((ox.Literal("x|y"), ox.Literal("\\|")), (None, ox.Literal("z"))))
    assert render(answer, "markdown") == "| a | b |\n| --- | --- |\n| x\\|y | \\\\\\| |\n|  | z |\n"


# What cannot be written


@pytest.mark.parametrize("form", [*(form for form in FORMATS if form not in TABLE_FORMATS), "nonsense"])
def test_rows_are_not_written_as_a_table_where_another_format_was_asked_for(form: str) -> None:
    """A format that cannot hold the answer is refused by name, never replaced by another in silence."""
    with pytest.raises(Exception, match=form):
        render(one(iri("x")), form)


def test_a_graph_in_an_unknown_format_is_refused() -> None:
    """An unknown format is refused in words."""
    with pytest.raises(OsteographError, match="nonsense"):
        render(GRAPH, "nonsense")


# Read back by a reader we did not write


TRICKY = Solutions(
    ("a", "b"),
    (
        (ox.NamedNode("http://e/x?y&z"), ox.Literal('<">&\r\n\tx')),
        (ox.Literal("bone", language="en"), None),
        (ox.Literal("3.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), ox.BlankNode("b1")),
    ),
)


@pytest.mark.parametrize(
    ("form", "syntax"),
    [
        ("xml", ox.QueryResultsFormat.XML),
        ("json", ox.QueryResultsFormat.JSON),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_rows_are_read_back_as_they_were(form: str, syntax: ox.QueryResultsFormat) -> None:
    """IRIs, languages, datatypes, blank nodes, unbound cells and characters that need escaping survive."""
    read = ox.parse_query_results(render(TRICKY, form).encode(), format=syntax)
    assert isinstance(read, ox.QuerySolutions)
    assert [variable.value for variable in read.variables] == ["a", "b"]
    assert [tuple(row[name] for name in ("a", "b")) for row in read] == list(TRICKY.rows)


@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_value_is_read_back(truth: bool) -> None:
    """ASK in XML and JSON."""
    for form, syntax in (("xml", ox.QueryResultsFormat.XML), ("json", ox.QueryResultsFormat.JSON)):
        assert bool(ox.parse_query_results(render(truth, form).encode(), format=syntax)) is truth
