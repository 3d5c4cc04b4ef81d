"""Versions over real HTTP: what is read is not sent twice, and nobody undoes what they have not seen."""

import asyncio
from collections import Counter

import httpx
import pytest

from framework.runtime.http_client import NotModified
from services.courier.src.generated.clients.shop import ShopClient
from shared.generated.errors import PreconditionFailed
from shared.generated.schemas import ShelfUpdate

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)

SHELF = {
    "label": "a",
    "price": "1.5",
    "code": "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b",
    "made_on": "2026-01-01",
    "added_at": "2026-01-01T00:00:00Z",
}


async def test_a_read_is_answered_once_for_each_version(client: httpx.AsyncClient) -> None:
    created = await client.post("/shelves", json=SHELF)
    assert (created.status_code, created.headers["etag"]) == (201, '"1"')
    first = await client.get("/shelves/1")
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')

    for seen in ('"1"', 'W/"1"', "*", '"0", "1"', '"a,b" ,, W/"1"'):
        again = await client.get("/shelves/1", headers={"if-none-match": seen})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", '"1"'), seen
        assert "content-type" not in again.headers
    for other in ('"2"', 'W/"2"', '"01"', '"11", "0"'):
        anew = await client.get("/shelves/1", headers={"if-none-match": other})
        assert (anew.status_code, anew.json(), anew.headers["etag"]) == (200, first.json(), '"1"'), other
    assert (await client.get("/shelves/2", headers={"if-none-match": "*"})).status_code == 404


async def test_only_what_was_seen_is_changed(client: httpx.AsyncClient) -> None:
    await client.post("/shelves", json=SHELF)

    async def change(label: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.patch("/shelves/1", json={"label": label}, headers=named)

    blind = await change("b")
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert blind.headers["content-type"] == "application/problem+json"
    for stale in ('"2"', 'W/"1"', '"x"', '"01"', '"99999999999999999999"', 'W/"1", "0"'):
        refused = await change("b", if_match=stale)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition-failed"), stale
    for number, seen in enumerate(('"1"', '"1", "2"', "*"), 2):
        changed = await change(f"label {number}", if_match=seen)
        assert (changed.status_code, changed.headers["etag"]) == (200, f'"{number}"'), seen
        assert changed.json() == (await client.get("/shelves/1")).json()
    assert (await change("b", if_match='"1"')).status_code == 412
    gone = await client.patch("/shelves/2", json={"label": "b"}, headers={"if-match": '"1"'})
    assert gone.status_code == 404


async def test_the_lines_of_a_header_are_one_list(client: httpx.AsyncClient) -> None:
    await client.post("/shelves", json=SHELF)

    def lines(name: str, *tags: str) -> list[tuple[str, str]]:
        return [(name, tag) for tag in tags]

    known = await client.get("/shelves/1", headers=lines("if-none-match", '"0"', 'W/"5", "1"'))
    assert known.status_code == 304
    stale = await client.patch("/shelves/1", json={}, headers=lines("if-match", '"0"', '"5", "6"'))
    assert stale.status_code == 412
    changed = await client.patch("/shelves/1", json={"label": "b"}, headers=lines("if-match", '"0"', '"1"'))
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    mixed = await client.patch("/shelves/1", json={}, headers=lines("if-match", '"2"', "*"))
    (error,) = mixed.json()["detail"]
    assert (mixed.status_code, error["loc"], error["input"]) == (422, ["header", "if-match"], '"2", *')


async def test_what_is_no_entity_tag_is_refused_as_any_bad_parameter(client: httpx.AsyncClient) -> None:
    await client.post("/shelves", json=SHELF)

    for bad in ("1", '"1', '"1" "2"', "**", 'w/"1"', '"a b"', ",", '"1", *'):
        read = await client.get("/shelves/1", headers={"if-none-match": bad})
        change = await client.patch("/shelves/1", json={}, headers={"if-match": bad})
        for answer, name in ((read, "if-none-match"), (change, "if-match")):
            assert answer.status_code == 422, bad
            (error,) = answer.json()["detail"]
            assert (error["type"], error["loc"]) == ("entity_tags", ["header", name])


async def test_of_eight_who_have_seen_the_same_one_changes_it(client: httpx.AsyncClient) -> None:
    await client.post("/shelves", json=SHELF)
    seen = {"if-match": '"1"'}

    answers = await asyncio.gather(
        *(client.patch("/shelves/1", json={"label": f"b{number}"}, headers=seen) for number in range(7)),
        client.delete("/shelves/1", headers=seen),
    )

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses in (Counter({412: 7, 200: 1}), Counter({404: 7, 204: 1}))


async def test_a_repeated_change_is_answered_with_its_tag(client: httpx.AsyncClient) -> None:
    await client.post("/shelves", json=SHELF)
    headers = {"if-match": '"1"', "idempotency-key": "once"}

    answers = [await client.patch("/shelves/1", json={"label": "b"}, headers=headers) for _ in range(2)]

    assert [(each.status_code, each.headers["etag"]) for each in answers] == [(200, '"2"')] * 2
    assert answers[0].json() == answers[1].json()


async def test_a_client_speaks_of_versions(client: httpx.AsyncClient, shop: ShopClient) -> None:
    await client.post("/shelves", json=SHELF)

    shelf = await shop.show_shelf(shelf_id=1)
    with pytest.raises(NotModified):
        await shop.show_shelf(shelf_id=1, if_none_match=shelf.version)
    changed = await shop.change_shelf(shelf_id=1, payload=ShelfUpdate(label="b"), if_match=shelf.version)
    with pytest.raises(PreconditionFailed, match="changed since you read it"):
        await shop.remove_shelf(shelf_id=1, if_match=shelf.version)
    await shop.remove_shelf(shelf_id=1, if_match=changed.version)

    assert (await client.get("/shelves/1")).status_code == 404
