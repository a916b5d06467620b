"""Real SPARQL servers for the tests: started on a free port of this machine with one dataset, killed at the end.

Oxigraph is the program of the PyPI package ``oxigraph``, Virtuoso 7 that of Debian's ``virtuoso-opensource``.
"""

from __future__ import annotations

import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from osteograph.ontology.errors import OsteographError
from osteograph.queries.stores.remote import RemoteStore

from ..needs import need_program

XSD = "http://www.w3.org/2001/XMLSchema#"
SECONDS = 60  # for a server to start, and for a dataset to load; both take 1 to 5

INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
Striping = 0

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
"""
LOAD = """
DELETE FROM DB.DBA.RDF_QUAD;
DELETE FROM DB.DBA.LOAD_LIST;
ld_dir('.', 'data.nq', 'http://no.graph/');
rdf_loader_run();
SELECT ll_file, ll_error FROM DB.DBA.LOAD_LIST WHERE ll_state <> 2 OR ll_error IS NOT NULL;
"""  # first Virtuoso's own graphs (virtrdf and others) go, which would stand in the union beside ours


class Server:
    """A running server: a store to ask, and a way to give it other data."""

    def __init__(self, store: RemoteStore, replace: Callable[[bytes], None]) -> None:
        self._store = store
        self._replace = replace
        self._held = b""

    def holding(self, nquads: bytes) -> RemoteStore:
        """The store with exactly these quads in it."""
        if nquads != self._held:
            self._replace(nquads)
            self._held = nquads
        return self._store


@contextmanager
def oxigraph_serve(folder: Path) -> Iterator[Server]:
    """An ``oxigraph serve`` that holds its data in memory."""
    program = need_program(str(Path(sysconfig.get_path("scripts")) / "oxigraph"), "oxigraph")
    address = f"127.0.0.1:{_free_port()}"
    opener = build_opener(ProxyHandler({}))

    def replace(nquads: bytes) -> None:
        clear = Request(f"http://{address}/update", b"CLEAR ALL", {"Content-Type": "application/sparql-update"})
        load = Request(f"http://{address}/store", nquads, {"Content-Type": "application/n-quads"})
        for request in (clear, load):
            opener.open(request, timeout=SECONDS).close()

    store = RemoteStore(f"http://{address}/query")
    with _running([program, "serve", "--bind", address, "--union-default-graph"], folder, store):
        yield Server(store, replace)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """A Virtuoso 7 with a database of its own in the folder."""
    program, client = need_program("virtuoso-t"), need_program("isql-vt", "isql-v")
    sql, http = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(INI.format(sql=sql, http=http))
    command = [client, f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", f"exec={LOAD}"]

    def replace(nquads: bytes) -> None:
        (folder / "data.nq").write_bytes(nquads)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True)
        if "Error" in done.stdout or "data.nq" in done.stdout:  # the query at the end lists a file that failed
            raise RuntimeError(done.stdout)

    store = RemoteStore(f"http://127.0.0.1:{http}/sparql")
    with _running([program, "-f", "-c", "virtuoso.ini"], folder, store):
        yield Server(store, replace)


SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph_serve": oxigraph_serve,
    "virtuoso": virtuoso,
}


COMPLIANCE_FAULTS = {
    "oxigraph_serve": {
        "test_from_names_the_default_graph": "--union-default-graph makes it ignore FROM",
        "test_from_a_graph_that_is_not_there_finds_nothing": "--union-default-graph makes it ignore FROM",
    },
    "virtuoso": {
        r"test_a_literal_comes_out_as_it_went_in[\u2028\u202e\ufeff\x00\x7f\x85]": "NUL ends a literal not in ASCII",
        f'test_a_term_comes_out_as_it_went_in["true"^^<{XSD}boolean>]': "true in a SELECT clause is the integer 1",
        "test_a_triple_of_two_graphs_is_one_in_their_union": "the union repeats a triple for every graph that has it",
        "test_a_variable_after_a_name_with_an_escaped_quote_is_replaced": "a backslash in a local name is refused",
        "test_describe_gives_what_is_said_of_a_thing": "DESCRIBE gives incoming triples too, as SPARQL allows",
    },
}
"""Tests of the compliance suite that Oxigraph 0.5 and Virtuoso 7.2.5 fail as endpoints, and why.

Golden questions that a server answers wrongly say so in their header (``not_on``). What else Virtuoso is known to do
wrong, and how to write queries that it answers rightly, is in docs/explanation/engines.md.
"""


@contextmanager
def _running(command: list[str], folder: Path, store: RemoteStore) -> Iterator[None]:
    """The program while it runs, from when it answers; its output goes to a file in the folder."""
    with (folder / "output").open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            _until_it_answers(server, store)
            yield
        finally:
            server.kill()
            server.wait(SECONDS)


def _until_it_answers(server: subprocess.Popen[bytes], store: RemoteStore) -> None:
    """Wait until the server answers a query; fail if it ends or takes too long."""
    last = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < last:
        try:
            store.query("ASK {}")
        except OsteographError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{server.args!r} does not answer at {store.endpoint}; exit code {server.poll()}")


def _free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
