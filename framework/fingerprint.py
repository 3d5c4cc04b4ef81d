"""Leave early: whether anything has changed since the last generation, told before the heavy imports.

No content is read. A file is as it was if its size, its inode and the time of its last change are: the
`ctime`, which the system sets with every change, and which `cp -p`, `touch -d`, git and editors cannot set
back. That time ticks, so that a second change within one tick would leave it as it is; therefore a state is
recorded only when the clock of its disk has passed every time in it.
"""

# Only what Python has loaded anyway: pathlib and typing would take longer than all that is done here.
from __future__ import annotations

import os
import sys
import time

from framework.cache import make_cache, path_in_cache
from framework.places import GENERATED, SPECS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Root = str | os.PathLike[str]
    Entry = tuple[str, int, int, int]
    """A file: its path, its size in bytes, its inode, its ctime in nanoseconds."""

_RECORD = "generated"
_LONGEST_TICK = (
    0.05  # seconds; on a disk whose clock is coarser nothing is recorded, and every run is a full one
)
_PAUSE = 0.001  # seconds
_DEEPEST = 8  # folders in folders; links to folders may go in circles


def is_current(root: Root) -> bool:
    """Tell whether specs, generated files and the generator itself are as they were at the last `record`."""
    try:
        with open(path_in_cache(root, _RECORD), encoding="utf-8") as file:
            state, *stubs = file.read().splitlines()
        return state == repr(_state(root)) and _are_there(root, stubs)
    except (OSError, ValueError):
        return False


def observe(root: Root) -> list[Entry] | None:
    """The state that a generation starts from, for `record`; None if it cannot be told from later ones.

    Raises OSError if a folder cannot be read.
    """
    observed = [*_tools(), *_entries(root, SPECS)]
    return observed if _wait_until_past(root, observed) else None


def record(root: Root, observed: list[Entry] | None, stubs: Iterable[str]) -> None:
    """Note that the project at `root` is as its plan wants it, made from what was `observed`.

    A spec that was saved since is not as it is noted, so that the note holds for nothing. `stubs` are the
    paths of the planned files that belong to the user. A cache that cannot be written costs time and nothing
    else.
    """
    if observed is None:
        return
    try:
        state = [*observed, *_entries(root, GENERATED)]
        if not _wait_until_past(root, state):
            return
        draft = path_in_cache(root, f"{_RECORD}.draft")
        with open(draft, "w", encoding="utf-8") as file:
            file.write("\n".join([repr(state), *(path for path in stubs if _exists(root, path))]))
        os.replace(draft, path_in_cache(root, _RECORD))
    except OSError:
        return


def state_of_specs(root: Root) -> list[Entry]:
    """What differs as soon as a spec has changed. Raises OSError if a folder cannot be read."""
    return list(_entries(root, SPECS))


def _are_there(root: Root, paths: list[str]) -> bool:
    """Whether all files are there. Raises OSError if a folder is not."""
    names: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder not in names:
            names[folder] = set(os.listdir(os.path.join(root, folder)))
        if name not in names[folder]:
            return False
    return True


def _exists(root: Root, path: str) -> bool:
    return os.path.lexists(os.path.join(root, path))


def _wait_until_past(root: Root, entries: list[Entry]) -> bool:
    """Wait until what is saved from now on gets another time than these entries; whether that came about."""
    newest = max(changed for _, _, _, changed in entries)
    deadline, is_late = time.monotonic() + _LONGEST_TICK, False
    try:
        make_cache(root)
        clock = path_in_cache(root, "clock")
        with open(clock, "w", encoding="utf-8"):
            pass
        while os.stat(clock).st_ctime_ns <= newest:
            if is_late:
                return False
            time.sleep(_PAUSE)
            # Asked before it is touched: a process that had no turn for long has not seen the clock stand.
            is_late = time.monotonic() > deadline
            os.utime(clock)
    except OSError:
        return False
    return True


def _state(root: Root) -> list[Entry]:
    return [*_tools(), *_entries(root, SPECS), *_entries(root, GENERATED)]


def _tools() -> Iterator[Entry]:
    """Python, the framework, ruff, and the folders of packages, which change with every package in them."""
    yield (sys.version, 0, 0, 0)
    yield from _below(os.path.dirname(__file__), "framework/")
    packages = [folder for folder in sys.path if folder.endswith("-packages")]
    yield from (_entry(path, path) for path in packages if os.path.exists(path))
    # Environments share its file by hard links, and a new link changes the ctime.
    ruff = os.path.join(sys.prefix, "bin", "ruff")
    if os.path.exists(ruff):
        status = os.stat(ruff)
        yield (ruff, status.st_size, status.st_ino, status.st_mtime_ns)


def _entries(root: Root, places: Iterable[str]) -> Iterator[Entry]:
    for place in places:
        yield from _matching(os.fspath(root), "", place.split("/"))


def _matching(folder: str, name: str, parts: list[str]) -> Iterator[Entry]:
    """The files that the parts of a pattern mean in a folder; `name` is its path in the project."""
    first, *rest = parts
    if first == "**":
        yield from _below(folder, name)
        return
    for part in sorted(os.listdir(folder)) if first == "*" else [first]:
        path = os.path.join(folder, part)
        if rest and os.path.isdir(path):
            yield from _matching(path, f"{name}{part}/", rest)
        elif not rest and os.path.exists(path):
            yield _entry(f"{name}{part}", path)


def _below(folder: str, name: str) -> list[Entry]:
    """All files in a folder and in its folders, but for hidden ones and what Python compiled."""
    entries: list[Entry] = []
    _add_below(folder, name, _DEEPEST, entries)
    return entries


def _add_below(folder: str, name: str, depth: int, entries: list[Entry]) -> None:
    with os.scandir(folder) as scanned:
        found = sorted(scanned, key=_name)
    for each in found:
        part = each.name
        if part[0] == "." or part == "__pycache__":
            continue
        if depth and each.is_dir():
            _add_below(each.path, f"{name}{part}/", depth - 1, entries)
            continue
        try:
            status = each.stat()
        except OSError:  # a link to nothing
            status = each.stat(follow_symlinks=False)
        entries.append((name + part, status.st_size, status.st_ino, status.st_ctime_ns))


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _entry(name: str, path: str) -> Entry:
    try:
        status = os.stat(path)
    except OSError:  # a link to nothing
        status = os.lstat(path)
    return (name, status.st_size, status.st_ino, status.st_ctime_ns)
