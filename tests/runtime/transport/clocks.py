"""A clock that stands until it is set."""

import asyncio
from datetime import datetime


class ManualClock:
    """Those who sleep on it wake when it is set far enough."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        waking = asyncio.get_running_loop().create_future()
        sleeper = (self._now.timestamp() + seconds, waking)
        self._sleepers.append(sleeper)
        async with self._changed:
            self._changed.notify_all()
        try:
            await waking
        finally:
            self._sleepers.remove(sleeper)

    async def asleep(self, count: int = 1) -> None:
        """Return when so many sleep: all that they do at this time has been done."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._asleep() == count)

    async def set(self, now: datetime) -> None:
        """Set the time, and return when all who sleep have had their turn and sleep again."""
        count = self._asleep()
        self._now = now
        for until, waking in self._sleepers:
            if until <= now.timestamp() and not waking.done():
                waking.set_result(None)
        await self.asleep(count)

    def _asleep(self) -> int:
        return sum(not waking.done() for _, waking in self._sleepers)
