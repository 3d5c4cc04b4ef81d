"""Ending what runs in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

_LAST_SECONDS: Final = 1.0
"""Seconds that a cancelled task gets to clean up."""


async def end(tasks: Iterable[asyncio.Task[None]], patience: float) -> None:
    """Give the tasks `patience` seconds to end by themselves, then cancel them."""
    waiting = set(tasks)
    if waiting and patience:
        _, waiting = await asyncio.wait(waiting, timeout=patience)
    for task in waiting:
        task.cancel()
    if waiting:
        await asyncio.wait(waiting, timeout=_LAST_SECONDS)
