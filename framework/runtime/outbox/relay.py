"""The relay: takes committed events from the outbox to the broker, in order per key, and loses none."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import Database
from framework.runtime.events import PublishFailed
from framework.runtime.outbox.cleaning import clean_outbox
from framework.runtime.outbox.drain import BatchPublisher, Drained, drain
from framework.runtime.outbox.relays_seen import SIGN_SECONDS, SignOfLife
from framework.runtime.outbox.writing import waking

logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 1000
POLL_SECONDS: Final = 1.0
CLEAN_SECONDS: Final = 60.0
"""From the moment when nothing old was left in the outbox to the next look for it."""
_CONTENDED_SECONDS: Final = 0.05
_OUTAGE_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)


class Relay:
    """Publishes the outbox of one database, from `run` until `stop`.

    Any number of relays may run on one database. What was published when a relay, or its connection, dies
    before it could be marked is published again.
    """

    def __init__(
        self,
        database: Database,
        broker: BatchPublisher,
        *,
        batch_size: int = BATCH_SIZE,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._broker = broker
        self._batch_size = batch_size
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._stopped = asyncio.Event()
        self._failures = 0
        self._clean_at = 0.0
        self._life = SignOfLife()
        self._sign_at = 0.0

    async def run(self) -> None:
        """Publish what is committed: at once in this process, within the poll interval in others.

        A broker or a database that is down is waited for. This returns after `stop`, when what was committed
        by then is published, if it can be.
        """
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):  # that loop has ended; nothing runs there any more
                loop.call_soon_threadsafe(self._woken.set)

        with waking(wake):
            while not self._stopped.is_set():
                self._woken.clear()
                await self._pause(await self._turn())
            while await self._turn() == 0:
                pass
        await self._tell(self._life.withdraw)

    def stop(self) -> None:
        """Let `run` finish."""
        self._stopped.set()
        self._woken.set()

    async def _turn(self) -> float:
        """Drain once; returns the seconds to wait before the next turn."""
        try:
            drained = await drain(self._database.engine, self._broker, self._batch_size)
            await self._clean()
            await self._give_sign()
        except PublishFailed as error:
            return self._outage("broker", error)
        except Exception as error:
            # Each driver has its own words for a database that is down.
            return self._outage("database", error)
        if self._failures:
            logger.info("the relay goes on")
            self._failures = 0
        for refusal in drained.refusals:
            logger.error(
                "the broker refuses `%s` %s, which is tried again in %s; what follows of its key waits: %s",
                refusal.row.type,
                refusal.row.id,
                refusal.delay,
                refusal.error,
            )
        return self._pause_after(drained)

    async def _clean(self) -> None:
        """Now and then remove what was published long ago."""
        if time.monotonic() >= self._clean_at:
            is_more = await clean_outbox(self._database.engine)
            self._clean_at = time.monotonic() + (0 if is_more else CLEAN_SECONDS)

    async def _give_sign(self) -> None:
        """Now and then say that this relay is at work."""
        if time.monotonic() >= self._sign_at:
            await self._tell(self._life.give)
            self._sign_at = time.monotonic() + SIGN_SECONDS

    async def _tell(self, words: Callable[[AsyncEngine], Awaitable[None]]) -> None:
        """Only for people to see: where it cannot be told, the events go on all the same."""
        try:
            await words(self._database.engine)
        except Exception as error:
            logger.debug("the relay cannot tell of itself: %s", error)

    def _pause_after(self, drained: Drained) -> float:
        if drained.is_more:
            return 0
        return _CONTENDED_SECONDS if drained.is_contended else self._poll_seconds

    def _outage(self, dependency: str, error: Exception) -> float:
        if not self._failures:
            reason = next(iter(str(error).splitlines()), "")
            logger.warning("the relay waits for the %s: %s: %s", dependency, type(error).__name__, reason)
        delay = _OUTAGE_SECONDS[min(self._failures, len(_OUTAGE_SECONDS) - 1)]
        self._failures += 1
        return delay

    async def _pause(self, seconds: float) -> None:
        # While something is down, a commit is no reason to try at once.
        event = self._stopped if self._failures else self._woken
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
