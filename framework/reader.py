"""YAML files read into plain values: by `framework.plain_yaml` where that can, else by PyYAML."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from pathlib import Path
from stat import S_ISREG
from typing import Any

from framework.diagnostics import Diagnostics, Place
from framework.plain_yaml import read_plain
from framework.source import Source

MAX_BYTES = 4 * 1024 * 1024
"""The largest spec that is read; the largest sensible one is a hundredth of it."""


def read(path: Path, name: str, diagnostics: Diagnostics) -> tuple[Source, Any] | None:
    """Read the file `name` of a project, and its value; None, with a diagnostic, if that cannot be done.

    The value is None where the file says nothing, or what may not be in a spec, which its gaps tell.
    """
    text = _text(path, name, diagnostics)
    return None if text is None else parse(Source(name, text), diagnostics)


def parse(source: Source, diagnostics: Diagnostics) -> tuple[Source, Any] | None:
    """The source and its value; None, with a diagnostic, if it is not YAML."""
    if (plain := read_plain(source.text)) is not None:
        return source, plain
    from framework.nodes import compose, value  # loads PyYAML

    tree = compose(source, diagnostics)
    return None if tree is None else (source, value(source, tree, diagnostics))


def _text(path: Path, name: str, diagnostics: Diagnostics) -> str | None:
    status = _status(path)
    if status is None or not S_ISREG(status.st_mode):
        diagnostics.add("unreadable-file", Place(name), "this is not a regular file")
        return None
    if status.st_size > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB"
        diagnostics.add("unreadable-file", Place(name), message)
        return None
    try:
        # The methods of a path take twice as long, and a project has hundreds of specs.
        with open(path, "rb", buffering=0) as file:
            return file.read().removeprefix(BOM_UTF8).decode()
    except OSError as error:
        diagnostics.add("unreadable-file", Place(name), f"the file cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} of the file, in line {line}, is not UTF-8"
        diagnostics.add("not-utf8", Place(name), message, hint="save the file as UTF-8")
    return None


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None
