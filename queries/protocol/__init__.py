"""The SPARQL 1.1 Protocol over a built graph, without any web framework: requests as values in, answers as values out.

===============  ============================================================================
``limits``       what one query, and all of them together, may use
``request``      from method, address, headers and body to the one query that is asked
``negotiation``  from an Accept header to a media type
``served``       a build held open: its bytes, digest and graphs, whatever happens to its folder
``worker``       the process that answers one query at a time, and may be killed
``fork_server``  the process that holds the graph, and of which workers are forks
``connection``   a worker as the server sees it, and the answers that come from it
``pool``         the workers: who waits, who is stopped, who is sent away
``endpoint``     answers by cache or by pool, and the change to a new build
``records``      screening a patient's record in a process that ends with the answer
``description``  the service description
===============  ============================================================================

A query runs in a process of its own pool because nothing else stops it: pyoxigraph has no time limit, and a query may
end its process (a thousand nested brackets overflow the stack of the parser). The process has a memory limit, watches
its parent, and is replaced once it had to be killed.
"""
