"""The project as git has it: what is committed, and nothing else besides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framework.project.errors import ProjectError
from framework.project.git import GitError, names, text

_SHOWN = 10

UNDO = "git restore --source=HEAD --staged --worktree -- . && git clean -fd -- ."
"""The command that takes back whatever has happened to a clean tree, in the folder of the project."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A project under git: its folder, the folder of the repository around it, the commit it stands at."""

    root: Path
    top: Path
    commit: str

    @property
    def place(self) -> Path:
        """Where the project lies in its repository."""
        return self.root.relative_to(self.top)


def open_checkout(root: Path) -> Checkout:
    """Find the repository of the project at `root`. Raises ProjectError if there is none."""
    root = root.resolve()
    try:
        top = Path(text(root, "rev-parse", "--show-toplevel")).resolve()
        commit = text(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitError:
        raise ProjectError(
            "The project is not under git, or nothing is committed yet; without that, no change could be\n"
            "shown or taken back. Put it there first:\n\n"
            "  git init && git add --all && git commit -m 'A new project'"
        ) from None
    return Checkout(root, top, commit)


def require_clean(checkout: Checkout) -> None:
    """Raise ProjectError if anything in the project is not committed, files unknown to git included."""
    status = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal")
    found = names(checkout.root, *status, "--", ".")
    if not found:
        return
    lines = [f"  {entry}" for entry in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  … and {len(found) - _SHOWN} more")
    raise ProjectError(
        "There is work here that is not committed:\n\n" + "\n".join(lines) + "\n\nCommit it first, or put it "
        "aside with `git stash --include-untracked`: then what the template brings\ncan be told from what is "
        "yours, and be taken back."
    )
