"""Requests repeated under an idempotency key, over HTTP, on both kinds of database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection

from framework.runtime.database import Database
from framework.runtime.envelope import now
from framework.runtime.http_client import HttpClient
from framework.runtime.idempotency import answers
from framework.runtime.idempotency.forgetting import forget_answers, keep_forgetting_answers
from framework.runtime.tables import idempotency_keys
from framework.testkit import eventually, serve
from tests.runtime.data.orders_api import LosesAnswers, Orders, orders_app, serve_and_die
from tests.runtime.data.processes import start
from tests.runtime.data.support import create_tables, numbers_of_orders, rows_of_outbox

REPEATED = "idempotent-replayed"


@pytest.fixture
def orders(database: Database) -> Orders:
    """The operations, to look into them and to stand in their way."""
    return Orders(database)


@pytest.fixture
async def client(orders: Orders) -> AsyncIterator[httpx.AsyncClient]:
    """A client of them."""
    async with serve(orders_app(orders)) as address, calling(address) as client:
        yield client


def calling(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, trust_env=False, timeout=30)


async def order(
    client: httpx.AsyncClient, key: str | None, number: int = 1, **headers: str
) -> httpx.Response:
    if key is not None:
        headers["idempotency-key"] = key
    return await client.post("/orders", json={"number": number}, headers=headers)


async def keys(database: Database) -> int:
    async with database.session() as session:
        return (await session.execute(select(func.count()).select_from(idempotency_keys))).scalar_one()


async def test_a_repetition_is_answered_as_the_first_and_does_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    first, again, once_more = [await order(client, "k-1") for _ in range(3)]
    assert (first.status_code, first.json()) == (201, {"number": 1, "attempt": 1, "from": "ann"})
    assert REPEATED not in first.headers
    for repeated in (again, once_more):
        assert (repeated.status_code, repeated.content) == (201, first.content)
        assert repeated.headers["content-type"] == first.headers["content-type"]
        assert repeated.headers[REPEATED] == "true"
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1, "and publishes nothing"


async def test_an_answer_without_a_body_is_repeated_too(client: httpx.AsyncClient, orders: Orders) -> None:
    answered = [await client.delete("/orders/1", headers={"idempotency-key": "k"}) for _ in range(2)]
    assert [(each.status_code, each.content) for each in answered] == [(204, b"")] * 2
    assert "content-type" not in answered[1].headers
    assert orders.attempts == 1


async def test_without_a_key_every_request_counts(client: httpx.AsyncClient, database: Database) -> None:
    assert [(await order(client, None, number)).status_code for number in (1, 2)] == [201, 201]
    assert await numbers_of_orders(database) == [1, 2]
    assert await keys(database) == 0


async def test_another_request_with_the_same_key_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    await order(client, "k")
    refused = await order(client, "k", 2)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "idempotency-key-reused"
    in_query = await client.post("/orders?x=1", json={"number": 1}, headers={"idempotency-key": "k"})
    assert in_query.json()["code"] == "idempotency-key-reused"
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1, "a refused key is no failure of the operation"


async def test_another_operation_may_have_the_same_key(client: httpx.AsyncClient) -> None:
    assert (await order(client, "k")).status_code == 201
    assert (await client.delete("/orders/1", headers={"idempotency-key": "k"})).status_code == 204
    other = await client.delete("/orders/2", headers={"idempotency-key": "k"})
    assert other.json()["code"] == "idempotency-key-reused"


async def test_a_failure_is_not_kept(client: httpx.AsyncClient, orders: Orders, database: Database) -> None:
    orders.refuse = 1
    assert (await order(client, "k")).status_code == 409
    assert await keys(database) == 0
    answered = await order(client, "k")
    assert (answered.status_code, answered.json()["attempt"]) == (201, 2)
    assert await numbers_of_orders(database) == [1]


@pytest.mark.parametrize("key", ["", "x" * 256, "with a blank", "t\tab", "d\xfcn"])
async def test_a_key_that_is_none_is_told_as_fastapi_does(client: httpx.AsyncClient, key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1")), (b"content-type", b"application/json")]
    refused = await client.post("/orders", content=b'{"number": 1}', headers=headers)
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["header", "Idempotency-Key"]


async def test_the_longest_key_and_any_visible_character(client: httpx.AsyncClient) -> None:
    key = ("".join(map(chr, range(0x21, 0x7F))) * 3)[:255]
    assert [(await order(client, key)).json()["attempt"] for _ in range(2)] == [1, 1]


async def test_callers_do_not_see_the_answers_of_others(client: httpx.AsyncClient) -> None:
    for number, who in enumerate(["Bearer ann", "Bearer bob", None]):
        headers = {"authorization": who} if who else {}
        found = [await order(client, "k", number, **headers) for _ in range(2)]
        assert [each.status_code for each in found] == [201, 201]
        assert [each.json()["number"] for each in found] == [number, number]


class ByName(AuthenticationBackend):
    """Believes what a header says."""

    async def authenticate(self, connection: HTTPConnection) -> tuple[AuthCredentials, SimpleUser] | None:
        name = connection.headers.get("x-name")
        return (AuthCredentials(), SimpleUser(name)) if name else None


async def test_a_user_is_the_same_with_other_credentials(orders: Orders, database: Database) -> None:
    app = AuthenticationMiddleware(orders_app(orders), backend=ByName())
    async with serve(app) as address, calling(address) as client:
        first = await order(client, "k", 1, **{"x-name": "ann", "authorization": "Bearer old"})
        renewed = await order(client, "k", 1, **{"x-name": "ann", "authorization": "Bearer new"})
        await order(client, "k", 2, **{"x-name": "bob", "authorization": "Bearer new"})
        await order(client, "k", 3, authorization="Bearer new")
    assert (first.json()["attempt"], renewed.json()["attempt"]) == (1, 1)
    assert await numbers_of_orders(database) == [1, 2, 3]


async def test_twenty_at_once_take_effect_once(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LONGEST_WAIT", 60)
    found = await asyncio.gather(*(order(client, "k") for _ in range(20)))
    assert [each.status_code for each in found] == [201] * 20
    assert len({each.content for each in found}) == 1
    assert sum(REPEATED not in each.headers for each in found) == 1
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_who_waited_for_a_failure_takes_its_place(
    client: httpx.AsyncClient, orders: Orders, database: Database
) -> None:
    orders.hold, orders.refuse = asyncio.Event(), 1
    first = asyncio.create_task(order(client, "k"))
    await eventually(lambda: has_begun(orders))
    second = asyncio.create_task(order(client, "k"))
    orders.hold.set()
    assert (await first).status_code == 409
    assert (await second).status_code == 201
    assert await numbers_of_orders(database) == [1]


async def has_begun(orders: Orders) -> bool:
    return orders.attempts > 0


@pytest.mark.parametrize(
    "database_url", ["postgres"], indirect=True
)  # SQLite has one writer, who is waited for
async def test_nobody_waits_for_long(
    client: httpx.AsyncClient, orders: Orders, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LONGEST_WAIT", 0.2)
    orders.hold = asyncio.Event()
    first = asyncio.create_task(order(client, "k"))
    await eventually(lambda: has_begun(orders))
    refused = await order(client, "k")
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-in-use")
    orders.hold.set()
    assert (await first).status_code == 201
    assert (await order(client, "k")).content == (await first).content
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_killed_between_commit_and_answer(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    child = start(serve_and_die, database_url)
    async with calling(await child.hear()) as victim:
        with pytest.raises(httpx.RemoteProtocolError):
            await order(victim, "k")
    await asyncio.to_thread(child.process.join)
    assert child.process.exitcode == -9
    repeated = await order(client, "k")
    assert (repeated.status_code, repeated.headers[REPEATED]) == (201, "true")
    assert repeated.json() == {"number": 1, "attempt": 1, "from": "ann"}
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_a_client_that_loses_the_answer_gets_it_again(orders: Orders, database: Database) -> None:
    app = LosesAnswers(orders_app(orders))
    async with serve(app) as address, HttpClient(address, initial_delay=0.001) as client:
        answered = await client.request(
            "POST", "/orders", idempotent=False, idempotency_key="k", content={"number": 1}
        )
    assert app.requests == 2
    assert (answered.status_code, answered.json()["attempt"]) == (201, 1)
    assert await numbers_of_orders(database) == [1]
    assert len(await rows_of_outbox(database)) == 1


async def test_answers_are_forgotten_after_their_time(client: httpx.AsyncClient, database: Database) -> None:
    memory = timedelta(hours=3)
    for number in range(3):
        await order(client, f"k-{number}", number)
    assert await forget_answers(database.engine, memory) == 0
    await make_older(database, "k-0", memory + timedelta(seconds=1))
    await make_older(database, "k-1", memory - timedelta(seconds=30))
    cleaning = asyncio.create_task(keep_forgetting_answers(database, memory, timedelta(milliseconds=10)))
    await eventually(lambda: has_keys(database, 2))
    cleaning.cancel()
    assert (await order(client, "k-1", 1)).headers[REPEATED] == "true"


async def has_keys(database: Database, count: int) -> bool:
    return await keys(database) == count


async def make_older(database: Database, key: str, by: timedelta) -> None:
    async with database.engine.begin() as connection:
        of_key: Any = idempotency_keys.c.key == key
        await connection.execute(update(idempotency_keys).where(of_key).values(created_at=now() - by))


async def test_the_straight_way_answers_as_fastapi_does(tmp_path: Path) -> None:
    told = []
    for straight in (False, True):
        url = f"sqlite:///{tmp_path / f'{straight}.db'}"
        database = Database("shop", url=url)
        await create_tables(database, url)
        app = orders_app(Orders(database), straight=straight)
        async with serve(app) as address, calling(address) as client:
            told.append([await summary(client, *each) for each in REQUESTS])
        await database.close()
    by_fastapi, straight_on = told
    assert by_fastapi == straight_on
    assert [status for status, *_ in by_fastapi] == [status for *_, status in REQUESTS]


async def summary(client: httpx.AsyncClient, method: str, path: str, key: str, body: str, *more: Any) -> Any:
    headers = [("idempotency-key", key), ("content-type", "application/json"), *more[:-1]]
    answer = await client.request(method, path, content=body, headers=headers)
    # FastAPI says of an answer without a body that it is JSON.
    told = {"date"} if answer.content else {"date", "content-type"}
    kept = {name: value for name, value in answer.headers.items() if name not in told}
    return answer.status_code, kept, answer.content


ORDER = '{"number": 1}'
REQUESTS: list[tuple[Any, ...]] = [
    ("POST", "/orders", "a", ORDER, 201),
    ("POST", "/orders", "a", ORDER, 201),
    ("POST", "/orders", "a", '{"number":1}', 422),
    ("POST", "/orders?again=1", "a", ORDER, 422),
    ("POST", "/orders", "a", "{", 422),
    ("POST", "/orders", "not one", ORDER, 422),
    ("POST", "/orders", "a", ORDER, ("authorization", "Bearer x"), 500),  # the number is unique
    ("DELETE", "/orders/1", "a", "", 204),
    ("DELETE", "/orders/1", "a", "", 204),
    ("DELETE", "/orders/2", "a", "", 422),
    ("DELETE", "/orders/1", "a", "body", 422),
    ("DELETE", "/orders/1", "a", "", ("x-reason", "late"), 422),
    ("DELETE", "/orders/1", "a", "", ("cookie", "other=1"), 204),
    ("DELETE", "/orders/1", "a", "", ("cookie", "who=me"), 422),
    ("DELETE", "/orders/x", "a", "", 422),
]
"""Method, path, key, body, other headers, and the status that is answered."""
