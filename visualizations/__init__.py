"""How the graph is seen: pages that open from a file, ask nobody for anything, and show the evidence of every edge.

====================  ============================================================================
``views``             what there is to see: one query and its style in one file of ``selections/``
``selecting``         which edges a view has
``content``           what a page holds: nodes, edges, statements with their evidence, conflicts
``collecting``        the content of a view, collected from a graph
``kinds``             shape and colour of each kind of concept; the looks of edges
``shapes``            the outlines of the kinds
``layout``            where nodes stand: computed once, without overlaps, the same on every machine
``proofs``            the proofs of what rules derived
``distances``         the layout by stress majorization
``boxes``             boxes of nodes, and how they are pushed apart
``curves``            the lines between nodes
``matrix``            the statements as rows, columns and cells
``body``              the statements on a skeleton, which ``skeleton`` draws
``page``              what the scripts of a page are told
``html``              the page: pyvis's ``Network`` with our template, styles and scripts in one file
``patient``           a patient's record, screened, as a page
``picture``           the same as SVG and PNG, with ``matrix_picture`` and ``body_picture``
``selections/``       the queries; ``selections/details/`` holds those that collect evidence for all views
``pages``             a page for every IRI, from the server and as files
``web``               the server: SPARQL endpoint, pages, editor, API
``templates``         the frames of the pages
``static``            their styles and scripts, read in the order that ``html`` names
====================  ============================================================================

>>> from osteograph.visualizations.views import find_view
>>> find_view("bone-agents").title
'Bone-modifying agents: uses, harms and what argues against them'
"""
