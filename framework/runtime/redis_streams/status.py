"""How far the groups are with what was published, for every stream of the project."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from framework.runtime.groups import SILENCE_SECONDS
from framework.runtime.redis_streams import dead_letters, redrives
from framework.runtime.redis_streams.errors import GroupMissing, meaning, translated
from framework.runtime.redis_streams.places import is_place, retries_at
from framework.runtime.transport import BrokerStatus, GroupStatus, SubscriptionStatus

StreamName = Callable[[str], str]


class _Reading(NamedTuple):
    """A group that reads the events of one name, as XINFO GROUPS tells it."""

    event: str
    group: str
    lag: int | None


async def status(
    redis: Redis, stream: StreamName, events: Collection[str], groups: Collection[str]
) -> BrokerStatus:
    """Look at the streams of `events`, and at what `groups` and all who read those streams have given up.

    `stream` gives a name the project's prefix. Two round trips, however many streams there are. Raises
    `BrokerUnavailable`.
    """
    readings = await _readings(redis, stream, sorted(events))
    everyone = sorted({*groups, *(each.group for each in readings)})
    async with redis.pipeline(transaction=False) as pipe:
        for each in readings:
            pipe.xinfo_consumers(stream(each.event), each.group)
            pipe.xpending(stream(each.event), each.group)
        for group in everyone:
            pipe.xlen(stream(dead_letters.name_of(group)))
            pipe.xlen(stream(redrives.name_of(group)))
        answers = await _answers(pipe)
    told = zip(readings, answers[::2], answers[1::2], strict=False)
    lengths = answers[2 * len(readings) :]
    return BrokerStatus(
        [_subscription(*each) for each in told],
        [
            GroupStatus(group, letters, waiting)
            for group, letters, waiting in zip(everyone, lengths[::2], lengths[1::2], strict=True)
        ],
    )


async def _readings(redis: Redis, stream: StreamName, events: Sequence[str]) -> list[_Reading]:
    async with redis.pipeline(transaction=False) as pipe:
        for event in events:
            pipe.xinfo_groups(stream(event))
        answers = await _answers(pipe)
    return [
        _Reading(event, each["name"].decode(), each.get("lag"))
        for event, groups in zip(events, answers, strict=True)
        for each in groups or ()
    ]


async def _answers(pipe: Pipeline) -> list[Any]:
    """None where the stream or the group does not exist, or has gone meanwhile."""
    with translated():
        answers: list[Any] = await pipe.execute(raise_on_error=False)
    for place, answer in enumerate(answers):
        if isinstance(answer, Exception):
            error = meaning(answer)
            if not isinstance(error, GroupMissing):
                raise error
            answers[place] = None
    return answers


def _subscription(
    reading: _Reading, consumers: Sequence[Mapping[str, Any]] | None, pending: Mapping[str, Any] | None
) -> SubscriptionStatus:
    parked: dict[int, int] = {}
    present = 0
    for each in consumers or ():
        name = each["name"].decode()
        retries = retries_at(name)
        if retries is not None:
            parked[retries[0]] = parked.get(retries[0], 0) + each["pending"]
        present += not is_place(name) and each["idle"] < SILENCE_SECONDS * 1000
    pending = pending or {"pending": 0, "min": None}
    return SubscriptionStatus(
        event=reading.event,
        group=reading.group,
        lag=reading.lag,
        pending=pending["pending"],
        parked=parked,
        oldest_pending=_age(pending["min"]),
        consumers=present,
    )


def _age(entry: bytes | None) -> float:
    """The seconds since an entry was written; 0 if there is none."""
    return max(0.0, time.time() - int(entry.partition(b"-")[0]) / 1000) if entry else 0.0
