"""Lists in pages, over real HTTP on each database."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.courier.src.generated.clients.shop import ShopClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)

Json = dict[str, Any]


async def add(client: httpx.AsyncClient, count: int) -> list[Json]:
    """Shelves of which several have the same label, price, day and moment."""
    added = []
    for number in range(count):
        payload = {
            "label": "ab"[number % 2],
            "price": f"{number % 3}.5",
            "code": str(UUID(int=(number * 7) % 11)),
            "made_on": f"2026-01-0{number % 2 + 1}",
            "added_at": f"2026-01-01T00:00:00.00000{number // 3}Z",
        }
        answer = await client.post("/shelves", json=payload)
        assert answer.status_code == 201, answer.text
        added.append(answer.json())
    return added


async def pages(client: httpx.AsyncClient, path: str, **query: str | int) -> list[list[Json]]:
    """All pages of a list."""
    found: list[list[Json]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(path, params={**query, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page.keys() == {"items", "next_cursor"}
        found.append(page["items"])
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def moment(shelf: Json) -> datetime:
    """When it was added; JSON leaves out fractions of a second that are none."""
    return datetime.fromisoformat(shelf["added_at"])


ORDERS: list[tuple[str, Callable[[Json], Any], bool]] = [
    ("/shelves", lambda shelf: (moment(shelf), shelf["id"]), True),
    ("/shelves/prices", lambda shelf: (float(shelf["price"]), shelf["id"]), False),
    ("/shelves/labels", lambda shelf: (shelf["label"], shelf["code"]), False),
    ("/shelves/days?least=0", lambda shelf: (shelf["made_on"], shelf["code"]), False),
    ("/shelves/codes", lambda shelf: shelf["code"], True),
]


async def test_every_item_is_told_once_and_in_order(client: httpx.AsyncClient) -> None:
    added = await add(client, 11)

    for path, key, is_descending in ORDERS:
        address, _, query = path.partition("?")
        found = await pages(client, address, limit=3, **dict(httpx.QueryParams(query)))

        assert [len(page) for page in found] == [3, 3, 3, 2], path
        told = [shelf for page in found for shelf in page]
        assert told == sorted(added, key=key, reverse=is_descending), path


async def test_the_spec_says_how_long_a_page_is_and_filters_hold_on_every_page(
    client: httpx.AsyncClient,
) -> None:
    added = await add(client, 9)

    assert len((await client.get("/shelves")).json()["items"]) == 2
    assert len((await client.get("/shelves/prices")).json()["items"]) == 7
    assert (await client.get("/shelves", params={"limit": 51})).status_code == 422
    assert (await client.get("/shelves", params={"limit": 0})).status_code == 422
    labelled = await pages(client, "/shelves", label="a", limit=2)
    expensive = await pages(client, "/shelves/days", least="1.5", limit=2)

    assert [len(page) for page in labelled] == [2, 2, 1]
    assert {shelf["label"] for page in labelled for shelf in page} == {"a"}
    assert sum(map(len, expensive)) == sum(float(shelf["price"]) >= 1.5 for shelf in added)


async def test_a_bad_cursor_is_refused_as_any_bad_parameter(client: httpx.AsyncClient) -> None:
    await add(client, 4)
    own = (await client.get("/shelves")).json()["next_cursor"]
    another = (await client.get("/shelves/prices", params={"limit": 2})).json()["next_cursor"]

    for cursor in ("", "x", "é", "....", own[:-4], own + "AAAA", another):
        answer = await client.get("/shelves", params={"cursor": cursor})
        assert answer.status_code == 422, cursor
        (error,) = answer.json()["detail"]
        assert (error["type"], error["loc"], error["input"]) == ("cursor", ["query", "cursor"], cursor)
    both = await client.get("/shelves", params={"cursor": "x", "limit": 99})
    assert [error["loc"][-1] for error in both.json()["detail"]] == ["limit", "cursor"]


async def test_a_client_goes_through_the_pages(client: httpx.AsyncClient, shop: ShopClient) -> None:
    added = await add(client, 5)

    first = await shop.list_shelves(limit=3)
    rest = await shop.list_shelves(limit=3, cursor=first.next_cursor)
    told = [shelf.id async for shelf in shop.iter_list_shelves(limit=2)]

    assert rest.next_cursor is None
    assert [shelf.id for shelf in first.items + rest.items] == told
    assert sorted(told) == [shelf["id"] for shelf in added]
    assert all(newer >= older for newer, older in pairwise(shelf.added_at for shelf in first.items))
