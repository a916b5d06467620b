"""The web application: the SPARQL endpoint, its editor, a page for every IRI, and the questions as an API.

==================  ================================================================
``application``     what answers at which address
``sparql``          the SPARQL 1.1 Protocol over HTTP
``guard``           Host, Origin, security headers and the access log
``responses``       entity tags, errors, bodies of bounded size
``connections``     slow and endless requests
``repeating``       requests that come again
``repeats``         answers kept by the bytes of the request
``server``          binding, starting and stopping
==================  ================================================================
"""
