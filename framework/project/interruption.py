"""Ctrl-C before anything has reached the project: the work ends, once, and cleans up undisturbed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from framework.project.errors import ProjectError


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the block, but not what the block does about it. Raises ProjectError for it."""
    former = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise ProjectError("Interrupted.") from None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # forgets what was held off
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        signal.signal(signal.SIGINT, former)


def hold_off() -> None:
    """Let nothing interrupt the rest of the block, programs that it runs included."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    hold_off()
    raise KeyboardInterrupt
