"""The graph in the formats of others, one module a family of formats.

=============  =====================================================================
``material``   a built graph, read as statements, concepts, rule parts, mappings
``derived``    the links that rules conclude, read from the graph
``formats``    all formats in one table: names, files, standards, writers
``carries``    what each format carries and what it does not
``turtle``     Turtle and TriG to be read and compared by people
``jsonld``     JSON-LD with a context of plain words
``axioms``     which statement an axiom of the OWL file is the plain form of
``classes``    the class view, OWL 2 EL
``obo``        the class view as OBO format and OBO Graphs JSON
``rdf12``      statements as reifiers of RDF 1.2
``nanopubs``   a nanopublication for each statement
``kgx``        nodes and edges of Biolink
``sssom``      mappings as an SSSOM table
``networks``   GraphML and GEXF
``tables``     CSV and Parquet
=============  =====================================================================
"""
