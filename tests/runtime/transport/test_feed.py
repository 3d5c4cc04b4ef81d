"""What viewers see of events: all of them, whatever happens to the service, the broker and the connection."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from framework.runtime import feed as feeds
from framework.runtime.broker import EventBroker
from framework.runtime.failures import OperationFailed
from framework.runtime.feed import BEGIN
from framework.testkit import serve
from tests.runtime.transport.processes import START, Process
from tests.runtime.transport.support import NOTE_FAILED, STREAM, Note, publish, until
from tests.runtime.transport.viewed import create_app

NOBODY_LISTENS = "redis://127.0.0.1:9/0"

pytestmark = pytest.mark.timeout(900)


class Viewer:
    """One that looks on over HTTP, as a browser does."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.last_event_id = ""
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line and fields:
                self.last_event_id = fields["id"]
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise EOFError

    async def notes(self, count: int) -> list[int]:
        """The ids of the next notes."""
        return [json.loads((await self.next())["data"])["id"] for _ in range(count)]


@asynccontextmanager
async def looking_on(address: str, last_event_id: str = "", **query: str) -> AsyncIterator[Viewer]:
    headers = {"last-event-id": last_event_id} if last_event_id else {}
    async with (
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client,
        client.stream("GET", "/live", headers=headers, params=query) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        viewer = Viewer(answer)
        assert (await viewer.next())["event"] == BEGIN
        yield viewer


@pytest.fixture
async def address(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The service in the event loop of the test."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    async with serve(create_app(EventBroker())) as address:
        yield address


async def test_a_viewer_sees_the_newest_and_then_what_happens(address: str, broker: EventBroker) -> None:
    await publish(broker, *(Note(id=id_) for id_ in range(5)))

    async with looking_on(address) as viewer:
        assert viewer.answer.headers["content-type"].startswith("text/event-stream")
        assert viewer.answer.headers["x-accel-buffering"] == "no"
        assert await viewer.notes(2) == [3, 4]
        await publish(broker, Note(id=5, text="one\ntwo"))
        event = await viewer.next()
        assert event["event"] == "note.taken"
        assert json.loads(event["data"]) == {"id": 5, "text": "one\ntwo"}


async def test_events_of_several_names_are_seen(address: str, broker: EventBroker) -> None:
    failure = OperationFailed(
        operation="notes.keep", code="no", message="No.", event_id=None, time="2026-01-01T00:00:00Z"
    )
    async with looking_on(address) as viewer:
        # One after the other: nobody knows the order of two kinds within a millisecond.
        await publish(broker, Note(id=1))
        assert (await viewer.next())["event"] == "note.taken"
        await broker.publish_many([NOTE_FAILED.envelope(failure, source="tests")])
        assert (await viewer.next())["event"] == "note.failed"
        await publish(broker, Note(id=2))
        assert (await viewer.next())["event"] == "note.taken"
        last = viewer.last_event_id
    async with looking_on(address, last) as viewer:
        await publish(broker, Note(id=3))
        assert await viewer.notes(1) == [3]


@pytest.mark.parametrize("how", ["header", "query"])
async def test_who_comes_back_has_missed_nothing(address: str, broker: EventBroker, how: str) -> None:
    async with looking_on(address) as viewer:
        await publish(broker, Note(id=0))
        assert await viewer.notes(1) == [0]
    await publish(broker, *(Note(id=id_) for id_ in range(1, 500)))

    last = viewer.last_event_id
    back = looking_on(address, last) if how == "header" else looking_on(address, last_event_id=last)
    async with back as viewer:
        assert await viewer.notes(499) == list(range(1, 500))
        await publish(broker, Note(id=500))
        assert await viewer.notes(1) == [500]


async def test_who_leaves_before_anything_happened_has_missed_nothing(
    address: str, broker: EventBroker
) -> None:
    async with looking_on(address) as viewer:
        pass
    await publish(broker, *(Note(id=id_) for id_ in range(10)))

    async with looking_on(address, viewer.last_event_id) as viewer:
        assert await viewer.notes(10) == list(range(10))


@pytest.mark.parametrize("position", ["nonsense", "1-1", "1-1,2-2,3-3", "1-1,-", "9" * 30 + "-1,1-1"])
async def test_a_position_that_is_none_is_that_of_a_new_viewer(
    address: str, broker: EventBroker, position: str
) -> None:
    await publish(broker, *(Note(id=id_) for id_ in range(3)))

    async with looking_on(address, position) as viewer:
        assert await viewer.notes(2) == [1, 2]


async def test_nothing_is_missed_or_seen_twice_however_fast_events_come(
    address: str, broker: EventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Viewers join in the middle, and some fall behind what is kept for them."""
    monkeypatch.setattr(feeds, "_PAGE", 7)
    monkeypatch.setattr(feeds, "_RECENT", 5)
    async with looking_on(address) as first:
        begin = first.last_event_id

        async def publish_all() -> None:
            for id_ in range(600):
                await publish(broker, Note(id=id_))

        publishing = asyncio.create_task(publish_all())
        await first.notes(50)
        async with looking_on(address, begin) as second, looking_on(address, first.last_event_id) as third:
            assert await second.notes(600) == list(range(600))
            assert await third.notes(550) == list(range(50, 600))
            assert await first.notes(550) == list(range(50, 600))
        await publishing


async def test_an_entry_that_holds_no_event_holds_nobody_up(address: str, broker: EventBroker) -> None:
    async with looking_on(address) as viewer:
        for _ in range(3):
            await broker.redis.xadd(STREAM, {"half": "written"})
        await publish(broker, Note(id=1))
        assert await viewer.notes(1) == [1]


async def test_trimmed_events_hold_nobody_up(address: str, broker: EventBroker) -> None:
    async with looking_on(address) as viewer:
        await publish(broker, Note(id=0))
        await viewer.notes(1)
    await publish(broker, Note(id=1), Note(id=2))
    await broker.redis.xtrim(STREAM, maxlen=0)

    async with looking_on(address, viewer.last_event_id) as viewer:
        await publish(broker, Note(id=3))
        assert await viewer.notes(1) == [3]


async def test_one_viewer_too_many_is_told_to_come_later(address: str) -> None:
    async with (
        looking_on(address),
        looking_on(address),
        looking_on(address),
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        refusal = await client.get("/live")
    assert refusal.status_code == 503
    assert refusal.headers["retry-after"]
    assert refusal.json()["detail"] == "There are too many viewers."


async def test_nothing_is_left_behind_when_the_last_viewer_leaves(address: str, broker: EventBroker) -> None:
    async with looking_on(address), looking_on(address):
        assert is_reading()
    await until(lambda: not is_reading())

    async with looking_on(address) as viewer:
        await publish(broker, Note(id=1))
        assert await viewer.notes(1) == [1]


def is_reading() -> bool:
    return any(task.get_name() == "feed" for task in asyncio.all_tasks())


async def test_without_a_broker_there_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", NOBODY_LISTENS)
    app = create_app(EventBroker())

    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        for _ in range(4):
            refusal = await client.get("/live")
            assert (refusal.status_code, refusal.json()["detail"]) == (503, "The broker cannot be reached.")


async def test_a_killed_service_and_one_that_takes_its_place(
    run: Callable[..., Process], broker: EventBroker
) -> None:
    first, second = run("viewed_process"), run("viewed_process")
    await until(first.is_ready, START)
    await until(second.is_ready, START)
    async with looking_on(first.address) as viewer:
        await publish(broker, Note(id=0))
        assert await viewer.notes(1) == [0]
        first.send(signal.SIGKILL)
        with pytest.raises(httpx.RemoteProtocolError):
            await viewer.next()
    await publish(broker, Note(id=1), Note(id=2))

    async with looking_on(second.address, viewer.last_event_id) as viewer:
        assert await viewer.notes(2) == [1, 2]


async def test_a_service_that_is_told_to_stop_ends_the_streams_and_stops(run: Callable[..., Process]) -> None:
    process = run("viewed_process")
    await until(process.is_ready, START)

    async with looking_on(process.address) as viewer:
        process.send(signal.SIGTERM)
        with pytest.raises(EOFError):
            await viewer.next()
        await until(lambda: process.popen.poll() is not None)

    assert "Traceback" not in process.log
    assert "exceeded" not in process.log


async def test_a_broker_that_was_away_is_read_on(
    address: str, broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async with looking_on(address) as viewer:
        await publish(broker, Note(id=0))
        assert await viewer.notes(1) == [0]
        await cut_connections(broker)
        await publish(broker, Note(id=1))
        assert await viewer.notes(1) == [1]


async def cut_connections(broker: EventBroker) -> None:
    """Have Redis end the connection of everybody else."""
    redis: Any = broker.redis
    await redis.client_kill_filter(_type="normal", skipme=True)
