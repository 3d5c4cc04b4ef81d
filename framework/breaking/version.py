"""One version of a project: its system, its files, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framework.breaking.places import Index
from framework.breaking.rules import findings
from framework.catalogue import Severity
from framework.catalogue.compatibility import COMPATIBILITY
from framework.diagnostics import Diagnostics, Place
from framework.load import load
from framework.resolve import resolve
from framework.system import System


@dataclass(frozen=True, slots=True)
class Version:
    """A project as it is or was. The system is whole only if `diagnostics` has no errors."""

    system: System
    index: Index
    diagnostics: Diagnostics


def read_version(root: Path) -> Version:
    """Read the specs of the project at `root`."""
    specs, diagnostics = load(root)
    return Version(resolve(specs, diagnostics), Index(specs), diagnostics)


def compare(old: Version, new: Version, ignored: frozenset[str] = frozenset()) -> Diagnostics:
    """What in the new version breaks those who were built against the old one, each at its place.

    `ignored` are codes, and `<code>:<name>` for a code of one thing. What is gone is told at the nearest
    part around it that there still is, with the place where it was.
    """
    diagnostics = Diagnostics()
    for found in findings(old.system, new.system):
        if found.code in ignored or f"{found.code}:{found.name}" in ignored:
            continue
        before = old.index.place(found.was) if found.was else None
        place = new.index.place(found.subject) or _around(before, new.index)
        diagnostics.add(
            found.code,
            place,
            found.message,
            hint=f"{_VERBS[COMPATIBILITY[found.code][0]]} {found.whom}",
            # What looks the same as before would explain nothing.
            related=before if before and before.line and before.excerpt != place.excerpt else None,
            note="as it was",
        )
    return diagnostics


_VERBS = {Severity.ERROR: "breaks", Severity.WARNING: "may break"}


def _around(before: Place | None, index: Index) -> Place:
    """The file that something was in, if it is still there; else the file that names all services."""
    return (index.file(before.path) if before else None) or Place("services.yml")
