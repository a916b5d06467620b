"""``python -m osteograph``: the command line."""

import sys

from osteograph.cli import main

if __name__ == "__main__":
    sys.exit(main())
