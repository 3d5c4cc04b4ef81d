"""Temporary directories that do not pile up, even when their owner is killed with SIGKILL."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from framework.servers.child import at_exit

LOCK = "lock"


class TemporaryDirectory:
    """A directory that is removed with `remove()`, at exit, or by the next process that makes one like it.

    The owner holds a lock inside; a directory whose lock is free has lost its owner. Other accounts, such as
    that of a server, may pass through it but not list it.
    """

    def __init__(self, kind: str) -> None:
        prefix = f"framework-{kind}-{os.geteuid()}-"
        _remove_abandoned(prefix)
        self.path, self._lock = _make(prefix)
        self._cancel = at_exit(self.remove)

    def remove(self) -> None:
        """Remove the directory and all that is in it; doing so twice is harmless."""
        if self.path.exists():
            self._cancel()
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._lock)


def _make(prefix: str) -> tuple[Path, int]:
    """A new directory and its lock."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix))
        path.chmod(0o711)
        lock = os.open(path / LOCK, os.O_CREAT | os.O_WRONLY, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (path / LOCK).exists():
            return path, lock
        os.close(lock)  # before it was locked, another process took it for abandoned


def _remove_abandoned(prefix: str) -> None:
    for path in Path(tempfile.gettempdir()).glob(prefix + "*"):
        try:
            lock = os.open(path / LOCK, os.O_WRONLY | os.O_NOFOLLOW)
        except OSError:  # just being made, or not ours
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)
