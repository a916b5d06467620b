"""What graphs of a few triples are written with."""

from __future__ import annotations

PREFIXES = """
PREFIX bmo: <https://w3id.org/osteograph/schema/>
PREFIX c: <https://w3id.org/osteograph/concept/>
PREFIX claim: <https://w3id.org/osteograph/claim/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX iao: <http://purl.obolibrary.org/obo/IAO_>
PREFIX oboInOwl: <http://www.geneontology.org/formats/oboInOwl#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX passage: <https://w3id.org/osteograph/passage/>
PREFIX publication: <https://w3id.org/osteograph/publication/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX s: <https://w3id.org/osteograph/statement/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
