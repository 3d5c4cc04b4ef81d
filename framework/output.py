"""From a plan to the disk: compare, and write only what differs, all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from framework.cache import make_cache, path_in_cache
from framework.files import File, has_banner
from framework.places import GENERATED


class Change(NamedTuple):
    """A file that differs from the plan: `before` is None for a missing one, `after` for one to delete."""

    path: str
    before: bytes | None
    after: bytes | None


class Changes(NamedTuple):
    """What stands between the disk and the plan, in the order of the paths.

    `refused` are the places of planned files where something stands that was not generated. As long as there
    are any, nothing may be written.
    """

    changes: tuple[Change, ...]
    refused: tuple[str, ...]

    @property
    def counts(self) -> str:
        """How many files are missing, how many differ, and how many are too many."""
        missing = sum(change.before is None for change in self.changes)
        extra = sum(change.after is None for change in self.changes)
        return f"missing {missing}, changed {len(self.changes) - missing - extra}, extra {extra}"


_DRAFT = ".draft"
"""How the names of drafts end: what is being written, beside the place that it will take."""

_DRAFTS = "drafts"
"""The file in the cache that lists them."""

NO_CHANGES = Changes((), ())


def reconcile(
    root: Path,
    files: Iterable[File],
    kept: frozenset[str] = frozenset(),
    places: Iterable[str] = GENERATED,
) -> Changes:
    """Compare a plan with the disk; `kept` are generated files that were taken over by hand. Only reads.

    In `places`, patterns for `Path.glob`, what was generated and is not planned is to be deleted.

    Raises OSError if something cannot be read.
    """
    files = list(files)
    writings = [change for file in files if (change := _change(root, file))]
    deletions = list(_deletions(root, kept.union(file.path for file in files), places))
    refused = tuple(change.path for change in writings if not _may_write(_at(root, change.path)))
    return Changes(tuple(sorted([*writings, *deletions], key=lambda change: change.path)), refused)


def _at(root: Path, path: str) -> str:
    # A project has hundreds of files, and to make a `Path` of one takes as long as to look at it.
    return os.path.join(root, path)


def _change(root: Path, file: File) -> Change | None:
    path = _at(root, file.path)
    if file.once and os.path.lexists(path):
        return None
    before = _content(path) if os.path.isfile(path) else None
    after = file.text.encode()
    return Change(file.path, before, after) if before != after else None


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


def _deletions(root: Path, wanted: frozenset[str], places: Iterable[str]) -> Iterator[Change]:
    """What generation made before and does not make any more."""
    for place in places:
        for path in root.glob(place):
            name = path.relative_to(root).as_posix()
            is_extra = name not in wanted and not name.endswith(_DRAFT)
            if is_extra and path.is_file() and is_generated(content := path.read_bytes()):
                yield Change(name, content, None)


def is_generated(content: bytes) -> bool:
    """Whether generation made a file of this content."""
    return has_banner(content.decode(errors="replace"))


def _may_write(path: str) -> bool:
    """Whether a file may be written here: nothing stands here, or what was generated before."""
    if not os.path.lexists(path):
        return True
    return os.path.isfile(path) and not os.path.islink(path) and is_generated(_content(path))


def told_refused(changes: Changes) -> Iterator[str]:
    """What to tell of the files that are in the way, a line each, and what to do about them."""
    for path in changes.refused:
        yield f"{path}: this file was not generated, and a generated one belongs here"
    if changes.refused:
        yield "Move these files, or name them under custom: in services.yml."


def apply(root: Path, changes: Changes) -> None:
    """Write and delete, all of it or nothing; then remove the folders that this leaves empty.

    Raises OSError if the disk refuses; then everything is as it was. Raises ValueError if there is something
    that was refused.
    """
    if changes.refused:
        raise ValueError(f"there are files that were not generated: {', '.join(changes.refused)}")
    _sweep(root)
    drafts = {change.path: _draft_of(change.path) for change in changes.changes if change.after is not None}
    is_done = False
    try:
        _note(root, drafts.values())
        for folder in {os.path.dirname(path) for path in drafts}:
            os.makedirs(_at(root, folder), exist_ok=True)
        for change in changes.changes:
            if change.after is not None:
                _write(_at(root, drafts[change.path]), change.after)
        _replace(root, changes, drafts)
        is_done = True
    finally:
        (_forget if is_done else _sweep)(root)
        gone = (change.path for change in changes.changes if not is_done or change.after is None)
        prune(root, [path for path in gone if not os.path.lexists(_at(root, path))])


def _draft_of(path: str) -> str:
    """A place beside a file, from where new content can be moved there at one blow."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}{_DRAFT}")


def _note(root: Path, drafts: Iterable[str]) -> None:
    """Note which drafts there will be, so that `_sweep` finds those of a run that was killed."""
    with suppress(OSError):
        make_cache(root)
        Path(path_in_cache(root, _DRAFTS)).write_text("\n".join(drafts), "utf-8")


def _sweep(root: Path) -> None:
    """Remove the drafts that have not taken their places, also those of a run that was killed."""
    with suppress(OSError):
        for draft in filter(None, Path(path_in_cache(root, _DRAFTS)).read_text("utf-8").split("\n")):
            (root / draft).unlink(missing_ok=True)
        _forget(root)


def _forget(root: Path) -> None:
    """Remove the note of the drafts: all of them have taken their places."""
    with suppress(OSError):
        Path(path_in_cache(root, _DRAFTS)).unlink()


def _replace(root: Path, changes: Changes, drafts: Mapping[str, str]) -> None:
    done: list[Change] = []
    try:
        for change in changes.changes:
            path = _at(root, change.path)
            if change.after is None:
                os.unlink(path)
            else:
                os.replace(_at(root, drafts[change.path]), path)
            done.append(change)
    except OSError:
        for change in reversed(done):
            _restore(_at(root, change.path), change.before)
        raise


def _restore(path: str, before: bytes | None) -> None:
    if before is None:
        os.unlink(path)
    else:
        _write(path, before)


def prune(root: Path, missing: Iterable[str]) -> None:
    """Remove the folders that hold nothing else, and with them what Python compiled from what they held."""
    for path in missing:
        folder = (root / path).parent
        while folder != root and folder.is_dir() and not any(_contents(folder)):
            cache = folder / "__pycache__"
            for compiled in cache.glob("*.pyc"):
                compiled.unlink()
            for empty in (cache, folder):
                if empty.is_dir():
                    empty.rmdir()
            folder = folder.parent


def _contents(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.name != "__pycache__")


def diff(changes: Changes) -> str:
    """The changes as a unified diff, for people and for `patch`."""
    return "".join(line for change in changes.changes for line in _diff(change))


def _diff(change: Change) -> Iterator[str]:
    before, after = (_lines(content) for content in (change.before, change.after))
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    new = "/dev/null" if change.after is None else f"b/{change.path}"
    import difflib  # by --check only

    for line in difflib.unified_diff(before, after, old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode(errors="replace").splitlines(keepends=True)
