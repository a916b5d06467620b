"""The command line: each command parses, calls one function and prints.

Exit codes: 0 done; 1 refused, not found, or faults found; 2 the command line itself is wrong; 124 stopped by --timeout;
130 interrupted. What is imported for one command is imported inside it, so that ``--help`` and ``--version`` answer at
once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from osteograph import __version__

from . import asking, making, publishing, reasoning, serving, viewing
from .common import NOTICE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = build_parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not getattr(options, "takes_parameters", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    """Run the chosen command; what osteograph raises on purpose becomes a message and exit code 1."""
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; say nothing more
        return 1
    except Exception as error:
        from osteograph.ontology.errors import OsteographError

        if not isinstance(error, OsteographError):
            raise
        print(f"osteograph: {error}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="osteograph", description="An evidence-backed knowledge graph of bone metastases.", epilog=NOTICE
    )
    parser.add_argument("--version", action="version", version=f"osteograph {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    groups = (asking, reasoning, making, viewing, publishing, serving)
    for add in (add for group in groups for add in group.COMMANDS):
        add(commands)
    return parser
