"""How a query is read: its algebra, as rdflib translates it, for people who want to see what an engine has to do."""

from __future__ import annotations

import io
from contextlib import redirect_stdout


def plan_of(sparql: str) -> str:
    """The SPARQL algebra of a query as indented text.

    >>> "BGP" in plan_of("SELECT ?s { ?s ?p ?o }")
    True
    """
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.algebra import pprintAlgebra

    text = io.StringIO()
    with redirect_stdout(text):
        pprintAlgebra(prepareQuery(sparql))
    return text.getvalue()
