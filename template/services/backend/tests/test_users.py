"""The users over REST: what a client sees."""

from datetime import datetime

import httpx
import pytest

ADA = {"name": "Ada", "email": "ada@example.org", "telegram_id": 42}


async def create(client: httpx.AsyncClient, **fields: object) -> int:
    answer = await client.post("/users", json=fields)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def test_a_new_user_is_answered_as_it_was_stored(client: httpx.AsyncClient) -> None:
    answer = await client.post("/users", json=ADA)

    assert answer.status_code == 201
    created = answer.json()
    assert {key: created[key] for key in ADA} == ADA
    assert created["is_admin"] is False
    assert datetime.fromisoformat(created["created_at"]).utcoffset() is not None
    assert (await client.get(f"/users/{created['id']}")).json() == created


async def test_nobody_makes_themselves_admin(client: httpx.AsyncClient) -> None:
    user_id = await create(client, **ADA)

    assert (
        await client.post("/users", json={"name": "Eve", "telegram_id": 7, "is_admin": True})
    ).status_code == 422
    assert (await client.patch(f"/users/{user_id}", json={"is_admin": True})).status_code == 422
    assert (await client.get(f"/users/{user_id}")).json()["is_admin"] is False


@pytest.mark.parametrize("taken", [{"email": "ada@example.org"}, {"telegram_id": 42}])
async def test_a_duplicate_is_a_conflict(client: httpx.AsyncClient, taken: dict[str, object]) -> None:
    await create(client, **ADA)

    answer = await client.post("/users", json={"name": "Another Ada", **taken})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "user-exists"
    assert len((await client.get("/users")).json()["items"]) == 1


async def test_several_users_may_lack_the_same_thing(client: httpx.AsyncClient) -> None:
    await create(client, name="Ada", email="ada@example.org")
    await create(client, name="Grace", email="grace@example.org")


async def test_the_list_is_read_page_by_page(client: httpx.AsyncClient) -> None:
    ids = [await create(client, name="Ada", telegram_id=number) for number in range(5)]

    first = (await client.get("/users", params={"limit": 2})).json()
    second = (await client.get("/users", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    rest = (await client.get("/users", params={"cursor": second["next_cursor"]})).json()

    assert [user["id"] for page in (first, second, rest) for user in page["items"]] == ids
    assert rest["next_cursor"] is None


async def test_an_update_changes_what_it_names_and_nothing_else(client: httpx.AsyncClient) -> None:
    user_id = await create(client, **ADA)
    before = (await client.get(f"/users/{user_id}")).json()

    answer = await client.patch(f"/users/{user_id}", json={"name": "Ada Lovelace", "email": None})

    assert answer.status_code == 200
    after = answer.json()
    assert after == (await client.get(f"/users/{user_id}")).json()
    assert (after["name"], after["email"], after["telegram_id"]) == ("Ada Lovelace", None, 42)
    assert after["created_at"] == before["created_at"]
    assert datetime.fromisoformat(after["updated_at"]) > datetime.fromisoformat(before["updated_at"])


async def test_an_update_may_not_take_what_another_user_has(client: httpx.AsyncClient) -> None:
    await create(client, **ADA)
    grace = await create(client, name="Grace", email="grace@example.org")

    assert (await client.patch(f"/users/{grace}", json={"email": "ada@example.org"})).status_code == 409
    assert (await client.get(f"/users/{grace}")).json()["email"] == "grace@example.org"


async def test_a_user_stays_reachable(client: httpx.AsyncClient) -> None:
    user_id = await create(client, name="Ada", email="ada@example.org")

    assert (await client.patch(f"/users/{user_id}", json={"email": None})).status_code == 422
    swapped = await client.patch(f"/users/{user_id}", json={"email": None, "telegram_id": 42})
    assert swapped.status_code == 200


async def test_a_deleted_user_is_gone_and_its_id_is_not_given_again(client: httpx.AsyncClient) -> None:
    user_id = await create(client, **ADA)

    assert (await client.delete(f"/users/{user_id}")).status_code == 204

    assert (await client.get(f"/users/{user_id}")).status_code == 404
    assert await create(client, **ADA) > user_id


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_who_does_not_exist_is_not_found(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/users/1", json={} if method == "PATCH" else None)

    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"
