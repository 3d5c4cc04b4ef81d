"""Which services a saved file concerns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path


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


def affected(root: Path, paths: Iterable[Path], services: Collection[str]) -> Changes:
    """What files mean: `src` or `migrations` of a service mean that service, `shared/shared` all."""
    restarted: set[str] = set()
    migrated: set[str] = set()
    for path in paths:
        match path.relative_to(root).parts:
            case ("services", name, "src", *_) if name in services:
                restarted.add(name)
            case ("services", name, "migrations", *_) if name in services:
                restarted.add(name)
                migrated.add(name)
            case ("shared", "shared", *_):
                restarted.update(services)
    return Changes(frozenset(restarted), frozenset(migrated))
