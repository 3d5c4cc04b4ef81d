"""The groups on all streams of a project: told about, removed, given again what they have handled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from redis.asyncio import Redis

from framework.runtime.groups import SILENCE_SECONDS, GroupIsAlive, GroupNotFound, GroupState, Past
from framework.runtime.redis_streams import redrives
from framework.runtime.redis_streams.errors import GroupMissing, asked
from framework.runtime.redis_streams.places import is_place, retries_at
from framework.runtime.redis_streams.redrives import wrapped
from framework.runtime.redis_streams.scripts import source

_PAGE: Final = 200
_SCAN: Final = 1_000
_BEGINNING: Final = b"0-0"


async def streams_named(redis: Redis, beginning: str) -> list[str]:
    """All streams whose names begin so, in order."""
    with asked():
        found = redis.scan_iter(f"{beginning}*", _SCAN, _type="STREAM")
        return sorted([stream.decode() async for stream in found])


class RedisGroups:
    """Implements `groups.Groups`."""

    def __init__(self, redis: Redis, stream: Callable[[str], str]) -> None:
        """`stream` gives a name the project's prefix."""
        self._redis = redis
        self._stream = stream
        self._prefix = stream("")

    async def states(self) -> list[GroupState]:
        """Each group on each stream, by name."""
        found = []
        for stream, info in await self._groups():
            with suppress(GroupMissing), asked():  # it went meanwhile
                found.append(await self._state(stream, info))
        return sorted(found, key=lambda each: (each.group, each.stream))

    async def remove(self, group: str) -> None:
        """Remove a group from all streams, and its redrive stream."""
        places = await self._places(group)
        script = self._redis.register_script(source("remove_group"))
        silent_ms, redrive = SILENCE_SECONDS * 1000, self._stream(redrives.name_of(group))
        living: set[str] = set()
        for stream in places:
            with suppress(GroupMissing), asked():  # somebody else was quicker
                answer = await script(keys=[stream], args=[group, silent_ms, redrive])
                living.update(name.decode() for name in answer)
        if living:
            raise GroupIsAlive(", ".join(sorted(living)))

    async def count(self, group: str, past: Past) -> int:
        """How many events `replay` would send."""
        return sum([len(entries) async for _, entries in self._handled(group, past)])

    async def replay(self, group: str, past: Past, again: datetime | None) -> int:
        """Copy what the group has acknowledged to its redrive stream."""
        redrive, count = self._stream(redrives.name_of(group)), 0
        mark: dict[Any, Any] = {b"again": again.isoformat()} if again else {}
        async for stream, entries in self._handled(group, past):
            async with self._redis.pipeline(transaction=False) as pipe:
                for id_, fields in entries:
                    origin = {b"stream": stream, b"original_id": id_}
                    pipe.xadd(redrive, mark | origin | wrapped(fields))
                with asked():
                    await pipe.execute()
            count += len(entries)
        return count

    async def _handled(
        self, group: str, past: Past
    ) -> AsyncIterator[tuple[str, list[tuple[bytes, dict[bytes, bytes]]]]]:
        """What the group has acknowledged, page by page and stream by stream."""
        redrive = self._stream(redrives.name_of(group))
        for stream, info in (await self._places(group)).items():
            if stream == redrive or not past.fits(stream.removeprefix(self._prefix)):
                continue
            begin, end = f"{int(past.since.timestamp() * 1000)}-0", info["last-delivered-id"].decode()
            with asked():
                while entries := await self._range(stream, begin, end):
                    first, last = entries[0][0], entries[-1][0]
                    begin = f"({last.decode()}"
                    pending: Any = await self._redis.xpending_range(stream, group, first, last, _PAGE)
                    unfinished = {each["message_id"] for each in pending}
                    yield stream, [entry for entry in entries if entry[0] not in unfinished]

    async def _range(self, stream: str, begin: str, end: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        found: Any = await self._redis.xrange(stream, begin, end, _PAGE)
        return list(found)

    async def _places(self, group: str) -> Mapping[str, dict[str, Any]]:
        """The streams that a group is on, and what Redis tells of it there. Raises `GroupNotFound`."""
        places = {stream: info for stream, info in await self._groups() if info["name"].decode() == group}
        if not places:
            raise GroupNotFound(group)
        return places

    async def _groups(self) -> list[tuple[str, dict[str, Any]]]:
        """Each group on each stream, as Redis tells of it."""
        found: list[tuple[str, dict[str, Any]]] = []
        for stream in await streams_named(self._redis, self._prefix):
            with suppress(GroupMissing), asked():  # the stream went meanwhile
                found += [(stream, info) for info in await self._redis.xinfo_groups(stream)]
        return found

    async def _state(self, stream: str, info: Mapping[str, Any]) -> GroupState:
        group, last = info["name"].decode(), info["last-delivered-id"]
        consumers: Any = await self._redis.xinfo_consumers(stream, group)
        pending: Any = await self._redis.xpending(stream, group)
        unread: Any = await self._redis.xrange(stream, b"(" + last, count=1)
        oldest = [id_ for id_ in (pending["min"], *(id_ for id_, _ in unread)) if id_]
        return GroupState(
            group=group,
            stream=stream.removeprefix(self._prefix),
            lag=await self._lag(stream, info) if unread else 0,
            pending=pending["pending"],
            parked=sum(each["pending"] for each in consumers if retries_at(each["name"].decode())),
            oldest=min(map(time_of, oldest)) if oldest else None,
            consumers=tuple(sorted(each["name"].decode() for each in consumers if _is_alive(each))),
            last_delivered=None if last == _BEGINNING else time_of(last),
        )

    async def _lag(self, stream: str, info: Mapping[str, Any]) -> int | None:
        """How many entries are unread; Redis loses count where some were deleted, as redrives are."""
        if stream.startswith(self._stream(redrives.name_of(""))):
            return int(await self._redis.xlen(stream)) - int(info["pending"])
        return None if info["lag"] is None else int(info["lag"])


def time_of(id_: bytes) -> datetime:
    """When Redis took the entry of this id."""
    return datetime.fromtimestamp(int(id_.partition(b"-")[0]) / 1000, UTC)


def _is_alive(consumer: Mapping[str, Any]) -> bool:
    return not is_place(consumer["name"].decode()) and consumer["idle"] < SILENCE_SECONDS * 1000
