"""The ticks of a schedule as entries of a stream, whose ids are the moments at which they are due.

Redis refuses an id that is not greater than the last one, even if that entry is gone: so every tick is added
once, whoever comes first, and the stream itself remembers how far the schedule has got.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from redis.asyncio import Redis

from framework.runtime.envelope import CloudEvent
from framework.runtime.redis_streams.errors import translated
from framework.runtime.redis_streams.scripts import source
from framework.runtime.redis_streams.wire import encode

DEFINITION_PREFIX: Final = "schedule_definition:"
"""Begins the names of the keys that tell what the schedule of a stream says."""
AHEAD_MS: Final = 60_000
"""By how much the clock of a process may be ahead of that of Redis."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


async def begin(redis: Redis, stream: str, definition: str, now: datetime) -> None:
    """Note what a schedule says; if that is new, no tick up to `now` can be added any more."""
    script = redis.register_script(source("begin_schedule"))
    with translated():
        await script(keys=[stream, DEFINITION_PREFIX + stream], args=[definition, _milliseconds(now)])


async def add(redis: Redis, stream: str, group: str, tick: CloudEvent) -> bool:
    """Add a tick; False if that or a later one was added. Drops those before it that `group` has not read.

    Raises `redis.exceptions.ResponseError` if the tick lies in the future by the clock of Redis.
    """
    script = redis.register_script(source("add_tick"))
    fields = chain.from_iterable(encode(tick).items())
    with translated():
        answer = await script(keys=[stream], args=[group, _milliseconds(tick.time), AHEAD_MS, *fields])
    return bool(answer)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
