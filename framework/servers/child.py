"""Child processes that end when their parent does, even when the parent is killed with SIGKILL."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from framework.servers.accounts import Account

PR_SET_PDEATHSIG = 1


def start_child(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    directory: Path,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches only the parent, which then stops it.

    It reads nothing and writes both its streams to `output`. Raises `RuntimeError` outside the main thread
    (see `end_with_parent`) and `OSError` when the command cannot be run.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=directory,
        env=None if environment is None else dict(environment),
        start_new_session=True,
        preexec_fn=end_with_parent(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def end_with_parent() -> Callable[[], None] | None:
    """The `preexec_fn` that ties a child's life to ours; None where the system cannot do it.

    On Linux the kernel kills the child when the *thread* that started it ends, so that must be the main one:
    raises `RuntimeError` elsewhere. On other systems what `at_exit` was given has to stop the child.
    """
    if sys.platform != "linux":
        return None
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start servers from the main thread: they end with the thread that started them")
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the call above
            os._exit(1)

    return tie


def at_exit(function: Callable[[], None]) -> Callable[[], None]:
    """Call `function` when this process exits, but not when a fork of it does; return what cancels that."""
    owner = os.getpid()

    def run() -> None:
        if os.getpid() == owner:
            function()

    atexit.register(run)
    if sys.platform != "linux":
        _exit_on_sigterm()
    return lambda: atexit.unregister(run)


def _exit_on_sigterm() -> None:
    """Make SIGTERM an ordinary exit, unless the program handles it: else nothing of `atexit` would run."""
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
