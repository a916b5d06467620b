"""What can go wrong outside this project while a cohort is screened, told as what it is and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from osteograph.ontology.errors import BadParameter, OsteographError, Problem, ProblemsFound

_FULL = ("no space left", "could not write", "disk quota", "max_temp_directory_size")


@contextmanager
def mishaps_told(cohort: Path, output: Path, memory: str | None) -> Iterator[None]:
    """Turn errors of DuckDB and of the file system into errors that name the file, or the option, that is to blame."""
    try:
        yield
    except duckdb.Error as error:
        raise _of_engine(error, cohort, output, memory) from error
    except OSError as error:
        raise BadParameter(f"{error.filename or output}: {error.strerror or error}") from error


def refuse_no_memory(memory: str | None) -> None:
    """Raise BadParameter for what is no amount of memory."""
    if memory is None:
        return
    try:
        if memory.strip().startswith("-"):  # which DuckDB takes for no limit at all
            raise ValueError(memory)
        duckdb.connect(config={"memory_limit": memory}).close()
    except (duckdb.Error, ValueError) as error:
        raise BadParameter(f"{memory!r} is no amount of memory; write it like 2GiB") from error


def in_short(error: Exception, *paths: Path) -> str:
    """The first line of an error, without the kind of error and with files by their names alone."""
    text = str(error).splitlines()[0]
    for path in paths:
        text = text.replace(str(path), path.name)
    return text.partition("Error: ")[2].rstrip(". ") or text


def _of_engine(error: duckdb.Error, cohort: Path, output: Path, memory: str | None) -> OsteographError:
    text = in_short(error, cohort, output)
    if any(words in text.lower() for words in _FULL):
        return BadParameter(f"{output} cannot be written: {text}; make room there and give the same command again")
    if isinstance(error, duckdb.OutOfMemoryException):
        given = f"the limit of {memory}" if memory else "what there is"
        return BadParameter(f"more memory is needed than {given}: raise --memory-limit, or lower --chunk ({text})")
    remedy = "export the files again; all files of a table need the same columns and types"
    return ProblemsFound([Problem(cohort.name, 0, "", f"it cannot be read ({text})", remedy)])
