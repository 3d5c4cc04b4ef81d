"""The operations of the domain `courier`, as others call them."""

from framework.testkit import Clients


async def test_whoever_asks_is_greeted(clients: Clients) -> None:
    client = await clients.of("courier")

    assert (await client.get("/hello", params={"name": "Ada"})).json() == "Hello, Ada!"
