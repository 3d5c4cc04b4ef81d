"""The regular removal of old events, which every process of a project attempts and one at a time does."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import Final, NoReturn, Protocol

from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)

INTERVAL: Final = timedelta(minutes=1)
"""From one trimming of a stream to the next, whoever does it."""


class Trimmable(Protocol):
    """The side of the broker that forgets."""

    async def trim(self, pause: timedelta) -> int:
        """Remove old events, unless somebody has done so within the pause; returns how many."""


async def keep_trimmed(broker: Trimmable, interval: timedelta = INTERVAL) -> NoReturn:
    """Trim until cancelled, at irregular times, so that the processes do not march in step."""
    while True:
        await asyncio.sleep(interval.total_seconds() * random.uniform(0.5, 1.5))  # noqa: S311
        try:
            await broker.trim(interval)
        except BrokerUnavailable as error:
            logger.debug("no trimming while the broker is down: %s", error)  # others tell of it
        except Exception:
            logger.exception("the streams could not be trimmed")
