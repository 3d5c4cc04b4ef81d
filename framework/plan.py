"""The plan of a project: every file that its specs ask for, or what is wrong with them. Reads and returns."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from framework.brief import keep
from framework.diagnostics import Diagnostics
from framework.files import File
from framework.formatting import formatted
from framework.generators import generate, taken_over
from framework.load import load
from framework.resolve import resolve


class Plan(NamedTuple):
    """What generation would write, in the order of the paths; nothing if the specs have errors.

    `kept` are the paths of generated files that a person took over with `custom:`; nobody touches them.
    """

    files: tuple[File, ...]
    diagnostics: Diagnostics
    kept: frozenset[str] = frozenset()


def plan(root: Path) -> Plan:
    """Read the specs of the project at `root` and work out its files, formatted.

    Raises RuntimeError if generated code is not Python, which no spec may bring about.
    """
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    keep(specs, system)
    if diagnostics.has_errors:
        return Plan((), diagnostics)
    files = sorted(generate(system), key=lambda file: file.path)
    return Plan(tuple(formatted(files)), diagnostics, taken_over(system))
