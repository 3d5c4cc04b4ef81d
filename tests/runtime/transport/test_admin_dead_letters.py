"""Dead letters over HTTP: listed, looked at, sent again, discarded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.service import create_worker_app
from framework.testkit import serve
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    Note,
    consuming,
    publish,
    until,
)

TOKEN = "not to be guessed"
DLQ = "/admin/dlq"


async def fail(note: Note) -> None:
    raise LookupError(f"no shelf for {note.text}")


async def give_up(broker: EventBroker, *texts: str) -> None:
    """Dead letters in this order."""
    async with consuming(broker, fail, retry=[]) as consumer:
        for number, text in enumerate(texts, 1):
            await publish(broker, Note(id=number, text=text))
            await until(lambda: consumer.counts.dead == number)  # noqa: B023


@asynccontextmanager
async def administration(
    monkeypatch: pytest.MonkeyPatch, redis_url: str, kept: list[Note]
) -> AsyncIterator[httpx.AsyncClient]:
    """The service, mended, and a client that may administrate it."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ADMIN_TOKEN", TOKEN)

    def register(broker: EventBroker) -> None:
        @broker.subscriber(NOTED, group=GROUP, operation=OPERATION)
        async def keep(payload: Note) -> None:
            kept.append(payload)

    app = create_worker_app(service=GROUP, broker=EventBroker(), database=None, register=register)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with (
        serve(app) as address,
        httpx.AsyncClient(base_url=address, headers=headers, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def kept() -> list[Note]:
    """What the mended service has handled."""
    return []


@pytest.fixture
async def client(
    broker: EventBroker, redis_url: str, monkeypatch: pytest.MonkeyPatch, kept: list[Note]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that has given three events up: ink, paper, ink."""
    await give_up(broker, "ink", "paper", "ink")
    async with administration(monkeypatch, redis_url, kept) as client:
        yield client


async def items(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(DLQ, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_they_are_listed_page_by_page(client: httpx.AsyncClient) -> None:
    first = (await client.get(DLQ, params={"limit": 2})).json()
    rest = (await client.get(DLQ, params={"limit": 2, "after": first["next"]})).json()
    assert [each["subject"] for each in first["items"] + rest["items"]] == ["1", "2", "3"]
    assert (first["next"], rest["next"]) == (first["items"][1]["id"], None)
    assert first["total"] == rest["total"] == 3
    (letter, *_) = first["items"]
    assert letter["original_id"]
    assert letter["failed_at"].endswith("+00:00")
    assert (letter["service"], letter["event"], letter["operation"]) == (GROUP, "note.taken", OPERATION)
    assert (letter["error_type"], letter["error"]) == ("LookupError", "no shelf for ink")
    assert (letter["deliveries"], letter["redrives"]) == (1, 0)


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ({}, ["1", "2", "3"]),
        ({"error": "FOR INK"}, ["1", "3"]),
        ({"error": "lookuperror"}, ["1", "2", "3"]),
        ({"error": "KeyError"}, []),
        ({"event": "note.taken"}, ["1", "2", "3"]),
        ({"event": "note.*", "operation": "notes.*", "limit": 1}, ["1"]),
        ({"event": "note"}, []),
        ({"operation": "notes.burn"}, []),
        ({"older_than": "1h"}, []),
        ({"newer_than": "1h"}, ["1", "2", "3"]),
        ({"newer_than": "2000-01-01", "older_than": "2000-01-02T00:00:00Z"}, []),
    ],
    ids=str,
)
async def test_filters(client: httpx.AsyncClient, query: dict[str, Any], subjects: list[str]) -> None:
    assert [each["subject"] for each in await items(client, **query)] == subjects


async def test_one_is_shown_whole(client: httpx.AsyncClient) -> None:
    (_, letter, _) = await items(client)
    shown = (await client.get(f"{DLQ}/{letter['id']}")).json()
    assert shown.items() >= letter.items()
    assert shown["payload"] == {"id": 2, "text": "paper"}
    assert shown["envelope"]["type"] == "note.taken"
    assert shown["envelope"]["id"] == letter["event_id"]
    assert "raise LookupError" in shown["traceback"]


async def test_what_cannot_be_read_is_shown_as_it_is(broker: EventBroker, client: httpx.AsyncClient) -> None:
    await broker.redis.xadd(DEAD_LETTERS, {b"message.\xff": b"\x00\xfe"})
    (*_, letter) = await items(client)
    shown = (await client.get(f"{DLQ}/{letter['id']}")).json()
    assert shown["message"] == {"\\xff": "\x00\\xfe"}
    assert "payload" not in shown


async def test_one_is_sent_again_once(client: httpx.AsyncClient, kept: list[Note]) -> None:
    (_, letter, _) = await items(client)
    answer = await client.post(f"{DLQ}/reprocess/{letter['id']}")
    assert (answer.status_code, answer.json()) == (202, {"reprocessed": [letter["id"]]})
    await until(lambda: kept == [Note(id=2, text="paper")])
    for call in (client.post(f"{DLQ}/reprocess/{letter['id']}"), client.get(f"{DLQ}/{letter['id']}")):
        refusal = await call
        assert refusal.status_code == 404
        assert refusal.headers["content-type"] == "application/problem+json"
        assert refusal.json()["code"] == "dead-letter-not-found"
    assert len(await items(client)) == 2


async def test_many_are_sent_again_by_a_filter(client: httpx.AsyncClient, kept: list[Note]) -> None:
    answer = await client.post(f"{DLQ}/reprocess", json={"error": "ink"})
    assert answer.status_code == 202
    assert len(answer.json()["reprocessed"]) == 2
    await until(lambda: sorted(note.id for note in kept) == [1, 3])
    (letter,) = await items(client)
    answer = await client.post(f"{DLQ}/reprocess", json={"ids": [letter["id"], "1-1", "no id"]})
    assert answer.json() == {"reprocessed": [letter["id"]], "unhandled": 0}
    assert await items(client) == []


async def test_so_many_and_all(client: httpx.AsyncClient) -> None:
    for order, count in (({"all": True, "limit": 1}, 1), ({"all": True}, 2), ({"all": True}, 0)):
        answer = await client.post(f"{DLQ}/reprocess", json=order)
        assert len(answer.json()["reprocessed"]) == count


@pytest.mark.parametrize(
    "order",
    [{}, {"limit": 3, "ids": []}, {"all": False, "event": None}, {"evnt": "x"}, {"older_than": "soon"}],
    ids=str,
)
async def test_who_does_not_say_which_sends_none(client: httpx.AsyncClient, order: dict[str, Any]) -> None:
    answer = await client.post(f"{DLQ}/reprocess", json=order)
    assert answer.status_code == 422, answer.text
    assert len(await items(client)) == 3


async def test_what_nobody_handles_any_more_is_refused(
    broker: EventBroker, client: httpx.AsyncClient
) -> None:
    await broker.redis.xadd(DEAD_LETTERS, {"stream": "note.burnt", "error": "flames"})
    (letter,) = await items(client, error="flames")
    refusal = await client.post(f"{DLQ}/reprocess/{letter['id']}")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "event-not-handled")
    assert "note.burnt" in refusal.json()["detail"]
    answer = await client.post(f"{DLQ}/reprocess", json={"error": "flames"})
    assert answer.json() == {"reprocessed": [], "unhandled": 1}


async def test_one_is_discarded_and_the_log_tells_why(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    (letter, *_) = await items(client)
    answer = await client.delete(f"{DLQ}/{letter['id']}", params={"reason": "a test of mine"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert f"dead letter {letter['id']} (note.taken) is discarded: a test of mine" in caplog.text
    assert (await client.delete(f"{DLQ}/{letter['id']}")).status_code == 404
    assert len(await items(client)) == 2


async def test_nothing_is_told_without_the_token(client: httpx.AsyncClient) -> None:
    for method, path in (("GET", ""), ("GET", "/1-1"), ("POST", "/reprocess"), ("DELETE", "/1-1")):
        answer = await client.request(method, DLQ + path, headers={"authorization": ""})
        assert answer.status_code == 401
