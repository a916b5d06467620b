"""From what people write to concepts: IRIs, CURIEs, local names, labels and synonyms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, UnknownName
from osteograph.ontology.namespaces import PREFIXES, expand

from .stores.base import Solutions, Store

_NAMES_QUERY = "names.rq"


@dataclass
class NameIndex:
    """Finds the concept that a text names, whatever its case; labels win over synonyms."""

    labels: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    synonyms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    local_names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, store: Store) -> NameIndex:
        """Read all names of a graph with one query."""
        from .catalog import read_query

        answer = store.query(read_query(_NAMES_QUERY))
        assert isinstance(answer, Solutions)
        index = cls()
        for row in answer.dicts():
            table = index.labels if row["is_label"] == "true" else index.synonyms
            table[row["name"].casefold()].append(row["concept"])
            index.local_names[row["concept"].rsplit("/", 1)[1].casefold()] = [row["concept"]]
        return index

    def resolve(self, text: str) -> ox.NamedNode:
        """The concept that a text names. Raises UnknownName with suggestions, or BadParameter where it is ambiguous.

        An IRI or a CURIE with one of our prefixes is taken as it stands.
        """
        wanted = text.strip()
        if wanted.startswith(("http://", "https://")):
            return _iri(wanted)
        prefix, colon, _ = wanted.partition(":")
        if colon and prefix in PREFIXES:
            return _iri(expand(wanted))
        folded = wanted.casefold()
        for table in (self.labels, self.synonyms, self.local_names):
            found = sorted(set(table.get(folded, ())))
            if len(found) == 1:
                return ox.NamedNode(found[0])
            if found:
                raise BadParameter(f"{text!r} names several concepts: {', '.join(found)}. Write one of these IRIs.")
        raise UnknownName("concept", text, [*self.labels, *self.synonyms])


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise BadParameter(f"{text!r} is not an IRI: {error}") from error
