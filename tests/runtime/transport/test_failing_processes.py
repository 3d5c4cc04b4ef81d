"""Handlers that fail in real processes, which are killed and paused between and during the attempts."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.failures import OperationFailed
from framework.runtime.redis_streams.handling import CRASH_LIMIT
from framework.runtime.redis_streams.places import retry_place
from framework.testkit import published
from tests.runtime.transport.processes import START, Gate, Process, kept
from tests.runtime.transport.support import (
    NOTE_FAILED,
    Note,
    age,
    dead_letters,
    pending,
    pending_entries,
    publish,
    until,
)

pytestmark = pytest.mark.timeout(900)


async def test_a_retry_outlives_the_process_that_parked_it(
    broker: EventBroker, database: Path, run: Callable[..., Process]
) -> None:
    failing = run(RETRY="3600 3600")
    await until(failing.is_ready, START)
    await publish(broker, Note(id=1, text="fail"), Note(id=2))
    for failures in (1, 2):
        await until(lambda: _lies_at(broker, retry_place(failures)))  # noqa: B023
        if failures == 1:
            await age(broker, retry_place(1))
    failing.send(signal.SIGKILL)
    failing.popen.wait()
    assert kept(database) == {2: 1}, "what failed is rolled back"
    other = run(RETRY="3600 3600", HEALTHY=1)
    await until(other.is_ready, START)
    assert await _lies_at(broker, retry_place(2)), "it is not due"
    await age(broker, retry_place(2))
    await until(lambda: kept(database) == {1: 1, 2: 1})
    await until(lambda: _is_zero(broker))
    assert await dead_letters(broker) == []


async def test_a_failure_for_good_is_published_once_and_kept_once(
    broker: EventBroker, run: Callable[..., Process]
) -> None:
    """By two processes, in three attempts each."""
    first, second = (run(RETRY="0.1 0.1") for _ in range(2))
    await until(first.is_ready, START)
    await until(second.is_ready, START)
    await publish(broker, *(Note(id=i, text="fail" if i % 2 else "refuse") for i in range(20)))
    await until(lambda: _are_dead(broker, 20))
    assert await pending(broker) == 0
    letters = await dead_letters(broker)
    assert {letter["deliveries"] for letter in letters if letter["error_type"] == b"LookupError"} == {b"3"}
    assert {letter["deliveries"] for letter in letters if letter["error_type"] == b"Conflict"} == {b"1"}
    events = await published(broker, NOTE_FAILED, count=20, within=60)
    failures = [OperationFailed.model_validate_json(event.data) for event in events]
    assert {(failure.event_id or "").encode() for failure in failures} == {
        letter["event_id"] for letter in letters
    }
    assert await broker.redis.xlen(NOTE_FAILED.name) == 20


async def test_an_event_that_kills_its_process_is_given_up_and_takes_nobody_with_it(
    broker: EventBroker, database: Path, run: Callable[..., Process]
) -> None:
    """Who was held beside it at the first crash runs alone then; who comes later is never charged.

    No lease ends by itself: what takes longer than one would not be waited for.
    """
    service = run(EVENTS_LEASE=600, WORK_SECONDS=0.1)
    await until(service.is_ready, START)
    await publish(broker, *(Note(id=i, text="die" if i == 3 else "") for i in range(8)))
    deaths = 0
    later: set[Any] = set()
    while not await dead_letters(broker):
        if service.popen.poll() is not None:
            deaths += 1
            held = await pending_entries(broker)
            assert deaths == 1 or later.isdisjoint(entry.id for entry in held), "it was not alone"
            service = run(EVENTS_LEASE=600, WORK_SECONDS=0.1)
            await until(service.is_live, START)
            later.add(await _publish_later(broker, Note(id=100 + deaths)))
            for holder in {entry.consumer for entry in held}:
                await age(broker, holder)
        await asyncio.sleep(0.02)
    assert deaths == CRASH_LIMIT
    expected = {*range(8), *range(101, 101 + deaths)} - {3}
    await until(lambda: kept(database) == dict.fromkeys(expected, 1))
    await until(lambda: _is_zero(broker))
    (letter,) = await dead_letters(broker)
    assert letter["subject"] == b"3"
    assert (letter["error_type"], letter["crashes"]) == (b"CrashLoop", str(CRASH_LIMIT).encode())


@pytest.mark.parametrize("what_goes_wrong", ["fail", "refuse"])
async def test_a_process_that_was_paused_beyond_its_lease_has_no_say_in_what_becomes_of_its_event(
    what_goes_wrong: str, broker: EventBroker, database: Path, gate: Gate, run: Callable[..., Process]
) -> None:
    """Its lease is long, so that it does not take the event back from one that is only slow."""
    paused = run(EVENTS_LEASE=600, GATE=gate)
    await until(paused.is_ready, START)
    await publish(broker, Note(id=1, text=what_goes_wrong))
    await until(lambda: "note 1 is begun" in paused.log)
    paused.pause(database)
    slow = run(EVENTS_LEASE=1, WORK_SECONDS=600)
    await until(lambda: _is_held_by(broker, slow), START)
    gate.open()
    paused.send(signal.SIGCONT)
    await until(lambda: "failed on event" in paused.log)
    paused.stop()  # when Redis has been told
    assert await _is_held_by(broker, slow)
    assert await dead_letters(broker) == []
    assert "Redis refuses" not in paused.log


async def _publish_later(broker: EventBroker, note: Note) -> Any:
    await publish(broker, note)
    ((id_, _),) = await broker.redis.xrevrange("note.taken", count=1)  # type: ignore[misc]
    return id_


async def _lies_at(broker: EventBroker, place: str) -> bool:
    return [entry.consumer for entry in await pending_entries(broker)] == [place]


async def _is_held_by(broker: EventBroker, process: Process) -> bool:
    return any(f"-{process.popen.pid}-" in entry.consumer for entry in await pending_entries(broker))


async def _are_dead(broker: EventBroker, count: int) -> bool:
    return len(await dead_letters(broker)) == count


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
