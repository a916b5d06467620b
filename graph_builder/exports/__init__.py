"""The graph in the formats of others, one module a family of formats.

===========  ==============================================================
``turtle``   Turtle and TriG to be read and compared by people
``jsonld``   JSON-LD with a context of plain words
``axioms``   which statement an axiom of the OWL file is the plain form of
===========  ==============================================================
"""
