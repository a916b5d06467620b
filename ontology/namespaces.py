"""The only place where an IRI of osteograph is spelled.

>>> CONCEPT + "LungCancer"
'https://w3id.org/osteograph/concept/LungCancer'
"""

from __future__ import annotations

from types import MappingProxyType

BASE = "https://w3id.org/osteograph/"
ONTOLOGY = "https://w3id.org/osteograph"

SCHEMA = BASE + "schema/"
CONCEPT = BASE + "concept/"
STATEMENT = BASE + "statement/"
PASSAGE = BASE + "passage/"
SECTION = BASE + "section/"
CLAIM = BASE + "claim/"
CONFLICT = BASE + "conflict/"
ISSUE = BASE + "issue/"
RULE = BASE + "rule/"
BOUND = BASE + "bound/"
INFERENCE = BASE + "inference/"
DERIVATION = BASE + "derivation/"
PUBLICATION = BASE + "publication/"
MAPPING = BASE + "mapping/"
VOCABULARY = BASE + "vocabulary/"
GRAPH = BASE + "graph/"

PREFIXES = MappingProxyType(
    {
        "bmo": SCHEMA,
        "osteo": CONCEPT,
        "ost": STATEMENT,
        "passage": PASSAGE,
        "section": SECTION,
        "claim": CLAIM,
        "conflict": CONFLICT,
        "issue": ISSUE,
        "rule": RULE,
        "bound": BOUND,
        "inference": INFERENCE,
        "derivation": DERIVATION,
        "publication": PUBLICATION,
        "graph": GRAPH,
        "mapping": MAPPING,
        "vocabulary": VOCABULARY,
        "bibo": "http://purl.org/ontology/bibo/",
        "cito": "http://purl.org/spar/cito/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "obo": "http://purl.obolibrary.org/obo/",
        "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
        "void": "http://rdfs.org/ns/void#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Prefix to namespace, for Turtle and SPARQL; ours first."""
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}

GRAPHS = MappingProxyType(
    {
        "schema": "classes, properties, qualifiers and their values",
        "concepts": "concepts with labels, definitions, synonyms and the curated hierarchy",
        "statements": "statement nodes with qualifiers, standing and origin; refuted and hedged ones too",
        "asserted": "plain triples projected from accepted and hedged statements",
        "evidence": "sources, passages, claims, conflicts and known faults of the sources",
        "safety": "what labels and guidelines say: safety rules, their parts and citations",
        "derived": "plain triples that derivation rules conclude from the other graphs",
        "derivations": "how each derived triple follows: the rules, and each application with premises and conclusion",
        "mappings": "SKOS mappings to public ontologies and code systems, what each rests on, versions and licences",
        "meta": "the description of the dataset itself",
    }
)
"""Name of each named graph (below ``graph/``) and what it holds."""


def expand(curie: str) -> str:
    """The IRI of a CURIE with one of our prefixes.

    >>> expand("skos:broader")
    'http://www.w3.org/2004/02/skos/core#broader'
    """
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """The CURIE of an IRI where one of our prefixes fits, else the IRI itself.

    >>> shorten("https://w3id.org/osteograph/concept/Bone"), shorten("http://example.org/x")
    ('osteo:Bone', 'http://example.org/x')
    """
    local = max(iri.rfind("/"), iri.rfind("#")) + 1  # where each of our namespaces ends
    prefix = _BY_NAMESPACE.get(iri[:local])
    return f"{prefix}:{iri[local:]}" if prefix else iri


def sparql_prologue() -> str:
    """PREFIX lines for all our prefixes, for ad hoc queries."""
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
