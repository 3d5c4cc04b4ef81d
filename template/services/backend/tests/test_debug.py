"""The debug endpoint, which is DEPRECATED: services publish their events themselves."""

import httpx
import pytest

from framework.testkit import published
from shared.generated.events import COMMAND_RECEIVED, broker
from shared.generated.schemas import CommandReceived

COMMAND = {"command": "/command hello", "args": ["hello"], "user_id": 42, "timestamp": "2026-01-02T03:04:05Z"}


@pytest.fixture
def in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")


async def test_it_publishes_the_command(client: httpx.AsyncClient) -> None:
    assert (await client.post("/debug/command", json=COMMAND)).status_code == 202

    (event,) = await published(broker, COMMAND_RECEIVED)
    assert CommandReceived.model_validate_json(event.data) == CommandReceived.model_validate(COMMAND)


async def test_production_does_not_have_it(in_production: None, client: httpx.AsyncClient) -> None:
    assert (await client.post("/debug/command", json=COMMAND)).status_code == 404

    assert await broker.redis.exists(broker.stream(COMMAND_RECEIVED.name)) == 0


async def test_the_documentation_says_that_it_is_deprecated(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    assert paths["/debug/command"]["post"]["deprecated"] is True
    assert "deprecated" not in paths["/users"]["post"]
