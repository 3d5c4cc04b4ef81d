"""The routes written by hand."""

import httpx

from shared.generated.schemas import UserRead


async def test_the_export_has_a_line_for_every_user(client: httpx.AsyncClient) -> None:
    names = ["Ada", "Grace\nHopper", "Wilhelmina Ødegård"]
    for number, name in enumerate(names):
        await client.post("/users", json={"name": name, "telegram_id": number})

    async with client.stream("GET", "/users.ndjson") as answer:
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        exported = [UserRead.model_validate_json(line) async for line in answer.aiter_lines()]

    assert [user.name for user in exported] == names


async def test_an_export_of_nobody_is_empty(client: httpx.AsyncClient) -> None:
    assert (await client.get("/users.ndjson")).text == ""
