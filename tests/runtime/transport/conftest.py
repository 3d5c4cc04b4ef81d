from collections.abc import AsyncIterator

import pytest

from framework.runtime.broker import EventBroker


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[EventBroker]:
    broker = EventBroker(url=redis_url)
    broker.source = "tests"
    yield broker
    await broker.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consumers look for what is due several times a second."""
    monkeypatch.setattr("framework.runtime.redis_streams.consumer._SWEEP", 0.1)
