"""What tests of a made project lean on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from framework.runtime.broker import EventBroker
from framework.runtime.events import EventDefinition, publish
from framework.testkit import eventually, published, serve


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
