"""Scheduled operations: each tick of their clock is an event, published once by all processes together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NoReturn, Protocol
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime

from framework.runtime.envelope import CloudEvent
from framework.runtime.events import EventDefinition
from framework.runtime.schedules.clock import Clock, SystemClock
from framework.runtime.schema import Schema
from framework.runtime.transport import BrokerUnavailable

if TYPE_CHECKING:  # a service without schedules loads no parser of cron expressions
    from framework.runtime.schedules.schedule import Schedule

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
"""What the clock calls."""

RETENTION: Final = timedelta(hours=1)
"""How long ticks are kept that have been handled; nobody but a curious person reads them again."""
_LONGEST_SLEEP: Final = 30.0
"""Seconds until the time is looked at again, since clocks are set and machines suspended."""
_PAUSE: Final = 1.0
"""Seconds from a tick that could not be published to the next try."""


class Tick(Schema):
    """The message that the clock sends."""

    due: AwareDatetime
    """When the tick was due; it is handled later if the service was down."""


@dataclass(frozen=True, slots=True)
class ScheduledOperation:
    """An operation that the clock calls."""

    event: EventDefinition[Tick]
    """Its ticks; no catalogue has them, for nobody else subscribes to them."""
    group: str
    """The service: all its replicas together run each tick once."""
    schedule: Schedule

    def tick(self, due: datetime) -> CloudEvent:
        """The tick that is due then, which has the same id whoever makes it."""
        return CloudEvent(
            id=str(uuid5(NAMESPACE_URL, f"{self.event.name} {due.isoformat()}")),
            source=self.group,
            type=self.event.name,
            time=due,
            data=Tick(due=due).model_dump_json().encode(),
        )


def tick_event(group: str, operation: str) -> EventDefinition[Tick]:
    """The ticks of `operation`, which is `<domain>.<operation>`, as an event."""
    name = f"schedule:{group}:{operation.rpartition('.')[2]}"
    return EventDefinition(name=name, message=Tick, key=None, retention=RETENTION)


class TickPublisher(Protocol):
    """The side of the broker that takes ticks."""

    def schedules(self, group: str) -> Sequence[ScheduledOperation]:
        """The operations of a service that the clock calls."""

    async def begin_schedule(self, scheduled: ScheduledOperation, now: datetime) -> None:
        """Note what a schedule says."""

    async def publish_tick(self, scheduled: ScheduledOperation, due: datetime) -> bool:
        """Publish a tick, unless it or a later one has been published."""


async def keep_ticking(broker: TickPublisher, group: str, clock: Clock | None = None) -> None:
    """Publish the ticks of every schedule of `group` until cancelled; every replica attempts each of them."""
    time = clock or SystemClock()
    async with asyncio.TaskGroup() as tasks:
        for scheduled in broker.schedules(group):
            tasks.create_task(_keep_ticking(broker, scheduled, time), name=scheduled.event.name)


async def _keep_ticking(broker: TickPublisher, scheduled: ScheduledOperation, clock: Clock) -> NoReturn:
    """Publish the last tick, sleep until the next one is due, and so on: of those missed the last is run."""
    has_begun = False
    while True:
        try:
            if not has_begun:
                await broker.begin_schedule(scheduled, clock.now())
                has_begun = True
            now = clock.now()
            due = scheduled.schedule.last(now)
            if await broker.publish_tick(scheduled, due):
                logger.debug("%s: the tick of %s is published", scheduled.event.name, due)
        except BrokerUnavailable as error:
            logger.debug("no ticks while the broker is down: %s", error)  # others tell of it
            await clock.sleep(_PAUSE)
        except Exception:
            logger.exception("%s: a tick could not be published; it is tried again", scheduled.event.name)
            await clock.sleep(_PAUSE)
        else:
            await _sleep_until(scheduled.schedule.next(now), clock)


async def _sleep_until(moment: datetime, clock: Clock) -> None:
    while (left := (moment - clock.now()).total_seconds()) > 0:
        await clock.sleep(min(left, _LONGEST_SLEEP))
