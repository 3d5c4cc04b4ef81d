"""Whether a generated file is as generation left it, or a person has edited it and would lose that.

Generation notes what it writes. Where that note is not to be had, in a fresh clone say, git is asked what is
committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum, auto
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from framework.cache import make_cache, path_in_cache
from framework.files import File
from framework.output import Change

_RECORD = "written.json"
_SOURCES = ("services.yml", "shared/spec/*", "services/*/spec/*", ".framework/*")
"""What generated files follow from."""


class Origin(Enum):
    """Where the content of a generated file comes from."""

    GENERATION = auto()
    HAND = auto()
    UNKNOWN = auto()


def remember(root: Path, files: Iterable[File]) -> None:
    """Note what generation wrote into the project at `root`; without a cache, less can be told later."""
    written = {file.path: _digest(file.text.encode()) for file in files if not file.once}
    with suppress(OSError):
        make_cache(root)
        # With `indent`, Python would do what the faster encoder in C does.
        text = json.dumps(written, separators=(",\n", ": "))
        Path(path_in_cache(root, _RECORD)).write_text(text, "utf-8")


def edited(root: Path, changes: Iterable[Change]) -> Iterator[str]:
    """The paths of those files whose change overwrites or deletes what a person wrote."""
    return (path for path, origin in origins(root, changes).items() if origin is Origin.HAND)


def origins(root: Path, changes: Iterable[Change]) -> dict[str, Origin]:
    """Where what stands in the files that differ from the plan comes from, missing ones left out."""
    present = {change.path: change for change in changes if change.before is not None}
    recorded = _recorded(root)
    found = {
        path: Origin.GENERATION
        for path, change in present.items()
        if _is_as_noted(change.before or b"", recorded.get(path)) or has_other_line_ends(change)
    }
    if len(found) < len(present):
        history = _history(root)
        for path in present:
            found.setdefault(path, _origin(path, path in recorded, history))
    return found


def has_other_line_ends(change: Change) -> bool:
    """Whether a file is as planned but for the line ends of Windows, which git may have given it."""
    return change.before is not None and change.before.replace(b"\r\n", b"\n") == change.after


def _is_as_noted(content: bytes, noted: str | None) -> bool:
    """Whether generation wrote this, whatever line ends it got since."""
    if noted is None or noted == _digest(content):
        return noted is not None
    return b"\r\n" in content and noted == _digest(content.replace(b"\r\n", b"\n"))


def _origin(path: str, is_recorded: bool, history: _History | None) -> Origin:
    """The origin of a file that is not as this machine generated it."""
    if history and path in history.committed and path not in history.changed:
        return Origin.UNKNOWN  # a colleague generated it, or committed an edit
    if is_recorded or (history and path in history.committed and not history.has_new_sources):
        return Origin.HAND
    return Origin.UNKNOWN


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _recorded(root: Path) -> Mapping[str, str]:
    try:
        found = json.loads(Path(path_in_cache(root, _RECORD)).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class _History(NamedTuple):
    """What git knows of the project: the files of the last commit, and those that differ from it."""

    committed: frozenset[str]
    changed: frozenset[str]

    @property
    def has_new_sources(self) -> bool:
        """Whether something that generated files follow from is not as committed."""
        return any(fnmatch(path, pattern) for path in self.changed for pattern in _SOURCES)


def _history(root: Path) -> _History | None:
    """None without git or a commit."""
    committed = _git(root, "ls-tree", "-r", "--name-only", "-z", "HEAD")
    changed = _git(root, "diff", "--name-only", "--relative", "-z", "HEAD")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if committed is None or changed is None or new is None:
        return None
    return _History(committed, changed | new)


def _git(root: Path, *arguments: str) -> frozenset[str] | None:
    import subprocess  # takes as long as to look at a hundred files, and is rarely needed

    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return frozenset(done.stdout.decode(errors="surrogateescape").split("\0")) - {""}
