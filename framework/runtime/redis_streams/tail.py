"""Streams read without a group: nobody is in charge of what is read here, and nothing is acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from redis.asyncio import Redis

from framework.runtime.envelope import InvalidEnvelope
from framework.runtime.redis_streams.errors import translated
from framework.runtime.redis_streams.wire import decode
from framework.runtime.tail import Position, Seen

logger = logging.getLogger(__name__)

_BEGIN: Final = (0, 0)


class RedisTail:
    """Implements `tail.Tail`: a position holds the id of the last entry seen of each stream."""

    def __init__(self, redis: Redis, streams: Sequence[str]) -> None:
        self._redis = redis
        self._places = {stream.encode(): place for place, stream in enumerate(streams)}

    async def end(self) -> Position:
        """The ids of the last entries."""
        return await self.before(0)

    async def before(self, newest: int) -> Position:
        """The ids of the last entries before the newest so many."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipeline:
                for stream in self._places:
                    pipeline.xrevrange(stream, count=newest + 1)
                answers: list[list[tuple[bytes, Any]]] = await pipeline.execute()
        return tuple(_numbers(found[newest][0]) if len(found) > newest else _BEGIN for found in answers)

    async def after(self, position: Position, count: int, wait: float = 0) -> tuple[list[Seen], Position]:
        """What is behind `position`; an entry that holds no event is told of and left out."""
        ids = {stream: b"%d-%d" % position[place] for stream, place in self._places.items()}
        with translated():
            answer: Any = await self._redis.xread(ids, count=count, block=int(wait * 1000) or None)  # type: ignore[arg-type]
        entries = [
            (_numbers(id_), self._places[stream], fields) for stream, found in answer for id_, fields in found
        ]
        seen: list[Seen] = []
        for id_, place, fields in sorted(entries, key=lambda entry: entry[:2]):
            position = (*position[:place], id_, *position[place + 1 :])
            seen.extend(_read(fields, position))
        return seen, position


def _read(fields: Mapping[bytes, bytes], position: Position) -> Iterator[Seen]:
    try:
        yield Seen(decode(fields), position)
    except InvalidEnvelope as error:
        logger.warning("an entry is shown to nobody: %s", error)


def _numbers(id_: bytes) -> tuple[int, int]:
    milliseconds, _, sequence = id_.partition(b"-")
    return int(milliseconds), int(sequence)
