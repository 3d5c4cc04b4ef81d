"""The time of day, as something that a test can replace."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol

from framework.runtime.envelope import now


class Clock(Protocol):
    """Tells the time, and lets it pass."""

    def now(self) -> datetime:
        """The time, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""


class SystemClock:
    """The clock of the machine, which may be set while somebody sleeps."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return now()

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed, however the clock was set meanwhile."""
        await asyncio.sleep(seconds)
