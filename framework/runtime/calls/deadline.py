"""How long calls may take, their repetitions included."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_given: ContextVar[float | None] = ContextVar("framework_deadline", default=None)


class Expiry(NamedTuple):
    """When a call is given up, in the time of the event loop."""

    at: float
    is_of_caller: bool
    """Whether whoever calls has less time than the client would take: no fault of a service that is late."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Give all calls of the block together `seconds`, and no more than a block around it leaves them.

    Raises ValueError if that is no time at all.
    """
    if seconds <= 0:
        raise ValueError(f"a deadline of {seconds} s leaves no time for anything")
    at = asyncio.get_running_loop().time() + seconds
    outer = _given.get()
    token = _given.set(at if outer is None else min(at, outer))
    try:
        yield
    finally:
        _given.reset(token)


def expiry(seconds: float) -> Expiry:
    """The end of a call that is begun now and may take `seconds`, or less where a `deadline` says so."""
    own = asyncio.get_running_loop().time() + seconds
    given = _given.get()
    return Expiry(own, False) if given is None or own <= given else Expiry(given, True)
