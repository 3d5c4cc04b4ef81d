"""What tests of a made project lean on."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import insert, select
from sqlalchemy.orm import DeclarativeBase
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from framework.runtime.broker import EventBroker
from framework.runtime.delivery import AlreadyHandled, Delivery, current_delivery
from framework.runtime.events import EventDefinition, publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.statements import Insertion
from framework.runtime.tables import sequences
from framework.testkit import Events, eventually, published, rolled_back, serve


class Ping(BaseModel):
    number: int


PING = EventDefinition(name="ping", message=Ping, key=None)


async def test_an_application_is_served_between_its_start_and_its_end() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("ended")

    async def answer(_: Request) -> Response:
        return PlainTextResponse(seen[-1])

    async with (
        serve(Starlette(routes=[Route("/", answer)], lifespan=lifespan)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        assert (await client.get("/")).text == "started"

    assert seen == ["started", "ended"]


async def test_an_application_that_does_not_start_is_no_endless_wait() -> None:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        raise OSError("no database")
        yield

    with pytest.raises(RuntimeError, match="did not start"):
        async with serve(Starlette(lifespan=lifespan)):
            pass


async def test_what_never_becomes_true_is_given_up() -> None:
    async def never() -> bool:
        return False

    with pytest.raises(TimeoutError):
        await eventually(never, within=0.05)


async def test_published_events_come_oldest_first(redis_url: str) -> None:
    broker = EventBroker(url=redis_url)
    for number in range(3):
        await publish(broker, PING, Ping(number=number), None)

    events = await published(broker, PING, count=3)

    assert [Ping.model_validate_json(event.data).number for event in events] == [0, 1, 2]
    with pytest.raises(TimeoutError):
        await published(broker, PING, count=4, within=0.05)
    await broker.close()


async def test_published_messages_are_read(redis_url: str) -> None:
    broker = EventBroker(url=redis_url)
    await publish(broker, PING, Ping(number=7), None)

    assert await Events(broker).published(PING) == [Ping(number=7)]
    await broker.close()


async def test_what_another_process_has_published_is_read_without_a_redis_of_ones_own(redis_url: str) -> None:
    theirs = EventBroker(stream_prefix="shop:", url=redis_url)
    await publish(theirs, PING, Ping(number=7), None)
    await theirs.close()

    events = Events(EventBroker(stream_prefix="shop:"), redis_url)

    assert await events.published(PING) == [Ping(number=7)]
    with pytest.raises(TimeoutError, match=r"1 of 2 `ping` were .* `session` is rolled back"):
        await events.published(PING, count=2, within=0.05)


def subscribed(handler: Callable[[Ping], Awaitable[None]]) -> Events:
    broker = EventBroker()
    broker.subscriber(PING, group="tests", operation="tests.handle")(handler)
    return Events(broker)


async def test_a_delivered_event_is_handled_at_once() -> None:
    seen: list[tuple[Ping, Delivery | None]] = []

    async def handle(payload: Ping) -> None:
        seen.append((payload, current_delivery()))

    await subscribed(handle).deliver(PING, Ping(number=1), event_id="first")

    ((message, delivery),) = seen
    assert message == Ping(number=1)
    assert delivery is not None
    assert (delivery.event.id, delivery.operation, delivery.is_final) == ("first", "tests.handle", True)


async def test_what_a_handler_raises_reaches_the_test_but_not_what_it_suppresses() -> None:
    async def fail(payload: Ping) -> None:
        raise (OSError if payload.number else AlreadyHandled)("no")

    await subscribed(fail).deliver(PING, Ping(number=0))
    with pytest.raises(OSError, match="no"):
        await subscribed(fail).deliver(PING, Ping(number=1))


async def test_an_event_for_nobody_is_told() -> None:
    with pytest.raises(LookupError, match="nobody in this process subscribes to `ping`"):
        await Events(EventBroker()).deliver(PING, Ping(number=1))


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_a_session_is_rolled_back_with_what_it_wrote_and_published(database_url: str) -> None:
    await migrate_runtime(database_url)
    row = {"type": "ping", "key": "a", "value": 1}

    async with rolled_back(database_url) as session:
        await session.execute(insert(sequences).values(row))
        async with session.begin_nested():
            await session.execute(insert(sequences).values(row | {"key": "b"}))
        await publish(EventBroker(), PING, Ping(number=1), session)
        assert len((await session.execute(select(sequences))).all()) == 2

    async with rolled_back(database_url) as session:
        assert (await session.execute(select(sequences))).all() == []


class Base(DeclarativeBase):
    """The tables of the next test."""


class Number(Base):
    """A row of a table that is there anyhow."""

    __table__ = sequences


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_a_last_row_in_a_test_is_neither_the_last_nor_committed(database_url: str) -> None:
    await migrate_runtime(database_url)
    numbers = Insertion(Number)
    for _ in range(2):
        async with rolled_back(database_url) as session:
            for key in ("a", "b"):
                await numbers.last_row(session, type="ping", key=key, value=1)
            assert len((await session.execute(select(sequences))).all()) == 2
