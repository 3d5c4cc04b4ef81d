"""Which services a saved file concerns, and which files are read only when everything starts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

READ_AT_START = frozenset({".env"})
"""Files at the root of a project."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The services to start again, and those of them whose migrations changed."""

    services: frozenset[str]
    migrated: frozenset[str]


async def watch(root: Path, services: Collection[str]) -> AsyncIterator[Changes]:
    """Yield what each save, or burst of saves, means for the `services` of the project at `root`."""
    from watchfiles import awatch

    folders = [folder for folder in (root / "services", root / "shared") if folder.is_dir()]
    async for changed in awatch(*folders, step=50, debounce=500):
        changes = affected(root, (Path(path) for _, path in changed), services)
        if changes.services:
            yield changes


async def watch_settings(root: Path) -> AsyncIterator[str]:
    """Yield the name of each file in `READ_AT_START` when it is first saved, made or deleted."""
    from watchfiles import awatch

    told: set[str] = set()
    # The folder and not the files: an editor puts a new file in the place of the old one.
    async for changed in awatch(root, recursive=False, step=50, debounce=500):
        for name in sorted({Path(path).name for _, path in changed} & READ_AT_START - told):
            told.add(name)
            yield name


def affected(root: Path, paths: Iterable[Path], services: Collection[str]) -> Changes:
    """What files mean: `src` or `migrations` of a service mean that service, `shared/shared` all."""
    restarted: set[str] = set()
    migrated: set[str] = set()
    for path in paths:
        if path.name.startswith("."):
            continue  # a draft of a file to be, by generation or an editor
        match path.relative_to(root).parts:
            case ("services", name, "src", *_) if name in services:
                restarted.add(name)
            case ("services", name, "migrations", *_) if name in services:
                restarted.add(name)
                migrated.add(name)
            case ("shared", "shared", *_):
                restarted.update(services)
    return Changes(frozenset(restarted), frozenset(migrated))
