"""The specs of a project as a commit has them, read with git."""

from __future__ import annotations

import fnmatch
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from framework.places import SPECS


class RevisionError(Exception):
    """The specs of a revision cannot be read; the message says why, and what to do."""


def extract(root: Path, revision: str, target: Path) -> None:
    """Write the specs that the project at `root` had at `revision` into the folder `target`.

    The project may be a folder of a larger repository. Raises RevisionError.
    """
    commit = _commit(root, revision)
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    files = dict(_specs(root, commit))
    if "services.yml" not in files:
        where = f"{revision}:{prefix}services.yml"
        raise RevisionError(f"there is nothing to compare with: {where} does not exist")
    for path, content in zip(files, _contents(root, list(files.values())), strict=True):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _commit(root: Path, revision: str) -> str:
    """The commit that a revision names."""
    _git(root, "rev-parse", "--show-toplevel")
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except RevisionError:
        raise RevisionError(f"git knows no commit {revision!r}{_advice(root, revision)}") from None
    return found.decode().strip()


def _advice(root: Path, revision: str) -> str:
    """What to do about an unknown revision."""
    remote = f"origin/{revision}"
    branches = _git(root, "for-each-ref", "--format=%(refname:short)", "refs/remotes").decode().split()
    if remote in branches:
        return f"; did you mean {remote!r}?"
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return ": the clone is shallow; fetch the history first (in CI: a checkout of full depth)"
    return "; fetch it first, if it is a branch of a remote"


def _specs(root: Path, commit: str) -> Iterator[tuple[str, str]]:
    """The paths of the specs in a commit, relative to the project, and the names of their contents."""
    for entry in os.fsdecode(_git(root, "ls-tree", "-r", "-z", commit, "--", ".")).split("\0"):
        about, _, path = entry.partition("\t")
        mode, _, rest = about.partition(" ")
        if mode.startswith("100") and _is_spec(path):
            yield path, rest.split(" ")[1]


def _is_spec(path: str) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern.replace("**/*", "*")) for pattern in SPECS)


def _contents(root: Path, names: list[str]) -> Iterator[bytes]:
    """The contents of objects, all read by one process."""
    output = _git(root, "cat-file", "--batch", given="\n".join(names).encode())
    for _ in names:
        header, _, output = output.partition(b"\n")
        name, _, about = header.decode().partition(" ")
        if about == "missing":
            raise RevisionError(f"git lacks the object {name}: the clone is not whole")
        size = int(about.partition(" ")[2])
        yield output[:size]
        output = output[size + 1 :]


_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks: relative to another folder than the project's, when that is not the whole."""


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-C", str(root), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        done = subprocess.run(command, input=given, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(f"git: {said or 'failed'}")
    return done.stdout
