"""The commands in the order of ``--help``: the module that has each, and what it is for."""

from __future__ import annotations

COMMANDS = {
    "ask": ("asking", "ask a named question; without a name, list and search the questions"),
    "sparql": ("asking", "run a SPARQL query; our prefixes need no declaration"),
    "evidence": ("asking", "show the very sentences of a statement, from your own articles"),
    "network": ("asking", "paths, neighbourhoods, centralities, communities, comparisons"),
    "schema": ("asking", "show classes and relations with counts and an example of each"),
    "explain": ("reasoning", "show why: claims and passages of a statement, proofs of what follows"),
    "check-proof": ("reasoning", "verify proofs again, without the engine that found them"),
    "screen": ("reasoning", "screen a patient's record: what speaks against which treatment, and why"),
    "build": ("making", "compile the curated tables and write the graph in all formats"),
    "check": ("making", "check tables, graph, shapes, OWL 2 profile and consistency"),
    "export": ("making", "write the graph in one format; without a format, list the formats"),
    "verify": ("making", "check positions and digests of all passages against article files"),
    "tables": ("making", "copy the curated tables to a folder of your own, to add to them"),
    "source": ("making", "add a source to tables of your own"),
    "statement": ("making", "add a statement to tables of your own"),
    "view": ("viewing", "write a view as an HTML file or a picture; without a name, list the views"),
    "release": ("publishing", "make a release: every format of one version, written once"),
    "diff": ("publishing", "say what changed between two builds or releases"),
    "import": ("publishing", "put a file of your own beside the graph; without a file, list them"),
    "push": ("publishing", "put the graph on a SPARQL server, in batches, and count what has come there"),
    "serve": ("serving", "serve a SPARQL endpoint, an editor and a page for every IRI"),
    "site": ("serving", "write the pages of all IRIs as files"),
}
