"""The plan of a project: every file that its specs ask for, or what is wrong with them. Reads and returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framework.diagnostics import Diagnostics
from framework.files import File


@dataclass(frozen=True, slots=True)
class Plan:
    """What generation would write, in the order of the paths; nothing if the specs have errors.

    `kept` are the paths of generated files that the user took over with `custom:`; nobody touches them.
    """

    files: tuple[File, ...]
    diagnostics: Diagnostics
    kept: frozenset[str] = frozenset()


def plan(root: Path) -> Plan:
    """Read the specs of the project at `root` and work out its generated files, formatted."""
    raise NotImplementedError
