"""The dead letters of one group: looked at, sent again, deleted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from redis.asyncio import Redis

from framework.runtime.dead_letters import DeadLetter, Selection
from framework.runtime.envelope import CloudEvent, InvalidEnvelope
from framework.runtime.redis_streams import dead_letters, redrives
from framework.runtime.redis_streams.errors import asked
from framework.runtime.redis_streams.redrives import Origin, unwrapped
from framework.runtime.redis_streams.scripts import source
from framework.runtime.redis_streams.wire import decode

_ID: Final = re.compile(r"\d{1,19}-\d{1,19}")
_PAGE: Final = 100


class RedisDeadLetters:
    """Implements `dead_letters.DeadLetters`."""

    def __init__(self, redis: Redis, group: str, stream: Callable[[str], str]) -> None:
        """`stream` gives a name the project's prefix."""
        self.service = group
        self._redis = redis
        self._letters = stream(dead_letters.name_of(group))
        self._redrives = stream(redrives.name_of(group))
        self._prefix = stream("")

    async def count(self) -> int:
        """How many there are."""
        with asked():
            return int(await self._redis.xlen(self._letters))

    async def get(self, id_: str) -> DeadLetter | None:
        """The one of this id, if there is one."""
        if not _ID.fullmatch(id_):
            return None
        found = await self._range(id_, id_)
        return self._letter(*found[0]) if found else None

    async def find(self, selection: Selection, after: str | None = None) -> AsyncIterator[DeadLetter]:
        """Those that are meant, in the order in which they were given up."""
        if selection.ids:
            for id_ in sorted(selection.ids, key=_order):
                letter = await self.get(id_)
                if letter is not None and _is_of_age(letter, selection) and selection.fits(letter):
                    yield letter
            return
        begin = f"({after}" if after else _bound(selection.newer_than) or "-"
        end = _bound(selection.older_than) or "+"
        while entries := await self._range(begin, end):
            for id_, fields in entries:
                letter = self._letter(id_, fields)
                if selection.fits(letter):
                    yield letter
            begin = f"({entries[-1][0].decode()}"

    async def redrive(self, ids: Collection[str]) -> list[str]:
        """Move these to the redrive stream of the group; returns those that were still there."""
        script = self._redis.register_script(source("redrive"))
        moved: list[str] = []
        for some in _pages(sorted(ids, key=_order)):
            with asked():
                answer = await script(keys=[self._letters, self._redrives], args=some)
            moved += [id_.decode() for id_ in answer]
        return moved

    async def discard(self, ids: Collection[str]) -> list[str]:
        """Delete these for good; returns those that were there."""
        deleted: list[str] = []
        for some in _pages(sorted(ids, key=_order)):
            async with self._redis.pipeline(transaction=False) as pipe:
                for id_ in some:
                    pipe.xdel(self._letters, id_)
                with asked():
                    answers = await pipe.execute()
            deleted += [id_ for id_, count in zip(some, answers, strict=True) if count]
        return deleted

    async def _range(self, begin: str | bytes, end: str | bytes) -> list[Any]:
        with asked():
            found: Any = await self._redis.xrange(self._letters, begin, end, _PAGE)
        return list(found)

    def _letter(self, id_: bytes, fields: Mapping[bytes, bytes]) -> DeadLetter:
        """Read what `dead_letters.record` wrote; a record written by hand may lack anything."""
        origin = Origin.read(fields)
        message = unwrapped(fields)
        event = _event(message)
        written = _time_of(id_)

        def told(name: str) -> str:
            return fields.get(name.encode(), b"").decode(errors="backslashreplace")

        def number(name: str) -> int:
            return int(told(name)) if told(name).isdecimal() else 0

        return DeadLetter(
            id=id_.decode(),
            service=self.service,
            event=origin.stream.removeprefix(self._prefix),
            operation=origin.operation,
            original_id=origin.id,
            error_type=told("error_type"),
            error=told("error"),
            traceback=told("traceback") or None,
            failed_at=_iso(told("failed_at")) or written,
            first_failed_at=_iso(told("first_failed_at")) or written,
            deliveries=number("deliveries"),
            crashes=number("crashes"),
            redrives=origin.redrives,
            consumer=told("consumer"),
            trace_id=told("trace_id") or None,
            envelope=event,
            message={} if event else {_text(name): _text(value) for name, value in message.items()},
        )


def _event(message: Mapping[bytes, bytes]) -> CloudEvent | None:
    try:
        return decode(message)
    except InvalidEnvelope:
        return None


def _text(value: bytes) -> str:
    return value.decode(errors="backslashreplace")


def _iso(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _time_of(id_: bytes) -> datetime:
    return datetime.fromtimestamp(int(id_.partition(b"-")[0]) / 1000, UTC)


def _bound(time: datetime | None) -> str | None:
    """The first id of this moment."""
    return f"{int(time.timestamp() * 1000)}-0" if time else None


def _is_of_age(letter: DeadLetter, selection: Selection) -> bool:
    written = _time_of(letter.id.encode())
    return (selection.newer_than is None or written >= selection.newer_than) and (
        selection.older_than is None or written <= selection.older_than
    )


def _order(id_: str) -> tuple[int, ...]:
    return tuple(map(int, id_.split("-"))) if _ID.fullmatch(id_) else ()


def _pages(ids: Sequence[str]) -> Iterator[list[str]]:
    known = (id_ for id_ in ids if _ID.fullmatch(id_))
    while some := list(islice(known, _PAGE)):
        yield some
