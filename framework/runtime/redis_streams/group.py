"""The commands of one consumer in one consumer group: read, renew, acknowledge, park, release, claim."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from framework.runtime.redis_streams.attempts import NONE, Attempts
from framework.runtime.redis_streams.errors import GroupMissing, meaning, translated
from framework.runtime.redis_streams.line import Line
from framework.runtime.redis_streams.places import HEIR, is_place, retry_place
from framework.runtime.redis_streams.redrives import Origin, unwrapped
from framework.runtime.redis_streams.scripts import Scripts
from framework.runtime.redis_streams.wire import MESSAGE

Key = tuple[str, bytes]
"""A stream and the id of an entry in it."""

_RELEASED_IDLE_MS = 24 * 60 * 60 * 1000
"""What is released looks as old as this, so that every process takes it at once, whatever its lease."""
_PAGE = 100
_REMEMBERED = 24 * 60 * 60
"""Seconds in which what is given up twice, since it was published twice, is noticed."""


@dataclass(slots=True)  # frozen ones take three times as long to make, and there is one for each event
class Entry:
    """An entry that was delivered to this consumer."""

    stream: str
    id: bytes
    sent: Sequence[bytes]
    """Its fields, names and values in turn, as Redis sends them."""
    behind: Attempts = NONE
    """The deliveries before this one."""
    origin: Origin | None = None
    """Where it came from, if this is not the first time round."""

    @property
    def fields(self) -> dict[bytes, bytes]:
        """Its fields by name."""
        return dict(zip(self.sent[::2], self.sent[1::2], strict=True))

    @property
    def message(self) -> bytes | None:
        """What holds the event, which `wire.encode` writes first; None in an entry of another kind."""
        sent = self.sent
        return sent[1] if sent and sent[0] == MESSAGE else self.fields.get(MESSAGE)

    @property
    def event_stream(self) -> str:
        """The stream that the event was published on."""
        return self.origin.stream if self.origin else self.stream

    @property
    def deliveries(self) -> int:
        """How often it has been delivered, this time included."""
        return self.behind.failures + self.behind.crashes + 1

    @property
    def written_at(self) -> float:
        """When Redis took it, in seconds since the epoch."""
        return int(self.id.partition(b"-")[0]) / 1000

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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pending entry that has lain with its holder for long enough to be taken over."""

    stream: str
    id: bytes
    behind: Attempts
    holder: str
    idle_ms: int
    """For how long it must have lain there."""

    @property
    def place(self) -> tuple[str, str, int]:
        """What entries must share to be taken over together."""
        return self.stream, self.holder, self.idle_ms


