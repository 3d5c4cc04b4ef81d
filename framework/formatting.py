"""Generated Python in its final shape: one call of ruff for everything, with settings of its own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.files import File
from framework.generators.text import WIDTH

_SETTINGS = ("--isolated", "--no-cache", f"--line-length={WIDTH}", "--target-version=py311")
"""Not those of the project: generated files are the same bytes everywhere."""


def formatted(files: Iterable[File]) -> Iterator[File]:
    """The files, Python among them formatted. Raises RuntimeError if one of those is not Python."""
    files = list(files)
    with tempfile.TemporaryDirectory(prefix="framework-") as folder:
        drafts = {
            file.path: Path(folder, file.path.replace("/", "~"))
            for file in files
            if file.path.endswith(".py")
        }
        for file in files:
            if file.path in drafts:
                drafts[file.path].write_bytes(file.text.encode())
        if drafts:
            _format(folder)
        for file in files:
            draft = drafts.get(file.path)
            yield file._replace(text=draft.read_bytes().decode()) if draft else file


def _format(folder: str) -> None:
    command = [find_ruff_bin(), "format", *_SETTINGS, folder]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"generated code could not be formatted:\n{done.stderr}")
