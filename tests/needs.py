"""Parts that a test needs and a machine may lack: the test skips with a reason, or fails where nothing may be missing.

The environment variable ``OSTEOGRAPH_COMPLETE`` says that the machine is meant to have everything but the articles.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib import import_module
from typing import Any, NoReturn

import pytest

# The browser without windows first: a page that is opened in it takes a third of the processor time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def need_program(*names: str) -> str:
    """The path of the first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    return found or lacking(f"none of {', '.join(names)} is installed")


def need_module(name: str) -> Any:
    """A library that only the tests use, to read what we wrote."""
    try:
        return import_module(name)
    except ImportError:
        lacking(f"the library {name} is not installed: pip install -e '.[test]'")


def need_spark() -> None:
    """Apache Spark and a Java that it runs on."""
    need_module("pyspark")
    java = need_program("java")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    version = re.search(r'version "(\d+)', told)
    if not version or int(version[1]) < 17:
        lacking(f"Spark needs Java 17 or later, and this is {told.splitlines()[0]}")


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail it on a machine that is meant to be complete."""
    if os.environ.get("OSTEOGRAPH_COMPLETE"):
        pytest.fail(f"{reason}, and OSTEOGRAPH_COMPLETE says that nothing may be missing here")
    pytest.skip(reason)
