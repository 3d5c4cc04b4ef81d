"""The service as others see it: a process of its own, with servers of its own for every test."""

from framework.testkit import Clients


async def test_the_service_gets_ready(clients: Clients) -> None:
    client = await clients.of("desk")

    assert (await client.get("/health/ready")).is_success
