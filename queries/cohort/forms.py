"""The forms in which flags are written, each with the ending of its files. The first is the usual one."""

from __future__ import annotations

ENDINGS = {"parquet": "parquet", "csv": "csv", "ntriples": "nt"}
