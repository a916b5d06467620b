"""A patient's record from a file or from bytes, whichever kind it is: a FHIR R4 bundle or a form.

>>> import osteograph
>>> from osteograph.queries.screening.reading import read_record
>>> with osteograph.load() as kg:
...     record = read_record(b"treatments: {planned: [Xgeva]}", kg.store)
>>> [(entry.words, entry.time) for entry in record.entries]
[('Xgeva', 'planned')]
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from osteograph.ontology.errors import Problem, ProblemsFound

from ..stores.base import Store
from .fhir import read_bundle
from .form_nodes import from_json, read_yaml, refuse_long
from .intake import Knowledge
from .record import Record
from .strict_json import LARGEST_FILE, decode, read_json
from .yaml_form import read_form

_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\[|\{\s*["}])')  # a mapping of YAML may begin with a brace and no quote


def read_record(source: Path | str | bytes, store: Store, *, today: date | None = None) -> Record:
    """What a record says, in concepts of the graph.

    ``source`` is a path or the bytes of a file. ``today`` is the day from which times are counted; by default the day
    of a bundle, for a form the day on which it is read. Raises ProblemsFound where the file is not what it should be.
    """
    file = "record" if isinstance(source, bytes) else Path(source).name
    data = source if isinstance(source, bytes) else _bytes_of(Path(source))
    knowledge = Knowledge.of(store)
    if _JSON.match(data):
        value = read_json(data, file)
        if isinstance(value, dict) and "resourceType" in value:
            return read_bundle(value, file, knowledge, today)
        refuse_long(len(data), file)
        return read_form(from_json(value), file, knowledge, today or date.today())
    return read_form(read_yaml(decode(data, file), file), file, knowledge, today or date.today())


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            reason = f"the file is larger than {LARGEST_FILE // 1024 // 1024} MiB"
            raise ProblemsFound([Problem(path.name, 0, "", reason, "give the record of one patient")])
        return path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        raise ProblemsFound([Problem(path.name, 0, "", reason, "name a file with the record of a patient")]) from error
