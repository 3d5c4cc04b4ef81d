"""Many at once: who came first is decided by the database."""

import asyncio
from collections import Counter

import httpx
import pytest

ON_BOTH_DATABASES = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


@ON_BOTH_DATABASES
async def test_of_eight_equal_registrations_one_succeeds(client: httpx.AsyncClient) -> None:
    ada = {"name": "Ada", "telegram_id": 42}

    answers = await asyncio.gather(*(client.post("/users", json=ada) for _ in range(8)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert len((await client.get("/users")).json()["items"]) == 1


@ON_BOTH_DATABASES
async def test_two_updates_cannot_together_make_a_user_unreachable(client: httpx.AsyncClient) -> None:
    for number in range(8):
        ada = {"name": "Ada", "email": f"ada{number}@example.org", "telegram_id": number}
        user = (await client.post("/users", json=ada)).json()

        answers = await asyncio.gather(
            client.patch(f"/users/{user['id']}", json={"email": None}),
            client.patch(f"/users/{user['id']}", json={"telegram_id": None}),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 422]


@ON_BOTH_DATABASES
async def test_of_four_deletions_one_succeeds(client: httpx.AsyncClient) -> None:
    user = (await client.post("/users", json={"name": "Ada", "telegram_id": 42})).json()

    answers = await asyncio.gather(*(client.delete(f"/users/{user['id']}") for _ in range(4)))

    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: 3}
