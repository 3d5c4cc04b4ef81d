"""From the draft to the project: all of it or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from framework.output import prune
from framework.project.checkout import Checkout
from framework.project.draft import Draft, Entry
from framework.project.errors import ProjectError
from framework.project.git import git
from framework.project.interruption import hold_off


def land(draft: Draft, entries: Sequence[Entry], unmerged: Iterable[str]) -> None:
    """Do to the project's clean tree what was done to the draft.

    What waits to be merged waits in git's index, too, so that nobody commits it by mistake. Raises
    ProjectError if disk or git refuse, or something stands in the way; then everything is as it was, as it
    is after Ctrl-C.
    """
    checkout = draft.checkout
    _require_room(checkout.root, entries)
    try:
        for entry in entries:
            _put(draft.root / entry.path, checkout.root / entry.path, is_wanted=entry.new is not None)
        _leave_to_merge(draft, list(unmerged))
        hold_off()
    except BaseException as error:
        _take_back(checkout, entries)
        if isinstance(error, OSError):
            raise ProjectError(f"The disk refuses: {error}") from error
        raise
    prune(checkout.root, [entry.path for entry in entries if entry.new is None])


def _require_room(root: Path, entries: Iterable[Entry]) -> None:
    """Refuse to write over what git does not know, and so could not bring back."""
    taken = [entry.path for entry in entries if entry.old is None and os.path.lexists(root / entry.path)]
    if taken:
        raise ProjectError(
            "The template brings files where others stand that git ignores here; move those away first:\n\n"
            + "\n".join(f"  {path}" for path in taken)
        )


def _put(source: Path, target: Path, *, is_wanted: bool) -> None:
    target.unlink(missing_ok=True)
    if is_wanted:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def _leave_to_merge(draft: Draft, unmerged: Sequence[str]) -> None:
    """Take over the unmerged entries of the draft's index, with the contents that they name."""
    top = draft.checkout.top
    lines: list[str] = []
    for entry in unmerged:
        about, _, path = entry.partition("\t")
        mode, name, stage = about.split(" ")
        content = git(draft.root, "cat-file", "blob", name)
        git(top, "hash-object", "-w", "--stdin", given=content)
        lines += [f"0 {'0' * len(name)}\t{path}"] * (not any(line.endswith(f"\t{path}") for line in lines))
        lines.append(f"{mode} {name} {stage}\t{path}")
    if lines:
        git(top, "update-index", "-z", "--index-info", given="".join(f"{line}\0" for line in lines).encode())


def _take_back(checkout: Checkout, entries: Iterable[Entry]) -> None:
    """Make everything as it was; the tree was clean."""
    for entry in entries:
        if entry.old is None:
            with suppress(OSError):
                (checkout.root / entry.path).unlink()
    git(checkout.root, "restore", f"--source={checkout.commit}", "--staged", "--worktree", "--", ".")
    prune(checkout.root, [entry.path for entry in entries if entry.old is None])
