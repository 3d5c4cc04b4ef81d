"""The commands of one consumer in one consumer group: read, renew, acknowledge, release, claim."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from framework.runtime.redis_streams.errors import GroupMissing, meaning, translated
from framework.runtime.redis_streams.scripts import Scripts

Key = tuple[str, bytes]
"""A stream and the id of an entry in it."""

HEIR = "__released__"
"""The consumer under which released entries wait for the next process.

Names that begin with two underscores are places, not processes: no janitor removes them.
"""
_RELEASED_IDLE_MS = 24 * 60 * 60 * 1000
"""What is released looks as old as this, so that every process takes it at once, whatever its lease."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that was delivered to this consumer."""

    stream: str
    id: bytes
    fields: dict[bytes, bytes]
    deliveries: int
    """How often it has been delivered, this time included."""

    @property
    def key(self) -> Key:
        """What identifies it."""
        return self.stream, self.id


@dataclass(frozen=True, slots=True)
class Member:
    """A consumer of the group, as one stream knows it."""

    stream: str
    name: str
    pending: int
    idle_ms: int


class Group:
    """Every method raises `BrokerUnavailable` if Redis is down and `GroupMissing` if the group is gone."""

    def __init__(self, redis: Redis, name: str, consumer: str, streams: Sequence[str]) -> None:
        self.name = name
        self.consumer = consumer
        self.streams = streams
        self._redis = redis
        self._scripts = Scripts.register(redis)
        self._looked_until: dict[tuple[str, str], bytes] = {}

    async def create(self) -> list[str]:
        """Make the group, from the oldest entry on, on every stream that lacks it; returns those."""
        made = []
        for stream in self.streams:
            try:
                with translated():
                    await self._redis.xgroup_create(stream, self.name, id="0", mkstream=True)
                made.append(stream)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise
        return made

    async def read(self, count: int, block_ms: int) -> list[Entry]:
        """Take up to `count` new entries of each stream, waiting up to `block_ms` if there are none."""
        with translated():
            answer: Any = await self._redis.xreadgroup(
                self.name, self.consumer, dict.fromkeys(self.streams, ">"), count=count, block=block_ms
            )
        return [
            Entry(stream.decode(), id_, fields, 1) for stream, entries in answer for id_, fields in entries
        ]

    async def acknowledge(self, keys: Collection[Key]) -> set[Key]:
        """Acknowledge what this consumer still holds; the rest is returned."""
        return await self._act(self._scripts.acknowledge, keys)

    async def renew(self, keys: Collection[Key]) -> set[Key]:
        """Begin the lease anew of what this consumer still holds; returns what another holds now."""
        return await self._act(self._scripts.renew, keys)

    async def release(self, keys: Collection[Key]) -> set[Key]:
        """Give back what this consumer still holds, to be taken at once and as if never delivered."""
        return await self._act(self._scripts.release, keys, HEIR, _RELEASED_IDLE_MS)

    async def leave(self) -> None:
        """Remove this consumer; what is pending on it keeps its lease and its delivery count."""
        for stream in self.streams:
            with translated():
                while not await self._scripts.leave(
                    keys=[stream], args=[self.name, self.consumer, HEIR, _PAGE]
                ):
                    pass

    async def members(self) -> list[Member]:
        """The consumers of the group on each stream."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for stream in self.streams:
                pipe.xinfo_consumers(stream, self.name)
            with translated():
                answers = await pipe.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, Exception):
                raise meaning(answer)
        return [
            Member(stream, each["name"].decode(), each["pending"], each["idle"])
            for stream, consumers in zip(self.streams, answers, strict=True)
            for each in consumers
        ]

    async def claim_expired(
        self, members: Iterable[Member], lease_ms: int, limit: int, own: Collection[Key]
    ) -> list[Entry]:
        """Take over up to `limit` entries of `members` whose lease has ended, except those of `own`.

        Asked for consumer by consumer: a page over the whole group could be full of what one of them holds.
        """
        holders = [member for member in members if member.pending]
        random.shuffle(holders)
        claimed: list[Entry] = []
        for holder in holders:
            counts = await self._expired(holder, lease_ms, limit - len(claimed), own)
            for id_, fields in await self._claim(holder.stream, list(counts), lease_ms):
                claimed.append(Entry(holder.stream, id_, fields, counts[id_] + 1))
            if len(claimed) >= limit:
                break
        return claimed

    async def _expired(
        self, holder: Member, lease_ms: int, limit: int, own: Collection[Key]
    ) -> dict[bytes, int]:
        """The delivery counts of entries whose lease has ended, going on where the previous look ended.

        Beginning with the oldest each time would never get past those that fail again and again.
        """
        place = (holder.stream, holder.name)
        start = self._looked_until.pop(place, b"-")
        with translated():
            found: Any = await self._redis.xpending_range(
                holder.stream, self.name, start, "+", limit + len(own), holder.name, idle=lease_ms
            )
        expired = [each for each in found if (holder.stream, each["message_id"]) not in own][:limit]
        if len(expired) == limit:
            self._looked_until[place] = b"(" + expired[-1]["message_id"]
        return {each["message_id"]: each["times_delivered"] for each in expired}

    async def remove_dead(self, members: Iterable[Member], silent_ms: int) -> list[Member]:
        """Remove the consumers that hold nothing and have been silent so long; returns them."""
        dead = [
            member
            for member in members
            if not member.pending
            and member.idle_ms >= silent_ms
            and not member.name.startswith("__")
            and member.name != self.consumer
        ]
        with translated():
            return [
                member
                for member in dead
                if await self._scripts.remove_consumer(keys=[member.stream], args=[self.name, member.name])
            ]

    async def _claim(
        self, stream: str, ids: Sequence[bytes], lease_ms: int
    ) -> list[tuple[bytes, dict[bytes, bytes]]]:
        if not ids:
            return []
        with translated():
            # Whoever comes second finds the idle time begun anew, and gets nothing.
            claimed: Any = await self._redis.xclaim(
                stream, self.name, self.consumer, min_idle_time=lease_ms, message_ids=list(ids)
            )
        return list(claimed)

    async def _act(self, script: Any, keys: Collection[Key], *arguments: str | int) -> set[Key]:
        """Run a script for each stream; returns the keys that it answered."""
        answered: set[Key] = set()
        for stream in {stream for stream, _ in keys}:
            ids = [id_ for of, id_ in keys if of == stream]
            # Where the group is gone nothing is held any more; the other streams must not suffer from it.
            with suppress(GroupMissing), translated():
                answer = await script(keys=[stream], args=[self.name, self.consumer, *arguments, *ids])
                answered.update((stream, id_) for id_ in answer)
        return answered
