"""Events shown to browsers as they happen: server-sent events, none of them missed between two connections.

A route hands on what the feed gives; FastAPI keeps the connection alive with a comment every 15 seconds:

    feed = Feed(broker, NOTIFICATION_SENT)

    @router.get("/live", response_class=EventSourceResponse)
    async def live(events: Annotated[FeedEvents, Depends(feed)]) -> FeedEvents:
        async for event in events:
            yield event

Each event has the name that it has in the specs; its data is the message in JSON, its id a position on the
broker. A browser that comes back sends the last id as `Last-Event-ID` or, where it has to open a new
`EventSource`, as the query parameter `last_event_id`. It is sent what was published meanwhile, by whichever
replica it reaches, as far as the broker keeps it. Events are published at least once: a page knows by their
content which of them it has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import Header, HTTPException, Query
from fastapi.sse import ServerSentEvent

from framework.runtime.broker import EventBroker
from framework.runtime.events import EventDefinition
from framework.runtime.outage import Dependency
from framework.runtime.stop_signal import on_stop_signal
from framework.runtime.tail import Position, Seen, Tail, read, written
from framework.runtime.tasks import end
from framework.runtime.transport import BrokerUnavailable

FeedEvents = AsyncIterator[ServerSentEvent]
"""What one viewer is sent."""

BEGIN: Final = "feed-begin"
"""The first event that a viewer is sent, for its id: a name that no event of the specs can have."""
_RECONNECT: Final = 1_000
"""Milliseconds after which a browser comes back by itself."""
_PAGE: Final = 200
"""How many of each event are read at once."""
_RECENT: Final = 1_000
"""Events that are kept for viewers who are a little behind; for those further behind the broker is read."""
_WAIT: Final = 0.9
"""Seconds that a read of the broker waits for something new."""


class Feed:
    """Some events of the project, for any number of viewers: a process reads each event once for all of them.

    It reads only while somebody looks on. Who takes events more slowly than they come is sent them at that
    speed, and costs no memory. When the process is asked to stop, every viewer's stream ends, so that the
    browsers go to another replica, and the process need not wait for them.
    """

    def __init__(
        self, broker: EventBroker, *events: EventDefinition[Any], newest: int = 20, most_viewers: int = 1_000
    ) -> None:
        """A new viewer is first sent the `newest` of each event; one more than `most_viewers` gets a 503."""
        self._broker = broker
        self._events = events
        self._newest = newest
        self._most_viewers = most_viewers
        self._viewers = 0
        self._reading: _Reading | None = None

    async def __call__(
        self,
        last_event_id: Annotated[str, Header()] = "",
        resume_after: Annotated[str, Query(alias="last_event_id")] = "",
    ) -> AsyncIterator[FeedEvents]:
        """A dependency of a route: the events for one viewer, until the answer has ended.

        Raises HTTPException (503) if there are too many viewers, or the broker is down.
        """
        if self._viewers >= self._most_viewers:
            raise _unavailable("There are too many viewers.")
        self._viewers += 1
        try:
            reading = self._begin()
            try:
                await reading.begin()
                position = read(last_event_id or resume_after, len(self._events))
                position = position or await reading.tail.before(self._newest)
            except BrokerUnavailable as error:
                raise _unavailable("The broker cannot be reached.") from error
            yield _follow(reading, position)
        finally:
            self._viewers -= 1
            if not self._viewers:
                await self._end()

    def _begin(self) -> _Reading:
        if self._reading is None or self._reading.has_ended:
            broker = Dependency("the broker of the feed", self._broker.check)
            self._reading = _Reading(self._broker.tail(*self._events), broker)
        return self._reading

    async def _end(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            await reading.end()


class _Reading:
    """What the viewers of a process share: the end of the streams, and the events that came last."""

    def __init__(self, tail: Tail, broker: Dependency) -> None:
        self.tail = tail
        self.count = 0
        """How many events were read."""
        self.position: Position = ()
        """Where one stands who has seen these."""
        self.news = asyncio.Event()
        """Set when there are more, and then another one; set for good at the end."""
        self.has_ended = False
        self._recent: deque[Seen] = deque(maxlen=_RECENT)
        self._broker = broker
        self._beginning = asyncio.create_task(self._find_end())
        self._run = asyncio.create_task(self._read(), name="feed")
        self._take_back = on_stop_signal(self._stop)

    async def begin(self) -> None:
        """Return once it is known where new events begin. Raises `BrokerUnavailable`."""
        await asyncio.shield(self._beginning)

    def since(self, count: int) -> list[Seen] | None:
        """What was read after the first `count` events; None if that is more than is kept."""
        missing = self.count - count
        if missing > len(self._recent):
            return None
        return list(islice(self._recent, len(self._recent) - missing, None))

    async def end(self) -> None:
        """Read no more."""
        self._take_back()
        self._stop()
        await end([self._beginning, self._run], 0)

    async def _find_end(self) -> None:
        self.position = await self.tail.end()

    async def _read(self) -> None:
        try:
            with suppress(BrokerUnavailable):
                await self.begin()
                while not self.has_ended:
                    await self._read_once()
        finally:
            self._stop()

    async def _read_once(self) -> None:
        try:
            # Not longer than `end` waits: Redis-py may take a cancellation for a lost connection, and go on.
            self._take(*await self.tail.after(self.position, _PAGE, _WAIT))
        except BrokerUnavailable:
            await self._broker.wait()

    def _take(self, seen: list[Seen], position: Position) -> None:
        self.position = position
        if seen:
            self._recent.extend(seen)
            self.count += len(seen)
            news, self.news = self.news, asyncio.Event()
            news.set()

    def _stop(self) -> None:
        self.has_ended = True
        self.news.set()


async def _follow(reading: _Reading, position: Position) -> FeedEvents:
    """All events behind `position`, until the feed ends, or the broker fails to give what was missed."""
    yield ServerSentEvent(event=BEGIN, raw_data="{}", id=written(position), retry=_RECONNECT)
    count, until = reading.count, _further(position, reading.position)
    while not reading.has_ended:
        try:
            async for seen in _missed(reading.tail, position, until):
                yield _shown(seen)
        except BrokerUnavailable:
            return
        position = until
        while not reading.has_ended and (recent := reading.since(count)) is not None:
            for seen in recent:
                count += 1
                reached = _further(position, seen.position)
                if reached != position:
                    position = reached
                    yield _shown(seen)
            if not recent:
                await reading.news.wait()
        count, until = reading.count, _further(position, reading.position)


async def _missed(tail: Tail, position: Position, until: Position) -> AsyncIterator[Seen]:
    """The events behind `position`, up to `until`, each with its position on this way."""
    while position != until:
        page, end_of_page = await tail.after(position, _PAGE)
        if end_of_page == position:  # what stood up to `until` was trimmed
            return
        for seen in page:
            reached = _nearer(seen.position, until)
            if reached != position:
                position = reached
                yield Seen(seen.event, position)
        position = _nearer(end_of_page, until)


def _nearer(position: Position, other: Position) -> Position:
    return tuple(map(min, position, other))


def _further(position: Position, other: Position) -> Position:
    return tuple(map(max, position, other))


def _shown(seen: Seen) -> ServerSentEvent:
    return ServerSentEvent(
        event=seen.event.type, raw_data=seen.event.data.decode(), id=written(seen.position)
    )


def _unavailable(detail: str) -> HTTPException:
    return HTTPException(503, detail, {"retry-after": "5"})
