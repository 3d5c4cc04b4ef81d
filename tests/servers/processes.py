"""What tests of processes need: a parent to kill, and whether a process is still there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from framework.servers.accounts import Account, run_as

ROOT = Path(__file__).parents[2]
# Compiled once for all processes that tests start, and nowhere in the source tree.
BYTECODE = str(ROOT / "build" / "pycache")


def start_python(program: str, account: Account | None = None) -> subprocess.Popen[str]:
    """Run `program` in an interpreter of its own that can import `framework`, under `account` or our own."""
    return subprocess.Popen(
        [_interpreter(account), "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": python_path(ROOT, Path(sysconfig.get_path("purelib"))),
            "PYTHONPYCACHEPREFIX": BYTECODE,
        },
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def python_path(*folders: Path) -> str:
    """A PYTHONPATH of these folders, and what is in ours."""
    return os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])


def _interpreter(account: Account | None) -> str:
    """Ours, or one of the same version where `account` may go: ours may be in root's home."""
    if account is None:
        return sys.executable
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        with suppress(OSError):
            run_as(account, [candidate, "--version"], directory=Path("/"))
            return candidate
    pytest.skip(f"no Python {version} that another user can run")


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line that `process` prints; fails with its errors if it ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise AssertionError(process.communicate()[1])
    return line


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(holds: Callable[[], bool], within: float = 60.0) -> bool:
    """Whether `holds()` came true within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
