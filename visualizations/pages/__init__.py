"""A page for every IRI: written on the server, read without JavaScript, the same from the server and as files.

==============  =====================================================================================
``addresses``   from IRIs to paths and back; which IRIs may be links
``knowledge``   everything that pages show of a graph, read once
``documents``   the same resource as Turtle, JSON-LD, N-Triples and RDF/XML, and for search engines
``drawing``     the neighbours of a concept as a small picture
``rendering``   pages as HTML
``site``        all pages as files
``templates``   the HTML
==============  =====================================================================================

What holds of a thing comes with its evidence on the same page, contradictions first.
"""
