"""What each format carries, and in words what it does not: the table ``carries.tsv``, which every header quotes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def carried() -> Mapping[str, Mapping[str, str]]:
    """For each format what it keeps of each kind of content: yes, no, or in words how much."""
    lines = files(__package__).joinpath("carries.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row.pop("format"): row for row in rows}


def loss(name: str) -> str:
    """What a format leaves out or shortens, as sentences; empty where it carries everything.

    >>> loss("classes").partition(" In part: ")[0]
    'This format leaves out: qualifiers, standing, derived statements, conflicts.'
    """
    cells = carried()[name]
    missing = [content for content, much in cells.items() if much == "no"]
    partly = [f"{content} ({much})" for content, much in cells.items() if much not in ("yes", "no")]
    left_out = f"This format leaves out: {', '.join(missing)}." if missing else ""
    in_part = f"In part: {', '.join(partly)}." if partly else ""
    return " ".join(filter(None, (left_out, in_part)))
