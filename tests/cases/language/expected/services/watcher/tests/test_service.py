"""The service as a process of its own, with a database and a Redis for every test."""

from framework.testkit import Clients


async def test_the_service_gets_ready(clients: Clients) -> None:
    operations = await clients.of("watcher")

    assert (await operations.get("/health/ready")).is_success
