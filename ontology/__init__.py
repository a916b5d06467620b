"""What exists: the schema, the curated tables, and the identifiers. Knows nobody above it.

=====================  ==================================================================
``schema.ttl``         classes, properties, qualifiers and their values (OWL 2 DL)
``shapes.ttl``         SHACL shapes of the built graph
``curated/``           the tables; ``README.md`` beside them explains every column
``tables``             strict reading of one table, all problems at once
``curation``           all tables as one checked whole
``consistency``        what one table says about another
``schema``             ``schema.ttl`` as values
``standing``           how a statement stands after its claims and conflicts
``identifiers``        statement IRIs
``namespaces``         every IRI is spelled here
``errors``             the tree of errors
=====================  ==================================================================
"""
