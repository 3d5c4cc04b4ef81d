"""Ctrl-C: before anything has reached the project the work ends, once, and cleans up undisturbed.

After that it ends what is run, which hears it, too, and not what there is to tell.
"""

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


@contextmanager
def noted() -> Iterator[list[int]]:
    """Note each Ctrl-C of the block instead of raising it, wherever in the block it comes."""
    interruptions: list[int] = []
    former = signal.getsignal(signal.SIGINT)
    if former is signal.SIG_IGN:  # programs that are run are to ignore it as well
        yield interruptions
        return
    signal.signal(signal.SIGINT, lambda number, _: interruptions.append(number))
    try:
        yield interruptions
    finally:
        signal.signal(signal.SIGINT, former)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    hold_off()
    raise KeyboardInterrupt
