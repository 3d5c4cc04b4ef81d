"""Git, run for one folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from framework.project.errors import ProjectError

_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks: it would lead to another repository than the folder's."""

_PLAIN = (
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "commit.gpgSign=false",
    "-c",
    "advice.detachedHead=false",
)
_NOBODY = ("-c", "user.name=framework", "-c", "user.email=framework@localhost")

_NO_LFS = {"GIT_LFS_SKIP_SMUDGE": "1"}
"""What lies in a large file storage stays there: nothing here reads it."""


_UNREAD = "Could not read from remote repository."
"""What git says of a place that ssh cannot reach; ssh itself says why, on the line above."""


class GitError(ProjectError):
    """Git has failed; the message is what it said."""


def git(folder: Path, *arguments: str | Path, given: bytes = b"") -> bytes:
    """Run git in `folder`, without hooks and signatures; returns what it prints. Raises GitError."""
    command = ["git", *_PLAIN, *_NOBODY, *map(str, arguments)]
    kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        done = subprocess.run(
            command, cwd=folder, input=given, env=kept | _NO_LFS, capture_output=True, check=False
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        raise GitError(f"git: {last_words(done.stderr.decode(errors='replace')) or 'failed'}")
    return done.stdout


def text(folder: Path, *arguments: str | Path) -> str:
    """Run git in `folder`; returns the line that it prints. Raises GitError."""
    return os.fsdecode(git(folder, *arguments)).strip()


def names(folder: Path, *arguments: str | Path) -> list[str]:
    """Run git in `folder` with `-z` among the arguments; returns what it lists. Raises GitError."""
    return os.fsdecode(git(folder, *arguments)).split("\0")[:-1]


def last_words(told: str) -> str:
    """The reason in what git tells: its fatal lines, or else all of it."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    reasons = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    if reasons == [_UNREAD]:
        above = lines[: lines.index(f"fatal: {_UNREAD}")]
        reasons = [*(line for line in above[-1:] if not line.startswith("Cloning ")), _UNREAD]
    return "; ".join(reasons or lines)
