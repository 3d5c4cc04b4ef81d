"""A generation from beginning to end: read, plan, compare, write, record."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from framework.diagnostics import Diagnostics
from framework.edits import edited, remember
from framework.files import File
from framework.fingerprint import observe, record
from framework.lock import locked
from framework.output import NO_CHANGES, Changes, apply, reconcile
from framework.plan import plan


class Outcome(NamedTuple):
    """What came of a generation: `files` are all that were planned, and `changes` those that were written.

    Nothing was planned if the specs have errors; nothing was written either if files were refused. `lost` are
    the paths of those files that a person had edited.
    """

    diagnostics: Diagnostics
    files: tuple[File, ...] = ()
    changes: Changes = NO_CHANGES
    lost: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the project is now as its specs want it."""
        return not (self.diagnostics.has_errors or self.changes.refused)

    @property
    def summary(self) -> str:
        """How many files were written and deleted."""
        changes = self.changes.changes
        if not changes:
            return "Nothing has changed."
        deleted = sum(change.after is None for change in changes)
        return f"Files written: {len(changes) - deleted}, deleted: {deleted}."

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to tell of the files whose edits were overwritten, a line each."""
        return tuple(f"{path}: warning: what was written here by hand is overwritten" for path in self.lost)


def generate_files(root: Path) -> Outcome:
    """Bring the generated files of the project at `root` in step with its specs, all of them or none.

    Raises OSError if the disk refuses; then everything is as it was.
    """
    with locked(root):
        observed = observe(root)
        planned = plan(root)
        if planned.diagnostics.has_errors:
            return Outcome(planned.diagnostics)
        changes = reconcile(root, planned.files, planned.kept)
        lost: tuple[str, ...] = ()
        if not changes.refused:
            lost = tuple(edited(root, changes.changes))
            apply(root, changes)
            remember(root, planned.files)
            record(root, observed, (file.path for file in planned.files if file.once))
        return Outcome(planned.diagnostics, planned.files, changes, lost)
