"""What a group may yet be given of the past: how far back its inbox has to remember."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, Final

from redis.asyncio import Redis

from framework.runtime.redis_streams.errors import translated
from framework.runtime.redis_streams.scripts import source

_PAGE: Final = 1000
_BEGIN: Final = "-"


async def oldest(
    redis: Redis, streams: Collection[str], dead_letters: str, redrives: str
) -> dict[str, datetime]:
    """When the oldest entry was written that may be delivered from each stream; empty streams are left out.

    All that a stream holds may be: what is handled comes again if the group is lost and made anew.
    """
    first: dict[str, int] = {}

    def note(stream: str, milliseconds: int) -> None:
        if stream in streams:
            first[stream] = min(milliseconds, first.get(stream, milliseconds))

    for stream in streams:
        with translated():
            entries: Any = await redis.xrange(stream, count=1)
        for id_, _ in entries:
            note(stream, int(id_.partition(b"-")[0]))
    # A record goes from one place to the other and back: the second look finds what came back meanwhile.
    looked_until = await _originals(redis, dead_letters, _BEGIN, note)
    await _originals(redis, redrives, _BEGIN, note)
    await _originals(redis, dead_letters, looked_until, note)
    return {stream: datetime.fromtimestamp(at / 1000, UTC) for stream, at in first.items()}


async def _originals(redis: Redis, records: str, begin: str, note: Callable[[str, int], None]) -> str:
    """Note where all records from `begin` on came from; returns from where on to look for more."""
    script = redis.register_script(source("oldest_originals"))
    while True:
        with translated():
            answer = await script(keys=[records], args=[begin, _PAGE])
        if not answer:
            return begin
        last, *found = answer
        begin = f"({last.decode()}"
        for stream, milliseconds in zip(found[::2], found[1::2], strict=True):
            note(stream.decode(errors="replace"), int(milliseconds))
