"""A copy of what is committed, where a change is tried out before anything of it reaches the project.

Ignored files, `.env` and the environment among them, are not in it, and so are out of reach.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framework.project.checkout import Checkout
from framework.project.git import git, names, text
from framework.project.interruption import interruptible


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a draft changes; `old` and `new` are git's names of its contents, None for none."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A project in a repository of its own that borrows the objects of the checkout's."""

    root: Path
    checkout: Checkout

    def commit(self, message: str) -> None:
        """Commit everything, so that Copier finds a clean tree."""
        git(self.root, "add", "--all", ".")
        git(self.root, "commit", "--quiet", "--allow-empty", "--no-verify", "--message", message)

    def restore(self, path: str) -> None:
        """Bring a file back as it was before the change."""
        git(self.root, "checkout", "--quiet", self.checkout.commit, "--", path)

    def unmerged(self) -> list[str]:
        """The entries of the index that wait for a person to merge them, as `git update-index` reads them."""
        return names(self.root, "ls-files", "--unmerged", "--full-name", "-z")

    def ignored(self) -> list[str]:
        """New files that the project's `.gitignore` keeps out."""
        return names(self.root, "ls-files", "--others", "--ignored", "--exclude-standard", "-z")

    def entries(self) -> list[Entry]:
        """What differs from the commit of the checkout, by path; what was unmerged is merged from now on."""
        git(self.root, "add", "--all", ".")
        form = ("--cached", "--raw", "-r", "--no-renames", "--no-abbrev", "--relative", "-z")
        listed = names(self.root, "diff-index", *form, self.checkout.commit)
        return [_entry(about, path) for about, path in zip(listed[::2], listed[1::2], strict=True)]


def _entry(about: str, path: str) -> Entry:
    _, _, old, new, _ = about.split(" ")
    return Entry(path, *(None if set(name) == {"0"} else name for name in (old, new)))


@contextmanager
def draft_of(checkout: Checkout) -> Iterator[Draft]:
    """Make a draft, which is gone afterwards. Raises GitError, and ProjectError if it is interrupted."""
    with (
        interruptible(),
        tempfile.TemporaryDirectory(prefix="framework-", ignore_cleanup_errors=True) as folder,
    ):
        top = Path(folder).resolve() / checkout.top.name
        objects = Path(checkout.top, text(checkout.top, "rev-parse", "--git-path", "objects"))
        form = text(checkout.top, "rev-parse", "--show-object-format")
        git(Path(folder), "init", "--quiet", "--template=", f"--object-format={form}", top)
        (top / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (top / ".git/objects/info/alternates").write_text(f"{objects}\n")
        shallow = Path(checkout.top, text(checkout.top, "rev-parse", "--git-path", "shallow"))
        if shallow.exists():
            (top / ".git/shallow").write_bytes(shallow.read_bytes())
        git(top, "checkout", "--quiet", "--detach", checkout.commit)
        yield Draft(top / checkout.place, checkout)
