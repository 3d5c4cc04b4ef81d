"""From a plan to the disk: format once, compare, and write only what differs, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from framework.files import File


@dataclass(frozen=True, slots=True)
class Change:
    """One file that differs from the plan: `before` is None for a missing one, `after` for one to be deleted."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What stands between the disk and the plan, in the order of the paths.

    `refused` are paths where something stands that was not generated and that a planned file may not replace.
    """

    changes: tuple[Change, ...]
    refused: tuple[str, ...]


def reconcile(root: Path, files: Iterable[File], kept: frozenset[str] = frozenset()) -> Changes:
    """Compare the plan with the disk; only reads."""
    raise NotImplementedError


def apply(root: Path, changes: Changes) -> None:
    """Write and delete, all of it or nothing; then prune the folders that are left empty.

    Raises OSError if the disk refuses; everything is as it was then.
    """
    raise NotImplementedError


def diff(changes: Changes) -> str:
    """The changes as a unified diff, for people and for `patch`."""
    raise NotImplementedError
