"""One generation at a time in one project; a run that is killed leaves no lock behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from framework.cache import make_cache, path_in_cache


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Wait until nobody else generates in the project at `root`, and keep others waiting.

    Where the disk allows no lock, there is none: what cannot be written cannot be broken either, and a
    network disk without locks is used by one person at a time.
    """
    descriptor = None
    try:
        with suppress(OSError):
            make_cache(root)
            descriptor = os.open(path_in_cache(root, "lock"), os.O_CREAT | os.O_RDWR, 0o666)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def wait_for_generation(root: Path) -> None:
    """Wait until nobody generates in the project at `root`."""
    with locked(root):
        return
