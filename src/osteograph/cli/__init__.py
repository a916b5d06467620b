"""The command line: each command parses, calls one function and prints.

Exit codes: 0 done; 1 refused, not found, or faults found; 2 the command line itself is wrong; 124 stopped by --timeout;
130 interrupted. What is imported for one command is imported inside it, so that ``--help`` and ``--version`` answer at
once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from osteograph import __version__

TYPE_CHECKING = False  # as typing has it, which takes longer to load than a version to print

if TYPE_CHECKING:
    from argparse import Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:  # needs no parser
        print(f"osteograph {__version__}")
        return 0
    from .parsing import parse

    return _run(parse(words))


def _run(options: Namespace) -> int:
    """Run the chosen command; what osteograph raises on purpose becomes a message and exit code 1."""
    command: Callable[[Namespace], int] = options.run
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
