"""From what people write to concepts: IRIs, CURIEs, local names, labels and synonyms."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, NotAnIri, UnknownName
from osteograph.ontology.namespaces import PREFIXES, expand

from .files import select_rows
from .stores.base import Store


class NameIndex:
    """Finds the concept that a text names, whatever its case; labels win over synonyms."""

    def __init__(self) -> None:
        self.labels: defaultdict[str, list[str]] = defaultdict(list)
        self.synonyms: defaultdict[str, list[str]] = defaultdict(list)
        self.local_names: defaultdict[str, list[str]] = defaultdict(list)

    @classmethod
    def of(cls, store: Store) -> NameIndex:
        """Read all names of a graph with one query."""
        index = cls()
        for row in select_rows(store, "names.rq"):
            table = index.labels if row["is_label"] == "true" else index.synonyms
            table[row["name"].casefold()].append(row["concept"])
            index.local_names[row["concept"].rsplit("/", 1)[1].casefold()] = [row["concept"]]
        return index

    def resolve(self, text: str) -> ox.NamedNode:
        """The concept that a text names. Raises UnknownName with suggestions, or BadParameter where it is ambiguous.

        An IRI or a CURIE with one of our prefixes is taken as it stands.
        """
        wanted = text.strip()
        if _is_iri_or_curie(wanted):
            return _iri(wanted if wanted.startswith(("http://", "https://")) else expand(wanted))
        folded = wanted.casefold()
        for table in (self.labels, self.synonyms, self.local_names):
            found = sorted(set(table.get(folded, ())))
            if len(found) == 1:
                return ox.NamedNode(found[0])
            if found:
                raise BadParameter(f"{text!r} names several concepts: {', '.join(found)}. Write one of these IRIs.")
        raise UnknownName("concept", text, [*self.labels, *self.synonyms])


def resolve_concept(store: Store, text: str) -> ox.NamedNode:
    """The concept that a text names; all names of the graph are read only where the text is no label as it stands.

    No two labels differ in case alone (the tables are checked for it), and labels win over synonyms.
    """
    if _is_iri_or_curie(text):
        return NameIndex().resolve(text)
    labelled = select_rows(store, "concept_by_label.rq", _label_en=ox.Literal(text.strip(), language="en"))
    if len(labelled) == 1:
        return ox.NamedNode(labelled[0]["concept"])
    return NameIndex.of(store).resolve(text)


def _is_iri_or_curie(text: str) -> bool:
    prefix, colon, _ = text.strip().partition(":")
    return text.strip().startswith(("http://", "https://")) or bool(colon and prefix in PREFIXES)


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise NotAnIri(f"{text!r} is not an IRI: {error}") from error
