"""From what people write to concepts: IRIs, CURIEs, local names, labels and synonyms."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, NotAnIri, UnknownName
from osteograph.ontology.namespaces import PREFIXES, expand

from .files import select_rows
from .stores.base import Store


class NameIndex:
    """Finds the concept that a text names, whatever its case; labels win over synonyms.

    A narrow synonym names less than its concept: what is known of the concept need not hold for it, so that it is
    no name, and whoever asks with it is told of the concept.
    """

    def __init__(self) -> None:
        self.labels: defaultdict[str, list[str]] = defaultdict(list)
        self.synonyms: defaultdict[str, list[str]] = defaultdict(list)
        self.narrow: defaultdict[str, list[str]] = defaultdict(list)
        self.local_names: defaultdict[str, list[str]] = defaultdict(list)

    @classmethod
    def of(cls, store: Store) -> NameIndex:
        """Read all names of a graph with one query."""
        index = cls()
        tables = {"label": index.labels, "synonym": index.synonyms, "narrow": index.narrow}
        for row in select_rows(store, "names.rq"):
            tables[row["kind"]][row["name"].casefold()].append(row["concept"])
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
        if wider := self.narrow.get(folded):
            labels = [label for label, concepts in self.labels.items() if wider[0] in concepts]
            raise UnknownName("concept", text, labels, f"It is a narrower name of {' or '.join(map(repr, labels))}.")
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
