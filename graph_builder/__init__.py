"""How the graph is made: from curated tables to a checked, serialised dataset.

=======================  ==============================================================
``build``                tables in, a folder of files out, all or nothing
``compiler``             the dataset, one pure function; the modules below make its graphs
``statements``           statements, their standing and plain triples
``provenance``           passages, claims, conflicts, faults of the sources
``safety``               safety rules, their parts and citations
``dataset_description``  the graph about the graph
``validation``           violation queries and SHACL
``reasoner``             the one module that knows owlready2: HermiT and the OWL 2 profile
``export``               Turtle, TriG, N-Quads, JSON-LD, RDF/XML
``exports``              the formats of others
``mappings``             SKOS mappings, what they rest on, licences
``releasing``            all formats of one version, written once
``diffing``              what changed between two versions
``importing``            a user's own files beside the graph
``parsing``              reading RDF that nobody vouches for, in a process of its own
``checks/``              one violation query a file
=======================  ==============================================================
"""
