"""Trimming: what every group has handled leaves its stream when it is old enough.

Never by length: what is parked or not yet read must stay, however much has been written since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from redis.asyncio import Redis

from framework.runtime.redis_streams.errors import translated
from framework.runtime.redis_streams.scripts import source

LOCK_PREFIX: Final = "event_trim:"
"""Begins the names of the keys that tell which streams were trimmed a moment ago."""
_MILLISECOND: Final = timedelta(milliseconds=1)


async def trim(redis: Redis, retention: Mapping[str, timedelta], pause: timedelta) -> int:
    """Trim each stream to what is younger than its retention, or still to be handled by some group.

    Redis does so in whole blocks, about a hundred entries each. A stream is left alone for `pause` after
    anyone has trimmed it. Returns how many entries were removed.
    """
    script = redis.register_script(source("trim"))
    removed = 0
    for stream, age in retention.items():
        with translated():
            removed += await script(
                keys=[stream, LOCK_PREFIX + stream], args=[age // _MILLISECOND, pause // _MILLISECOND]
            )
    return removed
