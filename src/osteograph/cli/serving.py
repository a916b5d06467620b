"""Commands of the web: serve, site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from osteograph.ontology.notice import NOTICE

from .common import Commands, add_graph_option, command

if TYPE_CHECKING:
    from osteograph.queries.protocol.limits import Limits
    from osteograph.visualizations.web.guard import Access

LIMITS = (
    ("timeout", "seconds", "how long a query may run", 1),
    ("max-rows", "rows", "how many rows an answer may have", 1),
    ("max-mebibytes", "answer_bytes", "how large an answer may be", 2**20),
    ("max-memory", "memory_bytes", "mebibytes of memory that a query may take", 2**20),
    ("max-record", "record_bytes", "mebibytes that a patient's record to be screened may have", 2**20),
    ("workers", "workers", "how many queries run at once", 1),
)


def _add_serve(commands: Commands) -> None:
    parser = command(commands, "serve", _serve)
    parser.add_argument("--port", type=int, default=8000, help="default: 8000; 0 is any that is free")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, which only this machine can reach")
    parser.add_argument("--allow-remote", action="store_true", help="let --host be an address that others can reach")
    parser.add_argument("--name", action="append", default=[], help="a host name by which others may call the server")
    parser.add_argument("--cors", action="store_true", help="let the web pages of others read answers")
    words = "an endpoint that queries may call by SERVICE; may be repeated; default: none"
    parser.add_argument("--allow-service", action="append", default=[], metavar="URL", help=words)
    parser.add_argument("--quiet", action="store_true", help="write no access log")
    parser.add_argument("--log-queries", action="store_true", help="write queries into the access log")
    for option, _, words, _ in LIMITS:
        parser.add_argument(f"--{option}", type=float if option == "timeout" else int, metavar="N", help=words)
    add_graph_option(parser)


def _serve(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.ontology.errors import OsteographError
    from osteograph.visualizations.web.server import Address, serve

    address = Address(options.host, options.port)
    if not address.is_loopback and not options.allow_remote:
        raise OsteographError(
            f"{options.host} can be reached by others: whoever reaches it can read the whole graph, without a "
            "password and without encryption. If that is meant, add --allow-remote"
        )
    limits = _limits(options)
    with load(options.graph) as kg:  # builds the graph where there is none yet
        folder = kg.folder.absolute()
    serve(folder, address, limits=limits, access=_access(options, address.is_loopback), started=_say)
    return 0


def _say(url: str) -> None:
    print(f"osteograph at {url}  SPARQL at {url}sparql  (Ctrl-C ends it)\n{NOTICE}", file=sys.stderr, flush=True)


def _limits(options: argparse.Namespace) -> Limits:
    from osteograph.queries.protocol.limits import Limits
    from osteograph.queries.protocol.services import service_address

    given = {
        field: getattr(options, option.replace("-", "_")) * factor
        for option, field, _, factor in LIMITS
        if getattr(options, option.replace("-", "_")) is not None
    }
    return Limits(**given, services=tuple(map(service_address, options.allow_service)))


def _access(options: argparse.Namespace, loopback: bool) -> Access:
    from osteograph.visualizations.web.guard import Access, host_names, remote_access

    chosen = {"cors": options.cors, "log": not options.quiet, "log_queries": options.log_queries}
    if loopback:  # by other names, too, which a proxy on this machine may hand on
        return Access(names=host_names(options.name), **chosen)
    return remote_access(options.name, **chosen)


def _add_site(commands: Commands) -> None:
    parser = command(commands, "site", _site)
    parser.add_argument("folder", type=Path, help="a new or an empty folder, or that of an earlier site")
    parser.add_argument("--quiet", action="store_true", help="print no progress")
    add_graph_option(parser)


def _site(options: argparse.Namespace) -> int:
    from osteograph.knowledge_graph import load
    from osteograph.visualizations.pages.site import write_site

    progress = (lambda step: None) if options.quiet else (lambda step: print(f"… {step}", file=sys.stderr))
    with load(options.graph) as kg:
        count = write_site(kg.store, options.folder, progress=progress)
    print(f"{count} files in {options.folder.absolute()}")
    return 0


COMMANDS = {"serve": _add_serve, "site": _add_site}
