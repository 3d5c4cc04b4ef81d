"""Generated code in step with the specs; what a person wrote into it is told before it is overwritten."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

from framework.diagnostics import Diagnostics, Place
from framework.edits import Origin, has_other_line_ends, origins
from framework.excerpts import CONFLICT
from framework.output import Change, Changes, is_generated
from framework.source import Source

_CURE = "run `make generate-from-spec`"
_CURE_OF_LINE_ENDS = f"{_CURE}; `* text=auto eol=lf` in .gitattributes keeps git from making them"
_MOST_NAMES = 3

_OWNED = ("shared/shared/generated", "services/*/src/generated")
"""Folders in which nothing stands that was not generated."""

_PLACES_TO_MOVE_TO = {
    "services/*/src/generated/app.py": "`custom: [app]` in services.yml makes the file yours",
    "services/*/migrations/env.py": "`custom: [migrations_env]` in services.yml makes the file yours",
    "services/*/src/generated/routers/*": "move the change to the spec of the domain, or to src/routes.py",
    "services/*/src/generated/endpoints/*": "move the change to the spec of the domain, or to src/routes.py",
    "services/*/src/generated/*": "move the change to the spec of the domain, or to its controller",
    "infra/k8s/*": "move the change to a patch in infra/k8s/overlays/production",
    ".github/workflows/services.yml": "move the change to .github/workflows/ci.yml",
    "shared/shared/generated/events.py": "move the change to shared/spec/events.yaml",
    "shared/shared/generated/*": "move the change to shared/spec/models.yaml",
}
"""Where what a person wrote into a generated file belongs; the first pattern that fits is the right one."""


def check_strangers(root: Path, planned: Container[str], diagnostics: Diagnostics) -> None:
    """Tell of files that a person put where generation owns the place; what it made itself has a banner."""
    for path in sorted(path for folder in _OWNED for path in root.glob(f"{folder}/**/*")):
        name = path.relative_to(root)
        is_hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        if name.as_posix() in planned or is_hidden or not path.is_file():
            continue
        if not is_generated(path.read_bytes()):
            message = "this file was not generated, and the folder belongs to generation"
            place = Place(name.as_posix())
            diagnostics.add("not-generated", place, message, hint=f"move it out of {name.parts[-2]}/")


def check_generated(root: Path, changes: Changes, stubs: frozenset[str], diagnostics: Diagnostics) -> None:
    """Tell what stands between the disk and the plan, except for `stubs`, which are told by their names."""
    found = [change for change in changes.changes if change.path not in stubs]
    for change in (each for each in found if each.path in changes.refused):
        message = "this file was not generated, and a generated one belongs here"
        hint = "move it, or name it under custom: in services.yml"
        diagnostics.add("not-generated", Place(change.path), message, hint=hint)
    theirs = [each for each in found if each.path not in changes.refused]
    known = origins(root, theirs)
    converted = [each for each in theirs if has_other_line_ends(each)]
    _outdated(converted, "has the line ends of Windows", _CURE_OF_LINE_ENDS, diagnostics)
    theirs = [each for each in theirs if each not in converted]
    for change in (each for each in theirs if known.get(each.path) is Origin.HAND):
        message = "this file was edited by hand, which the next generation overwrites"
        place, hint = _place(change), _place_to_move_to(change.path)
        if place.excerpt.startswith(CONFLICT):
            message, hint = "a conflict of a merge, in a file that follows from the specs", _CURE
        diagnostics.add("edited-by-hand", place, message, hint=hint)
    _outdated([each for each in theirs if each.before is None], "is not generated yet", _CURE, diagnostics)
    _outdated(
        [each for each in theirs if known.get(each.path) is Origin.GENERATION],
        "was generated from other specs than these",
        _CURE,
        diagnostics,
    )
    _outdated(
        [each for each in theirs if known.get(each.path) is Origin.UNKNOWN],
        "is not what the specs ask for",
        f"{_CURE}, but look first whether somebody edited by hand what that overwrites",
        diagnostics,
    )


def _outdated(changes: Sequence[Change], state: str, hint: str, diagnostics: Diagnostics) -> None:
    """Tell of several files at once, at the place of the first one."""
    if not changes:
        return
    others = [change.path for change in changes[1:]]
    named = ", ".join(others[:_MOST_NAMES])
    rest = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    message = f"this file {state}" + (f"; the same goes for {named}{rest}" if others else "")
    diagnostics.add("outdated-code", _place(changes[0]), message, hint=hint)


def _place(change: Change) -> Place:
    """The first line that differs."""
    if change.before is None or change.after is None:
        return Place(change.path)
    before, after = (
        content.decode(errors="replace").split("\n") for content in (change.before, change.after)
    )
    differing = (row for row, (one, other) in enumerate(zip_longest(before, after)) if one != other and one)
    line = next(differing, len(before) - 1)
    text = before[line]
    start = len(text) - len(text.lstrip())
    return Source(change.path, "\n".join(before)).at(line, start, len(text.strip()))


def _place_to_move_to(path: str) -> str:
    return next((place for pattern, place in _PLACES_TO_MOVE_TO.items() if fnmatch(path, pattern)), _CURE)
