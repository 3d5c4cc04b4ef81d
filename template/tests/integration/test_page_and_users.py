"""A page reaches the users by way of the server that it came from."""

from framework.testkit import Clients


async def test_the_page_lists_and_registers_users(clients: Clients) -> None:
    await clients.of("backend")
    frontend = await clients.of("frontend")

    answer = await frontend.post("/api/backend/users", json={"name": "Ada", "email": "ada@example.org"})

    assert answer.status_code == 201
    users = (await frontend.get("/api/backend/users")).json()["items"]
    assert [user["name"] for user in users] == ["Ada"]
