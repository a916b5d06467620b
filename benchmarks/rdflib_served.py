"""rdflib-endpoint over the N-Quads that ``OSTEOGRAPH_BENCHMARK`` names; ``endpoints.py`` runs it with uvicorn.

The triples stand in one plain graph of rdflib, which answers faster than the union of a dataset's graphs.
"""

from __future__ import annotations

import os

from rdflib import Dataset, Graph
from rdflib_endpoint import SparqlEndpoint

_dataset = Dataset()
_dataset.parse(os.environ["OSTEOGRAPH_BENCHMARK"], format="nquads")
_union = Graph()
for subject, predicate, obj, _ in _dataset.quads():
    _union.add((subject, predicate, obj))
app = SparqlEndpoint(graph=_union)