class Group:
    """Every method raises `BrokerUnavailable` if Redis is down and `GroupMissing` if the group is gone."""

    def __init__(
        self,
        redis: Redis,
        name: str,
        consumer: str,
        streams: Sequence[str],
        *,
        dead_letters: str,
        redrives: str,
    ) -> None:
        """`consumer` is the name of this process, `streams` are those of the events it subscribes to.

        `dead_letters` is the stream of what the group gives up, and `redrives` of what it handles once more.
        """
        self.name = name
        self.consumer = consumer
        self.event_streams = streams
        self.streams = [*streams, redrives]
        """All that is read: the events, and the redrives."""
        self.dead_letters = dead_letters
        self.redrives = redrives
        self._redis = redis
        self._reading = Line(redis)
        self._reader: int | None = None
        """What Redis calls the connection that reads, as far as it tells: not every proxy does."""
        self._acknowledging = Line(redis)
        self._scripts = Scripts.register(redis)

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
        group = ("GROUP", self.name, self.consumer)
        limits = ("COUNT", count, "BLOCK", block_ms)
        with translated():
            if self._reader is None:
                self._reader = await self._number_of_reader()
            answer = await self._reading.ask(
                "XREADGROUP", *group, *limits, "STREAMS", *self.streams, *(">" for _ in self.streams)
            )
        return [
            self._entry(name, id_, sent)
            for name, entries in ((stream.decode(), entries) for stream, entries in answer or ())
            for id_, sent in entries
        ]

    async def wake(self) -> None:
        """End the wait of a `read` that is under way, as if its time were over."""
        if self._reader:
            with suppress(RedisError):
                await self._redis.client_unblock(self._reader)

    async def _number_of_reader(self) -> int:
        try:
            return int(await self._reading.ask("CLIENT", "ID"))
        except ResponseError:
            return 0

    def _entry(self, stream: str, id_: bytes, sent: Sequence[bytes], behind: Attempts = NONE) -> Entry:
        entry = Entry(stream, id_, sent, behind)
        if stream == self.redrives:
            entry.origin = Origin.read(entry.fields)
            entry.sent = list(chain.from_iterable(unwrapped(entry.fields).items()))
        return entry

    async def acknowledge(self, keys: Collection[Key]) -> set[Key]:
        """Acknowledge what this consumer still holds; the rest is returned."""
        return await self._act(self._run_acknowledge, keys, self.redrives)

    async def _run_acknowledge(self, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        return await self._acknowledging.run(self._scripts.acknowledge, keys, args)

    async def renew(self, keys: Collection[Key]) -> set[Key]:
        """Begin the lease anew of what this consumer still holds; returns what another holds now."""
        return await self._act(self._scripts.renew, keys)

    async def release(self, keys: Collection[Key]) -> set[Key]:
        """Give back what this consumer still holds, to be taken at once and as if never delivered."""
        return await self._act(self._scripts.release, keys, HEIR, _RELEASED_IDLE_MS)

    async def park(self, entry: Entry, behind: Attempts) -> bool:
        """Let an entry wait for its next delivery; False if this consumer does not hold it any more."""
        place = retry_place(behind.failures, entry.origin.stream if entry.origin else "")
        return await self._let_go(self._scripts.park, [entry.stream], [place, behind.counter, entry.id])

    async def bury(self, entry: Entry, record: Mapping[bytes, bytes], identity: str | None = None) -> bool:
        """Write a record to the dead letters and acknowledge its entry; False if it is not held any more.

        Where a record of the same `identity` is among them, that one is enough.
        """
        keys = [entry.stream, self.dead_letters]
        if identity is not None:
            keys.append(f"{self.dead_letters}:of:{identity}")
        arguments: list[str | bytes | int] = [
            self.redrives,
            entry.id,
            _REMEMBERED,
            *chain.from_iterable(record.items()),
        ]
        return await self._let_go(self._scripts.bury, keys, arguments)

    async def _let_go(self, script: Any, keys: list[str], arguments: Sequence[str | bytes | int]) -> bool:
        with translated():
            return bool(await script(keys=keys, args=[self.name, self.consumer, *arguments]))

    async def leave(self) -> None:
        """Remove this consumer; what is pending on it keeps its lease and its delivery count."""
        for stream in self.streams:
            with translated():
                while not await self._scripts.leave(
                    keys=[stream], args=[self.name, self.consumer, HEIR, _PAGE]
                ):
                    pass

    async def close(self) -> None:
        """Close the connections of its own."""
        await self._reading.close()
        await self._acknowledging.close()

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

    async def idle(self, holder: Member, idle_ms: int, limit: int, after: bytes) -> list[Waiting]:
        """Up to `limit` entries that are pending on `holder` and so long idle, from the id `after` on."""
        with translated():
            found: Any = await self._redis.xpending_range(
                holder.stream, self.name, after, "+", limit, holder.name, idle=idle_ms
            )
        return [
            Waiting(
                holder.stream,
                each["message_id"],
                Attempts.read(each["times_delivered"]),
                holder.name,
                idle_ms,
            )
            for each in found
        ]

    async def take(self, waiting: Iterable[Waiting]) -> list[Entry]:
        """Take over what nobody else has taken over meanwhile."""
        taken = []
        for (stream, holder, idle_ms), some in groupby(waiting, lambda each: each.place):
            ids = [each.id for each in some]
            with translated():
                answer = await self._scripts.take(
                    keys=[stream], args=[self.name, self.consumer, holder, idle_ms, *ids]
                )
            taken += [self._entry(stream, id_, sent, Attempts.read(counter)) for id_, counter, sent in answer]
        return taken

    async def remove_dead(self, members: Iterable[Member], silent_ms: int) -> list[Member]:
        """Remove the consumers that hold nothing and have been silent so long; returns them."""
        dead = [
            member
            for member in members
            if not member.pending
            and member.idle_ms >= silent_ms
            and not is_place(member.name)
            and member.name != self.consumer
        ]
        with translated():
            return [
                member
                for member in dead
                if await self._scripts.remove_consumer(keys=[member.stream], args=[self.name, member.name])
            ]

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
