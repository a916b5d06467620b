"""Code systems as FHIR names them, and a code in the form in which the mappings of the graph write it.

>>> notation("http://hl7.org/fhir/sid/icd-10-cm", "n184"), notation("http://snomed.info/sct", "94222008")
('ICD10CM:N18.4', 'SCTID:94222008')
>>> list(roll_up("ICD10CM:E11.22"))
['ICD10CM:E11.22', 'ICD10CM:E11.2', 'ICD10CM:E11']
"""

from __future__ import annotations

from collections.abc import Iterator

_ICD = "ICD10CM"
SYSTEMS = {
    "http://snomed.info/sct": "SCTID",
    "urn:oid:2.16.840.1.113883.6.96": "SCTID",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM",
    "urn:oid:2.16.840.1.113883.6.88": "RXNORM",
    "http://hl7.org/fhir/sid/icd-10-cm": _ICD,
    "urn:oid:2.16.840.1.113883.6.90": _ICD,
    "http://loinc.org": "LOINC",
    "urn:oid:2.16.840.1.113883.6.1": "LOINC",
    "http://ncicb.nci.nih.gov/xml/owl/evs/thesaurus.owl": "NCIT",
    "http://ncithesaurus-stage.nci.nih.gov": "NCIT",
    "urn:oid:2.16.840.1.113883.3.26.1.1": "NCIT",
    "http://purl.obolibrary.org/obo/ncit.owl": "NCIT",
    "http://www.whocc.no/atc": "ATC",
    "urn:oid:2.16.840.1.113883.6.73": "ATC",
    "http://purl.obolibrary.org/obo/mondo.owl": "MONDO",
    "http://purl.obolibrary.org/obo/hp.owl": "HP",
    "http://human-phenotype-ontology.org": "HP",
    "http://purl.obolibrary.org/obo/doid.owl": "DOID",
    "http://purl.obolibrary.org/obo/uberon.owl": "UBERON",
    "http://purl.obolibrary.org/obo/maxo.owl": "MAXO",
    "http://purl.obolibrary.org/obo/chebi.owl": "CHEBI",
    "http://www.ebi.ac.uk/efo/efo.owl": "EFO",
    "http://id.nlm.nih.gov/mesh": "MESH",
    "urn:oid:2.16.840.1.113883.6.177": "MESH",
    "https://fhir-terminology.ohdsi.org": "OMOP",
    "http://www.drugbank.ca": "DRUGBANK",
}
"""URI of a system (lower case, without a slash at the end) to the prefix of its codes in the mappings."""

PREFIXES = {prefix.casefold(): prefix for prefix in SYSTEMS.values()} | {
    "snomed": "SCTID", "snomedct": "SCTID", "sct": "SCTID", "icd10": _ICD, "icd-10-cm": _ICD, "rxcui": "RXNORM",
}  # fmt: skip


def notation(system: str, code: str) -> str | None:
    """A code as a CURIE of the mappings; None where the system is not one of those."""
    prefix = SYSTEMS.get(system.strip().rstrip("/").casefold())
    return None if prefix is None else _curie(prefix, code)


def notation_of_curie(text: str) -> str | None:
    """The same for what a person writes, such as ``SNOMED:94222008``."""
    head, colon, code = text.strip().partition(":")
    prefix = PREFIXES.get(head.strip().casefold())
    return _curie(prefix, code) if colon and prefix and code.strip() and " " not in code.strip() else None


def _curie(prefix: str, code: str) -> str:
    local = code.strip()
    for separator in (":", "_"):  # ontologies write the prefix into the code: MONDO:0005138, MONDO_0005138
        if local.casefold().startswith(prefix.casefold() + separator):
            local = local[len(prefix) + 1 :]
    if prefix in (_ICD, "ATC", "NCIT"):
        local = local.upper()
    if prefix == _ICD and len(local) > 3 and "." not in local:
        local = f"{local[:3]}.{local[3:]}"
    return f"{prefix}:{local}"


def roll_up(curie: str) -> Iterator[str]:
    """A code and, in the two systems whose codes are hierarchical by prefix, the codes above it, nearest first."""
    yield curie
    prefix, _, code = curie.partition(":")
    shortest = {_ICD: 3, "ATC": 3}.get(prefix)
    while shortest and len(code) > shortest:
        code = code[:-1]
        if not code.endswith("."):
            yield f"{prefix}:{code}"
