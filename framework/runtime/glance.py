"""A look at a server that may hang: it never holds up the one who looks, and never hurts the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds after which a look that has not ended is broken off, so that the next one begins afresh."""


class Glance(Generic[T]):
    """A question that is asked once at a time, however many want to know."""

    def __init__(self, question: Callable[[], Awaitable[T]], *, limit: float, keep: float = 0) -> None:
        """`limit`: seconds that one who wants to know waits; `keep`: seconds that an answer is good for."""
        self._question = question
        self._limit = limit
        self._keep = keep
        self._asking: asyncio.Task[T] | None = None
        self._good_until = 0.0

    async def answer(self) -> T:
        """The answer. Raises TimeoutError after the limit, or what the question raises."""
        asking = self._asking
        if asking is None or (asking.done() and time.monotonic() >= self._good_until):
            asking = self._asking = asyncio.create_task(self._ask())
            asking.add_done_callback(_look_at)
        await asyncio.wait({asking}, timeout=self._limit)
        if not asking.done():
            raise TimeoutError(f"no answer within {self._limit:g} s")
        return asking.result()

    async def _ask(self) -> T:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._question()
        finally:
            self._good_until = time.monotonic() + self._keep


def _look_at(asking: asyncio.Task[T]) -> None:
    """Take note of a failure that nobody waited for any more: asyncio would tell of it."""
    if not asking.cancelled():
        asking.exception()
