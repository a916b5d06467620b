"""How the graph is asked: stores, the question library, explanations, networks.

=====================  =================================================================
``questions/``         one question a file: words, parameters, SPARQL
``catalog``            lists questions, binds parameters as terms, asks
``names``              from labels, synonyms and CURIEs to concepts
``stores``             engines behind one Protocol; what a query may not do
``results``            answers as tables and in the W3C's formats
``explanation``        why the graph says something
``network``            the graph for networkx
``schema_summary``     the schema with figures
``opening``            finds and opens a built graph
``protocol``           the SPARQL 1.1 Protocol, with limits that hold
=====================  =================================================================
"""
